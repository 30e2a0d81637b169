/* Running a case on the machine and on the reference, and comparing what came of it. */
#include "tests/generator/generator.h"

#include "lib/be.h"
#include "s370/arch/psw.h"
#include "s370/cpu/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One way to run: on the fast or the plain machine, or again there with all as it was. */
enum way { FAST, AGAIN, PLAIN, WAYS };
static const char *const way_names[] = {"fast", "fast again", "plain"};

/* What is unlike: printed as it is found. */
struct report {
    const struct test *t;
    enum way way;
    unsigned count;
    bool loud;
};

static void print_case(const struct test *t)
{
    char text[80];
    disassemble(t->bytes, t->ia, text, sizeof text);
    printf("  %s (%s) at %06X, %u MiB, psw %016llX, prefix %06X, cr0 %08X cr1 %08X%s\n", text,
           insn_table[t->world->r.number].mnemonic, t->ia, t->world->size >> 20,
           (unsigned long long)t->psw, t->prefix, t->cr[0], t->cr[1],
           t->extension ? "" : ", no extension");
    if (t->dual)
        printf("    cr3 %08X cr4 %08X cr5 %08X cr7 %08X cr14 %08X\n", t->cr[3], t->cr[4], t->cr[5],
               t->cr[7], t->cr[14]);
    for (unsigned k = 0; k < 16; k++)
        printf("%s%08X", k % 8 ? " " : k ? "\n    gr " : "    gr ", t->gr[k]);
    printf("\n    fpr");
    for (unsigned k = 0; k < 4; k++)
        printf(" %016llX", (unsigned long long)t->fpr[k]);
    printf("\n");
}

static void differs(struct report *p, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void differs(struct report *p, const char *format, ...)
{
    va_list list;
    if (p->loud && p->count < 12) {
        if (!p->count)
            print_case(p->t);
        va_start(list, format);
        printf("    %s: ", way_names[p->way]);
        vprintf(format, list);
        printf("\n");
        va_end(list);
    }
    p->count++;
}

/* --- the machine --- */

/* Puts the case into the machine.  `again`: storage and registers only, so that keys and
 * translation buffer stay as the first run has left them. */
static void load(struct machine *m, const struct test *t, bool again)
{
    const struct world *w = t->world;
    struct cpu *cpu = m->cpu;
    if (!again) {
        cpu_reset(cpu, true);
        memcpy(m->storage.keys, w->image_keys, w->size / REF_BLOCK);
        if (((cpu->facilities & FACILITY_COMPILER) != 0) != t->extension)
            cpu_set_facility(cpu, FACILITY_COMPILER, t->extension);
        if (((cpu->facilities & FACILITY_DUAL_SPACE) != 0) != t->dual)
            cpu_set_facility(cpu, FACILITY_DUAL_SPACE, t->dual);
    }
    for (unsigned k = 0; k < w->live_count; k++) {
        uint32_t at = w->live[k] * REF_BLOCK;
        (void)storage_poke(&m->storage, at, w->image + at, REF_BLOCK);
    }
    memcpy(cpu_regs(cpu)->gr, t->gr, sizeof t->gr);
    memcpy(cpu_regs(cpu)->fpr, t->fpr, sizeof t->fpr);
    memcpy(cpu_regs(cpu)->cr, t->cr, sizeof t->cr);
    if (!again)
        cpu_set_prefix(cpu, t->prefix);
    cpu->comparator = t->comparator;
    timers_set_cpu_timer(cpu, t->cpu_timer);
    cpu_set_cr(cpu, 0, t->cr[0]);
    (void)cpu_load_psw(cpu, t->psw);
    cpu_start(cpu);
}

static bool is_reissued(unsigned number)
{
    return number == I_mvst || number == I_clst || number == I_srst;
}

/* Executes the instruction: of those that are interruptible, all units. */
static void execute(struct machine *m, const struct test *t, unsigned number)
{
    struct cpu *cpu = m->cpu;
    bool units = number && t->steps == 1 && (insn_table[number].attributes & A_INTERRUPTIBLE);
    unsigned length = t->length;
    for (unsigned k = 0; k < 100000; k++) {
        (void)cpu_run(cpu, t->done);
        uint64_t psw = cpu_psw(cpu);
        uint32_t ia = psw & PSW_ADDRESS;
        if (!units)
            break;
        unsigned cc = psw & PSW_EC ? PSW_EC_CC(psw) : PSW_BC_CC(psw);
        if (is_reissued(number) && ia == ((t->ia + length) & ADDRESS_MASK) && cc == 3)
            (void)cpu_load_psw(cpu, (psw & ~PSW_ADDRESS) | t->ia);
        else if (ia != t->ia)
            break;
    }
    cpu_stop(cpu);
}

/* --- the reference --- */

static void load_reference(struct test *t, bool again)
{
    struct world *w = t->world;
    struct reference *r = &w->r;
    uint32_t blocks = w->size / REF_BLOCK;
    if (!again)
        memcpy(r->keys, w->image_keys, blocks);
    for (unsigned k = 0; k < w->live_count; k++)
        memcpy(r->storage + w->live[k] * REF_BLOCK, w->image + w->live[k] * REF_BLOCK, REF_BLOCK);
    ref_begin(r);
    memcpy(r->gr, t->gr, sizeof t->gr);
    memcpy(r->cr, t->cr, sizeof t->cr);
    memcpy(r->fpr, t->fpr, sizeof t->fpr);
    r->prefix = t->prefix;
    r->comparator = t->comparator;
    r->cpu_timer = t->cpu_timer;
    r->tod = machine_tod(w->fast);
    r->extension = t->extension;
    r->dual = t->dual;
    r->serial = w->fast->cpu_serial;
    ref_load_psw(r, t->psw);
}

/* Blocks that are not live are zero before each case. */
static void clean_reference(struct test *t)
{
    struct world *w = t->world;
    for (unsigned k = 0; k < w->r.dirty_count; k++) {
        uint32_t block = w->r.dirty[k];
        if (!w->is_live[block])
            memset(w->r.storage + block * REF_BLOCK, 0, REF_BLOCK);
    }
}

static void clean_machine(struct test *t, struct machine *m)
{
    static const uint8_t zeros[REF_BLOCK];
    struct world *w = t->world;
    for (unsigned k = 0; k < w->r.dirty_count; k++) {
        uint32_t block = w->r.dirty[k];
        if (!w->is_live[block])
            (void)storage_poke(&m->storage, block * REF_BLOCK, zeros, REF_BLOCK);
    }
}

/* --- comparing --- */

/* A time that was stored: it has moved a little, and an interruption may have stored over it. */
static void take_time(struct report *p, struct reference *r, const struct machine *m)
{
    uint64_t time = 0, expected = r->number == I_stpt ? p->t->cpu_timer : machine_tod(m);
    bool whole = true;
    for (unsigned k = 0; k < 8; k++) {
        uint32_t at = r->time_at[k];
        whole &= at != REF_NOWHERE;
        if (at == REF_NOWHERE)
            continue;
        time = time << 8 | m->storage.main[at];
        r->storage[at] = m->storage.main[at];
    }
    if (whole && expected - time > UINT64_C(1) << 32)
        differs(p, "time %016llX, expected about %016llX", (unsigned long long)time,
                (unsigned long long)expected);
}

/* The interval timer may have taken a step. */
static void take_interval(struct reference *r, uint32_t prefix, const struct machine *m)
{
    uint32_t at = 0x50 | prefix, old = load_be32(r->storage + at);
    if (load_be32(m->storage.main + at) == old - 0x100)
        store_be32(r->storage + at, old - 0x100);
}

/* Of a translation-exception address the byte index is not defined. */
static void take_fault_address(struct reference *r, uint32_t prefix, const struct machine *m)
{
    struct reference *s = r;
    uint32_t now = r->prefix;
    s->prefix = prefix;
    uint32_t at = ref_absolute(s, 0x90);
    s->prefix = now;
    uint32_t undefined = ref_byte_index(r);
    store_be32(r->storage + at, (load_be32(r->storage + at) & ~undefined) |
                                    (load_be32(m->storage.main + at) & undefined));
}

static void compare_block(struct report *p, const struct reference *r, const struct machine *m,
                          uint32_t block)
{
    uint32_t at = block * REF_BLOCK;
    if (!memcmp(r->storage + at, m->storage.main + at, REF_BLOCK))
        return;
    for (uint32_t k = at; k < at + REF_BLOCK; k++) {
        if (r->storage[k] != m->storage.main[k])
            differs(p, "storage %06X: %02X, expected %02X", k, m->storage.main[k], r->storage[k]);
    }
}

/* Reference bits: of a block that was looked at without success either is right. */
static void compare_keys(struct report *p, const struct reference *r, const struct machine *m)
{
    const uint8_t *keys = m->storage.keys;
    uint32_t blocks = r->size / REF_BLOCK;
    if (!memcmp(keys, r->keys, blocks))
        return;
    for (uint32_t k = 0; k < blocks; k++) {
        uint8_t unlike = keys[k] ^ r->keys[k];
        if (!unlike)
            continue;
        bool suppressed = r->code && !r->branched;
        if (r->referenced[k] && (suppressed || (keys[k] & 4)))
            unlike &= ~4u;
        if (r->changed[k])
            unlike &= ~2u;
        if (unlike)
            differs(p, "key of block %06X: %02X, expected %02X", k * REF_BLOCK, keys[k],
                    r->keys[k]);
    }
}

static void compare(struct report *p, struct machine *m)
{
    struct test const *t = p->t;
    struct reference *r = &t->world->r;
    const struct cpu_state_regs *regs = cpu_regs(m->cpu);
    uint64_t psw = cpu_psw(m->cpu), expected = ref_psw(r, 0, 0);
    if (r->timed)
        take_time(p, r, m);
    take_interval(r, t->prefix, m);
    if (r->prefix != t->prefix)
        take_interval(r, r->prefix, m);
    if (r->fault_address)
        take_fault_address(r, t->prefix, m);
    if (psw != expected)
        differs(p, "psw %016llX, expected %016llX", (unsigned long long)psw,
                (unsigned long long)expected);
    for (unsigned k = 0; k < 16; k++) {
        if ((regs->gr[k] ^ r->gr[k]) & ~r->undefined[k])
            differs(p, "gr%u %08X, expected %08X", k, regs->gr[k], r->gr[k]);
        if (regs->cr[k] != r->cr[k])
            differs(p, "cr%u %08X, expected %08X", k, regs->cr[k], r->cr[k]);
    }
    for (unsigned k = 0; k < 4; k++) {
        if (regs->fpr[k] != r->fpr[k])
            differs(p, "fpr%u %016llX, expected %016llX", 2 * k, (unsigned long long)regs->fpr[k],
                    (unsigned long long)r->fpr[k]);
    }
    if (cpu_prefix(m->cpu) != r->prefix)
        differs(p, "prefix %06X, expected %06X", cpu_prefix(m->cpu), r->prefix);
    if (m->cpu->comparator != r->comparator)
        differs(p, "clock comparator %016llX, expected %016llX",
                (unsigned long long)m->cpu->comparator, (unsigned long long)r->comparator);
    if (r->cpu_timer - m->cpu->cpu_timer > UINT64_C(1) << 32)
        differs(p, "CPU timer %016llX, expected about %016llX",
                (unsigned long long)m->cpu->cpu_timer, (unsigned long long)r->cpu_timer);
    for (unsigned k = 0; k < t->world->live_count; k++)
        compare_block(p, r, m, t->world->live[k]);
    for (unsigned k = 0; k < r->dirty_count; k++) {
        if (!t->world->is_live[r->dirty[k]])
            compare_block(p, r, m, r->dirty[k]);
    }
    compare_keys(p, r, m);
}

/* The exception that the machine has indicated, for the reference's choice. */
static unsigned indicated(struct test *t, const struct machine *m)
{
    struct reference *r = &t->world->r;
    r->prefix = t->prefix;
    const uint8_t *low = m->storage.main + ref_absolute(r, 0);
    r->prefer_address = load_be32(low + 0x90);
    unsigned code = t->psw & PSW_EC ? load_be16(low + 0x8e) : load_be16(low + 0x2a);
    return code & 0x7f; /* without a program event */
}

/* Runs the reference; without a choice, or with the machine's. */
static void run_reference(struct test *t, bool again)
{
    struct reference *r = &t->world->r;
    clean_reference(t);
    load_reference(t, again);
    t->done = 0;
    r->no_units = t->steps > 1; /* they count as several instructions */
    do {
        ref_step(r);
        t->done++;
        if (t->steps > 1 && (r->timed || r->skipped))
            r->open = "not for a sequence";
    } while (t->done < t->steps && !r->open && !r->interrupted && !r->psw_bad && !r->wait);
}

/* --- */

static void count(struct tally *tally, const struct test *t)
{
    const struct reference *r = &t->world->r;
    tally->runs++;
    tally->instructions += t->done;
    tally->open += r->open != NULL;
    if (r->outer != t->row || t->steps > 1)
        return;
    if (r->code) {
        tally->faults++;
        tally->codes[r->code & 0x7f][t->row] = 1;
    }
    tally->codes[0][t->row] |= !r->code;
}

/* A second run finds translations in the buffer: not if the instruction has changed them. */
static bool can_repeat(const struct test *t)
{
    const struct reference *r = &t->world->r;
    if (t->steps > 1 || r->number == I_none || (insn_table[r->number].attributes & A_PRIVILEGED) ||
        r->code)
        return false;
    for (unsigned k = 0; k < r->dirty_count; k++) {
        uint32_t at = ref_absolute(r, r->dirty[k] * REF_BLOCK);
        if (t->dat && at >= SEGMENT_TABLE && at < PAGE_TABLES + 0x1000)
            return false;
    }
    return r->prefix == t->prefix;
}

/* The same with the reference's choice among exceptions, until one is like the machine's: what it
 * has indicated; or, if that is gone because the new PSW was bad and gave a specification exception
 * of its own, one after the other. */
static void compare_choices(struct report *p, struct test *t, struct machine *m,
                            const uint8_t *keys, bool again, bool loud)
{
    struct reference *r = &t->world->r;
    unsigned code = indicated(t, m);
    const unsigned codes[] = {code,        PGM_PROTECTION, PGM_ADDRESSING,  PGM_SPECIFICATION,
                              PGM_SEGMENT, PGM_PAGE,       PGM_TRANSLATION, code};
    const unsigned count = sizeof codes / sizeof codes[0];
    for (unsigned k = 0; k < count && p->count; k++) {
        clean_reference(t);
        if (again)
            memcpy(r->keys, keys, t->world->size / REF_BLOCK);
        r->prefer_code = codes[k];
        run_reference(t, again);
        p->count = 0;
        p->loud = loud && k + 1 == count;
        compare(p, m);
    }
}

static unsigned run_way(struct test *t, enum way way, bool loud)
{
    struct machine *m = way == PLAIN ? t->world->plain : t->world->fast;
    struct reference *r = &t->world->r;
    struct report report = {.t = t, .way = way, .loud = false};
    static uint8_t keys[STORAGE_SIZE_MOST / REF_BLOCK];
    bool again = way == AGAIN;
    memcpy(keys, r->keys, t->world->size / REF_BLOCK);
    r->prefer_code = 0;
    run_reference(t, again);
    if (r->open)
        return 0;
    load(m, t, again);
    execute(m, t, r->number);
    report.loud = loud && !r->interrupted && !r->skipped;
    compare(&report, m);
    if (report.count && !report.loud)
        compare_choices(&report, t, m, keys, again, loud);
    clean_machine(t, m);
    return report.count;
}

bool run_test(struct test *t, struct tally *tally, bool loud)
{
    unsigned unlike = run_way(t, FAST, loud);
    count(tally, t);
    uint8_t before = (uint8_t)PSW_EC_CC(t->psw);
    const struct reference *r = &t->world->r;
    if (!(t->psw & PSW_EC))
        before = (uint8_t)PSW_BC_CC(t->psw);
    if (r->outer == t->row && t->steps == 1 && !r->open && !r->code)
        tally->ccs[r->cc][t->row] |= r->cc == before ? 1 : 2;
    if (!unlike && can_repeat(t))
        unlike += run_way(t, AGAIN, loud);
    unlike += run_way(t, PLAIN, loud);
    clean_reference(t);
    return !unlike;
}

bool world_clean(struct world *w)
{
    /* Blocks that are not live must be zero everywhere. */
    for (uint32_t k = 0; k < w->size / REF_BLOCK; k++) {
        uint32_t at = k * REF_BLOCK;
        if (w->is_live[k])
            continue;
        if (memcmp(w->image + at, w->fast->storage.main + at, REF_BLOCK) ||
            memcmp(w->image + at, w->plain->storage.main + at, REF_BLOCK)) {
            printf("  storage %06X was changed by an instruction that has nothing to do there\n",
                   at);
            return false;
        }
    }
    return true;
}
