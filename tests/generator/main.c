/* The program: cases for each row, and what they have covered.
 *
 * usage: generator [CASES [SEED [ROW [NUMBER]]]]
 * CASES for each row of insn.def (400); with ROW (a mnemonic) of that one alone; with NUMBER
 * that case alone. */
#include "tests/generator/generator.h"

#include "s370/arch/psw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *exceptions, *ccs;
} expected[INSN_COUNT] = {
#define ROW(name, kinds, exceptions, ccs) [I_##name] = {exceptions, ccs},
#include "tests/reference/rows.def"
#undef ROW
};

/* Exceptions by the letters of the manual's instruction list. */
static const struct {
    const char *letters;
    uint8_t codes[5];
} letters[] = {
    {"A", {PGM_PROTECTION, PGM_ADDRESSING, PGM_SEGMENT, PGM_PAGE, PGM_TRANSLATION}},
    {"W", {PGM_PROTECTION, PGM_ADDRESSING, PGM_SEGMENT, PGM_PAGE, PGM_TRANSLATION}},
    {"S", {PGM_SPECIFICATION}},
    {"D", {PGM_DATA}},
    {"IF", {PGM_FIXED_OVERFLOW}},
    {"IK", {PGM_FIXED_DIVIDE}},
    {"DF", {PGM_DECIMAL_OVERFLOW}},
    {"DK", {PGM_DECIMAL_DIVIDE}},
    {"EO", {PGM_EXPONENT_OVERFLOW}},
    {"EU", {PGM_EXPONENT_UNDERFLOW}},
    {"LS", {PGM_SIGNIFICANCE}},
    {"FK", {PGM_FLOATING_DIVIDE}},
    {"M", {PGM_PRIVILEGED}},
    {"SO", {PGM_SPECIAL_OPERATION}},
    {"EX", {PGM_EXECUTE}},
    {"MO", {PGM_MONITOR}},
    {"AD", {PGM_ADDRESSING}},
    {"PR", {PGM_PROTECTION}},
    {"TS", {PGM_TRANSLATION}},
    {"AV", {PGM_ADDRESSING, PGM_SEGMENT, PGM_PAGE, PGM_TRANSLATION}},
    {"AS", {PGM_AFX, PGM_ASX, PGM_ASN_SPECIFICATION}},
    {"AN", {PGM_ASN_SPECIFICATION}},
    {"PA", {PGM_PRIMARY_AUTHORITY}},
    {"SA", {PGM_SECONDARY_AUTHORITY}},
    {"LX", {PGM_LX, PGM_EX, PGM_PC_SPECIFICATION}},
    {"SW", {PGM_SPACE_SWITCH}},
};

static void expected_codes(const char *text, bool *codes)
{
    char copy[64];
    memset(codes, 0, 256);
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " ")) {
        bool known = false;
        for (unsigned k = 0; k < sizeof letters / sizeof letters[0]; k++) {
            if (strcmp(letters[k].letters, word))
                continue;
            known = true;
            for (unsigned n = 0; n < 5; n++)
                codes[letters[k].codes[n]] = true;
        }
        if (!known) {
            printf("rows.def: what is the exception %s?\n", word);
            exit(2);
        }
    }
    codes[0] = true;
}

/* Every exception and every condition code of the manual's list has come up, no other has.
 * Returns how many things are missing, which are printed if `loud`. */
static unsigned check_coverage(const struct tally *tally, unsigned row, bool loud)
{
    bool codes[256];
    unsigned bad = 0;
    const char *name = insn_table[row].mnemonic;
    expected_codes(expected[row].exceptions, codes);
    if (insn_table[row].attributes & (A_EXTENSION | A_DUAL))
        codes[PGM_OPERATION] = true;
    codes[0] = row != I_diagnose; /* nothing that it could complete */
    for (unsigned k = 0; k < 0x80 && row != I_ex; k++) {
        if (codes[k] && !tally->codes[k][row]) {
            if (loud)
                printf("  %s: no case gave %s %02X\n", name, k ? "exception" : "completion", k);
            bad++;
        }
        if (!codes[k] && tally->codes[k][row]) {
            if (loud)
                printf("  %s: exception %02X is not one of this instruction\n", name, k);
            bad++;
        }
    }
    for (const char *p = expected[row].ccs; *p; p++) {
        if (!tally->ccs[*p - '0'][row]) {
            if (loud)
                printf("  %s: no case gave condition code %c\n", name, *p);
            bad++;
        }
    }
    return bad;
}

/* The reference executes every row. */
static unsigned check_rows(void)
{
    unsigned bad = 0;
    for (unsigned row = 1; row < INSN_COUNT; row++) {
        if (ref_covers(row))
            continue;
        printf("  %s needs a row in tests/reference/rows.def\n", insn_table[row].mnemonic);
        bad++;
    }
    return bad;
}

/* So many times the cases may be drawn until all has come up. */
#define MORE 50

static struct world worlds[3];

/* Builds and runs one case. */
static bool one(struct tally *tally, uint64_t seed, unsigned row, unsigned number, bool loud)
{
    struct test t = {.row = row};
    random_seed(seed, row, number);
    unsigned which = below(20);
    bool strings = row_kinds(row)[0] == 'Y';
    struct world *w = &worlds[which < 9 || strings ? 1 : which < 18 ? 0 : 2];
    world_fill(w, &t, insn_table[row].attributes & (A_PRIVILEGED | A_DUAL));
    if (number % 4 == 3 &&
        !(insn_table[row].attributes & (A_PRIVILEGED | A_INTERRUPTIBLE | A_DUAL)))
        operands_build_sequence(&t, row);
    else
        operands_build(&t, row);
    if (chance(t.dat || insn_table[row].attributes & A_PRIVILEGED ? 45 : 3))
        world_flaw(&t);
    if (run_test(&t, tally, loud))
        return true;
    printf("  that was: generator 1 %llu %s %u\n", (unsigned long long)seed,
           insn_table[row].mnemonic, number);
    return false;
}

static unsigned find_row(const char *mnemonic)
{
    for (unsigned row = 1; row < INSN_COUNT; row++) {
        if (!strcmp(insn_table[row].mnemonic, mnemonic) && ref_covers(row))
            return row;
    }
    fprintf(stderr, "generator: the reference has no %s\n", mnemonic);
    exit(2);
}

int main(int argc, char **argv)
{
    static struct tally tally;
    unsigned cases = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 400, failed = 0, bad,
             rows = 0;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 370;
    unsigned only = argc > 3 ? find_row(argv[3]) : 0;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!world_create(&worlds[0], 16u << 20) || !world_create(&worlds[1], 512u << 10) ||
        !world_create(&worlds[2], 32u << 20)) {
        fprintf(stderr, "generator: no memory\n");
        return 1;
    }
    bad = check_rows();
    for (unsigned row = 1; row < INSN_COUNT; row++) {
        unsigned wrong = 0;
        if (!ref_covers(row) || (only && row != only))
            continue;
        rows++;
        if (argc > 4) {
            failed += !one(&tally, seed, row, (unsigned)strtoul(argv[4], NULL, 0), true);
            continue;
        }
        unsigned k = 0;
        while (k < cases || (k < MORE * cases && check_coverage(&tally, row, false)))
            wrong += !one(&tally, seed, row, k++, wrong < 3);
        if (wrong)
            printf("  %s: %u of %u cases are wrong\n", insn_table[row].mnemonic, wrong, k);
        failed += wrong;
        bad += check_coverage(&tally, row, true);
    }
    for (unsigned k = 0; k < 3; k++)
        bad += !world_clean(&worlds[k]);
    printf("generator: %u rows, %llu cases (%llu instructions), %llu with an exception, %llu not "
           "defined; %u wrong, %u not covered\n",
           rows, (unsigned long long)tally.runs, (unsigned long long)tally.instructions,
           (unsigned long long)tally.faults, (unsigned long long)tally.open, failed, bad);
    for (unsigned k = 0; k < 3; k++)
        world_destroy(&worlds[k]);
    return failed || bad;
}
