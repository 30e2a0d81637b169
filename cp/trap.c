/* Interruptions as CP takes them: the new PSWs, and what an I/O or external interruption
 * means for CP whoever was interrupted. */
#include "cp/trap.h"

#include "cp/lowstor.h"
#include "cp/s370.h"
#include "cp/state.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"

extern char program_entry[], svc_entry[], external_entry[], io_entry[], mcheck_entry[];

void traps_init(void)
{
    /* CP runs in EC mode, supervisor state, without translation, disabled. */
    put64(&lowcore.pgm_new, PSW_EC | (uint32_t)program_entry);
    put64(&lowcore.svc_new, PSW_EC | (uint32_t)svc_entry);
    put64(&lowcore.ext_new, PSW_EC | (uint32_t)external_entry);
    put64(&lowcore.io_new, PSW_EC | (uint32_t)io_entry);
    put64(&lowcore.mck_new, PSW_EC | (uint32_t)mcheck_entry);
    low_cr0 = TRAP_CR0;
    S370_LCTL(0, TRAP_CR0);
    S370_LCTL(2, 0xffffffff);
    s370_sckc(UINT64_MAX);
}

void trap_interruption(enum trap trap)
{
    if (trap == TRAP_IO) {
        struct csw csw;
        memcpy(&csw, &lowcore.csw, sizeof csw);
        rio_interrupt((uint16_t)get24(lowcore.io_address), &csw);
    } else if (trap == TRAP_EXTERNAL && get16(lowcore.ext_code) == EXT_CLOCK_COMPARATOR) {
        clock_expire();
    }
}
