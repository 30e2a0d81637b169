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
    fputs("usage: datbox term [OPTION]... [[tls://][LU@]HOST[:PORT]]\n"
          "  A terminal for 3270 screens and for lines; without HOST: 127.0.0.1:3270.\n"
          "  -l, --lu NAME           the terminal or group of terminals to be there\n"
          "  -m, --model MODEL       2 (24x80), 3 (32x80), 4 (43x80), 5 (27x132), ROWSxCOLUMNS,\n"
          "                          fit (as large as this window); else the largest that fits\n"
          "      --line              be no 3270, work with lines\n"
          "      --codepage 37|1047  of the host (1047)\n"
          "      --macro FILE        execute these commands first\n"
          "      --ca FILE           trust these certificates (PEM), with tls://\n"
          "      --no-verify         trust every certificate\n"
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

int term_main(int argc, char **argv)
{
    enum { LINE = 256, CODEPAGE, MACRO, TRACE, NO_HELP, NO_MOUSE, CA, NO_VERIFY };
    static const struct option options[] = {
        {"lu", required_argument, NULL, 'l'},      {"model", required_argument, NULL, 'm'},
        {"line", no_argument, NULL, LINE},         {"codepage", required_argument, NULL, CODEPAGE},
        {"macro", required_argument, NULL, MACRO}, {"trace", required_argument, NULL, TRACE},
        {"ca", required_argument, NULL, CA},       {"no-verify", no_argument, NULL, NO_VERIFY},
        {"no-help", no_argument, NULL, NO_HELP},   {"no-mouse", no_argument, NULL, NO_MOUSE},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
    };
    struct term_options o = {.host = {.host = HOST_USUAL}, .session = {.code_page = 1047}};
    const char *lu = NULL;
    char error[COMMAND_ERROR];
    int option;
    while ((option = getopt_long(argc, argv, "l:m:h", options, NULL)) != -1) {
        switch (option) {
        case 'l':
            lu = optarg;
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
        case CA:
            o.authorities = optarg;
            break;
        case NO_VERIFY:
            o.trust_all = true;
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
    if (optind < argc && !host_parse(argv[optind], &o.host))
        return wrong("that is no host", argv[optind]);
    if (lu && strlen(lu) >= sizeof o.host.lu)
        return wrong("that is no name of a terminal", lu);
    if (lu)
        strcpy(o.host.lu, lu);
    if (!o.host.port)
        o.host.port = PORT_USUAL;
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
