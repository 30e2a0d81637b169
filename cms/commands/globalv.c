/* GLOBALV: groups of variables that stay when an EXEC has ended: in storage, for the session (until
 * logoff, in SESSION GLOBALV), or for good (in LASTING GLOBALV).  The program is a nucleus
 * extension from its first call on.  Source: VM/SP CMS Command and Macro Reference, "GLOBALV".
 *
 * In storage a variable is what it is in the files, a record: group (8), length of the name (1), of
 * the value (1), name, value; the newest first wins.  The files are only added to; the first call
 * after IPL reads them and writes LASTING anew. */
#include "cms/kit/cms.h"
#include "cms/kit/scblock.h"

#define MODULE     "GLB"
#define HEAD       10
#define RECORD_MAX (HEAD + 2 * CMS_LINE_MAX)
#define POOL_FIRST 4096

enum level { IN_STORAGE, SESSION, LASTING };

static struct {
    bool begun;
    char group[8]; /* selected */
    uint8_t *pool;
    uint32_t size, used;
} v;

struct variable {
    const uint8_t *record;
    const char *name, *value;
    uint8_t name_length, value_length;
};

static uint32_t record_length(const uint8_t *r)
{
    return HEAD + (uint32_t)r[8] + r[9];
}

static void view(struct variable *x, const uint8_t *r)
{
    x->record = r;
    x->name_length = r[8];
    x->value_length = r[9];
    x->name = (const char *)r + HEAD;
    x->value = x->name + r[8];
}

static bool in_group(const uint8_t *r, const char group[8])
{
    return !memcmp(r, group, 8);
}

static bool find(const char group[8], const char *name, size_t length, struct variable *x)
{
    for (uint32_t at = 0; at < v.used; at += record_length(v.pool + at)) {
        view(x, v.pool + at);
        if (in_group(x->record, group) && x->name_length == length &&
            !memcmp(x->name, name, length))
            return true;
    }
    return false;
}

static void remove_record(const uint8_t *r)
{
    uint32_t at = (uint32_t)(r - v.pool), length = record_length(r);

    memmove(v.pool + at, v.pool + at + length, v.used - at - length);
    v.used -= length;
}

static bool room_for(uint32_t length)
{
    if (v.size - v.used >= length)
        return true;
    uint32_t size = v.size ? v.size * 2 : POOL_FIRST;
    uint8_t *pool = cms_alloc_resident(size);
    if (!pool)
        return false;
    memcpy(pool, v.pool, v.used);
    if (v.size)
        cms_free(v.pool, v.size);
    v.pool = pool;
    v.size = size;
    return true;
}

static int keep(const uint8_t *r)
{
    struct variable old;
    uint32_t length = record_length(r);

    if (find((const char *)r, (const char *)r + HEAD, r[8], &old))
        remove_record(old.record);
    if (!room_for(length))
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    memcpy(v.pool + v.used, r, length);
    v.used += length;
    return RC_OK;
}

/* ---- the files ---- */

static void file_of(struct cms_fileid *id, enum level level)
{
    cms_fileid(id, level == SESSION ? "SESSION" : "LASTING", "GLOBALV", "A1");
}

static int append(enum level level, const uint8_t *r)
{
    struct cms_fileid id;
    struct fscb f;

    if (level == IN_STORAGE)
        return RC_OK;
    file_of(&id, level);
    int rc = cms_can_write(MODULE, 'A');
    if (rc)
        return rc;
    cms_file(&f, &id);
    rc = cms_file_write(&f, r, record_length(r), 'V');
    int closed = cms_file_close(&f);
    if (rc || closed)
        return cms_file_error(MODULE, &f, rc ? rc : closed, true);
    return RC_OK;
}

static int read_file(enum level level)
{
    struct cms_fileid id;
    struct cms_fileinfo info;
    struct fscb f;
    uint8_t record[RECORD_MAX];
    int rc = RC_OK;

    file_of(&id, level);
    if (cms_state(&id, &info))
        return RC_OK;
    cms_file(&f, &info.id);
    while (!rc && cms_file_read(&f, record, sizeof(record)) == 0)
        if (f.nord >= HEAD && f.nord == record_length(record) && record[8])
            rc = keep(record);
    cms_file_close(&f);
    return rc;
}

/* LASTING has grown by every change: once for each variable is enough. */
static int condense(void)
{
    struct cms_fileid work, id;
    struct cms_fileinfo info;
    struct fscb f;
    int rc = RC_OK;

    file_of(&id, LASTING);
    if (cms_state(&id, &info) || info.read_only)
        return RC_OK;
    cms_fileid(&work, "LASTING", "CMSUT1", "A1");
    cms_file_erase(&work);
    cms_file(&f, &work);
    for (uint32_t at = 0; at < v.used && !rc; at += record_length(v.pool + at))
        rc = cms_file_write(&f, v.pool + at, record_length(v.pool + at), 'V');
    int closed = cms_file_close(&f);
    if (rc || closed)
        return cms_file_error(MODULE, &f, rc ? rc : closed, true);
    rc = v.used ? cms_replace_file(&work, &id) : RC_OK;
    return rc ? cms_file_error(MODULE, &f, rc, true) : RC_OK;
}

/* ---- sessions ----
 * SESSION GLOBALV belongs to one logon: its first record says when that was, in seconds.  Without
 * CP every IPL begins a session. */

static uint32_t seconds_of(const char *hhmmss)
{
    uint32_t s = 0;

    for (int i = 0; i < 8; i += 3)
        s = s * 60 + (uint32_t)(hhmmss[i] - '0') * 10 + (uint32_t)(hhmmss[i + 1] - '0');
    return s;
}

/* Seconds of the day at logon, and the day: now, less the time connected; 0 without CP. */
static uint32_t logon_time(void)
{
    struct cms_clock now;
    char answer[256];
    size_t length;

    cms_clock(&now);
    uint32_t time = ((uint32_t)now.month * 31 + now.day) * 86400 + seconds_of(now.time);
    memset(answer, 0, sizeof(answer));
    if (cms_cp("QUERY TIME", 10, answer, sizeof(answer) - 1, &length))
        return 0;
    const char *connect = strchr(answer, '=');
    return connect && connect + 10 < answer + sizeof(answer) ? time - seconds_of(connect + 2) : 0;
}

static const char stamp_group[8] = {' ', 'L', 'O', 'G', 'O', 'N', ' ', ' '};

static int begin_session(void)
{
    struct variable stamp;
    struct cms_fileid id;
    char text[12];
    uint32_t then, now = logon_time();
    uint8_t record[HEAD + 16];

    int rc = read_file(SESSION);
    if (rc)
        return rc;
    bool same = false;
    if (now && find(stamp_group, "TIME", 4, &stamp)) {
        memcpy(text, stamp.value, stamp.value_length < 11 ? stamp.value_length : 11);
        text[stamp.value_length < 11 ? stamp.value_length : 11] = 0;
        same = str_decimal(text, &then) && now - then + 2 <= 4;
    }
    if (same) {
        remove_record(stamp.record);
        return RC_OK;
    }
    v.used = 0;
    file_of(&id, SESSION);
    struct cms_disk a;
    if (cms_disk('A', &a) || a.read_only)
        return RC_OK;
    cms_file_erase(&id);
    memcpy(record, stamp_group, 8);
    record[8] = 4;
    record[9] = (uint8_t)fmt(text, sizeof(text), "%u", now);
    memcpy(record + HEAD, "TIME", 4);
    memcpy(record + HEAD + 4, text, record[9]);
    return append(SESSION, record);
}

static int begin(void)
{
    if (v.begun)
        return RC_OK;
    memcpy(v.group, "UNNAMED ", 8);
    /* The session's variables first, to know whether they still count; then those that last, which
     * the session's hide. */
    int rc = begin_session();
    uint32_t session = v.used;
    uint8_t *copy = session ? cms_alloc(session) : NULL;
    if (copy)
        memcpy(copy, v.pool, session);
    v.used = 0;
    if (!rc)
        rc = read_file(LASTING);
    if (!rc)
        rc = condense();
    for (uint32_t at = 0; copy && !rc && at < session; at += record_length(copy + at))
        rc = keep(copy + at);
    v.begun = !rc;
    return rc;
}

/* ---- functions ---- */

static int set(enum level level, const char *name, const char *value, size_t value_length)
{
    uint8_t record[RECORD_MAX];
    size_t n = strlen(name);

    memcpy(record, v.group, 8);
    record[8] = (uint8_t)n;
    record[9] = (uint8_t)value_length;
    memcpy(record + HEAD, name, n);
    memcpy(record + HEAD + n, value, value_length);
    int rc = keep(record);
    return rc ? rc : append(level, record);
}

/* name value [name value ...] */
static int do_set(enum level level, const char *at)
{
    char name[CMS_LINE_MAX + 1], value[CMS_LINE_MAX + 1];
    int rc = RC_OK;

    while (!rc && str_word(&at, name, sizeof(name))) {
        str_upcase(name, strlen(name));
        value[0] = 0;
        str_word(&at, value, sizeof(value));
        rc = set(level, name, value, strlen(value));
    }
    return rc;
}

/* name value, with the blanks in it */
static int do_setl(enum level level, const char *at)
{
    char name[CMS_LINE_MAX + 1];

    if (!str_word(&at, name, sizeof(name)))
        return RC_OK;
    str_upcase(name, strlen(name));
    return set(level, name, at, strlen(at));
}

static int no_exec(void)
{
    return cms_error(RC_FAILED, "DMS" MODULE "631E PUT AND GET MUST BE INVOKED FROM AN EXEC");
}

static int do_put(enum level level, const char *at)
{
    char name[CMS_LINE_MAX + 1], value[CMS_LINE_MAX];
    size_t length;
    int rc = RC_OK;

    while (!rc && str_word(&at, name, sizeof(name))) {
        str_upcase(name, strlen(name));
        if (cms_variable_get(name, strlen(name), value, sizeof(value), &length) < 0)
            return no_exec();
        rc = set(level, name, value, length);
    }
    return rc;
}

static int do_get(enum level level, const char *at)
{
    char name[CMS_LINE_MAX + 1];
    struct variable x;

    while (str_word(&at, name, sizeof(name))) {
        str_upcase(name, strlen(name));
        bool known = find(v.group, name, strlen(name), &x);
        if (cms_variable_set(name, strlen(name), known ? x.value : "", known ? x.value_length : 0) <
            0)
            return no_exec();
    }
    return RC_OK;
}

static void list_one(const char *name, size_t length, const struct variable *x)
{
    cms_printf(" %.*s=%.*s", (int)length, name, x ? x->value_length : 0, x ? x->value : "");
}

static int do_list(enum level level, const char *at)
{
    char name[CMS_LINE_MAX + 1];
    struct variable x;
    bool all = !*at;

    cms_printf("SELECTED TABLE IS: %.8s", v.group);
    while (str_word(&at, name, sizeof(name))) {
        str_upcase(name, strlen(name));
        list_one(name, strlen(name), find(v.group, name, strlen(name), &x) ? &x : NULL);
    }
    for (uint32_t i = 0; all && i < v.used; i += record_length(v.pool + i)) {
        view(&x, v.pool + i);
        if (in_group(x.record, v.group))
            list_one(x.name, x.name_length, &x);
    }
    return RC_OK;
}

/* The values, the first name's to be read first. */
static int do_stack(enum level level, const char *at)
{
    char name[CMS_LINE_MAX + 1];
    struct variable x;

    while (str_word(&at, name, sizeof(name))) {
        str_upcase(name, strlen(name));
        bool known = find(v.group, name, strlen(name), &x);
        int rc = cms_stack(known ? x.value : "", known ? x.value_length : 0, STACK_LIFO);
        if (rc)
            return rc;
    }
    return RC_OK;
}

/* Each group once: where its first variable is. */
static int groups(bool stack)
{
    for (uint32_t i = 0; i < v.used; i += record_length(v.pool + i)) {
        const char *group = (const char *)v.pool + i;
        bool before = false;
        for (uint32_t k = 0; k < i && !before; k += record_length(v.pool + k))
            before = in_group(v.pool + k, group);
        if (before)
            continue;
        if (stack)
            cms_stack(group, 8, STACK_FIFO);
        else
            cms_printf(" %.8s", group);
    }
    return RC_OK;
}

static int do_grplist(enum level level, const char *at)
{
    cms_printf("GLOBAL GROUPS DEFINED ARE:");
    return groups(false);
}

static int do_grpstack(enum level level, const char *at)
{
    return groups(true);
}

static int do_purge(enum level level, const char *at)
{
    v.used = 0;
    return RC_OK;
}

static int do_init(enum level level, const char *at)
{
    return RC_OK; /* reading the files has been done */
}

static const struct function {
    const char *name;
    uint8_t level;
    bool anywhere; /* not behind SELECT group */
    int (*run)(enum level level, const char *at);
} functions[] = {
    {"SET", IN_STORAGE, false, do_set},
    {"SETS", SESSION, false, do_set},
    {"SETP", LASTING, false, do_set},
    {"SETL", IN_STORAGE, false, do_setl},
    {"SETSL", SESSION, false, do_setl},
    {"SETPL", LASTING, false, do_setl},
    {"PUT", IN_STORAGE, false, do_put},
    {"PUTS", SESSION, false, do_put},
    {"PUTP", LASTING, false, do_put},
    {"GET", IN_STORAGE, false, do_get},
    {"LIST", IN_STORAGE, false, do_list},
    {"STACK", IN_STORAGE, false, do_stack},
    {"INIT", IN_STORAGE, true, do_init},
    {"GRPLIST", IN_STORAGE, true, do_grplist},
    {"GRPSTACK", IN_STORAGE, true, do_grpstack},
    {"PURGE", IN_STORAGE, true, do_purge},
};

static const struct function *function(const char *word)
{
    for (unsigned i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (str_equal(word, functions[i].name))
            return &functions[i];
    return NULL;
}

static void erase_group(void)
{
    for (uint32_t i = 0; i < v.used;)
        if (in_group(v.pool + i, v.group))
            remove_record(v.pool + i);
        else
            i += record_length(v.pool + i);
}

/* SELECT [group] [function ...]: a group given with a function counts for that only. */
static int do_select(const char *at)
{
    char word[CMS_LINE_MAX + 1] = "UNNAMED", group[8];

    memcpy(group, v.group, 8);
    str_word(&at, word, sizeof(word));
    str_pad(v.group, word, 8);
    str_upcase(v.group, 8);
    if (!str_word(&at, word, sizeof(word)))
        return RC_OK;
    int rc = RC_OK;
    const struct function *f = function(word);
    if (str_equal(word, "PURGE"))
        erase_group();
    else if (f && !f->anywhere)
        rc = f->run((enum level)f->level, at);
    else
        rc = cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E INVALID FUNCTION '%s'", word);
    memcpy(v.group, group, 8);
    return rc;
}

int command_main(const struct cms_call *call)
{
    char line[CMS_LINE_MAX + 1], word[CMS_LINE_MAX + 1];
    const char *at = line;
    int rc = RC_OK;

    if (!cms_stay("GLOBALV", call, &rc))
        return rc;
    rc = begin();
    if (rc)
        return rc;
    cms_arguments(call, 1, line);
    if (!str_word(&at, word, sizeof(word)))
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E NO FUNCTION SPECIFIED");
    if (str_equal(word, "SELECT"))
        return do_select(at);
    const struct function *f = function(word);
    if (!f)
        return cms_error(RC_BAD_OPERAND, "DMS" MODULE "047E INVALID FUNCTION '%s'", word);
    return f->run((enum level)f->level, at);
}
