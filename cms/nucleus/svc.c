/* Supervisor calls: SVC 202 runs a command or nucleus function, SVC 204 as well (CMSCALL: no error
 * address behind it), SVC 203 a service (cms/kit/services.h).  Others may be OS/360's
 * (simulation.c); if not, the program is ended. */
#include "cms/nucleus/nucleus.h"

/* How the caller got his list.  A program may have BAL's instruction length, condition code and
 * program mask in the high byte, which says nothing. */
static uint8_t kind_of(uint32_t r1)
{
    uint8_t kind = (uint8_t)(r1 >> 24);

    switch (kind) {
    case CALL_EXTENDED:
    case CALL_SUBCOMMAND:
    case CALL_NO_EXTENSION:
    case CALL_CONSOLE:
    case CALL_EXEC_SHOWN:
    case CALL_SERVICE:
        return kind;
    default:
        return CALL_PROGRAM;
    }
}

static uint32_t psw_address(const struct interrupt_frame *frame)
{
    return load_be24(frame->psw + 5);
}

static void set_psw_address(struct interrupt_frame *frame, uint32_t address)
{
    store_be24(frame->psw + 5, address);
}

static int svc_204(struct interrupt_frame *frame)
{
    uint32_t plist = frame->r[1] & 0x00ffffff;
    int rc = RC_UNKNOWN;

    if (plist && plist < nuc.storage_size - 8)
        rc = command_plist(plist, kind_of(frame->r[1]), frame->r[0]);
    if (rc == NOT_A_COMMAND)
        rc = RC_UNKNOWN;
    frame->r[15] = (uint32_t)rc;
    return rc;
}

static void svc_202(struct interrupt_frame *frame)
{
    uint32_t next = psw_address(frame);
    int rc = svc_204(frame);

    /* No instruction begins with X'00': it is the error address. */
    if (*(const uint8_t *)next == 0) {
        uint32_t error = load_be32((const void *)next);
        set_psw_address(frame, rc && error > 1 ? error : next + 4);
    }
}

/* DMSKEY: the key of the program's PSW, and back.  Nothing else of it changes. */
static void change_key(struct interrupt_frame *frame, unsigned function)
{
    uint8_t *key = &frame->psw[1];

    if (function == KEY_RESET) {
        if (nuc.key_depth)
            *key = (uint8_t)((*key & 0x0f) | nuc.keys[--nuc.key_depth]);
    } else if (nuc.key_depth < sizeof(nuc.keys)) {
        nuc.keys[nuc.key_depth++] = *key & 0xf0;
        *key = (uint8_t)((*key & 0x0f) | (program_psw(function == KEY_NUCLEUS) >> 16 & 0xf0));
    }
}

static void svc_203(struct interrupt_frame *frame)
{
    uint32_t next = psw_address(frame);
    int16_t code = (int16_t)load_be16((const void *)next);
    unsigned service = (unsigned)(code < 0 ? -code : code) & 0xff;

    store_be16(page_zero + NUCON_CODE203, (uint32_t)code);
    set_psw_address(frame, next + 2);
    if (service == SERVICE_KEY) {
        change_key(frame, (unsigned)code >> 8);
        return;
    }
    if (service == SERVICE_LINEDIT && simulation_svc(OS_LINEDIT, frame))
        return;
    frame->r[15] = (uint32_t)service_run(service, (uint32_t *)(frame->r[1] & 0x00fffffc));
}

void svc_interrupt(struct interrupt_frame *frame)
{
    uint32_t number = frame->psw[3];
    uint32_t traced = trace_call(frame, number);

    switch (number) {
    case 202:
        svc_202(frame);
        break;
    case 203:
        svc_203(frame);
        break;
    case 204:
        svc_204(frame);
        break;
    default:
        if (handler_svc(number, frame) || simulation_svc(number, frame))
            break;
        nuc.sw.typing_halted = 0;
        console_error(0, "DMSITS132S INVALID SVC CALL X'%02X' AT %06X", number,
                      psw_address(frame) - 2);
        nuc.halt_program = true;
    }
    trace_return(frame, number, traced);
    if (nuc.attention || nuc.halt_program)
        console_attention();
}
