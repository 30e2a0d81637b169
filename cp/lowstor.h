/* CP's own words in the first page, above the architected locations: entry.S reaches
 * them without a base register. */
#ifndef CP_LOWSTOR_H
#define CP_LOWSTOR_H

#define LOW_CP_SP     0xe00 /* CP's stack pointer while a guest runs or CP is idle */
#define LOW_GUEST     0xe04 /* struct guest_regs of the running guest */
#define LOW_GR1       0xe08 /* GR1 at an interruption, for a moment */
#define LOW_HAS_FLOAT 0xe0c /* nonzero: floating-point registers exist */
#define LOW_PSW       0xe10 /* the PSW that run_guest loads */
#define LOW_PROBE     0xe18 /* where a probe goes on if it is interrupted; 0: no probe */
#define LOW_PROBE_PSW 0xe20
#define LOW_CR0       0xe28 /* CP's control register 0 */
#define LOW_PER       0xe2c /* nonzero: the SVC that came had PER events */
#define LOW_CR8       0xe30 /* CP's control register 8: the classes of MONITOR */
#define LOW_EVENT_PSW 0xe38 /* where CP goes on after a MONITOR CALL of its own */
#define LOW_PANIC_GR  0xe40 /* registers at a program interruption in CP, 64 bytes */

#define LOW_IPL_GR   0xe80 /* registers at IPL, 64 bytes: a PARM */
#define LOW_EVENT_GR 0xec0 /* registers at a MONITOR CALL of CP's own, 64 bytes */

#ifndef __ASSEMBLER__
#include "s370/arch/lowcore.h"

/* Placed by cp.ld: the compiler distrusts pointers to 0. */
extern struct lowcore lowcore;
extern uint32_t low_panic_gr[16];
extern uint32_t low_ipl_gr[16];
extern uint8_t low_has_float;
extern uint32_t low_cr0, low_cr8;
extern uint8_t low_per;
#endif

#endif
