/* What TRACE and PER share. */
#ifndef CP_TRACE_H
#define CP_TRACE_H

#include "cp/vmblok.h"

/* A line with the instruction at `at`, its name, `mark` before it and `behind` it. */
void trace_instruction(struct vmblok *vm, uint32_t at, const char *mark, const char *behind);
/* After traces were set or ended: which events CP's core is to report, and the machine to record.
 */
void trace_set_events(struct vmblok *vm);

/* cp/commands/per.c: what PER wants, as control register 9, and the range of its stores. */
uint32_t per_wanted(const struct vmblok *vm, uint32_t *from, uint32_t *to);
/* Events of the instruction at `at`.  May sleep. */
void per_report(struct vmblok *vm, uint32_t events, uint32_t at);
/* The VM goes away. */
void per_free(struct vmblok *vm);

#endif
