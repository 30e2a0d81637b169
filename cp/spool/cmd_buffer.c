/* LOADBUF and LOADVFCB: forms control buffers of real and virtual printers, character sets of real
 * ones. Source: Operator's Guide, GC20-1806; CP Command Reference for General Users, GC20-1820. */
#include "cp/spool/commands.h"
#include "cp/spool/unit.h"

#include "cp/frames.h"
#include "cp/message.h"
#include "cp/text/operands.h"
#include "lib/str.h"

#define MODULE "CSB"

#define LOAD_FCB      0x63
#define LOAD_UCS      0xfb
#define LOAD_UCS_FOLD 0xf3
#define UCS_GATE      0xeb
#define INDEX_FLAG    0x80
#define INDEX_MOST    31

/* What loads a buffer: a page of free storage. */
struct load {
    struct ccw ccw[2];
    uint8_t bytes[FORMS_UCS_BYTES];
    struct ioreq io;
};

static bool has_forms(uint16_t type)
{
    return type == 0x3203 || type == 0x3211;
}

/* name, for a real 3211 [INDEX [nn]]: the number of a message, or 0; *index is 0 if none was given.
 */
static int take_forms(struct vmblok *vm, const char *operands, uint16_t type, struct forms *forms,
                      uint32_t *index)
{
    char word[WORD_SIZE];
    *index = 0;
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!forms_named(forms, word))
        return error_operand(vm, MODULE, word);
    if (!str_word(&operands, word, sizeof word))
        return 0;
    if (!str_equal(word, "INDEX") || type != 0x3211)
        return error_operand(vm, MODULE, word);
    *index = 1;
    if (str_word(&operands, word, sizeof word) &&
        (!str_decimal(word, index) || !*index || *index > INDEX_MOST))
        return error_operand(vm, MODULE, word);
    return 0;
}

static int load_forms(struct vmblok *vm, const struct unit *u, const char *operands,
                      struct load *load)
{
    struct forms forms;
    uint32_t index;
    if (!has_forms(u->rdev->type))
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", u->rdev->address);
    int error = take_forms(vm, operands, u->rdev->type, &forms, &index);
    if (error)
        return error;
    load->bytes[0] = (uint8_t)(INDEX_FLAG | index);
    unsigned length = (index ? 1 : 0) + forms_image(&forms, load->bytes + (index ? 1 : 0));
    ccw_set(&load->ccw[0], LOAD_FCB, load->bytes, CCW_SUPPRESS_LENGTH, (uint16_t)length);
    return 0;
}

static int load_characters(struct vmblok *vm, const struct unit *u, const char *operands,
                           struct load *load)
{
    static const struct {
        uint16_t type, length;
    } sizes[] = {{0x1403, 240}, {0x3203, 304}, {0x3211, 512}};
    char word[WORD_SIZE];
    uint8_t command = LOAD_UCS;
    uint16_t length = 0;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        length = sizes[i].type == u->rdev->type ? sizes[i].length : length;
    if (!length)
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", u->rdev->address);
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!forms_characters(word, u->rdev->type == 0x3211, load->bytes, length))
        return error_operand(vm, MODULE, word);
    if (str_word(&operands, word, sizeof word)) {
        if (!str_equal(word, "FOLD") || u->rdev->type == 0x3211)
            return error_operand(vm, MODULE, word);
        command = LOAD_UCS_FOLD;
    }
    ccw_set(&load->ccw[0], UCS_GATE, load->bytes, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, 1);
    ccw_set(&load->ccw[u->rdev->type == 0x1403], command, load->bytes, CCW_SUPPRESS_LENGTH, length);
    return 0;
}

static int load_buffer(struct vmblok *vm, struct unit *u, const char *operands, struct load *load)
{
    char word[WORD_SIZE];
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    bool forms = str_equal(word, "FCB");
    if (!forms && !str_equal(word, "UCS"))
        return error_operand(vm, MODULE, word);
    int error = (forms ? load_forms : load_characters)(vm, u, operands, load);
    if (error)
        return error;
    if (!rio_run(u->rdev, load->ccw, &load->io))
        return cp_error(vm, MODULE, 501, "%s %03X BUFFER NOT LOADED", spool_kind_name(u->kind),
                        u->rdev->address);
    cp_printf(vm, "%s %03X %s LOADED", spool_kind_name(u->kind), u->rdev->address, word);
    return 0;
}

/* The printer must have nothing to do: the buffer would change under a file. */
int command_loadbuf(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address))
        return cp_error(vm, MODULE, 21, "RADDR MISSING OR INVALID");
    struct unit *u = unit_find((uint16_t)address);
    if (!u && !rdev_find((uint16_t)address))
        return error_no_device(vm, MODULE, address);
    if (!u || u->kind != SPOOL_PRINTER)
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    if (!u->drained || u->reader.file)
        return cp_error(vm, MODULE, 142, "PRT %03X NOT DRAINED", (unsigned)address);
    struct load *load = cp_alloc(sizeof *load);
    if (!load)
        return cp_error(vm, MODULE, 27, "NO STORAGE FOR THIS COMMAND");
    int error = load_buffer(vm, u, operands, load);
    cp_free(load, sizeof *load);
    return error;
}

/* LOADVFCB vaddr FCB name: from then on the virtual printer knows its channels 9
 * and 12.  Where the lines are printed the real printer's form says. */
int command_loadvfcb(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t address, index;
    struct forms forms;
    if (!str_word(&operands, word, sizeof word) || !operand_device(word, &address))
        return error_vaddr(vm, MODULE);
    struct vdev *vdev = vdev_find(vm, (uint16_t)address);
    if (!vdev)
        return error_no_device(vm, MODULE, address);
    struct vspool *v = vspool_of(vdev);
    if (!v || !has_forms(vdev->type))
        return cp_error(vm, MODULE, 6, "INVALID DEVICE TYPE - %03X", (unsigned)address);
    if (!str_word(&operands, word, sizeof word))
        return error_operand(vm, MODULE, NULL);
    if (!str_equal(word, "FCB"))
        return error_operand(vm, MODULE, word);
    int error = take_forms(vm, operands, 0, &forms, &index);
    if (!error)
        v->forms = forms;
    return error;
}
