/* ELF files of the cross compiler: the image to be loaded, and relocations that were kept.  System
 * V ABI, and its supplement for S/390 (relocation types). */
#include "tools/volume/volume.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    EHDR_SIZE = 52,
    PHDR_SIZE = 32,
    SHDR_SIZE = 40,
    EM_S390 = 22,
    PT_LOAD = 1,
    SHT_RELA = 4,
    SHF_ALLOC = 2,
    SHN_UNDEF = 0,
    SHN_ABS = 0xfff1,
    R_390_32 = 4,
};

static bool read_file(struct volume *v, struct elf *e, const char *path)
{
    FILE *f = fopen(path, "rb");
    long size = -1;
    if (f && !fseek(f, 0, SEEK_END))
        size = ftell(f);
    if (size < 0 || size > 64 << 20) {
        volume_fail(v, "%s: %s", path, size < 0 ? strerror(errno) : "is too large");
    } else {
        rewind(f);
        e->bytes = malloc((size_t)size + 1);
        e->size = fread(e->bytes, 1, (size_t)size, f);
    }
    if (f)
        fclose(f);
    return e->bytes != NULL;
}

static bool in_file(const struct elf *e, uint32_t offset, uint32_t size)
{
    return offset <= e->size && size <= e->size - offset;
}

/* The n'th header of a table, or NULL. */
static const uint8_t *header(const struct elf *e, unsigned table_at, unsigned size_at,
                             unsigned count_at, unsigned least, unsigned n)
{
    uint32_t table = load_be32(e->bytes + table_at), size = load_be16(e->bytes + size_at);
    if (n >= load_be16(e->bytes + count_at) || size < least || !in_file(e, table, 0) ||
        !in_file(e, table + n * size, size))
        return NULL;
    return e->bytes + table + n * size;
}

static const uint8_t *program_header(const struct elf *e, unsigned n)
{
    return header(e, 28, 42, 44, PHDR_SIZE, n);
}

static const uint8_t *section_header(const struct elf *e, unsigned n)
{
    return header(e, 32, 46, 48, SHDR_SIZE, n);
}

/* Finds the limits (image NULL), then fills the image.  Segments without bytes in the file
 * are work areas that the program clears itself, unless they follow the image. */
static bool segments(const struct elf *e, uint32_t *base, uint32_t *end, uint32_t *total,
                     uint8_t *image)
{
    const uint8_t *p;
    for (unsigned i = 0; (p = program_header(e, i)); i++) {
        uint32_t offset = load_be32(p + 4), address = load_be32(p + 8);
        uint32_t in_image = load_be32(p + 16), size = load_be32(p + 20);
        if (load_be32(p) != PT_LOAD || !size)
            continue;
        if (!in_file(e, offset, in_image) || address > 0xffffff || size > 0xffffff)
            return false;
        if (!in_image)
            continue;
        if (image) {
            memcpy(image + (address - *base), e->bytes + offset, in_image);
            continue;
        }
        if (address < *base)
            *base = address;
        if (address + in_image > *end)
            *end = address + in_image;
        if (address + size > *total)
            *total = address + size;
    }
    return true;
}

bool elf_open(struct volume *v, struct elf *e, const char *path)
{
    static const uint8_t ident[7] = {0x7f, 'E', 'L', 'F', 1, 2, 1};
    memset(e, 0, sizeof *e);
    if (!read_file(v, e, path))
        return false;
    if (e->size < EHDR_SIZE || memcmp(e->bytes, ident, sizeof ident) ||
        load_be16(e->bytes + 18) != EM_S390) {
        elf_close(e);
        return volume_fail(v, "%s: is not an ELF file for System/370 (32 bits)", path);
    }
    e->entry = load_be32(e->bytes + 24);
    e->base = UINT32_MAX;
    if (!segments(e, &e->base, &e->end, &e->total_end, NULL) || e->base >= e->end) {
        elf_close(e);
        return volume_fail(v, "%s: has nothing to load, or is damaged", path);
    }
    e->image = calloc(1, e->end - e->base);
    segments(e, &e->base, &e->end, &e->total_end, e->image);
    return true;
}

void elf_close(struct elf *e)
{
    free(e->bytes);
    free(e->image);
    e->bytes = e->image = NULL;
}

/* Is the symbol of a relocation undefined or absolute?  Then the address does not move. */
static bool symbol_is_fixed(const struct elf *e, const uint8_t *symbols, uint32_t n)
{
    uint32_t at = symbols ? load_be32(symbols + 16) + 16 * n : 0;
    if (!symbols || !in_file(e, at, 16))
        return true;
    unsigned section = load_be16(e->bytes + at + 14);
    return section == SHN_UNDEF || section == SHN_ABS;
}

static bool relative(unsigned type)
{
    /* R_390_NONE, PC32, PLT32, PC16, PC16DBL, PLT16DBL, PC32DBL, PLT32DBL */
    return type == 0 || type == 5 || type == 8 || (type >= 16 && type <= 20);
}

bool elf_relocations(struct volume *v, const struct elf *e, const char *path,
                     void (*found)(void *context, uint32_t address), void *context)
{
    const uint8_t *s;
    for (unsigned i = 0; (s = section_header(e, i)); i++) {
        if (load_be32(s + 4) != SHT_RELA)
            continue;
        const uint8_t *target = section_header(e, load_be32(s + 28));
        const uint8_t *symbols = section_header(e, load_be32(s + 24));
        uint32_t offset = load_be32(s + 16), size = load_be32(s + 20);
        if (!in_file(e, offset, size))
            return volume_fail(v, "%s: is damaged", path);
        if (!target || !(load_be32(target + 8) & SHF_ALLOC))
            continue;
        for (uint32_t at = 0; at + 12 <= size; at += 12) {
            const uint8_t *r = e->bytes + offset + at;
            uint32_t address = load_be32(r), type = r[7];
            if (relative(type) || symbol_is_fixed(e, symbols, load_be32(r + 4) >> 8))
                continue;
            if (type != R_390_32)
                return volume_fail(v,
                                   "%s: has a relocation of type %u at %X, which a MODULE "
                                   "cannot have (compile with -fno-pic)",
                                   path, type, address);
            if (address < e->base || e->end - e->base < 4 || address > e->end - 4)
                return volume_fail(v, "%s: is damaged", path);
            found(context, address);
        }
    }
    return true;
}
