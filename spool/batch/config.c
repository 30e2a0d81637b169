/* BATCH CONFIG, see config.h. */
#include "spool/batch/config.h"

#include "lib/str.h"

static const char names[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* A class's number; -1: it is none. */
static int class_number(char class)
{
    const char *at = class ? strchr(names, str_upper(class)) : NULL;
    return at ? (int)(at - names) : -1;
}

static const char *take_machine(struct batch_config *c, const char *line)
{
    struct batch_config_machine m = {.standby = false};
    char word[BATCH_CLASSES + 2];
    if (!str_word(&line, word, sizeof word) || strlen(word) > 8)
        return "MACHINE wants a userid";
    str_upcase(word, strlen(word));
    str_copy(m.user, word, sizeof m.user);
    if (batch_find_machine(c, m.user) >= 0)
        return "this machine is there already";
    if (c->machine_count == BATCH_MACHINES)
        return "there are too many machines";
    while (str_word(&line, word, sizeof word)) {
        if (str_equal(word, "STANDBY")) {
            m.standby = true;
            continue;
        }
        if (!str_equal(word, "CLASSES") || !str_word(&line, word, sizeof word) ||
            strlen(word) > BATCH_CLASSES)
            return "behind a machine come CLASSES and their letters, or STANDBY";
        for (const char *class = word; *class; class ++)
            if (class_number(*class) < 0)
                return "a class is a letter or a digit";
        str_upcase(word, strlen(word));
        str_copy(m.classes, word, sizeof m.classes);
    }
    c->machines[c->machine_count++] = m;
    return NULL;
}

static const char *take_class(struct batch_config *c, const char *line)
{
    char word[3];
    int number = -1;
    if (str_word(&line, word, sizeof word) && !word[1])
        number = class_number(word[0]);
    if (number < 0)
        return "a class is a letter or a digit";
    return job_limits_set(&c->limits[number], line)
               ? NULL
               : "behind a class come TIME, PRINT or PUNCH and numbers";
}

const char *batch_configure(struct batch_config *c, const char *line)
{
    char word[9];
    if (*line == '*' || !str_word(&line, word, sizeof word))
        return NULL;
    if (str_equal(word, "MACHINE"))
        return take_machine(c, line);
    if (str_equal(word, "CLASS"))
        return take_class(c, line);
    return "a statement is MACHINE or CLASS";
}

int batch_find_machine(const struct batch_config *c, const char *user)
{
    for (unsigned i = 0; i < c->machine_count; i++)
        if (str_equal(c->machines[i].user, user))
            return (int)i;
    return -1;
}

bool batch_machine_takes_class(const struct batch_config_machine *m, char class)
{
    return !m->classes[0] || (class && strchr(m->classes, class));
}

struct job_limits batch_class_limits(const struct batch_config *c, char class)
{
    int number = class_number(class);
    return number < 0 ? (struct job_limits){.seconds = 0} : c->limits[number];
}
