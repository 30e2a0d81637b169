/* Counts how often the guests of a control program leave it to itself: interruptions that take a
 * program out of problem state, by its segment table.  Whose that is, is not the machine's
 * business; but CP's symbol file has two constants (cp/glass.c) that lead to a guest's userid. */
#include "s370/operator/internal.h"

#include "lib/be.h"
#include "lib/ebcdic.h"

#include <stdlib.h>
#include <string.h>

#define GUESTS 64 /* counted; the one that was quiet longest is forgotten */

struct exits {
    struct operator_exits rows[GUESTS];
    uint64_t last[GUESTS]; /* instructions executed at the last exit */
    unsigned count;
};

/* The userid, at a constant offset of what a word of low storage points to. */
static void find_name(struct oper *o, char name[9])
{
    uint32_t at, offset;
    uint8_t word[4], text[8];
    name[0] = 0;
    if (!symbols_constant(o->symbols, "glass_guest", &at) ||
        !symbols_constant(o->symbols, "glass_userid", &offset) ||
        !storage_peek(&o->m->storage, at, word, sizeof word) ||
        !storage_peek(&o->m->storage, (load_be32(word) + offset) & 0xffffff, text, sizeof text))
        return;
    for (unsigned i = 0; i < 8; i++) {
        char c = (char)ebcdic_to_latin1(text[i]);
        if (c <= ' ' || (uint8_t)c >= 0x7f)
            break;
        name[i] = c;
        name[i + 1] = 0;
    }
}

/* The row of a segment table; if there is no room, of the one that was quiet longest. */
static unsigned row_of(struct exits *e, uint32_t segment_table)
{
    unsigned oldest = 0;
    for (unsigned i = 0; i < e->count; i++) {
        if (e->rows[i].segment_table == segment_table)
            return i;
        if (e->last[i] < e->last[oldest])
            oldest = i;
    }
    unsigned i = e->count < GUESTS ? e->count++ : oldest;
    e->rows[i] = (struct operator_exits){.segment_table = segment_table};
    return i;
}

void exits_count(struct oper *o, struct cpu *cpu)
{
    struct exits *e = o->exits;
    unsigned i = row_of(e, cpu_regs(cpu)->cr[1]);
    struct operator_exits *row = &e->rows[i];
    char name[9];
    find_name(o, name);
    if (strcmp(name, row->name) != 0) { /* another guest has the storage of that table now */
        strcpy(row->name, name);
        row->count = 0;
    }
    row->count++;
    e->last[i] = cpu_instructions(cpu);
}

void operator_count_exits(struct oper *o, bool on)
{
    free(o->exits);
    o->exits = on ? calloc(1, sizeof *o->exits) : NULL;
    operator_watch(o);
}

unsigned operator_exits(const struct oper *o, const struct operator_exits **rows)
{
    *rows = o->exits ? o->exits->rows : NULL;
    return o->exits ? o->exits->count : 0;
}
