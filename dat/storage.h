/* Main storage, its keys, and the gate: every access of CPU and channels to storage
 * goes through dat/.  Channels use the functions here (real addresses, key protection,
 * no translation); the CPU's inline fast path over the TLB is in dat/gate.h.
 *
 * Addresses are real, in bytes.  Storage is a multiple of 4096 bytes, at most 64 MiB; keys belong
 * to 2048-byte blocks.  Source: GA22-7000, "Main Storage" and "Dynamic Address Translation". */
#ifndef DAT_STORAGE_H
#define DAT_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORAGE_BLOCK 2048u /* bytes that share a storage key */

#define CODE_LINE (STORAGE_BLOCK / 32)

/* 26-bit real addresses: beyond 16 MiB the page tables' extension bits and IDAWs reach. */
#define STORAGE_SIZE_MOST (64u << 20)

/* Storage that somebody watches: bytes at an absolute address, and what was done with them. */
struct gate_watch {
    uint32_t address, length;
    bool fetch, store, channel; /* what counts: the CPU's, and any of a channel */
    uint8_t hit;                /* GATE_HIT_...: what has happened; who watches resets it */
};
#define GATE_HIT_FETCH   1u
#define GATE_HIT_STORE   2u
#define GATE_HIT_CHANNEL 4u

struct storage {
    uint8_t *main; /* `size` bytes, zero at power-on */
    uint32_t size;
    uint8_t *keys; /* size / STORAGE_BLOCK of them, s370/arch/control.h KEY_... */
    /* size / STORAGE_BLOCK flags: nonzero while the CPU holds decoded instructions of that
     * block.  Whoever stores there calls storage_tell.  The CPU sets them. */
    uint8_t *code;
    /* For each block a bit per line of CODE_LINE bytes (the lowest: the first line), which is
     * zero while no decoded instruction lies in that line. */
    uint32_t *code_lines;
    void (*code_changed)(void *cpu, uint32_t address, uint32_t length);
    void *code_cpu;
    struct gate_watch
        *watches; /* of `watch_count` places, for channels; the gates have their own */
    unsigned watch_count;
};

/* The lines of these bytes of a block, as bits. */
static inline uint32_t storage_line_bits(uint32_t offset, uint32_t length)
{
    uint32_t first = offset % STORAGE_BLOCK / CODE_LINE;
    uint32_t last = (offset + length - 1) % STORAGE_BLOCK / CODE_LINE;
    return (UINT32_C(2) << last) - (UINT32_C(1) << first);
}

/* Nonzero if a line of these bytes, which lie in one block, holds decoded instructions. */
static inline uint32_t storage_lines(const struct storage *s, uint32_t real, uint32_t length)
{
    return s->code_lines[real / STORAGE_BLOCK] & storage_line_bits(real, length);
}

/* Tells the CPU of a store into a block that holds code, if it meets a line with decoded
 * instructions.  The bytes lie in one block. */
static inline void storage_tell(struct storage *s, uint32_t real, uint32_t length)
{
    if (storage_lines(s, real, length))
        s->code_changed(s->code_cpu, real, length);
}

/* Prefixing exchanges the first 4096 bytes of real storage and the 4096 bytes at `prefix`:
 * the absolute address of a real one.  GA22-7000, "Prefixing". */
static inline uint32_t storage_absolute(uint32_t prefix, uint32_t real)
{
    uint32_t page = real & 0xfffff000;
    return page == 0 || page == prefix ? real ^ prefix : real;
}

/* The facility of 26-bit real addresses is there if they are needed: GA22-7000, "Extended
 * Real Addressing". */
static inline bool storage_is_extended(const struct storage *s)
{
    return s->size > 16u << 20;
}

/* Allocates storage of `size` bytes.  False (errno set) if the host has no memory. */
bool storage_init(struct storage *s, uint32_t size);
void storage_free(struct storage *s);
void storage_clear(struct storage *s); /* zeros and keys of zero: clear reset */

enum storage_result {
    STORAGE_OK,
    STORAGE_ADDRESSING, /* outside of storage; nothing was moved */
    STORAGE_PROTECTION, /* the key forbids it; nothing was moved */
};

/* A channel's access to real storage with `key` (0-15) in the low bits; reference and
 * change bits are set, decoded code is dropped.  Partial access never happens. */
enum storage_result channel_fetch(struct storage *s, uint32_t address, uint8_t key, void *to,
                                  uint32_t length) __attribute__((warn_unused_result));
enum storage_result channel_store(struct storage *s, uint32_t address, uint8_t key,
                                  const void *from, uint32_t length)
    __attribute__((warn_unused_result));

/* The operator's and the interruption mechanism's access: no protection, no change bits.
 * False if any byte is outside of storage. */
bool storage_peek(const struct storage *s, uint32_t address, void *to, uint32_t length);
bool storage_poke(struct storage *s, uint32_t address, const void *from, uint32_t length);

#endif
