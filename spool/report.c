/* Lines about spool files, and the ID card. */
#include "spool/report.h"

#include "lib/fmt.h"
#include "lib/str.h"

void spool_report_title(char *to, size_t size, bool full, bool by_owner)
{
    fmt(to, size, "%s FILE CLASS RECDS  CPY HOLD%s", by_owner ? "OWNERID " : "ORIGINID",
        full ? " DATE  TIME     NAME         TYPE         DIST" : "");
}

static const char *hold_text(unsigned hold)
{
    if ((hold & SPOOL_HOLD_USER) && (hold & SPOOL_HOLD_SYSTEM))
        return "USYS";
    return hold & SPOOL_HOLD_USER ? "USER" : hold & SPOOL_HOLD_SYSTEM ? "SYS " : "NONE";
}

void spool_report_line(char *to, size_t size, const struct spool_file *f, bool full, bool by_owner)
{
    size_t n = fmt(to, size, "%-8s %04d %c %s %06d %03d %s", by_owner ? f->owner : f->origin,
                   (int)f->id, f->class, spool_kind_name(f->kind), (int)f->records, (int)f->copies,
                   hold_text(f->hold));
    if (full)
        n += fmt(to + n, size - n, " %.5s %s %-12s %-12s %s", f->date, f->time, f->name, f->type,
                 f->dist);
    while (n && to[n - 1] == ' ')
        to[--n] = 0;
}

void spool_report_file(char *to, size_t size, const struct spool_file *f, const char *relation,
                       const char *userid)
{
    fmt(to, size, "%s FILE %04d %s %-8s COPY %03d %s", spool_kind_name(f->kind), (int)f->id,
        relation, userid, (int)f->copies, f->hold ? "HOLD" : "NOHOLD");
}

const char SPOOL_NOT_AN_ID_CARD[] = "NOT AN ID CARD";

static bool is_userid(const char *word)
{
    size_t n = strlen(word);
    for (const char *c = word; *c; c++)
        if (!str_is_alnum(*c) && !strchr("$#@-_", *c))
            return false;
    return n >= 1 && n <= 8;
}

const char *spool_deck_card(struct spool_deck *deck, const char *card)
{
    char word[SPOOL_NAME + 2];
    memset(deck, 0, sizeof *deck);
    deck->class = 'A';
    if (*card == ' ' || !str_word(&card, word, sizeof word) ||
        !(str_equal(word, "USERID") || str_equal(word, "ID")))
        return SPOOL_NOT_AN_ID_CARD;
    if (!str_word(&card, word, sizeof word) || !is_userid(word))
        return "USERID MISSING OR INVALID";
    str_upcase(word, strlen(word));
    str_copy(deck->userid, word, sizeof deck->userid);
    while (str_word(&card, word, sizeof word)) {
        if (str_abbrev(word, "CLASS", 2)) {
            if (!str_word(&card, word, sizeof word) || word[1] || !str_is_alnum(word[0]))
                return "CLASS MISSING OR INVALID";
            deck->class = str_upper(word[0]);
        } else if (str_abbrev(word, "NAME", 2)) {
            if (!str_word(&card, word, sizeof word) || strlen(word) > SPOOL_NAME)
                return "NAME MISSING OR INVALID";
            str_upcase(word, strlen(word));
            str_copy(deck->name, word, sizeof deck->name);
            if (!str_word(&card, word, sizeof word))
                break;
            if (strlen(word) > SPOOL_NAME)
                return "NAME MISSING OR INVALID";
            str_upcase(word, strlen(word));
            str_copy(deck->type, word, sizeof deck->type);
        } else {
            return "INVALID OPTION";
        }
    }
    return NULL;
}
