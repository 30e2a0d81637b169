/* What `datbox batch` tells of its jobs for programs and for the eye: DIR/jobs.json and
 * DIR/queue.svg. */
#include "tools/batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double seconds(uint64_t ns)
{
    return (double)ns / 1e9;
}

static FILE *open_file(const struct batch *b, const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", b->directory, name);
    FILE *f = fopen(path, "wb");
    if (!f)
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
    return f;
}

static bool close_file(FILE *f, const char *path)
{
    bool ok = !ferror(f);
    if (fclose(f) || !ok) {
        fprintf(stderr, "datbox batch: %s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

static void put_string(FILE *f, const char *text)
{
    putc('"', f);
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        if (*c == '"' || *c == '\\')
            fprintf(f, "\\%c", *c);
        else if (*c < 0x20)
            fprintf(f, "\\u%04x", *c);
        else
            putc(*c, f);
    putc('"', f);
}

static bool write_json(const struct batch *b)
{
    char path[4096];
    FILE *f = open_file(b, "jobs.json", path, sizeof path);
    if (!f)
        return false;
    for (size_t i = 0; i < b->job_count; i++) {
        const struct batch_job *j = &b->jobs[i];
        const struct batch_deck *d = &b->decks[j->deck];
        fprintf(f, "{\"job\":");
        put_string(f, j->job.name);
        fprintf(f, ",\"user\":");
        put_string(f, j->job.userid);
        fprintf(f, ",\"account\":");
        put_string(f, j->job.account);
        fprintf(f, ",\"deck\":");
        put_string(f, d->path);
        fprintf(f, ",\"class\":\"%c\",\"priority\":%u,\"system\":%u,\"machine\":\"%s\"", d->class,
                (unsigned)d->priority, d->system + 1, batch_machine_name(j->machine));
        fprintf(f, ",\"rc\":%d,\"cpu\":%s,\"arrived\":%.6f,\"started\":%.6f,\"ended\":%.6f", j->rc,
                j->cpu, seconds(d->arrival), seconds(j->start), seconds(j->end));
        fprintf(f, ",\"queued\":%.6f,\"elapsed\":%.6f", seconds(j->start - d->arrival),
                seconds(j->end - j->start));
        fprintf(f, ",\"lines\":%u,\"cards\":%u,\"sio\":%u,\"page_reads\":%u,\"page_writes\":%u}\n",
                j->lines, j->cards, j->start_io, j->page_reads, j->page_writes);
    }
    return close_file(f, path);
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
    FILE *f = open_file(b, "queue.svg", path, sizeof path);
    if (!f)
        return false;
    for (size_t i = 0; i < b->job_count; i++)
        if (seconds(b->jobs[i].end) > s.time)
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
    return close_file(f, path);
}

bool batch_report(const struct batch *b)
{
    return write_json(b) && write_plot(b);
}
