/* TAPEIO: no command, but what the macros RDTAPE, WRTAPE and TAPECTL call by SVC 202: one block or
 * one motion of a tape.  Its list: TAPEIO, function, drive (TAP1), density or blanks, then words:
 * buffer, its size, out the bytes that were read, zero; then the fence.  Return codes as in VM/370:
 * 1 wrong list, 2 tape mark or end of the reel, 3 error, 4 drive not there, 6 no ring, 7 not ready.
 */
#include "cms/kit/cms.h"

enum { RC_LIST = 1, RC_MARK = 2, RC_ERROR = 3, RC_NOT_THERE = 4, RC_NO_RING = 6, RC_NOT_READY = 7 };

struct words {
    uint32_t buffer, size, read, zero;
};

static const struct {
    const char *name;
    uint8_t command;
} motions[] = {
    {"BSF", TAPE_BACKSPACE_FILE}, {"BSR", TAPE_BACKSPACE_BLOCK}, {"ERG", TAPE_ERASE_GAP},
    {"FSF", TAPE_FORWARD_FILE},   {"FSR", TAPE_FORWARD_BLOCK},   {"REW", TAPE_REWIND},
    {"RUN", TAPE_UNLOAD},         {"WTM", TAPE_WRITE_MARK},
};

static int code(int rc)
{
    switch (rc) {
    case RC_OK:
        return RC_OK;
    case TAPE_MARK:
    case TAPE_END:
        return RC_MARK;
    case TAPE_NOT_THERE:
        return RC_NOT_THERE;
    case TAPE_FILE_PROTECTED:
        return RC_NO_RING;
    case TAPE_NOT_READY:
        return RC_NOT_READY;
    default:
        return RC_ERROR;
    }
}

static int run(const struct cms_call *call, uint16_t unit, struct words *w)
{
    size_t length = 0;

    if (cms_token_is(call, 1, "WRITE"))
        return code(cms_tape_write(unit, (const void *)w->buffer, w->size));
    if (cms_token_is(call, 1, "READ")) {
        int rc = cms_tape_read(unit, (void *)w->buffer, w->size, &length);
        w->read = length;
        return code(rc);
    }
    for (unsigned i = 0; i < sizeof(motions) / sizeof(motions[0]); i++)
        if (cms_token_is(call, 1, motions[i].name))
            return code(cms_tape_control(unit, motions[i].command));
    return RC_LIST;
}

int command_main(const struct cms_call *call)
{
    uint16_t unit;
    uint8_t mode;

    if (call->kind != CALL_PROGRAM)
        return cms_error(RC_BAD_OPERAND, "DMSTIO014E TAPEIO IS NO COMMAND: PROGRAMS CALL IT");
    if (call->tokens != 6 || !cms_tape_unit(call->token[2], &unit))
        return RC_LIST;
    if (call->token[3][0] != ' ') {
        if (!cms_tape_mode(call->token[3], &mode))
            return RC_LIST;
        int rc = cms_tape_control(unit, mode);
        if (rc)
            return code(rc);
    }
    struct words w;
    memcpy(&w, call->token[4], sizeof(w));
    int rc = run(call, unit, &w);
    memcpy((void *)(uintptr_t)call->token[4], &w, sizeof(w));
    return rc;
}
