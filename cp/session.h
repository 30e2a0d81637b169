/* Sessions: how users come (LOGON, AUTOLOG, reconnection) and go (LOGOFF, DISCONN, FORCE, a lost
 * connection). */
#ifndef CP_SESSION_H
#define CP_SESSION_H

#include "cp/command.h"
#include "cp/userdir.h"
#include "cp/vmblok.h"

/* An empty VM with default settings; not started.  NULL if there is no storage.  Never sleeps. */
struct vmblok *session_new(void);
/* The logo, for a terminal where nobody is logged on; what it is made of. */
void session_greet(struct vmblok *vm);
#define SESSION_LOGO_LINES 5
extern const char *const session_logo[SESSION_LOGO_LINES];
size_t session_online(char *to, size_t size, const struct terminal *t);

/* Looks a user up; 0, or the number of the message that was given to `tell`.  May sleep. */
int session_lookup(struct vmblok *tell, const char *module, const char *userid,
                   struct directory_user *user);
/* Makes `vm` the virtual machine of this directory entry: storage, devices, settings.  0, or the
 * number of the message that was given to `tell`.  May sleep. */
int session_build(struct vmblok *vm, struct vmblok *tell, const struct directory_user *user);
/* The VM is a user's from now on; the operator reads it. */
void session_begin(struct vmblok *vm, const struct vmblok *by);
/* Logs a user on without a terminal; `tell` reads what goes wrong.  0 or a message number. */
int session_autolog(struct vmblok *tell, const struct directory_user *user);
/* What a user reads after logging on or reconnecting: LOGMSG, FILES, LOGON AT. */
void session_logmsg(struct vmblok *vm);
void session_welcome(struct vmblok *vm, const char *what);

/* Ends the session of the running VM and its task.  `reason` for the operator: "" or "FORCED". */
void session_end(struct vmblok *vm, const char *reason) __attribute__((noreturn));
/* Takes the VM from its terminal; it goes on. */
void session_disconnect(struct vmblok *vm);
/* CONNECT=, VIRTCPU=, TOTCPU=. */
void session_times(struct vmblok *vm);

#endif
