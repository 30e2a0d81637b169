/* System/370 instructions that C has no words for.  GA22-7000 names are used.  Those that
 * the assembler does not know any more are given by their codes. */
#ifndef CP_S370_H
#define CP_S370_H

#include <stdint.h>

static inline uint64_t s370_stck(void)
{
    uint64_t tod;
    __asm__ volatile("stck %0" : "=Q"(tod) : : "cc", "memory");
    return tod;
}

static inline void s370_sckc(uint64_t comparator)
{
    __asm__ volatile("sckc %0" : : "Q"(comparator) : "memory");
}

static inline void s370_spt(uint64_t timer)
{
    __asm__ volatile("spt %0" : : "Q"(timer) : "memory");
}

static inline uint64_t s370_stpt(void)
{
    uint64_t timer;
    __asm__ volatile("stpt %0" : "=Q"(timer) : : "memory");
    return timer;
}

static inline uint64_t s370_stidp(void)
{
    uint64_t id;
    __asm__ volatile("stidp %0" : "=Q"(id) : : "memory");
    return id;
}

static inline void s370_ptlb(void)
{
    __asm__ volatile("ptlb" : : : "memory");
}

/* Storage keys: `address` is real; SSK sets all seven bits (bits 24-30 of the register). */
static inline void s370_ssk(uint32_t address, uint32_t key)
{
    __asm__ volatile(".insn rr,0x0800,%0,%1" : : "d"(key), "d"(address & 0x00fff800) : "memory");
}

static inline uint32_t s370_isk(uint32_t address)
{
    uint32_t key = 0;
    __asm__ volatile(".insn rr,0x0900,%0,%1" : "+d"(key) : "d"(address & 0x00fff800) : "memory");
    return key & 0xfe;
}

/* The same for 4K, at addresses of 26 bits. */
static inline void s370_sske(uint32_t address, uint32_t key)
{
    __asm__ volatile(".insn rre,0xb22b0000,%0,%1" : : "d"(key), "d"(address) : "memory");
}

static inline uint32_t s370_iske(uint32_t address)
{
    uint32_t key = 0;
    __asm__ volatile(".insn rre,0xb2290000,%0,%1" : "+d"(key) : "d"(address) : "memory");
    return key & 0xfe;
}

static inline unsigned s370_rrbe(uint32_t address)
{
    unsigned cc;
    __asm__ volatile(".insn rre,0xb22a0000,%1,%1\n\tipm %0\n\tsrl %0,28"
                     : "=d"(cc)
                     : "d"(address)
                     : "cc", "memory");
    return cc;
}

/* Resets the reference bit; returns the condition code: 2 if it was on, plus 1 if changed. */
static inline unsigned s370_rrb(uint32_t address)
{
    unsigned cc;
    __asm__ volatile(".insn s,0xb2130000,0(%1)\n\tipm %0\n\tsrl %0,28"
                     : "=d"(cc)
                     : "a"(address)
                     : "cc", "memory");
    return cc;
}

/* I/O instructions: the operand address is the device's. */
#define S370_IO_INSTRUCTION(name, code)                                                            \
    static inline unsigned name(uint32_t device)                                                   \
    {                                                                                              \
        unsigned cc;                                                                               \
        __asm__ volatile(".insn s," code ",0(%1)\n\tipm %0\n\tsrl %0,28"                           \
                         : "=d"(cc)                                                                \
                         : "a"(device)                                                             \
                         : "cc", "memory");                                                        \
        return cc;                                                                                 \
    }
S370_IO_INSTRUCTION(s370_sio, "0x9c000000")
S370_IO_INSTRUCTION(s370_tio, "0x9d000000")
S370_IO_INSTRUCTION(s370_hdv, "0x9e010000")
S370_IO_INSTRUCTION(s370_stidc, "0xb2030000")

/* Loads one control register. */
#define S370_LCTL(n, value)                                                                        \
    do {                                                                                           \
        uint32_t lctl_value = (value);                                                             \
        __asm__ volatile("lctl " #n "," #n ",%0" : : "Q"(lctl_value) : "memory");                  \
    } while (0)

#endif
