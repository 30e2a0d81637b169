/* LINEDIT's substitution. */
#include "cms/os/linedit.h"
#include "lib/fmt.h"
#include "lib/str.h"

#define GROUP 8u /* characters or digits of CHAR8, HEX4 */

struct editing {
    char *to;
    size_t length;
    const uint8_t *(*fetch)(void *context, uint32_t address);
    void *context;
};

static void add(struct editing *e, char c)
{
    if (e->length < LINEDIT_MOST)
        e->to[e->length++] = c;
}

/* At the right of the place; what is too long loses its beginning. */
static void add_number(struct editing *e, const char *digits, size_t places)
{
    size_t n = strlen(digits);

    for (; places > n; places--)
        add(e, ' ');
    for (digits += n - places; *digits; digits++)
        add(e, *digits);
}

static void add_groups(struct editing *e, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i && i % GROUP == 0)
            add(e, ' ');
        add(e, text[i]);
    }
}

static void add_text(struct editing *e, const struct linedit_value *v, size_t places)
{
    const char *text = (const char *)e->fetch(e->context, get32(v->value));
    size_t n = get16(v->length) ? get16(v->length) : places;

    if (n > LINEDIT_MOST)
        n = LINEDIT_MOST;
    if ((v->kind & LINEDIT_KIND) == LINEDIT_CHAR8) {
        add_groups(e, text, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        add(e, text[i]);
    for (; n < places; n++)
        add(e, ' ');
}

/* Bytes from the address on, as many digits as there are places. */
static void add_bytes(struct editing *e, const struct linedit_value *v, size_t places)
{
    const uint8_t *bytes = e->fetch(e->context, get32(v->value));
    char digits[2 * LINEDIT_MOST + 1];

    if (places > LINEDIT_MOST)
        places = LINEDIT_MOST;
    for (size_t i = 0; i < (places + 1) / 2; i++)
        fmt(digits + 2 * i, 3, "%02X", bytes[i]);
    add_groups(e, digits, places);
}

static void add_value(struct editing *e, const struct linedit_value *v, size_t places)
{
    uint32_t value = get32(v->value);
    char digits[12];

    switch (v->kind & LINEDIT_KIND) {
    case LINEDIT_CHAR:
    case LINEDIT_CHAR8:
        add_text(e, v, places);
        return;
    case LINEDIT_HEX4:
        add_bytes(e, v, places);
        return;
    default:
        break;
    }
    if (v->kind & LINEDIT_AT)
        value = load_be32(e->fetch(e->context, value));
    if ((v->kind & LINEDIT_KIND) == LINEDIT_HEX)
        fmt(digits, sizeof(digits), "%08X", value);
    else
        fmt(digits, sizeof(digits), "%d", (int)value);
    add_number(e, digits, places);
}

/* Rows of blanks become one. */
static void compress(struct editing *e)
{
    size_t n = 0;

    for (size_t i = 0; i < e->length; i++)
        if (e->to[i] != ' ' || (n && e->to[n - 1] != ' '))
            e->to[n++] = e->to[i];
    e->length = n;
}

size_t linedit_fill(char to[LINEDIT_MOST], const char *text, size_t length, uint8_t flags,
                    const struct linedit_value *values, unsigned count,
                    const uint8_t *(*fetch)(void *context, uint32_t address), void *context)
{
    struct editing e = {to, 0, fetch, context};

    for (size_t i = 0; i < length;) {
        size_t places = 0;
        while (i + places < length && text[i + places] == '.')
            places++;
        if (places < 2 || !count) {
            add(&e, text[i++]);
            continue;
        }
        add_value(&e, values++, places);
        count--;
        i += places;
    }
    if (flags & LINEDIT_COMPRESS)
        compress(&e);
    while (e.length && to[e.length - 1] == ' ')
        e.length--;
    if (flags & LINEDIT_DOT)
        add(&e, '.');
    return e.length;
}
