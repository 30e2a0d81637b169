/* SCREEN and QUERY SCREEN: colours and highlighting of the parts of a 3270's screen, where the
 * terminal has them.  Source: VM/SP CP Command Reference, SC19-6211. */
#include "cp/commands/commands.h"
#include "cp/screen.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE "SCN"

static const struct keyword colours[] = {{"DEFAULT", 3, 0},
                                         {"BLUE", 1, COLOUR_BLUE},
                                         {"RED", 1, COLOUR_RED},
                                         {"PINK", 1, COLOUR_PINK},
                                         {"GREEN", 1, COLOUR_GREEN},
                                         {"TURQUOISE", 1, COLOUR_TURQUOISE},
                                         {"YELLOW", 1, COLOUR_YELLOW},
                                         {"WHITE", 1, COLOUR_WHITE},
                                         {0}};
static const struct keyword highlights[] = {{"NONE", 2, 0},
                                            {"BLINK", 3, HIGHLIGHT_BLINK},
                                            {"REVVIDEO", 3, HIGHLIGHT_REVERSE},
                                            {"UNDERLINE", 5, HIGHLIGHT_UNDERLINE},
                                            {0}};
#define AREA(area) (1u << (area))
#define OUTAREA    (AREA(AREA_CPOUT) | AREA(AREA_VMOUT) | AREA(AREA_INREDISP))
static const struct keyword areas[] = {{"INAREA", 3, AREA(AREA_INPUT)},
                                       {"STATAREA", 4, AREA(AREA_STATUS)},
                                       {"CPOUT", 3, AREA(AREA_CPOUT)},
                                       {"VMOUT", 3, AREA(AREA_VMOUT)},
                                       {"INREDISP", 3, AREA(AREA_INREDISP)},
                                       {"OUTAREA", 3, OUTAREA},
                                       {"ALL", 3, OUTAREA | AREA(AREA_INPUT) | AREA(AREA_STATUS)},
                                       {0}};

/* One area, its colour, its highlighting if there is one. */
static int set_area(struct vm_settings *set, struct vmblok *vm, const char *name,
                    const char **operands)
{
    char word[WORD_SIZE];
    const struct keyword *area = keyword_find(areas, name), *colour, *highlight;
    if (!area)
        return error_operand(vm, MODULE, name);
    if (!str_word(operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    colour = keyword_find(colours, word);
    if (!colour)
        return error_operand(vm, MODULE, word);
    const char *rest = *operands;
    highlight = str_word(&rest, word, sizeof word) ? keyword_find(highlights, word) : NULL;
    if (highlight)
        *operands = rest;
    for (unsigned i = 0; i < SCREEN_AREAS; i++)
        if (area->value & AREA(i)) {
            set->look[i].colour = colour->value;
            set->look[i].highlight = highlight ? highlight->value : 0;
        }
    return 0;
}

int command_screen(struct vmblok *vm, const char *operands)
{
    char name[WORD_SIZE];
    struct vm_settings set = vm->set;
    if (!*operands)
        return error_operand(vm, MODULE, NULL);
    while (str_word(&operands, name, sizeof name)) {
        int error = set_area(&set, vm, name, &operands);
        if (error)
            return error;
    }
    vm->set = set;
    if (vm->terminal && vm->terminal->screen)
        screen_restyle(vm->terminal->screen);
    return 0;
}

static const char *name_of(const struct keyword *table, uint8_t value)
{
    while (table->value != value)
        table++;
    return table->name;
}

int query_screen(struct vmblok *vm, const char *operands)
{
    static const uint8_t order[] = {AREA_INPUT, AREA_STATUS, AREA_CPOUT, AREA_VMOUT, AREA_INREDISP};
    for (unsigned i = 0; i < sizeof order; i++) {
        const struct screen_look *look = &vm->set.look[order[i]];
        cp_printf(vm, "%-8s %-9s %s", name_of(areas, (uint8_t)AREA(order[i])),
                  name_of(colours, look->colour), name_of(highlights, look->highlight));
    }
    return 0;
}
