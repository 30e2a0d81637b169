/* The program.
 *
 * usage: differential DIRECTORY DRIVER [CASES [SEED [ROW]]]
 * CASES for each row of insn.def that Hercules has in its System/370 mode (24), of ROW (a mnemonic)
 * alone if it is given; DIRECTORY is for files that are left behind. */
#include "tests/differential/differential.h"

#include "s370/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As many as fit into storage beside their results. */
#define BATCH 8000u
/* Every sixth record is followed by a chain of so many instructions, of any row, that begin with
 * what the one before has left. */
#define CHAIN 8u

static unsigned drawn[INSN_COUNT], unlike[INSN_COUNT];

static void run_ours(uint8_t *storage)
{
    struct machine *m = machine_create(STORAGE, CLOCK_VIRTUAL);
    if (!m)
        exit(1);
    cpu_reset(m->cpu, true);
    memcpy(m->storage.main, storage, STORAGE);
    (void)cpu_load_psw(m->cpu, load_be64(storage));
    cpu_start(m->cpu);
    while (cpu_run(m->cpu, 1000000) == CPU_EXIT_LIMIT && cpu_instructions(m->cpu) < 100000000)
        ;
    memcpy(storage, m->storage.main, STORAGE);
    machine_destroy(m);
}

static void read_driver(const char *path, uint8_t *storage)
{
    FILE *f = fopen(path, "rb");
    if (!f || !fread(storage, 1, RECORD, f)) {
        perror(path);
        exit(1);
    }
    fclose(f);
}

/* Links of chains: compared, and left out because the state before was not the same. */
static unsigned links, cut_links;

/* Runs `count` records that are at INPUT on both machines. */
static unsigned batch(const char *directory, const char *driver, const uint16_t *rows,
                      uint32_t count, uint8_t *ours, uint8_t *theirs)
{
    uint32_t from = (INPUT + count * RECORD_SIZE + 0xffff) & ~0xffffu;
    uint32_t to = from + count * RESULT_SIZE;
    unsigned failed = 0;
    bool cut = false;
    read_driver(driver, ours);
    make_tables(ours);
    memset(ours + LANDING, 0x0a, LANDING_TO - LANDING);
    store_be32(ours + NEXT, INPUT);
    store_be32(ours + COUNT, count);
    store_be32(ours + OUT, from);
    const struct hercules_run run = {.directory = directory,
                                     .mode = "S/370",
                                     .megabytes = STORAGE >> 20,
                                     .image = ours,
                                     .size = from,
                                     .from = from,
                                     .to = to,
                                     .storage = theirs};
    if (!run_hercules(&run)) {
        fprintf(stderr, "differential: Hercules gave no result for %s to %s: see %s/hercules.log\n",
                insn_table[rows[0]].mnemonic, insn_table[rows[count - 1]].mnemonic, directory);
        exit(1);
    }
    uint8_t *records = malloc(count * RECORD_SIZE);
    if (!records)
        exit(1);
    memcpy(records, ours + INPUT, count * RECORD_SIZE);
    run_ours(ours);
    for (uint32_t n = 0; n < count; n++) {
        const struct record *r = (const struct record *)(records + n * RECORD_SIZE);
        const struct result *a = (const struct result *)(ours + from + n * RESULT_SIZE);
        const struct result *b = (const struct result *)(theirs + from + n * RESULT_SIZE);
        cut = cut && r->link;
        links += r->link && !cut;
        cut_links += cut;
        if (cut)
            continue;
        drawn[rows[n]]++;
        cut = left_unlike(a, b);
        if (same(r, rows[n], a, b))
            continue;
        cut = true;
        failed++;
        if (++unlike[rows[n]] <= 2)
            report(n, r, rows[n], a, b);
    }
    free(records);
    return failed;
}

static unsigned find_row(const char *mnemonic)
{
    for (unsigned row = 1; row < INSN_COUNT; row++) {
        if (!strcmp(insn_table[row].mnemonic, mnemonic))
            return row;
    }
    fprintf(stderr, "differential: there is no instruction %s\n", mnemonic);
    exit(2);
}

static void print_counts(unsigned cases)
{
    unsigned column = 0;
    for (unsigned row = 1; row < INSN_COUNT; row++) {
        const char *reason = differential_excluded(row);
        if (reason && !(insn_table[row].attributes & (A_EXTENSION | A_DUAL)))
            printf("not compared: %s: %s\n", insn_table[row].mnemonic, reason);
    }
    for (unsigned row = 1; row < INSN_COUNT && cases >= 1000; row++) {
        if (drawn[row])
            printf("%-6s%6u%s", insn_table[row].mnemonic, drawn[row], ++column % 6 ? "  " : "\n");
    }
    if (column % 6)
        printf("\n");
}

int main(int argc, char **argv)
{
    static uint16_t rows[BATCH];
    if (argc < 3) {
        fprintf(stderr, "usage: differential DIRECTORY DRIVER [CASES [SEED [ROW]]]\n");
        return 2;
    }
    unsigned cases = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 0) : 24, failed = 0, total = 0;
    unsigned only = argc > 5 ? find_row(argv[5]) : 0, row = 0, kinds = 0;
    char *directory = realpath(argv[1], NULL);
    if (!directory) {
        perror(argv[1]);
        return 1;
    }
    uint8_t *ours = calloc(1, STORAGE), *theirs = calloc(1, STORAGE);
    if (!ours || !theirs)
        return 1;
    differential_seed(argc > 4 ? strtoull(argv[4], NULL, 0) : 370);
    for (unsigned left = 0, done = 0; !done;) {
        uint32_t count = 0;
        memset(ours, 0, STORAGE);
        while (count < BATCH) {
            if (!left) {
                do
                    row++;
                while (row < INSN_COUNT && (differential_excluded(row) || (only && row != only)));
                if (row >= INSN_COUNT) {
                    done = 1;
                    break;
                }
                left = cases;
                kinds++;
            }
            rows[count] = (uint16_t)row;
            struct record *r = (struct record *)(ours + INPUT + RECORD_SIZE * count++);
            if (left % 5 || !make_sequence(r, row)) /* the fifth goes on */
                make_record(r, row);
            for (unsigned k = left-- % 6 ? 0 : CHAIN; k && count < BATCH; k--)
                rows[count++] = (uint16_t)make_link(++r);
        }
        total += count;
        if (count)
            failed += batch(directory, argv[2], rows, count, ours, theirs);
    }
    print_counts(cases);
    printf(
        "differential: %u instructions in chains, %u left out behind what the manual leaves open\n",
        links, cut_links);
    printf("differential: %u instructions of %u kinds, %u unlike Hercules\n", total, kinds, failed);
    free(directory);
    free(ours);
    free(theirs);
    return failed != 0;
}
