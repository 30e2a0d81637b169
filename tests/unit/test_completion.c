/* Proves: at the operator's console a word becomes what it can become: commands by the table,
 * devices that the machine has, fixed operands, and words that the guest has shown, in the case
 * that is typed. */
#include "consoles/completion.h"
#include "tests/unit/machine_fixture.h"
#include "tests/unit/run_suite.h"

static struct completion *completion;
static struct completed found;

static void setup(void)
{
    fixture_open(CLOCK_VIRTUAL);
    attach(0x009, "3215-C");
    attach(0x00c, "3505");
    attach(0x0c0, "3270");
    completion = completion_create(machine);
}

static void teardown(void)
{
    completion_free(completion);
    fixture_close();
}

/* What `text` can become, each word with a blank behind it; and what is inserted. */
static void becomes(const char *text, bool command, const char *words, const char *insert)
{
    char all[COMPLETION_MOST * COMPLETION_WORD] = "";
    completion_find(completion, text, strlen(text), command, &found);
    for (unsigned i = 0; i < found.count; i++) {
        strcat(all, found.words[i]);
        strcat(all, " ");
    }
    ck_assert_str_eq(all, words);
    ck_assert_str_eq(found.insert, insert);
}

START_TEST(commands)
{
    becomes("dev", true, "devinit devlist ", "");
    becomes("devl", true, "devlist ", "ist ");
    becomes("  sysc", true, "sysclear ", "lear ");
    becomes("xyz", true, "", "");
    completion_find(completion, "", 0, true, &found);
    ck_assert_uint_gt(found.count, 40);
    becomes("help res", true, "restart restore ", "t");
}
END_TEST

START_TEST(operands)
{
    becomes("devinit ", true, "009 00C 0C0 ", "0");
    becomes("devinit 00", true, "009 00C ", "");
    becomes("ipl 0c", true, "0C0 ", "0 ");
    becomes("ipl 00c cl", true, "clear ", "ear ");
    becomes("ipl 00c clear ", true, "parm ", "parm ");
    becomes("attach 150 335", true, "3350 ", "0 ");
    becomes("store s", true, "status ", "tatus ");
    becomes("i 0C", true, "0C0 ", "0 "); /* abbreviated */
    becomes("ccw+ 00", true, "009 00C ", "");
    becomes("r 00", true, "", "");
}
END_TEST

START_TEST(words)
{
    static const char text[] = "OPERATOR - 009, CMSUSER - 0C0\nOPER";
    completion_note(completion, text, sizeof text - 1);
    completion_note(completion, "A1 at 12.34\n", 12);
    becomes("msg op", false, "OPERA1 OPERATOR ", "era");
    becomes("msg OPERAT", false, "OPERATOR ", "OR ");
    becomes("logon c", false, "CMSUSER ", "msuser ");
    becomes("12", false, "", "");         /* numbers are no words */
    becomes("at", false, "", "");         /* nor are short ones */
    becomes("msg ", false, "", "");       /* anything would do */
    for (unsigned i = 0; i < 3000; i++) { /* old ones are forgotten */
        char word[16];
        completion_note(completion, word, (size_t)sprintf(word, "WORD%u ", i));
    }
    becomes("cms", false, "", "");
    becomes("word2999", false, "WORD2999 ", " ");
    char longest[200];
    memset(longest, 'L', sizeof longest);
    completion_note(completion, longest, sizeof longest);
    completion_note(completion, "\n", 1);
    becomes("LLL", false, "", "");
    completion_find(completion, longest, sizeof longest, false, &found);
    ck_assert_uint_eq(found.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("completion");
    TCase *t = tcase_create("completion");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, commands);
    tcase_add_test(t, operands);
    tcase_add_test(t, words);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
