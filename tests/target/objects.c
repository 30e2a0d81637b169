/* Reads the output of `objdump -d` for target objects, and checks that the machine has each
 * instruction in its table, with the same length and mnemonic: what the compiler emits is
 * what insn.def offers.
 *
 * usage: objdump -d OBJECT... | objects */
#include "s370/cpu/cpu.h"
#include "s370/cpu/insn.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The extended mnemonics of branches, and names that are spelled otherwise. */
static bool same_name(const char *ours, const char *theirs)
{
    static const char *const pairs[][2] = {
        {"bcr", "b"},  {"bcr", "nop"}, {"bc", "b"},    {"bc", "nop"},  {"brc", "j"},
        {"brcl", "j"}, {"tmh", "tml"}, {"tml", "tml"}, {"tmh", "tmh"}, {"basr", "basr"},
    };
    if (!strcasecmp(ours, theirs))
        return true;
    for (size_t k = 0; k < sizeof pairs / sizeof pairs[0]; k++) {
        if (!strcasecmp(ours, pairs[k][0]) && !strncmp(theirs, pairs[k][1], strlen(pairs[k][1])))
            return true;
    }
    return false;
}

/* The text of one section, with objdump's mnemonic where it begins an instruction. */
#define SECTION_MAX 0x40000u
static uint8_t bytes[SECTION_MAX + 6];
static char names[SECTION_MAX][8];

static unsigned long count, bad;

/* Follows the instructions by our own lengths: objdump does not know SSK and ISK any more
 * (it shows .long, and may lose its way for some bytes).  Other data is skipped. */
static void check_section(const char *file, uint32_t size)
{
    char text[80];
    for (uint32_t at = 0; at < size;) {
        const char *name = names[at];
        bool old = bytes[at] == 0x08 || bytes[at] == 0x09;
        if (name[0] == '.' && !old) {
            do
                at += 2;
            while (at < size && !names[at][0]);
            continue;
        }
        unsigned number = insn_find(bytes + at);
        unsigned length = disassemble(bytes + at, at, text, sizeof text);
        bool known = number != I_none &&
                     (!name[0] || name[0] == '.' || same_name(insn_table[number].mnemonic, name));
        count++;
        if (!known && ++bad <= 20)
            printf("%s %x: the machine has no %s (it takes it for %s)\n", file, at, name, text);
        at += length;
    }
    memset(names, 0, sizeof names);
}

int main(void)
{
    char line[512], file[256] = "";
    uint32_t size = 0;
    while (fgets(line, sizeof line, stdin)) {
        unsigned address, byte;
        if (strstr(line, "Disassembly") || strstr(line, "file format")) {
            check_section(file, size);
            size = 0;
            if (strstr(line, "file format"))
                sscanf(line, "%255[^:]", file);
        }
        const char *tab = strchr(line, '\t');
        if (!tab || sscanf(line, " %x:", &address) != 1 || address >= SECTION_MAX - 6)
            continue;
        const char *name = strchr(tab + 1, '\t');
        unsigned n = 0;
        for (const char *p = tab + 1; isxdigit((unsigned char)*p) && n < 6; p += 3) {
            if (sscanf(p, "%2x", &byte) == 1)
                bytes[address + n++] = (uint8_t)byte;
        }
        if (!name || sscanf(name, "%7s", names[address]) != 1)
            strcpy(names[address], ".");
        if (address + n > size)
            size = address + n;
    }
    check_section(file, size);
    printf("target objects: %lu instructions, %lu that the machine does not have\n", count, bad);
    return bad || !count;
}
