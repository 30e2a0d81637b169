/* The task of a real printer: prints the files of its classes, each copy behind a separator
 * page, with the commands that the guest's printer got. */
#include "cp/spool/cpspool.h"
#include "cp/spool/unit.h"

#include "lib/str.h"
#include "spool/separator.h"

#define SYSTEM_NAME "DATBOX"

enum {
    WRITE_NO_SPACE = 0x01,
    WRITE_SPACE_1 = 0x09,
    SKIP_TO_1 = 0x8b,
};

static int separator_line(void *context, uint8_t command, const char *text)
{
    return unit_put(context, command, text, (unsigned)strlen(text)) ? 0 : 1;
}

static bool separator(struct unit *u, unsigned copy)
{
    return !spool_separator_page(u->reader.file, copy, SYSTEM_NAME, separator_line, u);
}

/* Goes back `pages` skips to channel 1 before the record at hand. */
static void backspace(struct unit *u)
{
    struct spool *s = the_spool();
    struct spool_record record;
    uint32_t here = u->reader.record, page[16] = {0}, count = 0;
    unsigned pages = u->pages > 15 ? 15 : u->pages;
    u->request = REQUEST_NONE;
    spool_read_rewind(&u->reader);
    while (u->reader.record < here && spool_read(s, &u->reader, &record) == SPOOL_OK)
        if ((record.command & 0xf8) == (SKIP_TO_1 & 0xf8))
            page[count++ & 15] = u->reader.record - 1;
    spool_read_seek(s, &u->reader, count > pages ? page[(count - 1 - pages) & 15] : 0);
}

/* SPACE: what moves the paper by more than a line, or not at all, moves it by one. */
static uint8_t single_spaced(uint8_t command)
{
    return (command & 7) == 1 ? WRITE_SPACE_1 : command;
}

static bool print_copy(struct unit *u, unsigned copy)
{
    struct spool_record record;
    enum spool_result r = SPOOL_OK;
    if (u->separator && !separator(u, copy))
        return false;
    while (u->request < REQUEST_FLUSH || u->request > REQUEST_FLUSH_HOLD) {
        if (u->request == REQUEST_RESTART) {
            u->request = REQUEST_NONE;
            spool_read_rewind(&u->reader);
        } else if (u->request == REQUEST_BACKSPACE) {
            backspace(u);
        }
        r = spool_read(the_spool(), &u->reader, &record);
        if (r != SPOOL_OK)
            break;
        uint8_t command = u->single ? single_spaced(record.command) : record.command;
        if (!unit_put(u, command, record.data, record.length))
            return false;
    }
    if (r != SPOOL_OK && r != SPOOL_END) {
        static const char text[] = "**** THE REST OF THIS FILE CANNOT BE READ ****";
        if (!unit_put(u, WRITE_SPACE_1, text, sizeof text - 1))
            return false;
        u->request = REQUEST_FLUSH_HOLD;
    }
    if (u->separator && spool_trailer_page(u->reader.file, copy, separator_line, u))
        return false;
    return unit_run(u);
}

void real_printer_main(void *unit)
{
    struct unit *u = unit;
    for (;;) {
        struct spool_file *f = unit_select(u);
        if (f)
            unit_process(u, f, print_copy);
        else
            task_sleep(u);
    }
}
