/* The virtual console and the way of typed lines: to CP, or to the guest. */
#ifndef CP_VCONSOLE_H
#define CP_VCONSOLE_H

#include "cp/vmblok.h"

#include <stdbool.h>
#include <stddef.h>

/* Logical lines for the guest's console, separated and ended by zeros, `length` with the last
 * zero: the first goes to its READ if there is one, the others wait for the next.  A guest that
 * does not read gets an attention interruption. */
void vconsole_lines(struct vmblok *vm, const char *lines, size_t length);
/* Puts lines behind those that wait, without attention. */
void vconsole_stack(struct vmblok *vm, const char *lines, size_t length);
/* In the VM's own task, after WORK_CONSOLE: what SEND has brought, a command for CP or a line that
 * was stacked. */
void vconsole_sent(struct vmblok *vm);
/* Is there room for a line of any length? */
bool vconsole_has_room(struct vmblok *vm);
/* The attention key, for the guest. */
void vconsole_attention(struct vmblok *vm);

/* The VM enters CP mode ("CP" is written), or goes on with its guest. */
void console_stop(struct vmblok *vm);
void console_resume(struct vmblok *vm);

#endif
