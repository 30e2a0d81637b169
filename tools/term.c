/* datbox term: the options of the full-screen terminal (consoles/term/). */
#include "consoles/term/macro.h"
#include "consoles/term/term.h"
#include "lib/str.h"
#include "tools/tools.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST_USUAL "127.0.0.1"

static int usage(FILE *to)
{
    fputs("usage: datbox term [OPTION]... [[LU@]HOST[:PORT]]\n"
          "  A terminal for 3270 screens and for lines; without HOST: 127.0.0.1:3270.\n"
          "  -l, --lu NAME           the terminal or group of terminals to be there\n"
          "  -m, --model MODEL       2 (24x80), 3 (32x80), 4 (43x80), 5 (27x132), ROWSxCOLUMNS,\n"
          "                          fit (as large as this window); else the largest that fits\n"
          "      --line              be no 3270, work with lines\n"
          "      --codepage 37|1047  of the host (1047)\n"
          "      --macro FILE        execute these commands first\n"
          "      --trace FILE        write every screen and line to this file\n"
          "      --no-help           no line of help (Alt-h brings it)\n"
          "      --no-mouse          leave the mouse to the terminal\n",
          to);
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

static int wrong(const char *what, const char *value)
{
    fprintf(stderr, "datbox term: %s '%s'\n", what, value);
    return usage(stderr);
}

static bool take_model(const char *text, struct term_options *o)
{
    static const uint8_t models[][2] = {{24, 80}, {32, 80}, {43, 80}, {27, 132}};
    struct session_options *s = &o->session;
    int end = 0;
    o->fit = str_equal(text, "fit");
    if (o->fit)
        return true;
    if (text[0] >= '2' && text[0] <= '5' && !text[1]) {
        s->rows = models[text[0] - '2'][0];
        s->columns = models[text[0] - '2'][1];
        return true;
    }
    return sscanf(text, "%3ux%3u%n", &s->rows, &s->columns, &end) == 2 && !text[end] &&
           s->rows >= 24 && s->columns >= 80 && s->rows <= 255 && s->columns <= 255 &&
           s->rows * s->columns <= SCREEN_CELLS_MOST;
}

static bool take_host(char *text, struct term_options *o, char host[COMMAND_LENGTH])
{
    char *at = strchr(text, '@');
    if (at) {
        *at = 0;
        o->lu = text;
        text = at + 1;
    }
    if (!host_parse(text, host, &o->port) || strlen(o->lu) >= TN_NAME)
        return false;
    if (!o->port)
        o->port = PORT_USUAL;
    o->host = host;
    return true;
}

int term_main(int argc, char **argv)
{
    enum { LINE = 256, CODEPAGE, MACRO, TRACE, NO_HELP, NO_MOUSE };
    static const struct option options[] = {
        {"lu", required_argument, NULL, 'l'},      {"model", required_argument, NULL, 'm'},
        {"line", no_argument, NULL, LINE},         {"codepage", required_argument, NULL, CODEPAGE},
        {"macro", required_argument, NULL, MACRO}, {"trace", required_argument, NULL, TRACE},
        {"no-help", no_argument, NULL, NO_HELP},   {"no-mouse", no_argument, NULL, NO_MOUSE},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
    };
    struct term_options o = {
        .host = HOST_USUAL, .port = PORT_USUAL, .lu = "", .session = {.code_page = 1047}};
    char host[COMMAND_LENGTH], error[COMMAND_ERROR];
    int option;
    while ((option = getopt_long(argc, argv, "l:m:h", options, NULL)) != -1) {
        switch (option) {
        case 'l':
            o.lu = optarg;
            break;
        case 'm':
            if (!take_model(optarg, &o))
                return wrong("there is no model", optarg);
            break;
        case LINE:
            o.session.lines_only = true;
            break;
        case CODEPAGE:
            o.session.code_page = (unsigned)strtoul(optarg, NULL, 10);
            if (strcmp(optarg, "37") != 0 && strcmp(optarg, "037") != 0 &&
                strcmp(optarg, "1047") != 0)
                return wrong("there is no code page", optarg);
            break;
        case MACRO:
            o.macro = optarg;
            break;
        case TRACE:
            o.trace = optarg;
            break;
        case NO_HELP:
            o.no_help = true;
            break;
        case NO_MOUSE:
            o.no_mouse = true;
            break;
        case 'h':
            return usage(stdout);
        default:
            return usage(stderr);
        }
    }
    if (optind < argc && !take_host(argv[optind], &o, host))
        return wrong("that is no host", argv[optind]);
    if (optind + 1 < argc)
        return wrong("unexpected argument", argv[optind + 1]);
    /* A macro with a mistake is told of before the screen is taken. */
    struct macro *m = o.macro ? macro_read(o.macro, error) : NULL;
    if (o.macro && !m) {
        fprintf(stderr, "datbox term: %s\n", error);
        return STATUS_FAILED;
    }
    macro_free(m);
    return term_run(&o) ? STATUS_FAILED : STATUS_OK;
}
