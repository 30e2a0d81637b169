/* datbox dis: disassembles a file of instructions, or the code in an ELF file of the
 * target's with its symbols. */
#include "tools/tools.h"

#include "lib/be.h"
#include "lib/str.h"
#include "s370/cpu/cpu.h"
#include "s370/operator/symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PROGRAM_LOAD       1
#define PROGRAM_EXECUTABLE 1

struct program_header {
    be32 type, offset, virtual_address, physical, file_size, memory_size, flags, align;
};
LAYOUT(struct program_header, 32);

static int usage(FILE *to)
{
    fputs("usage: datbox dis FILE [ADDRESS]\n"
          "  FILE is an ELF file for System/370, or instructions that begin at ADDRESS\n"
          "  (hexadecimal, else 0).\n",
          to);
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

static void print_code(const uint8_t *code, size_t length, uint32_t address,
                       const struct symbols *symbols)
{
    for (size_t at = 0; at < length;) {
        uint8_t bytes[6] = {0};
        char text[80], hex[16];
        uint32_t offset, here = address + (uint32_t)at;
        size_t n = code[at] < 0x40 ? 2 : code[at] < 0xc0 ? 4 : 6;
        if (n > length - at)
            n = length - at;
        memcpy(bytes, code + at, n);
        const char *name = symbols_find(symbols, here, &offset);
        if (name && offset == 0)
            printf("%s:\n", name);
        for (size_t i = 0; i < n; i++)
            snprintf(hex + 2 * i, sizeof hex - 2 * i, "%02X", bytes[i]);
        disassemble(bytes, here, text, sizeof text);
        printf("%06X  %-12s  %s\n", here, hex, text);
        at += n;
    }
}

/* Prints the executable segments of an ELF image that symbols_parse has accepted. */
static void print_elf(const uint8_t *image, size_t length, const struct symbols *symbols)
{
    uint32_t start = load_be32(image + 28), count = load_be16(image + 44);
    for (uint32_t i = 0; i < count; i++) {
        size_t at = start + (size_t)i * sizeof(struct program_header);
        if (at > length || length - at < sizeof(struct program_header))
            return;
        const struct program_header *h = (const struct program_header *)(image + at);
        uint32_t offset = get32(h->offset), size = get32(h->file_size);
        if (get32(h->type) == PROGRAM_LOAD && (get32(h->flags) & PROGRAM_EXECUTABLE) &&
            offset <= length && size <= length - offset)
            print_code(image + offset, size, get32(h->virtual_address), symbols);
    }
}

int dis_main(int argc, char **argv)
{
    uint32_t address = 0;
    char error[160];
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")))
        return usage(stdout);
    if (argc < 2 || argc > 3 || (argc == 3 && !str_hex(argv[2], &address)))
        return usage(stderr);
    FILE *f = fopen(argv[1], "re");
    size_t size = 16 << 20;
    uint8_t *image = f ? malloc(size) : NULL;
    size_t length = image ? fread(image, 1, size, f) : 0;
    if (!f || !image || ferror(f)) {
        fprintf(stderr, "datbox dis: %s: %s\n", argv[1], strerror(errno));
        if (f)
            fclose(f);
        free(image);
        return STATUS_FAILED;
    }
    fclose(f);
    struct symbols *symbols = symbols_parse(image, length, error, sizeof error);
    if (symbols)
        print_elf(image, length, symbols);
    else
        print_code(image, length, address, NULL);
    symbols_free(symbols);
    free(image);
    return STATUS_OK;
}
