/* DUMP, VMDUMP and DMCP: registers and storage, of the virtual machine or of CP, to the user's
 * virtual printer; VMDUMP's to a reader.  Source: CP Command Reference for General Users,
 * GC20-1820, "DUMP"; Operator's Guide. */
#include "cp/commands/commands.h"
#include "cp/commands/state.h"
#include "cp/commands/view.h"
#include "cp/guest.h"
#include "cp/spool/cpspool.h"
#include "cp/text/operands.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "lib/str.h"

#define MODULE       "CDM"
#define LINE_BYTES   32u
#define PRINT_LINE   0x09 /* and space one line */
#define SKIP_TO_PAGE 0x8b
#define FAILED       428 /* the number of the spool's message */
#define RANGES       16  /* in one command */

struct dump {
    struct vmblok *of; /* NULL: CP */
    struct vspool *printer;
    const char *format; /* VMDUMP FORMAT; NULL: it was not given */
    bool failed;
    /* Lines that are the same as the last one are counted only. */
    uint8_t last[LINE_BYTES];
    bool has_last;
    uint32_t same_from, same; /* address of the first of them, and how many */
};

static void put(struct dump *d, uint8_t command, const char *text, size_t length)
{
    struct spool_record record = {command, 0, (uint16_t)length, (const uint8_t *)text};
    enum spool_result result = d->failed ? SPOOL_OK : vspool_put(d->printer, &record);
    if (result == SPOOL_OK)
        return;
    d->failed = true;
    if (d->printer->vdev)
        vspool_failed(d->printer, result);
    else
        spool_tell_full(result);
}

static void line(struct dump *d, const char *format, ...) FMT_CHECK(2, 3);
static void line(struct dump *d, const char *format, ...)
{
    char text[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    size_t length = vfmt(text, sizeof text, format, args);
    va_end(args);
    put(d, PRINT_LINE, text, length);
}

static void heading(struct dump *d, const struct vmblok *vm, const char *dumpid)
{
    char stamp[CLOCK_STAMP_SIZE];
    clock_format_stamp(stamp, tod_now());
    put(d, SKIP_TO_PAGE, "", 0);
    line(d, "DUMP OF %-8s BY %-8s %s  %s", d->of ? d->of->userid : "CP", vm->userid, stamp, dumpid);
    if (d->format && *d->format)
        line(d, "FORMAT %s", d->format);
    line(d, " ");
}

static void registers(struct dump *d, const char *name, const uint32_t *r)
{
    for (int i = 0; i < 16; i += 8)
        line(d, "%s %2d-%-2d  %08X %08X %08X %08X  %08X %08X %08X %08X", name, i, i + 7,
             (unsigned)r[i], (unsigned)r[i + 1], (unsigned)r[i + 2], (unsigned)r[i + 3],
             (unsigned)r[i + 4], (unsigned)r[i + 5], (unsigned)r[i + 6], (unsigned)r[i + 7]);
}

static void processor(struct dump *d)
{
    const struct vmblok *vm = d->of;
    line(d, "PSW        %08X %08X", (unsigned)(vm->psw >> 32), (unsigned)vm->psw);
    registers(d, "GPR", vm->regs.gr);
    registers(d, "ECR", vm->cr);
    line(d, "FPR  0-6   %08X%08X %08X%08X %08X%08X %08X%08X", (unsigned)(vm->regs.fpr[0] >> 32),
         (unsigned)vm->regs.fpr[0], (unsigned)(vm->regs.fpr[1] >> 32), (unsigned)vm->regs.fpr[1],
         (unsigned)(vm->regs.fpr[2] >> 32), (unsigned)vm->regs.fpr[2],
         (unsigned)(vm->regs.fpr[3] >> 32), (unsigned)vm->regs.fpr[3]);
    line(d, " ");
}

static void end_same(struct dump *d)
{
    if (d->same)
        line(d, "%06X TO %06X  THE SAME", (unsigned)d->same_from,
             (unsigned)(d->same_from + d->same * LINE_BYTES - 1));
    d->same = 0;
}

static void storage_line(struct dump *d, uint32_t at, const uint8_t *bytes)
{
    char text[MESSAGE_MAX];
    if (d->has_last && memcmp(bytes, d->last, LINE_BYTES) == 0) {
        if (!d->same++)
            d->same_from = at;
        return;
    }
    end_same(d);
    memcpy(d->last, bytes, LINE_BYTES);
    d->has_last = true;
    size_t used = fmt(text, sizeof text, "%06X  ", (unsigned)at);
    for (unsigned i = 0; i < LINE_BYTES; i += 4)
        used += fmt(text + used, sizeof text - used, i == 16 ? "  %08X" : " %08X",
                    (unsigned)load_be32(bytes + i));
    used += fmt(text + used, sizeof text - used, "  ");
    used += view_text(text + used, bytes, LINE_BYTES);
    put(d, PRINT_LINE, text, used);
}

static void dump_range(struct dump *d, struct vmblok *vm, const struct operand_range *range)
{
    uint8_t bytes[LINE_BYTES];
    uint32_t last = range->to_end ? view_size(d->of) - 1 : range->last;
    d->has_last = false;
    for (uint32_t at = range->first & ~(LINE_BYTES - 1); at <= last && !d->failed;
         at += LINE_BYTES) {
        if (view_get(d->of, at, bytes, sizeof bytes))
            storage_line(d, at, bytes);
        if (vm->work & WORK_FORCE)
            break;
        if (at % PAGE_SIZE == 0)
            task_yield();
    }
    end_same(d);
}

/* One operand: [L]hexloc, a range of them, or *dumpid, which is the rest of the line. */
static bool parse(const char *word, struct operand_range *range)
{
    const char *rest = str_upper(word[0]) && strchr("LTK", str_upper(word[0])) ? word + 1 : word;
    *range = (struct operand_range){0, 0, true};
    return !*rest || operand_range(rest, range);
}

/* What is to be dumped, up to a word that is no address; that begins at *operands then. */
struct what {
    struct operand_range range[RANGES];
    unsigned count;
};

/* The keywords of VMDUMP, which follow the addresses. */
static bool is_option(const char *word)
{
    return str_equal(word, "TO") || str_equal(word, "SYSTEM") || str_equal(word, "FORMAT") ||
           str_equal(word, "DSS");
}

/* Takes addresses off the line.  0, or the number of a message. */
static int take_ranges(struct vmblok *vm, const struct vmblok *of, const char **operands,
                       struct what *what)
{
    char word[WORD_SIZE];
    const char *rest = *operands;
    what->count = 0;
    for (; str_word(&rest, word, sizeof word); *operands = rest) {
        struct operand_range *range = &what->range[what->count];
        if (word[0] == '*' || is_option(word))
            break;
        if (what->count == RANGES || !parse(word, range))
            return error_operand(vm, MODULE, word);
        if (range->first >= view_size(of) || (!range->to_end && range->last >= view_size(of)))
            return cp_error(vm, MODULE, 160, "HEXLOC %06X EXCEEDS STORAGE",
                            (unsigned)(range->to_end ? range->first : range->last));
        what->count++;
    }
    if (!what->count)
        what->range[what->count++] = (struct operand_range){0, 0, true};
    return 0;
}

/* The text behind "*" where the line goes on. */
static const char *take_dumpid(const char *operands)
{
    while (*operands == ' ')
        operands++;
    return *operands == '*' ? operands + 1 : "";
}

static void dump_all(struct dump *d, struct vmblok *vm, const struct what *what, const char *dumpid)
{
    vm_timers_update(vm);
    heading(d, vm, dumpid);
    if (d->of)
        processor(d);
    for (unsigned i = 0; i < what->count; i++)
        dump_range(d, vm, &what->range[i]);
}

static int dump(struct vmblok *vm, struct vmblok *of, const char *operands)
{
    struct what what;
    char word[WORD_SIZE];
    int error = take_ranges(vm, of, &operands, &what);
    if (error)
        return error;
    const char *rest = operands;
    if (str_word(&rest, word, sizeof word) && word[0] != '*')
        return error_operand(vm, MODULE, word);
    struct dump d = {.of = of, .printer = vprinter_of(vm)};
    if (!d.printer)
        return cp_error(vm, MODULE, 40, "DEV PRT DOES NOT EXIST");
    dump_all(&d, vm, &what, take_dumpid(operands));
    if (d.failed)
        return FAILED;
    cp_printf(vm, "COMMAND COMPLETE");
    return 0;
}

/* What VMDUMP wants besides. */
struct vmdump {
    char userid[USERID_SIZE]; /* whose reader gets the dump */
    char format[9];           /* what runs in the virtual machine, for the heading */
    bool segments;            /* saved segments beyond the end of storage, too */
};

/* TO userid|*: one's own reader if nothing is said; SYSTEM is the operator's. */
static int take_destination(struct vmblok *vm, const char *word, const char **operands,
                            char *userid)
{
    char to[WORD_SIZE];
    str_copy(to, word, sizeof to);
    if (str_equal(word, "TO") && !str_word(operands, to, sizeof to))
        return error_userid(vm, MODULE);
    if (str_equal(to, "SYSTEM"))
        str_copy(userid, "OPERATOR", USERID_SIZE);
    else if (!str_equal(to, "*") && !operand_userid(to, userid))
        return error_userid(vm, MODULE);
    if (!spool_user_exists(userid))
        return cp_error(vm, MODULE, 53, "%s NOT IN CP DIRECTORY", userid);
    return 0;
}

static int take_options(struct vmblok *vm, const char **operands, struct vmdump *options)
{
    char word[WORD_SIZE];
    const char *rest = *operands;
    int error = 0;
    str_copy(options->userid, vm->userid, sizeof options->userid);
    for (; !error && str_word(&rest, word, sizeof word) && word[0] != '*'; *operands = rest) {
        if (str_equal(word, "TO") || str_equal(word, "SYSTEM"))
            error = take_destination(vm, word, &rest, options->userid);
        else if (str_equal(word, "DSS"))
            options->segments = true;
        else if (str_equal(word, "FORMAT") && str_word(&rest, word, sizeof word))
            str_copy(options->format, word, sizeof options->format);
        else
            error = error_operand(vm, MODULE, word);
    }
    str_upcase(options->format, strlen(options->format));
    return error;
}

/* Segments that lie beyond the end of storage. */
static void dump_segments(struct dump *d, struct vmblok *vm)
{
    for (uint32_t n = vm->storage_size / SEGMENT_SIZE; n < vm->segment_count; n++) {
        struct operand_range range = {n * SEGMENT_SIZE, (n + 1) * SEGMENT_SIZE - 1, false};
        if (guest_page_exists(vm, PAGE_OF(range.first)))
            dump_range(d, vm, &range);
    }
}

int command_vmdump(struct vmblok *vm, const char *operands)
{
    static const struct close_options options = {.force = true, .name = "VMDUMP", .type = "DUMP"};
    struct what what;
    struct vmdump wanted = {0};
    int error = take_ranges(vm, vm, &operands, &what);
    if (!error)
        error = take_options(vm, &operands, &wanted);
    if (error)
        return error;
    /* A printer of its own, without a device. */
    struct vspool *printer = cp_alloc(sizeof *printer);
    if (!printer)
        return cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
    printer->vm = vm;
    printer->kind = SPOOL_PRINTER;
    printer->set = (struct vspool_settings){.class = 'V', .copies = 1, .destination = TO_USER};
    str_copy(printer->set.user, wanted.userid, sizeof printer->set.user);
    struct dump d = {.of = vm, .printer = printer, .format = wanted.format};
    dump_all(&d, vm, &what, take_dumpid(operands));
    if (wanted.segments)
        dump_segments(&d, vm);
    if (!d.failed)
        vspool_close(printer, &options);
    bool failed = printer->writer.file != NULL;
    if (failed)
        spool_write_purge(the_spool(), &printer->writer);
    cp_free(printer, sizeof *printer);
    if (failed)
        return cp_error(vm, "VSP", FAILED, "VMDUMP: %s", spool_result_text(SPOOL_FULL));
    cp_printf(vm, "COMMAND COMPLETE");
    return 0;
}

int command_dump(struct vmblok *vm, const char *operands)
{
    return dump(vm, vm, operands);
}

int command_dmcp(struct vmblok *vm, const char *operands)
{
    return dump(vm, NULL, operands);
}
