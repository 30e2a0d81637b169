/* Records of fixed layout as tables of fields: one row says where a member of a C structure lies in
 * the record, and both directions use it.  Numbers are big-endian, of the member's own size; text
 * is EBCDIC filled with blanks, in the structure a string of the compilation's character set. */
#ifndef SPOOL_NJE_FIELDS_H
#define SPOOL_NJE_FIELDS_H

#include <stddef.h>
#include <stdint.h>

enum nje_field_kind { NJE_NUMBER, NJE_TEXT, NJE_CHARACTER };

struct nje_field {
    uint16_t at;   /* in the record */
    uint8_t size;  /* there; a number's: 1, 2, 4, 8 */
    uint8_t kind;  /* enum nje_field_kind */
    size_t member; /* its offset in the structure */
};

#define NJE_NUMBER_AT(at, type, name)                                                              \
    {                                                                                              \
        at, sizeof((type *)0)->name, NJE_NUMBER, offsetof(type, name)                              \
    }
#define NJE_TEXT_AT(at, type, name)                                                                \
    {                                                                                              \
        at, sizeof((type *)0)->name - 1, NJE_TEXT, offsetof(type, name)                            \
    }
#define NJE_CHARACTER_AT(at, type, name)                                                           \
    {                                                                                              \
        at, 1, NJE_CHARACTER, offsetof(type, name)                                                 \
    }
#define NJE_FIELDS(table) table, sizeof(table) / sizeof *(table)

/* Stores the members into a record. */
void nje_fields_put(uint8_t *record, const void *from, const struct nje_field *fields,
                    size_t count);
/* Takes them out; fields that do not lie within `length` bytes leave their members as they are. */
void nje_fields_get(void *to, const uint8_t *record, size_t length, const struct nje_field *fields,
                    size_t count);

#endif
