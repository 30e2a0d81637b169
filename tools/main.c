/* datbox: the one program.  Its first argument names a subcommand; each is a
 * file of tools/ and a row of the table below.  Without one it is `run`. */
#include "tools/tools.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct subcommand {
    const char *name;
    int (*main)(int argc, char **argv);
    const char *help;
} subcommands[] = {
    {"run", run_main, "run the machine (also without a command)"},
    {"asm", asm_main, "assemble a program in Assembler F's language"},
    {"dis", dis_main, "disassemble"},
    {"term", term_main, "a terminal: 3270 screens and lines, several sessions"},
    {"panel", panel_main, "the machine's front panel, in a window or as a picture"},
    {"print", print_main, "make a PDF of printer output"},
    {"spool", spool_main, "list the spool files of a CP volume"},
    {"monitor", monitor_main, "show what CP's MONITOR has recorded"},
    {"dump", dump_main, "show the dump of a CP that has failed"},
    {"errors", errors_main, "list the errors of devices that CP has recorded"},
    {"volume", volume_main, "make and look into volumes: labels, directory, nuclei, CMS files"},
    {"batch", batch_main, "run decks as jobs in a private copy of the system"},
    {NULL, NULL, NULL},
};

static int usage(FILE *to)
{
    fprintf(to, "usage: datbox [COMMAND] ...\n");
    for (const struct subcommand *s = subcommands; s->name; s++)
        fprintf(to, "  %-8s %s\n", s->name, s->help);
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 && argv[1][0] != '-' ? argv[1] : "run";
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like a full disk */
    if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "help")))
        return usage(stdout);
    for (const struct subcommand *s = subcommands; s->name; s++)
        if (!strcmp(s->name, name))
            return name == argv[1] ? s->main(argc - 1, argv + 1) : s->main(argc, argv);
    fprintf(stderr, "datbox: there is no command '%s'\n", name);
    return usage(stderr);
}
