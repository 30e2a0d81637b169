/* datbox run: a machine with its configuration, console and script, until somebody quits.
 * Without a configuration it is the ready-made system, which IPLs CP. */
#include "consoles/gdb_server.h"
#include "consoles/line.h"
#include "consoles/panel_frame.h"
#include "consoles/panel_server.h"
#include "consoles/script_screen.h"
#include "consoles/telnet.h"
#include "consoles/term/console.h"
#include "s370/config.h"
#include "s370/io/device.h"
#include "s370/machine.h"
#include "s370/operator/operator.h"
#include "tools/datadir.h"
#include "tools/input_log.h"
#include "tools/tools.h"

#include "lib/str.h"

#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#define OPERATOR_CONSOLE 0x009

/* The ready-made system; docs/operating.md describes it. */
static const char ready_made[] = "MAINSIZE 16\n"
                                 "CNSLPORT 3270\n"
                                 "0009 3215-C\n"
                                 "000C 3505\n"
                                 "000D 3525 punch.txt\n"
                                 "000E 1403 printer.txt\n"
                                 "0080.64 3270\n"
                                 "00C0.16 3215\n"
                                 "0150 3350 dbxres.3350\n"
                                 "0151 3350 dbxcms.3350\n"
                                 "0152 3350 dbxusr.3350\n"
                                 "IPL 150\n";

struct run {
    const char *config_file, *script, *data;
    enum clock_mode clock;
    int timed_io; /* 1, 0, or -1: as the clock suggests */
    bool console, full_screen, console_given, panel_commands;
    bool port_given;
    uint32_t port;
    char built[PATH_MAX], data_path[PATH_MAX], history[PATH_MAX + 16];
    struct config *config;
    struct machine *machine;
    struct oper *oper;
    struct line_console *line_console;
    struct full_console *full_console;
    struct telnet_server *telnet, *telnet_tls;
    const char *panel_socket; /* given, or NULL */
    struct panel_server *panel;
    const char *gdb_where; /* given, or NULL */
    struct gdb_server *gdb;
    const char *log_directory; /* given, or NULL */
    struct input_log *input_log;
    uv_signal_t signals[3];
};

static int usage(FILE *to)
{
    fputs("usage: datbox [run] [OPTION]...\n"
          "  -c, --config FILE       the machine's configuration (else: the ready-made system)\n"
          "      --script FILE       run the machine by a script of operator commands\n"
          "      --clock host|virtual  follow the host's clock (usual), or count instructions\n"
          "      --io timed|immediate  devices take the time of their mechanics (usual with the\n"
          "                          virtual clock), or none\n"
          "      --console line|curses|none  the operator's console here: lines (usual without a "
          "script),\n"
          "                          the whole screen with the machine's state, none\n"
          "      --panel-commands    lines typed are operator commands, /TEXT goes to console 009\n"
          "      --port N            terminals connect to this port (0: none)\n"
          "      --panel-socket FILE the front panel connects here (else panel.sock in the data\n"
          "                          directory; with a script only if this is given)\n"
          "      --gdb PORT              debuggers connect to this port (or ADDRESS:PORT)\n"
          "      --log-input DIR     what users type becomes decks there, for datbox batch\n"
          "      --data DIR          where the volumes are (else DATBOX_DATA, else ./data)\n",
          to);
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

static int wrong(const char *what, const char *value)
{
    fprintf(stderr, "datbox run: %s '%s'\n", what, value);
    return usage(stderr);
}

/* -1, or the exit status with which the program ends at once. */
static int parse(struct run *run, int argc, char **argv)
{
    enum { SCRIPT = 256, CLOCK, IO, CONSOLE, PANEL, PANEL_AT, PORT, GDB, LOG_INPUT, DATA };
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"script", required_argument, NULL, SCRIPT},
        {"clock", required_argument, NULL, CLOCK},
        {"io", required_argument, NULL, IO},
        {"console", required_argument, NULL, CONSOLE},
        {"panel-commands", no_argument, NULL, PANEL},
        {"panel-socket", required_argument, NULL, PANEL_AT},
        {"port", required_argument, NULL, PORT},
        {"gdb", required_argument, NULL, GDB},
        {"log-input", required_argument, NULL, LOG_INPUT},
        {"data", required_argument, NULL, DATA},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    while ((option = getopt_long(argc, argv, "c:h", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            run->config_file = optarg;
            break;
        case SCRIPT:
            run->script = optarg;
            break;
        case CLOCK:
            if (strcmp(optarg, "host") != 0 && strcmp(optarg, "virtual") != 0)
                return wrong("there is no clock", optarg);
            run->clock = optarg[0] == 'v' ? CLOCK_VIRTUAL : CLOCK_HOST;
            break;
        case IO:
            if (strcmp(optarg, "timed") != 0 && strcmp(optarg, "immediate") != 0)
                return wrong("there is no I/O", optarg);
            run->timed_io = optarg[0] == 't';
            break;
        case CONSOLE:
            run->full_screen = !strcmp(optarg, "curses");
            if (!run->full_screen && strcmp(optarg, "line") != 0 && strcmp(optarg, "none") != 0)
                return wrong("there is no console", optarg);
            run->console_given = true;
            run->console = optarg[0] != 'n';
            break;
        case PANEL:
            run->panel_commands = true;
            break;
        case PANEL_AT:
            run->panel_socket = optarg;
            break;
        case PORT:
            if (!str_decimal(optarg, &run->port) || run->port > 65535)
                return wrong("there is no port", optarg);
            run->port_given = true;
            break;
        case GDB:
            run->gdb_where = optarg;
            break;
        case LOG_INPUT:
            run->log_directory = optarg;
            break;
        case DATA:
            run->data = optarg;
            break;
        case 'h':
            return usage(stdout);
        default:
            return usage(stderr);
        }
    }
    return optind < argc ? wrong("unexpected argument", argv[optind]) : -1;
}

static void to_stderr(void *context, const char *text)
{
    fprintf(stderr, "%s\n", text);
}

static void to_stdout(void *context, const char *text)
{
    printf("%s\n", text);
    fflush(stdout);
}

/* Opens the data directory if a device's file lies there, and copies volumes that are
 * missing.  False with a message on stderr. */
static bool prepare_data(const struct config *config, const char *data)
{
    size_t n = strlen(data);
    bool open = false;
    for (const struct config_device *d = config->devices; d; d = d->next) {
        if (d->argc == 0 || strncmp(d->argv[0], data, n) != 0 || d->argv[0][n] != '/')
            continue;
        if (!open && !datadir_open(data))
            return false;
        open = true;
        if (!strcmp(device_type_find(d->type)->class, "DASD") &&
            !datadir_fill(data, d->argv[0] + n + 1))
            return false;
    }
    return true;
}

static bool configure(struct run *run)
{
    const char *given = run->data ? run->data : getenv("DATBOX_DATA");
    run->data = given && given[0] ? given : "data";
    /* Absolute, since a configuration's relative paths start somewhere else. */
    char *path = run->data_path;
    if (run->data[0] != '/' && getcwd(path, PATH_MAX / 2)) {
        size_t n = strlen(path);
        snprintf(path + n, PATH_MAX - n, "/%s", run->data);
        run->data = path;
    }
    const struct config_variable variables[] = {
        {"DATA", run->data}, {"VOLUMES", run->built}, {NULL, NULL}};
    datadir_built_volumes(run->built, sizeof run->built);
    run->config = run->config_file ? config_read_file(run->config_file, variables, to_stderr, NULL)
                                   : config_read(ready_made, "ready-made", run->data, variables,
                                                 to_stderr, NULL);
    return run->config && prepare_data(run->config, run->data);
}

static void quit_by_signal(uv_signal_t *handle, int number)
{
    machine_quit(handle->data, number == SIGINT ? STATUS_OK : STATUS_FAILED);
}

static void catch_signals(struct run *run)
{
    static const int numbers[] = {SIGTERM, SIGHUP, SIGINT};
    for (int i = 0; i < 3; i++) {
        if (numbers[i] == SIGINT && run->console)
            continue; /* the console's attention key */
        uv_signal_init(run->machine->loop, &run->signals[i]);
        run->signals[i].data = run->machine;
        uv_signal_start(&run->signals[i], quit_by_signal, numbers[i]);
    }
}

static bool open_ports(struct run *run)
{
    const struct config *config = run->config;
    uint32_t port = run->port_given ? run->port : run->script ? 0 : config->console_port;
    if (port)
        run->telnet = telnet_listen(run->machine, config->console_host, (uint16_t)port);
    if (config->tls_port && !run->script)
        run->telnet_tls = telnet_listen_tls(run->machine, config->tls_host, config->tls_port,
                                            config->certificate, config->key);
    return (run->telnet || !port) && (run->telnet_tls || !config->tls_port || run->script);
}

/* Where front panels connect.  Without a socket of its own name, the ready-made system has one
 * in its data directory. */
static void open_panel(struct run *run)
{
    char path[PATH_MAX + 16];
    if (!run->panel_socket && (run->script || run->config_file))
        return;
    snprintf(path, sizeof path, "%s/%s", run->data, PANEL_SOCKET);
    run->panel =
        panel_listen(run->machine, run->oper, run->panel_socket ? run->panel_socket : path);
}

/* False with a message: there is no terminal for it. */
static bool open_console(struct run *run)
{
    snprintf(run->history, sizeof run->history, "%s/history", run->data);
    struct line_console_options options = {OPERATOR_CONSOLE, run->panel_commands, run->history};
    struct full_console_options full = {OPERATOR_CONSOLE, run->history};
    if (!run->console) {
        operator_connect(run->oper, OPERATOR_CONSOLE);
        return true;
    }
    if (run->full_screen) {
        run->full_console = full_console_create(run->machine, run->oper, &full);
        if (!run->full_console)
            return false;
    } else {
        run->line_console = line_console_create(run->machine, run->oper, &options);
    }
    if (run->full_screen) {
        operator_set_hint(run->oper, "datbox: ipl DEVICE starts a system again, quit ends datbox");
        machine_message(run->machine,
                        "datbox: the machine's commands here (help lists them), above is the "
                        "console 009; Tab goes from one to the other");
    } else if (run->panel_commands) {
        machine_message(run->machine, "datbox: operator commands here (help lists them); /TEXT "
                                      "types at the console 009");
    } else {
        machine_message(run->machine, "datbox: this is the console 009. !help lists the machine's "
                                      "commands, !quit ends it.");
        operator_set_hint(run->oper, "datbox: !ipl DEVICE starts a system again, !quit ends "
                                     "datbox");
    }
    if (run->telnet)
        machine_message(run->machine,
                        "datbox: terminals connect with: datbox term localhost:%u (or telnet "
                        "localhost %u)",
                        telnet_port(run->telnet), telnet_port(run->telnet));
    if (run->telnet_tls)
        machine_message(run->machine, "datbox: and encrypted (TLS) by port %u",
                        telnet_port(run->telnet_tls));
    return true;
}

/* Loads CP's symbols for the trace, if they lie where the build puts them.  What a machine with
 * a configuration of its own will run is not known here. */
static void find_symbols(struct run *run)
{
    if (run->config_file)
        return;
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/../cp.elf", run->built);
    operator_load_symbols(run->oper, path, true);
}

static bool log_input(struct run *run)
{
    if (run->log_directory)
        run->input_log = input_log_open(run->machine, run->log_directory);
    return !run->log_directory || run->input_log;
}

static bool start(struct run *run)
{
    char command[96];
    if (run->script)
        return operator_run_script(run->oper, run->script, !run->console);
    if (!run->config->has_ipl)
        return true;
    snprintf(command, sizeof command, "ipl %03X%s%s", run->config->ipl,
             run->config->ipl_parm[0] ? " parm " : "", run->config->ipl_parm);
    return operator_command(run->oper, command);
}

int run_main(int argc, char **argv)
{
    struct run run = {.console = true, .timed_io = -1};
    int status = parse(&run, argc, argv);
    if (status >= 0)
        return status;
    if (!run.console_given)
        run.console = !run.script;
    signal(SIGPIPE, SIG_IGN); /* failing writes are errors, not the end */
    signal(SIGXFSZ, SIG_IGN);
    status = STATUS_FAILED;
    if (!configure(&run) || !(run.machine = machine_create(run.config->storage_size, run.clock))) {
        config_free(run.config);
        return status;
    }
    run.machine->message = to_stdout;
    run.machine->timed_io = run.timed_io < 0 ? run.clock == CLOCK_VIRTUAL : run.timed_io;
    run.oper = operator_create(run.machine, OPERATOR_CONSOLE);
    operator_set_screens(run.oper, &script_screens);
    catch_signals(&run);
    find_symbols(&run);
    if (config_attach(run.config, run.machine) && open_ports(&run) && open_console(&run) &&
        log_input(&run)) {
        open_panel(&run);
        run.gdb = gdb_server_create(run.machine, run.oper);
        bool listens = !run.gdb_where || gdb_server_listen(run.gdb, run.gdb_where);
        if (listens && (start(&run) || run.console))
            status = machine_run(run.machine);
    }
    gdb_server_destroy(run.gdb);
    panel_close(run.panel);
    line_console_destroy(run.line_console);
    full_console_destroy(run.full_console);
    telnet_close(run.telnet);
    telnet_close(run.telnet_tls);
    operator_destroy(run.oper);
    input_log_close(run.input_log);
    machine_destroy(run.machine);
    config_free(run.config);
    return status;
}
