/* Line editing: see linedit.h.  The result is built from left to right as a typist sees
 * it; a deletion takes back what is at its end. */
#include "cp/text/linedit.h"

#include "lib/str.h"

#define LEFT_BRACKET '['
#define TAB          '\t' /* X'05' in EBCDIC */

static bool deletes_line(const struct linedit *edit, char c)
{
    if (!edit->line_delete)
        return false;
    return c == edit->line_delete || (edit->line_delete == LINEDIT_CENT && c == LEFT_BRACKET);
}

/* The line delete character takes back the current logical line with the line end before
 * it; directly after a line end, only that line end. */
static size_t delete_line(const char *out, size_t used)
{
    while (used && out[used - 1])
        used--;
    return used ? used - 1 : 0;
}

size_t linedit(const struct linedit *edit, const char *in, size_t n, char *out)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        char c = in[i];
        if (!c)
            c = ' '; /* The separator cannot be typed. */
        if (edit->escape && c == edit->escape && i + 1 < n) {
            c = in[++i];
            out[used++] = c ? c : ' ';
        } else if (edit->char_delete && c == edit->char_delete) {
            used -= used > 0;
        } else if (deletes_line(edit, c)) {
            used = delete_line(out, used);
        } else if (edit->tab && c == edit->tab) {
            out[used++] = TAB;
        } else if (edit->line_end && c == edit->line_end) {
            out[used++] = 0;
        } else {
            out[used++] = c;
        }
    }
    out[used] = 0;
    return used;
}

const char *linedit_cp_escape(const char *edited, size_t n)
{
    if (n < 3 || edited[0] || str_upper(edited[1]) != 'C' || str_upper(edited[2]) != 'P')
        return NULL;
    if (edited[3] && edited[3] != ' ')
        return NULL;
    edited += 3;
    while (*edited == ' ')
        edited++;
    return edited;
}
