/* Scripts: reading them, and the commands that wait. */
#include "s370/operator/script.h"

#include "lib/list.h"
#include "lib/str.h"

#include <errno.h>
#include <stdlib.h>
#include <uv.h>

#define NS_PER_SECOND      UINT64_C(1000000000)
#define LAST_WORDS_SECONDS 1 /* expected of a CPU that has stopped */

static void go(struct machine *m, struct event *event);
static void timed_out(struct machine *m, struct event *event);
static void host_timed_out(uv_timer_t *timer);

struct script *script_of(struct oper *o)
{
    if (o->script)
        return o->script;
    struct script *s = calloc(1, sizeof *s);
    uv_timer_t *timer = malloc(sizeof *timer);
    if (!s || !timer)
        abort();
    s->o = o;
    s->go.happen = go;
    s->timeout.happen = timed_out;
    uv_timer_init(o->m->loop, timer);
    timer->data = s;
    s->host_timeout = timer;
    return o->script = s;
}

static void free_timer(uv_handle_t *handle)
{
    free(handle);
}

static void pop(struct script *s)
{
    struct script_frame *frame = &s->frames[--s->depth];
    free(frame->name);
    free(frame->text);
}

void script_destroy(struct oper *o)
{
    struct script *s = o->script;
    if (!s)
        return;
    while (s->depth)
        pop(s);
    event_cancel(&o->m->events, &s->go);
    event_cancel(&o->m->events, &s->timeout);
    script_lines_free(s);
    uv_close((uv_handle_t *)s->host_timeout, free_timer);
    free(s);
    o->script = NULL;
}

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return NULL;
    size_t size = 1 << 20;
    char *text = malloc(size);
    size_t n = text ? fread(text, 1, size - 1, f) : 0;
    int error = !text ? ENOMEM : ferror(f) ? errno : fgetc(f) != EOF ? EFBIG : 0;
    fclose(f);
    if (!error) {
        text[n] = 0;
        return text;
    }
    free(text);
    errno = error;
    return NULL;
}

bool operator_run_script(struct oper *o, const char *path, bool ends_machine)
{
    struct script *s = script_of(o);
    if (s->depth == SCRIPT_DEPTH)
        return operator_error(o, "script %s: scripts call each other too deeply", path);
    char *text = read_text(path);
    if (!text)
        return operator_error(o, "script %s: %s", path, strerror(errno));
    if (s->depth == 0)
        s->ends_machine = ends_machine;
    s->frames[s->depth++] = (struct script_frame){strdup(path), text, text, 0};
    script_tap_all(s);
    script_resume(s);
    return true;
}

/* --- going on --- */

void script_resume(struct script *s)
{
    s->wait = SCRIPT_GOES;
    event_cancel(&s->o->m->events, &s->timeout);
    uv_timer_stop(s->host_timeout);
    event_schedule(&s->o->m->events, &s->go, machine_now(s->o->m));
}

bool script_again(struct oper *o)
{
    struct script *s = o->script;
    if (!script_executes(o) || ++s->tries > TRIES)
        return false;
    return s->again = true;
}

bool script_executes(const struct oper *o)
{
    return o->script && o->script->depth && o->script->wait == SCRIPT_GOES;
}

static void fail(struct script *s)
{
    while (s->depth)
        pop(s);
    event_cancel(&s->o->m->events, &s->timeout);
    uv_timer_stop(s->host_timeout);
    s->wait = SCRIPT_GOES;
    s->kept_line = NULL;
    if (s->ends_machine)
        machine_quit(s->o->m, 1);
    else
        machine_message(s->o->m, "the script ends here");
}

/* Takes the next line out of the innermost script; NULL at its end. */
static char *next_line(struct script_frame *frame)
{
    char *line = frame->at;
    if (!*line)
        return NULL;
    size_t length = strcspn(line, "\n");
    frame->at += length + (line[length] == '\n');
    line[length] = 0;
    if (length && line[length - 1] == '\r')
        line[length - 1] = 0;
    frame->line++;
    return line + strspn(line, " \t");
}

static void go(struct machine *m, struct event *event)
{
    struct script *s = LIST_ENTRY(event, struct script, go);
    while (s->depth && s->wait == SCRIPT_GOES && !m->quit) {
        struct script_frame *frame = &s->frames[s->depth - 1];
        char *line = s->kept_line ? s->kept_line : next_line(frame);
        s->kept_line = NULL;
        if (!line) {
            pop(s);
            if (s->depth == 0 && s->ends_machine)
                machine_quit(m, 0);
            continue;
        }
        if (!*line || *line == '#')
            continue;
        s->again = false;
        bool good = operator_command(s->o, line);
        if (good && s->again) {
            s->kept_line = line;
            event_schedule(&m->events, event, machine_now(m) + TRY_NS);
            return;
        }
        s->tries = 0;
        if (!good) {
            machine_message(m, "%s:%u: the command failed: %s", frame->name, frame->line, line);
            fail(s);
            return;
        }
    }
}

/* --- waiting --- */

static void wait_for(struct script *s, enum script_wait what, bool limited, uint32_t seconds)
{
    struct machine *m = s->o->m;
    s->wait = what;
    s->seconds = seconds;
    if (limited)
        event_schedule(&m->events, &s->timeout, machine_now(m) + seconds * NS_PER_SECOND);
    /* The virtual clock may be far slower than the host's: nobody waits for ever. */
    if (m->clock == CLOCK_VIRTUAL)
        uv_timer_start(s->host_timeout, host_timed_out, HOST_SECONDS * 1000, 0);
}

static void not_printed(struct script *s, const char *when)
{
    const struct script_frame *frame = &s->frames[s->depth - 1];
    machine_message(s->o->m,
                    "%s:%u: expected \"%s\" from %03X, but %s; since the last expect it printed:",
                    frame->name, frame->line, s->expect, s->expect_line->device, when);
    script_line_show(s->expect_line);
    if (cpu_get_state(s->o->m->cpu) != CPU_RUNNING && cpu_get_state(s->o->m->cpu) != CPU_WAIT)
        operator_show_stop(s->o);
    fail(s);
}

static void timed_out(struct machine *m, struct event *event)
{
    struct script *s = LIST_ENTRY(event, struct script, timeout);
    char when[64];
    if (s->wait == SCRIPT_WAITS_EXPECT) {
        enum cpu_state state = cpu_get_state(m->cpu);
        if (state == CPU_RUNNING || state == CPU_WAIT)
            snprintf(when, sizeof when, "%u seconds of machine time passed", s->seconds);
        else
            snprintf(when, sizeof when, "the CPU is stopped");
        not_printed(s, when);
    } else {
        uint64_t psw = cpu_psw(m->cpu);
        machine_message(m, "not stopped: PSW=%08X %08X after %llu instructions",
                        (uint32_t)(psw >> 32), (uint32_t)psw,
                        (unsigned long long)cpu_instructions(m->cpu));
        script_resume(s);
    }
}

static void host_timed_out(uv_timer_t *timer)
{
    struct script *s = timer->data;
    if (s->depth == 0)
        return;
    if (s->wait == SCRIPT_WAITS_EXPECT) {
        not_printed(s, "the host's time limit is over");
        return;
    }
    machine_message(s->o->m, "%s:%u: the host's time limit is over", s->frames[s->depth - 1].name,
                    s->frames[s->depth - 1].line);
    fail(s);
}

bool script_state_changed(struct oper *o, enum cpu_state state)
{
    struct script *s = o->script;
    if (!s || state == CPU_RUNNING || o->m->loading)
        return false;
    /* A stopped CPU prints no more than what its devices are still busy with. */
    if (s->wait == SCRIPT_WAITS_EXPECT && s->seconds > LAST_WORDS_SECONDS) {
        s->seconds = LAST_WORDS_SECONDS;
        event_schedule(&o->m->events, &s->timeout,
                       machine_now(o->m) + LAST_WORDS_SECONDS * NS_PER_SECOND);
    }
    if (s->wait != SCRIPT_WAITS_STOP)
        return false;
    operator_show_stop(o);
    script_resume(s);
    return true;
}

bool command_wait(struct oper *o, int argc, char **argv)
{
    struct script *s = script_of(o);
    enum cpu_state state = cpu_get_state(o->m->cpu);
    uint32_t seconds = 0;
    if (!s->depth)
        return operator_error(o, "wait is for scripts");
    if (argc > 2 || (argc == 2 && !str_decimal(argv[1], &seconds)))
        return operator_error(o, "wait wants a number of seconds, or nothing");
    if ((state == CPU_STOPPED || state == CPU_DISABLED_WAIT) && !o->m->loading) {
        operator_show_stop(o);
        return true;
    }
    wait_for(s, SCRIPT_WAITS_STOP, argc == 2, seconds);
    return true;
}

bool command_expect(struct oper *o, int argc, char **argv)
{
    struct script *s = script_of(o);
    uint32_t seconds = EXPECT_SECONDS;
    if (!s->depth)
        return operator_error(o, "expect is for scripts");
    if (argc < 3 || argc > 4 || (argc == 4 && !str_decimal(argv[3], &seconds)) || !argv[2][0] ||
        strlen(argv[2]) >= sizeof s->expect)
        return operator_error(o, "expect wants a device, a text in quotes, and perhaps seconds");
    struct script_line *l = script_line(s, argv[1]);
    if (!l)
        return false;
    if (script_line_match(l, argv[2], 0))
        return true;
    s->expect_line = l;
    str_copy(s->expect, argv[2], sizeof s->expect);
    wait_for(s, SCRIPT_WAITS_EXPECT, true, seconds);
    return true;
}
