/* Files in the network: TAGs and headers. */
#include "spool/rscs/file.h"

#include "lib/fmt.h"
#include "lib/str.h"

void rscs_file_key(char *to, const struct rscs_file *f)
{
    fmt(to, RSCS_KEY, "%s %04X %08X%08X", f->from_node, (unsigned)f->number,
        (unsigned)(f->entered >> 32), (unsigned)f->entered);
}

static bool take_word(const char **at, char *to, size_t size)
{
    char word[20];
    if (!str_word(at, word, sizeof word) || strlen(word) >= size)
        return false;
    str_copy(to, word, size);
    str_upcase(to, strlen(to));
    return true;
}

/* "node user number time", which is what tells files apart. */
static bool take_key(struct rscs_file *f, const char *at)
{
    char number[8], time[17], low[9];
    uint32_t value, high;
    if (!take_word(&at, f->from_node, 9) || !take_word(&at, f->from_user, 9) ||
        !take_word(&at, number, sizeof number) || !take_word(&at, time, sizeof time) ||
        strlen(time) != 16 || !str_hex(number, &value))
        return false;
    f->number = (uint16_t)value;
    str_copy(low, time + 8, sizeof low);
    time[8] = 0;
    if (!str_hex(time, &high) || !str_hex(low, &value))
        return false;
    f->entered = (uint64_t)high << 32 | value;
    return true;
}

/* In front of the ">" is what is behind the "<" otherwise. */
static void turn_round(struct rscs_file *f)
{
    struct rscs_file g = *f;
    memcpy(f->to_node, g.from_node, sizeof f->to_node);
    memcpy(f->to_user, g.from_user, sizeof f->to_user);
    memcpy(f->from_node, g.to_node, sizeof f->from_node);
    memcpy(f->from_user, g.to_user, sizeof f->from_user);
    f->arrived = !f->arrived;
}

bool rscs_tag_get(struct rscs_file *f, const char *tag, bool transit)
{
    const char *at = tag, *origin = strchr(tag, '<'), *end = strchr(tag, '>');
    char word[9];
    uint32_t priority;
    f->priority = RSCS_PRIORITY;
    f->transit = transit;
    f->arrived = false;
    if (!take_word(&at, f->to_node, sizeof f->to_node))
        return false;
    if (!take_word(&at, f->to_user, sizeof f->to_user))
        str_copy(f->to_user, "SYSTEM", sizeof f->to_user);
    if (take_word(&at, word, sizeof word) && str_decimal(word, &priority) &&
        priority <= RSCS_PRIORITY_MOST)
        f->priority = (uint16_t)priority;
    if (!transit)
        return true;
    if (!(origin && take_key(f, origin + 1)) && !(end && take_key(f, end + 1)))
        return false;
    if (!origin)
        turn_round(f);
    return true;
}

void rscs_tag_put(char *to, const struct rscs_file *file)
{
    struct rscs_file f = *file;
    const char *way = f.arrived ? ">" : "<";
    if (f.arrived)
        turn_round(&f);
    fmt(to, NJE_TAG + 1, "%s %s %u %s %s %s %04X %08X%08X", f.to_node, f.to_user,
        (unsigned)f.priority, way, f.from_node, f.from_user, (unsigned)f.number,
        (unsigned)(f.entered >> 32), (unsigned)f.entered);
}

bool rscs_is_job(const struct rscs_file *f)
{
    return !f->print && !strcmp(f->to_user, RSCS_JOB);
}

void rscs_headers_put(const struct rscs_file *f, struct nje_job *job, struct nje_data_set *d)
{
    memset(job, 0, sizeof *job);
    job->id = f->number;
    job->class = rscs_is_job(f) ? f->class : 'A';
    job->message_class = 'A';
    job->flags = NJE_JOB_ID_SET;
    job->priority = (uint8_t)((RSCS_PRIORITY_MOST - f->priority) * 16 / 100);
    job->qualifier = job->copies = 1;
    job->entered = f->entered;
    str_copy(job->name, f->name[0] ? f->name : f->from_user, sizeof job->name);
    str_copy(job->user, f->from_user, sizeof job->user);
    str_copy(job->origin_node, f->from_node, sizeof job->origin_node);
    str_copy(job->origin_user, f->from_user, sizeof job->origin_user);
    str_copy(job->execution_node, f->to_node, sizeof job->execution_node);
    /* A job's output goes home. */
    const char *node = rscs_is_job(f) ? f->from_node : f->to_node;
    const char *user = rscs_is_job(f) ? f->from_user : f->to_user;
    str_copy(job->print_node, node, sizeof job->print_node);
    str_copy(job->print_user, user, sizeof job->print_user);
    str_copy(job->punch_node, node, sizeof job->punch_node);
    str_copy(job->punch_user, user, sizeof job->punch_user);
    job->records = f->records;
    memset(d, 0, sizeof *d);
    str_copy(d->node, f->to_node, sizeof d->node);
    str_copy(d->user, f->to_user, sizeof d->user);
    d->number = 1;
    d->class = d->rscs_class = f->class;
    d->records = f->records;
    d->flags = f->print ? 0 : NJE_DATA_SET_PUNCH;
    d->output = f->print ? NJE_OUTPUT_PRINT : NJE_OUTPUT_PUNCH;
    d->lrecl = f->print ? 132 : 80;
    d->copies = f->copies;
    d->has_rscs = true;
    d->device = f->print ? NJE_DEVICE_PRINTER : NJE_DEVICE_PUNCH;
    str_copy(d->distribution, f->distribution, sizeof d->distribution);
    str_copy(d->file_name, f->name, sizeof d->file_name);
    str_copy(d->file_type, f->type, sizeof d->file_type);
    d->priority = f->priority;
    d->version = d->release = 1;
}

/* What the job header says of where it comes from. */
static void get_origin(struct rscs_file *f, const struct nje_job *job)
{
    str_copy(f->from_node, job->origin_node, sizeof f->from_node);
    str_copy(f->from_user, job->origin_user[0] ? job->origin_user : "SYSTEM", sizeof f->from_user);
    f->entered = job->entered;
}

bool rscs_job_get(struct rscs_file *f, const struct nje_job *job)
{
    memset(f, 0, sizeof *f);
    get_origin(f, job);
    f->class = str_is_alnum(job->class) ? job->class : 'A';
    f->copies = 1;
    f->priority = RSCS_PRIORITY;
    f->records = job->records;
    f->number = job->id;
    str_copy(f->name, job->name, sizeof f->name);
    str_copy(f->type, RSCS_JOB, sizeof f->type);
    str_copy(f->to_node, job->execution_node, sizeof f->to_node);
    str_copy(f->to_user, RSCS_JOB, sizeof f->to_user);
    return f->to_node[0] && f->from_node[0];
}

bool rscs_headers_get(struct rscs_file *f, const struct nje_job *job, const struct nje_data_set *d)
{
    memset(f, 0, sizeof *f);
    f->print = !((d->output & NJE_OUTPUT_PUNCH) || (d->flags & NJE_DATA_SET_PUNCH));
    f->class = str_is_alnum(d->class) ? d->class : 'A';
    f->copies = d->copies ? d->copies : 1;
    f->priority = d->has_rscs ? d->priority : RSCS_PRIORITY;
    if (f->priority > RSCS_PRIORITY_MOST)
        f->priority = RSCS_PRIORITY_MOST;
    f->records = d->records;
    str_copy(f->name, d->has_rscs ? d->file_name : job->name, sizeof f->name);
    str_copy(f->type, d->has_rscs ? d->file_type : "OUTPUT", sizeof f->type);
    if (f->name[0] && !f->type[0]) /* CP wants both */
        str_copy(f->type, "OUTPUT", sizeof f->type);
    str_copy(f->distribution, d->distribution, sizeof f->distribution);
    str_copy(f->to_node, d->node, sizeof f->to_node);
    str_copy(f->to_user, d->user[0] ? d->user : "SYSTEM", sizeof f->to_user);
    get_origin(f, job);
    /* The data sets of a job are files of their own. */
    f->number = (uint16_t)(job->id + (d->number > 1 ? (d->number - 1) << 12 : 0));
    return f->to_node[0] && f->from_node[0];
}
