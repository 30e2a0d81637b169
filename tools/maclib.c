/* datbox asm --maclib: see cms/library/library.h for what comes out. */
#include "tools/maclib.h"
#include "cms/library/library.h"
#include "lib/ebcdic.h"
#include "lib/str.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define MEMBERS_MAX 4096

static bool write_record(void *context, uint32_t item, const uint8_t record[LIBRARY_RECORD])
{
    FILE *f = context;

    return !fseek(f, (long)(item - 1) * LIBRARY_RECORD, SEEK_SET) &&
           fwrite(record, LIBRARY_RECORD, 1, f) == 1;
}

static bool wrong(const char *file, unsigned long line, const char *what)
{
    if (line)
        fprintf(stderr, "datbox asm: %s: line %lu: %s\n", file, line, what);
    else
        fprintf(stderr, "datbox asm: %s: %s\n", file, what);
    return false;
}

static const char *error_text(enum library_error e)
{
    static const char *const texts[] = {
        [LIBRARY_FULL] = "too many members",
        [LIBRARY_WRITE] = "the library cannot be written",
        [LIBRARY_NAME] = "a member's name is missing or longer than eight characters",
        [LIBRARY_OPEN] = "a definition has no MEND"};

    return texts[e];
}

static bool is_copy(const char *file, uint8_t name[8])
{
    const char *base = strrchr(file, '/'), *dot;
    char upper[9];

    base = base ? base + 1 : file;
    dot = strrchr(base, '.');
    if (!dot || strcmp(dot, ".copy"))
        return false;
    snprintf(upper, sizeof upper, "%.*s", (int)(dot - base), base);
    str_upcase(upper, strlen(upper));
    memset(name, ' ', 8);
    memcpy(name, upper, strlen(upper));
    ebcdic_from_latin1(name, name, 8);
    return true;
}

static bool add_file(struct library_writer *w, const char *file)
{
    char line[256], text[LIBRARY_RECORD];
    uint8_t record[LIBRARY_RECORD], name[8];
    unsigned long number = 0;
    FILE *f = fopen(file, "re");

    if (!f)
        return wrong(file, 0, strerror(errno));
    bool copy = is_copy(file, name);
    enum library_error e = copy ? library_member_begin(w, name) : LIBRARY_OK;
    while (!e && fgets(line, sizeof line, f)) {
        size_t n = strcspn(line, "\r\n");
        number++;
        if (n > LIBRARY_RECORD) {
            fclose(f);
            return wrong(file, number, "longer than a card");
        }
        memset(text, ' ', sizeof text);
        memcpy(text, line, n);
        ebcdic_from_latin1(record, text, sizeof record);
        e = copy ? library_copy_card(w, text, record) : library_macro_card(w, text, record);
    }
    fclose(f);
    if (!e && w->depth)
        e = LIBRARY_OPEN;
    return e ? wrong(file, number, error_text(e)) : true;
}

bool maclib_make(const char *library, char **files, int count)
{
    struct library_writer w = {.write = write_record, .most = MEMBERS_MAX};
    FILE *f = fopen(library, "wbe");
    bool good = true;

    if (!f)
        return wrong(library, 0, strerror(errno));
    w.context = f;
    w.members = malloc(MEMBERS_MAX * sizeof *w.members);
    if (!w.members || library_begin(&w))
        good = wrong(library, 0, "cannot be written");
    for (int i = 0; i < count && good; i++)
        good = add_file(&w, files[i]);
    enum library_error e = good ? library_end(&w) : LIBRARY_OK;
    if (e)
        good = wrong(library, 0, error_text(e));
    if (fclose(f) && good)
        good = wrong(library, 0, strerror(errno));
    if (!good)
        remove(library);
    free(w.members);
    return good;
}
