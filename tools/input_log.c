/* Sessions as decks.  A session begins with a LOGON and becomes a job of its user; each line after
 * it is a card.  No password gets there: of LOGON only the userid is looked at, and if the password
 * was not on that line, the next one is left out.  What cannot be a card is a comment: CP's lines
 * (#CP) and those that are too long. */
#include "tools/input_log.h"

#include "lib/ebcdic.h"
#include "lib/str.h"
#include "s370/devices/display.h"
#include "s370/devices/line.h"
#include "s370/io/device.h"
#include "s370/machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define CARD      80
#define LINE_MOST 255
#define AID_ENTER 0x7d
#define ORDER_SBA 0x11
#define SBA_BYTES 3 /* the order and its address */
#define KEY_BYTES 3 /* AID and cursor address */

/* A place where somebody may sit. */
struct seat_log {
    struct seat_log *next;
    struct input_log *log;
    FILE *deck;        /* of the session; NULL: nobody has logged on */
    bool password_due; /* the next line is one */
};

struct input_log {
    char directory[4000];
    struct seat_log *seats;
    unsigned count; /* of decks */
};

static bool is_logon(const char *word)
{
    return str_abbrev(word, "LOGON", 1) || str_abbrev(word, "LOGIN", 5);
}

static void end_deck(struct seat_log *s)
{
    if (!s->deck)
        return;
    fprintf(s->deck, "/*\n");
    fclose(s->deck);
    s->deck = NULL;
}

static void begin_deck(struct seat_log *s, const char *line)
{
    char user[9], path[4100], word[16];
    if (!str_word(&line, user, sizeof user))
        return;
    str_upcase(user, strlen(user));
    for (const char *c = user; *c; c++)
        if (!str_is_alnum(*c))
            return; /* no userid, and no name for a file */
    end_deck(s);
    s->password_due = !str_word(&line, word, sizeof word);
    snprintf(path, sizeof path, "%s/%s-%u.job", s->log->directory, user, ++s->log->count);
    s->deck = fopen(path, "w");
    if (!s->deck) {
        fprintf(stderr, "datbox run: %s: %s\n", path, strerror(errno));
        return;
    }
    fprintf(s->deck, "/JOB %s 1 %s\n", user, user);
}

/* A line as it was typed. */
static void take_line(struct seat_log *s, const char *text, size_t length)
{
    char line[LINE_MOST + 1], word[16];
    const char *at = line;
    if (length > LINE_MOST)
        length = LINE_MOST;
    memcpy(line, text, length);
    line[length] = 0;
    if (s->password_due) {
        s->password_due = false;
        return;
    }
    bool empty = !str_word(&at, word, sizeof word);
    if (!empty && is_logon(word) && !s->deck) {
        begin_deck(s, at);
        return;
    }
    if (!s->deck)
        return;
    if (!empty && (str_abbrev(word, "LOGOFF", 3) || str_equal(word, "LOGOUT"))) {
        end_deck(s);
        return;
    }
    bool comment = length > CARD || word[0] == '#' || (!empty && word[0] == '/');
    fprintf(s->deck, "%s%.*s\n", comment ? "* " : "", CARD - 2 * comment, line);
    fflush(s->deck);
}

static void line_typed(void *context, const char *text, size_t length)
{
    take_line(context, text, length);
}

/* A 3270's ENTER with one field, as CP's and CMS's line screens have it. */
static void record_came(void *context, const uint8_t *record, size_t length)
{
    char text[LINE_MOST];
    size_t n = length - KEY_BYTES - SBA_BYTES;
    if (length < KEY_BYTES || record[0] != AID_ENTER)
        return;
    if (length == KEY_BYTES) {
        take_line(context, "", 0);
        return;
    }
    if (length < KEY_BYTES + SBA_BYTES || record[KEY_BYTES] != ORDER_SBA || n > sizeof text ||
        memchr(record + KEY_BYTES + SBA_BYTES, ORDER_SBA, n))
        return;
    latin1_from_ebcdic(text, record + KEY_BYTES + SBA_BYTES, n);
    take_line(context, text, n);
}

struct input_log *input_log_open(struct machine *m, const char *directory)
{
    struct input_log *log = calloc(1, sizeof *log);
    if (!log || (mkdir(directory, 0777) && errno != EEXIST)) {
        fprintf(stderr, "datbox run: %s: %s\n", directory, strerror(errno));
        free(log);
        return NULL;
    }
    str_copy(log->directory, directory, sizeof log->directory);
    for (struct device *d = device_next(m, NULL); d; d = device_next(m, d)) {
        struct line *line = line_of_device(m, d->address);
        struct display *display = display_of_device(m, d->address);
        struct seat_log *s = line || display ? calloc(1, sizeof *s) : NULL;
        if (!s)
            continue;
        s->log = log;
        s->next = log->seats;
        log->seats = s;
        if (line)
            line_watch_input(line, line_typed, s);
        else
            display_watch_input(display, record_came, s);
    }
    return log;
}

void input_log_close(struct input_log *log)
{
    while (log && log->seats) {
        struct seat_log *s = log->seats;
        log->seats = s->next;
        end_deck(s);
        free(s);
    }
    free(log);
}
