/* Printer lines that carry their own carriage control. */
#include "cms/kit/cms.h"

enum { WRITE_ONLY = 0x01 };

/* ASA control characters and what they do before the line. */
static const struct {
    char asa;
    uint8_t before;
} asa_controls[] = {
    {' ', 0x0b}, {'0', 0x13}, {'-', 0x1b}, {'1', 0x8b}, {'2', 0x93},
    {'3', 0x9b}, {'4', 0xa3}, {'5', 0xab}, {'6', 0xb3}, {'7', 0xbb},
    {'8', 0xc3}, {'9', 0xcb}, {'A', 0xd3}, {'B', 0xdb}, {'C', 0xe3},
};

uint8_t cms_asa_control(char asa)
{
    for (unsigned i = 0; i < sizeof(asa_controls) / sizeof(asa_controls[0]); i++)
        if (asa_controls[i].asa == asa)
            return asa_controls[i].before;
    return 0;
}

/* Machine codes: write or immediate, space 0 to 3 or skip to a channel. */
static bool is_machine_code(uint8_t c)
{
    bool space =
        c == 0x01 || c == 0x09 || c == 0x11 || c == 0x19 || c == 0x0b || c == 0x13 || c == 0x1b;

    return space || (c >= 0x89 && c <= 0xe3 && ((c & 7) == 1 || (c & 7) == 3));
}

/* Some machine codes are letters, too: ASA's characters come first. */
int cms_print_controlled(const char *record, size_t length)
{
    uint8_t before = cms_asa_control(record[0]);

    if (!before && is_machine_code((uint8_t)record[0]))
        return cms_print(record + 1, length - 1, (uint8_t)record[0]);
    if (before) {
        int rc = cms_print(" ", 1, before);
        if (rc)
            return rc;
    }
    return cms_print(record + 1, length - 1, WRITE_ONLY);
}
