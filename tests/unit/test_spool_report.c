/* Proves: the lines, messages, separator pages and ID cards of the spool have the forms that
 * users and operators know, also with the longest values. */
#include "spool/report.h"
#include "spool/separator.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct spool_file file(void)
{
    struct spool_file f = {.id = 12, .kind = SPOOL_PUNCH, .queue = SPOOL_READER, .class = 'A'};
    f.copies = 1;
    f.records = 10;
    strcpy(f.owner, "STUDENT2");
    strcpy(f.origin, "CMSUSER");
    strcpy(f.name, "PROFILE");
    strcpy(f.type, "EXEC");
    strcpy(f.dist, "BIN 5");
    strcpy(f.date, "11/24/26");
    strcpy(f.time, "03:30:11");
    return f;
}

START_TEST(lines)
{
    struct spool_file f = file();
    char s[SPOOL_LINE];
    spool_report_title(s, sizeof s, true, false);
    ck_assert_str_eq(s,
                     "ORIGINID FILE CLASS RECDS  CPY HOLD DATE  TIME     NAME         TYPE       "
                     "  DIST");
    spool_report_line(s, sizeof s, &f, true, false);
    ck_assert_str_eq(s,
                     "CMSUSER  0012 A PUN 000010 001 NONE 11/24 03:30:11 PROFILE      EXEC       "
                     "  BIN 5");
    f.hold = SPOOL_HOLD_USER;
    spool_report_line(s, sizeof s, &f, false, true);
    ck_assert_str_eq(s, "STUDENT2 0012 A PUN 000010 001 USER");
    spool_report_file(s, sizeof s, &f, "FROM", f.origin);
    ck_assert_str_eq(s, "PUN FILE 0012 FROM CMSUSER  COPY 001 HOLD");
    memset(f.name, 'N', SPOOL_NAME);
    memset(f.type, 'T', SPOOL_NAME);
    strcpy(f.dist, "DISTDIST");
    f.records = 99999999;
    spool_report_line(s, sizeof s, &f, true, false);
    ck_assert(strstr(s, " NNNNNNNNNNNN TTTTTTTTTTTT DISTDIST"));
}
END_TEST

static int collect(void *context, uint8_t command, const char *text)
{
    char *all = context;
    ck_assert_uint_le(strlen(text), SPOOL_PRINT_WIDTH);
    sprintf(all + strlen(all), "%02X %s\n", command, text);
    return 0;
}

static int stop_at_third(void *context, uint8_t command, const char *text)
{
    return ++*(int *)context == 3 ? 7 : 0;
}

START_TEST(separator)
{
    struct spool_file f = file();
    static char all[20000];
    int count = 0;
    ck_assert_int_eq(spool_separator_page(&f, 1, "DATBOX", collect, all), 0);
    ck_assert(!strncmp(all, "8B \n09 ***", 9));
    ck_assert(strstr(all, "09       UU      UU  \n") == NULL);
    ck_assert(strstr(all, "  SSSSSSSS  TTTTTTTTTT  UU      UU  DDDDDDDD"));
    ck_assert(strstr(all, "USERID STUDENT2   ORIGIN CMSUSER    DISTRIBUTION BIN 5"));
    ck_assert(strstr(all, "SPOOL FILE 0012   TYPE PUN   CLASS A   RECORDS 000010   COPY 1 OF 1"));
    ck_assert(strstr(all, "FILE NAME PROFILE      EXEC           CREATION DATE 11/24/26 03:30:11"));
    ck_assert(!strstr(all, "TAG"));
    ck_assert_int_eq(spool_separator_page(&f, 1, "DATBOX", stop_at_third, &count), 7);
    /* A file without a name, and the longest of everything. */
    f.name[0] = 0;
    memset(f.tag, 'G', SPOOL_TAG);
    all[0] = 0;
    ck_assert_int_eq(spool_separator_page(&f, 1, "DATBOX", collect, all), 0);
    ck_assert(strstr(all, "TAG GGG") && strstr(all, "00      00  00      00"));
    all[0] = 0;
    ck_assert_int_eq(spool_trailer_page(&f, 1, collect, all), 0);
    ck_assert(strstr(all, "END OF SPOOL FILE 0012"));
    char card[80];
    spool_separator_card(card, &f);
    ck_assert(!memcmp(card, "**** STUDENT2 BIN 5    FILE 0012 CLASS A", 40));
}
END_TEST

START_TEST(id_cards)
{
    struct spool_deck d;
    ck_assert(!spool_deck_card(&d, "USERID CMSUSER"));
    ck_assert_str_eq(d.userid, "CMSUSER");
    ck_assert(d.class == 'A' && !d.name[0]);
    ck_assert(!spool_deck_card(&d, "ID student1 CLASS b NAME hello job   "));
    ck_assert_str_eq(d.userid, "STUDENT1");
    ck_assert_str_eq(d.name, "HELLO");
    ck_assert_str_eq(d.type, "JOB");
    ck_assert(d.class == 'B');
    ck_assert(!spool_deck_card(&d, "ID X NAME ONE"));
    ck_assert_str_eq(d.name, "ONE");
    ck_assert_ptr_eq(spool_deck_card(&d, "IDENTIFY CMSUSER"), SPOOL_NOT_AN_ID_CARD);
    ck_assert_ptr_eq(spool_deck_card(&d, " ID CMSUSER"), SPOOL_NOT_AN_ID_CARD);
    ck_assert_ptr_eq(spool_deck_card(&d, ""), SPOOL_NOT_AN_ID_CARD);
    ck_assert_str_eq(spool_deck_card(&d, "ID"), "USERID MISSING OR INVALID");
    ck_assert_str_eq(spool_deck_card(&d, "ID NINECHARS"), "USERID MISSING OR INVALID");
    ck_assert_str_eq(spool_deck_card(&d, "ID A*B"), "USERID MISSING OR INVALID");
    ck_assert_str_eq(spool_deck_card(&d, "ID A CLASS"), "CLASS MISSING OR INVALID");
    ck_assert_str_eq(spool_deck_card(&d, "ID A CLASS AB"), "CLASS MISSING OR INVALID");
    ck_assert_str_eq(spool_deck_card(&d, "ID A NAME THIRTEENCHARS"), "NAME MISSING OR INVALID");
    ck_assert_str_eq(spool_deck_card(&d, "ID A PLEASE"), "INVALID OPTION");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool report");
    TCase *t = tcase_create("spool report");
    suite_add_tcase(suite, t);
    tcase_add_test(t, lines);
    tcase_add_test(t, separator);
    tcase_add_test(t, id_cards);
    return run_suite(suite);
}
