/* Accounting records: by DIAGNOSE 4C, for each file that is sent, received or printed.  CP puts
 * RSCS's userid in front (columns 1 to 8) and C0 behind (79, 80). */
#include "spool/cms/rscs/rscs.h"

struct record {
    char user[8], node[8];       /* 9: who has sent it, and where from */
    char to_node[8], to_user[8]; /* 25 */
    char link[8];                /* 41 */
    char number[4];              /* 49: at its origin */
    char records[8];             /* 53 */
    char class, kind;            /* 61, 62: enum account_kind */
    char stamp[12];              /* 63: mmddyyhhmmss */
    char priority[2];            /* 75 */
    char unused[2];
};
_Static_assert(sizeof(struct record) == 70, "columns 9 to 78");

/* As digits, without the zero behind them. */
static void put_number(char *to, unsigned size, uint32_t value)
{
    char text[12];
    size_t n = fmt(text, sizeof text, "%08u", value);
    memcpy(to, text + n - size, size);
}

void account_file(const struct circuit *c, const struct rscs_file *f, enum account_kind kind)
{
    struct record record;
    struct cms_clock clock;
    char stamp[13];
    cms_clock(&clock);
    memset(&record, ' ', sizeof record);
    str_pad(record.user, f->from_user, 8);
    str_pad(record.node, f->from_node, 8);
    str_pad(record.to_node, f->to_node, 8);
    str_pad(record.to_user, f->to_user, 8);
    str_pad(record.link, line_config(c)->name, 8);
    put_number(record.number, 4, f->number);
    put_number(record.records, 8, f->records);
    record.class = f->class;
    record.kind = (char)kind;
    fmt(stamp, sizeof stamp, "%02u%02u%02u%02u%02u%02u", clock.month, clock.day, clock.year % 100,
        clock.hour, clock.minute, clock.second);
    memcpy(record.stamp, stamp, sizeof record.stamp);
    put_number(record.priority, 2, f->priority);
    cms_account(&record, sizeof record);
}
