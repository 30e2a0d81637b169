/* Proves: a configuration gives what it says; every wrong line gets a message with its
 * number, and all of them in one go; relative files start at the right directory. */
#include "s370/config.h"
#include "s370/cpu/cpu.h"
#include "s370/io/channel.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char messages[8192];

static void collect(void *context, const char *text)
{
    size_t n = strlen(messages);
    snprintf(messages + n, sizeof messages - n, "%s\n", text);
}

static struct config *read_text(const char *text)
{
    static const struct config_variable variables[] = {{"DATA", "/var/box"}, {NULL, NULL}};
    messages[0] = 0;
    return config_read(text, "x.conf", "dir", variables, collect, NULL);
}

START_TEST(statements)
{
    struct config *c = read_text("# comment\n\n"
                                 "mainsize 512K\r\n"
                                 "CNSLPORT 0.0.0.0:3271   # any\n"
                                 "CNSLTLS ::1:992 box.pem\n"
                                 "CPUSERIAL 00ABCD\n"
                                 "TOD 1980-01-01 12:00:00\n"
                                 "IPL 0150\n"
                                 "facility enable das\n"
                                 "FACILITY DISABLE HERC_370_EXTENSION\n"
                                 "ARCHMODE S/370\n");
    ck_assert_str_eq(messages, "");
    ck_assert_uint_eq(c->facilities, FACILITY_DUAL_SPACE | FACILITY_COMPILER);
    ck_assert_uint_eq(c->storage_size, 512 << 10);
    ck_assert_str_eq(c->console_host, "0.0.0.0");
    ck_assert_uint_eq(c->console_port, 3271);
    ck_assert_str_eq(c->tls_host, "::1");
    ck_assert_uint_eq(c->tls_port, 992);
    ck_assert_str_eq(c->certificate, "dir/box.pem");
    ck_assert_str_eq(c->key, "dir/box.pem");
    ck_assert_uint_eq(c->cpu_serial, 0xabcd);
    ck_assert(c->has_tod && c->tod == 315576000);
    ck_assert(c->has_ipl && c->ipl == 0x150);
    ck_assert_ptr_null(c->devices);
    config_free(c);
}
END_TEST

START_TEST(channels)
{
    struct config *c =
        read_text("CHANNEL 1-2 SELECTOR\nchannel 5 block 80 90\nCHANNEL 0 BYTE f0\n");
    ck_assert_str_eq(messages, "");
    ck_assert(c->channels[1].given && c->channels[1].type == CHANNEL_SELECTOR);
    ck_assert(c->channels[2].given && !c->channels[3].given);
    ck_assert_uint_eq(c->channels[5].type, CHANNEL_BLOCK);
    ck_assert_uint_eq(c->channels[5].shared, 0x00c0);
    ck_assert_uint_eq(c->channels[0].shared, 0x0001);
    config_free(c);
    static const char *const bad[] = {"CHANNEL 1",           "CHANNEL 10 BYTE",
                                      "CHANNEL 3-2 BYTE",    "CHANNEL 1 WIDE",
                                      "CHANNEL 1 BLOCK 88",  "CHANNEL 1 BLOCK 100",
                                      "CHANNEL 1 BYTE BYTE", "CHANNEL 1 SELECTOR 80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(!read_text(bad[i]), "%s was taken", bad[i]);
        ck_assert_ptr_nonnull(strstr(messages, "x.conf:1: CHANNEL"));
    }
    ck_assert(!read_text("CHANNEL 1-3 BLOCK\nCHANNEL 2 BYTE"));
    ck_assert_ptr_nonnull(strstr(messages, "x.conf:2: CHANNEL 2: its type was given before"));
}
END_TEST

START_TEST(devices)
{
    struct config *c = read_text("0009 3215-C\n"
                                 "00C0.16 3215\n"
                                 "0D0-0D3 3215\n"
                                 "000C 3505 \"two words\" ascii eof\n"
                                 "0150 3350 /abs/res.3350 ro\n"
                                 "0151 3350 $(DATA)/cms.3350");
    ck_assert_str_eq(messages, "");
    struct config_device *d = c->devices;
    ck_assert(d->address == 9 && d->count == 1 && !strcmp(d->type, "3215-C") && d->line == 1);
    d = d->next;
    ck_assert(d->address == 0xc0 && d->count == 16 && d->argc == 0);
    d = d->next;
    ck_assert(d->address == 0xd0 && d->count == 4);
    d = d->next;
    ck_assert(d->argc == 3);
    ck_assert_str_eq(d->argv[0], "dir/two words");
    ck_assert_str_eq(d->argv[1], "ascii");
    d = d->next;
    ck_assert_str_eq(d->argv[0], "/abs/res.3350");
    ck_assert_str_eq(d->argv[1], "ro");
    d = d->next;
    ck_assert_str_eq(d->argv[0], "/var/box/cms.3350");
    ck_assert_ptr_null(d->next);
    config_free(c);
}
END_TEST

/* Paths behind a key begin at the directory, too; addresses of sockets are left alone. */
START_TEST(paths_and_addresses)
{
    static const char *const expected[][2] = {{"dir/decks", "watch=dir/in"},
                                              {"3505", "sockdev"},
                                              {"dir/out", "hopper=dir/cards"},
                                              {"@dir/tapes", NULL},
                                              {"listen=3088", NULL},
                                              {"watch=/abs/in", NULL},
                                              {"CLASS", NULL}};
    struct config *c = read_text("00C 3505 decks watch=in\n"
                                 "00D 3505 3505 sockdev\n"
                                 "00E 3525 out hopper=cards\n"
                                 "180 3420 @tapes\n"
                                 "500 CTCA listen=3088\n"
                                 "00F 3505 watch=/abs/in\n"
                                 "0C0 3270 CLASS\n"); /* the name of a group */
    ck_assert_str_eq(messages, "");
    const struct config_device *d = c->devices;
    for (unsigned i = 0; i < sizeof expected / sizeof *expected; i++, d = d->next) {
        ck_assert_str_eq(d->argv[0], expected[i][0]);
        if (expected[i][1])
            ck_assert_str_eq(d->argv[1], expected[i][1]);
    }
    ck_assert_ptr_null(d);
    config_free(c);
}
END_TEST

static const struct {
    const char *text, *message;
} bad[] = {
    {"MAINSIZE 65", "x.conf:1: MAINSIZE 65"},
    {"MAINSIZE 0", "x.conf:1: MAINSIZE 0"},
    {"MAINSIZE 4294967295M", "x.conf:1: MAINSIZE"},
    {"MAINSIZE 65K", "x.conf:1: MAINSIZE 65K"},
    {"MAINSIZE", "x.conf:1: MAINSIZE has 0 operands; it wants 1"},
    {"\nCNSLPORT 70000", "x.conf:2: CNSLPORT 70000"},
    {"CNSLTLS 70000 a", "x.conf:1: CNSLTLS 70000"},
    {"CNSLTLS 992", "x.conf:1: CNSLTLS 992: name the file with the certificate"},
    {"CPUSERIAL 1234567", "x.conf:1: CPUSERIAL"},
    {"FACILITY DAS", "x.conf:1: FACILITY has 1 operands; it wants 2"},
    {"FACILITY ON DAS", "x.conf:1: FACILITY ON: say ENABLE or DISABLE"},
    {"FACILITY ENABLE VECTOR", "x.conf:1: FACILITY ENABLE VECTOR: there are 370_EXTENSION"},
    {"TOD yesterday", "x.conf:1: TOD"},
    {"IPL 1FFF", "x.conf:1: IPL 1FFF"},
    {"ARCHMODE ESA/390", "x.conf:1: ARCHMODE ESA/390: this machine is an S/370"},
    {"0G09 3215", "x.conf:1: '0G09' is neither"},
    {"1000 3215", "x.conf:1: '1000' is neither"},
    {"0FF0.32 3215", "x.conf:1: '0FF0.32' is neither"},
    {"0C4-0C0 3215", "x.conf:1: '0C4-0C0' is neither"},
    {"0C0.0 3215", "x.conf:1: '0C0.0' is neither"},
    {"0C0", "x.conf:1: device 0C0 has no type"},
    {"0C0 9999", "x.conf:1: device 0C0: there is no type '9999'; there are: "},
    {"0C0.8 3215\n0C7 3215", "x.conf:2: device 0C7: line 1 has that address already"},
    {"0C0 3505 \"x", "x.conf:1: a quote is not closed"},
    {"0C0 3505 $(NOSUCH_X)", "x.conf:1: there is no variable $(NOSUCH_X)"},
    {"0C0 3505 1 2 3 4 5 6 7 8 9 a b c d e f g h", "x.conf:1: there are too many words"},
    {"FROBNICATE 1", "x.conf:1: 'FROBNICATE' is neither"},
};

START_TEST(wrong_lines)
{
    ck_assert_ptr_null(read_text(bad[_i].text));
    ck_assert_msg(!strncmp(messages, bad[_i].message, strlen(bad[_i].message)), "%s", messages);
}
END_TEST

START_TEST(all_errors_at_once)
{
    ck_assert_ptr_null(read_text("MAINSIZE x\n0009 3215-C\nnonsense\n"));
    ck_assert_ptr_nonnull(strstr(messages, "x.conf:1:"));
    ck_assert_ptr_nonnull(strstr(messages, "x.conf:3:"));
    char line[5000];
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = 0;
    ck_assert_ptr_null(read_text(line));
    ck_assert_ptr_nonnull(strstr(messages, "x.conf:1: the line is too long"));
    messages[0] = 0;
    ck_assert_ptr_null(config_read_file("/no/such.conf", NULL, collect, NULL));
    ck_assert_ptr_nonnull(strstr(messages, "/no/such.conf: cannot read"));
}
END_TEST

int main(void)
{
    TCase *t = tcase_create("config");
    tcase_add_test(t, statements);
    tcase_add_test(t, channels);
    tcase_add_test(t, devices);
    tcase_add_test(t, paths_and_addresses);
    tcase_add_loop_test(t, wrong_lines, 0, sizeof bad / sizeof bad[0]);
    tcase_add_test(t, all_errors_at_once);
    Suite *s = suite_create("config");
    suite_add_tcase(s, t);
    return run_suite(s);
}
