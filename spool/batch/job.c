/* The cards of a batch job, see job.h. */
#include "spool/batch/job.h"

#include "lib/str.h"

static bool first_word_is(const char *card, const char *word)
{
    char first[9];
    return str_word(&card, first, sizeof first) && str_equal(first, word);
}

enum job_card job_card(const struct job *job, bool in_job, const char *card)
{
    if (first_word_is(card, "/JOB"))
        return CARD_JOB;
    if (!in_job)
        return CARD_IGNORED;
    if (first_word_is(card, "/*"))
        return CARD_END;
    if (job->flushing || !*card || *card == '*')
        return CARD_IGNORED;
    return first_word_is(card, "/SET") ? CARD_SET : CARD_COMMAND;
}

static void take_name(const char **card, char *to, const char *missing)
{
    if (!str_word(card, to, 9))
        str_copy(to, missing, 9);
    str_upcase(to, strlen(to));
}

void job_begin(struct job *job, const char *card)
{
    char word[9];
    memset(job, 0, sizeof *job);
    str_word(&card, word, sizeof word);
    take_name(&card, job->userid, "*NONE*");
    take_name(&card, job->account, "0");
    take_name(&card, job->name, "JOB");
}

bool job_limits_set(struct job_limits *l, const char *words)
{
    struct {
        const char *word;
        uint32_t *limit;
    } limits[] = {{"TIME", &l->seconds}, {"PRINT", &l->lines}, {"PUNCH", &l->cards}};
    char word[9], number[12];
    while (str_word(&words, word, sizeof word)) {
        bool known = false;
        if (!str_word(&words, number, sizeof number))
            return false;
        for (int i = 0; i < 3; i++)
            if (str_equal(word, limits[i].word))
                known = str_decimal(number, limits[i].limit);
        if (!known)
            return false;
    }
    return true;
}

bool job_set(struct job *job, const char *card)
{
    char word[9];
    str_word(&card, word, sizeof word);
    return job_limits_set(&job->limits, card);
}

static void lower(uint32_t *limit, uint32_t most)
{
    if (most && (!*limit || *limit > most))
        *limit = most;
}

void job_limits_lower(struct job_limits *l, const struct job_limits *most)
{
    lower(&l->seconds, most->seconds);
    lower(&l->lines, most->lines);
    lower(&l->cards, most->cards);
}
