/* Between the nucleus and OSSIM MODULE, which does what OS/360's supervisor calls do (cms/os).  The
 * nucleus loads it at a program's first such call and enters it with a parameter list: the name
 * OSSIM, the fence, and behind it `struct os_call`, R1's high byte being CALL_SIMULATION.  What it
 * leaves in the registers and the PSW is what the program goes on with.  When the program that made
 * the first call ends, it is called once more and then forgotten. */
#ifndef CMS_KIT_SIMULATION_H
#define CMS_KIT_SIMULATION_H

#include "lib/be.h"

/* How the module knows that the nucleus calls: no program can pass this kind. */
#define CALL_SIMULATION 0x40

/* struct os_call's function: an SVC number, or one of these. */
enum os_function {
    OS_PROGRAM_CHECK = 0x100, /* the PSW has its code */
    OS_ALARM = 0x101,         /* the time that SERVICE_ALARM set has come */
    OS_END = 0x102,           /* the program has returned to CMS */
    OS_LINEDIT = 0x103,       /* SERVICE_LINEDIT */
};

/* Its return code. */
enum os_answer {
    OS_DONE = 0,
    OS_NOT_MINE = 1, /* no such function, or nobody wants the interruption */
    OS_GIVE_UP = 2,  /* the program is ended; the message has been typed */
};

struct os_call {
    uint32_t function;
    uint32_t r[16];
    uint8_t psw[8];      /* BC mode */
    uint32_t return_at;  /* where a program's return goes: an SVC 201 */
    uint32_t begin, end; /* the module itself, in storage */
};

/* PSW, BC mode: the second byte's bit of the wait state. */
#define PSW_WAIT 0x02

#endif
