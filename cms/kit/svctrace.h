/* Between the nucleus and SVCTRACE MODULE, which writes a supervisor call's trace on the printer.
 * While SVCTRACE is on, the nucleus enters that nucleus extension before and after each call with a
 * parameter list: the names SVCTRACE and TRACE, the fence, and behind it `struct svc_trace`; R1's
 * high byte is CALL_SERVICE. */
#ifndef CMS_KIT_SVCTRACE_H
#define CMS_KIT_SVCTRACE_H

#include <stdint.h>

enum svc_trace_state { SVC_TRACE_OFF = 0, SVC_TRACE_ON = 1, SVC_TRACE_SUSPENDED = 2 /* SO */ };

enum svc_trace_phase { SVC_TRACE_CALL, SVC_TRACE_RETURN };

struct svc_trace {
    uint32_t phase;  /* enum svc_trace_phase */
    uint32_t number; /* of this call since IPL; the same at its return */
    uint32_t depth;  /* programs running, one having called the other */
    uint32_t svc;    /* the SVC's number */
    uint32_t r[16];
    uint8_t psw[8]; /* BC mode: where the call was made, or where the program goes on */
};

#endif
