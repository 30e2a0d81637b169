/* The task of a real punch: punches the files of its classes, each copy behind a separator
 * card. */
#include "cp/spool/cpspool.h"
#include "cp/spool/unit.h"

#include "spool/separator.h"

enum {
    PUNCH = 0x01,
    PUNCH_BINARY = 0x21,
};

static bool punch_copy(struct unit *u, unsigned copy)
{
    struct spool_record record;
    enum spool_result r = SPOOL_OK;
    if (u->separator) {
        char card[80];
        spool_separator_card(card, u->reader.file);
        if (!unit_put(u, PUNCH, card, sizeof card))
            return false;
    }
    while (u->request == REQUEST_NONE || u->request == REQUEST_BACKSPACE) {
        r = spool_read(the_spool(), &u->reader, &record);
        if (r != SPOOL_OK)
            break;
        if ((record.command & 3) != 1)
            continue;
        bool binary = record.flags & SPOOL_BINARY;
        unsigned columns = binary ? 160 : 80;
        if (!unit_put(u, binary ? PUNCH_BINARY : PUNCH, record.data,
                      record.length < columns ? record.length : columns))
            return false;
        if (u->request == REQUEST_RESTART) {
            u->request = REQUEST_NONE;
            spool_read_rewind(&u->reader);
        }
    }
    if (r != SPOOL_OK && r != SPOOL_END)
        u->request = REQUEST_FLUSH_HOLD;
    return unit_run(u);
}

void real_punch_main(void *unit)
{
    struct unit *u = unit;
    for (;;) {
        struct spool_file *f = unit_select(u);
        if (f)
            unit_process(u, f, punch_copy);
        else
            task_sleep(u);
    }
}
