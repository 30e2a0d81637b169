/* datbox volume: makes and looks into disk images.  The work is done in tools/volume/; this is
 * the command line: a table of subcommands, their operands and options. */
#include "lib/str.h"
#include "s370/media/fba_image.h"
#include "tools/tools.h"
#include "tools/volume/cms_check.h"
#include "tools/volume/cms_repair.h"
#include "tools/volume/volume.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 512

/* A command line taken apart: the words, and the options that were given. */
struct line {
    int words;
    const char *word[WORDS];
    const char *type, *volser, *label, *directory, *name;
    unsigned at, cylinders, blocks, nucleus, block_size, lrecl;
    bool has_at, check, binary, module, page_037;
    char recfm, mode;
    int compression; /* 0: plain; else that of CCKD plus 1 */
    struct volume volume;
};

static int wrong(const char *format, const char *what)
{
    fprintf(stderr, "datbox volume: ");
    fprintf(stderr, format, what);
    fprintf(stderr, "\n");
    return STATUS_USAGE;
}

/* --- options --- */

struct option {
    const char *name;
    bool has_value;
    bool (*take)(struct line *l, const char *value);
};

static bool take_number(const char *value, unsigned *to)
{
    uint32_t n;
    if (!str_decimal(value, &n))
        return false;
    *to = n;
    return true;
}

#define TEXT_OPTION(option)                                                                        \
    static bool take_##option(struct line *l, const char *value)                                   \
    {                                                                                              \
        l->option = value;                                                                         \
        return true;                                                                               \
    }
#define NUMBER_OPTION(option)                                                                      \
    static bool take_##option(struct line *l, const char *value)                                   \
    {                                                                                              \
        return take_number(value, &l->option);                                                     \
    }
#define FLAG_OPTION(option)                                                                        \
    static bool take_##option(struct line *l, const char *value)                                   \
    {                                                                                              \
        return l->option = true;                                                                   \
    }

TEXT_OPTION(type)
TEXT_OPTION(volser)
TEXT_OPTION(label)
TEXT_OPTION(directory)
TEXT_OPTION(name)
NUMBER_OPTION(cylinders)
NUMBER_OPTION(blocks)
NUMBER_OPTION(nucleus)
NUMBER_OPTION(block_size)
NUMBER_OPTION(lrecl)
FLAG_OPTION(check)
FLAG_OPTION(binary)
FLAG_OPTION(module)

static bool take_at(struct line *l, const char *value)
{
    l->has_at = true;
    return take_number(value, &l->at);
}

static bool take_recfm(struct line *l, const char *value)
{
    l->recfm = str_upper(value[0]);
    return !value[1] && (l->recfm == 'F' || l->recfm == 'V');
}

static bool take_mode(struct line *l, const char *value)
{
    l->mode = value[0];
    return !value[1] && value[0] >= '0' && value[0] <= '6';
}

static bool take_codepage(struct line *l, const char *value)
{
    l->page_037 = !strcmp(value, "037");
    return l->page_037 || !strcmp(value, "1047");
}

static bool take_compress(struct line *l, const char *value)
{
    static const char *const kinds[] = {"none", "zlib", "bzip2"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(value, kinds[i]))
            l->compression = i + 1;
    return l->compression > 0;
}

static const struct option options[] = {
    {"--compress", true, take_compress},
    {"--type", true, take_type},
    {"--cyls", true, take_cylinders},
    {"--blocks", true, take_blocks},
    {"--volser", true, take_volser},
    {"--at", true, take_at},
    {"--label", true, take_label},
    {"--blksize", true, take_block_size},
    {"--nucleus", true, take_nucleus},
    {"--check", false, take_check},
    {"--directory", true, take_directory},
    {"--recfm", true, take_recfm},
    {"--lrecl", true, take_lrecl},
    {"--mode", true, take_mode},
    {"--name", true, take_name},
    {"--binary", false, take_binary},
    {"--module", false, take_module},
    {"--codepage", true, take_codepage},
    {NULL, false, NULL},
};

static int take_line(struct line *l, int argc, char **argv)
{
    memset(l, 0, sizeof *l);
    l->type = "3350";
    l->block_size = 1024;
    for (int i = 0; i < argc; i++) {
        const struct option *o = options;
        if (strncmp(argv[i], "--", 2)) {
            if (l->words == WORDS)
                return wrong("there are too many operands (%s)", argv[i]);
            l->word[l->words++] = argv[i];
            continue;
        }
        while (o->name && strcmp(o->name, argv[i]))
            o++;
        if (!o->name)
            return wrong("there is no option %s", argv[i]);
        if (o->has_value && ++i == argc)
            return wrong("%s needs a value", o->name);
        if (!o->take(l, argv[i]))
            return wrong("%s has a wrong value", o->name);
    }
    return STATUS_OK;
}

/* --- FILE, FILE@CYLINDER, FILE@CYLINDER.CYLINDERS, FILE@USERID:191 (with --directory) --- */

static bool open_place(struct line *l, const char *text, bool write, unsigned *start,
                       unsigned *cylinders)
{
    static char path[4096];
    struct volume *v = &l->volume;
    char number[16] = "", volser[7], own[7];
    const char *at = strrchr(text, '@');
    size_t n = at ? (size_t)(at - text) : strlen(text);
    snprintf(path, sizeof path, "%.*s", (int)n, text);
    *start = *cylinders = 0;
    if (!volume_open_any(v, path, write))
        return false;
    if (!at)
        return true;
    if (strchr(at, ':')) {
        if (v->fixed)
            return volume_fail(v, "it is a fixed-block disk: say the place by its blocks");
        if (!l->directory)
            return volume_fail(v, "'%s' needs --directory SOURCE", at + 1);
        if (!volume_find_minidisk(v, l->directory, at + 1, volser, start, cylinders) ||
            !volume_read_label(v, own, NULL))
            return false;
        return !strcmp(volser, own) || volume_fail(v, "%s is on volume %s", at + 1, volser);
    }
    const char *dot = strchr(at, '.');
    snprintf(number, sizeof number, "%.*s", dot ? (int)(dot - at - 1) : 15, at + 1);
    return (take_number(number, start) && (!dot || take_number(dot + 1, cylinders))) ||
           volume_fail(v,
                       "'%s' is no place on a volume (CYLINDER or CYLINDER.CYLINDERS; fixed-block: "
                       "BLOCK.BLOCKS)",
                       at + 1);
}

/* --- subcommands: true, or false with a message in the volume --- */

static bool do_create(struct line *l)
{
    if (fba_geometry_find(l->type))
        return volume_create_fixed(&l->volume, l->word[0], l->type, l->blocks,
                                   l->volser ? l->volser : "DATBOX");
    return volume_create(&l->volume, l->word[0], l->type, l->cylinders,
                         l->volser ? l->volser : "DATBOX");
}

static bool do_info(struct line *l)
{
    return volume_info(&l->volume, l->word[0], stdout);
}

static bool do_copy(struct line *l)
{
    return volume_copy(&l->volume, l->word[0], l->word[1], l->compression - 1);
}

static bool do_format(struct line *l)
{
    struct volume *v = &l->volume;
    if (!volume_open(v, l->word[0], true))
        return false;
    unsigned n = l->cylinders;
    if (!n && l->at < v->cylinders)
        n = v->cylinders - l->at;
    return volume_format(v, l->at, n);
}

static bool do_label(struct line *l)
{
    return volume_open(&l->volume, l->word[0], true) && volume_label(&l->volume, l->word[1]);
}

/* allocate FILE KIND FIRST-LAST ... */
static bool do_allocate(struct line *l)
{
    struct volume *v = &l->volume;
    enum allocation kind;
    if (!volume_open(v, l->word[0], true))
        return false;
    for (int i = 1; i < l->words; i += 2) {
        char number[16] = "";
        unsigned first, last;
        if (!allocation_parse(l->word[i], &kind))
            return volume_fail(v, "'%s' is no kind (FREE PERM TEMP DRCT PAGE CKPT NUCL TDSK)",
                               l->word[i]);
        const char *range = i + 1 < l->words ? l->word[i + 1] : "";
        const char *dash = strchr(range, '-');
        snprintf(number, sizeof number, "%.*s", dash ? (int)(dash - range) : 15, range);
        if (!take_number(number, &first) || !take_number(dash ? dash + 1 : range, &last) ||
            last < first)
            return volume_fail(v, "'%s' is no range of cylinders (FIRST-LAST)", range);
        if (!volume_allocate(v, kind, first, last - first + 1))
            return false;
    }
    return true;
}

static bool do_nucleus(struct line *l)
{
    struct volume *v = &l->volume;
    unsigned start, cylinders;
    if (volume_is_fixed_block(l->word[0]))
        return volume_nucleus_fixed(v, l->word[0], l->word[1]);
    if (!open_place(l, l->word[0], true, &start, &cylinders))
        return false;
    if (!l->has_at)
        return volume_find_allocation(v, ALLOCATION_NUCL, &l->at, &cylinders) &&
               volume_nucleus(v, l->word[1], 0, l->at, cylinders);
    return volume_nucleus(v, l->word[1], start, start + l->at, l->cylinders ? l->cylinders : 1);
}

static bool do_directory(struct line *l)
{
    if (l->check)
        return volume_directory(&l->volume, l->word[l->words - 1], true, stdout);
    if (l->words < 2)
        return volume_fail(&l->volume, "directory FILE SOURCE, or directory --check SOURCE");
    return volume_open(&l->volume, l->word[0], true) &&
           volume_directory(&l->volume, l->word[1], false, stdout);
}

static bool do_minidisks(struct line *l)
{
    return volume_open(&l->volume, l->word[0], true) &&
           volume_minidisks(&l->volume, l->word[1], l->block_size);
}

static bool do_list(struct line *l)
{
    struct volume *v = &l->volume;
    uint8_t map[CP_RECORD];
    char volser[7];
    if (!volume_open(v, l->word[0], false))
        return false;
    printf("%s: %s, %u cylinders of %u tracks\n", v->path, v->geometry->name, v->cylinders,
           v->geometry->heads);
    struct cms_disk c;
    if (volume_read_label(v, volser, map)) {
        printf("volume %s\n", volser);
        for (unsigned first = 0, end; first < v->cylinders; first = end) {
            for (end = first; end < v->cylinders && map[end] == map[first]; end++)
                ;
            printf("%5u-%-5u %s\n", first, end - 1, allocation_name(map[first]));
        }
        return true;
    }
    if (!cms_disk_open(&c, v, 0, 0, false))
        return volume_fail(v, "is neither a CP volume nor a CMS disk");
    printf("CMS disk, %u blocks of %u bytes, %u free, %u files\n", (unsigned)c.disk.blocks,
           c.block_size, (unsigned)edf_free_blocks(&c.disk), (unsigned)edf_file_count(&c.disk));
    return cms_disk_close(&c);
}

static bool do_cms_format(struct line *l)
{
    struct volume *v = &l->volume;
    if (!volume_open_any(v, l->word[0], true))
        return false;
    unsigned n = v->fixed ? l->blocks : l->cylinders;
    if (!n && l->at < volume_size(v))
        n = volume_size(v) - l->at;
    return cms_disk_format(v, l->at, n, l->nucleus, l->block_size, l->label ? l->label : "CMSDSK");
}

/* --- cms ... --- */

static bool cms_put(struct line *l, struct cms_disk *c)
{
    struct cms_put how = {l->binary, l->module, l->page_037, l->recfm, l->lrecl, l->mode, l->name};
    if (l->name && l->words > 2)
        return volume_fail(&l->volume, "--name goes with one file only");
    for (int i = 1; i < l->words; i++)
        if (!cms_put_file(c, l->word[i], &how))
            return false;
    return true;
}

static bool cms_get(struct line *l, struct cms_disk *c)
{
    return cms_get_file(c, l->word[1], l->words > 2 ? l->word[2] : NULL, l->binary, l->page_037);
}

static bool cms_erase(struct line *l, struct cms_disk *c)
{
    for (int i = 1; i < l->words; i++)
        if (!cms_erase_file(c, l->word[i]))
            return false;
    return true;
}

static bool cms_show(struct line *l, struct cms_disk *c)
{
    return cms_list(c, l->words > 1 ? l->word[1] : NULL, stdout);
}

static void tell_fault(void *context, const char *text)
{
    printf("%s: %s\n", ((struct volume *)context)->path, text);
}

static bool cms_check_it(struct line *l, struct cms_disk *c)
{
    unsigned faults = cms_check(&c->io, c->block_size, tell_fault, &l->volume);
    return !faults ||
           volume_fail(&l->volume, "the CMS disk has %u fault%s", faults, faults == 1 ? "" : "s");
}

static bool cms_repair_it(struct line *l, struct cms_disk *c)
{
    l->volume.message[0] = 0; /* what cannot be read is part of the work */
    enum cms_repair_result done =
        cms_repair(&c->io, c->block_size, cms_disk_capacity(c), tell_fault, &l->volume);
    if (done == CMS_REPAIR_NOTHING)
        printf("%s: the CMS disk is consistent, nothing was to be done\n", l->volume.path);
    return done != CMS_REPAIR_FAILED || volume_fail(&l->volume, "the CMS disk is not repaired");
}

static const struct cms_command {
    const char *name;
    bool write, unmounted;
    int least;
    bool (*run)(struct line *l, struct cms_disk *c);
    const char *help;
} cms_commands[] = {
    {"list", false, false, 1, cms_show, "DISK [PATTERN]           list files"},
    {"put", true, false, 2, cms_put,
     "DISK HOSTFILE...          copy files to it: [--name FN.FT] [--recfm F|V]\n"
     "                                  [--lrecl N] [--mode N] [--codepage 037|1047] [--binary] "
     "[--module]"},
    {"get", false, false, 2, cms_get,
     "DISK FN.FT [HOSTFILE]     copy a file from it: [--codepage 037|1047]\n"
     "                                  [--binary]"},
    {"erase", true, false, 2, cms_erase, "DISK FN.FT...             erase files"},
    {"check", false, true, 1, cms_check_it, "DISK                     is it consistent?"},
    {"repair", true, true, 1, cms_repair_it, "DISK                    make it so"},
    {NULL, false, false, 0, NULL, NULL},
};

static bool do_cms(struct line *l)
{
    const struct cms_command *k = cms_commands;
    struct cms_disk c;
    unsigned start, cylinders;
    while (k->name && strcmp(k->name, l->word[0]))
        k++;
    if (!k->name)
        return volume_fail(&l->volume, "there is no command cms %s", l->word[0]);
    memmove(l->word, l->word + 1, sizeof l->word - sizeof l->word[0]);
    l->words--;
    if (l->words < k->least)
        return volume_fail(&l->volume, "cms %s %s", k->name, k->help);
    if (!open_place(l, l->word[0], k->write, &start, &cylinders))
        return false;
    if (k->unmounted)
        return cms_disk_find(&c, &l->volume, start, cylinders) && k->run(l, &c);
    if (!cms_disk_open(&c, &l->volume, start, cylinders, k->write))
        return false;
    bool ok = k->run(l, &c);
    if (!ok) {
        edf_abandon(&c.disk); /* the message stays that of the command */
        free(c.memory);
        return false;
    }
    return cms_disk_close(&c);
}

static const struct command {
    const char *name;
    int least, most;
    bool (*run)(struct line *l);
    const char *help;
} commands[] = {
    {"create", 1, 1, do_create,
     "FILE [--type 3350] [--cyls N] [--volser X]   a new image; of a\n"
     "                     fixed-block disk: [--type 3370] [--blocks N]"},
    {"info", 1, 1, do_info,
     "FILE                                           what kind of image it is"},
    {"copy", 2, 2, do_copy,
     "FILE NEW [--compress none|zlib|bzip2]         a copy, plain or compressed"},
    {"format", 1, 1, do_format,
     "FILE [--at CYL] [--cyls N]                   CP's 4096-byte records"},
    {"label", 2, 2, do_label, "FILE VOLSER                                   change the label"},
    {"allocate", 3, WORDS, do_allocate,
     "FILE KIND FIRST-LAST...                    what cylinders are for"},
    {"nucleus", 2, 2, do_nucleus,
     "FILE ELF                                    a program for IPL; also\n"
     "                     FILE@CYL ELF --at CYL [--cyls N]"},
    {"directory", 1, 2, do_directory,
     "FILE SOURCE | --check SOURCE              the user directory"},
    {"minidisks", 2, 2, do_minidisks,
     "FILE SOURCE [--blksize N]                 format the users' disks"},
    {"list", 1, 1, do_list, "FILE                                           label and allocation"},
    {"cms-format", 1, 1, do_cms_format,
     "FILE [--at CYL] [--cyls N] [--label L]\n"
     "                     [--blksize N] [--nucleus N]              a CMS disk;\n"
     "                     on a fixed-block disk [--at BLOCK] [--blocks N]"},
    {"cms", 2, WORDS, do_cms, NULL},
    {NULL, 0, 0, NULL, NULL},
};

static int usage(FILE *to)
{
    fprintf(to, "usage: datbox volume COMMAND ...\n");
    for (const struct command *k = commands; k->name; k++)
        if (k->help)
            fprintf(to, "  %-10s %s\n", k->name, k->help);
    for (const struct cms_command *k = cms_commands; k->name; k++)
        fprintf(to, "  cms %-6s %s\n", k->name, k->help);
    fprintf(to, "DISK is FILE, FILE@CYL, FILE@CYL.CYLS, or FILE@USERID:191 --directory SOURCE;\n"
                "of a fixed-block disk FILE, FILE@BLOCK, FILE@BLOCK.BLOCKS\n");
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

int volume_main(int argc, char **argv)
{
    static struct line l;
    const struct command *k = commands;
    if (argc > 1 && !strcmp(argv[1], "--help"))
        return usage(stdout);
    if (argc < 2)
        return usage(stderr);
    while (k->name && strcmp(k->name, argv[1]))
        k++;
    if (!k->name)
        return wrong("there is no command %s", argv[1]), usage(stderr);
    int status = take_line(&l, argc - 2, argv + 2);
    if (status != STATUS_OK)
        return status;
    if (l.words < k->least || l.words > k->most)
        return wrong("wrong number of operands for %s (datbox volume --help)", k->name);
    bool ok = k->run(&l);
    volume_close(&l.volume);
    if (!ok)
        fprintf(stderr, "datbox volume: %s\n", l.volume.message);
    return ok ? STATUS_OK : STATUS_FAILED;
}
