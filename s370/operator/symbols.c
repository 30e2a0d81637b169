/* A small ELF reader.  Every offset and count of the file is checked against its length
 * before use: the file may be anything. */
#include "s370/operator/symbols.h"

#include "lib/be.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct elf_header {
    uint8_t ident[16];
    be16 type, machine;
    be32 version, entry, program_headers, section_headers, flags;
    be16 size, program_size, program_count, section_size, section_count, string_section;
};
LAYOUT(struct elf_header, 52);

struct elf_section {
    be32 name, type, flags, address, offset, size, link, info, align, entry_size;
};
LAYOUT(struct elf_section, 40);
#define SECTION_SYMBOLS 2
#define SECTION_STRINGS 3

struct elf_symbol {
    be32 name, value, size;
    uint8_t info, other;
    be16 section;
};
LAYOUT(struct elf_symbol, 16);
#define SYMBOL_NONE      0 /* assembler labels */
#define SECTION_ABSOLUTE 0xfff1
#define SYMBOL_FUNCTION  2

struct symbol {
    uint32_t address, size;
    const char *name;
};

struct symbols {
    size_t count;
    struct symbol *table; /* in order of address */
    size_t constant_count;
    struct symbol *constants;
    char *strings;
};

static int by_address(const void *a, const void *b)
{
    const struct symbol *x = a, *y = b;
    if (x->address != y->address)
        return x->address < y->address ? -1 : 1;
    return (x->size > 0) - (y->size > 0); /* the sized one last: it is found first */
}

/* Section n, if it and what it describes lie in the file. */
static const struct elf_section *section(const uint8_t *image, size_t length, uint32_t n)
{
    const struct elf_header *h = (const struct elf_header *)image;
    uint32_t start = get32(h->section_headers);
    if (n >= get16(h->section_count) || get16(h->section_size) != sizeof(struct elf_section) ||
        start > length || length - start < (n + 1) * sizeof(struct elf_section))
        return NULL;
    const struct elf_section *s =
        (const struct elf_section *)(image + start + n * sizeof(struct elf_section));
    uint32_t offset = get32(s->offset), size = get32(s->size);
    return offset <= length && size <= length - offset ? s : NULL;
}

static bool is_code(const struct elf_symbol *s, const char *name)
{
    unsigned type = s->info & 15, where = get16(s->section);
    return where != 0 && where < 0xff00 && (type == SYMBOL_FUNCTION || type == SYMBOL_NONE) &&
           name[0] && name[0] != '.' && name[0] != '$';
}

/* Absolute symbols are what a program tells of its structures. */
static bool is_constant(const struct elf_symbol *s)
{
    return (s->info & 15) == SYMBOL_NONE && get16(s->section) == SECTION_ABSOLUTE;
}

static bool collect(struct symbols *s, const uint8_t *image, const struct elf_section *symtab,
                    const struct elf_section *strtab)
{
    size_t string_size = get32(strtab->size), n = get32(symtab->size) / sizeof(struct elf_symbol);
    const struct elf_symbol *from = (const struct elf_symbol *)(image + get32(symtab->offset));
    s->strings = malloc(string_size + 1);
    s->table = calloc(n + 1, sizeof *s->table);
    s->constants = calloc(n + 1, sizeof *s->constants);
    if (!s->strings || !s->table || !s->constants)
        return false;
    memcpy(s->strings, image + get32(strtab->offset), string_size);
    s->strings[string_size] = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t name = get32(from[i].name);
        if (name >= string_size)
            continue;
        struct symbol symbol = {get32(from[i].value), get32(from[i].size), s->strings + name};
        if (is_code(&from[i], symbol.name))
            s->table[s->count++] = symbol;
        else if (is_constant(&from[i]))
            s->constants[s->constant_count++] = symbol;
    }
    qsort(s->table, s->count, sizeof *s->table, by_address);
    return s->count > 0;
}

struct symbols *symbols_parse(const void *image, size_t length, char *error, size_t size)
{
    static const uint8_t magic[6] = {0x7f, 'E', 'L', 'F', 1, 2};
    const struct elf_header *h = image;
    if (length < sizeof *h || memcmp(h->ident, magic, sizeof magic) != 0) {
        snprintf(error, size, "it is no 32-bit big-endian ELF file");
        return NULL;
    }
    for (uint32_t i = 0; i < get16(h->section_count); i++) {
        const struct elf_section *symtab = section(image, length, i);
        if (!symtab || get32(symtab->type) != SECTION_SYMBOLS)
            continue;
        const struct elf_section *strtab = section(image, length, get32(symtab->link));
        struct symbols *s = calloc(1, sizeof *s);
        if (s && strtab && get32(strtab->type) == SECTION_STRINGS &&
            collect(s, image, symtab, strtab))
            return s;
        symbols_free(s);
        break;
    }
    snprintf(error, size, "it has no symbol table, or a damaged one");
    return NULL;
}

struct symbols *symbols_read(const char *path, char *error, size_t size)
{
    FILE *f = fopen(path, "re");
    long length = -1;
    if (f && !fseek(f, 0, SEEK_END))
        length = ftell(f);
    if (length < 0 || length > 64 << 20) {
        snprintf(error, size, "%s", length < 0 ? strerror(errno) : "it is too large");
        if (f)
            fclose(f);
        return NULL;
    }
    rewind(f);
    uint8_t *image = malloc((size_t)length + 1);
    size_t got = image ? fread(image, 1, (size_t)length, f) : 0;
    fclose(f);
    struct symbols *s = symbols_parse(image, got, error, size);
    free(image);
    return s;
}

void symbols_free(struct symbols *s)
{
    if (!s)
        return;
    free(s->table);
    free(s->constants);
    free(s->strings);
    free(s);
}

size_t symbols_count(const struct symbols *s)
{
    return s ? s->count : 0;
}

const char *symbols_find(const struct symbols *s, uint32_t address, uint32_t *offset)
{
    if (!s)
        return NULL;
    size_t low = 0, high = s->count; /* the first symbol behind the address */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->table[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct symbol *found = &s->table[low - 1];
    *offset = address - found->address;
    bool inside = found->size ? *offset < found->size : *offset < 0x1000;
    return inside ? found->name : NULL;
}

bool symbols_address(const struct symbols *s, const char *name, uint32_t *address)
{
    for (size_t i = 0; s && i < s->count; i++) {
        if (!strcmp(s->table[i].name, name)) {
            *address = s->table[i].address;
            return true;
        }
    }
    return false;
}

bool symbols_constant(const struct symbols *s, const char *name, uint32_t *value)
{
    for (size_t i = 0; s && i < s->constant_count; i++) {
        if (!strcmp(s->constants[i].name, name)) {
            *value = s->constants[i].address;
            return true;
        }
    }
    return false;
}
