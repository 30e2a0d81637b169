/* Control registers and the tables of dynamic address translation.
 * GA22-7000, "Control Registers" and "Dynamic Address Translation". */
#ifndef S370_ARCH_CONTROL_H
#define S370_ARCH_CONTROL_H

#include <stdint.h>

#define CR_BIT(n) (UINT32_C(1) << (31 - (n)))

/* CR0 */
#define CR0_BLOCK_MULTIPLEX  CR_BIT(0)
#define CR0_SSM_SUPPRESSION  CR_BIT(1)
#define CR0_LOW_PROTECTION   CR_BIT(3)
#define CR0_EXTRACTION       CR_BIT(4)            /* extraction authority */
#define CR0_SECONDARY        CR_BIT(5)            /* secondary-space control */
#define CR0_TRANSLATION      UINT32_C(0x00f80000) /* bits 8-12: page and segment size */
#define CR0_PAGE_2K          UINT32_C(0x00400000) /* bits 8-9 = 01 */
#define CR0_PAGE_4K          UINT32_C(0x00800000) /* bits 8-9 = 10 */
#define CR0_SEGMENT_64K      UINT32_C(0x00000000) /* bits 10-12 = 000 */
#define CR0_SEGMENT_1M       UINT32_C(0x00100000) /* bits 10-12 = 010 */
#define CR0_MALFUNCTION_MASK CR_BIT(16)
#define CR0_EMERGENCY_MASK   CR_BIT(17)
#define CR0_CALL_MASK        CR_BIT(18)
#define CR0_COMPARATOR_MASK  CR_BIT(20)
#define CR0_CPU_TIMER_MASK   CR_BIT(21)
#define CR0_INTERVAL_MASK    CR_BIT(24)
#define CR0_KEY_MASK         CR_BIT(25)
#define CR0_SIGNAL_MASK      CR_BIT(26)

/* CR1: segment table length (bits 0-7, in units of 16 entries, minus one) and origin. */
#define CR1_LENGTH(cr) ((cr) >> 24)
#define CR1_ORIGIN(cr) ((cr)&0x00ffffc0)

/* CR1 and CR7, the primary and the secondary segment table, have the same form. */
#define CR1_SPACE_SWITCH CR_BIT(31) /* space-switch-event control */

/* Dual-address-space facility. CR3: PSW-key mask, secondary ASN; CR4: authorization index,
 * primary ASN; CR5: linkage table; CR14: ASN first table. */
#define CR_LEFT(cr)         ((cr) >> 16)
#define CR_RIGHT(cr)        ((cr)&0xffff)
#define CR5_LINKAGE         CR_BIT(0) /* subsystem-linkage control */
#define CR5_ORIGIN(cr)      ((cr)&0x00ffff80)
#define CR5_LENGTH(cr)      ((cr)&0x7f) /* in units of 32 entries, minus one */
#define CR14_ASN            CR_BIT(12)  /* ASN-translation control */
#define CR14_ASN_ORIGIN(cr) (((cr)&0xfff) << 12)

/* CR2: channel masks, bit n for channel n. */

/* Values after initial CPU reset; all others are zero. */
#define CR0_RESET  UINT32_C(0x000000e0)
#define CR2_RESET  UINT32_C(0xffffffff)
#define CR14_RESET UINT32_C(0xc2000000)
#define CR15_RESET UINT32_C(0x00000200)

/* Segment table entry, 4 bytes: length of the page table (bits 0-3, in sixteenths, minus
 * one), its origin (bits 8-28, a multiple of 8), P (bit 29), common segment (bit 30, of no
 * consequence here), I (bit 31). */
#define STE_INVALID   UINT32_C(1)
#define STE_PROTECT   UINT32_C(4) /* segment protection: no stores by the CPU */
#define STE_LENGTH(e) ((e) >> 28)
#define STE_ORIGIN(e) ((e)&0x00fffff8)

/* Page table entry, 2 bytes.  4K pages: frame address bits 8-19 in bits 0-11, I in bit 12,
 * extended address in 13-14; 2K pages: address in bits 0-12, I in bit 13, 14 zero. */
#define PTE4K_FRAME(e) (((uint32_t)(e)&0xfff0) << 8)
#define PTE4K_INVALID  UINT32_C(0x0008)
#define PTE2K_FRAME(e) (((uint32_t)(e)&0xfff8) << 8)
#define PTE2K_INVALID  UINT32_C(0x0004)

/* Storage key, one for each 2K block: access control (0-3), fetch protection, reference,
 * change. */
#define KEY_ACCESS    0xf0
#define KEY_FETCH     0x08
#define KEY_REFERENCE 0x04
#define KEY_CHANGE    0x02

/* Orders of SIGNAL PROCESSOR, and the status that it gives. */
enum signal_order {
    SIGNAL_SENSE = 0x01,
    SIGNAL_EXTERNAL_CALL = 0x02,
    SIGNAL_EMERGENCY = 0x03,
    SIGNAL_START = 0x04,
    SIGNAL_STOP = 0x05,
    SIGNAL_RESTART = 0x06,
    SIGNAL_INITIAL_PROGRAM_RESET = 0x07,
    SIGNAL_PROGRAM_RESET = 0x08,
    SIGNAL_STOP_AND_STORE = 0x09,
    SIGNAL_INITIAL_CPU_RESET = 0x0b,
    SIGNAL_CPU_RESET = 0x0c,
};
#define SIGNAL_STATUS_CALL_PENDING  0x80u
#define SIGNAL_STATUS_STOPPED       0x40u
#define SIGNAL_STATUS_CHECK_STOP    0x10u
#define SIGNAL_STATUS_INVALID_ORDER 0x02u

/* Machine checks: bits of the interruption code, and the masks in CR14.  GA22-7000,
 * "Machine-Check Handling". */
#define MCIC_BIT(n)          (UINT64_C(1) << (63 - (n)))
#define MCIC_SYSTEM_DAMAGE   MCIC_BIT(0)
#define MCIC_PROCESSING      MCIC_BIT(1) /* instruction-processing damage */
#define MCIC_RECOVERY        MCIC_BIT(2)
#define MCIC_INTERVAL_TIMER  MCIC_BIT(3)
#define MCIC_TIMING          MCIC_BIT(4)
#define MCIC_EXTERNAL_DAMAGE MCIC_BIT(5)
#define MCIC_DEGRADATION     MCIC_BIT(7)
#define MCIC_WARNING         MCIC_BIT(8)
#define MCIC_EXIGENT         (MCIC_SYSTEM_DAMAGE | MCIC_PROCESSING)
#define MCIC_SUBCLASSES                                                                            \
    (MCIC_EXIGENT | MCIC_RECOVERY | MCIC_INTERVAL_TIMER | MCIC_TIMING | MCIC_EXTERNAL_DAMAGE |     \
     MCIC_DEGRADATION | MCIC_WARNING)
/* These go with a subclass. */
#define MCIC_BACKED_UP           MCIC_BIT(14) /* processing damage: the PSW is one before it */
#define MCIC_DELAYED             MCIC_BIT(15) /* it had to wait for its mask */
#define MCIC_STORAGE_UNCORRECTED MCIC_BIT(16)
#define MCIC_STORAGE_CORRECTED   MCIC_BIT(17)
#define MCIC_KEY_UNCORRECTED     MCIC_BIT(18)
#define MCIC_STORAGE_DEGRADATION MCIC_BIT(19) /* the correction takes time */
#define MCIC_INDIRECT            MCIC_BIT(32) /* the error came from elsewhere into storage */
#define MCIC_DELAYED_ACCESS      MCIC_BIT(34) /* processing damage: by a late access exception */
#define MCIC_STORAGE_ERROR                                                                         \
    (MCIC_STORAGE_UNCORRECTED | MCIC_STORAGE_CORRECTED | MCIC_KEY_UNCORRECTED)
/* What the interruption stores is valid: PSW, registers, logout, storage, clocks; and, if it is
 * there, failing-storage address, region code, external-damage code. */
#define MCIC_VALID                                                                                 \
    (MCIC_BIT(20) | MCIC_BIT(21) | MCIC_BIT(22) | MCIC_BIT(23) | MCIC_BIT(27) | MCIC_BIT(28) |     \
     MCIC_BIT(29) | MCIC_BIT(30) | MCIC_BIT(31) | MCIC_BIT(46) | MCIC_BIT(47))
#define MCIC_FAILING_ADDRESS MCIC_BIT(24)
#define MCIC_REGION_CODE     MCIC_BIT(25)
#define MCIC_EXTERNAL_CODE   MCIC_BIT(26)
#define CR14_CHECK_STOP      CR_BIT(0)
#define CR14_RECOVERY        CR_BIT(4)
#define CR14_DEGRADATION     CR_BIT(5)
#define CR14_EXTERNAL_DAMAGE CR_BIT(6) /* and that of the timers */
#define CR14_WARNING         CR_BIT(7)

#endif
