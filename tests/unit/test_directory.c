/* The user directory: every statement through compiler and reader, the messages for wrong
 * ones, overlaps, many users, passwords, damaged records; and the shipped directory. */
#include "cp/directory/directory.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 120

static uint8_t records[RECORDS][DIRECTORY_RECORD];
static bool written[RECORDS];
static char messages[8192];
static const char *text;
static unsigned many; /* lines made up after the text */
static FILE *file;
static uint8_t memory[256 * 1024], buffer[DIRECTORY_RECORD];
static struct directory_totals totals;

static bool next_line(void *context, char *line, size_t size)
{
    if (file) {
        if (!fgets(line, (int)size, file))
            return false;
        line[strcspn(line, "\n")] = 0;
        return true;
    }
    if (!*text) {
        if (!many)
            return false;
        snprintf(line, size, many % 2 ? "MDISK 191 3350 %u 1 V%05u" : "USER U%u P%u", many / 2,
                 many / 2);
        many--;
        return true;
    }
    size_t n = strcspn(text, "\n");
    snprintf(line, size, "%.*s", (int)n, text);
    text += n + (text[n] == '\n');
    return true;
}

static bool write_record(void *context, uint32_t number, const void *bytes)
{
    ck_assert_uint_lt(number, RECORDS);
    memcpy(records[number], bytes, DIRECTORY_RECORD);
    written[number] = true;
    return true;
}

static bool read_record(void *context, uint32_t number, void *bytes)
{
    if (number >= RECORDS)
        return false;
    memcpy(bytes, records[number], DIRECTORY_RECORD);
    return true;
}

static void message(void *context, enum directory_severity severity, uint32_t line,
                    const char *statement, const char *what)
{
    size_t used = strlen(messages);
    snprintf(messages + used, sizeof messages - used, "%s %u %s: %s\n",
             severity == DIRECTORY_ERROR ? "E" : "W", line, statement, what);
}

static bool compile(const char *source)
{
    const struct directory_source s = {NULL, next_line, write_record, message, RECORDS};
    text = source;
    messages[0] = 0;
    memset(written, 0, sizeof written);
    return directory_compile(&s, memory, sizeof memory, &totals);
}

static struct directory open_it(void)
{
    struct directory d = {.read_record = read_record, .buffer = buffer};
    ck_assert_int_eq(directory_open(&d), DIRECTORY_OK);
    return d;
}

static const char everything[] =
    "* comment\n"
    "DIRECTORY 150 3350 DBXRES\n"
    "NAMESYS CMS DBXRES 59 3 0-2,16-31 SHARED 1 VSYSADR 190 SIZE 256K\n"
    "namesys seg VOL2 5 0 511-543,4095 PROTECT OFF SHARED 32-33\n"
    "user maint cpcms 512K 16M ABCDEFG 10 ON OFF 5B \"                       00000100\n"
    "\n"
    " ACCOUNT 42 BIN7\n"
    " OPTION ECMODE BMX CPUID 00ABCD ACCT                                     VMUSER\n"
    " IPL CMS PARM AUTOCR  X\n"
    " CONSOLE 009 3215 C OPERATOR\n"
    " SPOOL 00C 2540 READER X\n"
    " SPOOL 00D 3525\n"
    " SPOOL 00E 1403 B\n"
    " MDISK 190 3350 0 15 DBXCMS MW ALL W1\n"
    " M 191 3350 15 5 DBXCMS\n"
    " MDISK 192 3330 T-DISK 7\n"
    " DEDICATE 181 480\n"
    " DED 200 SCRTCH R/O\n"
    " LINK OTHER 191 291 RR\n"
    " L OTHER 19E\n"
    " SPECIAL 080 TIMER\n"
    "USER A NOLOG\n";

START_TEST(test_everything)
{
    struct directory_user u;
    struct directory_device v;
    uint16_t cursor = 0;
    ck_assert_msg(compile(everything), "%s", messages);
    ck_assert_str_eq(messages, "");
    ck_assert_str_eq(totals.volume, "DBXRES");
    struct directory d = open_it();
    ck_assert_uint_eq(d.users, 2);
    ck_assert_int_eq(directory_find(&d, "Maint", &u), DIRECTORY_OK);
    ck_assert_str_eq(u.userid, "MAINT");
    ck_assert(directory_password_matches(&u.password, u.userid, "cpcms"));
    ck_assert(!directory_password_matches(&u.password, u.userid, "CPCM"));
    ck_assert(!directory_password_matches(&u.password, "OTHER", "CPCMS"));
    ck_assert_uint_eq(u.storage, 512 * 1024);
    ck_assert_uint_eq(u.max_storage, 16 << 20);
    ck_assert_uint_eq(u.classes, 0xfe);
    ck_assert_uint_eq(u.priority, 10);
    ck_assert_int_eq(u.line_end, '#');
    ck_assert_int_eq(u.line_delete, 0);
    ck_assert_int_eq(u.char_delete, '$');
    ck_assert_int_eq(u.escape, '"');
    ck_assert_str_eq(u.account, "42");
    ck_assert_str_eq(u.distribution, "BIN7");
    ck_assert_uint_eq(u.options, OPTION_ECMODE | OPTION_BMX | OPTION_CPUID | OPTION_ACCT);
    ck_assert_uint_eq(u.cpuid, 0xabcd);
    ck_assert_str_eq(u.ipl, "CMS");
    ck_assert_str_eq(u.ipl_parm, "AUTOCR X");
    ck_assert_int_eq(directory_next_device(&d, &u, &cursor, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.kind, DEVICE_CONSOLE);
    ck_assert_uint_eq(v.address, 9);
    ck_assert_str_eq(v.type, "3215");
    ck_assert_int_eq(v.spool_class, 'C');
    ck_assert_str_eq(v.secondary, "OPERATOR");
    ck_assert_int_eq(directory_next_device(&d, &u, &cursor, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.unit, UNIT_READER);
    ck_assert_str_eq(v.type, "2540R");
    ck_assert_int_eq(v.spool_class, 'X');
    ck_assert_int_eq(directory_find_device(&d, &u, 0x00d, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.unit, UNIT_PUNCH);
    ck_assert_int_eq(v.spool_class, 'A');
    ck_assert_int_eq(directory_find_device(&d, &u, 0x00e, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.unit, UNIT_PRINTER);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x190, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.kind, DEVICE_MDISK);
    ck_assert_str_eq(v.volume, "DBXCMS");
    ck_assert_int_eq(v.mode, LINK_MW);
    ck_assert(directory_password_matches(&v.read, u.userid, "anything"));
    ck_assert(directory_password_matches(&v.write, u.userid, "w1"));
    ck_assert_int_eq(v.multiple.kind, PASSWORD_NONE);
    ck_assert(!directory_password_matches(&v.multiple, u.userid, ""));
    ck_assert_int_eq(directory_find_device(&d, &u, 0x191, &v), DIRECTORY_OK);
    ck_assert_uint_eq(v.start, 15);
    ck_assert_uint_eq(v.cylinders, 5);
    ck_assert_int_eq(v.mode, LINK_W);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x192, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.kind, DEVICE_TDISK);
    ck_assert_uint_eq(v.cylinders, 7);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x181, &v), DIRECTORY_OK);
    ck_assert_uint_eq(v.real_address, 0x480);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x200, &v), DIRECTORY_OK);
    ck_assert_str_eq(v.volume, "SCRTCH");
    ck_assert(v.read_only);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x291, &v), DIRECTORY_OK);
    ck_assert_str_eq(v.owner, "OTHER");
    ck_assert_uint_eq(v.owner_address, 0x191);
    ck_assert_int_eq(v.mode, LINK_RR);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x19e, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.mode, LINK_R);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x080, &v), DIRECTORY_OK);
    ck_assert_int_eq(v.kind, DEVICE_SPECIAL);
    ck_assert_int_eq(directory_find_device(&d, &u, 0x081, &v), DIRECTORY_NOT_FOUND);
    ck_assert_int_eq(directory_user_at(&d, 0, &u), DIRECTORY_OK);
    ck_assert_str_eq(u.userid, "A");
    ck_assert_int_eq(u.password.kind, PASSWORD_NOLOG);
    ck_assert(!directory_password_matches(&u.password, "A", "NOLOG"));
    ck_assert_int_eq(directory_find(&d, "B", &u), DIRECTORY_NOT_FOUND);
    /* Passwords are not in it as text. */
    for (unsigned i = 0; i < DIRECTORY_RECORD - 5; i++)
        ck_assert(memcmp(records[1] + i, "\xc3\xd7\xc3\xd4\xe2", 5));
}
END_TEST

/* Named systems: all that NAMESYS says comes back. */
START_TEST(test_systems)
{
    struct directory_system s;
    ck_assert_msg(compile(everything), "%s", messages);
    struct directory d = open_it();
    ck_assert_uint_eq(totals.systems, 2);
    ck_assert_int_eq(directory_find_system(&d, "cms", &s), DIRECTORY_OK);
    ck_assert_str_eq(s.name, "CMS");
    ck_assert_str_eq(s.volume, "DBXRES");
    ck_assert_uint_eq(s.cylinder, 59);
    ck_assert_uint_eq(s.page, 3);
    ck_assert_uint_eq(s.address, 0x190);
    ck_assert_uint_eq(s.size, 256 * 1024);
    ck_assert_uint_eq(s.ranges, 2);
    ck_assert_uint_eq(s.range[0].first, 0);
    ck_assert_uint_eq(s.range[0].last, 2);
    ck_assert_uint_eq(s.range[1].first, 16);
    ck_assert_uint_eq(s.range[1].last, 31);
    ck_assert_uint_eq(s.shared[0], 0x40);
    ck_assert(s.protect);
    ck_assert_int_eq(directory_system_at(&d, 1, &s), DIRECTORY_OK);
    ck_assert_str_eq(s.name, "SEG");
    ck_assert_uint_eq(s.address, 0);
    ck_assert_uint_eq(s.range[1].first, 4095);
    ck_assert_uint_eq(s.shared[4], 0xc0);
    ck_assert(!s.protect);
    ck_assert_int_eq(directory_system_at(&d, 2, &s), DIRECTORY_NOT_FOUND);
    ck_assert_int_eq(directory_find_system(&d, "CM", &s), DIRECTORY_NOT_FOUND);
}
END_TEST

/* Each wrong line gets a message with its number and statement, and nothing is to be used. */
START_TEST(test_errors)
{
    static const struct {
        const char *line, *part;
    } wrong[] = {
        {"FROB 1", "E 3 : there is no statement FROB"},
        {"USER", "E 3 USER: operands are missing"},
        {"USER A B C D E F G H I J K", "E 3 USER: K is an operand too many"},
        {"USER TOOLONGNAME X", "E 3 USER: TOOLONGNAME is not a userid"},
        {"USER B PASSWORD9", ""},
        {"USER B PASSWORD99", "E 3 USER: a password has"},
        {"USER B X 17M", "E 3 USER: 17M is not a size"},
        {"USER B X 3K", "E 3 USER: 3K is not a size"},
        {"USER B X 1M 512K", "E 3 USER: the maximum 512K is less"},
        {"USER B X 1M 1M XZ", "E 3 USER: X is not a privilege class"},
        {"USER B X 1M 1M G 100", "E 3 USER: 100 is not a priority"},
        {"USER A X", "E 3 USER: there is a user A already"},
        {"DIRECTORY 150 3350 DBXRES", "E 3 DIRECTORY: must be the first"},
        {"OPTION NONSENSE", "E 3 OPTION: there is no option NONSENSE"},
        {"OPTION CPUID", "E 3 OPTION: CPUID needs"},
        {"IPL 190 QQ", "E 3 IPL: QQ is not PARM"},
        {"CONSOLE 1000 3215", "E 3 CONSOLE: 1000 is not a device address"},
        {"CONSOLE 009 1403", "E 3 CONSOLE: 1403 is not a device type"},
        {"SPOOL 00C 3505 AB", "E 3 SPOOL: AB is not a spool class"},
        {"MDISK 191 3350 000 056 ", "E 3 MDISK: the volume is missing"},
        {"MDISK 191 3350 550 20 V", "E 3 MDISK: 20 is not a number of cylinders"},
        {"MDISK 191 3350 1O 20 V", "E 3 MDISK: 1O is not a cylinder"},
        {"MDISK 191 3350 10 20 VOLUME7", "E 3 MDISK: VOLUME7 is not a volume"},
        {"MDISK 191 3350 10 20 V X", "E 3 MDISK: X is not a mode"},
        {"MDISK 191 9999 10 20 V", "E 3 MDISK: 9999 is not a device type"},
        {"LINK A 191 191 Q", "E 3 LINK: Q is not a mode"},
        {"DEDICATE 181 181 RO", "E 3 DEDICATE: RO is not R/O"},
        {"NAMESYS CMS V 1 0", "E 3 NAMESYS: operands are missing"},
        {"NAMESYS TOOLONGNAME V 1 0 0", "E 3 NAMESYS: TOOLONGNAME has more"},
        {"NAMESYS CMS V 0 0 0", "E 3 NAMESYS: 0 is not a cylinder"},
        {"NAMESYS CMS V 1 120 0", "E 3 NAMESYS: 120 is not a page"},
        {"NAMESYS CMS V 1 0 5-4", "E 3 NAMESYS: 5-4 are not pages"},
        {"NAMESYS CMS V 1 0 1,1", "E 3 NAMESYS: 1,1 are not pages"},
        {"NAMESYS CMS V 1 0 4096", "E 3 NAMESYS: 4096 are not pages"},
        {"NAMESYS CMS V 1 0 0-480", "E 3 NAMESYS: 481 pages are more than 480"},
        {"NAMESYS CMS V 1 0 0-30 SHARED 1", "E 3 NAMESYS: segment 1 (pages 16-31) is not saved"},
        {"NAMESYS CMS V 1 0 0 SHARED", "E 3 NAMESYS: SHARED needs an operand"},
        {"NAMESYS CMS V 1 0 0 PROTECT YES", "E 3 NAMESYS: YES is not ON or OFF"},
        {"NAMESYS CMS V 1 0 0 FOO 1", "E 3 NAMESYS: FOO is not SHARED"},
        {"SPECIAL 181 FOO", "E 3 SPECIAL: FOO is not a device type"},
    };
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char source[200];
        snprintf(source, sizeof source, "DIRECTORY 150 3350 DBXRES\nUSER A B\n%s\n", wrong[i].line);
        bool ok = compile(source);
        ck_assert_msg(!strncmp(messages, wrong[i].part, strlen(wrong[i].part)), "%s gives %s",
                      wrong[i].line, messages);
        ck_assert_int_eq(ok, !*wrong[i].part && !*messages);
        ck_assert(ok || !written[0]);
    }
    ck_assert(!compile("USER A B\n"));
    ck_assert(!compile("DIRECTORY 150 3350 V\nMDISK 191 3350 1 1 V\n"));
    ck_assert(strstr(messages, "E 2 MDISK: comes before any USER"));
    ck_assert(!compile(""));
    ck_assert(!compile("DIRECTORY 150 3350 V\nUSER A B\nSPOOL C 3505\nSPOOL C 3505\n"));
    ck_assert(strstr(messages, "E 4 SPOOL: A has a device 00C already"));
}
END_TEST

START_TEST(test_overlap)
{
    ck_assert(compile("DIRECTORY 150 3350 V\nUSER A B\nMDISK 191 3350 10 10 V\nMDISK 192 3350 20 "
                      "5 V\nMDISK 193 3350 19 1 V\nMDISK 194 3350 10 10 V\nMDISK 195 3350 10 10 "
                      "W\nMDISK 196 3350 0 555 V\n"));
    ck_assert_str_eq(messages,
                     "W 5 MDISK: cylinders 19 to 19 of V overlap the minidisk of line 3\n"
                     "W 6 MDISK: cylinders 10 to 19 of V overlap the minidisk of line 5\n");
    ck_assert_uint_eq(totals.warnings, 2);
}
END_TEST

/* More than one record of index and many of entries. */
START_TEST(test_many)
{
    struct directory_user u;
    struct directory_device v;
    char name[9], last[9] = "";
    many = 1100;
    ck_assert_msg(compile("DIRECTORY 150 3350 V\n"), "%s", messages);
    ck_assert_uint_eq(totals.users, 550);
    struct directory d = open_it();
    for (unsigned i = 1; i <= 550; i++) {
        snprintf(name, sizeof name, "U%u", i);
        ck_assert_int_eq(directory_find(&d, name, &u), DIRECTORY_OK);
        ck_assert_str_eq(u.userid, name);
        ck_assert_int_eq(directory_find_device(&d, &u, 0x191, &v), DIRECTORY_OK);
        ck_assert_int_eq(directory_user_at(&d, i - 1, &u), DIRECTORY_OK);
        ck_assert_int_ne(strcmp(u.userid, last), 0);
        strcpy(last, u.userid);
    }
    ck_assert_int_eq(directory_user_at(&d, 550, &u), DIRECTORY_NOT_FOUND);
}
END_TEST

/* Whatever the records hold, the reader comes back with an answer. */
START_TEST(test_damaged)
{
    static uint8_t good[4][DIRECTORY_RECORD];
    uint32_t rnd = 1;
    ck_assert(compile(everything));
    memcpy(good, records, sizeof good);
    for (unsigned i = 0; i < 20000; i++) {
        struct directory d = {.read_record = read_record, .buffer = buffer};
        struct directory_user u;
        struct directory_device v;
        memcpy(records, good, sizeof good);
        for (unsigned k = 0; k < 3; k++) {
            rnd = rnd * 1664525 + 1013904223;
            records[rnd >> 30][(rnd >> 8) % 400] = (uint8_t)(rnd >> 20);
        }
        if (directory_open(&d) != DIRECTORY_OK)
            continue;
        uint16_t cursor = 0;
        if (directory_find(&d, "MAINT", &u) == DIRECTORY_OK)
            while (directory_next_device(&d, &u, &cursor, &v) == DIRECTORY_OK)
                ck_assert_uint_le(cursor, DIRECTORY_RECORD);
    }
}
END_TEST

/* The directory that is shipped has no error and no overlap, and all links lead somewhere. */
START_TEST(test_shipped)
{
    struct directory_user u, owner;
    struct directory_device v, theirs;
    file = fopen("cp/datbox.direct", "r");
    ck_assert_ptr_nonnull(file);
    bool ok = compile("");
    fclose(file);
    file = NULL;
    ck_assert_msg(ok && !*messages, "%s", messages);
    struct directory d = open_it();
    ck_assert_uint_eq(totals.users, d.users);
    for (unsigned i = 0; i < d.users; i++) {
        uint16_t cursor = 0;
        ck_assert_int_eq(directory_user_at(&d, i, &u), DIRECTORY_OK);
        while (directory_next_device(&d, &u, &cursor, &v) == DIRECTORY_OK) {
            if (v.kind != DEVICE_LINK)
                continue;
            ck_assert_int_eq(directory_find(&d, v.owner, &owner), DIRECTORY_OK);
            ck_assert_int_eq(directory_find_device(&d, &owner, v.owner_address, &theirs),
                             DIRECTORY_OK);
            ck_assert_int_eq(theirs.kind, DEVICE_MDISK);
        }
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("directory");
    TCase *t = tcase_create("directory");
    tcase_add_test(t, test_everything);
    tcase_add_test(t, test_systems);
    tcase_add_test(t, test_errors);
    tcase_add_test(t, test_overlap);
    tcase_add_test(t, test_many);
    tcase_add_test(t, test_damaged);
    tcase_add_test(t, test_shipped);
    suite_add_tcase(s, t);
    return run_suite(s);
}
