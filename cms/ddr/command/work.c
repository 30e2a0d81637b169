/* DUMP, RESTORE and COPY of cylinders; PRINT and TYPE of records. */
#include "cms/ddr/command/ddr.h"

enum { WRITE_SPACE_1 = 0x09 };

enum answer work_ask(const char *question)
{
    char line[CMS_LINE_MAX + 1], word[9];

    for (;;) {
        cms_printf("%s", question);
        int length = cms_read(line, CMS_LINE_MAX, READ_UPPER);
        line[length] = 0;
        const char *at = line;
        if (!str_word(&at, word, sizeof(word)))
            continue;
        if (str_abbrev(word, "YES", 1))
            return ANSWER_YES;
        if (str_abbrev(word, "NO", 1))
            return ANSWER_NO;
        if (str_abbrev(word, "REREAD", 1))
            return ANSWER_REREAD;
    }
}

/* Is it the volume that was meant? */
static bool label_agrees(struct unit *u)
{
    char question[CMS_LINE_MAX];

    for (;;) {
        disk_label(u, u->volid);
        if (u->wanted[0] == ' ' || !memcmp(u->wanted, u->volid, 6))
            return true;
        fmt(question, sizeof(question),
            "DMS" MODULE
            "711R VOLID READ IS %.6s, NOT %.6s. DO YOU WISH TO CONTINUE? RESPOND YES, NO "
            "OR REREAD:",
            u->volid, u->wanted);
        enum answer a = work_ask(question);
        if (a != ANSWER_REREAD)
            return a == ANSWER_YES;
    }
}

static bool agreed(struct ddr *d, enum what what)
{
    char question[CMS_LINE_MAX];
    static const char *const verbs[] = {"DUMPED", "RESTORED", "COPIED"};

    fmt(question, sizeof(question),
        "DMS" MODULE
        "717R DATA OF %.6s IS TO BE %s TO %.6s. DO YOU WISH TO CONTINUE? RESPOND YES, NO "
        "OR REREAD:",
        d->input.volid, verbs[what], d->output.volid);
    for (;;) {
        enum answer a = work_ask(question);
        if (a == ANSWER_REREAD) {
            disk_label(&d->output, d->output.volid);
            continue;
        }
        return a == ANSWER_YES;
    }
}

static int give_up(void)
{
    return cms_error(8, "DMS" MODULE "728I FUNCTION TERMINATED");
}

/* One track from the input into d->track; REEL_END behind the tape's last. */
static int read_track(struct ddr *d, uint32_t cylinder, uint32_t head)
{
    return d->input.tape ? reel_read(d) : track_read(d, cylinder, head);
}

static int move_track(struct ddr *d, const struct extent *e)
{
    uint32_t cylinder = get16(d->track.header.cylinder), head = get16(d->track.header.head);

    if (cylinder < e->first || cylinder > e->last)
        return RC_OK;
    if (d->output.tape)
        return reel_write(d);
    return track_write(d, cylinder - e->first + e->to, head);
}

static int move_disk(struct ddr *d, const struct extent *e)
{
    int rc = RC_OK;

    for (uint32_t c = e->first; c <= e->last && !rc; c++)
        for (uint32_t h = 0; h < d->input.device.heads && !rc; h++) {
            rc = track_read(d, c, h);
            d->bytes += rc || d->output.tape ? 0 : get32(d->track.header.length);
            if (!rc)
                rc = move_track(d, e);
        }
    return rc;
}

static int move_tape(struct ddr *d, const struct extent *e)
{
    int rc;

    while (!(rc = reel_read(d)))
        if ((rc = move_track(d, e)))
            return rc;
    return rc == REEL_END ? RC_OK : rc;
}

/* Disks of different types have different tracks. */
static int fits(const struct ddr *d, const struct extent *e)
{
    const struct cms_device *in = &d->input.device, *out = &d->output.device;

    if (e->first > e->last || e->last >= in->cylinders)
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "702E CYLINDERS %u TO %u ARE NOT ON THE INPUT", e->first,
                         e->last);
    if (d->output.tape)
        return RC_OK;
    if (in->type != out->type || in->heads != out->heads)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "703E INPUT IS A %04X, OUTPUT A %04X",
                         in->type, out->type);
    if (e->to + (e->last - e->first) >= out->cylinders)
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "702E CYLINDERS %u TO %u ARE NOT ON THE OUTPUT", e->to,
                         e->to + (e->last - e->first));
    return RC_OK;
}

int work_move(struct ddr *d, enum what what, const struct extent *extent)
{
    static const char *const verbs[] = {"DUMPING", "RESTORING", "COPYING"};
    struct extent e = *extent;
    int rc = d->input.tape ? reel_begin_reading(d) : RC_OK;

    d->bytes = 0;
    if (rc)
        return rc;
    if ((!d->input.tape && !label_agrees(&d->input)) ||
        (!d->output.tape && !label_agrees(&d->output)))
        return give_up();
    if (e.last == UINT32_MAX)
        e.last = d->input.device.cylinders - 1;
    rc = fits(d, &e);
    if (rc)
        return rc;
    if (!d->output.tape && !agreed(d, what))
        return give_up();
    if (d->output.tape)
        rc = reel_begin_writing(d);
    if (rc)
        return rc;
    cms_printf("%s %.6s", verbs[what], d->input.volid);
    rc = d->input.tape ? move_tape(d, &e) : move_disk(d, &e);
    if (!rc && d->output.tape)
        rc = reel_end_writing(d);
    if (!rc && d->input.tape)
        rc = reel_end_reading(d);
    if (rc)
        return rc;
    cms_printf("CYLINDERS %u TO %u, FROM %u ON: %u K BYTES", e.first, e.last, e.to,
               (unsigned)(d->bytes >> 10));
    cms_printf("END OF %s", what == DUMP ? "DUMP" : what == RESTORE ? "RESTORE" : "COPY");
    return RC_OK;
}

/* ---- PRINT and TYPE ---- */

static void say(const struct ddr *d, bool printer, const char *line, size_t length)
{
    if (printer && d->print)
        cms_print(line, length, WRITE_SPACE_1);
    else
        cms_write(line, length);
}

static void show_bytes(const struct ddr *d, bool printer, const uint8_t *bytes, uint32_t length)
{
    char line[CMS_LINE_MAX];

    bool same = false;

    for (uint32_t at = 0; at < length; at += 16) {
        uint32_t some = length - at < 16 ? length - at : 16;
        if (at && some == 16 && !memcmp(bytes + at, bytes + at - 16, 16)) {
            if (!same)
                say(d, printer, "SUPPRESSED LINE(S) SAME AS ABOVE", 32);
            same = true;
            continue;
        }
        same = false;
        size_t n = fmt(line, sizeof(line), "%05X ", at);
        for (uint32_t i = 0; i < 16; i++)
            n += i < some ? fmt(line + n, sizeof(line) - n, i % 4 ? "%02X" : " %02X", bytes[at + i])
                          : fmt(line + n, sizeof(line) - n, i % 4 ? "  " : "   ");
        n += fmt(line + n, sizeof(line) - n, "  *");
        for (uint32_t i = 0; i < some; i++) {
            uint8_t c = bytes[at + i];
            line[n++] = c >= 0x40 && c < 0xff ? (char)c : '.';
        }
        line[n++] = '*';
        say(d, printer, line, n);
    }
}

static void show_track(const struct ddr *d, bool printer, uint32_t record)
{
    const uint8_t *at = d->track.bytes;
    char line[CMS_LINE_MAX];

    for (uint32_t i = 0; i < get16(d->track.header.records); i++, at += record_length(at)) {
        if (record && at[4] != record)
            continue;
        say(d, printer, line,
            fmt(line, sizeof(line), "CYL %03u HD %02u REC %03u COUNT %08X%02X KEY %u DATA %u",
                get16(d->track.header.cylinder), get16(d->track.header.head), at[4], load_be32(at),
                at[4], at[5], load_be16(at + 6)));
        show_bytes(d, printer, at + DDR_COUNT, record_length(at) - DDR_COUNT);
    }
}

static bool within(const struct ddr *d, const struct place *from, const struct place *to)
{
    uint32_t at = get16(d->track.header.cylinder) << 16 | get16(d->track.header.head);

    return at >= (from->cylinder << 16 | from->head) && at <= (to->cylinder << 16 | to->head);
}

int work_show(struct ddr *d, const struct place *from, const struct place *to, bool printer)
{
    struct place p = *from;
    int rc = d->input.tape ? reel_begin_reading(d) : RC_OK;
    bool one = from->cylinder == to->cylinder && from->head == to->head;

    if (!rc && (to->cylinder >= d->input.device.cylinders || from->head >= d->input.device.heads))
        return cms_error(RC_BAD_OPERAND,
                         "DMS" MODULE "702E CYLINDER %u HEAD %u IS NOT ON THE INPUT", to->cylinder,
                         from->head);
    while (!rc && (d->input.tape || p.cylinder << 16 | p.head) <= (to->cylinder << 16 | to->head)) {
        rc = read_track(d, p.cylinder, p.head);
        if (!rc && within(d, from, to))
            show_track(d, printer, one ? from->record : 0);
        if (++p.head == d->input.device.heads) {
            p.head = 0;
            p.cylinder++;
        }
    }
    if (rc == REEL_END)
        rc = RC_OK;
    if (!rc && d->input.tape)
        rc = reel_end_reading(d);
    return rc;
}
