/* datbox monitor FILE: what CP's MONITOR has written, from a tape image or from a spool file's
 * cards
 * (`datbox spool --binary`): a summary of who left his virtual machine how often, why, and what it
 * cost; or with --records every record. */
#include "tools/monitor.h"

#include "s370/media/tape_image.h"
#include "tools/listing.h"
#include "tools/tools.h"

#include <getopt.h>
#include <stdlib.h>

static int failed(const char *path, const char *what)
{
    fprintf(stderr, "datbox monitor: %s: %s\n", path, what);
    return STATUS_FAILED;
}

static int from_tape(struct stream *s, const char *path, struct tape_image *tape)
{
    const uint8_t *bytes;
    uint32_t length;
    enum tape_result result;
    while ((result = tape_image_read(tape, false, &bytes, &length)) == TAPE_BLOCK)
        if (!stream_block(s, bytes, length))
            return failed(path, "a block has no records of MONITOR");
    return result == TAPE_MARK || result == TAPE_END ? STATUS_OK : failed(path, "it is damaged");
}

/* A tape image begins with the flags of a block where a block of records has the high byte of a
 * length. */
static bool is_tape(const char *path)
{
    uint8_t head[6];
    FILE *file = fopen(path, "rb");
    bool tape = file && fread(head, 1, sizeof head, file) == sizeof head && !head[2] && !head[3] &&
                head[4] & 0xa0;
    if (file)
        fclose(file);
    return tape;
}

static int read_stream(struct stream *s, const char *path)
{
    char message[256];
    size_t length;
    int status;
    if (is_tape(path)) {
        struct tape_image *tape = tape_image_open(path, TAPE_READ_ONLY, message, sizeof message);
        if (!tape) {
            fprintf(stderr, "datbox monitor: %s\n", message);
            return STATUS_FAILED;
        }
        status = from_tape(s, path, tape);
        tape_image_close(tape);
        return status;
    }
    char *bytes = listing_read("datbox monitor", path, &length);
    if (!bytes)
        return STATUS_FAILED;
    bool good = stream_cards(s, (const uint8_t *)bytes, length);
    status = good ? STATUS_OK : failed(path, "no records of MONITOR, or it is damaged");
    free(bytes);
    return status;
}

int monitor_main(int argc, char **argv)
{
    static const struct option options[] = {
        {"records", no_argument, NULL, 'r'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    struct stream s = {.out = stdout};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) == 'r')
        s.show_records = true;
    if (option != -1 || optind + 1 != argc) {
        fputs("usage: datbox monitor [--records] FILE\n"
              "  FILE is a tape that CP's MONITOR has written, or its spool file as\n"
              "  `datbox spool --binary VOLUME SPOOLID` gives it\n",
              option == 'h' ? stdout : stderr);
        return option == 'h' ? STATUS_OK : STATUS_USAGE;
    }
    int status = read_stream(&s, argv[optind]);
    if (status == STATUS_OK && !s.show_records)
        stream_summary(&s);
    stream_free(&s);
    return status;
}
