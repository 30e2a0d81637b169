/* NUCON: the nucleus's fixed places in page zero, behind what the architecture assigns.
 * Seen by entry.S (the constants) and by C (the structure).  They are below X'1000', so that
 * interruption handlers can address them without a base register. */
#ifndef CMS_NUCLEUS_NUCON_H
#define CMS_NUCLEUS_NUCON_H

#define NUCON_SVC_SAVE  0x200 /* R0-R15 at a supervisor call interruption */
#define NUCON_IO_SAVE   0x240
#define NUCON_EXT_SAVE  0x280
#define NUCON_PGM_SAVE  0x2c0
#define NUCON_STACK     0x300 /* where the nucleus's stack goes on at the next interruption */
#define NUCON_STACK_TOP 0x304
#define NUCON_RESUME    0x308 /* PSW that goes back to the program */
#define NUCON_WAIT      0x310 /* PSW of the enabled wait */
#define NUCON_CONTINUE  0x318 /* I/O or program new PSW while the nucleus waits or probes */
#define NUCON_SAVED_NEW 0x320 /* the ordinary one meanwhile */
#define NUCON_START     0x328 /* PSW that enters a program */
#define NUCON_PROGRAM   0x330 /* R0-R15 for it */
#define NUCON_CODE203   0x370 /* halfword: the function of the last SVC 203 */
#define NUCON_CONTROL   0x374 /* word: a control register on its way */
#define NUCON_SIZE      0x380

/* The SVC to which a program's R14 returns. */
#define SVC_RETURN 201

#endif
