/* Proves: each kind of NJE record is what the tables of GG22-9373 say, byte by byte, against
 * examples written out by hand from them; it is read back as it was written; what is cut short or
 * cannot be is refused. */
#include "lib/be.h"
#include "spool/nje/block.h"
#include "spool/nje/header.h"
#include "spool/nje/signon.h"
#include "tests/unit/hex.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- strings and blocks --- */

START_TEST(strings)
{
    static const struct {
        const char *plain, *compressed;
    } cases[] = {
        {"", "00"},
        {"C1C2C3", "C3C1C2C3 00"},
        {"40404040", "84 00"},
        {"C1404040", "C1C1 83 00"},
        {"F0F0F0F0F0", "A5F0 00"},
        {"C1F0F0C2", "C4C1F0F0C2 00"}, /* a pair is not worth a run */
        {"C1 4040 C2C2C2 C3", "C1C1 82 A3C2 C1C3 00"},
    };
    uint8_t plain[256], packed[300], again[256];
    size_t n, used;
    bool aborted;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t length = from_hex(plain, cases[i].plain);
        is_hex(packed, nje_compress(packed, sizeof packed, plain, length), cases[i].compressed);
        ck_assert(nje_decompress(again, sizeof again, &n, &aborted, packed, sizeof packed, &used));
        ck_assert(n == length && !memcmp(again, plain, n) && !aborted);
        ck_assert_uint_eq(nje_compress(packed, used - 1, plain, length), 0);
        ck_assert(!nje_decompress(again, sizeof again, &n, &aborted, packed, used - 1, &used));
    }
    /* Longer than one control byte can say. */
    memset(plain, 0x40, 100);
    is_hex(packed, nje_compress(packed, sizeof packed, plain, 100), "9F9F9F87 00");
    memset(plain, 0, 100);
    for (int i = 0; i < 100; i++)
        plain[i] = (uint8_t)(i & 1 ? 0xc1 : 0xc2);
    size_t length = nje_compress(packed, sizeof packed, plain, 100);
    ck_assert_uint_eq(length, 103);
    ck_assert(packed[0] == 0xff && packed[64] == 0xe5 && !packed[102]);
    from_hex(packed, "C1C1 40");
    ck_assert(nje_decompress(again, sizeof again, &n, &aborted, packed, 3, &used) && aborted);
    ck_assert(!nje_decompress(again, 0, &n, &aborted, packed, 3, &used));
    from_hex(packed, "7F 00"); /* no SCB */
    ck_assert(!nje_decompress(again, sizeof again, &n, &aborted, packed, 2, &used));
}
END_TEST

START_TEST(streams)
{
    static const uint8_t sysout[] = {0x99, 0xa9, 0xb9, 0xc9, 0xd9, 0xe9, 0xf9};
    bool sysin;
    for (unsigned i = 0; i < 7; i++) {
        ck_assert_uint_eq(nje_stream_rcb(NJE_RCB_SYSOUT, i + 1), sysout[i]);
        ck_assert_uint_eq(nje_stream_number(sysout[i], &sysin), i + 1);
        ck_assert(!sysin);
        ck_assert_uint_eq(nje_stream_rcb(NJE_RCB_SYSIN, i + 1), sysout[i] - 1);
        ck_assert(nje_stream_number((uint8_t)(sysout[i] - 1), &sysin) == i + 1 && sysin);
    }
    ck_assert_uint_eq(nje_stream_number(NJE_RCB_NMR, &sysin), 0);
    ck_assert_uint_eq(nje_stream_number(0x89, &sysin), 0);
}
END_TEST

/* SA32-0988, "Function Control Sequence": the bit that is off, and whom it stops. */
START_TEST(function_control)
{
    static const struct {
        uint16_t bit;
        uint8_t stopped[2];
    } rows[] = {
        {0x0800, {0x98, 0}},    {0x0400, {0xa8, 0xf9}}, {0x0200, {0xb8, 0xe9}},
        {0x0100, {0xc8, 0xd9}}, {0x0008, {0xd8, 0xc9}}, {0x0004, {0xe8, 0xb9}},
        {0x0002, {0xf8, 0xa9}}, {0x0001, {0x99, 0}},    {0x0040, {0x9a, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < 2 * (sizeof rows / sizeof *rows); k++) {
            uint8_t rcb = rows[k / 2].stopped[k % 2];
            if (!rcb)
                continue;
            ck_assert_int_eq(nje_fcs_permits(NJE_FCS_OPEN & ~rows[i].bit, rcb), i != k / 2);
            ck_assert(!nje_fcs_permits(NJE_FCS_OPEN | NJE_FCS_WAIT, rcb));
        }
    ck_assert(nje_fcs_permits(0x8080, NJE_RCB_PERMIT)); /* controls are no stream's */
}
END_TEST

/* Records that are about a stream: request, permission, cancel, complete, ready; a block missed. */
START_TEST(stream_controls)
{
    static const struct {
        uint8_t rcb, srcb;
        const char *bytes;
    } rows[] = {
        {NJE_RCB_REQUEST, 0x99, "909900"}, {NJE_RCB_PERMIT, 0xa9, "A0A900"},
        {NJE_RCB_CANCEL, 0x98, "B09800"},  {NJE_RCB_COMPLETE, 0xf8, "C0F800"},
        {NJE_RCB_READY, 0xf9, "D0F900"},   {NJE_RCB_BCB_ERROR, 0x83, "E08300"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t block[32];
        struct nje_writer w;
        struct nje_reader r;
        struct nje_record record;
        nje_write_start(&w, block, sizeof block);
        ck_assert(nje_write_record(&w, rows[i].rcb, rows[i].srcb, "", 0));
        size_t n = nje_write_end(&w, NJE_BCB_IGNORE, NJE_FCS_OPEN | NJE_FCS_WAIT);
        is_hex(block, 5, "1002 90 CFCF");
        is_hex(block + 5, 3, rows[i].bytes);
        is_hex(block + 8, n - 8, "00 1026");
        ck_assert(nje_read_start(&r, block, n) == NJE_BLOCK_DATA && r.bcb == NJE_BCB_IGNORE);
        ck_assert(r.fcs == 0xcfcf && nje_read_record(&r, &record) == NJE_RECORD);
        ck_assert(record.rcb == rows[i].rcb && record.srcb == rows[i].srcb && !record.length);
        ck_assert(nje_read_record(&r, &record) == NJE_RECORDS_END);
    }
}
END_TEST

START_TEST(blocks)
{
    uint8_t block[400], card[82];
    struct nje_writer w;
    struct nje_reader r;
    struct nje_record record;
    nje_write_start(&w, block, sizeof block);
    ck_assert(w.empty);
    ck_assert(nje_write_record(&w, NJE_RCB_REQUEST, 0x99, "", 0));
    card[0] = 80;
    memset(card + 1, 0x40, 80);
    card[1] = 0xc1;
    ck_assert(nje_write_record(&w, 0x99, NJE_SRCB_PLAIN, card, 81));
    ck_assert(nje_write_record(&w, 0x99, NJE_SRCB_PLAIN, "", 0)); /* the file's end */
    is_hex(block, nje_write_end(&w, NJE_BCB_COUNTED + 5, NJE_FCS_OPEN),
           "1002 85 8FCF  9099 00  9980 C250C1 9F9F91 00  9980 00  00 1026");
    ck_assert(nje_read_start(&r, block, w.used) == NJE_BLOCK_DATA && r.bcb == 0x85 &&
              r.fcs == 0x8fcf);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD && record.rcb == 0x90 &&
              record.srcb == 0x99 && !record.length);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD && record.length == 81 &&
              !memcmp(record.data, card, 81));
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD && !record.length && !record.aborted);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORDS_END);
    /* No record that does not fit is begun. */
    nje_write_start(&w, block, 40);
    for (int i = 0; i < 300; i++)
        card[i % 80] = (uint8_t)i;
    ck_assert(!nje_write_record(&w, 0x99, 0x80, card, 80) && w.empty);
    ck_assert(nje_write_record(&w, 0x99, 0x80, card, 20) && w.used <= 40);
    ck_assert(nje_write_end(&w, 0x80, 0) <= 40);
    is_hex(block, nje_put_enquiry(block), "012DFF");
    ck_assert(nje_read_start(&r, block, 3) == NJE_BLOCK_ENQUIRY);
    is_hex(block, nje_put_ack(block), "1070FF");
    ck_assert(nje_read_start(&r, block, 3) == NJE_BLOCK_ACK);
    is_hex(block, nje_put_nak(block), "3DFF");
    ck_assert(nje_read_start(&r, block, 2) == NJE_BLOCK_NAK);
    ck_assert(nje_read_start(&r, "", 0) == NJE_BLOCK_BAD);
    /* Records that are cut short. */
    size_t n = from_hex(block, "1002 80 8FCF 99");
    ck_assert(nje_read_start(&r, block, n) == NJE_BLOCK_DATA);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD_BAD);
    n = from_hex(block, "1002 80 8FCF 9980 C5C1C2");
    ck_assert(nje_read_start(&r, block, n) == NJE_BLOCK_DATA);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD_BAD);
    n = from_hex(block, "1002 80 8FCF F0C9 29 C1");
    ck_assert(nje_read_start(&r, block, n) == NJE_BLOCK_DATA);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD_BAD);
}
END_TEST

/* --- control records --- */

static const char signon[] = "F0C929 C1D3D7C8C1404040 01 00000007 00C8 2000 "
                             "E2C5C3D9C5E34040 4040404040404040 00 00000000";

START_TEST(control)
{
    struct nje_control c = {.kind = NJE_SIGNON,
                            .node = "ALPHA",
                            .qualifier = 1,
                            .event = 7,
                            .resistance = 200,
                            .buffer_size = 0x2000,
                            .line_password = "SECRET"},
                       got;
    uint8_t bytes[64];
    is_hex(bytes, nje_control_put(bytes, &c), signon);
    ck_assert(nje_control_get(&got, bytes, 41) && !memcmp(&got, &c, sizeof c));
    ck_assert(nje_control_get(&got, bytes, 37)); /* without the features */
    ck_assert(!nje_control_get(&got, bytes, 30));
    c = (struct nje_control){.kind = NJE_SIGNON_RESPONSE, .node = "B", .features = 0x80000001};
    ck_assert_uint_eq(nje_control_put(bytes, &c), 41);
    ck_assert(bytes[1] == 0xd1 && bytes[37] == 0x80 && bytes[40] == 1);
    c = (struct nje_control){.kind = NJE_RESET, .event = 0x01020304, .resistance = 5};
    is_hex(bytes, nje_control_put(bytes, &c), "F0D209 01020304 0005");
    ck_assert(nje_control_get(&got, bytes, 9) && !memcmp(&got, &c, sizeof c));
    c.kind = NJE_RESET_RESPONSE;
    is_hex(bytes, nje_control_put(bytes, &c), "F0D309 01020304 0005");
    c = (struct nje_control){.kind = NJE_CONNECTED,
                             .node = "A",
                             .qualifier = 1,
                             .other = "B",
                             .other_qualifier = 2,
                             .event = 3,
                             .resistance = 4};
    is_hex(bytes, nje_control_put(bytes, &c),
           "F0D41B C140404040404040 01 C240404040404040 02 00000003 0004");
    ck_assert(nje_control_get(&got, bytes, 27) && !memcmp(&got, &c, sizeof c));
    c.kind = NJE_DISCONNECTED;
    ck_assert(nje_control_put(bytes, &c) == 27 && bytes[1] == 0xd5);
    c = (struct nje_control){.kind = NJE_SIGNOFF};
    is_hex(bytes, nje_control_put(bytes, &c), "F0C2");
    ck_assert(nje_control_get(&got, bytes, 2) && got.kind == NJE_SIGNOFF);
    c.kind = 0xc1;
    ck_assert(!nje_control_put(bytes, &c) && !nje_control_get(&got, bytes, 1));
    /* In a block they come whole. */
    uint8_t block[80];
    struct nje_writer w;
    struct nje_reader r;
    struct nje_record record;
    size_t n = from_hex(bytes, signon);
    nje_write_start(&w, block, sizeof block);
    ck_assert(nje_write_plain(&w, bytes, n) && !nje_write_plain(&w, bytes, n));
    n = nje_write_end(&w, NJE_BCB_RESET, NJE_FCS_OPEN);
    nje_read_start(&r, block, n);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORD && record.rcb == 0xf0);
    is_hex(record.data, record.length, signon);
    ck_assert(nje_read_record(&r, &record) == NJE_RECORDS_END);
}
END_TEST

/* --- headers --- */

static const char job_header[] =
    "00CC0000 00C80000 002A C1C2 CC 07 01 02 3C 000000 "                   /* to 20 */
    "F1F2F3F440404040 D9C5D7D6D9E34040 C3D4E2E4E2C5D940 D6D3C44040404040 " /* account to password */
    "D5C5E64040404040 D6A1B2C3D4E5F607 C1D3D7C8C1404040 C3D4E2E4E2C5D940 "
    "C2C5E3C140404040 E4E2C5D940404040 C4C5D3E3C1404040 D7D9D5E3C5D94040 "
    "C7C1D4D4C1404040 D7E4D5C3C8404040 D8E4C9C5E3404040 "
    "00000001 00000002 00000003 00000004 "
    "C7C54BC3D6C4C5D9404040404040404040404040 C2F1F24040404040 C4F7404040404040 C8F9404040404040 "
    "00000010";

START_TEST(job_headers)
{
    static const struct nje_job job = {.id = 42,
                                       .class = 'A',
                                       .message_class = 'B',
                                       .flags = 0xcc,
                                       .priority = 7,
                                       .qualifier = 1,
                                       .copies = 2,
                                       .lines_per_page = 60,
                                       .account = "1234",
                                       .name = "REPORT",
                                       .user = "CMSUSER",
                                       .password = "OLD",
                                       .new_password = "NEW",
                                       .entered = UINT64_C(0xd6a1b2c3d4e5f607),
                                       .origin_node = "ALPHA",
                                       .origin_user = "CMSUSER",
                                       .execution_node = "BETA",
                                       .execution_user = "USER",
                                       .print_node = "DELTA",
                                       .print_user = "PRNTER",
                                       .punch_node = "GAMMA",
                                       .punch_user = "PUNCH",
                                       .form = "QUIET",
                                       .cards = 1,
                                       .seconds = 2,
                                       .lines = 3,
                                       .cards_out = 4,
                                       .programmer = "GE.CODER",
                                       .room = "B12",
                                       .department = "D7",
                                       .building = "H9",
                                       .records = 16};
    struct nje_job got;
    uint8_t bytes[NJE_JOB_HEADER];
    is_hex(bytes, nje_job_put(bytes, &job), job_header);
    ck_assert(nje_job_get(&got, bytes, sizeof bytes) && !memcmp(&got, &job, sizeof job));
    /* A shorter general section, of an older system: the fields behind it are empty. */
    bytes[5] = 100;
    store_be16(bytes, 104);
    ck_assert(nje_job_get(&got, bytes, 104));
    ck_assert(!strcmp(got.execution_user, "USER") && !got.print_node[0] && !got.records);
    bytes[5] = 101; /* longer than the header */
    ck_assert(!nje_job_get(&got, bytes, 104));
    bytes[5] = 3;
    ck_assert(!nje_job_get(&got, bytes, 104));
    ck_assert(!nje_job_get(&got, bytes, 3));
}
END_TEST

static const char data_set_general[] =
    "01280000 00700000 C2C5E3C140404040 E4E2C5D940404040 "
    "D7D9D6C3D5C1D4C5 E2E3C5D740404040 C4C4D5C1D4C54040 "
    "0001 00 C2 00000010 F8 90 0050 01 02 42 00 D8E4C9C5E3404040 " /* number to form */
    "C6C3C2F640404040 D7D54040 40404040 E6D9C9E3C5D94040 00000000 00000000 "
    "40 80 0000 D9E4D5D4D6C4C540";
static const char rscs_begin[] =
    "00B48700 80 C2 82 42 C2C9D5F140404040 D7D9D6C6C9D3C54040404040 C5E7C5C34040404040404040 "
    "0032 01 03 C2C5E3C140E4E2C5D9";

START_TEST(data_set)
{
    struct nje_data_set d = {.node = "BETA",
                             .user = "USER",
                             .procedure = "PROCNAME",
                             .step = "STEP",
                             .dd = "DDNAME",
                             .number = 1,
                             .class = 'B',
                             .records = 16,
                             .flags = NJE_DATA_SET_SPIN | NJE_DATA_SET_HOLD | NJE_DATA_SET_LOG |
                                      NJE_DATA_SET_OVERFLOW | NJE_DATA_SET_PUNCH,
                             .recfm = 0x90,
                             .lrecl = 80,
                             .copies = 1,
                             .fcb_index = 2,
                             .lines_per_page = 66,
                             .form = "QUIET",
                             .fcb = "FCB6",
                             .ucs = "PN",
                             .writer = "WRITER",
                             .output = NJE_OUTPUT_PUNCH,
                             .ucs_options = 0x80,
                             .mode = "RUNMODE",
                             .has_rscs = true,
                             .rscs_flags = 0x80,
                             .rscs_class = 'B',
                             .device = NJE_DEVICE_PUNCH,
                             .page_length = 66,
                             .distribution = "BIN1",
                             .file_name = "PROFILE",
                             .file_type = "EXEC",
                             .priority = 50,
                             .version = 1,
                             .release = 3,
                             .tag = "BETA USER"};
    struct nje_data_set got;
    uint8_t bytes[NJE_DATA_SET], want[200];
    ck_assert_uint_eq(nje_data_set_put(bytes, &d), NJE_DATA_SET);
    is_hex(bytes, 116, data_set_general);
    size_t n = from_hex(want, rscs_begin);
    is_hex(bytes + 116, n, rscs_begin);
    ck_assert(nje_data_set_get(&got, bytes, sizeof bytes));
    ck_assert(!memcmp(&got, &d, sizeof d));
    /* Another system's section before it, and none of RSCS at all. */
    uint8_t more[NJE_DATA_SET + 12];
    memcpy(more, bytes, 116);
    from_hex(more + 116, "000C8400 0102030405060708");
    memcpy(more + 128, bytes + 116, 180);
    ck_assert(nje_data_set_get(&got, more, sizeof more) && !strcmp(got.file_name, "PROFILE"));
    ck_assert(nje_data_set_get(&got, more, 128) && !got.has_rscs && !got.file_name[0]);
    d.has_rscs = false;
    ck_assert_uint_eq(nje_data_set_put(bytes, &d), 116);
}
END_TEST

START_TEST(job_trailers)
{
    struct nje_trailer t = {.class = 'A',
                            .started = 1,
                            .stopped = 2,
                            .cpu = 3,
                            .lines = 4,
                            .cards = 5,
                            .excp = 6,
                            .priority = 7,
                            .last_priority = 8,
                            .output_priority = 9,
                            .last_output_priority = 10},
                       got;
    uint8_t bytes[NJE_JOB_TRAILER];
    is_hex(bytes, nje_trailer_put(bytes, &t),
           "00300000 002C0000 00 C1 0000 0000000000000001 0000000000000002 "
           "00000003 00000004 00000005 00000006 0708090A");
    ck_assert(nje_trailer_get(&got, bytes, sizeof bytes) && !memcmp(&got, &t, sizeof t));
    ck_assert(!nje_trailer_get(&got, bytes, 40));
}
END_TEST

START_TEST(segments)
{
    uint8_t header[NJE_DATA_SET], one[256];
    struct nje_data_set d = {.node = "BETA", .has_rscs = true, .tag = "THE END"}, got;
    struct nje_joiner j = {.length = 0};
    size_t length = nje_data_set_put(header, &d);
    size_t n = nje_segment_put(one, header, length, 0);
    ck_assert_uint_eq(n, 256);
    is_hex(one, 4, "01000080");
    ck_assert(nje_segment_get(&j, one, n) && !j.complete);
    ck_assert(!nje_segment_get(&j, one, n)); /* the same again */
    n = nje_segment_put(one, header, length, 1);
    ck_assert_uint_eq(n, 44);
    is_hex(one, 4, "002C0001");
    ck_assert(!nje_segment_get(&j, one, n - 1));
    ck_assert(nje_segment_get(&j, one, n) && j.complete);
    ck_assert_uint_eq(nje_segment_put(one, header, length, 2), 0);
    ck_assert(nje_data_set_get(&got, j.header, j.length) && !strcmp(got.tag, "THE END"));
}
END_TEST

START_TEST(nmr)
{
    struct nje_nmr n = {.flags = NJE_NMR_USER,
                        .level = 0x77,
                        .type = NJE_NMR_DELIVERED,
                        .to_node = "BETA",
                        .user = "USER",
                        .from_node = "ALPHA",
                        .sender = "CMSUSER",
                        .text = "HI"},
                   got;
    uint8_t bytes[NJE_NMR_MAX];
    size_t length = nje_nmr_put(bytes, &n);
    is_hex(bytes, length,
           "20 77 0C 0A C2C5E3C140404040 00 E4E2C5D940404040 C1D3D7C8C1404040 00 "
           "C3D4E2E4E2C5D940 C8C9");
    ck_assert(nje_nmr_get(&got, bytes, length) && !memcmp(&got, &n, sizeof n));
    ck_assert(!nje_nmr_get(&got, bytes, length - 1));
    ck_assert(!nje_nmr_get(&got, bytes, 29));
    bytes[3] = 3; /* the sender's userid does not fit */
    ck_assert(nje_nmr_get(&got, bytes, length) && !got.sender[0] && !strcmp(got.text, "CMS"));
    n = (struct nje_nmr){.flags = NJE_NMR_COMMAND,
                         .level = 0x77,
                         .to_node = "BETA",
                         .user = "CMSUSER",
                         .from_node = "ALPHA",
                         .text = "Q L"};
    length = nje_nmr_put(bytes, &n);
    is_hex(bytes, length,
           "80 77 00 03 C2C5E3C140404040 00 C3D4E2E4E2C5D940 C1D3D7C8C1404040 00 D840D3");
    ck_assert(nje_nmr_get(&got, bytes, length) && !memcmp(&got, &n, sizeof n));
    /* With a time stamp. */
    length =
        from_hex(bytes, "20 77 08 12 C240404040404040 00 E4404040 40404040 C140404040404040 00 "
                        "F0F1F2F3F4F5F6F7 E2C5D5C4C5D94040 C8C9");
    ck_assert(nje_nmr_get(&got, bytes, length) && !strcmp(got.sender, "SENDER") &&
              !strcmp(got.text, "HI"));
    memset(n.text, 'X', NJE_NMR_TEXT);
    ck_assert_uint_eq(nje_nmr_put(bytes, &n), 162);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("nje");
    TCase *t = tcase_create("nje");
    tcase_add_test(t, strings);
    tcase_add_test(t, streams);
    tcase_add_test(t, function_control);
    tcase_add_test(t, stream_controls);
    tcase_add_test(t, blocks);
    tcase_add_test(t, control);
    tcase_add_test(t, job_headers);
    tcase_add_test(t, data_set);
    tcase_add_test(t, job_trailers);
    tcase_add_test(t, segments);
    tcase_add_test(t, nmr);
    suite_add_tcase(s, t);
    return run_suite(s);
}
