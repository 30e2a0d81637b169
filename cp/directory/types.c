/* Words of the directory's language: device types, access modes; text and passwords. */
#include "cp/directory/internal.h"

#define CONSOLE (1 << DEVICE_CONSOLE)
#define SPOOL   (1 << DEVICE_SPOOL)
#define DISK    (1 << DEVICE_MDISK)
#define SPECIAL (1 << DEVICE_SPECIAL)

static const struct directory_type types[] = {
    {"3215", CONSOLE, 0, 0},
    {"3210", CONSOLE, 0, 0},
    {"1052", CONSOLE | SPECIAL, 0, 0},
    {"3270", CONSOLE | SPECIAL, 0, 0},
    {"3277", CONSOLE | SPECIAL, 0, 0},
    {"3278", CONSOLE | SPECIAL, 0, 0},
    {"3279", CONSOLE | SPECIAL, 0, 0},
    {"3066", CONSOLE | SPECIAL, 0, 0},
    {"3138", CONSOLE | SPECIAL, 0, 0},
    {"3148", CONSOLE | SPECIAL, 0, 0},
    {"3158", CONSOLE | SPECIAL, 0, 0},
    {"2501", SPOOL, UNIT_READER, 0},
    {"2540R", SPOOL, UNIT_READER, 0},
    {"3505", SPOOL, UNIT_READER, 0},
    {"2540P", SPOOL, UNIT_PUNCH, 0},
    {"3525", SPOOL, UNIT_PUNCH, 0},
    {"1403", SPOOL, UNIT_PRINTER, 0},
    {"1443", SPOOL, UNIT_PRINTER, 0},
    {"3203", SPOOL, UNIT_PRINTER, 0},
    {"3211", SPOOL, UNIT_PRINTER, 0},
    {"3800", SPOOL, UNIT_PRINTER, 0},
    {"2314", DISK, 0, 203},
    {"2319", DISK, 0, 203},
    {"3330", DISK, 0, 815},
    {"3340", DISK, 0, 698},
    {"3350", DISK, 0, 560},
    {"3375", DISK, 0, 962},
    {"3380", DISK, 0, 2658},
    {"CTCA", SPECIAL, 0, 0},
    {"TIMER", SPECIAL, 0, 0},
    {"2701", SPECIAL, 0, 0},
    {"2702", SPECIAL, 0, 0},
    {"2703", SPECIAL, 0, 0},
};

const struct directory_type *directory_type_find(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (!strcmp(types[i].name, name))
            return &types[i];
    return NULL;
}

static const char *const modes[] = {"", "R", "RR", "W", "WR", "M", "MR", "MW"};

bool directory_mode_parse(const char *word, enum directory_mode *mode)
{
    for (unsigned i = LINK_R; i <= LINK_MW; i++)
        if (str_equal(word, modes[i])) {
            *mode = (enum directory_mode)i;
            return true;
        }
    return false;
}

const char *directory_mode_name(enum directory_mode mode)
{
    return mode <= LINK_MW ? modes[mode] : "";
}

void directory_to_disk(uint8_t *field, const char *text, size_t size)
{
    size_t i = 0;
    for (; i < size && text[i]; i++)
        field[i] = to_disk_char(text[i]);
    for (; i < size; i++)
        field[i] = 0x40;
}

void directory_from_disk(char *text, const uint8_t *field, size_t size)
{
    while (size && (field[size - 1] == 0x40 || !field[size - 1]))
        size--;
    text[size] = 0;
    for (size_t i = 0; i < size; i++)
        text[i] = from_disk_char(field[i]);
}

static uint32_t turn(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

void directory_mix(uint8_t mixed[8], const char *userid, const char *password)
{
    uint8_t text[16];
    uint32_t a = 0x9e3779b9, b = 0x85ebca6b;
    directory_to_disk(text, userid, 8);
    for (unsigned i = 0; i < 8; i++)
        text[8 + i] = 0x40;
    for (unsigned i = 0; i < 8 && password[i]; i++)
        text[8 + i] = to_disk_char(str_upper(password[i]));
    for (unsigned i = 0; i < 4 * sizeof text; i++) {
        a = turn((a ^ text[i % sizeof text]) * 0x01000193, 13) + b;
        b = turn(b * 0xc2b2ae35 ^ a, 7);
    }
    store_be32(mixed, a);
    store_be32(mixed + 4, b);
}

bool directory_password_matches(const struct directory_password *p, const char *userid,
                                const char *given)
{
    uint8_t mixed[8];
    if (p->kind == PASSWORD_ALL)
        return true;
    if (p->kind != PASSWORD_SET || strlen(given) > 8)
        return false;
    directory_mix(mixed, userid, given);
    return !memcmp(mixed, p->mixed, sizeof mixed);
}
