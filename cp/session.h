/* Sessions: how users come (LOGON, AUTOLOG, reconnection) and go (LOGOFF, DISCONN, FORCE, a lost
 * connection). */
#ifndef CP_SESSION_H
#define CP_SESSION_H

#include "cp/command.h"
#include "cp/directory/directory.h"
#include "cp/vmblok.h"

/* The logo, for a terminal where nobody is logged on. */
void session_greet(struct vmblok *vm);

/* Makes `vm` the virtual machine of this directory entry: storage, devices, settings.  0, or the
 * number of the message that was given to `tell`.  May sleep. */
int session_build(struct vmblok *vm, struct vmblok *tell, struct directory_user *user);
/* Looks a user up, and says so to `tell` if there is none: 0 or a message number. */
int session_lookup(struct vmblok *tell, const char *module, const char *userid,
                   struct directory_user *user);
/* Logs `userid` on without a terminal, for AUTOLOG: 0 or a message number.  `by` is NULL at IPL. */
int session_autolog(struct vmblok *by, const char *userid, const char *password);

/* Ends the session of the running VM and its task.  `reason` for the operator: "" or "FORCED". */
void session_end(struct vmblok *vm, const char *reason) __attribute__((noreturn));
/* Takes the VM from its terminal; it goes on. */
void session_disconnect(struct vmblok *vm);
/* CONNECT=, VIRTCPU=, TOTCPU=. */
void session_times(struct vmblok *vm);

/* Opens the directory on the system residence; false: none there (told to the operator). */
bool session_open_directory(void);

#endif
