/* A reference of the CPU: what the manual (GA22-7000) says, read out as plainly as possible.
 * It executes one instruction at a time, byte by byte, translating each address anew; nothing is
 * cached, lazy or fast.  It shares no code with s370/cpu and dat/: only the names, codes and
 * formats of insn.def, so that both cannot make the same mistake.  The generator
 * (tests/generator) runs the same cases on the machine and on the reference.
 *
 * Where the manual leaves a choice (which of several exceptions is indicated, whether the end of
 * an operand that is not needed is looked at), the reference makes the one that the machine has
 * made, if it is a permitted one: `prefer_code`, `prefer_address`. */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include "s370/arch/codes.h"
#include "s370/cpu/insn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REF_BLOCK   2048u
#define REF_FOUND   64u
#define REF_TABLES  256u
#define REF_NOWHERE UINT32_MAX

struct ref_found {
    int code;
    uint32_t address; /* logical, that met the exception; bit 0: in the secondary space */
};

/* Which of the two address spaces: that of the PSW, or one of them. */
enum ref_space { REF_CURRENT, REF_PRIMARY, REF_SECONDARY };

struct reference {
    uint32_t gr[16], cr[16];
    uint64_t fpr[4];

    /* PSW */
    uint8_t system_mask; /* bits 0-7 */
    uint8_t key, cc, program_mask;
    bool ec, mcheck, wait, problem, secondary;
    uint32_t ia;
    bool psw_bad;      /* loaded with an invalid format ... */
    uint64_t psw_seen; /* ... and looks like this */

    uint32_t prefix;
    bool segment_protects;               /* of the last translation */
    uint64_t comparator, cpu_timer, tod; /* TOD clock units; the CPU timer stands still */
    bool extension;                      /* the compiler's facility is there */
    bool dual;                           /* two address spaces are */
    enum ref_space space;                /* where operands are now */
    uint32_t serial;                     /* that STIDP stores */

    uint8_t *storage, *keys; /* absolute; a key for each block: 0-3 access, 4 F, 5 R, 6 C */
    uint32_t size;

    bool no_units; /* instructions that proceed in units are not executed, only noted as open */

    int prefer_code; /* see above; 0: the machine has seen no exception */
    uint32_t prefer_address;

    /* What there is to know about the last step... */
    bool interrupted; /* it has ended with an interruption */
    int code;         /* the exception that the instruction met, or 0 */
    bool executed;    /* the instruction has been fetched: `code` is its own */
    unsigned outer;   /* number of the instruction that was fetched */
    unsigned number;  /* of the instruction (EXECUTE: of its target, if it came to that) */
    /* ... and about all since ref_begin. */
    const char *open;    /* the manual does not say what comes out: why; NULL if it does */
    uint8_t *referenced; /* for each block: its reference bit may be set */
    uint8_t *moved;      /* for each byte: an interruptible instruction has stored there */
    uint8_t *changed;    /* for each block: its change bit may be set although nothing is stored */
    uint32_t *dirty;     /* blocks stored into, or with another key */
    unsigned dirty_count;
    uint8_t *is_dirty;           /* for each block */
    bool skipped;                /* an exception that the machine need not have seen */
    bool timed;                  /* a time was stored ... */
    uint32_t time_at[8];         /* ... at these absolute addresses; where an interruption has
                                    stored since: REF_NOWHERE */
    bool fault_address;          /* location 90 was stored: see ref_byte_index */
    uint32_t identification;     /* what it gets from exceptions of numbers */
    bool switched;               /* the primary space is another one */
    uint32_t undefined[16];      /* bits of general registers that the manual leaves open */
    uint32_t tables[REF_TABLES]; /* absolute addresses of table entries that were used */
    unsigned table_count;

    unsigned svc_code;
    uint32_t own[12]; /* absolute addresses of the instruction's bytes, and of EXECUTE's target */
    unsigned own_count;

    /* Program event recording: what the instruction did. */
    bool per;                /* the PSW asked for it when the instruction began ... */
    uint32_t per_control[3]; /* ... with this in CR9 to CR11 */
    bool branched;
    bool executed_target; /* EXECUTE has fetched its target ... */
    uint32_t target_at;   /* ... from here */
    uint32_t altered;     /* general registers, bits as in CR9 16-31 */
    uint32_t stored_from[2], stored_length[2];
    unsigned stored_count;

    struct ref_found found[REF_FOUND];
    unsigned found_count;
};

/* An instruction's operands, by the fields of its format. */
struct operands {
    uint8_t bytes[6];
    unsigned length;             /* in bytes; under EXECUTE that of EXECUTE */
    unsigned r1, r2;             /* left and right half of the byte with registers or masks */
    unsigned i;                  /* second byte */
    uint32_t address1, address2; /* of the storage operands; of one alone: both */
    int32_t immediate;           /* I2 of RI */
    uint32_t target;             /* of a relative operand */
    uint32_t next;               /* address of the next sequential instruction */
};

typedef int ref_body(struct reference *r, const struct operands *o);

/* Forgets what was noted about earlier steps. */
void ref_begin(struct reference *r);
/* Executes one instruction, or takes the interruption that prevents it; and the external
 * interruption that is due then. */
void ref_step(struct reference *r);
void ref_load_psw(struct reference *r, uint64_t psw);
uint64_t ref_psw(const struct reference *r, unsigned code, unsigned ilc);
/* The reference executes this row of insn.def. */
bool ref_covers(unsigned number);
unsigned ref_find(const uint8_t *bytes);

/* --- dat.c --- */

enum ref_access { REF_FETCH, REF_STORE };

/* An entry of a table in real storage, which is not protected.  False: outside of storage. */
bool ref_table(struct reference *r, uint32_t real, unsigned length, uint32_t *entry);
/* The absolute address of a real one. */
uint32_t ref_absolute(const struct reference *r, uint32_t real);
/* Translates by the tables, DAT on or not.  Returns 0 with the real address, or the exception;
 * `lra`: *kind gets what LOAD REAL ADDRESS gives, with *real, and the result is 0. */
int ref_walk(struct reference *r, uint32_t address, bool lra, uint32_t *real, unsigned *kind);
/* Looks for access exceptions of an operand, and notes them as found; nothing is referenced. */
void ref_probe(struct reference *r, uint32_t address, uint32_t length, enum ref_access access);
/* The bits of an address within its page: those of location 90 are not defined. */
uint32_t ref_byte_index(const struct reference *r);
void ref_note(struct reference *r, int code, uint32_t address);
/* What to do about those found: 0, or the code of one. */
int ref_raise(struct reference *r);
/* The exceptions found are of parts that need not be looked at: 0 if the machine did not. */
int ref_raise_optional(struct reference *r);
/* The CPU may look at these bytes before it finds an exception elsewhere. */
void ref_may_look(struct reference *r, uint32_t address, uint32_t length);
/* Bytes of an operand that has been probed. */
uint8_t ref_fetch(struct reference *r, uint32_t address);
void ref_store(struct reference *r, uint32_t address, uint8_t byte);
/* The absolute address of a logical byte that has been probed. */
uint32_t ref_place(struct reference *r, uint32_t address);
uint64_t ref_fetch_number(struct reference *r, uint32_t address, unsigned length);
void ref_store_number(struct reference *r, uint32_t address, unsigned length, uint64_t value);
/* Stores a time, of which nobody knows how far it has moved. */
void ref_store_time(struct reference *r, uint32_t address, uint64_t value);
/* Stores into assigned storage by an interruption. */
void ref_store_real(struct reference *r, uint32_t real, unsigned length, uint64_t value);
uint64_t ref_fetch_real(struct reference *r, uint32_t real, unsigned length);
void ref_touch(struct reference *r, uint32_t absolute); /* the block is dirty */

/* --- for the bodies --- */

#define BODY(name) int ref_##name(struct reference *r, const struct operands *o)
#define ADDRESS    0xffffffu
#define NEXT(a)    (((a) + 1) & ADDRESS)
#define PLUS(a, n) (((a) + (n)) & ADDRESS)
#define COMPLETED  0
#define RAISE()                                                                                    \
    do {                                                                                           \
        int raised_ = ref_raise(r);                                                                \
        if (raised_)                                                                               \
            return raised_;                                                                        \
    } while (0)
#define PRIVILEGED()                                                                               \
    do {                                                                                           \
        if (r->problem)                                                                            \
            return PGM_PRIVILEGED;                                                                 \
    } while (0)
/* Fetches a whole operand, or ends the instruction. */
#define OPERAND(variable, address, length)                                                         \
    ref_probe(r, address, length, REF_FETCH);                                                      \
    RAISE();                                                                                       \
    variable = (typeof(variable))ref_fetch_number(r, address, length)
#define RESULT(address, length, value)                                                             \
    do {                                                                                           \
        ref_probe(r, address, length, REF_STORE);                                                  \
        RAISE();                                                                                   \
        ref_store_number(r, address, length, value);                                               \
    } while (0)

/* The instruction puts a value into general register n, perhaps the one that is there. */
static inline void ref_alters(struct reference *r, unsigned n)
{
    r->altered |= 0x8000u >> (n & 15);
}
int ref_branch(struct reference *r, uint32_t target);
int ref_overflow(struct reference *r);            /* fixed-point overflow: condition code 3 */
int ref_mask(struct reference *r, unsigned mask); /* SSM and its like */

#define ROW(name, kinds, exceptions, codes) ref_body ref_##name;
#include "tests/reference/rows.def"
#undef ROW

#endif
