/* Subcommands that set how the editor works, and what each file type begins with. */
#include "cms/edit/internal.h"

#include "lib/fmt.h"
#include "lib/str.h"

/* Record format, length, case and tabs by file type; a row without a type is for all others.
 * Source: CMS User's Guide, "File Characteristics" of EDIT. */
static const struct type_row {
    const char *ft;
    char recfm;
    uint8_t lrecl;
    bool upper_case;
    uint8_t truncate;
    uint8_t tabs[EDIT_TABS];
} types[] = {
    {"ASSEMBLE", 'F', 80, true, 71, {1, 10, 16, 30, 35, 40, 45, 50, 55, 60, 65, 70}},
    {"MACRO", 'F', 80, true, 71, {1, 10, 16, 30, 35, 40, 45, 50, 55, 60, 65, 70}},
    {"COPY", 'F', 80, true, 71, {1, 10, 16, 30, 35, 40, 45, 50, 55, 60, 65, 70}},
    {"UPDATE", 'F', 80, true, 71, {1, 10, 16, 30, 35, 40, 45, 50, 55, 60, 65, 70}},
    {"FORTRAN", 'F', 80, true, 72, {1, 7, 10, 15, 20, 25, 30, 80}},
    {"COBOL", 'F', 80, true, 72, {1, 8, 12, 20, 28, 36, 44, 68, 72, 80}},
    {"EXEC", 'V', 130, true, 0, {1, 5, 8, 17, 27, 31}},
    {"SCRIPT", 'V', 132, false, 0, {1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75}},
    {"MEMO", 'F', 80, false, 0, {1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75}},
    {"LISTING", 'V', 121, true, 0, {1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60}},
    {"FREEFORT", 'V', 81, true, 0, {9, 15, 18, 23, 28, 33, 38, 81}},
    {"", 'F', 80, true, 0, {1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75}},
};

void edit_settings_of_type(struct edit *e)
{
    const struct type_row *row = types;
    while (*row->ft && !str_equal(row->ft, e->id.ft))
        row++;
    if (!e->recfm)
        e->recfm = row->recfm;
    if (!e->lrecl)
        e->lrecl = row->lrecl;
    struct edit_settings *s = &e->settings;
    *s = (struct edit_settings){.verify = true,
                                .long_messages = true,
                                .upper_case = row->upper_case,
                                .image = true,
                                .verify_columns = EDIT_ALL,
                                .zone_first = 1,
                                .zone_last = e->lrecl,
                                .truncate = row->truncate ? row->truncate : e->lrecl};
    if (s->truncate > e->lrecl)
        s->truncate = e->lrecl;
    for (; s->tab_count < EDIT_TABS && row->tabs[s->tab_count]; s->tab_count++)
        s->tabs[s->tab_count] = row->tabs[s->tab_count];
}

/* ON or OFF into *setting; without an operand the setting is typed. */
static void on_off(struct edit *e, const char *operands, bool *setting)
{
    if (!*operands)
        edit_type(e, *setting ? "ON" : "OFF");
    else if (str_equal(operands, "ON") || str_equal(operands, "OFF"))
        *setting = str_equal(operands, "ON");
    else
        edit_reject(e);
}

void edit_image(struct edit *e, const char *operands)
{
    on_off(e, operands, &e->settings.image);
}

/* VERIFY [ON|OFF] [columns] */
void edit_verify_set(struct edit *e, const char *operands)
{
    char word[8];
    const char *p = operands;
    if (!*operands) {
        edit_type(e, e->settings.verify ? "ON" : "OFF");
        return;
    }
    if (str_is_alpha(*p)) {
        str_word(&p, word, sizeof word);
        if (!str_equal(word, "ON") && !str_equal(word, "OFF")) {
            edit_reject(e);
            return;
        }
        e->settings.verify = str_equal(word, "ON");
    }
    edit_count(e, &p, e->settings.verify_columns, &e->settings.verify_columns);
}

void edit_case(struct edit *e, const char *operands)
{
    if (!*operands)
        edit_type(e, e->settings.upper_case ? "U" : "M");
    else if (str_equal(operands, "U") || str_equal(operands, "M"))
        e->settings.upper_case = str_equal(operands, "U");
    else
        edit_reject(e);
}

void edit_long(struct edit *e, const char *operands)
{
    e->settings.long_messages = true;
}

void edit_short(struct edit *e, const char *operands)
{
    e->settings.long_messages = false;
}

void edit_preserve(struct edit *e, const char *operands)
{
    e->preserved = e->settings;
}

void edit_restore(struct edit *e, const char *operands)
{
    e->settings = e->preserved;
}

void edit_recfm(struct edit *e, const char *operands)
{
    char text[2] = {e->recfm, 0};
    if (!*operands)
        edit_type(e, text);
    else if (str_equal(operands, "F") || str_equal(operands, "V"))
        e->recfm = str_upper(*operands);
    else
        edit_reject(e);
}

void edit_truncate(struct edit *e, const char *operands)
{
    char text[12];
    uint32_t n;
    if (!*operands) {
        fmt(text, sizeof text, "%u", (unsigned)e->settings.truncate);
        edit_type(e, text);
        return;
    }
    if (!edit_count(e, &operands, EDIT_ALL, &n))
        return;
    if (n == EDIT_ALL)
        n = e->lrecl;
    if (!n || n > e->lrecl)
        edit_reject(e);
    else
        e->settings.truncate = n;
}

void edit_zone(struct edit *e, const char *operands)
{
    char text[32];
    uint32_t first, last;
    if (!*operands) {
        fmt(text, sizeof text, "%u %u", (unsigned)e->settings.zone_first,
            (unsigned)e->settings.zone_last);
        edit_type(e, text);
        return;
    }
    if (!edit_count(e, &operands, 1, &first) || !edit_count(e, &operands, EDIT_ALL, &last))
        return;
    if (first == EDIT_ALL)
        first = 1;
    if (last == EDIT_ALL)
        last = e->lrecl;
    if (!first || first > last || last > e->lrecl)
        edit_reject(e);
    else {
        e->settings.zone_first = first;
        e->settings.zone_last = last;
    }
}

void edit_tabset(struct edit *e, const char *operands)
{
    uint32_t tabs[EDIT_TABS], n;
    int count = 0;
    while (*operands) {
        if (count == EDIT_TABS || !str_is_digit(*operands)) {
            edit_reject(e);
            return;
        }
        if (!edit_count(e, &operands, 0, &n))
            return;
        if (!n || n > e->lrecl || (count && n <= tabs[count - 1])) {
            edit_reject(e);
            return;
        }
        tabs[count++] = n;
    }
    if (!count) {
        edit_reject(e);
        return;
    }
    memcpy(e->settings.tabs, tabs, sizeof tabs);
    e->settings.tab_count = count;
}

void edit_autosave(struct edit *e, const char *operands)
{
    char text[12];
    uint32_t n;
    if (!*operands) {
        fmt(text, sizeof text, "%u", (unsigned)e->settings.autosave);
        edit_type(e, e->settings.autosave ? text : "OFF");
    } else if (str_equal(operands, "OFF"))
        e->settings.autosave = 0;
    else if (edit_count(e, &operands, 0, &n))
        e->settings.autosave = n;
}

void edit_show_last(struct edit *e, const char *operands)
{
    edit_type(e, e->last);
}

void edit_reuse(struct edit *e, const char *operands)
{
    char text[EDIT_INPUT];
    str_copy(text, e->last, sizeof text);
    edit_subcommand(e, text);
}

/* X and Y keep a subcommand, or execute the one they keep n times. */
static void macro(struct edit *e, char *kept, const char *operands)
{
    char text[EDIT_INPUT];
    uint32_t n = 1;
    if (*operands && !str_is_digit(*operands)) {
        str_copy(kept, operands, EDIT_INPUT);
        return;
    }
    if (!edit_count(e, &operands, 1, &n))
        return;
    /* A macro that calls a macro would never end. */
    if (str_is_space(kept[1]) || !kept[1])
        if (str_upper(kept[0]) == 'X' || str_upper(kept[0]) == 'Y' || kept[0] == '=') {
            edit_reject(e);
            return;
        }
    for (; n && *kept && !e->ended && !e->input_mode; n--) {
        bool at_end = e->current == e->end;
        str_copy(text, kept, sizeof text);
        edit_subcommand(e, text);
        if (at_end && e->current == e->end)
            break;
    }
}

void edit_x(struct edit *e, const char *operands)
{
    macro(e, e->macro_x, operands);
}

void edit_y(struct edit *e, const char *operands)
{
    macro(e, e->macro_y, operands);
}
