/* Random instructions on our machine and on Hercules (the Debian package, as a black box) in its
 * System/370 mode.  Both execute the same image (driver.S), in which each record is one
 * instruction with all that it needs; the results are compared in everything: registers, control
 * registers, PSW, interruption codes and parameters, storage, keys. */
#ifndef TESTS_DIFFERENTIAL_H
#define TESTS_DIFFERENTIAL_H

#include "lib/be.h"
#include "s370/cpu/insn.h"
#include "tests/differential/hercules.h"
#include "tests/differential/layout.h"

#include <stdbool.h>

#define STORAGE   (16u << 20)
#define DATA_SIZE 512u
#define FORMATS   4 /* of translation */
#define VARIANTS  8 /* of tables in each format */

struct record {
    uint8_t registers[64], floating[32], control[64], psw[8];
    be32 slot;
    uint8_t unused[4];
    uint8_t target[8], keys[8];
    uint8_t sequence; /* nonzero: more than one instruction */
    uint8_t link;     /* LINK_STATE, LINK_DATA */
    uint8_t unused2[6];
    uint8_t code[CODE_SIZE]; /* the instruction, and supervisor calls */
    uint8_t data[DATA_SIZE];
};
LAYOUT(struct record, RECORD_SIZE);
FIELD_AT(struct record, psw, AT_PSW);
FIELD_AT(struct record, slot, AT_SLOT);
FIELD_AT(struct record, target, AT_TARGET);
FIELD_AT(struct record, keys, AT_KEYS);
FIELD_AT(struct record, link, AT_LINK);
FIELD_AT(struct record, code, AT_CODE);
FIELD_AT(struct record, data, AT_DATA);

struct result {
    uint8_t registers[64], floating[32], control[64], old[8];
    uint8_t class, unused[7]; /* 1 supervisor call, 2 program interruption */
    uint8_t comparator[8], low[32];
    uint8_t keys[8], unused2[32];
    uint8_t data[DATA_SIZE + 256]; /* and the other frame */
};
LAYOUT(struct result, RESULT_SIZE);
FIELD_AT(struct result, old, AT_OLD);
FIELD_AT(struct result, comparator, AT_TIME);
FIELD_AT(struct result, low, AT_LOW);
FIELD_AT(struct result, keys, AT_KEYS_NOW);

/* --- cases.c --- */
void differential_seed(uint64_t seed);
/* Why a row is not drawn, or NULL. */
const char *differential_excluded(unsigned row);
void make_record(struct record *r, unsigned row);
/* The same, followed by others; false if the row is none for that. */
bool make_sequence(struct record *r, unsigned row);
/* Any instruction that goes on after the one of the record before. */
unsigned make_link(struct record *r);
void make_tables(uint8_t *storage);

/* --- compare.c --- */
/* What the manual leaves open is named there, and not compared. */
bool same(const struct record *r, unsigned row, const struct result *ours,
          const struct result *theirs);
/* What the next link of a chain begins with is not the same. */
bool left_unlike(const struct result *ours, const struct result *theirs);
void report(uint32_t n, const struct record *r, unsigned row, const struct result *ours,
            const struct result *theirs);

#endif
