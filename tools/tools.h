/* What the files of tools/ share: one function per subcommand of datbox, and
 * the exit statuses (DESIGN.md, section 7). */
#ifndef TOOLS_TOOLS_H
#define TOOLS_TOOLS_H

enum exit_status {
    STATUS_OK = 0,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
};

int asm_main(int argc, char **argv);
int batch_main(int argc, char **argv);
int monitor_main(int argc, char **argv);
int panel_main(int argc, char **argv);
int print_main(int argc, char **argv);
int run_main(int argc, char **argv);
int dis_main(int argc, char **argv);
int dump_main(int argc, char **argv);
int errors_main(int argc, char **argv);
int spool_main(int argc, char **argv);
int term_main(int argc, char **argv);
int volume_main(int argc, char **argv);

#endif
