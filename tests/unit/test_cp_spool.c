/* Proves: CP's virtual reader, punch and printer and its spool commands do what VM/370's
 * users expect, on CP's own code over a store in memory.  What they need of CP's core (slots,
 * virtual channels, tasks, terminals) is played here. */
#include "cp/spool/cmd_device.c"
#undef READER
#undef CONSOLE
#undef OUTPUT
#include "cp/spool/cmd_file.c"
#undef MODULE
#include "cp/spool/cmd_query.c"
#undef MODULE
#include "cp/spool/diag14.c"
#undef ADDRESS
#include "cp/spool/state.c"
#include "cp/spool/vprinter.c"
#include "cp/spool/vpunch.c"
#include "cp/spool/vreader.c"
#include "cp/spool/vspool.c"

#include "lib/ebcdic.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOTS 260u
#define TEMP  130u /* the slots before are a checkpoint cylinder */

struct cp_state cp;
static uint8_t slots[SLOTS][SLOT_SIZE];
static bool used[SLOTS];
static unsigned slot_limit;
static char said[8000];
static struct vmblok users[3];
static int wakes, attentions;

/* --- CP's core, played; who is not logged on is not in the directory --- */

void *cp_alloc(size_t size)
{
    return calloc(1, size);
}
void cp_free(void *block, size_t size)
{
    free(block);
}
bool slot_read(uint32_t slot, void *page)
{
    memcpy(page, slots[slot], SLOT_SIZE);
    return true;
}
bool slot_write(uint32_t slot, const void *page)
{
    memcpy(slots[slot], page, SLOT_SIZE);
    return true;
}
uint32_t slot_alloc(enum slot_kind kind)
{
    for (uint32_t i = TEMP; i < slot_limit; i++)
        if (!used[i]) {
            used[i] = true;
            return i;
        }
    return 0;
}
void slot_free(uint32_t slot)
{
    ck_assert(used[slot]);
    used[slot] = false;
}
bool slot_reserve(enum slot_kind kind, uint32_t slot)
{
    if (slot < TEMP || slot >= SLOTS || used[slot])
        return false;
    used[slot] = true;
    return true;
}
uint32_t slot_area(enum slot_kind kind, unsigned n)
{
    return n ? 0 : 1;
}
uint64_t tod_now(void)
{
    static uint64_t tod = 0xe0a0000000000000u;
    return tod += 4096;
}
void task_sleep(const void *channel)
{
    ck_abort_msg("a task would sleep for ever");
}
void task_wake(const void *channel)
{
}
void units_start(bool drained)
{
}
void spool_wake_units(void)
{
    wakes++;
}
struct vmblok *vm_find(const char *userid)
{
    for (int i = 0; i < 3; i++)
        if (users[i].logged_on && !strcmp(users[i].userid, userid))
            return &users[i];
    return NULL;
}
enum directory_error userdir_find(const char *userid, struct directory_user *user)
{
    return DIRECTORY_NOT_FOUND;
}
void panic(enum panic_code code, const char *format, ...)
{
    abort();
}
static void say(const char *who, const char *format, va_list args)
{
    char text[300];
    vfmt(text, sizeof text, format, args);
    sprintf(said + strlen(said), "%s: %s\n", who, text);
}
void cp_printf(struct vmblok *vm, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(vm->userid, format, args);
    va_end(args);
}
void operator_printf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say("OPERATOR", format, args);
    va_end(args);
}
int cp_error(struct vmblok *vm, const char *module, int number, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sprintf(said + strlen(said), "%03d ", number);
    say(vm->userid, format, args);
    va_end(args);
    return number;
}
int error_operand(struct vmblok *vm, const char *module, const char *word)
{
    return cp_error(vm, module, word && *word ? 2 : 26, "OPERAND %s", word ? word : "");
}
int error_option(struct vmblok *vm, const char *module, const char *word)
{
    return cp_error(vm, module, 3, "INVALID OPTION - %s", word);
}
int error_userid(struct vmblok *vm, const char *module)
{
    return cp_error(vm, module, 20, "USERID MISSING OR INVALID");
}
int error_no_device(struct vmblok *vm, const char *module, uint32_t vaddr)
{
    return cp_error(vm, module, 40, "DEV %03X DOES NOT EXIST", (unsigned)vaddr);
}

/* --- virtual devices, played --- */

static uint8_t data[256];
static uint32_t data_length;

static uint8_t storage[8192];

bool guest_read(struct vmblok *vm, uint32_t address, void *to, uint32_t length)
{
    if (address + length > sizeof storage)
        return false;
    memcpy(to, storage + address, length);
    return true;
}
bool guest_write(struct vmblok *vm, uint32_t address, const void *from, uint32_t length)
{
    if (address + length > sizeof storage)
        return false;
    memcpy(storage + address, from, length);
    return true;
}

struct vdev *vdev_create(struct vmblok *vm, uint16_t address, const struct vdev_ops *ops)
{
    struct vdev *vdev = calloc(1, sizeof *vdev);
    vdev->vm = vm;
    vdev->ops = ops;
    vdev->address = address;
    list_append(&vm->vdevs, &vdev->link);
    return vdev;
}
struct vdev *vdev_find(struct vmblok *vm, uint16_t address)
{
    LIST_EACH(it, &vm->vdevs)
    {
        struct vdev *vdev = LIST_ENTRY(it, struct vdev, link);
        if (vdev->address == address)
            return vdev;
    }
    return NULL;
}
void vdev_attention(struct vdev *vdev, uint8_t unit_status)
{
    ck_assert_uint_eq(unit_status, UNIT_DEVICE_END);
    attentions++;
}
uint32_t vchannel_give(struct vdev *vdev, const void *from, uint32_t length)
{
    memcpy(data, from, length);
    return data_length = length;
}
uint32_t vchannel_take(struct vdev *vdev, void *to, uint32_t length)
{
    uint32_t n = length < data_length ? length : data_length;
    memcpy(to, data, n);
    return n;
}
unsigned vdev_check(struct vdev *vdev, uint8_t sense0)
{
    vdev->sense[0] = sense0;
    return UNIT_CHANNEL_END | UNIT_DEVICE_END | UNIT_CHECK;
}

/* --- driving it --- */

static unsigned command(struct vmblok *vm, uint16_t address, uint8_t code, const char *text)
{
    struct vdev *vdev = vdev_find(vm, address);
    data_length = (uint32_t)strlen(text);
    ebcdic_from_latin1(data, text, data_length);
    vdev->ch.command = code;
    return vdev->ops->command(vdev, &vdev->ch);
}

#define CE_DE (UNIT_CHANNEL_END | UNIT_DEVICE_END)

/* Reads a card, and compares its beginning. */
static void read_card(struct vmblok *vm, const char *expected)
{
    char text[256];
    ck_assert_uint_eq(command(vm, 0x00c, 0x02, ""), CE_DE);
    latin1_from_ebcdic(text, data, data_length);
    ck_assert_msg(!strncmp(text, expected, strlen(expected)), "card is %.80s", text);
}

static const char *run(command_function *function, struct vmblok *vm, const char *operands)
{
    said[0] = 0;
    function(vm, operands);
    return said;
}

static void add_user(struct vmblok *vm, const char *userid, uint8_t classes)
{
    memset(vm, 0, sizeof *vm);
    list_init(&vm->vdevs);
    strcpy(vm->userid, userid);
    strcpy(vm->distribution, "BIN7");
    vm->classes = classes;
    vm->logged_on = vm->set.imsg = true;
    ck_assert(vspool_create(vm, 0x00c, VSPOOL_2540R, 0));
    ck_assert(vspool_create(vm, 0x00d, VSPOOL_2540P, 'A'));
    ck_assert(vspool_create(vm, 0x00e, 0x1403, 'A'));
    ck_assert(!vspool_create(vm, 0x00e, 0x1403, 'A'));
    ck_assert(!vspool_create(vm, 0x00f, 0x3350, 'A'));
}

static struct vmblok *const user = &users[0], *const student = &users[1], *const maint = &users[2];

static void set_up(void)
{
    memset(slots, 0, sizeof slots);
    memset(used, 0, sizeof used);
    slot_limit = SLOTS;
    said[0] = 0;
    spool_init_state();
    ck_assert(spool_load(START_WARM));
    spool_begin("WARM", false);
    add_user(user, "CMSUSER", CLASS_G);
    add_user(student, "STUDENT2", CLASS_G);
    add_user(maint, "MAINT", CLASS_D | CLASS_G);
}

static void tear_down(void)
{
    for (int i = 0; i < 3; i++)
        while (!list_empty(&users[i].vdevs)) {
            struct vdev *vdev = LIST_ENTRY(users[i].vdevs.next, struct vdev, link);
            list_remove(&vdev->link);
            vdev->ops->detach(vdev);
            free(vdev);
        }
    struct spool *s = the_spool();
    for (unsigned q = 0; q <= SPOOL_QUEUES; q++)
        LIST_EACH_SAFE(it, &s->queue[q])
    free(LIST_ENTRY(it, struct spool_file, link));
    free(s->entries);
    free(s->generations);
    free(cp.spool);
}

START_TEST(print_and_query)
{
    ck_assert_str_eq(said, "OPERATOR: SPOOL WARM START: NO FILES\n");
    ck_assert_str_eq(run(command_spool, user, "printer class b copy 2 hold"), "");
    ck_assert_uint_eq(command(user, 0x00e, 0x8b, ""), CE_DE);
    ck_assert_uint_eq(command(user, 0x00e, 0x09, "HELLO"), CE_DE);
    ck_assert_uint_eq(command(user, 0x00e, 0x01, ""), CE_DE);
    ck_assert_uint_eq(command(user, 0x00e, 0xe9, "X"), CE_DE | UNIT_CHECK);
    ck_assert_uint_eq(vdev_find(user, 0x00e)->sense[0], SENSE_COMMAND_REJECT);
    ck_assert_str_eq(run(query_printer, user, ""), "CMSUSER: NO PRT FILES\n");
    ck_assert_str_eq(run(command_close, user, "00e name hello listing"),
                     "CMSUSER: PRT FILE 0001 FOR  CMSUSER  COPY 002 HOLD\n");
    run(query_printer, user, "all");
    ck_assert(strstr(said, "CMSUSER: ORIGINID FILE CLASS RECDS  CPY HOLD DATE  TIME"));
    ck_assert(strstr(said, "CMSUSER: CMSUSER  0001 B PRT 000003 002 USER "));
    ck_assert(strstr(said, " HELLO        LISTING      BIN7\n"));
    ck_assert(strstr(run(query_printer, maint, ""), "MAINT: OWNERID "));
    ck_assert_str_eq(run(query_printer, student, "1"),
                     "042 STUDENT2: SPOOLID 0001 DOES NOT EXIST\n");
    ck_assert_str_eq(run(query_files, user, ""), "CMSUSER: FILES: NO RDR, 0001 PRT, NO PUN\n");
    ck_assert_str_eq(run(command_change, user, "prt 1 class c nohold copy 99 name x y dist here"),
                     "CMSUSER: 0001 FILE CHANGED\n");
    ck_assert(strstr(run(query_printer, user, "all"), "0001 C PRT 000003 099 NONE"));
    ck_assert(strstr(said, " X            Y            HERE\n"));
    ck_assert(spool_select_output(the_spool(), SPOOL_PRINTER, "AC", NULL, NULL) != NULL);
    ck_assert_str_eq(run(command_change, maint, "system prt all hold"),
                     "MAINT: 0001 FILE CHANGED\n");
    ck_assert(strstr(run(query_printer, user, ""), "SYS\n"));
    ck_assert_str_eq(run(command_change, user, "prt all nohold"), "CMSUSER: 0001 FILE CHANGED\n");
    ck_assert(strstr(run(query_printer, user, ""), "SYS\n"));
    ck_assert_str_eq(run(command_purge, student, "prt all"), "STUDENT2: NO FILES PURGED\n");
    ck_assert_str_eq(run(command_purge, student, "prt 1"),
                     "042 STUDENT2: SPOOLID 0001 DOES NOT EXIST\n");
    ck_assert_str_eq(run(command_purge, user, "all"), "CMSUSER: 0001 FILE PURGED\n");
    for (unsigned i = TEMP; i < SLOTS; i++)
        ck_assert(!used[i]);
}
END_TEST

START_TEST(punch_to_reader)
{
    ck_assert_str_eq(run(command_spool, user, "00d to student2"), "");
    ck_assert_str_eq(run(command_spool, user, "00d to absentee"),
                     "053 CMSUSER: ABSENTEE NOT IN CP DIRECTORY\n");
    for (int file = 0; file < 2; file++) {
        ck_assert_uint_eq(command(user, 0x00d, 0x41, file ? "SECOND" : "FIRST CARD"), CE_DE);
        ck_assert_uint_eq(command(user, 0x00d, 0x01, "LAST CARD"), CE_DE);
        attentions = 0;
        run(command_close, user, "punch");
        ck_assert(strstr(said, file ? "STUDENT2: PUN FILE 0002 FROM CMSUSER  COPY 001 NOHOLD\n"
                                    : "STUDENT2: PUN FILE 0001 FROM CMSUSER  COPY 001 NOHOLD\n"));
        ck_assert(strstr(said, "CMSUSER: PUN FILE 000"));
        ck_assert_int_eq(attentions, 1);
    }
    ck_assert_str_eq(run(query_files, student, ""), "STUDENT2: FILES: 0002 RDR, NO PRT, NO PUN\n");
    ck_assert_str_eq(run(command_order, student, "rdr 2"), "STUDENT2: 0001 FILE ORDERED\n");
    read_card(student, "SECOND    ");
    ck_assert_uint_eq(data_length, 80);
    ck_assert_str_eq(run(command_purge, student, "rdr 2"), "STUDENT2: NO FILES PURGED\n");
    read_card(student, "LAST CARD ");
    ck_assert_uint_eq(command(student, 0x00c, 0x02, ""), CE_DE | UNIT_EXCEPTION);
    read_card(student, "FIRST CARD");
    /* Feed without reading, and reading without feeding. */
    ck_assert_uint_eq(command(student, 0x00c, 0xc2, ""), CE_DE);
    read_card(student, "LAST CARD");
    ck_assert_uint_eq(command(student, 0x00c, 0x02, ""), CE_DE | UNIT_EXCEPTION);
    ck_assert_uint_eq(command(student, 0x00c, 0x02, ""), CE_DE | UNIT_CHECK);
    ck_assert_uint_eq(vdev_find(student, 0x00c)->sense[0], SENSE_INTERVENTION);
    ck_assert_uint_eq(command(student, 0x00c, 0x01, ""), CE_DE | UNIT_CHECK);
    ck_assert_uint_eq(vdev_find(student, 0x00c)->sense[0], SENSE_COMMAND_REJECT);
}
END_TEST

START_TEST(reader_options)
{
    run(command_spool, user, "punch to *");
    for (int file = 0; file < 3; file++) {
        command(user, 0x00d, 0x01, file == 2 ? "CLASS Q" : "CARD");
        if (file == 2)
            run(command_spool, user, "d class q");
        run(command_close, user, "d");
    }
    run(command_spool, user, "reader class a cont hold");
    read_card(user, "CARD");
    read_card(user, "CARD");
    ck_assert_uint_eq(command(user, 0x00c, 0x02, ""), CE_DE | UNIT_EXCEPTION);
    run(query_reader, user, "");
    ck_assert(strstr(said, "0001 A PUN 000001 001 USER\n"));
    ck_assert(strstr(said, "0002 A PUN 000001 001 USER\n"));
    ck_assert(strstr(said, "0003 Q PUN 000001 001 NONE\n"));
    run(command_change, user, "rdr all nohold");
    run(command_spool, user, "reader class * nocont nohold noeof");
    read_card(user, "CARD");
    ck_assert_uint_eq(command(user, 0x00c, 0x02, ""), CE_DE | UNIT_CHECK);
    /* CLOSE with HOLD keeps what is half read; the next reading begins at its first card. */
    read_card(user, "CARD");
    run(command_close, user, "reader hold");
    ck_assert(strstr(run(query_reader, user, ""), "0002 A PUN 000001 001 USER\n"));
    ck_assert_str_eq(run(command_purge, user, "reader class q 2"), "CMSUSER: 0002 FILES PURGED\n");
    ck_assert_str_eq(run(query_reader, user, ""), "CMSUSER: NO RDR FILES\n");
}
END_TEST

START_TEST(transfer_back_and_forth)
{
    run(command_spool, user, "punch to *");
    command(user, 0x00d, 0x01, "CARD");
    run(command_close, user, "punch name my deck");
    ck_assert_str_eq(run(command_transfer, user, "1 to student2"),
                     "STUDENT2: PUN FILE 0001 FROM CMSUSER  COPY 001 NOHOLD\n"
                     "CMSUSER: 0001 FILE TRANSFERRED\n");
    ck_assert_str_eq(run(command_transfer, user, "1 to student2"),
                     "042 CMSUSER: SPOOLID 0001 DOES NOT EXIST\n");
    ck_assert_str_eq(run(command_transfer, student, "all from cmsuser"),
                     "STUDENT2: NO FILES TRANSFERRED\n");
    ck_assert_str_eq(run(command_transfer, user, "all from student2"),
                     "CMSUSER: 0001 FILE TRANSFERRED\n");
    ck_assert_str_eq(run(command_transfer, maint, "cmsuser rdr all student2"),
                     "STUDENT2: PUN FILE 0001 FROM MAINT    COPY 001 NOHOLD\n"
                     "MAINT: 0001 FILE TRANSFERRED\n");
    ck_assert_str_eq(run(command_transfer, student, "1"),
                     "020 STUDENT2: USERID MISSING OR INVALID\n");
    ck_assert_str_eq(run(command_tag, student, "file 1 NODE USER 50"), "");
    ck_assert_str_eq(run(command_tag, student, "query file 1"), "STUDENT2: NODE USER 50\n");
    ck_assert_str_eq(run(command_tag, student, "dev punch Hello There"), "");
    ck_assert_str_eq(run(command_tag, student, "query dev 00d"), "STUDENT2: Hello There\n");
}
END_TEST

START_TEST(full_spool)
{
    unsigned status, lines = 0;
    char text[133];
    memset(text, 'X', 132);
    text[132] = 0;
    slot_limit = TEMP + 3;
    do
        status = command(user, 0x00e, 0x09, text);
    while (status == CE_DE && ++lines);
    ck_assert_uint_eq(status, CE_DE | UNIT_CHECK);
    ck_assert_uint_eq(vdev_find(user, 0x00e)->sense[0], SENSE_INTERVENTION);
    ck_assert(strstr(said, "CMSUSER: DMKVSP428E PRT 00E: SPOOL SPACE FULL\n"));
    ck_assert(strstr(said, "OPERATOR: DMKPGT401I SPOOL SPACE FULL\n"));
    said[0] = 0;
    command(user, 0x00e, 0x09, text);
    ck_assert_str_eq(said, ""); /* once */
    slot_limit = TEMP + 4;
    ck_assert_uint_eq(command(user, 0x00e, 0x09, text), CE_DE);
    run(command_close, user, "e");
    struct spool_file *f = spool_next_file(the_spool(), SPOOL_PRINTER, NULL, "", '*');
    ck_assert_uint_eq(f->records, lines + 1);
    ck_assert(!spool_account_card(text));
}
END_TEST

static int diagnose_14(uint32_t rx, uint32_t subcode)
{
    const struct diagnose d = {0x14, 2, 4};
    user->regs.gr[2] = rx;
    user->regs.gr[4] = 0x00c;
    user->regs.gr[5] = subcode;
    return diagnose_spool(user, &d);
}

START_TEST(diagnose_14_reader)
{
    run(command_spool, user, "punch to *");
    for (int file = 1; file <= 2; file++) {
        command(user, 0x00d, 0x01, file == 1 ? "ONE" : "TWO");
        command(user, 0x00d, 0x01, "MORE");
        run(command_close, user, "punch");
    }
    /* The descriptions, one after the other. */
    memset(storage, 0, sizeof storage);
    ck_assert_int_eq(diagnose_14(0x100, 0xfff), 0);
    ck_assert_uint_eq(load_be16(storage + 0x100), 1);
    ck_assert_int_eq(diagnose_14(0x100, 0xfff), 0);
    ck_assert_uint_eq(load_be16(storage + 0x100), 2);
    ck_assert_int_eq(diagnose_14(0x100, 0xfff), 1);
    ck_assert_int_eq(diagnose_14(sizeof storage, 0xfff), -PGM_ADDRESSING);
    /* The second file is selected, read, taken back by a card and to its beginning. */
    ck_assert_int_eq(diagnose_14(7, 0x00c), 2);
    ck_assert_int_eq(diagnose_14(2, 0x00c), 0);
    ck_assert_int_eq(diagnose_14(1, 0x00c), 3);
    read_card(user, "TWO");
    read_card(user, "MORE");
    ck_assert_int_eq(diagnose_14(0, 0x018), 0);
    read_card(user, "MORE");
    ck_assert_int_eq(diagnose_14(0, 0x014), 0);
    read_card(user, "TWO");
    run(command_close, user, "reader");
    /* The first, block by block. */
    ck_assert_int_eq(diagnose_14(0x1000, 0x000), 0);
    ck_assert_uint_eq(load_be32(storage + 0x1000), SPOOL_BLOCK_MAGIC);
    ck_assert_int_eq(diagnose_14(0x1000, 0x000), 1);
    ck_assert_int_eq(diagnose_14(0x1000, 0x000), 2);
    ck_assert_int_eq(diagnose_14(0x1000, 0x123), 3);
    const struct diagnose odd = {0x14, 2, 5};
    ck_assert_int_eq(diagnose_spool(user, &odd), -PGM_SPECIFICATION);
    user->regs.gr[4] = 0x00e;
    const struct diagnose printer = {0x14, 2, 4};
    ck_assert_int_eq(diagnose_spool(user, &printer), 3);
    ck_assert_uint_eq(user->regs.gr[5], 8);
}
END_TEST

/* --- random sessions --- */

static uint32_t seed;

static uint32_t chance(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % n;
}

static void random_command(struct vmblok *vm)
{
    static command_function *const functions[] = {
        command_spool,    command_spool,  command_close, command_close,
        command_tag,      command_change, command_order, command_purge,
        command_transfer, query_reader,   query_printer, query_files,
    };
    static const char *const words[] = {
        "rdr",   "prt",    "punch", "00c",  "00d",    "00e",      "all",
        "class", "a",      "b",     "*",    "to",     "student2", "cmsuser",
        "maint", "system", "from",  "hold", "nohold", "cont",     "nocont",
        "copy",  "3",      "name",  "x",    "dist",   "purge",    "eof",
        "noeof", "for",    "1",     "2",    "4",      "5",        "7",
        "file",  "dev",    "query", "0",    "9901",   "close",    "nameofthirteenandmore",
        "(",     "q",
    };
    char line[200] = "";
    /* Mostly sensible beginnings. */
    for (unsigned i = chance(5) + 1; i; i--)
        sprintf(line + strlen(line), "%s ", words[chance(sizeof words / sizeof words[0])]);
    run(functions[chance(sizeof functions / sizeof functions[0])], vm, line);
}

static void random_io(struct vmblok *vm)
{
    static const uint8_t codes[] = {0x01, 0x09, 0x11, 0x89, 0x8b, 0x0b, 0x41, 0x02,
                                    0xc2, 0x23, 0x42, 0x63, 0x73, 0xff, 0x03};
    char text[140];
    unsigned length = chance(sizeof text);
    memset(text, 'T', length);
    text[length] = 0;
    unsigned status = command(vm, (uint16_t)(0x00c + chance(3)), codes[chance(sizeof codes)], text);
    ck_assert(status & UNIT_DEVICE_END);
}

/* All files as QUERY shows them, and how many blocks they have. */
static uint32_t list_all(char *to)
{
    uint32_t blocks = 0;
    to[0] = 0;
    for (unsigned q = SPOOL_READER; q <= SPOOL_QUEUES; q++) {
        struct spool_file *f = NULL;
        while ((f = spool_next_file(the_spool(), q, f, "", '*'))) {
            char line[SPOOL_LINE];
            spool_report_line(line, sizeof line, f, true, true);
            to += sprintf(to, "%u %s %s %s\n", q, line, f->origin, f->tag);
            blocks += f->blocks;
        }
    }
    return blocks;
}

START_TEST(random_sessions)
{
    static char before[200 * SPOOL_LINE * 3], after[sizeof before];
    seed = 370 + (uint32_t)_i;
    if (_i % 3 == 0)
        slot_limit = TEMP + 6; /* often full */
    for (int n = 0; n < 1500; n++) {
        said[0] = 0;
        if (chance(3))
            random_io(&users[chance(3)]);
        else
            random_command(&users[chance(3)]);
    }
    /* Everybody logs off; what is left is what a restart finds. */
    slot_limit = SLOTS;
    for (int i = 0; i < 3; i++)
        while (!list_empty(&users[i].vdevs)) {
            struct vdev *vdev = LIST_ENTRY(users[i].vdevs.next, struct vdev, link);
            said[0] = 0;
            list_remove(&vdev->link);
            vdev->ops->detach(vdev);
            free(vdev);
        }
    uint32_t blocks = list_all(before);
    for (uint32_t i = TEMP; i < SLOTS; i++)
        blocks -= used[i];
    ck_assert_uint_eq(blocks, 0);
    tear_down();
    memset(used, 0, sizeof used);
    said[0] = 0;
    spool_init_state();
    ck_assert(spool_load(START_WARM));
    spool_begin("WARM", false);
    list_all(after);
    ck_assert_str_eq(before, after);
    ck_assert(!strstr(said, "LOST"));
}
END_TEST

START_TEST(bad_operands)
{
    static const struct {
        command_function *function;
        const char *operands;
        int number;
    } bad[] = {
        {command_spool, "", 22},
        {command_spool, "xyz", 22},
        {command_spool, "00f class a", 40},
        {command_spool, "00c", 26},
        {command_spool, "00c copy 2", 13},
        {command_spool, "00e copy 100", 30},
        {command_spool, "00e copy", 30},
        {command_spool, "00e class", 28},
        {command_spool, "00e class *", 28},
        {command_spool, "00e what", 3},
        {command_spool, "00e to", 20},
        {command_spool, "00e to a.b", 20},
        {command_spool, "00e start", 13},
        {command_spool, "console start", 40},
        {command_close, "", 22},
        {command_close, "00e what", 3},
        {command_close, "00e name", 26},
        {command_purge, "", 35},
        {command_purge, "rdr", 27},
        {command_purge, "rdr 0", 8},
        {command_purge, "rdr 9901", 8},
        {command_purge, "rdr 12", 42},
        {command_purge, "rdr class", 28},
        {command_purge, "console all", 35},
        {command_change, "rdr", 27},
        {command_change, "rdr all", 26},
        {command_change, "rdr all what", 3},
        {command_change, "rdr all copy 0", 30},
        {command_change, "maint rdr all hold", 35},
        {command_order, "prt", 27},
        {command_transfer, "", 35},
        {command_transfer, "all to nobody99", 53},
        {command_tag, "", 26},
        {command_tag, "what", 2},
        {command_tag, "file", 27},
        {command_tag, "file 9", 42},
        {command_tag, "dev 00c x", 6},
        {query_reader, "class", 28},
        {query_reader, "maint", 2},
        {query_reader, "17", 42},
        {query_files, "maint", 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(bad[i].function(user, bad[i].operands) == bad[i].number,
                      "number %zu, operands '%s'", i, bad[i].operands);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("CP spool");
    TCase *t = tcase_create("CP spool");
    suite_add_tcase(suite, t);
    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, print_and_query);
    tcase_add_test(t, punch_to_reader);
    tcase_add_test(t, reader_options);
    tcase_add_test(t, transfer_back_and_forth);
    tcase_add_test(t, full_spool);
    tcase_add_test(t, diagnose_14_reader);
    tcase_add_loop_test(t, random_sessions, 0, 40);
    tcase_add_test(t, bad_operands);
    return run_suite(suite);
}
