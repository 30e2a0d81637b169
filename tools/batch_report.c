/* What `datbox batch` tells of its jobs for programs and for the eye: DIR/jobs.json and
 * DIR/queue.svg. */
#include "tools/batch.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static double seconds(uint64_t ns)
{
    return (double)ns / 1e9;
}

bool batch_make_directory(const char *path)
{
    if (!mkdir(path, 0777) || errno == EEXIST)
        return true;
    fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
    return false;
}

FILE *batch_open_file(const struct batch *b, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", b->directory, name);
    FILE *f = fopen(path, "wb");
    if (!f)
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
    return f;
}

bool batch_close_file(FILE *f, const char *path)
{
    bool ok = !ferror(f);
    if (fclose(f) || !ok) {
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

bool batch_job_is_here(const struct batch *b, const struct batch_job *job)
{
    return !b->task || b->decks[job->deck].system == b->task - 1;
}

/* A name as a JSON string, which is UTF-8: what cannot be shown becomes question marks. */
static json_t *name_json(const char *name)
{
    char shown[PATH_MAX];
    json_t *text = json_string(name);
    if (text)
        return text;
    snprintf(shown, sizeof shown, "%s", name);
    for (char *c = shown; *c; c++)
        if (*c & 0x80)
            *c = '?';
    return json_string(shown);
}

static json_t *describe(const struct batch *b, size_t number)
{
    const struct batch_job *j = &b->jobs[number];
    const struct batch_deck *d = &b->decks[j->deck];
    return json_pack(
        "{si so so so so so ss# si si ss si sf sf sf sf sf sf si si si si si}", "number",
        (int)number + 1, "job", name_json(j->job.name), "output", name_json(j->output), "user",
        name_json(j->job.userid), "account", name_json(j->job.account), "deck", name_json(d->path),
        "class", &d->class, 1, "priority", (int)d->priority, "system", (int)d->system + 1,
        "machine", batch_machine_name(j->machine), "rc", j->rc, "cpu", j->cpu / 1e3, "arrived",
        seconds(d->arrival), "started", seconds(j->start), "ended", seconds(j->end), "queued",
        seconds(j->start - d->arrival), "elapsed", seconds(j->end - j->start), "lines",
        (int)j->lines, "cards", (int)j->cards, "sio", (int)j->start_io, "page_reads",
        (int)j->page_reads, "page_writes", (int)j->page_writes);
}

static bool write_json(const struct batch *b)
{
    char path[4096];
    FILE *f = batch_open_file(b, "jobs.json", path, sizeof path);
    bool good = true;
    if (!f)
        return false;
    for (size_t i = 0; i < b->job_count; i++) {
        if (!b->jobs[i].ended)
            continue;
        json_t *line = describe(b, i);
        good &= line && !json_dumpf(line, f, JSON_COMPACT | JSON_REAL_PRECISION(15));
        putc('\n', f);
        json_decref(line);
    }
    if (!good)
        fprintf(stderr, "datbox batch: %s: no memory\n", path);
    return batch_close_file(f, path) && good;
}

bool batch_summary(const struct batch *b, double host_seconds)
{
    bool good = true;
    uint64_t last = 0;
    size_t count = 0;
    printf("%-8s %-5s %8s %7s %6s %9s %9s\n", "JOB", "RC", "CPU", "LINES", "CARDS", "QUEUED",
           "ELAPSED");
    for (size_t i = 0; i < b->job_count; i++) {
        const struct batch_job *j = &b->jobs[i];
        if (!batch_job_is_here(b, j))
            continue;
        good &= j->ended && !j->rc;
        if (!j->ended) {
            printf("%-8s did not end\n", j->job.name);
            continue;
        }
        printf("%-8s %05d %8.3f %7u %6u %9.3f %9.3f\n", j->job.name, j->rc, j->cpu / 1e3, j->lines,
               j->cards, seconds(j->start - b->decks[j->deck].arrival), seconds(j->end - j->start));
        count++;
        if (j->end > last)
            last = j->end;
    }
    printf("%zu jobs in %.3f seconds of machine time", count, seconds(last));
    if (host_seconds > 0)
        printf(", %.1f seconds here: %.2f jobs a second", host_seconds,
               (double)count / host_seconds);
    printf("\n");
    return good;
}

/* --- the plot: two staircases, of the jobs that wait and of those that run --- */

#define WIDTH  800
#define HEIGHT 300
#define LEFT   50
#define BOTTOM 40
#define TOP    30

struct step {
    uint64_t at;
    int change;
};

struct curve {
    struct step *steps;
    size_t count;
    int highest;
};

static int by_time(const void *a, const void *b)
{
    const struct step *x = a, *y = b;
    return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : y->change - x->change;
}

/* Up when a job enters, down when it leaves. */
static bool make_curve(struct curve *c, const struct batch *b, bool running)
{
    int level = 0;
    c->steps = calloc(2 * b->job_count, sizeof *c->steps);
    if (!c->steps)
        return false;
    c->count = c->highest = 0;
    for (size_t i = 0; i < b->job_count; i++) {
        const struct batch_job *j = &b->jobs[i];
        if (!j->ended)
            continue;
        c->steps[c->count++] = (struct step){running ? j->start : b->decks[j->deck].arrival, 1};
        c->steps[c->count++] = (struct step){running ? j->end : j->start, -1};
    }
    qsort(c->steps, c->count, sizeof *c->steps, by_time);
    for (size_t i = 0; i < c->count; i++) {
        level += c->steps[i].change;
        if (level > c->highest)
            c->highest = level;
    }
    return true;
}

/* Places on the plot. */
struct scale {
    double time, jobs; /* the ends of the axes */
};

static double place_x(const struct scale *s, uint64_t at)
{
    return LEFT + seconds(at) / s->time * (WIDTH - LEFT - 10);
}

static double place_y(const struct scale *s, int level)
{
    return HEIGHT - BOTTOM - level / s->jobs * (HEIGHT - BOTTOM - TOP);
}

static void draw_curve(FILE *f, const struct curve *c, const struct scale *s, const char *colour,
                       const char *name, int row)
{
    int level = 0;
    fprintf(f, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" d=\"M%.1f %.1f", colour,
            place_x(s, 0), place_y(s, 0));
    for (size_t i = 0; i < c->count; i++) {
        fprintf(f, "H%.1f", place_x(s, c->steps[i].at));
        level += c->steps[i].change;
        fprintf(f, "V%.1f", place_y(s, level));
    }
    fprintf(f, "\"/>\n<text x=\"%d\" y=\"20\" fill=\"%s\">%s (at most %d)</text>\n",
            LEFT + row * 200, colour, name, c->highest);
    free(c->steps);
}

static void draw_axes(FILE *f, const struct scale *s)
{
    fprintf(f, "<path stroke=\"black\" fill=\"none\" d=\"M%d %dV%dH%d\"/>\n", LEFT, TOP,
            HEIGHT - BOTTOM, WIDTH - 10);
    for (int i = 0; i <= 5; i++)
        fprintf(f, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.4g</text>\n",
                LEFT + i / 5.0 * (WIDTH - LEFT - 10), HEIGHT - BOTTOM + 16, s->time * i / 5);
    for (int i = 0; i <= 4; i++)
        fprintf(f, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.4g</text>\n", LEFT - 6,
                HEIGHT - BOTTOM - i / 4.0 * (HEIGHT - BOTTOM - TOP) + 4, s->jobs * i / 4);
    fprintf(f, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">seconds of machine time</text>\n",
            WIDTH / 2, HEIGHT - 8);
}

static bool write_plot(const struct batch *b)
{
    char path[4096];
    struct curve waiting, running;
    struct scale s = {0.001, 1};
    FILE *f = batch_open_file(b, "queue.svg", path, sizeof path);
    if (!f)
        return false;
    for (size_t i = 0; i < b->job_count; i++)
        if (b->jobs[i].ended && seconds(b->jobs[i].end) > s.time)
            s.time = seconds(b->jobs[i].end);
    if (!make_curve(&waiting, b, false) || !make_curve(&running, b, true)) {
        fprintf(stderr, "datbox batch: no memory for the plot\n");
        return false;
    }
    s.jobs = waiting.highest > running.highest ? waiting.highest : running.highest;
    fprintf(f,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
            WIDTH, HEIGHT);
    draw_axes(f, &s);
    draw_curve(f, &waiting, &s, "#c04000", "jobs that wait", 0);
    draw_curve(f, &running, &s, "#0060c0", "jobs that run", 1);
    fprintf(f, "</svg>\n");
    return batch_close_file(f, path);
}

bool batch_report(const struct batch *b)
{
    return write_json(b) && write_plot(b);
}
