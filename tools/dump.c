/* datbox dump: what CP wrote when it failed (cp/dump.h), from a volume that no machine uses: why
 * and where, the registers, who had called, who was logged on; or any of CP's storage.  Names come
 * from CP's ELF file. */
#include "tools/tools.h"

#include "cp/dump.h"
#include "lib/ebcdic.h"
#include "lib/str.h"
#include "s370/operator/symbols.h"
#include "tools/datadir.h"
#include "tools/volume/volume.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOTS_PER_CYLINDER 120u
#define SLOTS_PER_TRACK    4u
#define STACK              8192u /* of a task */
#define TOD_1970           UINT64_C(0x7d91048bca000000)
#define CALLERS            40

struct dump {
    struct volume volume;
    uint8_t map[CP_RECORD];
    struct dump_header header;
    struct symbols *symbols; /* NULL: none */
    uint32_t cached;         /* the page in `page`; UINT32_MAX: none */
    uint8_t page[CP_RECORD];
};

static int usage(FILE *to)
{
    fputs("usage: datbox dump VOLUME [--symbols ELF] [ADDRESS[.LENGTH]]...\n"
          "  shows the dump that CP wrote on its residence when it failed, or CP's storage at\n"
          "  hexadecimal addresses (or names, or name+1A); usually with the symbols of the built "
          "CP\n",
          to);
    return to == stdout ? STATUS_OK : STATUS_USAGE;
}

/* Slot `n` of the DUMP cylinders. */
static bool read_slot(struct dump *d, uint32_t n, void *page)
{
    for (unsigned c = 0; c < d->volume.cylinders; c++) {
        if (d->map[c] != ALLOCATION_DUMP)
            continue;
        if (n < SLOTS_PER_CYLINDER)
            return volume_read(&d->volume, c, n / SLOTS_PER_TRACK, n % SLOTS_PER_TRACK + 1, page,
                               CP_RECORD);
        n -= SLOTS_PER_CYLINDER;
    }
    return false;
}

/* Storage as it was; false if the address is not in the dump. */
static bool fetch(struct dump *d, uint32_t address, void *to, uint32_t length)
{
    for (uint8_t *at = to; length; length--, address++, at++) {
        uint32_t frame = address / CP_RECORD, n = 0, count = get32(d->header.pages);
        if (d->cached != frame) {
            while (n < count && get16(d->header.page[n]) != frame)
                n++;
            if (n == count || !read_slot(d, 1 + n, d->page))
                return false;
            d->cached = frame;
        }
        *at = d->page[address % CP_RECORD];
    }
    return true;
}

static bool fetch_word(struct dump *d, uint32_t address, uint32_t *word)
{
    uint8_t bytes[4];
    if (!fetch(d, address, bytes, 4))
        return false;
    *word = load_be32(bytes);
    return true;
}

/* --- what it shows --- */

static void print_text(const char *label, const char *field, size_t size)
{
    char text[130], native[129];
    latin1_from_ebcdic(native, field, size);
    for (size_t i = 0; i < size; i++)
        if ((uint8_t)native[i] < ' ')
            native[i] = ' ';
    str_unpad(text, native, size);
    printf("%s%s\n", label, text);
}

static void print_time(const char *label, uint64_t tod)
{
    time_t seconds = (time_t)((tod - TOD_1970) / 4096000000u);
    struct tm tm;
    char text[40];
    if (!gmtime_r(&seconds, &tm) || !strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &tm))
        text[0] = 0;
    printf("%s%s\n", label, text);
}

static void print_place(struct dump *d, uint32_t address)
{
    uint32_t offset;
    const char *name = symbols_find(d->symbols, address, &offset);
    printf("%06X", (unsigned)address);
    if (name)
        printf("  %s+%X", name, (unsigned)offset);
    putchar('\n');
}

/* Is it behind a BRASL or BASR in CP's code? */
static bool is_return(struct dump *d, uint32_t word)
{
    uint32_t end;
    uint8_t code[6];
    if (word & 1 || word < 0x1006 || !symbols_address(d->symbols, "__text_end", &end) ||
        word >= end || !fetch(d, word - 6, code, sizeof code))
        return false;
    return (code[0] == 0xc0 && (code[1] & 15) == 5) || code[4] == 0x0d;
}

static void print_callers(struct dump *d)
{
    uint32_t sp = get32(d->header.gr[15]) & 0x00fffffc, word;
    unsigned shown = 0;
    for (uint32_t at = sp; at < sp + STACK && shown < CALLERS && fetch_word(d, at, &word); at += 4)
        if (is_return(d, word)) {
            if (!shown++)
                puts("Called from (words on the stack; some may be left over):");
            printf("  ");
            print_place(d, word);
        }
}

static void print_registers(const char *name, const be32 *registers)
{
    for (int i = 0; i < 16; i += 4)
        printf("%s %2d-%2d  %08X %08X %08X %08X\n", name, i, i + 3, (unsigned)get32(registers[i]),
               (unsigned)get32(registers[i + 1]), (unsigned)get32(registers[i + 2]),
               (unsigned)get32(registers[i + 3]));
}

/* The user whose task ran: cp/glass.c tells where a VMBLOK has the name. */
static void print_user(struct dump *d)
{
    uint32_t at = get32(d->header.vmblok), userid;
    char name[8];
    if (at && symbols_constant(d->symbols, "glass_userid", &userid) &&
        fetch(d, at + userid, name, sizeof name))
        print_text("User:    ", name, sizeof name);
}

static void print_all(struct dump *d)
{
    const struct dump_header *h = &d->header;
    uint64_t psw = get64(h->psw);
    print_text("", h->message, sizeof h->message);
    print_time("Failed:  ", get64(h->tod));
    print_time("IPL:     ", get64(h->ipl_tod));
    print_text("Task:    ", h->task, sizeof h->task);
    print_user(d);
    printf("Storage: %uK, %u pages dumped", (unsigned)get32(h->storage_size) / 1024,
           (unsigned)get32(h->pages));
    if (get32(h->missing))
        printf(", no room for %u", (unsigned)get32(h->missing));
    putchar('\n');
    if (psw) {
        printf("PSW      %08X %08X  at ", (unsigned)(psw >> 32), (unsigned)psw);
        print_place(d, (uint32_t)psw & 0xffffff);
    }
    print_registers("GR", h->gr);
    print_registers("CR", h->cr);
    print_callers(d);
}

static bool print_storage(struct dump *d, const char *word)
{
    char place[80];
    uint32_t address, length = 64, offset = 0;
    str_copy(place, word, sizeof place);
    char *dot = strchr(place, '.'), *plus = strchr(place, '+');
    if (dot) {
        *dot = 0;
        if (!str_hex(dot + 1, &length))
            return false;
    }
    if (plus) {
        *plus = 0;
        if (!str_hex(plus + 1, &offset))
            return false;
    }
    if (!symbols_address(d->symbols, place, &address) && !str_hex(place, &address))
        return false;
    address += offset;
    print_place(d, address);
    for (uint32_t at = address & ~15u; at < address + length; at += 16) {
        uint8_t bytes[16];
        char text[17];
        if (!fetch(d, at, bytes, sizeof bytes)) {
            printf("%06X  is not in the dump\n", (unsigned)at);
            return true;
        }
        latin1_from_ebcdic(text, bytes, 16);
        for (int i = 0; i < 16; i++)
            text[i] = text[i] >= ' ' && text[i] < 127 ? text[i] : '.';
        text[16] = 0;
        printf("%06X  %08X %08X %08X %08X  *%s*\n", (unsigned)at, (unsigned)load_be32(bytes),
               (unsigned)load_be32(bytes + 4), (unsigned)load_be32(bytes + 8),
               (unsigned)load_be32(bytes + 12), text);
    }
    return true;
}

/* --- the command --- */

static bool open_dump(struct dump *d, const char *path)
{
    char volser[7];
    d->cached = UINT32_MAX;
    if (!volume_open(&d->volume, path, false))
        return false;
    if (!volume_read_label(&d->volume, volser, d->map))
        return false;
    if (!read_slot(d, 0, &d->header))
        return volume_fail(&d->volume, "has no DUMP cylinders");
    if (get32(d->header.magic) != DUMP_MAGIC)
        return volume_fail(&d->volume, "has no dump: CP did not fail");
    if (get32(d->header.pages) > DUMP_PAGES)
        return volume_fail(&d->volume, "has a damaged dump");
    return true;
}

/* The symbols that were given; or those of the built CP, if they are there. */
static bool read_symbols(struct dump *d, const char *path, const char *built)
{
    char error[200];
    d->symbols = symbols_read(path ? path : built, error, sizeof error);
    if (d->symbols || !path)
        return true;
    fprintf(stderr, "datbox dump: %s\n", error);
    return false;
}

int dump_main(int argc, char **argv)
{
    static struct dump d;
    const char *symbols = NULL, *volume = NULL;
    char volumes[PATH_MAX], built[PATH_MAX + 16];
    int first = argc, status = STATUS_OK;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help"))
            return usage(stdout);
        if (!strcmp(argv[i], "--symbols") && i + 1 < argc)
            symbols = argv[++i];
        else if (!volume)
            volume = argv[i];
        else if (first == argc)
            first = i;
    }
    if (!volume)
        return usage(stderr);
    datadir_built_volumes(volumes, sizeof volumes);
    snprintf(built, sizeof built, "%s/../cp.elf", volumes);
    if (!open_dump(&d, volume)) {
        fprintf(stderr, "datbox dump: %s\n", d.volume.message);
        status = STATUS_FAILED;
    } else if (!read_symbols(&d, symbols, built)) {
        status = STATUS_FAILED;
    } else if (first == argc) {
        print_all(&d);
    }
    for (int i = first; i < argc && status == STATUS_OK; i++) {
        if (!strcmp(argv[i], "--symbols"))
            i++;
        else if (!print_storage(&d, argv[i])) {
            fprintf(stderr, "datbox dump: %s is no address\n", argv[i]);
            status = STATUS_USAGE;
        }
    }
    symbols_free(d.symbols);
    if (d.volume.image)
        volume_close(&d.volume);
    return status;
}
