/* Proves: 1403, 3203 and 3211 move the form as their tape or buffer says, also when its options
 * come from the configuration; index, overprint, folding and the character set buffer change what
 * is printed, with data check where there is no such character; buffers can be read back; each
 * command that a model has not is rejected, and each bad operand named. */
#include "channel_fixture.h"

#include "lib/ebcdic.h"

#include <unistd.h>

#define PRINTER 0x00e
#define PROGRAM 0x1000
#define BUFFER  0x4000
#define SLI     CCW_SUPPRESS_LENGTH

static char output[64], contents[65536];

static void setup(void)
{
    fixture_setup();
    strcpy(output, "/tmp/datbox-prt-XXXXXX");
    close(mkstemp(output));
}

static void teardown(void)
{
    fixture_teardown();
    unlink(output);
}

static void printer(const char *type, int argc, const char *option, const char *option2)
{
    attach(PRINTER, type, argc + 2, output, "clear", option, option2);
    interruption(PRINTER);
}

static struct csw run_chain(unsigned n, const uint8_t *commands, uint16_t count)
{
    uint32_t p = PROGRAM;
    for (unsigned i = 0; i < n; i++)
        p = put_ccw(p, commands[i], BUFFER, SLI | (i + 1 < n ? CCW_CHAIN_COMMAND : 0), count);
    store_be32(at(0x48), PROGRAM);
    if (channel_start_io(&machine, PRINTER, false) == 1)
        return stored_csw();
    run_events();
    return interruption(PRINTER);
}

static struct csw run(uint8_t command, uint16_t count)
{
    return run_chain(1, &command, count);
}

static struct csw print(uint8_t command, const char *text)
{
    ebcdic_from_latin1(at(BUFFER), text, strlen(text));
    return run(command, (uint16_t)strlen(text));
}

static void load(uint8_t command, const uint8_t *bytes, uint16_t length)
{
    memcpy(at(BUFFER), bytes, length);
    ck_assert_csw(run(command, length), GOOD, 0);
}

/* What has been printed since the last call. */
static const char *printed(void)
{
    static long before;
    FILE *f = fopen(output, "rb");
    ck_assert(f && fseek(f, before, SEEK_SET) == 0);
    size_t n = fread(contents, 1, sizeof contents - 1, f);
    contents[n] = 0;
    before += (long)n;
    fclose(f);
    return contents;
}

static uint16_t sense2(void)
{
    memset(at(BUFFER), 0, 2); /* a 1403 has one byte */
    ck_assert_csw(run(CCW_SENSE, 2), GOOD, 0);
    return load_be16(at(BUFFER));
}

static void expect_check(struct csw csw, uint16_t sense)
{
    ck_assert_uint_eq(csw.unit_status & UNIT_CHECK, UNIT_CHECK);
    ck_assert_uint_eq(sense2(), sense);
}

/* A blank line is a line: a skip to the channel at which it was printed goes to the next form, an
 * immediate one with nothing printed stays. */
START_TEST(skip_to_where_it_is)
{
    printer("1403", 0, NULL, NULL);
    ck_assert_csw(run(0x8b, 1), GOOD, 0);
    ck_assert_str_eq(printed(), "");
    print(0x89, " ");
    ck_assert_str_eq(printed(), "\f");
    print(0x01, " ");
    ck_assert_csw(run(0x8b, 1), GOOD, 0);
    ck_assert_str_eq(printed(), "\f");
    print(0x01, "A");
    print(0x01, "B");
    print(0x89, "C");
    ck_assert_str_eq(printed(), "A\rB\rC\n\f");
}
END_TEST

START_TEST(channel_that_is_nowhere)
{
    printer("1403", 1, "fcb=hardware", NULL);
    expect_check(run(0x93, 1), SENSE_INTERVENTION << 8);
    ck_assert_ptr_null(device_detach(&machine, PRINTER));
    printer("3203", 1, "fcb=hardware", NULL);
    expect_check(run(0x93, 1), 0x1810);
    expect_check(print(0x91, "A"), 0x1810);
    ck_assert_str_eq(printed(), "A");
    ck_assert_csw(run(0x8b, 1), GOOD, 0);
    ck_assert_str_eq(printed(), "\n\f");
}
END_TEST

START_TEST(form_of_the_configuration)
{
    printer("1403", 2, "lpp=6", "fcb=1:2,2:4,12:2");
    ck_assert_csw(run(0x8b, 1), GOOD, 0);
    ck_assert_str_eq(printed(), "\n");
    ck_assert_csw(run(0x93, 1), GOOD, 0);
    ck_assert_str_eq(printed(), "\n\n");
    ck_assert_csw(run(0xe3, 1), GOOD, 0);
    ck_assert_str_eq(printed(), "\f\n");
    print(0x89, "A");
    ck_assert_str_eq(printed(), "A\n\f\n");
}
END_TEST

START_TEST(bad_forms)
{
    static char *const bad[] = {"lpp=1",       "lpp=257",   "lpp=x",    "fcb=13:1", "fcb=1:67",
                                "fcb=1:1,",    "fcb=1",     "fcb=zero", "fcb=",     "fcb=0:1",
                                "columns=150", "columns=0", "hopper=x"};
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *wrong = device_attach(&machine, PRINTER, "1403", 2, (char *[]){output, bad[i]});
        ck_assert_msg(wrong && strstr(wrong, bad[i]), "%s: %s", bad[i], wrong ? wrong : "accepted");
    }
    printer("3211", 1, "columns=150", NULL);
}
END_TEST

START_TEST(form_from_the_program)
{
    printer("3211", 1, "overflow", NULL);
    static const uint8_t form[] = {0x85, 0x11, 0x00, 0x09, 0x0c, 0x12}; /* 4 to the right */
    load(0x63, form, sizeof form);
    print(0x09, "A");
    ck_assert_str_eq(printed(), "    A\n");
    expect_check(print(0x09, "B"), 0x0100); /* channel 9 */
    ck_assert_csw(run(0x0b, 1), GOOD | UNIT_EXCEPTION, 0);
    static const uint8_t gate_position[] = {0x07, 0x06}, gate_form[] = {0x07, 0x12};
    ck_assert_csw(run_chain(2, gate_position, 150), GOOD, 0);
    ck_assert_uint_eq(*at(BUFFER), 4);
    memset(at(BUFFER), 0xee, 200);
    ck_assert_csw(run_chain(2, gate_form, 180), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), form, sizeof form);
    ck_assert_uint_eq(*at(BUFFER + 6), 0);
    printed();
    static const uint8_t left[] = {0xc3, 0x01, 0x10};
    load(0x63, left, sizeof left);
    print(0x09, "ABCDE");
    ck_assert_str_eq(printed(), "CDE\n");
}
END_TEST

START_TEST(bad_form_from_the_program)
{
    static const uint8_t bad[][8] = {
        {0x01, 0x00, 0x00},             /* no end */
        {0x0d, 0x10},                   /* channel 13 */
        {0x21, 0x10},                   /* X'20' */
        {0xa1, 0x01, 0x10},             /* X'20' in the index */
        {0x80, 0x01, 0x10},             /* index 0 */
        {0x01, 0x01, 0x84, 0x01, 0x10}, /* an index in the middle */
    };
    printer("3211", 0, NULL, NULL);
    for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
        memcpy(at(BUFFER), bad[i], sizeof *bad);
        expect_check(run(0x63, i == 0 ? 3 : sizeof *bad), 0x0200);
    }
    memset(at(BUFFER), 0x01, 31); /* too many stops */
    *at(BUFFER + 31) = 0x10;
    expect_check(run(0x63, 32), 0x0200);
    ck_assert_csw(run(0x93, 1), GOOD, 0); /* the old one is still there */
    ck_assert_str_eq(printed(), "\n\n\n\n\n\n");
}
END_TEST

static void load_letters(uint8_t command, unsigned gate)
{
    ebcdic_from_latin1(at(BUFFER), "ABC*", 4);
    uint8_t chain[] = {0xeb, command};
    ck_assert_csw(run_chain(1 + gate, chain + 1 - gate, 4), GOOD, 0);
}

START_TEST(character_set)
{
    printer("1403", 0, NULL, NULL);
    print(0x09, "aZ~");
    ck_assert_str_eq(printed(), "aZ~\n");
    load_letters(0xfb, 1);
    expect_check(print(0x09, "AbC* D"), 0x0800);
    ck_assert_str_eq(printed(), "A C*\n");
    ck_assert_csw(run(0x73, 1), GOOD, 0);
    ck_assert_csw(print(0x09, "AbD"), GOOD, 0);
    ck_assert_csw(run(0x7b, 1), GOOD, 0);
    expect_check(print(0x09, "AbD"), 0x0800);
    printed();
    load_letters(0xf3, 1);
    ck_assert_csw(print(0x09, "AbcC"), GOOD, 0);
    ck_assert_str_eq(printed(), "ABCC\n");
    expect_check(print(0x09, "d"), 0x0800);
    expect_check(run(0xfb, 4), SENSE_COMMAND_REJECT << 8); /* no gate */
    channels_reset(&machine);
    printed();
    ck_assert_csw(print(0x09, "d"), GOOD, 0);
    ck_assert_str_eq(printed(), "d\n");
}
END_TEST

START_TEST(folding_of_the_3211)
{
    printer("3211", 0, NULL, NULL);
    ck_assert_csw(run(0x43, 1), GOOD, 0);
    print(0x09, "Fold it \xe4.");
    ck_assert_csw(run(0x23, 1), GOOD, 0);
    print(0x09, "Unfold");
    ck_assert_str_eq(printed(), "FOLD IT \xe4.\nUnfold\n");
    load_letters(0xfb, 0);
    ck_assert_csw(run(0x43, 1), GOOD, 0);
    ck_assert_csw(print(0x09, "abc*"), GOOD, 0);
    ck_assert_str_eq(printed(), "ABC*\n");
    static const uint8_t gate_ucs[] = {0x07, 0x0a};
    ck_assert_csw(run_chain(2, gate_ucs, 512), GOOD, 0);
    ck_assert_mem_eq(at(BUFFER), ((uint8_t[]){0xc1, 0xc2, 0xc3, 0x5c, 0}), 5);
}
END_TEST

START_TEST(line_buffer)
{
    printer("1403", 0, NULL, NULL);
    print(0x09, "ABC");
    ck_assert_csw(run(0x02, 132), GOOD, 0);
    ck_assert_uint_eq(load_be32(at(BUFFER)), 0xc1c2c340);
    ck_assert_csw(run(0x06, 132), GOOD, 0);
    ck_assert_uint_eq(load_be32(at(BUFFER)), 0);
    store_be32(at(BUFFER), 0xc4c5c6c7);
    ck_assert_csw(run(0x05, 4), GOOD, 0);
    ck_assert_csw(run(0x02, 132), GOOD, 0);
    ck_assert_uint_eq(load_be32(at(BUFFER)), 0xc4c5c6c7);
    ck_assert_str_eq(printed(), "ABC\n");
}
END_TEST

START_TEST(rejected)
{
    static const uint8_t by_1403[] = {0x63, 0x43, 0x23, 0x07, 0x0a, 0x12, 0x6b, 0x83, 0x81, 0};
    static const uint8_t by_all[] = {0x0c, 0x0a, 0x12, 0x21, 0x29, 0xe9, 0xf1, 0xdd, 0};
    printer("1403", 0, NULL, NULL);
    for (const uint8_t *c = by_1403; *c; c++)
        expect_check(run(*c, 1), SENSE_COMMAND_REJECT << 8);
    ck_assert_ptr_null(device_detach(&machine, PRINTER));
    printer("3211", 0, NULL, NULL);
    for (const uint8_t *c = by_all; *c; c++)
        expect_check(run(*c, 1), SENSE_COMMAND_REJECT << 8);
    ck_assert_csw(run(0x83, 1), GOOD, 0);
    ck_assert_csw(run(0x6b, 1), GOOD, 0);
    ck_assert_str_eq(printed(), "");
}
END_TEST

/* Longer lines than the printer has columns leave a residual count. */
START_TEST(columns)
{
    memset(at(BUFFER), 0xc1, 200);
    printer("1403", 0, NULL, NULL);
    struct csw csw = run(0x09, 140);
    ck_assert_uint_eq(get16(csw.count), 8);
    ck_assert_uint_eq(strlen(printed()), 133);
    ck_assert_ptr_null(device_detach(&machine, PRINTER));
    printer("3211", 1, "columns=150", NULL);
    csw = run(0x09, 160);
    ck_assert_uint_eq(get16(csw.count), 10);
}
END_TEST

static void add(TCase *t)
{
    tcase_add_test(t, skip_to_where_it_is);
    tcase_add_test(t, channel_that_is_nowhere);
    tcase_add_test(t, form_of_the_configuration);
    tcase_add_test(t, bad_forms);
    tcase_add_test(t, form_from_the_program);
    tcase_add_test(t, bad_form_from_the_program);
    tcase_add_test(t, character_set);
    tcase_add_test(t, folding_of_the_3211);
    tcase_add_test(t, line_buffer);
    tcase_add_test(t, rejected);
    tcase_add_test(t, columns);
}

int main(void)
{
    return run_suite("printers", setup, teardown, add);
}
