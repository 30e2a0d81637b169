/* datbox asm: assembles a program on the host with the assembler that CMS has too: a TEXT deck and
 * a listing come out of a file and folders of macros. */
#include "cms/asm/asm.h"
#include "lib/ebcdic.h"
#include "lib/str.h"
#include "tools/maclib.h"
#include "tools/tools.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LIBRARIES_MAX 16

struct chunk {
    struct chunk *next;
    char bytes[];
};

struct assembly {
    const char *source;
    FILE *input, *member, *listing, *object;
    char member_path[4096];
    const char *libraries[LIBRARIES_MAX];
    unsigned library_count;
    unsigned long line, member_line; /* for messages */
    bool bad;                        /* a file could not be read or written */
    struct chunk *chunks;
};

static int usage(FILE *to)
{
    fputs(
        "usage: datbox asm FILE [-o DECK] [-l LISTING] [-L FOLDER]...\n"
        "       datbox asm --maclib LIBRARY FILE...\n"
        "  -o, --output DECK      the TEXT deck, in EBCDIC (else FILE with .text)\n"
        "  -l, --list LISTING     the listing (- for the terminal; else there is none)\n"
        "  -L, --library FOLDER   macros and COPY members: files NAME, NAME.macro, NAME.copy\n"
        "      --maclib LIBRARY   makes a MACLIB of files of macros, and of copy code (NAME.copy)\n"
        "      --sysparm TEXT     value of &SYSPARM\n"
        "      --no-xref          no cross-reference in the listing; --xref-all: a full one\n"
        "      --no-align         operands off their boundary are no errors\n"
        "      --no-deck          only look for errors\n"
        "Exits with 0 if the highest severity is below 8, else with 1.\n",
        to);
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

/* A line of a file as a card: tabs are eighths, what is beyond column 80 is an error. */
static bool read_line(struct assembly *s, FILE *f, char card[ASM_CARD + 1])
{
    unsigned n = 0;
    int c;
    bool cut = false;

    while ((c = getc(f)) != EOF && c != '\n') {
        if (c == '\r')
            continue;
        do {
            if (n < ASM_CARD)
                card[n++] = c == '\t' ? ' ' : (char)c;
            else
                cut = cut || (c != ' ' && c != '\t');
        } while (c == '\t' && n % 8 && n < ASM_CARD);
    }
    card[n] = 0;
    const char *name = f == s->input ? s->source : s->member_path;
    unsigned long line = f == s->input ? ++s->line : ++s->member_line;
    if (cut) {
        fprintf(stderr, "datbox asm: %s: line %lu is longer than a card\n", name, line);
        s->bad = true;
    }
    if (c == EOF && ferror(f)) {
        fprintf(stderr, "datbox asm: %s: %s\n", name, strerror(errno));
        s->bad = true;
    }
    return c != EOF || n;
}

static bool read_source(void *context, char card[ASM_CARD + 1])
{
    struct assembly *s = context;

    return read_line(s, s->input, card);
}

static bool read_member(void *context, char card[ASM_CARD + 1])
{
    struct assembly *s = context;

    if (read_line(s, s->member, card))
        return true;
    fclose(s->member);
    s->member = NULL;
    return false;
}

static bool open_member(void *context, const char *name)
{
    static const char *const endings[] = {"", ".macro", ".copy", ".mac", ".asm"};
    struct assembly *s = context;
    char lower[16];

    s->member_line = 0;
    for (size_t i = 0; i <= strlen(name) && i < sizeof lower; i++)
        lower[i] = str_lower(name[i]);
    for (unsigned i = 0; i < s->library_count; i++)
        for (size_t e = 0; e < 2 * sizeof endings / sizeof endings[0]; e++) {
            snprintf(s->member_path, sizeof s->member_path, "%s/%s%s", s->libraries[i],
                     e % 2 ? lower : name, endings[e / 2]);
            s->member = fopen(s->member_path, "re");
            if (s->member)
                return true;
        }
    return false;
}

static void list(void *context, const char *line)
{
    struct assembly *s = context;

    if (!s->listing)
        return;
    if (line[0] == '1')
        putc('\f', s->listing);
    else if (line[0] == '0')
        putc('\n', s->listing);
    fprintf(s->listing, "%s\n", line + 1);
}

static void object(void *context, const uint8_t card[ASM_CARD])
{
    struct assembly *s = context;

    if (s->object)
        fwrite(card, 1, ASM_CARD, s->object);
}

static void type(void *context, const char *line)
{
    (void)context;
    fprintf(stderr, "%s\n", line);
}

static void *memory(void *context, size_t size)
{
    struct assembly *s = context;
    struct chunk *c = malloc(sizeof *c + size);

    if (!c)
        return NULL;
    c->next = s->chunks;
    s->chunks = c;
    return c->bytes;
}

static bool finish(struct assembly *s, FILE *f, const char *path)
{
    if (!f || f == stdout)
        return true;
    bool bad = ferror(f) != 0;
    if (fclose(f) || bad) {
        fprintf(stderr, "datbox asm: %s: %s\n", path, strerror(errno));
        s->bad = true;
    }
    return !s->bad;
}

static FILE *create(struct assembly *s, const char *path)
{
    FILE *f = !strcmp(path, "-") ? stdout : fopen(path, "we");

    if (!f) {
        fprintf(stderr, "datbox asm: %s: %s\n", path, strerror(errno));
        s->bad = true;
    }
    return f;
}

static void set_time(struct asm_options *options)
{
    time_t now = time(NULL);
    struct tm t;

    localtime_r(&now, &t);
    strftime(options->date, sizeof options->date, "%m/%d/%y", &t);
    strftime(options->time, sizeof options->time, "%H.%M", &t);
}

static int run(struct assembly *s, const struct asm_options *options)
{
    uint8_t table[256];
    struct asm_result result;
    struct asm_host host = {s,      read_source, open_member, read_member, list,
                            object, type,        memory,      table};

    for (unsigned i = 0; i < 256; i++)
        table[i] = latin1_to_ebcdic((uint8_t)i);
    assemble(&host, options, &result);
    if (result.severity == 16)
        fprintf(stderr, "datbox asm: %s: the host has no memory\n", s->source);
    while (s->chunks) {
        struct chunk *c = s->chunks;
        s->chunks = c->next;
        free(c);
    }
    return result.severity;
}

static void default_output(const char *source, char *path, size_t size)
{
    const char *slash = strrchr(source, '/'), *dot = strrchr(source, '.');
    size_t n = dot && (!slash || dot > slash) ? (size_t)(dot - source) : strlen(source);

    snprintf(path, size, "%.*s.text", (int)n, source);
}

enum {
    OPTION_SYSPARM = 256,
    OPTION_NO_XREF,
    OPTION_XREF_ALL,
    OPTION_NO_ALIGN,
    OPTION_NO_DECK,
    OPTION_MACLIB
};

int asm_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"output", required_argument, NULL, 'o'},
        {"list", required_argument, NULL, 'l'},
        {"library", required_argument, NULL, 'L'},
        {"sysparm", required_argument, NULL, OPTION_SYSPARM},
        {"no-xref", no_argument, NULL, OPTION_NO_XREF},
        {"xref-all", no_argument, NULL, OPTION_XREF_ALL},
        {"no-align", no_argument, NULL, OPTION_NO_ALIGN},
        {"no-deck", no_argument, NULL, OPTION_NO_DECK},
        {"maclib", required_argument, NULL, OPTION_MACLIB},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    struct assembly s = {.source = NULL};
    struct asm_options o;
    const char *output = NULL, *listing = NULL, *maclib = NULL;
    char path[4096];
    int option;

    asm_default_options(&o);
    set_time(&o);
    while ((option = getopt_long(argc, argv, "o:l:L:", options, NULL)) != -1) {
        if (option == 'o')
            output = optarg;
        else if (option == 'l')
            listing = optarg;
        else if (option == 'L' && s.library_count < LIBRARIES_MAX)
            s.libraries[s.library_count++] = optarg;
        else if (option == OPTION_SYSPARM && strlen(optarg) < 256)
            o.sysparm = optarg;
        else if (option == OPTION_MACLIB)
            maclib = optarg;
        else if (option == OPTION_NO_XREF)
            o.xref = false;
        else if (option == OPTION_XREF_ALL)
            o.xref_all = true;
        else if (option == OPTION_NO_ALIGN)
            o.align = false;
        else if (option == OPTION_NO_DECK)
            o.deck = false;
        else
            return usage(option == 'h' ? stdout : stderr);
    }
    if (maclib && optind < argc)
        return maclib_make(maclib, argv + optind, argc - optind) ? STATUS_OK : STATUS_FAILED;
    if (optind + 1 != argc)
        return usage(stderr);
    s.source = argv[optind];
    s.input = fopen(s.source, "re");
    if (!s.input) {
        fprintf(stderr, "datbox asm: %s: %s\n", s.source, strerror(errno));
        return STATUS_FAILED;
    }
    if (!output) {
        default_output(s.source, path, sizeof path);
        output = path;
    }
    o.list = listing != NULL;
    s.object = o.deck ? create(&s, output) : NULL;
    s.listing = listing ? create(&s, listing) : NULL;
    int severity = s.bad ? 16 : run(&s, &o);
    fclose(s.input);
    finish(&s, s.object, output);
    finish(&s, s.listing, listing);
    return s.bad || severity >= 8 ? STATUS_FAILED : STATUS_OK;
}
