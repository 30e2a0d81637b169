/* Start types: how CP comes up with what was there when it went down.
 *
 *   WARM   after SHUTDOWN: spool files, LOGMSG, users in HOLD
 *   CKPT   after anything else: spool files, from the checkpoint, which is always current
 *   FORCE  as CKPT, without the files that cannot be restored
 *   COLD   without any
 *
 * Usually CP chooses WARM or CKPT itself.  It asks, as VM/370 does, if IPL was given with PARM
 * PROMPT, or if files cannot be restored: nothing is lost without an answer.  PARM may also name
 * the type. */
#ifndef CP_RECOVER_H
#define CP_RECOVER_H

#include <stdbool.h>

enum start_kind { START_WARM, START_CKPT, START_FORCE, START_COLD };

/* Brings the spool up.  May sleep, as long as the operator does not answer. */
void recover(void);
/* What a warm start brings back for commands and users. */
void recover_logmsg(void);
/* SHUTDOWN: writes the warm start data.  False: they could not be written. */
bool recover_save(void);

#endif
