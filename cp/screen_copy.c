/* SET PFnn COPY: what a screen shows, on paper.  The key has the terminal's buffer read (READ
 * BUFFER); the lines are printed in the task of the virtual machine, as a file of its own, the way
 * its virtual printer is spooled.  VM/370 copies to a printer at the display's control unit; here
 * the spool's printers are the ones that there are. */
#include "cp/screen.h"

#include "cp/command.h"
#include "cp/spool/cpspool.h"
#include "cp/state.h"
#include "cp/vmrun.h"
#include "lib/str.h"

#define SKIP_TO_PAGE 0x8b
#define PRINT_LINE   0x09
#define WIDTH_MOST   132u

const struct ccw *screen_copy_program(struct screen *s)
{
    s->copy_due = false;
    if (!s->copy && !(s->copy = cp_alloc(sizeof *s->copy)))
        return NULL;
    ccw_set(&s->program[0], COMMAND_READ_BUFFER, s->copy->record, CCW_SUPPRESS_LENGTH,
            sizeof s->copy->record);
    return s->program;
}

void screen_copy_read(struct screen *s)
{
    s->copy->length = sizeof s->copy->record - get16(s->t->request.csw.count);
    if (s->t->vm)
        vm_post(s->t->vm, WORK_TERMINAL);
}

void screen_copy_free(struct screen *s)
{
    cp_free(s->copy, sizeof *s->copy);
    s->copy = NULL;
}

/* One row, without the blanks at its end. */
static enum spool_result print_row(struct vspool *printer, const uint8_t *row, unsigned columns)
{
    unsigned length = columns < WIDTH_MOST ? columns : WIDTH_MOST;
    while (length && row[length - 1] == ' ')
        length--;
    struct spool_record record = {PRINT_LINE, 0, (uint16_t)length, row};
    return vspool_put(printer, &record);
}

static enum spool_result print_rows(struct vspool *printer, const uint8_t *cells,
                                    const struct ds_size *size)
{
    struct spool_record page = {SKIP_TO_PAGE, 0, 0, (const uint8_t *)""};
    enum spool_result result = vspool_put(printer, &page);
    for (unsigned row = 0; row < size->rows && result == SPOOL_OK; row++)
        result = print_row(printer, cells + row * size->columns, size->columns);
    return result;
}

static int print(struct vmblok *vm, const uint8_t *cells, const struct ds_size *size)
{
    static const struct close_options options = {.force = true, .name = "SCREEN", .type = "COPY"};
    const struct vspool *own = vprinter_of(vm);
    if (!own)
        return cp_error(vm, "CFT", 40, "DEV PRT DOES NOT EXIST");
    struct vspool *printer = cp_alloc(sizeof *printer);
    if (!printer)
        return cp_error(vm, "CFT", 27, "NO STORAGE FOR THIS COMMAND");
    printer->vm = vm;
    printer->kind = SPOOL_PRINTER;
    printer->set = own->set;
    enum spool_result result = print_rows(printer, cells, size);
    if (result == SPOOL_OK)
        vspool_close(printer, &options);
    if (printer->writer.file)
        spool_write_purge(the_spool(), &printer->writer);
    cp_free(printer, sizeof *printer);
    return result == SPOOL_OK ? 0 : cp_error(vm, "VSP", 428, "%s", spool_result_text(result));
}

void screen_copy_print(struct vmblok *vm)
{
    struct screen *s = vm->terminal->screen;
    if (!s || !s->copy || !s->copy->length)
        return;
    /* The screen may be gone once this sleeps. */
    struct screen_copy *copy = s->copy;
    struct ds_size size = s->size;
    s->copy = NULL;
    uint8_t *cells = cp_alloc(SCREEN_COPY_BYTES);
    if (cells && ds_cells(&size) <= SCREEN_COPY_BYTES) {
        ds_parse_buffer(copy->record, copy->length, cells, ds_cells(&size));
        print(vm, cells, &size);
    }
    cp_free(cells, SCREEN_COPY_BYTES);
    cp_free(copy, sizeof *copy);
}
