/* Fuzz target: any text as a script of operator commands, at a machine with consoles, readers and
 * a disk.  It ends, or waits; nothing crashes, and nothing is left behind when the operator goes.
 * File names are within a directory of the target's own: no line has a slash but its first.  Lines
 * that could open sockets are left out. */
#include "fuzz_system.h"

#include "s370/operator/gdb.h"

static bool opens_sockets(const char *line)
{
    static const char *const words[] = {"sockdev", "listen", "connect=", "ctca",
                                        "3088",    "gdb",    "watch"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(line, words[i]))
            return true;
    return false;
}

/* Backslashes go too: behind one a character could hide. */
static void write_script(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), *rest = text, *line;
    FILE *f = fopen("script", "w");
    if (!text || !f)
        abort();
    memcpy(text, data, size);
    text[size] = 0;
    while ((line = strsep(&rest, "\n\r"))) {
        size_t blanks = strspn(line, " \t");
        for (char *c = line + blanks; *c; c++)
            if ((*c == '/' && c > line + blanks) || *c == '\\')
                *c = '_';
        if (!opens_sockets(line))
            fprintf(f, "%s\n", line);
    }
    free(text);
    fclose(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A console program: reads a line and writes it, again and again. */
    static const uint8_t program[] = {0x9c, 0x00, 0x00, 0x09, 0x82, 0x00, 0x00, 0x90};
    static const uint8_t wait_psw[] = {0x02, 0x0a}, caw[] = {0, 0, 0x20, 0};
    static const uint8_t ccws[] = {0x0a, 0, 0x30, 0, 0x60, 0, 0, 0x40,
                                   0x09, 0, 0x30, 0, 0x20, 0, 0, 0x40};
    system_begin();
    system_files(); /* an input before may have written over them */
    system_attach(0x009, "3215-C", NULL, NULL);
    system_attach(0x0c0, "3215", NULL, NULL);
    system_attach(0x00c, "3505", "deck", NULL);
    system_attach(0x00e, "1403", "paper", "clear");
    system_attach(0x191, "2311", "disk", "cow");
    system_poke(0x1000, program, sizeof program);
    system_poke(0x90, wait_psw, sizeof wait_psw);
    system_poke(0x7c, (const uint8_t[]){0, 0, 0x10, 0}, 4);
    system_poke(0x48, caw, sizeof caw);
    system_poke(0x2000, ccws, sizeof ccws);
    struct oper *op = operator_create(system_machine, 0x009);
    write_script(data, size);
    if (operator_run_script(op, "script", true))
        system_run(100);
    operator_destroy(op);
    system_end();
    return 0;
}
