/* Records of fixed layout as tables of fields. */
#include "spool/nje/fields.h"

#include "lib/be.h"
#include "lib/ebcdic.h"
#include "lib/str.h"

static void put_number(uint8_t *to, const void *member, size_t size)
{
    if (size == 1)
        *to = *(const uint8_t *)member;
    else if (size == 2)
        store_be16(to, *(const uint16_t *)member);
    else if (size == 4)
        store_be32(to, *(const uint32_t *)member);
    else
        store_be64(to, *(const uint64_t *)member);
}

static void get_number(void *member, const uint8_t *from, size_t size)
{
    if (size == 1)
        *(uint8_t *)member = *from;
    else if (size == 2)
        *(uint16_t *)member = load_be16(from);
    else if (size == 4)
        *(uint32_t *)member = load_be32(from);
    else
        *(uint64_t *)member = load_be64(from);
}

void nje_fields_put(uint8_t *record, const void *from, const struct nje_field *fields, size_t count)
{
    for (const struct nje_field *f = fields; count; f++, count--) {
        const char *member = (const char *)from + f->member;
        char text[2] = {f->kind == NJE_CHARACTER ? *member : 0, 0};
        if (f->kind == NJE_NUMBER)
            put_number(record + f->at, member, f->size);
        else
            ebcdic_put_field(record + f->at, f->kind == NJE_TEXT ? member : text, f->size);
    }
}

void nje_fields_get(void *to, const uint8_t *record, size_t length, const struct nje_field *fields,
                    size_t count)
{
    for (const struct nje_field *f = fields; count; f++, count--) {
        char *member = (char *)to + f->member;
        char text[2];
        if (f->at + f->size > length)
            continue;
        if (f->kind == NJE_NUMBER) {
            get_number(member, record + f->at, f->size);
        } else if (f->kind == NJE_TEXT) {
            ebcdic_get_field(member, record + f->at, f->size);
        } else {
            ebcdic_get_field(text, record + f->at, 1);
            *member = text[0];
        }
    }
}
