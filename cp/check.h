/* The debug nucleus, build/cp-debug.elf, looks at CP's control blocks at every dispatch.  In the
 * ordinary one the function is empty: cp/debug/ is not in it. */
#ifndef CP_CHECK_H
#define CP_CHECK_H

/* Panics if what must always hold when no task runs does not.  Never sleeps. */
void check_blocks(void);

#endif
