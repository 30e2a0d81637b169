/* NJE: any bytes as a block, as the records in it, as a header's segments; and any string
 * compressed and taken apart again.  What has been understood is written, and must be read as the
 * same. */
#include "spool/nje/block.h"
#include "spool/nje/header.h"
#include "spool/nje/signon.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void control(const struct nje_record *record)
{
    struct nje_control c, again;
    uint8_t bytes[NJE_CONTROL_MAX];
    if (!nje_control_get(&c, record->data, record->length))
        return;
    size_t n = nje_control_put(bytes, &c);
    if (!nje_control_get(&again, bytes, n) || memcmp(&c, &again, sizeof c) != 0)
        abort();
}

static void message(const struct nje_record *record)
{
    struct nje_nmr n, again;
    uint8_t bytes[NJE_NMR_MAX];
    if (!nje_nmr_get(&n, record->data, record->length))
        return;
    size_t length = nje_nmr_put(bytes, &n);
    if (!nje_nmr_get(&again, bytes, length) || strcmp(n.text, again.text) != 0)
        abort();
}

static void header(struct nje_joiner *j, const struct nje_record *record)
{
    struct nje_job job;
    struct nje_data_set d;
    struct nje_trailer t;
    uint8_t bytes[NJE_DATA_SET];
    if (!nje_segment_get(j, record->data, record->length) || !j->complete)
        return;
    if (nje_job_get(&job, j->header, j->length))
        nje_job_put(bytes, &job);
    if (nje_data_set_get(&d, j->header, j->length))
        nje_data_set_put(bytes, &d);
    if (nje_trailer_get(&t, j->header, j->length))
        nje_trailer_put(bytes, &t);
    memset(j, 0, sizeof *j);
}

/* The records of a block, written into another one. */
static void block(const uint8_t *data, size_t size)
{
    static uint8_t copy[NJE_BLOCK_MAX + 64];
    struct nje_reader r;
    struct nje_record record;
    struct nje_writer w;
    struct nje_joiner j = {.length = 0};
    if (nje_read_start(&r, data, size) != NJE_BLOCK_DATA)
        return;
    nje_write_start(&w, copy, NJE_BLOCK_MAX);
    while (nje_read_record(&r, &record) == NJE_RECORD) {
        if (record.rcb == NJE_RCB_CONTROL)
            control(&record);
        else if (record.rcb == NJE_RCB_NMR)
            message(&record);
        else
            header(&j, &record);
        if (record.rcb != NJE_RCB_CONTROL)
            nje_write_record(&w, record.rcb, record.srcb, record.data, record.length);
    }
    if (nje_write_end(&w, r.bcb, r.fcs) > NJE_BLOCK_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t packed[3 * 256], again[256];
    size_t length, used, n = size < 256 ? size : 256;
    bool aborted;
    size_t packed_length = nje_compress(packed, sizeof packed, data, n);
    if (!packed_length ||
        !nje_decompress(again, sizeof again, &length, &aborted, packed, packed_length, &used) ||
        length != n || used != packed_length || aborted || (n && memcmp(again, data, n) != 0))
        abort();
    block(data, size);
    return 0;
}
