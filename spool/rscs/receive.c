/* Files that come in: headers are put together, records go to who keeps files, and the end is
 * answered when the file is safe. */
#include "spool/rscs/link.h"

#include "lib/ebcdic.h"
#include "lib/str.h"

static bool is_sysin(unsigned stream)
{
    return stream >= NJE_STREAMS;
}

static uint8_t rcb_of(unsigned stream)
{
    return nje_stream_rcb(is_sysin(stream) ? NJE_RCB_SYSIN : NJE_RCB_SYSOUT,
                          stream % NJE_STREAMS + 1);
}

void rscs_requested(struct rscs_link *l, unsigned stream)
{
    struct rscs_receiver *r = &l->receivers[stream];
    if (r->file_open)
        l->calls->abandon(l->context, stream);
    memset(r, 0, sizeof *r);
    r->permitted = !l->draining;
    rscs_control(l, r->permitted ? NJE_RCB_PERMIT : NJE_RCB_CANCEL, rcb_of(stream));
}

void rscs_receivers_lost(struct rscs_link *l)
{
    for (unsigned i = 0; i < RSCS_INCOMING; i++) {
        if (l->receivers[i].file_open)
            l->calls->abandon(l->context, i);
        l->receivers[i].permitted = l->receivers[i].file_open = false;
    }
}

/* The file cannot be kept: the partner is told, and what still comes of it is forgotten. */
static void refuse(struct rscs_link *l, unsigned stream, const char *why)
{
    struct rscs_receiver *r = &l->receivers[stream];
    if (r->file_open)
        l->calls->abandon(l->context, stream);
    r->file_open = false;
    if (!r->refused)
        rscs_control(l, NJE_RCB_CANCEL, rcb_of(stream));
    r->refused = r->ignoring = true;
    rscs_say(l, "FILE FROM %s NOT RECEIVED: %s", l->node, why);
}

/* The open file is complete. */
static bool keep(struct rscs_link *l, unsigned stream)
{
    struct rscs_receiver *r = &l->receivers[stream];
    if (!r->file_open)
        return true;
    if (!l->calls->end(l->context, stream)) {
        r->file_open = false;
        refuse(l, stream, "IT CANNOT BE KEPT");
        return false;
    }
    r->file_open = false;
    rscs_say(l, "RECEIVED: FILE FROM %s(%s) TO %s(%s), REC %06u", r->file.from_node,
             r->file.from_user, r->file.to_node, r->file.to_user, (unsigned)r->records);
    return true;
}

/* d: NULL for a job, which has none. */
static void begin_file(struct rscs_link *l, unsigned stream, const struct nje_data_set *d)
{
    struct rscs_receiver *r = &l->receivers[stream];
    if (!keep(l, stream))
        return;
    r->records = 0;
    r->spanned = false;
    if (!(d ? rscs_headers_get(&r->file, &r->job, d) : rscs_job_get(&r->file, &r->job))) {
        refuse(l, stream, "ITS HEADERS SAY NOT WHERE IT GOES");
        return;
    }
    enum rscs_take how = l->calls->begin(l->context, stream, &r->file);
    r->file_open = how == RSCS_TAKE;
    r->ignoring = how == RSCS_SKIP;
    if (how == RSCS_REFUSE)
        refuse(l, stream, "IT CANNOT BE TAKEN");
}

static void take_header(struct rscs_link *l, unsigned stream, const struct nje_record *record)
{
    struct rscs_receiver *r = &l->receivers[stream];
    struct nje_data_set d;
    struct nje_trailer trailer;
    bool good = nje_segment_get(&r->joiner, record->data, record->length);
    if (good && !r->joiner.complete)
        return;
    const uint8_t *header = r->joiner.header;
    size_t length = r->joiner.length;
    r->joiner.length = r->joiner.next = 0;
    r->joiner.complete = false;
    if (good && record->srcb == NJE_SRCB_JOB_HEADER)
        good = r->has_job = nje_job_get(&r->job, header, length);
    else if (good && record->srcb == NJE_SRCB_DATA_SET)
        good = r->has_job && nje_data_set_get(&d, header, length);
    else
        good = good && nje_trailer_get(&trailer, header, length);
    if (!good)
        refuse(l, stream, "A HEADER IS WRONG");
    else if (record->srcb == NJE_SRCB_DATA_SET && !r->refused)
        begin_file(l, stream, &d);
    else if (record->srcb == NJE_SRCB_JOB_HEADER && is_sysin(stream))
        begin_file(l, stream, NULL);
}

enum {
    WRITE = 0x01,
    WRITE_SPACE = 0x09,
    WRITE_BINARY = 0x21,
    CARD = 80,
    CARD_BINARY = 160,
    PRINT_LINE = 150,
};

/* The line as it is, with a command; then it is empty. */
static bool write_line(struct rscs_link *l, unsigned stream, uint8_t command)
{
    struct rscs_record *line = &l->receivers[stream].line;
    line->command = command;
    bool good = l->calls->write(l->context, stream, line);
    line->length = 0;
    return good;
}

/* ASA's control is for before the line: a command of its own. */
static bool move_paper(struct rscs_link *l, unsigned stream, const uint8_t *control)
{
    static const struct {
        char control;
        uint8_t command;
    } controls[] = {{' ', 0x0b}, {'0', 0x13}, {'-', 0x1b}, {'1', 0x8b}};
    char text[2];
    ebcdic_get_field(text, control, 1);
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (controls[i].control == (*text ? *text : ' '))
            return write_line(l, stream, controls[i].command);
    return true;
}

/* Adds to the line; what a card or a line of a printer cannot hold goes on with the next one. */
static bool add_to_line(struct rscs_link *l, unsigned stream, const uint8_t *data, size_t length,
                        size_t most)
{
    struct rscs_receiver *r = &l->receivers[stream];
    while (length) {
        if (r->line.length == most && !write_line(l, stream, r->file.print ? WRITE_SPACE : WRITE))
            return false;
        size_t n = most - r->line.length < length ? most - r->line.length : length;
        memcpy(r->line.data + r->line.length, data, n);
        r->line.length = (uint16_t)(r->line.length + n);
        data += n;
        length -= n;
    }
    return true;
}

/* The command of the record: by its carriage control, the machine's own or what that of ASA leaves
 * to do. */
static uint8_t command_of(const struct rscs_receiver *r, uint8_t srcb)
{
    if (!r->file.print)
        return r->line.length > CARD ? WRITE_BINARY : WRITE;
    if ((srcb & 0xf0) == NJE_SRCB_MACHINE)
        return r->line.command;
    return (srcb & 0xf0) == NJE_SRCB_ASA ? WRITE : WRITE_SPACE;
}

/* The carriage control at the beginning of a record; the machine's is kept as the line's command.
 */
static bool take_carriage(struct rscs_link *l, unsigned stream, uint8_t srcb, const uint8_t *at)
{
    struct rscs_receiver *r = &l->receivers[stream];
    if (r->file.print && srcb == NJE_SRCB_ASA)
        return move_paper(l, stream, at);
    r->line.command = *at;
    return true;
}

/* A record, or a segment of one: the length byte, in a first segment the length of the whole
 * record (2 bytes), perhaps a carriage control, the data without trailing blanks. */
static void take_data(struct rscs_link *l, unsigned stream, const struct nje_record *record)
{
    struct rscs_receiver *r = &l->receivers[stream];
    uint8_t kind = record->srcb & 0xf0, part = record->srcb & NJE_SPANNED;
    bool begins = !part || part == NJE_SPANNED_FIRST, ends = !part || part == NJE_SPANNED_LAST;
    bool controlled = begins && (kind == NJE_SRCB_MACHINE || kind == NJE_SRCB_ASA);
    size_t head = 1 + (part == NJE_SPANNED_FIRST ? 2 : 0);
    if (!r->file_open || record->length < head + controlled || begins == r->spanned) {
        refuse(l, stream, "A RECORD COMES WITHOUT WHAT BELONGS IN FRONT OF IT");
        return;
    }
    const uint8_t *data = record->data + head;
    size_t length = record->length - head;
    uint8_t command = r->line.command;
    bool good = true;
    if (begins)
        r->line.length = 0;
    if (controlled) {
        good = take_carriage(l, stream, kind, data);
        command = r->line.command;
        data++;
        length--;
    }
    bool binary = !r->file.print && !part && length <= CARD_BINARY;
    good = good && add_to_line(l, stream, data, length,
                               r->file.print ? PRINT_LINE
                               : binary      ? CARD_BINARY
                                             : CARD);
    r->line.command = command;
    r->spanned = !ends;
    if (ends) {
        r->records++;
        good = good && write_line(l, stream, command_of(r, kind));
    }
    if (!good)
        refuse(l, stream, "THERE IS NO ROOM FOR IT");
}

/* The stream's end, or its sender's giving up. */
static void take_end(struct rscs_link *l, unsigned stream, bool aborted)
{
    struct rscs_receiver *r = &l->receivers[stream];
    if (aborted && r->file_open) {
        l->calls->abandon(l->context, stream);
        r->file_open = false;
        rscs_say(l, "FILE FROM %s NOT RECEIVED: ITS SENDER HAS GIVEN UP", l->node);
    }
    if (!aborted && !r->refused && keep(l, stream))
        rscs_control(l, NJE_RCB_COMPLETE, rcb_of(stream));
    r->permitted = false;
}

void rscs_take_record(struct rscs_link *l, unsigned stream, const struct nje_record *record)
{
    struct rscs_receiver *r = &l->receivers[stream];
    if (!r->permitted)
        return;
    if (record->aborted || !record->length)
        take_end(l, stream, record->aborted);
    else if (r->refused)
        return;
    else if (record->srcb >= NJE_SRCB_JOB_HEADER)
        take_header(l, stream, record);
    else if (!r->ignoring)
        take_data(l, stream, record);
}
