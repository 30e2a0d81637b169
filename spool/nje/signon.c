/* NJE control records. */
#include "spool/nje/signon.h"

#include "lib/str.h"
#include "spool/nje/block.h"
#include "spool/nje/fields.h"

#define CONTROL struct nje_control

static const struct nje_field signon_fields[] = {
    NJE_TEXT_AT(3, CONTROL, node),           NJE_NUMBER_AT(11, CONTROL, qualifier),
    NJE_NUMBER_AT(12, CONTROL, event),       NJE_NUMBER_AT(16, CONTROL, resistance),
    NJE_NUMBER_AT(18, CONTROL, buffer_size), NJE_TEXT_AT(20, CONTROL, line_password),
    NJE_TEXT_AT(28, CONTROL, node_password), NJE_NUMBER_AT(36, CONTROL, flags),
    NJE_NUMBER_AT(37, CONTROL, features),
};
static const struct nje_field reset_fields[] = {
    NJE_NUMBER_AT(3, CONTROL, event),
    NJE_NUMBER_AT(7, CONTROL, resistance),
};
static const struct nje_field connection_fields[] = {
    NJE_TEXT_AT(3, CONTROL, node),     NJE_NUMBER_AT(11, CONTROL, qualifier),
    NJE_TEXT_AT(12, CONTROL, other),   NJE_NUMBER_AT(20, CONTROL, other_qualifier),
    NJE_NUMBER_AT(21, CONTROL, event), NJE_NUMBER_AT(25, CONTROL, resistance),
};

/* `least` is the length up to which a record must be there: I and J without the features are those
 * of older systems. */
static const struct layout {
    uint8_t kind, length, least;
    const struct nje_field *fields;
    size_t count;
} layouts[] = {
    {NJE_SIGNON, 41, 36, NJE_FIELDS(signon_fields)},
    {NJE_SIGNON_RESPONSE, 41, 36, NJE_FIELDS(signon_fields)},
    {NJE_RESET, 9, 9, NJE_FIELDS(reset_fields)},
    {NJE_RESET_RESPONSE, 9, 9, NJE_FIELDS(reset_fields)},
    {NJE_CONNECTED, 27, 27, NJE_FIELDS(connection_fields)},
    {NJE_DISCONNECTED, 27, 27, NJE_FIELDS(connection_fields)},
    {NJE_SIGNOFF, 2, 2, NULL, 0},
};

static const struct layout *find_layout(uint8_t kind)
{
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        if (layouts[i].kind == kind)
            return &layouts[i];
    return NULL;
}

size_t nje_control_put(uint8_t *to, const struct nje_control *c)
{
    const struct layout *l = find_layout(c->kind);
    if (!l)
        return 0;
    memset(to, 0, l->length);
    to[0] = NJE_RCB_CONTROL;
    to[1] = c->kind;
    if (l->length > 2)
        to[2] = l->length;
    nje_fields_put(to, c, l->fields, l->count);
    return l->length;
}

bool nje_control_get(struct nje_control *c, const uint8_t *from, size_t length)
{
    const struct layout *l =
        length >= 2 && from[0] == NJE_RCB_CONTROL ? find_layout(from[1]) : NULL;
    if (!l || length < l->least)
        return false;
    memset(c, 0, sizeof *c);
    c->kind = from[1];
    nje_fields_get(c, from, length, l->fields, l->count);
    return true;
}
