/* HELP: the commands that this user may give, from the table itself. */
#include "cp/commands/commands.h"

#include "lib/str.h"

static void class_letters(char *to, uint8_t classes)
{
    static const char letters[] = "ABCDEFGH";
    if (classes == CLASS_ANY) {
        str_copy(to, "ANY", 9);
        return;
    }
    for (int i = 0; i < 8; i++)
        if (classes & CLASS_BIT(i))
            *to++ = letters[i];
    *to = 0;
}

/* The abbreviation in capitals, the rest of the name in small letters: Query. */
static void shown_name(char *to, size_t size, const struct command *row)
{
    str_copy(to, row->name, size);
    for (size_t i = row->least; to[i]; i++)
        to[i] = str_lower(to[i]);
}

static void list_names(struct vmblok *vm)
{
    char line[80], name[16];
    size_t used = 0;
    for (const struct command *row = commands; row->name; row++) {
        if (!(row->classes & vm->classes) && row->classes != CLASS_ANY)
            continue;
        if (!vm->logged_on && !row->before_logon)
            continue;
        shown_name(name, sizeof name, row);
        used += fmt(line + used, sizeof line - used, "%-11s", name);
        if (used > 60) {
            cp_printf(vm, "%s", line);
            used = 0;
        }
    }
    if (used)
        cp_printf(vm, "%s", line);
    cp_printf(vm, "Capitals are the shortest abbreviation. HELP command shows its operands.");
}

static void show_row(struct vmblok *vm, const struct command *row)
{
    char name[16], classes[9];
    shown_name(name, sizeof name, row);
    class_letters(classes, row->classes);
    cp_printf(vm, "%-11s %-4s %s", name, classes, row->help);
}

static void show_operands(struct vmblok *vm, const struct command *table)
{
    for (const struct command *row = table; row->name; row++)
        if (row->classes == CLASS_ANY || row->classes & vm->classes)
            show_row(vm, row);
}

int command_help(struct vmblok *vm, const char *operands)
{
    char word[18];
    if (!str_word(&operands, word, sizeof word)) {
        list_names(vm);
        return 0;
    }
    const struct command *row = command_find(commands, word, CLASS_ANY);
    if (!row)
        return cp_error(vm, "CFC", 1, "?CP: %s", word);
    show_row(vm, row);
    if (str_equal(row->name, "QUERY"))
        show_operands(vm, query_operands);
    if (str_equal(row->name, "SET"))
        show_operands(vm, set_operands);
    return 0;
}
