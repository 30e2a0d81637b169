/* WAKEUP [[+]hh:mm[:ss] | +mm] [(CONS RDR]: waits until a time of the day, or so long; with CONS
 * until a line is typed, too, with RDR until a file is in the reader.  The return code says what
 * came. */
#include "cms/kit/cms.h"

#define MODULE "WAK"

enum { RC_TIME = 2, RC_READER = 4, RC_LINE = 6 };
enum { CONS, RDR, OPTIONS };
static const struct cms_option options[OPTIONS] = {[CONS] = {"CONS", 4}, [RDR] = {"RDR", 3}};

#define DAY 86400u

/* "n", "n:n" or "n:n:n": how many numbers; 0 if it is no time. */
static int numbers(const char *text, uint32_t n[3])
{
    char part[9], *colon;
    int count = 0;

    str_copy(part, text, sizeof(part));
    for (char *at = part;; at = colon + 1) {
        colon = strchr(at, ':');
        if (colon)
            *colon = 0;
        if (count == 3 || !str_decimal(at, &n[count]) || (count && n[count] > 59))
            return 0;
        count++;
        if (!colon)
            return count;
    }
}

/* Seconds to wait. "+5" are minutes; a time that is over is tomorrow's. */
static bool seconds_of(const char *word, uint32_t *seconds)
{
    struct cms_clock now;
    uint32_t n[3] = {0, 0, 0};
    bool from_now = word[0] == '+';
    int count = numbers(word + from_now, n);

    if (!count || (!from_now && (count < 2 || n[0] > 23)) || n[0] > 24 * 60)
        return false;
    *seconds = from_now && count == 1 ? n[0] * 60 : n[0] * 3600 + n[1] * 60 + n[2];
    if (from_now)
        return true;
    cms_clock(&now);
    uint32_t today = now.hour * 3600u + now.minute * 60u + now.second;
    *seconds = *seconds > today ? *seconds - today : *seconds + DAY - today;
    return true;
}

/* Seconds until then; never 0, which would be for ever. */
static uint32_t left(uint32_t from, uint32_t seconds)
{
    struct cms_clock now;

    cms_clock(&now);
    uint32_t gone = (now.hour * 3600u + now.minute * 60u + now.second + DAY - from) % DAY;
    return gone < seconds ? seconds - gone : 1;
}

static int wait(uint32_t seconds, const char *found[])
{
    struct cms_clock begin;
    struct cms_event event;

    cms_clock(&begin);
    uint32_t from = begin.hour * 3600u + begin.minute * 60u + begin.second;
    for (;;) {
        cms_event_within(seconds ? left(from, seconds) : 0, &event);
        if (event.kind == EVENT_TIME)
            return RC_TIME;
        if (event.kind == EVENT_READER && found[RDR])
            return RC_READER;
        /* Without CONS the line is lost: it would end every wait that follows. */
        if (event.kind == EVENT_LINE) {
            char line[CMS_LINE_MAX];
            if (found[CONS])
                return RC_LINE;
            cms_read(line, sizeof(line), READ_TERMINAL);
        }
    }
}

int command_main(const struct cms_call *call)
{
    uint32_t seconds = 0;
    char word[9];
    const char *found[OPTIONS];
    int end = cms_operands_end(call);
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (end > 2)
        return cms_bad_operand(MODULE, call->token[2]);
    if (end > 1) {
        str_unpad(word, call->token[1], 8);
        if (!seconds_of(word, &seconds))
            return cms_bad_operand(MODULE, call->token[1]);
        if (!seconds)
            return RC_TIME;
    } else if (!found[CONS] && !found[RDR]) {
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "650E NOTHING TO WAIT FOR WAS SPECIFIED");
    }
    return wait(seconds, found);
}
