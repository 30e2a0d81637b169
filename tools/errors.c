/* datbox errors VOLUME: what devices have complained of, from the error recording area of a
 * residence that no machine uses (cp/errors.h). */
#include "tools/tools.h"

#include "cp/errors.h"
#include "lib/ebcdic.h"
#include "lib/str.h"
#include "tools/volume/volume.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define SLOTS_PER_TRACK 4u
#define TOD_1970        UINT64_C(0x7d91048bca000000)

static void print_hex(const char *label, const uint8_t *bytes, size_t n)
{
    printf(" %s ", label);
    for (size_t i = 0; i < n; i++)
        printf("%02X", bytes[i]);
}

/* A field of text; what cannot be shown as points. */
static void print_text(const char *field, size_t size)
{
    char text[ERRORS_GUEST + 1];
    latin1_from_ebcdic(text, field, size);
    for (size_t i = 0; i < size; i++)
        putchar(text[i] >= ' ' && text[i] <= '~' ? text[i] : '.');
}

static void print_device(const struct error_device *d)
{
    size_t sense = d->sense_length < sizeof d->sense ? d->sense_length : sizeof d->sense;
    printf(" %03X %04X ", (unsigned)get16(d->address), (unsigned)get16(d->type));
    print_text(d->volser, sizeof d->volser);
    print_hex("CCW", d->ccw, sizeof d->ccw);
    print_hex("CSW", d->csw, sizeof d->csw);
    print_hex("SENSE", d->sense, sense);
    if (d->retried)
        printf(" (tried again)");
}

static void print_record(const struct error_record *r)
{
    time_t seconds = (time_t)((get64(r->tod) - TOD_1970) / 4096000000u);
    struct tm tm;
    char at[24] = "?";
    size_t length = get16(r->length) < ERRORS_GUEST ? get16(r->length) : ERRORS_GUEST;
    if (gmtime_r(&seconds, &tm))
        strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S", &tm);
    printf("%4u %s ", (unsigned)get32(r->number), at);
    print_text(r->userid, sizeof r->userid);
    if (r->kind == ERROR_GUEST) {
        print_hex("GUEST", r->guest, length);
        printf(" *");
        print_text((const char *)r->guest, length);
        putchar('*');
    } else {
        printf(r->kind == ERROR_INTENSIVE ? " RECORD" : " ERROR ");
        print_device(&r->device);
    }
    putchar('\n');
}

static int print_area(struct volume *volume, const char *path)
{
    struct error_page page;
    unsigned records = 0;
    for (uint32_t n = 0; n < ERRORS_PAGES; n++) {
        uint32_t slot = ERRORS_SLOT + n;
        if (!volume_read(volume, 0, slot / SLOTS_PER_TRACK, slot % SLOTS_PER_TRACK + 1, &page,
                         sizeof page)) {
            fprintf(stderr, "datbox errors: %s is not a CP volume\n", path);
            return STATUS_FAILED;
        }
        if (get32(page.magic) != ERRORS_MAGIC)
            continue;
        for (uint32_t i = 0; i < get32(page.used) && i < ERRORS_RECORDS; i++, records++)
            print_record(&page.record[i]);
    }
    if (!records)
        puts("no errors are recorded");
    return STATUS_OK;
}

int errors_main(int argc, char **argv)
{
    struct volume volume = {0};
    if (argc != 2 || argv[1][0] == '-') {
        fputs("usage: datbox errors VOLUME\n", stderr);
        return STATUS_USAGE;
    }
    if (!volume_open(&volume, argv[1], false))
        return STATUS_FAILED;
    int status = print_area(&volume, argv[1]);
    volume_close(&volume);
    return status;
}
