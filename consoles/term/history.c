/* The history file; see history.h.  Its first line says what it is; in the others blanks,
 * backslashes and controls are \ooo, as by strvis(3). */
#include "consoles/term/history.h"

#include "consoles/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEAD "_HiStOrY_V2_"

static bool is_octal(const char *text)
{
    return text[0] >= '0' && text[0] <= '3' && text[1] >= '0' && text[1] <= '7' && text[2] >= '0' &&
           text[2] <= '7';
}

static void add(struct line_edit *e, const char *text)
{
    struct utf8_decoder decoder = {0};
    line_edit_clear(e);
    while (*text && *text != '\n') {
        uint8_t byte = (uint8_t)*text++;
        if (byte == '\\' && is_octal(text)) {
            byte = (uint8_t)((text[0] - '0') << 6 | (text[1] - '0') << 3 | (text[2] - '0'));
            text += 3;
        }
        int32_t character = utf8_decode(&decoder, byte);
        if (character >= ' ')
            (void)line_edit_type(e, (char32_t)character);
    }
    line_edit_remember(e);
    line_edit_clear(e);
}

void history_load(struct line_edit *e, const char *path)
{
    char line[8 * EDIT_MOST];
    FILE *f = fopen(path, "r");
    if (!f)
        return;
    if (fgets(line, sizeof line, f) && !strncmp(line, HEAD, strlen(HEAD)))
        while (fgets(line, sizeof line, f))
            add(e, line);
    fclose(f);
}

void history_save(const struct line_edit *e, const char *path)
{
    char bytes[4];
    FILE *f = fopen(path, "w");
    if (!f)
        return;
    fprintf(f, HEAD "\n");
    for (unsigned i = 0; i < e->count; i++) {
        for (const char32_t *c = e->history[i]; *c; c++) {
            size_t n = utf8_encode(*c, bytes);
            if (*c <= ' ' || *c == '\\' || *c == 0x7f)
                fprintf(f, "\\%03o", (unsigned)*c);
            else
                fwrite(bytes, 1, n, f);
        }
        fputc('\n', f);
    }
    fclose(f);
}
