/* Running a command line: finding its row, and the messages that all commands share. */
#include "cp/command.h"

#include "cp/commands/state.h"
#include "lib/str.h"

const struct command *command_find(const struct command *table, const char *word, uint8_t classes)
{
    for (; table->name; table++)
        if (str_abbrev(word, table->name, table->least) &&
            (table->classes == CLASS_ANY || table->classes & classes))
            return table;
    return NULL;
}

/* Where nobody is logged on only some rows count, so that LOG is LOGON there and LOGOFF later. */
static const struct command *find_row(const struct vmblok *vm, const char *word)
{
    if (vm->logged_on)
        return command_find(commands, word, vm->classes);
    for (const struct command *row = commands; row->name; row++)
        if (row->before_logon && str_abbrev(word, row->name, row->least))
            return row;
    return NULL;
}

int command_run(struct vmblok *vm, const char *line)
{
    char word[18];
    const char *operands = line;
    if (!str_word(&operands, word, sizeof word) || word[0] == '*')
        return 0;
    if (str_equal(word, "CP") || str_equal(word, "#CP")) {
        if (!*operands)
            return 0;
        str_word(&operands, word, sizeof word);
    }
    const struct command *row = find_row(vm, word);
    if (!row && !vm->logged_on && command_find(commands, word, CLASS_ANY)) {
        cp_printf(vm, "LOG ON FIRST: LOGON USERID");
        return 1;
    }
    if (!row && command_vm(vm)->by_diagnose)
        return 1;
    if (!row) {
        str_upcase(word, strlen(word));
        return cp_error(vm, "CFC", 1, "?CP: %s", word);
    }
    return row->run(vm, operands);
}

/* A message is its code and its text; SET EMSG says which parts are shown. */
static int message(struct vmblok *vm, const char *module, int number, char severity,
                   const char *format, va_list args)
{
    char text[MESSAGE_MAX];
    const struct vm_settings *set = &vm->set;
    vfmt(text, sizeof text, format, args);
    if (set->emsg_code && set->emsg_text)
        cp_printf(vm, "DMK%s%03d%c %s", module, number, severity, text);
    else if (set->emsg_code)
        cp_printf(vm, "DMK%s%03d%c", module, number, severity);
    else if (set->emsg_text)
        cp_printf(vm, "%s", text);
    return number;
}

int cp_error(struct vmblok *vm, const char *module, int number, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    message(vm, module, number, 'E', format, args);
    va_end(args);
    return number;
}

int cp_message(struct vmblok *vm, const char *module, int number, char severity, const char *format,
               ...)
{
    va_list args;
    va_start(args, format);
    message(vm, module, number, severity, format, args);
    va_end(args);
    return number;
}

int error_operand(struct vmblok *vm, const char *module, const char *word)
{
    char shown[18];
    if (!word || !*word)
        return cp_error(vm, module, 26, "OPERAND MISSING OR INVALID");
    str_copy(shown, word, sizeof shown);
    str_upcase(shown, strlen(shown));
    return cp_error(vm, module, 2, "INVALID OPERAND - %s", shown);
}

int error_option(struct vmblok *vm, const char *module, const char *word)
{
    char shown[18];
    str_copy(shown, word, sizeof shown);
    str_upcase(shown, strlen(shown));
    return cp_error(vm, module, 3, "INVALID OPTION - %s", shown);
}

int error_userid(struct vmblok *vm, const char *module)
{
    return cp_error(vm, module, 20, "USERID MISSING OR INVALID");
}

int error_vaddr(struct vmblok *vm, const char *module)
{
    return cp_error(vm, module, 22, "VADDR MISSING OR INVALID");
}

int error_no_device(struct vmblok *vm, const char *module, uint32_t vaddr)
{
    return cp_error(vm, module, 40, "DEV %03X DOES NOT EXIST", (unsigned)vaddr);
}

int error_not_logged_on(struct vmblok *vm, const char *module, const char *userid)
{
    return cp_error(vm, module, 45, "%s NOT LOGGED ON", userid);
}
