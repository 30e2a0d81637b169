/* MOVEFILE [inputdd [outputdd]]: the records of one data set, as FILEDEF defines it, into another
 * one; INMOVE and OUTMOVE if nothing else is said. */
#include "cms/os/command/dataset.h"

#define MODULE "MVE"

struct side {
    struct dataset d;
    struct dcb dcb;
};

static int no_definition(const char ddname[8])
{
    char word[9];

    str_unpad(word, ddname, 8);
    return cms_error(RC_BAD_OPERAND, "DMS" MODULE "086E INVALID DDNAME '%s'", word);
}

static int cannot_open(const struct side *s, int error, bool output)
{
    char ddname[9];

    str_unpad(ddname, s->d.def.ddname, 8);
    switch (error) {
    case OPEN_NO_FILE:
    case OPEN_NO_MEMBER:
        return cms_error(RC_NOT_FOUND, "DMS" MODULE "002E FILE '%s' NOT FOUND", ddname);
    case OPEN_DISK:
        return cms_disk_read_only(MODULE, s->d.def.id.fm[0]);
    case OPEN_DEVICE:
        return cms_error(40, "DMS" MODULE "075E DEVICE %s INVALID FOR %s", ddname,
                         output ? "OUTPUT" : "INPUT");
    case OPEN_RECFM:
    case OPEN_LENGTH:
        return cms_error(88, "DMS" MODULE "130S RECFM, LRECL AND BLKSIZE OF %s DO NOT FIT", ddname);
    default:
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    }
}

/* `like`: what the definition leaves open is as there. */
static int open_side(struct side *s, const char ddname[8], enum direction direction,
                     const struct record_form *like)
{
    struct cms_filedef def;

    memset(s, 0, sizeof(*s));
    if (cms_filedef(ddname, &def))
        return no_definition(ddname);
    s->d.dcb = &s->dcb;
    s->d.direction = direction;
    memcpy(s->d.before.ddname, ddname, 8);
    if (like) {
        s->dcb.recfm = def.recfm ? def.recfm : like->recfm;
        put16(&s->dcb.lrecl, def.lrecl || def.recfm ? def.lrecl : like->lrecl);
        put16(&s->dcb.blksi, def.blksize || def.recfm ? def.blksize
                             : def.lrecl              ? def.lrecl
                                                      : like->blksize);
    }
    int error = dataset_find(&s->d);
    if (!error)
        error = dataset_start(&s->d);
    if (!error && !(s->d.block.bytes = cms_alloc(s->d.form.blksize)))
        error = OPEN_STORAGE;
    return error ? cannot_open(s, error, direction == OPEN_OUTPUT) : RC_OK;
}

static bool variable(const struct side *s)
{
    return (s->d.form.recfm & RECFM_KIND) == RECFM_VARIABLE;
}

/* The text of a record as the other side has it: with a length word or without. */
static bool put_text(struct side *out, const uint8_t *text, uint32_t length)
{
    bool fixed = (out->d.form.recfm & RECFM_KIND) == RECFM_FIXED;
    uint32_t word = variable(out) ? LENGTH_WORD : 0;
    uint32_t all = fixed ? out->d.form.lrecl : length + word;

    if (length + word > all || all > (word ? out->d.form.lrecl : out->d.form.blksize))
        return false;
    uint8_t *to = record_room(&out->d, all);
    if (!to)
        return false;
    if (word)
        store_be32(to, all << 16);
    memcpy(to + word, text, length);
    memset(to + word + length, ' ', all - word - length);
    block_add(&out->d.block, all);
    return true;
}

static int move(struct side *in, struct side *out)
{
    uint8_t *record;
    uint32_t length, records = 0;
    enum dataset_rc rc;

    block_begin(&out->d.block, &out->d.form);
    while ((rc = record_next(&in->d, &record, &length)) == DATASET_OK) {
        uint32_t word = variable(in) ? LENGTH_WORD : 0;
        records++;
        if (!put_text(out, record + word, length - word))
            return cms_error(RC_IO_ERROR,
                             "DMS" MODULE "129S I/O ERROR ON OUTPUT WRITING RECORD NUMBER %u "
                             "ON %.8s",
                             records, out->d.def.ddname);
    }
    if (rc == DATASET_ERROR)
        return cms_error(RC_IO_ERROR,
                         "DMS" MODULE "128S I/O ERROR ON INPUT AFTER READING %u RECORDS ON %.8s",
                         records, in->d.def.ddname);
    return record_flush(&out->d)
               ? RC_OK
               : cms_error(RC_IO_ERROR,
                           "DMS" MODULE "129S I/O ERROR ON OUTPUT WRITING RECORD NUMBER %u ON %.8s",
                           records, out->d.def.ddname);
}

static bool same_file(const char in[8], const char out[8])
{
    struct cms_filedef a, b;

    if (cms_filedef(in, &a) || cms_filedef(out, &b) || a.device != b.device)
        return false;
    return a.device == FILEDEF_DISK ? !memcmp(&a.id, &b.id, sizeof(a.id))
                                    : a.device == FILEDEF_TAPE && a.tape == b.tape;
}

int command_main(const struct cms_call *call)
{
    static struct side in, out;
    char names[2][8] = {{'I', 'N', 'M', 'O', 'V', 'E', ' ', ' '},
                        {'O', 'U', 'T', 'M', 'O', 'V', 'E', ' '}};
    int end = cms_operands_end(call);
    const char *found[1];
    int rc = cms_parse_options(call, MODULE, NULL, 0, found);

    if (rc)
        return rc;
    if (end > 3)
        return cms_bad_operand(MODULE, call->token[3]);
    for (int i = 1; i < end; i++)
        memcpy(names[i - 1], call->token[i], 8);
    if (same_file(names[0], names[1]))
        return cms_error(40, "DMS" MODULE "041E INPUT AND OUTPUT FILES ARE THE SAME");
    rc = open_side(&in, names[0], OPEN_INPUT, NULL);
    if (rc)
        return rc;
    rc = open_side(&out, names[1], OPEN_OUTPUT, &in.d.form);
    if (!rc) {
        rc = move(&in, &out);
        dataset_close(&out.d, 0);
    }
    dataset_close(&in.d, 0);
    return rc;
}
