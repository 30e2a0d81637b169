/* IND$FILE, the host's side: what both ways have in common; see indfile.h. */
#include "cms/transfer/ways.h"

#include "lib/be.h"
#include "lib/str.h"

int indfile_ask(struct indfile_terminal *terminal, bool *yes)
{
    static const uint8_t query[] = {0x00, 0x05, 0x01, 0xff, 0x02};
    *yes = false;
    int rc = terminal->structured(terminal->context, query, sizeof query, true);
    if (rc)
        return rc;
    const uint8_t *record = terminal->record;
    size_t at = 1;
    if (!terminal->length || record[0] != INDFILE_AID_STRUCTURED)
        return INDFILE_CONFUSED;
    while (terminal->length - at >= 4) { /* the Query Replies */
        size_t n = load_be16(record + at);
        if (n < 4 || n > terminal->length - at)
            break;
        *yes |= record[at + 2] == 0x81 && record[at + 3] == 0x95;
        at += n;
    }
    return INDFILE_OK;
}

static void begin(struct indfile *x, struct indfile_terminal *terminal, bool cut)
{
    x->terminal = terminal;
    x->cut = cut;
    x->started = false;
    x->count = 0;
    x->length = 0;
}

int indfile_start(struct indfile *x, struct indfile_terminal *terminal, bool cut, bool to_host)
{
    begin(x, terminal, cut);
    x->to_host = to_host;
    int rc = cut ? cut_start(x) : dft_start(x);
    x->started = rc == INDFILE_OK;
    return rc;
}

/* Sends what waits. */
static int flush(struct indfile *x)
{
    int rc = INDFILE_OK;
    if (x->length)
        rc = x->cut ? cut_put(x) : dft_put(x, x->data, x->length);
    x->length = 0;
    return rc;
}

int indfile_put(struct indfile *x, const uint8_t *data, size_t n)
{
    while (n) {
        size_t room = sizeof x->data - x->length, piece = n < room ? n : room;
        memcpy(x->data + x->length, data, piece);
        x->length += piece;
        data += piece;
        n -= piece;
        int rc = x->length == sizeof x->data ? flush(x) : INDFILE_OK;
        if (rc)
            return rc;
    }
    return INDFILE_OK;
}

int indfile_get(struct indfile *x, const uint8_t **data, size_t *n)
{
    *n = 0;
    return x->cut ? cut_get(x, data, n) : dft_get(x, data, n);
}

int indfile_end(struct indfile *x, struct indfile_terminal *terminal, bool cut, bool good,
                const uint8_t *message, size_t n)
{
    int rc = INDFILE_OK;
    if (!x->started)
        begin(x, terminal, cut);
    else if (good && !x->to_host)
        rc = flush(x);
    if (rc)
        return rc;
    return x->cut ? cut_end(x, good, message, n) : dft_end(x, message, n);
}
