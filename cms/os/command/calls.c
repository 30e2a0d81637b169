/* OS/360's supervisor calls, by number.  VM/370
 * System Programmer's Guide (GC20-1807), "OS Macro Simulation under CMS"; what each does: OS/VS1
 * Supervisor Services (GC24-5103). */
#include "cms/os/command/os.h"

struct simulation os;

static const struct {
    uint16_t number;
    os_function *function;
} calls[] = {
    {1, os_wait_ecb},
    {2, os_post},
    {3, os_exit},
    {4, os_getmain_list},
    {5, os_freemain_list},
    {6, os_link},
    {7, os_xctl},
    {8, os_load},
    {9, os_delete},
    {10, os_main_register},
    {11, os_time},
    {13, os_abend},
    {14, os_spie},
    {17, os_nothing}, /* RESTORE */
    {19, os_open},
    {20, os_close},
    {23, os_close_temporarily},
    {24, os_devtype},
    {25, os_nothing}, /* TRKBAL */
    {35, os_wto},
    {40, os_nothing}, /* EXTRACT */
    {42, os_link},    /* ATTACH: at once */
    {44, os_nothing}, /* CHAP */
    {46, os_ttimer},
    {47, os_stimer},
    {48, os_nothing}, /* DEQ */
    {56, os_nothing}, /* ENQ */
    {60, os_stae},
    {62, os_nothing}, /* DETACH */
    {63, os_nothing}, /* CHKPT */
    {69, os_backspace},
    {93, os_terminal},
    {OS_LINEDIT, os_linedit},
    {OS_PROGRAM_CHECK, os_program_check},
    {OS_ALARM, os_alarm},
};

void os_go(struct os_call *c, uint32_t address)
{
    store_be24(c->psw + 5, address);
}

#define SVC_LENGTH 2

void os_wait(struct os_call *c)
{
    os_go(c, psw_address(c) - SVC_LENGTH);
    c->psw[1] |= PSW_WAIT;
}

enum os_answer os_simulate(struct os_call *c)
{
    if (c->function == OS_END) {
        datasets_end();
        storage_end();
        return OS_DONE;
    }
    for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
        if (calls[i].number == c->function)
            return calls[i].function(c);
    return OS_NOT_MINE;
}
