/* NAMEFIND :tag value ... :tag ... [(options]: looks for the entry of a NAMES file whose tags have
 * these values, and types or stacks the values of the tags that were named without one. */
#include "cms/names/command/lookup.h"

#define MODULE   "NAM"
#define TAGS_MAX 16
#define RC_NONE  32

enum { FILE_NAME, FIFO, LIFO, STACK, TYPE, START, LINENUM, OPTIONS };
static const struct cms_option options[OPTIONS] = {
    [FILE_NAME] = {"FILE", 2, 1}, [FIFO] = {"FIFO", 4}, [LIFO] = {"LIFO", 4},
    [STACK] = {"STACK", 5},       [TYPE] = {"TYPE", 4}, [START] = {"START", 5, 1},
    [LINENUM] = {"LINENUM", 4},
};

struct pair {
    char tag[32];
    char value[CMS_LINE_MAX + 1]; /* empty: it is asked for */
};

/* ":tag value words :tag ..." */
static int parse(char *line, struct pair *pairs)
{
    const char *at = line;
    char word[CMS_LINE_MAX + 1], *paren = strchr(line, '(');
    int count = 0;

    if (paren)
        *paren = 0;
    while (str_word(&at, word, sizeof(word))) {
        if (word[0] == ':') {
            if (count == TAGS_MAX)
                return -1;
            size_t n = strlen(word);
            if (word[n - 1] == '.')
                word[n - 1] = 0;
            str_copy(pairs[count].tag, word + 1, sizeof(pairs[count].tag));
            pairs[count++].value[0] = 0;
        } else if (!count) {
            return -1;
        } else {
            char *value = pairs[count - 1].value;
            size_t n = strlen(value);
            fmt(value + n, CMS_LINE_MAX + 1 - n, n ? " %s" : "%s", word);
        }
    }
    return count;
}

static bool fits(const struct names_entry *e, const struct pair *pairs, int count)
{
    for (int i = 0; i < count; i++)
        if (pairs[i].value[0] && !names_is(e, pairs[i].tag, pairs[i].value))
            return false;
    return true;
}

struct output {
    bool stack, lifo;
};

static void put(const struct output *o, const char *text, size_t length)
{
    if (length > CMS_LINE_MAX)
        length = CMS_LINE_MAX;
    if (o->stack)
        cms_stack(text, length, o->lifo ? STACK_LIFO : STACK_FIFO);
    else
        cms_write(text, length);
}

static int show(const struct names_entry *e, uint32_t line, const struct pair *pairs, int count,
                const struct output *o)
{
    char number[12];
    const char *value = "";
    size_t length;

    if (line)
        put(o, number, fmt(number, sizeof(number), "%u", line));
    for (int i = 0; i < count; i++)
        if (!pairs[i].value[0]) {
            names_tag(e, pairs[i].tag, &value, &length);
            put(o, value, length);
        }
    return RC_OK;
}

int command_main(const struct cms_call *call)
{
    static struct pair pairs[TAGS_MAX];
    static struct names_entry e;
    struct names_file n;
    char line[CMS_LINE_MAX + 1], fn[9];
    const char *found[OPTIONS];
    uint32_t start = 1;
    int rc = cms_parse_options(call, MODULE, options, OPTIONS, found);

    if (rc)
        return rc;
    if (found[START] && (!cms_number(found[START], &start) || !start))
        return cms_bad_operand(MODULE, found[START]);
    cms_arguments(call, 1, line);
    int count = parse(line, pairs);
    if (count <= 0)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "621E NO TAG, OR TOO MANY, SPECIFIED");
    if (found[FILE_NAME])
        str_unpad(fn, found[FILE_NAME], 8);
    if (names_open(&n, found[FILE_NAME] ? fn : NULL))
        return cms_error(RC_NOT_FOUND, "DMS" MODULE "002E FILE '%s NAMES' NOT FOUND",
                         found[FILE_NAME] ? fn : "userid");
    struct output o = {found[STACK] || found[FIFO] || found[LIFO], found[LIFO] != NULL};
    rc = RC_NONE;
    while (rc == RC_NONE && names_next(&n, &e))
        if (n.first >= start && fits(&e, pairs, count))
            rc = show(&e, found[LINENUM] ? n.first : 0, pairs, count, &o);
    names_close(&n);
    return rc;
}
