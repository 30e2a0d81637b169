/* An RSCS link whose partner sends any bytes: well signed on or not, with a file and a message of
 * its own on the way.  The session goes on or is broken with a reason; no more is asked of whoever
 * keeps files than the calls allow. */
#include "spool/rscs/link.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rscs_link link_;
static bool sending[NJE_STREAMS], receiving[RSCS_INCOMING], said;
static unsigned records;

static bool next_file(void *context, unsigned stream, struct rscs_file *f)
{
    static const struct rscs_file file = {.id = 1,
                                          .class = 'A',
                                          .copies = 1,
                                          .to_node = "B",
                                          .to_user = "U",
                                          .from_node = "A",
                                          .from_user = "V"};
    if (sending[stream])
        abort();
    if (stream)
        return false;
    *f = file;
    records = 0;
    return sending[stream] = true;
}

static int read_record(void *context, unsigned stream, struct rscs_record *r)
{
    if (!sending[stream])
        abort();
    memset(r, 0, sizeof *r);
    r->command = 1;
    r->length = 80;
    return records++ < 30;
}

static void sent(void *context, unsigned stream)
{
    if (!sending[stream])
        abort();
    sending[stream] = false;
}

static void unsent(void *context, unsigned stream, const char *why)
{
    sent(context, stream);
}

static enum rscs_take begin(void *context, unsigned stream, const struct rscs_file *f)
{
    if (receiving[stream] || !f->to_node[0] || f->copies < 1)
        abort();
    if (f->class == 'S')
        return RSCS_SKIP;
    receiving[stream] = f->class != 'R';
    return f->class == 'R' ? RSCS_REFUSE : RSCS_TAKE;
}

static bool write_record(void *context, unsigned stream, const struct rscs_record *r)
{
    if (!receiving[stream] || r->length > RSCS_RECORD)
        abort();
    return true;
}

static bool end(void *context, unsigned stream)
{
    if (!receiving[stream])
        abort();
    receiving[stream] = false;
    return true;
}

static void abandon(void *context, unsigned stream)
{
    end(context, stream);
}

static void message(void *context, const struct nje_nmr *n)
{
    if (strlen(n->text) > NJE_NMR_TEXT)
        abort();
}

static void signed_on(void *context)
{
}

static void say(void *context, const char *text)
{
    said = true;
}

static const struct rscs_link_calls calls = {next_file, read_record,  sent, unsent,
                                             begin,     write_record, end,  abandon,
                                             message,   signed_on,    say};

static void drain(void)
{
    static uint8_t block[NJE_BLOCK_MAX];
    for (int i = 0; i < 20; i++) {
        size_t n = rscs_link_send(&link_, block);
        if (n > NJE_BLOCK_MAX)
            abort();
        if (!n)
            return;
    }
}

/* A length (2 bytes) and a block, and so on; a length with its first bit on means that the
 * partner's signon comes first. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    memset(&link_, 0, sizeof link_);
    memset(sending, 0, sizeof sending);
    memset(receiving, 0, sizeof receiving);
    link_.calls = &calls;
    link_.streams = 1;
    link_.timeout = 50;
    strcpy(link_.local, "A");
    strcpy(link_.node, "B");
    rscs_link_up(&link_);
    while (size >= 2) {
        size_t n = (size_t)(data[0] & 0x7f) << 8 | data[1];
        if (data[0] & 0x80) {
            struct nje_control c = {.kind = NJE_SIGNON, .node = "B", .buffer_size = 1000};
            uint8_t block[100], record[NJE_CONTROL_MAX];
            struct nje_writer w;
            nje_write_start(&w, block, sizeof block);
            nje_write_plain(&w, record, nje_control_put(record, &c));
            rscs_link_receive(&link_, block, nje_write_end(&w, NJE_BCB_RESET, NJE_FCS_OPEN));
        }
        data += 2;
        size -= 2;
        if (n > size)
            n = size;
        said = false;
        if (!rscs_link_receive(&link_, data, n) && !link_.broken)
            abort();
        if (link_.broken)
            break;
        drain();
        said = false;
        if (!rscs_link_tick(&link_, 1) && !said)
            abort();
        if (link_.broken)
            break;
        data += n;
        size -= n;
    }
    if (link_.broken && !said && size)
        abort();
    rscs_link_down(&link_);
    for (unsigned i = 0; i < RSCS_INCOMING; i++)
        if ((i < NJE_STREAMS && sending[i]) || receiving[i])
            abort();
    return 0;
}
