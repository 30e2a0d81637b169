/* Test cases for every instruction, drawn from insn.def: the operands' kinds say at which edges
 * they are put and what they hold.  Each case is run on the machine (by the fast loop, again with a
 * filled TLB, and by the plain interpreter) and on the reference (tests/reference), and all that a
 * program can see is compared.
 *
 * A case follows from three numbers, seed, row and case number, and so can be repeated alone. */
#ifndef TESTS_GENERATOR_H
#define TESTS_GENERATOR_H

#include "s370/machine.h"
#include "tests/reference/reference.h"

#define LIVE_MOST 48

/* One size of storage: the machine, the reference, and what both begin with. */
struct world {
    uint32_t size;
    struct machine *fast, *plain;
    struct reference r;
    uint8_t *image, *image_keys;
    uint32_t live[LIVE_MOST]; /* blocks that hold something; all others are zero, as their keys */
    unsigned live_count;
    uint8_t *is_live; /* by block */
};

/* What a case begins with, besides storage and keys (world.image). */
struct test {
    struct world *world;
    unsigned row;
    uint32_t gr[16], cr[16];
    uint64_t fpr[4], psw, comparator, cpu_timer;
    uint32_t prefix, ia;
    bool extension, dual, dat, secondary;
    uint8_t bytes[6]; /* the instruction */
    unsigned length;
    unsigned steps;     /* instructions to execute: of a sequence more than one */
    unsigned done;      /* so many until an interruption */
    unsigned used;      /* general registers that hold something that is needed */
    uint32_t places[8]; /* logical addresses of operands, for flaws in the tables */
    unsigned place_count;
    bool pages_4k, segments_1m; /* the tables' format */
};

/* --- random.c --- */
void random_seed(uint64_t seed, unsigned row, unsigned number);
uint32_t random32(void);
uint64_t random64(void);
uint32_t below(uint32_t n);
bool chance(unsigned percent);
uint32_t edge_word(void); /* numbers as instructions see them */
uint64_t edge_double(void);
uint64_t edge_float(void);                     /* a long one */
void edge_decimal(uint8_t *p, unsigned bytes); /* sometimes a bad one */
void random_bytes(uint8_t *p, uint32_t length);

/* --- world.c --- */
bool world_create(struct world *w, uint32_t size);
void world_destroy(struct world *w);
/* Fills storage, keys, PSW, control registers, tables. */
void world_fill(struct world *w, struct test *t, bool privileged);
void world_flaw(struct test *t); /* makes a table wrong that an operand needs */
/* Puts bytes where the program finds them, if they are in storage that is live. */
void put_logical(struct test *t, uint32_t address, const void *bytes, uint32_t length);
uint8_t get_logical(struct test *t, uint32_t address);
void put_real(struct test *t, uint32_t real, const void *bytes, uint32_t length);
#define SEGMENT_TABLE 0xa000u
#define PAGE_TABLES   0xb000u /* four, each of 1024 bytes */

/* --- spaces.c --- */
/* Control registers and tables of two address spaces. */
void spaces_fill(struct test *t);
/* The operands of an instruction of theirs, whose code is in t->bytes. */
void spaces_build(struct test *t, unsigned row);

/* --- operands.c --- */
const char *row_kinds(unsigned row);
/* Builds an instruction of this row with its operands, into t->bytes. */
void operands_build(struct test *t, unsigned row);
/* The same with some more that are executed after it. */
void operands_build_sequence(struct test *t, unsigned row);
/* Fills a field of base and displacement, and the register, so that they lead to the address. */
void aim_operand(struct test *t, uint8_t *field, uint32_t address);
/* An address at an edge for an operand of this length. */
uint32_t edge_address(struct test *t, uint32_t length);
/* A row that the reference executes. */
unsigned some_row(void);

/* --- run.c --- */
struct tally {
    uint64_t runs, open, faults, instructions;
    uint8_t codes[256][INSN_COUNT]; /* exceptions seen, by row */
    uint8_t ccs[4][INSN_COUNT];
};
/* Runs the case everywhere.  False: a difference, which has been printed if `loud`. */
bool run_test(struct test *t, struct tally *tally, bool loud);
/* All storage must be as it was. */
bool world_clean(struct world *w);

#endif
