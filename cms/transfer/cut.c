/* File transfer by characters on the screen.  A field attribute that the cursor skips, in the last
 * cell, tells the terminal's program that a screen is a frame of it:
 *
 *     cell  0   C3 control   C1 data for the terminal     C2 data wanted
 *           1   sequence     sequence                     an attribute
 *           2   code (2)     check digit                  sequence
 *           4   message      3: length (2 digits)         3: sequence, then the terminal's answer:
 *           5                data                         4: check digit, length (2), data from 7
 *
 * The terminal answers with ENTER, or with PF2 after it has put a control code of its own at the
 * screen's end.  A check digit is the exclusive-or of the data's codes, its low six bits. */
#include "cms/transfer/tables.h"
#include "cms/transfer/ways.h"

#include "lib/str.h"

#define FRAME_DATA    0xc1
#define FRAME_WANTED  0xc2
#define FRAME_CONTROL 0xc3

#define CODE_GO       0x8181
#define CODE_COMPLETE 0x8189
#define CODE_ABORT    0x8194

#define DATA_AT   5
#define ANSWER_AT 7
#define DATA_MOST (INDFILE_CELLS - 1 - ANSWER_AT)
#define LAST_CELL (INDFILE_CELLS - 1)

#define AID_ENTER  0x7d
#define WCC        0xc3 /* restore, reset modified */
#define ORDER_SBA  0x11
#define ORDER_SF   0x1d
#define ORDER_SFE  0x29
#define ORDER_SA   0x28
#define ORDER_GE   0x08
#define FIELD_SKIP 0xf0
#define END_FIRST  0x5c /* an answer of these two: no more */
#define END_SECOND 0xa9

uint8_t indfile_six(unsigned value)
{
    return cut_digits[value & 63];
}

int indfile_six_value(uint8_t digit)
{
    int value = 63;
    while (value >= 0 && cut_digits[value] != digit)
        value--;
    return value;
}

/* The character for a byte in a quadrant; 0: there is none. */
static uint8_t character(unsigned quadrant, uint8_t byte)
{
    for (unsigned i = 0; i < CUT_CHARACTERS; i++)
        if (cut_quadrants[quadrant][i] == byte)
            return cut_characters[i];
    return 0;
}

size_t indfile_cut_encode(const uint8_t *data, size_t n, size_t *used, uint8_t *to, size_t size)
{
    unsigned quadrant = CUT_QUADRANTS;
    size_t cells = 0, i;
    for (i = 0; i < n && size - cells >= 2; i++) {
        uint8_t c = quadrant < CUT_QUADRANTS ? character(quadrant, data[i]) : 0;
        for (unsigned q = 0; !c && q < CUT_QUADRANTS; q++) {
            c = character(q, data[i]);
            if (!c)
                continue;
            quadrant = q;
            to[cells++] = cut_selectors[q];
        }
        to[cells++] = c;
    }
    *used = i;
    return cells;
}

int indfile_cut_decode(uint8_t *cells, size_t n)
{
    int quadrant = -1, length = 0;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *selector = memchr(cut_selectors, cells[i], CUT_QUADRANTS);
        const uint8_t *at = memchr(cut_characters, cells[i], CUT_CHARACTERS);
        if (selector) {
            quadrant = (int)(selector - cut_selectors);
            continue;
        }
        if (!at || quadrant < 0 || cut_quadrants[quadrant][at - cut_characters] < 0)
            return -1;
        cells[length++] = (uint8_t)cut_quadrants[quadrant][at - cut_characters];
    }
    return length;
}

static uint8_t check_digit(const uint8_t *cells, size_t n)
{
    uint8_t sum = 0;
    while (n--)
        sum ^= *cells++;
    return indfile_six(sum);
}

/* Sends the frame of n bytes at x->frame + 1.  The answer's cells, up to the last, replace the
 * terminal's record; attributes are nulls there. */
static int exchange(struct indfile *x, size_t n)
{
    struct indfile_terminal *t = x->terminal;
    static const uint8_t tail[] = {ORDER_SBA, LAST_CELL >> 8, LAST_CELL & 0xff, ORDER_SF,
                                   FIELD_SKIP};
    x->frame[0] = WCC;
    memcpy(x->frame + 1 + n, tail, sizeof tail);
    int rc = t->screen(t->context, x->frame, 1 + n + sizeof tail);
    if (rc)
        return rc;
    if (t->length < 3)
        return INDFILE_CONFUSED;
    size_t to = 0;
    uint8_t *r = t->record, aid = r[0];
    for (size_t at = 3; at < t->length; at++) {
        if (r[at] == ORDER_SF && at + 1 < t->length) {
            r[to++] = 0;
            at++;
        } else if (r[at] == ORDER_SFE && at + 1 < t->length) {
            at += 1 + 2u * r[at + 1];
            r[to++] = 0;
        } else if (r[at] == ORDER_SA) {
            at += 2;
        } else if (r[at] != ORDER_GE) {
            r[to++] = r[at];
        }
    }
    t->length = to;
    return aid == AID_ENTER ? INDFILE_OK : INDFILE_CANCELED;
}

static int control(struct indfile *x, unsigned code, const uint8_t *message, size_t n)
{
    uint8_t *frame = x->frame + 1;
    frame[0] = FRAME_CONTROL;
    frame[1] = indfile_six(x->count++);
    frame[2] = (uint8_t)(code >> 8);
    frame[3] = (uint8_t)code;
    for (size_t i = 0; i < n; i++)
        frame[4 + i] = message[i];
    return exchange(x, 4 + n);
}

int cut_start(struct indfile *x)
{
    return control(x, CODE_GO, NULL, 0);
}

int cut_put(struct indfile *x)
{
    for (size_t done = 0; done < x->length;) {
        uint8_t *frame = x->frame + 1, *cells = frame + DATA_AT;
        size_t used,
            n = indfile_cut_encode(x->data + done, x->length - done, &used, cells, DATA_MOST);
        frame[0] = FRAME_DATA;
        frame[1] = indfile_six(x->count++);
        frame[2] = check_digit(cells, n);
        frame[3] = indfile_six((unsigned)n >> 6);
        frame[4] = indfile_six((unsigned)n);
        int rc = exchange(x, DATA_AT + n);
        if (rc)
            return rc;
        done += used;
    }
    return INDFILE_OK;
}

int cut_get(struct indfile *x, const uint8_t **data, size_t *n)
{
    uint8_t *frame = x->frame + 1;
    frame[0] = FRAME_WANTED;
    frame[1] = ORDER_SF;
    frame[2] = FIELD_SKIP;
    frame[3] = frame[4] = indfile_six(x->count++);
    int rc = exchange(x, 5);
    if (rc)
        return rc;
    if (x->terminal->length < INDFILE_CELLS)
        return INDFILE_CONFUSED;
    uint8_t *cells = x->terminal->record; /* that of the answer */
    int high = indfile_six_value(cells[5]), low = indfile_six_value(cells[6]);
    if (high < 0 || low < 0 || (unsigned)(high << 6 | low) > DATA_MOST)
        return INDFILE_CONFUSED;
    size_t length = (size_t)(high << 6 | low);
    cells += ANSWER_AT;
    if (check_digit(cells, length) != x->terminal->record[4])
        return INDFILE_CONFUSED;
    if (length == 2 && cells[0] == END_FIRST && cells[1] == END_SECOND)
        return INDFILE_OK;
    int bytes = indfile_cut_decode(cells, length);
    if (bytes <= 0)
        return INDFILE_CONFUSED;
    *data = cells;
    *n = (size_t)bytes;
    return INDFILE_OK;
}

int cut_end(struct indfile *x, bool good, const uint8_t *message, size_t n)
{
    return control(x, good ? CODE_COMPLETE : CODE_ABORT, message, n < 80 ? n : 80);
}
