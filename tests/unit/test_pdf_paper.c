/* Proves: printer output becomes pages as on paper: 66 lines, skips to a new page, columns behind
 * 132 lost, overprints bold or in each other; the text is in the PDF as pdftotext (poppler) finds
 * it, the same bytes each time; a file that can't be written gives a reason. */
#include "consoles/pdf_paper.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char directory[] = "/tmp/datbox-paper-XXXXXX";

static unsigned print(const char *text, const char *name, bool bars)
{
    char path[64], why[160] = "";
    struct pdf_paper *p = pdf_paper_new(bars);
    ck_assert_ptr_nonnull(p);
    pdf_paper_print(p, text, strlen(text));
    snprintf(path, sizeof path, "%s/%s", directory, name);
    ck_assert_msg(pdf_paper_save(p, path, why, sizeof why), "%s", why);
    unsigned pages = pdf_paper_pages(p);
    pdf_paper_free(p);
    return pages;
}

static char *text_of(const char *name)
{
    static char text[65536];
    char command[160];
    snprintf(command, sizeof command, "pdftotext -layout %s/%s -", directory, name);
    FILE *f = popen(command, "r");
    size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = 0;
    ck_assert_int_eq(pclose(f), 0);
    return text;
}

START_TEST(pages)
{
    char lines[4096] = "";
    ck_assert_uint_eq(print("", "a.pdf", true), 1);
    ck_assert_uint_eq(print("\fONE\n\fTWO\n", "a.pdf", true), 2);
    for (int i = 0; i < PDF_PAPER_LINES; i++)
        strcat(lines, "LINE\n");
    ck_assert_uint_eq(print(lines, "a.pdf", false), 1);
    strcat(lines, "ONE MORE\n");
    ck_assert_uint_eq(print(lines, "a.pdf", false), 2);
}
END_TEST

START_TEST(text)
{
    char wide[200];
    memset(wide, 'W', sizeof wide);
    strcpy(wide + 132, "LOST\n");
    print("HELLO\n\fSECOND\nBOLD\rBOLD\n____\rLINE\n", "b.pdf", true);
    const char *found = text_of("b.pdf");
    const char *second = strchr(found, '\f');
    ck_assert(strstr(found, "HELLO") && second && strstr(second, "SECOND"));
    ck_assert(strstr(second, "BOLD") && strstr(second, "LINE"));
    print(wide, "c.pdf", true);
    ck_assert(strstr(text_of("c.pdf"), "WWWW") && !strstr(text_of("c.pdf"), "LOST"));
}
END_TEST

START_TEST(same_bytes)
{
    char command[160];
    print("THE SAME\n", "d.pdf", true);
    print("THE SAME\n", "e.pdf", true);
    snprintf(command, sizeof command, "cmp %s/d.pdf %s/e.pdf", directory, directory);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(no_place)
{
    char why[160] = "";
    struct pdf_paper *p = pdf_paper_new(true);
    ck_assert(!pdf_paper_save(p, "/nowhere/at/all.pdf", why, sizeof why));
    ck_assert(why[0]);
    pdf_paper_free(p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pdf paper");
    TCase *t = tcase_create("pdf paper");
    char command[64];
    if (!mkdtemp(directory))
        return EXIT_FAILURE;
    tcase_add_test(t, pages);
    tcase_add_test(t, text);
    tcase_add_test(t, same_bytes);
    tcase_add_test(t, no_place);
    suite_add_tcase(s, t);
    int status = run_suite(s);
    snprintf(command, sizeof command, "rm -rf %s", directory);
    return system(command) ? EXIT_FAILURE : status;
}
