/* File transfer by structured fields: D0, a request code of two bytes, parameters.
 *
 *     to the terminal           from it (behind an AID of 88)
 *     0012 open, a name         0009; 0008 and an error code
 *     4511 set cursor, then
 *     4611 get                  4605, 6306 and the record's number, C080 61 length, data;
 *                               4608 6904 2200: end of file, other codes: errors
 *     4711, then 4704 insert,
 *       C080 61 length, data    4705 6306 and the record's number; 4708 and an error code
 *     4112 close                4109
 *
 * The file is FT:DATA; what is to be said to the user, FT:MSG, and its end is the transfer's. */
#include "cms/transfer/ways.h"

#include "lib/be.h"
#include "lib/str.h"

#define NAME        7u  /* length of a file's name */
#define DATA_HEAD   10u /* of an insert: length, D0 47 04 C0 80 61, length of the data */
#define LENGTH_HEAD 5u  /* what the data's own length counts beside them */
#define END_OF_FILE 0x2200

/* The names are in ASCII. */
static const uint8_t name_data[NAME] = {0x46, 0x54, 0x3a, 0x44, 0x41, 0x54, 0x41};
static const uint8_t name_message[NAME] = {0x46, 0x54, 0x3a, 0x4d, 0x53, 0x47, 0x20};

static int exchange(struct indfile *x, const uint8_t *fields, size_t n)
{
    struct indfile_terminal *t = x->terminal;
    return t->structured(t->context, fields, n, true);
}

/* The answer, if it is a D0 of this code.  INDFILE_CANCELED: it says that there was an error;
 * *error is its code. */
static int answer(const struct indfile *x, uint16_t code, uint16_t *error)
{
    const uint8_t *r = x->terminal->record;
    size_t n = x->terminal->length;
    if (error)
        *error = 0;
    if (n < 6 || r[0] != INDFILE_AID_STRUCTURED || r[3] != 0xd0 || load_be16(r + 1) < 5 ||
        load_be16(r + 1) > n - 1)
        return INDFILE_CONFUSED;
    uint16_t got = (uint16_t)load_be16(r + 4);
    if (got == code)
        return INDFILE_OK;
    if ((got & 0xff) != 0x08 || (got & 0xff00) != (code & 0xff00))
        return INDFILE_CONFUSED;
    if (error && load_be16(r + 1) >= 9 && r[6] == 0x69 && r[7] == 0x04)
        *error = (uint16_t)load_be16(r + 8);
    return INDFILE_CANCELED;
}

static int open(struct indfile *x, const uint8_t name[NAME])
{
    static const uint8_t head[] = {0x00, 0x23, 0xd0, 0x00, 0x12, 0x01, 0x06, 0x01, 0x01, 0x04,
                                   0x03, 0x0a, 0x0a, 0x00, 0x00, 0x00, 0x00, 0x11, 0x01, 0x01,
                                   0x00, 0x50, 0x05, 0x52, 0x03, 0xf0, 0x03, 0x09};
    uint8_t field[sizeof head + NAME];
    memcpy(field, head, sizeof head);
    memcpy(field + sizeof head, name, NAME);
    int rc = exchange(x, field, sizeof field);
    return rc ? rc : answer(x, 0x0009, NULL);
}

static int close(struct indfile *x)
{
    static const uint8_t field[] = {0x00, 0x05, 0xd0, 0x41, 0x12};
    int rc = exchange(x, field, sizeof field);
    return rc ? rc : answer(x, 0x4109, NULL);
}

int dft_start(struct indfile *x)
{
    return open(x, name_data);
}

int dft_put(struct indfile *x, const uint8_t *data, size_t n)
{
    static const uint8_t insert[] = {0x00, 0x0a, 0xd0, 0x47, 0x11, 0x01, 0x05, 0x00, 0x80, 0x00};
    uint8_t *field = x->frame + sizeof insert;
    memcpy(x->frame, insert, sizeof insert);
    store_be16(field, (uint32_t)(DATA_HEAD + n));
    memcpy(field + 2, "\xd0\x47\x04\xc0\x80\x61", 6);
    store_be16(field + 8, (uint32_t)(LENGTH_HEAD + n));
    memcpy(field + DATA_HEAD, data, n);
    int rc = exchange(x, x->frame, sizeof insert + DATA_HEAD + n);
    x->count++;
    return rc ? rc : answer(x, 0x4705, NULL);
}

int dft_get(struct indfile *x, const uint8_t **data, size_t *n)
{
    static const uint8_t get[] = {0x00, 0x10, 0xd0, 0x45, 0x11, 0x01, 0x05, 0x00, 0x06,
                                  0x00, 0x09, 0x05, 0x01, 0x03, 0x00, 0x00, 0x00, 0x09,
                                  0xd0, 0x46, 0x11, 0x01, 0x04, 0x00, 0x80};
    const uint8_t *r = x->terminal->record;
    uint16_t error;
    int rc = exchange(x, get, sizeof get);
    if (rc)
        return rc;
    rc = answer(x, 0x4605, &error);
    if (rc == INDFILE_CANCELED && error == END_OF_FILE)
        return INDFILE_OK;
    if (rc)
        return rc;
    /* 88, length, D0 46 05, 63 06 number, C0 80 61, length, data */
    size_t field = load_be16(r + 1);
    if (field < 17 || r[6] != 0x63 || r[12] != 0xc0 || r[14] != 0x61)
        return INDFILE_CONFUSED;
    size_t length = load_be16(r + 15);
    if (length <= LENGTH_HEAD || length - LENGTH_HEAD > field - 16)
        return INDFILE_CONFUSED;
    x->count++;
    *data = r + 17;
    *n = length - LENGTH_HEAD;
    return INDFILE_OK;
}

int dft_end(struct indfile *x, const uint8_t *message, size_t n)
{
    uint8_t text[80];
    int rc = x->started ? close(x) : INDFILE_OK;
    if (rc == INDFILE_OK)
        rc = open(x, name_message);
    for (size_t i = 0; i < n && i < sizeof text; i++)
        text[i] = indfile_to_ascii[message[i]];
    return rc ? rc : dft_put(x, text, n < sizeof text ? n : sizeof text);
}
