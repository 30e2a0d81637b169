/* Tracks on tape: labels, blocks, and the next reel when one ends. */
#include "cms/ddr/command/ddr.h"

static const char label_id[] = "DDR-1   ";

static int failed(const struct unit *u, int rc)
{
    switch (rc) {
    case TAPE_NOT_THERE:
        return cms_error(RC_IO_ERROR, "DMS" MODULE "113S TAPE %03X NOT ATTACHED", u->address);
    case TAPE_FILE_PROTECTED:
        return cms_error(RC_NO_DISK, "DMS" MODULE "043E TAPE %03X IS FILE PROTECTED", u->address);
    case TAPE_NOT_READY:
        return cms_error(RC_FAILED, "DMS" MODULE "708E TAPE %03X NOT READY", u->address);
    default:
        return cms_error(RC_IO_ERROR, "DMS" MODULE "705E I/O ERROR ON TAPE %03X", u->address);
    }
}

static int control(const struct unit *u, uint8_t command)
{
    int rc = cms_tape_control(u->address, command);

    return rc && rc != TAPE_END && rc != TAPE_MARK ? failed(u, rc) : RC_OK;
}

static int begin(struct unit *u)
{
    int rc = u->mode ? control(u, u->mode) : RC_OK;

    for (uint32_t i = 0; i < u->skip && !rc; i++)
        rc = control(u, TAPE_FORWARD_FILE);
    u->reel = 1;
    return rc;
}

static int finish(const struct unit *u)
{
    if (u->after == AFTER_LEAVE)
        return RC_OK;
    return control(u, u->after == AFTER_UNLOAD ? TAPE_UNLOAD : TAPE_REWIND);
}

/* The next reel, in the other drive if there is one. */
static int next_reel(struct unit *u)
{
    uint16_t other = u->address;
    char line[CMS_LINE_MAX];
    int rc = control(u, TAPE_UNLOAD);

    if (rc)
        return rc;
    if (u->alternate) {
        u->address = u->alternate;
        u->alternate = other;
    }
    u->reel++;
    cms_printf("END OF TAPE. MOUNT REEL %u ON %03X AND PRESS ENTER", u->reel, u->address);
    cms_read(line, sizeof(line), READ_TERMINAL);
    return RC_OK;
}

static int write_label(struct ddr *d)
{
    struct cms_clock clock;

    cms_clock(&clock);
    memset(&d->label, 0, sizeof(d->label));
    memcpy(d->label.id, label_id, 8);
    memcpy(d->label.volid, d->input.volid, 6);
    put16(&d->label.type, d->input.device.type);
    put16(&d->label.cylinders, d->input.device.cylinders);
    put16(&d->label.heads, d->input.device.heads);
    put16(&d->label.reel, d->output.reel);
    memcpy(d->label.date, clock.date, 8);
    int rc = cms_tape_write(d->output.address, &d->label, sizeof(d->label));
    return rc ? failed(&d->output, rc) : RC_OK;
}

int reel_begin_writing(struct ddr *d)
{
    int rc = begin(&d->output);

    return rc ? rc : write_label(d);
}

int reel_write(struct ddr *d)
{
    uint32_t length = sizeof(d->track.header) + get32(d->track.header.length);
    int rc = cms_tape_write(d->output.address, &d->track, length);

    d->bytes += length;
    if (!rc)
        return RC_OK;
    if (rc != TAPE_END)
        return failed(&d->output, rc);
    /* The block was written behind the mark at the reel's end: it is the last here. */
    rc = control(&d->output, TAPE_WRITE_MARK);
    if (!rc)
        rc = next_reel(&d->output);
    return rc ? rc : write_label(d);
}

int reel_end_writing(struct ddr *d)
{
    memset(&d->track.header, 0, sizeof(d->track.header));
    memcpy(d->track.header.id, "TRK ", 4);
    put16(&d->track.header.cylinder, DDR_LAST_CYLINDER);
    int rc = cms_tape_write(d->output.address, &d->track, sizeof(d->track.header));
    if (rc && rc != TAPE_END)
        return failed(&d->output, rc);
    rc = control(&d->output, TAPE_WRITE_MARK);
    return rc ? rc : finish(&d->output);
}

static int not_ours(const struct unit *u)
{
    return cms_error(RC_BAD_FILE, "DMS" MODULE "709E TAPE %03X HAS NO DDR FORMAT", u->address);
}

static int read_label(struct ddr *d)
{
    size_t length;
    int rc = cms_tape_read(d->input.address, &d->label, sizeof(d->label), &length);

    if (rc && rc != TAPE_MARK)
        return failed(&d->input, rc);
    if (length != sizeof(d->label) || memcmp(d->label.id, label_id, 8) != 0 ||
        get16(d->label.reel) != d->input.reel)
        return not_ours(&d->input);
    memcpy(d->input.volid, d->label.volid, 6);
    return RC_OK;
}

int reel_begin_reading(struct ddr *d)
{
    int rc = begin(&d->input);

    if (!rc)
        rc = read_label(d);
    d->input.device.type = (uint16_t)get16(d->label.type);
    d->input.device.cylinders = get16(d->label.cylinders);
    d->input.device.heads = (uint16_t)get16(d->label.heads);
    return rc;
}

int reel_read(struct ddr *d)
{
    size_t length;

    for (;;) {
        int rc = cms_tape_read(d->input.address, &d->track, sizeof(d->track), &length);
        if (rc == TAPE_MARK) {
            rc = next_reel(&d->input);
            if (!rc)
                rc = read_label(d);
            if (rc)
                return rc;
            continue;
        }
        if (rc)
            return failed(&d->input, rc);
        if (!ddr_track_is_good((const uint8_t *)&d->track, length))
            return not_ours(&d->input);
        d->bytes += length;
        return get16(d->track.header.cylinder) == DDR_LAST_CYLINDER ? REEL_END : RC_OK;
    }
}

int reel_end_reading(struct ddr *d)
{
    return finish(&d->input);
}
