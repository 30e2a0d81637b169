/* The program status word in storage, as a 64-bit value, in both formats.
 * GA22-7000, "Program-Status-Word Format".  Bit 0 is the leftmost. */
#ifndef S370_ARCH_PSW_H
#define S370_ARCH_PSW_H

#include <stdint.h>

#define PSW_BIT(n) (UINT64_C(1) << (63 - (n)))

/* The left word of a PSW, or of bits of one. */
#define PSW_LEFT(psw) ((uint32_t)((psw) >> 32))

/* Both formats. */
#define PSW_MASKS    (UINT64_C(0xff) << 56) /* system mask */
#define PSW_EXTERNAL PSW_BIT(7)             /* external mask */
#define PSW_KEY      (UINT64_C(0xf) << 52)
#define PSW_EC       PSW_BIT(12) /* extended control mode */
#define PSW_MCHECK   PSW_BIT(13) /* machine check mask */
#define PSW_WAIT     PSW_BIT(14)
#define PSW_PROBLEM  PSW_BIT(15)
#define PSW_ADDRESS  UINT64_C(0x00ffffff)

/* Basic control: channel masks 0-5 in bits 0-5, bit 6 for channels 6 up; code in 16-31,
 * ILC in 32-33, CC in 34-35, program mask in 36-39. */
#define PSW_BC_IO      (UINT64_C(0xfe) << 56)
#define PSW_BC_CODE(p) ((uint32_t)((p) >> 32) & 0xffff)
#define PSW_BC_ILC(p)  ((uint32_t)((p) >> 30) & 3) /* in halfwords */
#define PSW_BC_CC(p)   ((uint32_t)((p) >> 28) & 3)
#define PSW_BC_MASK(p) ((uint32_t)((p) >> 24) & 15)

/* Extended control: PER mask bit 1, translation mode bit 5, I/O mask bit 6; with the
 * dual-address-space facility secondary-space mode bit 16; CC in 18-19, program mask in 20-23; bits
 * 0, 2-4, (16,) 17, 24-39 must be zero. */
#define PSW_EC_PER         PSW_BIT(1)
#define PSW_EC_TRANSLATE   PSW_BIT(5)
#define PSW_EC_IO          PSW_BIT(6)
#define PSW_EC_SECONDARY   PSW_BIT(16)
#define PSW_EC_CC(p)       ((uint32_t)((p) >> 44) & 3)
#define PSW_EC_MASK(p)     ((uint32_t)((p) >> 40) & 15)
#define PSW_EC_CC_AND_MASK (UINT64_C(0x3f) << 40)
#define PSW_EC_ZERO        UINT64_C(0xb800c0ffff000000)

/* Program mask bits. */
#define PMASK_FIXED_OVERFLOW     8
#define PMASK_DECIMAL_OVERFLOW   4
#define PMASK_EXPONENT_UNDERFLOW 2
#define PMASK_SIGNIFICANCE       1

#endif
