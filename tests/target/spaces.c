/* Random control instructions, mostly those of the dual-address-space facility and of storage keys,
 * on our machine and on Hercules (the Debian package, as a black box) in its System/370 mode.  Each
 * case has a PSW, registers and an instruction of its own; a driver program (spaces.S) executes it
 * among the tables of spaces.h and stores what came of it: old PSWs, interruption codes, general
 * and control registers, the data in four spaces and their keys.  All must be the same, but for
 * what the manual leaves open (see `unsettle`).
 *
 * usage: spaces DIRECTORY DRIVER [TESTS [SEED]]     without Hercules: says so, and checks nothing
 */
#include "tests/target/spaces.h"

#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"
#include "s370/machine.h"
#include "tests/differential/hercules.h"

#include <stdio.h>
#include <stdlib.h>

/* As in spaces.S. */
#define NEXT    0x700u
#define END     0x704u
#define SLOT    0x800u
#define ENTRY   0x840u
#define RETURN  0x860u
#define INPUT   0x20000u
#define STORAGE (16u << 20)

struct record {
    uint8_t psw[8];
    uint8_t instruction[8]; /* and SVC 0 */
    uint8_t cr[16][4];
    uint8_t gr[16][4];
    uint8_t data[64];
    uint8_t unused1[0x30];
    /* The result. */
    uint8_t svc_old[8], pgm_old[8];
    uint8_t codes[20]; /* locations 84 to 97 */
    uint8_t unused2[4];
    uint8_t gr_after[16][4];
    uint8_t cr_after[16][4];
    uint8_t data_after[4][64];
    uint8_t keys[4];
    uint8_t unused3[0x14];
};
LAYOUT(struct record, 0x2c0);
FIELD_AT(struct record, svc_old, 0x100);
FIELD_AT(struct record, gr_after, 0x128);
FIELD_AT(struct record, data_after, 0x1a8);

static uint64_t state;

static uint32_t random32(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) ^ (uint32_t)(state >> 11);
}

static uint32_t below(uint32_t n)
{
    return random32() % n;
}

#define ONE_OF(list) list[below(sizeof list / sizeof list[0])]

static void gr(struct record *r, unsigned n, uint32_t value)
{
    store_be32(r->gr[n], value);
}

/* A register that is not 0, and none of those used before. */
static unsigned some_register(uint32_t *used)
{
    unsigned n;
    do
        n = 1 + below(15);
    while (*used >> n & 1);
    *used |= UINT32_C(1) << n;
    return n;
}

/* Data addresses: pages 8 and 9 are there; also others. */
static uint32_t place(void)
{
    static const uint32_t odd[] = {0x8fe0, 0x9ff8, 0xa000, 0x10000, 0x12345, 0x100000, 0xfffff0,
                                   0x8800, 0x9000, 0x87f0, 0x28004, 0x28018, 0x28030};
    return below(6) ? 0x8000 + below(64) : ONE_OF(odd);
}

static uint32_t some_asn(void)
{
    static const uint32_t asns[] = {1,
                                    2,
                                    3,
                                    4,
                                    1,
                                    2,
                                    ASN_EVENT,
                                    ASN_SHORT,
                                    ASN_FAR,
                                    ASN_INVALID,
                                    ASN_WRONG,
                                    ASN_WRONG_60,
                                    ASN_NO_TABLE,
                                    ASN_BAD_TABLE};
    return ONE_OF(asns);
}

/* Each fills instruction and registers; `used` are registers taken. */

static void fill_pc(struct record *r, uint32_t *used)
{
    static const uint32_t numbers[] = {
        PC_CURRENT, PC_SUPERVISOR, PC_SWITCH,   PC_EVENT,   PC_CURRENT,   PC_SWITCH, PC_NOBODY,
        PC_WRONG,   PC_NO_SPACE,   PC_NO_ENTRY, PC_INVALID, PC_BAD_TABLE, PC_NO_LINK};
    unsigned base = some_register(used);
    gr(r, base, ONE_OF(numbers) | (below(4) ? 0 : random32() << 20));
    store_be32(r->instruction, 0xb2180000 | base << 12);
}

static void fill_pt(struct record *r, uint32_t *used)
{
    unsigned r1 = some_register(used), r2 = some_register(used);
    gr(r, r1, random32() << 16 | some_asn());
    gr(r, r2, RETURN | below(2) | (below(12) ? 0 : 0x01000000));
    store_be32(r->instruction, 0xb2280000 | r1 << 4 | r2);
}

static void fill_sac(struct record *r, uint32_t *used)
{
    static const uint32_t modes[] = {0, 0x100, 0, 0x100, 0x0ff, 0x1ff, 0x200, 0x800, 0xf00};
    store_be32(r->instruction, 0xb2190000 | ONE_OF(modes));
}

static void fill_register(struct record *r, uint32_t *used)
{
    static const uint32_t codes[] = {0xb2240000, 0xb2260000, 0xb2270000};
    store_be32(r->instruction, ONE_OF(codes) | some_register(used) << 4);
}

static void fill_ssar(struct record *r, uint32_t *used)
{
    unsigned r1 = some_register(used);
    gr(r, r1, random32() << 16 | some_asn());
    store_be32(r->instruction, 0xb2250000 | r1 << 4);
}

static void fill_ivsk(struct record *r, uint32_t *used)
{
    unsigned r1 = some_register(used), r2 = some_register(used);
    gr(r, r2, place() | (below(4) ? 0 : random32() << 24));
    store_be32(r->instruction, 0xb2230000 | r1 << 4 | r2);
}

static void fill_move(struct record *r, uint32_t *used)
{
    static const uint32_t lengths[] = {0, 1, 2, 7, 16, 30, 255, 256, 257, 0x10000, 0x80000000};
    unsigned r1 = some_register(used), r3 = some_register(used);
    unsigned b1 = some_register(used), b2 = some_register(used);
    static const uint32_t codes[] = {0xd9000000, 0xda000000, 0xdb000000};
    gr(r, r1, below(3) ? 1 + below(40) : ONE_OF(lengths));
    if (below(2))
        gr(r, r3, (random32() & 0xffffff0f) | below(4) << 4);
    gr(r, b1, place());
    gr(r, b2, place());
    store_be32(r->instruction, ONE_OF(codes) | r1 << 20 | r3 << 16 | b1 << 12);
    store_be16(r->instruction + 4, b2 << 12);
}

static void fill_lasp(struct record *r, uint32_t *used)
{
    unsigned b1 = some_register(used);
    uint32_t at = 8 * below(8);
    bool real = !(r->psw[0] & 4);
    gr(r, b1, below(20) ? (real ? 0x11000 : 0x8000) + at : place());
    store_be16(r->data + at, random32() & 0xff00);
    store_be16(r->data + at + 2, below(3) ? some_asn() : 2);
    store_be16(r->data + at + 4, below(3) ? 0x10 + below(6) : below(70));
    store_be16(r->data + at + 6, below(3) ? some_asn() : 1);
    store_be32(r->instruction, 0xe5000000 | b1 << 12);
    store_be16(r->instruction + 4, below(8));
}

static void fill_key(struct record *r, uint32_t *used)
{
    store_be32(r->instruction, below(2) ? 0xb20a0000 | below(4096) : 0xb20b0000);
}

static void fill_lra(struct record *r, uint32_t *used)
{
    unsigned r1 = some_register(used), b2 = some_register(used);
    gr(r, b2, place());
    store_be32(r->instruction, 0xb1000000 | r1 << 20 | b2 << 12);
}

static void fill_tprot(struct record *r, uint32_t *used)
{
    unsigned b1 = some_register(used);
    gr(r, b1, place());
    store_be32(r->instruction, 0xe5010000 | b1 << 12);
    store_be16(r->instruction + 4, below(4) << 4 | (below(2) ? 0x80 : 0));
}

/* ISKE, RRBE, SSKE, TB, and those for 2K blocks. */
static void fill_block(struct record *r, uint32_t *used)
{
    static const uint32_t codes[] = {0xb2290000, 0xb22a0000, 0xb22b0000, 0xb22c0000};
    unsigned r1 = some_register(used), r2 = some_register(used);
    uint32_t code = ONE_OF(codes), at = 0x11000 + 0x1000 * below(4);
    gr(r, r1, below(2) ? 0x10 | below(16) : random32());
    gr(r, r2, at | (below(3) ? 0 : random32() & 0x80000fff));
    if (!below(10))
        gr(r, r2, 0x01000000 | random32());
    if (code == 0xb22c0000)
        gr(r, r2, 0x15000 | (random32() & 0x80000fff));
    store_be32(r->instruction, code | r1 << 4 | r2);
}

static void (*const fills[])(struct record *r, uint32_t *used) = {
    fill_pc,   fill_pc,   fill_pt,   fill_pt,    fill_sac,   fill_register,
    fill_ssar, fill_ivsk, fill_move, fill_move,  fill_move,  fill_lasp,
    fill_lasp, fill_key,  fill_lra,  fill_tprot, fill_block,
};

static uint32_t some_cr0(void)
{
    uint32_t cr0 = CR0_PAGE_4K | 0xe0 | CR0_EXTRACTION | CR0_SECONDARY;
    if (!below(8))
        cr0 &= ~CR0_EXTRACTION;
    if (!below(8))
        cr0 &= ~CR0_SECONDARY;
    return below(10) ? cr0 : cr0 | CR0_LOW_PROTECTION;
}

static void make(struct record *r)
{
    static const uint32_t masks[] = {0xffff, 0, 0x00ff, 0x8000, 0x0080};
    uint32_t used = 0, asn = 1 + below(4);
    memset(r, 0, sizeof *r);
    for (unsigned n = 0; n < 16; n++)
        store_be32(r->gr[n], random32());
    for (unsigned n = 0; n < 64; n += 4)
        store_be32(r->data + n, random32());
    uint64_t psw = PSW_EC | SLOT;
    psw |= below(12) ? PSW_EC_TRANSLATE : 0;
    psw |= below(2) ? PSW_PROBLEM : 0;
    psw |= below(4) ? 0 : PSW_EC_SECONDARY;
    psw |= (uint64_t)below(4) << 44;
    psw |= below(2) ? 0 : UINT64_C(1) << (52 + 3 * below(2));
    store_be64(r->psw, psw);
    store_be32(r->cr[0], some_cr0());
    store_be32(r->cr[1], DESIGNATION(asn) | !below(6));
    store_be32(r->cr[2], 0xffffffff);
    store_be32(r->cr[3], (below(2) ? ONE_OF(masks) : random32()) << 16 | 2);
    store_be32(r->cr[4], (below(2) ? 0x10 + below(6) : below(70)) << 16 | asn);
    store_be32(r->cr[5], below(8) ? LINKING : LINKING & 0x7fffffff);
    store_be32(r->cr[7], DESIGNATION(2));
    store_be32(r->cr[14], FIRST >> 12 | (below(8) ? CR14_ASN : 0));
    store_be32(r->cr[15], 0x200);
    fills[below(sizeof fills / sizeof fills[0])](r, &used);
    store_be16(r->instruction + (r->instruction[0] < 0xc0 ? 4 : 6), 0x0a00);
}

/* --- running --- */

static void run_ours(uint8_t *storage)
{
    struct machine *m = machine_create(STORAGE, CLOCK_VIRTUAL);
    if (!m)
        exit(1);
    cpu_reset(m->cpu, true);
    cpu_set_facility(m->cpu, FACILITY_DUAL_SPACE, true);
    memcpy(m->storage.main, storage, STORAGE);
    (void)cpu_load_psw(m->cpu, load_be64(storage));
    cpu_start(m->cpu);
    while (cpu_run(m->cpu, 1000000) == CPU_EXIT_LIMIT && cpu_instructions(m->cpu) < 100000000)
        ;
    if ((cpu_psw(m->cpu) & PSW_ADDRESS) != 0)
        printf("spaces: our machine ended with PSW %016llX\n", (unsigned long long)cpu_psw(m->cpu));
    memcpy(storage, m->storage.main, STORAGE);
    machine_destroy(m);
}

/* --- comparing --- */

static bool is_access(unsigned code)
{
    return code == PGM_PROTECTION || code == PGM_ADDRESSING || code == PGM_SEGMENT ||
           code == PGM_PAGE;
}

/* Where the machines may differ, or Hercules 3.13 does not do what the manual says.  The manual's
 * words are tested in tests/unit/test_cpu_dual_space.c. */
static bool is_known(const struct record *ours, const struct record *theirs)
{
    unsigned a = load_be16(ours->codes + 10), b = load_be16(theirs->codes + 10);
    unsigned code = load_be16(ours->instruction);
    /* Two operands that cannot be accessed: in which order is open. */
    if (code >> 8 >= 0xd9 && code >> 8 <= 0xdb && is_access(a) && is_access(b))
        return true;
    /* Linkage-table entry: bits 1-7 must be zero; Hercules takes them for an address. */
    if (code == 0xb218 && a == PGM_PC_SPECIFICATION && b == PGM_ADDRESSING)
        return true;
    /* SAC: 2 is no mode of System/370, Hercules thinks of access registers. */
    if (code == 0xb219 && a == PGM_SPECIFICATION && b == PGM_SPECIAL_OPERATION)
        return true;
    /* The space-switch event, and LASP's condition code 3 for it: the control is bit 31 of the
     * segment-table designation; Hercules finds it nowhere. */
    if (code == 0xe500 && (ours->svc_old[2] & 0x30) == 0x30)
        return true;
    return a == PGM_SPACE_SWITCH && b == 0 && (code == 0xb218 || code == 0xb228);
}

/* Clears what need not be the same. */
static void unsettle(struct record *r)
{
    unsigned code = load_be16(r->codes + 10);
    /* The bits of the address within the page. */
    if (code == PGM_SEGMENT || code == PGM_PAGE)
        store_be16(r->codes + 14, load_be16(r->codes + 14) & 0xf000);
    /* Reference bits may be set by what is tried only. */
    for (unsigned k = 0; k < 4; k++)
        r->keys[k] &= (uint8_t)~KEY_REFERENCE;
}

static void show(const char *who, const struct record *r)
{
    printf("  %-8s svc %016llX pgm %016llX codes", who, (unsigned long long)load_be64(r->svc_old),
           (unsigned long long)load_be64(r->pgm_old));
    for (unsigned k = 0; k < 20; k += 4)
        printf(" %08X", load_be32(r->codes + k));
    for (unsigned k = 0; k < 32; k++)
        printf("%s%08X", k % 8 ? " " : "\n    ", load_be32(r->gr_after[k]));
    for (unsigned k = 0; k < 4; k++)
        printf("\n    %02X  %016llX %016llX %016llX", r->keys[k],
               (unsigned long long)load_be64(r->data_after[k]),
               (unsigned long long)load_be64(r->data_after[k] + 8),
               (unsigned long long)load_be64(r->data_after[k] + 16));
    printf("\n");
}

static void report(uint32_t n, const struct record *ours, const struct record *theirs)
{
    char text[80];
    disassemble(ours->instruction, SLOT, text, sizeof text);
    printf("case %u: %s  psw %016llX\n    before", n, text,
           (unsigned long long)load_be64(ours->psw));
    for (unsigned k = 0; k < 32; k++)
        printf("%s%08X", k % 8 ? " " : "\n    ", load_be32((k < 16 ? ours->gr : ours->cr)[k % 16]));
    printf("\n");
    show("ours", ours);
    show("hercules", theirs);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: spaces DIRECTORY DRIVER [TESTS [SEED]]\n");
        return 2;
    }
    if (system("command -v hercules >/dev/null 2>&1") != 0) {
        printf("spaces: hercules is not installed: nothing compared\n");
        return 0;
    }
    uint32_t count = argc > 3 ? (uint32_t)atoi(argv[3]) : 8000;
    state = argc > 4 ? (uint64_t)atoi(argv[4]) : 370;
    uint8_t *image = calloc(1, STORAGE), *ours = malloc(STORAGE), *theirs = calloc(1, STORAGE);
    FILE *f = fopen(argv[2], "rb");
    if (!image || !ours || !theirs || !f || !fread(image, 1, 0x3000, f)) {
        perror(argv[2]);
        return 1;
    }
    fclose(f);
    spaces_make(image, ENTRY);
    uint32_t end = INPUT + count * (uint32_t)sizeof(struct record);
    store_be32(image + NEXT, INPUT);
    store_be32(image + END, end);
    for (uint32_t n = 0; n < count; n++)
        make((struct record *)(void *)(image + INPUT) + n);
    memcpy(ours, image, STORAGE);
    run_ours(ours);
    char *directory = realpath(argv[1], NULL);
    const struct hercules_run run = {.directory = directory,
                                     .mode = "S/370",
                                     .megabytes = STORAGE >> 20,
                                     .image = image,
                                     .size = end,
                                     .from = INPUT,
                                     .to = end,
                                     .storage = theirs};
    if (!directory || !run_hercules(&run)) {
        fprintf(stderr, "spaces: hercules gave no result: see %s/hercules.log\n", argv[1]);
        return 1;
    }
    free(directory);
    unsigned different = 0;
    for (uint32_t n = 0; n < count; n++) {
        struct record *a = (struct record *)(void *)(ours + INPUT) + n;
        struct record *b = (struct record *)(void *)(theirs + INPUT) + n;
        unsettle(a);
        unsettle(b);
        if (memcmp(a, b, sizeof *a) && !is_known(a, b) && different++ < 10)
            report(n, a, b);
    }
    printf("spaces: %u cases, %u differ\n", count, different);
    free(image);
    free(ours);
    free(theirs);
    return different != 0;
}
