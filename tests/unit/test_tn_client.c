/* Proves: the terminal's side of TN3270E, TN3270 and plain lines, against our own server's side
 * (consoles/tn3270.c) and against hosts that do something else; and the cursor select key of the
 * screen model, which no other test presses. */
#include "consoles/screen.h"
#include "consoles/term/tn_client.h"
#include "consoles/tn3270.h"
#include "lib/ebcdic.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define OPTION_TN3270E 40

/* What passes between the two is collected, and delivered by exchange(). */
struct pipe {
    char bytes[8192];
    size_t length;
};

static struct pipe to_host, to_client;
static struct tn_client client;
static struct tn3270 server;
static telnet_t *server_telnet;
static bool is_line_now, is_ready, record_fails, negative;
static char failure[200], printed[200], asked_name[TN3270_NAME];
static uint8_t got[4096], sent[4096]; /* by the client, by the server */
static size_t got_length, sent_length;
static unsigned packets; /* of the client */
static enum display_found found = DISPLAY_FOUND;

static void push(struct pipe *p, const char *bytes, size_t n)
{
    ck_assert_uint_le(p->length + n, sizeof p->bytes);
    memcpy(p->bytes + p->length, bytes, n);
    p->length += n;
}

/* --- the client's owner --- */

static void client_sends(void *context, const char *bytes, size_t n)
{
    packets++;
    push(&to_host, bytes, n);
}

static bool client_record(void *context, const uint8_t *record, size_t length)
{
    memcpy(got, record, length);
    got_length = length;
    return !record_fails;
}

static void client_text(void *context, const char *bytes, size_t n)
{
    strncat(printed, bytes, n);
}

static void client_host_text(void *context, const uint8_t *text, size_t n)
{
    char latin1[300];
    ck_assert_uint_lt(n, sizeof latin1);
    latin1_from_ebcdic(latin1, text, n);
    strncat(printed, latin1, n);
}

static void client_changed(void *context)
{
}

static void client_failed(void *context, const char *reason)
{
    strcpy(failure, reason);
}

static const struct tn_owner client_owner = {client_sends,     client_record,  client_text,
                                             client_host_text, client_changed, client_failed};

/* --- the server's --- */

static void server_is_line(void *context)
{
    is_line_now = true;
}

static enum display_found reserve(void *context, const struct display_terminal *terminal,
                                  const char *name, char called[TN3270_NAME])
{
    strcpy(asked_name, name);
    strcpy(called, "L00C0");
    return found;
}

static void ready(void *context)
{
    is_ready = true;
}

static void server_record(void *context, const uint8_t *record, size_t length)
{
    memcpy(sent, record, length);
    sent_length = length;
}

static void server_error(void *context, uint8_t sense)
{
    negative = true;
}

static void server_nothing(void *context)
{
}

static void refuse(void *context, const char *reason)
{
    strcpy(failure, "refused");
}

static const struct tn3270_owner server_owner = {server_is_line, reserve,      ready,
                                                 server_record,  server_error, server_nothing,
                                                 server_nothing, refuse};

static void server_event(telnet_t *telnet, telnet_event_t *event, void *context)
{
    if (event->type == TELNET_EV_SEND)
        push(&to_client, event->data.buffer, event->data.size);
    else
        tn3270_event(&server, event);
}

static void exchange(void)
{
    char bytes[sizeof to_host.bytes];
    while (to_host.length || to_client.length) {
        size_t n = to_client.length;
        memcpy(bytes, to_client.bytes, n);
        to_client.length = 0;
        tn_client_receive(&client, bytes, n);
        n = to_host.length;
        memcpy(bytes, to_host.bytes, n);
        to_host.length = 0;
        if (server_telnet)
            telnet_recv(server_telnet, bytes, n);
    }
}

static void setup(void)
{
    to_host.length = to_client.length = got_length = sent_length = 0;
    is_line_now = is_ready = record_fails = negative = false;
    failure[0] = printed[0] = asked_name[0] = 0;
    found = DISPLAY_FOUND;
    server_telnet = NULL;
}

static void teardown(void)
{
    tn_client_close(&client);
    if (server_telnet)
        telnet_free(server_telnet);
    tn3270_free(&server);
}

static void meet(const char *type, const char *lu)
{
    ck_assert(tn_client_open(&client, type, lu, &client_owner, NULL));
    server_telnet = telnet_init(tn3270_options, server_event, 0, NULL);
    tn3270_start(&server, server_telnet, &server_owner, NULL);
    exchange();
}

/* What a host says by itself, to a client without our server. */
static void host_says(const char *bytes, size_t n)
{
    to_host.length = 0;
    tn_client_receive(&client, bytes, n);
}
#define HOST_SAYS(text) host_says(text, sizeof(text) - 1)

static void client_said(const char *bytes, size_t n)
{
    ck_assert_uint_eq(to_host.length, n);
    ck_assert(!memcmp(to_host.bytes, bytes, n));
    to_host.length = 0;
}
#define CLIENT_SAID(text) client_said(text, sizeof(text) - 1)

START_TEST(enhanced)
{
    meet("IBM-3278-4-E", "CLASS");
    ck_assert(is_ready && server.extended);
    ck_assert_uint_eq(client.mode, TN_ENHANCED);
    ck_assert_str_eq(client.connected, "L00C0");
    ck_assert_str_eq(asked_name, "CLASS");
    ck_assert_uint_eq(server.terminal.rows, 43);
    ck_assert(client.bound);
    tn3270_send(&server, (const uint8_t *)"\xf5\xc3\xff", 3);
    exchange();
    ck_assert_uint_eq(got_length, 3);
    ck_assert(!memcmp(got, "\xf5\xc3\xff", 3));
    tn_client_record(&client, (const uint8_t *)"\x7d\x40\x40\xff\xff", 5);
    exchange();
    ck_assert_uint_eq(sent_length, 5);
    ck_assert(!memcmp(sent, "\x7d\x40\x40\xff\xff", 5));
    tn_client_attention(&client);
    exchange();
    ck_assert_uint_eq(sent_length, 1);
    ck_assert_uint_eq(sent[0], AID_PA1);
    /* SYSREQ: the host itself, with text both ways. */
    ck_assert(tn_client_sysreq(&client));
    exchange();
    ck_assert_ptr_nonnull(strstr(printed, "SysReq: back\n"));
    tn_client_host_text(&client, (const uint8_t *)"\xe3\xc5\xe2\xe3", 4); /* TEST */
    exchange();
    ck_assert(!memcmp(sent, "\x01\x6c\x61\x02", 4));
    ck_assert(!negative);
    record_fails = true;
    tn3270_send(&server, (const uint8_t *)"\x00", 1);
    exchange();
    ck_assert(negative);
    tn3270_unbind(&server);
    exchange();
    ck_assert(!client.bound);
}
END_TEST

START_TEST(named_and_refused)
{
    found = DISPLAY_IN_USE;
    meet("IBM-3278-2-E", "L0000");
    ck_assert_str_eq(failure, "that terminal is in use");
}
END_TEST

/* A server that has no 3270 free takes TN3270E back and goes on with lines. */
START_TEST(enhanced_taken_back)
{
    found = DISPLAY_IN_USE;
    meet("IBM-3278-2-E", "");
    ck_assert(is_line_now);
    ck_assert_uint_eq(client.mode, TN_LINE);
    HOST_SAYS("hello");
    ck_assert_str_eq(printed, "hello");
}
END_TEST

START_TEST(lines_only)
{
    meet(NULL, "");
    ck_assert(is_line_now);
    ck_assert_uint_eq(client.mode, TN_LINE);
    to_host.length = 0;
    tn_client_line(&client, "caf\xc3\xa9", 5);
    CLIENT_SAID("caf\xc3\xa9\r\n");
    tn_client_attention(&client);
    CLIENT_SAID("\xff\xf3");
    HOST_SAYS("\xff\xfb\x01"); /* WILL ECHO: a password */
    ck_assert(client.host_echoes);
    HOST_SAYS("\xff\xfc\x01");
    ck_assert(!client.host_echoes);
}
END_TEST

/* A host of RFC 1576: no TN3270E; the name goes with the type. */
START_TEST(plain)
{
    tn_client_open(&client, "IBM-3278-2-E", "LU7", &client_owner, NULL);
    HOST_SAYS("\xff\xfd\x18\xff\xfa\x18\x01\xff\xf0");
    CLIENT_SAID("\xff\xfb\x18\xff\xfa\x18\x00IBM-3278-2-E@LU7\xff\xf0");
    ck_assert_uint_eq(client.mode, TN_LINE);
    HOST_SAYS("\xff\xfd\x19\xff\xfb\x19\xff\xfd\x00\xff\xfb\x00");
    ck_assert_uint_eq(client.mode, TN_PLAIN);
    HOST_SAYS("\xf1\xc3"
              "ab");
    ck_assert_uint_eq(got_length, 0);
    HOST_SAYS("\xff\xff\xff\xef");
    ck_assert_uint_eq(got_length, 5);
    ck_assert(!memcmp(got, "\xf1\xc3\x61\x62\xff", 5));
    packets = 0;
    tn_client_record(&client, (const uint8_t *)"\x6d", 1);
    CLIENT_SAID("\x6d\xff\xef");
    ck_assert_uint_eq(packets, 1);
    ck_assert(!tn_client_sysreq(&client));
    HOST_SAYS("\xff\xfe\x00"); /* DONT BINARY: lines again */
    ck_assert_uint_eq(client.mode, TN_LINE);
    HOST_SAYS("text");
    ck_assert_str_eq(printed, "text");
}
END_TEST

START_TEST(bargains)
{
    tn_client_open(&client, "IBM-3278-2-E", "", &client_owner, NULL);
    HOST_SAYS("\xff\xfd\x28");
    CLIENT_SAID("\xff\xfb\x28");
    HOST_SAYS("\xff\xfa\x28\x08\x02\xff\xf0"); /* SEND DEVICE-TYPE */
    CLIENT_SAID("\xff\xfa\x28\x02\x07IBM-3278-2-E\xff\xf0");
    HOST_SAYS("\xff\xfa\x28\x02\x04IBM-3278-2-E\x01T1\xff\xf0");
    CLIENT_SAID("\xff\xfa\x28\x03\x07\x00\x02\x04\xff\xf0");
    ck_assert_str_eq(client.connected, "T1");
    HOST_SAYS("\xff\xfa\x28\x03\x07\x02\x01\xff\xf0"); /* REQUEST RESPONSES and one we lack */
    CLIENT_SAID("\xff\xfa\x28\x03\x07\x02\xff\xf0");
    HOST_SAYS("\xff\xfa\x28\x03\x04\x02\xff\xf0"); /* IS RESPONSES */
    ck_assert_uint_eq(client.mode, TN_ENHANCED);
    ck_assert(client.bound);
    /* A record that always wants an answer. */
    HOST_SAYS("\x00\x00\x02\x12\x34\xf1\x00\xff\xef");
    CLIENT_SAID("\x02\x00\x00\x12\x34\x00\xff\xef");
    packets = 0;
    record_fails = true;
    HOST_SAYS("\x00\x00\x01\x12\x35\xf1\x00\xff\xef");
    CLIENT_SAID("\x02\x00\x01\x12\x35\x02\xff\xef");
    ck_assert_uint_eq(packets, 1);
    HOST_SAYS("\x05\x00\x00\x00\x00nvt\xff\xef");
    ck_assert_str_eq(printed, "nvt");
    HOST_SAYS("\x00\x00\xff\xef"); /* too short for a header */
    ck_assert_str_eq(failure, "");
}
END_TEST

START_TEST(endless_record)
{
    static char block[4096];
    meet("IBM-3278-2-E", "");
    for (unsigned i = 0; i <= TN_RECORD_MOST / sizeof block; i++)
        tn_client_receive(&client, block, sizeof block);
    ck_assert_str_eq(failure, "the host sends a record that never ends");
}
END_TEST

/* --- cursor select --- */

static uint8_t bytes[SCREEN_RECORD_MOST(24 * 80)];
static struct screen_answer answer = {bytes, 0, sizeof bytes};

static struct screen *selectable(const char *designator)
{
    struct screen *s = screen_create(24, 80, false);
    /* Row 1: a protected detectable field, cursor in it; row 2: a modified one. */
    uint8_t record[] = {0xf5, 0xc3, 0x11, 0x40, 0x40, 0x1d, 0xe4, (uint8_t)designator[0],
                        0x13, 0xc1, 0x1d, 0xf0, 0x11, 0xc1, 0x50, 0x1d,
                        0x41, 0xc2, 0x1d, 0xf0};
    ck_assert(screen_execute(s, record, sizeof record, &answer));
    ck_assert_uint_eq(s->cursor, 2);
    return s;
}

START_TEST(cursor_select)
{
    struct screen *s = selectable("\x6f"); /* ? */
    screen_press(s, KEY_CURSOR_SELECT, &answer);
    ck_assert_uint_eq(s->cells[1].code, 0x6e);
    ck_assert(s->cells[0].field & FIELD_MODIFIED);
    ck_assert_uint_eq(answer.length, 0);
    screen_press(s, KEY_CURSOR_SELECT, &answer);
    ck_assert_uint_eq(s->cells[1].code, 0x6f);
    ck_assert(!(s->cells[0].field & FIELD_MODIFIED));
    screen_free(s);
    s = selectable("\x50"); /* & */
    screen_press(s, KEY_CURSOR_SELECT, &answer);
    ck_assert_uint_eq(answer.length, 12);
    ck_assert(!memcmp(bytes, "\x7d\x40\xc2\x11\x40\xc1\x50\xc1\x11\xc1\xd1\xc2", 12));
    ck_assert_uint_eq(s->lock, SCREEN_LOCKED);
    screen_free(s);
    s = selectable("\x40"); /* blank: addresses only */
    screen_press(s, KEY_CURSOR_SELECT, &answer);
    ck_assert_uint_eq(answer.length, 9);
    ck_assert(!memcmp(bytes, "\x7e\x40\xc2\x11\x40\xc1\x11\xc1\xd1", 9));
    screen_free(s);
    s = selectable("\xc1"); /* no designator */
    screen_press(s, KEY_CURSOR_SELECT, &answer);
    ck_assert_uint_eq(s->lock, SCREEN_INHIBITED);
    screen_free(s);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {enhanced, named_and_refused, enhanced_taken_back, lines_only,
                                  plain,    bargains,          endless_record,      cursor_select};
    Suite *suite = suite_create("tn_client");
    TCase *t = tcase_create("tn_client");
    tcase_add_checked_fixture(t, setup, teardown);
    for (unsigned i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(t, tests[i]);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
