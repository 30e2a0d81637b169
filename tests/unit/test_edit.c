/* Proves: the line editor's subcommands do to a file and say on the terminal what the CMS
 * Command Reference says.  Each case is a file, a session, what was typed, and the file
 * afterwards; files live in a small table of the test's own. */
#include "cms/edit/edit.h"
#include "lib/str.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct edit editor;
static char storage[1 << 16];

struct stage {
    const char *file;           /* records ended by newlines; NULL: there is none */
    const char *at;             /* reading position */
    const char *const *session; /* what is typed, NULL at the end */
    char log[8192], written[8192];
    int writes;
    bool fail_write;
};

static void type(void *c, const char *text)
{
    struct stage *s = c;
    size_t n = strlen(s->log);
    snprintf(s->log + n, sizeof s->log - n, "%s\n", text);
}

static bool read_line(void *c, char *text, size_t size)
{
    struct stage *s = c;
    if (!*s->session)
        return false;
    str_copy(text, *s->session++, size);
    return true;
}

static int open_file(void *c, const struct edit_fileid *id, char *recfm, uint32_t *lrecl)
{
    struct stage *s = c;
    if (!s->file || !strcmp(id->fn, "NONE"))
        return 28;
    s->at = s->file;
    *recfm = 'F';
    *lrecl = 80;
    return 0;
}

static int read_record(void *c, char *text, size_t size)
{
    struct stage *s = c;
    const char *end = strchr(s->at, '\n');
    if (!end)
        return EDIT_READ_END;
    size_t n = (size_t)(end - s->at);
    memcpy(text, s->at, n);
    s->at = end + 1;
    return (int)n;
}

static void close_file(void *c)
{
}

static int write_begin(void *c, const struct edit_fileid *id, char recfm, uint32_t lrecl)
{
    struct stage *s = c;
    s->written[0] = 0;
    s->writes++;
    return s->fail_write ? 36 : 0;
}

static int write_record(void *c, const char *text, size_t length)
{
    struct stage *s = c;
    size_t n = strlen(s->written);
    while (length > 1 && text[length - 1] == ' ')
        length--;
    snprintf(s->written + n, sizeof s->written - n, "%.*s\n", (int)length, text);
    return 0;
}

static int write_end(void *c, bool keep)
{
    return 0;
}

static int command(void *c, const char *text)
{
    type(c, text);
    return !strncmp(text, "BAD", 3) ? 28 : 0;
}

static void subset(void *c)
{
    type(c, "SUBSET");
}

static int run(struct stage *s, const char *ft)
{
    struct edit_host host = {.context = s,
                             .type = type,
                             .read_line = read_line,
                             .open = open_file,
                             .read = read_record,
                             .close = close_file,
                             .write_begin = write_begin,
                             .write = write_record,
                             .write_end = write_end,
                             .command = command,
                             .stack = type,
                             .subset = subset};
    struct edit_fileid id = {"TEST", "", "A1"};
    str_copy(id.ft, ft, sizeof id.ft);
    return edit_run(&editor, &host, &id, 0, storage, sizeof storage);
}

#define ABC "ALPHA\nBETA\nGAMMA\n"

static const struct {
    const char *file, *ft;
    const char *session[16];
    const char *log, *written;
} cases[] = {
    /* A new file by input mode, upper case by its type. */
    {NULL,
     "DATA",
     {"INPUT", "hello", "world", "", "FILE", NULL},
     "NEW FILE:\nEDIT:\nINPUT:\nEDIT:\n",
     "HELLO\nWORLD\n"},
    {NULL, "SCRIPT", {"I Hello", "FILE", NULL}, "NEW FILE:\nEDIT:\n", "Hello\n"},
    /* Moving and showing. */
    {ABC,
     "DATA",
     {"N", "B", "N", "U", "TOP", "TYPE *", "QUIT", NULL},
     "EDIT:\nALPHA\nGAMMA\nEOF:\nGAMMA\nTOF:\nTOF:\nALPHA\nBETA\nGAMMA\nEOF:\n",
     ""},
    {ABC, "DATA", {"N 2", "T 2", "QUIT", NULL}, "EDIT:\nBETA\nBETA\nGAMMA\n", ""},
    /* Searching: from the next line on; a failed search ends at the end, the next one wraps. */
    {ABC,
     "DATA",
     {"LOCATE /amm", "/ALP/", "/ALP/", "FIND  E", "QUIT", NULL},
     "EDIT:\nGAMMA\nNOT FOUND\nEOF:\nALPHA\nBETA\n",
     ""},
    /* Changing. */
    {ABC,
     "DATA",
     {"N", "C /A/XY/", "C /A/-/ * G", "TOP", "C /Z/Y/", "FILE", NULL},
     "EDIT:\nALPHA\nXYLPHA\nXYLPH-\nBET-\nG-MM-\nEOF:\nTOF:\nNOT FOUND\n",
     "XYLPH-\nBET-\nG-MM-\n"},
    {ABC,
     "DATA",
     {"N", "C ,ALPHA,,", "C //NEW/", "FILE", NULL},
     "EDIT:\nALPHA\n\nNEW\n",
     "NEW\nBETA\nGAMMA\n"},
    {ABC,
     "DATA",
     {"N 2", "DELETE", "REPLACE done", "UP", "I between", "FILE", NULL},
     "EDIT:\nBETA\nALPHA\n",
     "ALPHA\nBETWEEN\nDONE\n"},
    {ABC,
     "DATA",
     {"N", "REPLACE", "one", "two", "", "FILE", NULL},
     "EDIT:\nALPHA\nINPUT:\nEDIT:\n",
     "ONE\nTWO\nBETA\nGAMMA\n"},
    {ABC,
     "DATA",
     {"DEL *", "FILE", "QUIT", NULL},
     "EDIT:\nEOF:\nNO LINES IN THE FILE: NOT SAVED\n",
     ""},
    {ABC, "DATA", {"DSTRING /GAM/", "FILE", NULL}, "EDIT:\nGAMMA\n", "GAMMA\n"},
    {ABC, "DATA", {"N", "ALTER A C1 * G", "N", "QUIT", NULL}, NULL, ""},
    {ABC,
     "DATA",
     {"N", "OVERLAY _  X", "REPEAT 2", "O  Z", "FILE", NULL},
     "EDIT:\nALPHA\n LPXA\n ZPXA\nBZTA\n",
     " ZPXA\nBZTA\nGAMMA\n"},
    /* Zones, tabs, truncation. */
    {ABC, "DATA", {"ZONE 2 80", "/A/", "ZONE", "QUIT", NULL}, "EDIT:\nALPHA\n2 80\n", ""},
    {NULL,
     "ASSEMBLE",
     {"I LOOP\tBR\t14", "FILE", NULL},
     "NEW FILE:\nEDIT:\n",
     "LOOP     BR    14\n"},
    {NULL, "DATA", {"TRUNC 3", "I abcdef", "FILE", NULL}, "NEW FILE:\nEDIT:\nTRUNCATED\n", "ABC\n"},
    /* Files and names. */
    {ABC,
     "DATA",
     {"B", "GETFILE OTHER DATA A 2 1", "FNAME", "FNAME NEW", "FNAME", "SAVE", "QUIT", NULL},
     "EDIT:\nGAMMA\nBETA\nTEST\nNEW\nSAVED\n",
     "ALPHA\nBETA\nGAMMA\nBETA\n"},
    {ABC, "DATA", {"GETFILE NONE", "G", "QUIT", NULL}, "EDIT:\nFILE NOT FOUND\n?EDIT: G\n", ""},
    /* The rest. */
    {ABC,
     "DATA",
     {"NONSENSE", "SHORT", "NONSENSE", "VERIFY OFF", "N", "CASE", "?", "=", "QUIT", NULL},
     "EDIT:\n?EDIT: NONSENSE\n?\nU\nCASE\nU\n",
     ""},
    {ABC,
     "DATA",
     {"X N", "X 2", "Y", "CMS BAD THING", "CMS", "STACK 1", "$MAC A", "QUIT", NULL},
     "EDIT:\nALPHA\nBETA\nBAD THING\nR(00028);\nSUBSET\nEDIT:\nBETA\nEXEC $MAC A\n",
     ""},
    {ABC, "DATA", {"X X", "X", "QUIT", NULL}, "EDIT:\n?EDIT: X\n", ""},
    {ABC,
     "DATA",
     {"PRESERVE", "VERIFY OFF", "RESTORE", "N", "", "TABSET 5 3", "QUIT", NULL},
     "EDIT:\nALPHA\nEDIT:\n?EDIT: TABSET 5 3\n",
     ""},
};

START_TEST(sessions)
{
    struct stage s = {.file = cases[_i].file, .session = cases[_i].session};
    ck_assert_int_eq(run(&s, cases[_i].ft), 0);
    if (cases[_i].log)
        ck_assert_str_eq(s.log, cases[_i].log);
    ck_assert_str_eq(s.written, cases[_i].written);
}
END_TEST

START_TEST(autosave_and_failed_write)
{
    const char *session[] = {"AUTOSAVE 2", "I one", "I two", "QUIT", NULL};
    struct stage s = {.session = session};
    ck_assert_int_eq(run(&s, "DATA"), 0);
    ck_assert_int_eq(s.writes, 1);
    ck_assert_str_eq(s.written, "ONE\nTWO\n");

    /* FILE that cannot write stays in the editor: nothing is lost. */
    const char *again[] = {"I one", "FILE", "T", "QUIT", NULL};
    struct stage f = {.session = again, .fail_write = true};
    ck_assert_int_eq(run(&f, "DATA"), 0);
    ck_assert_str_eq(f.log, "NEW FILE:\nEDIT:\nONE\n");
}
END_TEST

/* Random sessions against a small model: the file after n inserts, deletes and replaces. */
START_TEST(storage_is_used_again)
{
    static const char *session[3002];
    static char lines[1000][40];
    unsigned seed = 12345;
    int n = 0;
    for (int i = 0; i < 1000; i++) {
        seed = seed * 1103515245 + 12345;
        snprintf(lines[i], sizeof lines[i], "R %.*s", (int)(seed >> 16) % 30 + 1,
                 "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDE");
        session[n++] = i ? "N 0" : "I X";
        session[n++] = lines[i];
    }
    session[n++] = "FILE";
    session[n] = NULL;
    struct stage s = {.session = session};
    ck_assert_int_eq(run(&s, "DATA"), 0);
    char expected[40];
    snprintf(expected, sizeof expected, "%s\n", lines[999] + 2);
    ck_assert_str_eq(s.written, expected);
    ck_assert_uint_gt(editor.left, sizeof storage - 1024);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("edit");
    TCase *t = tcase_create("edit");
    tcase_add_loop_test(t, sessions, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_test(t, autosave_and_failed_write);
    tcase_add_test(t, storage_is_used_again);
    suite_add_tcase(s, t);
    return run_suite(s);
}
