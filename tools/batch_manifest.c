/* The manifest of `datbox batch`: which decks, and when. */
#include "tools/batch.h"

#include "lib/str.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_SECOND UINT64_C(1000000000)
#define SECONDS_MOST  (366u * 86400u)

/* Seconds with up to nine digits behind the point. */
static bool parse_seconds(const char *word, uint64_t *ns)
{
    char whole[16];
    uint32_t seconds;
    uint64_t part = NS_PER_SECOND;
    size_t n = strcspn(word, ".");
    if (n >= sizeof whole)
        return false;
    memcpy(whole, word, n);
    whole[n] = 0;
    if (!str_decimal(whole, &seconds) || seconds > SECONDS_MOST)
        return false;
    *ns = seconds * NS_PER_SECOND;
    if (!word[n])
        return true;
    for (const char *c = word + n + 1; *c; c++) {
        part /= 10;
        if (*c < '0' || *c > '9' || !part)
            return false;
        *ns += (uint64_t)(*c - '0') * part;
    }
    return true;
}

const char *batch_deck_option(struct batch_deck *deck, const char *word)
{
    if (!strncmp(word, "class=", 6)) {
        deck->class = str_upper(word[6]);
        return str_is_alnum(word[6]) && !word[7] ? NULL : "a class is a letter or a digit";
    }
    if (!strncmp(word, "priority=", 9))
        return str_decimal(word + 9, &deck->priority) && deck->priority <= 99
                   ? NULL
                   : "a priority is 0 to 99";
    if (!strncmp(word, "at=", 3))
        return parse_seconds(word + 3, &deck->arrival) ? NULL : "a time is in seconds, as at=1.5";
    return "only class=X, priority=N and at=SECONDS may follow a deck";
}

/* One line; NULL or what is wrong with it. */
static const char *take_line(const char *folder, char *line, batch_take_deck *take, void *context,
                             bool *stopped)
{
    static const char blanks[] = " \t\r";
    struct batch_deck deck = {.class = 'A'};
    char path[PATH_MAX], *rest = NULL;
    char *name = strtok_r(line, blanks, &rest), *word;
    if (!name || *name == '#')
        return NULL;
    while ((word = strtok_r(NULL, blanks, &rest))) {
        const char *wrong = batch_deck_option(&deck, word);
        if (wrong)
            return wrong;
    }
    int n = snprintf(path, sizeof path, "%s%s", *name == '/' ? "" : folder, name);
    if (n < 0 || (size_t)n >= sizeof path)
        return "the deck's path is too long";
    *stopped = !take(context, path, &deck);
    return NULL;
}

bool batch_manifest(const char *path, char *text, batch_take_deck *take, void *context,
                    char *message, size_t size)
{
    char folder[PATH_MAX] = "", *line, *rest = text;
    const char *slash = strrchr(path, '/');
    bool stopped = false;
    if (slash)
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path + 1), path);
    *message = 0;
    for (unsigned number = 1; !stopped && (line = strsep(&rest, "\n")); number++) {
        const char *wrong = take_line(folder, line, take, context, &stopped);
        if (wrong) {
            snprintf(message, size, "%s: line %u: %s", path, number, wrong);
            return false;
        }
    }
    return !stopped;
}
