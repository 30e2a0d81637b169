/* For tests of the CPU: a machine under the virtual clock with a program in hex. */
#ifndef TESTS_UNIT_CPU_TEST_H
#define TESTS_UNIT_CPU_TEST_H

#include "lib/be.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"
#include "s370/machine.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEST_STORAGE (1u << 20)

/* Set for the second round of tests, which runs the plain interpreter instead. */
static bool test_plain;

static inline bool test_no_stop(void *context, struct cpu *cpu, uint32_t address)
{
    return false;
}

static inline struct machine *test_machine(void)
{
    struct machine *m = machine_create(TEST_STORAGE, CLOCK_VIRTUAL);
    ck_assert_ptr_nonnull(m);
    cpu_reset(m->cpu, true);
    if (test_plain) {
        static const struct cpu_watch watch = {.instruction = test_no_stop};
        cpu_set_watch(m->cpu, &watch);
    }
    return m;
}

/* Puts hexadecimal text (blanks are ignored) at `address`; returns the bytes put. */
static inline uint32_t put_hex(struct machine *m, uint32_t address, const char *hex)
{
    uint32_t n = 0;
    for (unsigned digits = 0, value = 0; *hex; hex++) {
        if (*hex == ' ')
            continue;
        value = value << 4 | (unsigned)(*hex <= '9' ? *hex - '0' : (*hex | 0x20) - 'a' + 10);
        if (++digits % 2 == 0) {
            uint8_t byte = (uint8_t)value;
            ck_assert(storage_poke(&m->storage, address + n++, &byte, 1));
        }
    }
    return n;
}

static inline void set32(struct machine *m, uint32_t address, uint32_t value)
{
    uint8_t bytes[4];
    store_be32(bytes, value);
    ck_assert(storage_poke(&m->storage, address, bytes, 4));
}

static inline void set64(struct machine *m, uint32_t address, uint64_t value)
{
    set32(m, address, (uint32_t)(value >> 32));
    set32(m, address + 4, (uint32_t)value);
}

static inline uint32_t at16(struct machine *m, uint32_t address)
{
    return load_be16(m->storage.main + address);
}

static inline uint32_t at32(struct machine *m, uint32_t address)
{
    return load_be32(m->storage.main + address);
}

static inline uint64_t at64(struct machine *m, uint32_t address)
{
    return load_be64(m->storage.main + address);
}

/* New PSWs: disabled waits in the EC mode whose addresses are those of the new PSWs. */
static inline void put_new_psws(struct machine *m)
{
    for (uint32_t at = 0x58; at <= 0x78; at += 8)
        set64(m, at, PSW_EC | PSW_WAIT | at);
}

static inline void go(struct machine *m, uint64_t psw)
{
    ck_assert(cpu_load_psw(m->cpu, psw));
    cpu_start(m->cpu);
}

/* Runs until the CPU waits, at most 100000 instructions; returns the PSW's address. */
static inline uint32_t run_until_wait(struct machine *m)
{
    (void)cpu_run(m->cpu, 100000);
    ck_assert_int_ne(cpu_get_state(m->cpu), CPU_RUNNING);
    return cpu_psw(m->cpu) & PSW_ADDRESS;
}

#endif
