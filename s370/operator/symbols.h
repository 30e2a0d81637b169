/* Symbols of a program of the machine, read from the ELF file it was made from (32 bits,
 * big-endian): addresses to names for trace and displays.  Source: System V ABI, "Object
 * Files" (symbol table, sections). */
#ifndef S370_OPERATOR_SYMBOLS_H
#define S370_OPERATOR_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/* Reads the symbol table.  NULL with a message in `error` if the file can't be read, is no
 * 32-bit big-endian ELF file, is damaged, or has no symbols. */
struct symbols *symbols_read(const char *path, char *error, size_t size);
/* The same from memory. */
struct symbols *symbols_parse(const void *image, size_t length, char *error, size_t size);
void symbols_free(struct symbols *s);
size_t symbols_count(const struct symbols *s);
/* The symbol that `address` belongs to, and how far behind its beginning it is; NULL if
 * there is none or `s` is NULL. */
const char *symbols_find(const struct symbols *s, uint32_t address, uint32_t *offset);
/* The address of a symbol.  False if there is none of that name, or `s` is NULL. */
bool symbols_address(const struct symbols *s, const char *name, uint32_t *address);
/* The value of an absolute symbol, which is no address. */
bool symbols_constant(const struct symbols *s, const char *name, uint32_t *value);

#endif
