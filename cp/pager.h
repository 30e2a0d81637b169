/* Page-out: see cp/pager.c. */
#ifndef CP_PAGER_H
#define CP_PAGER_H

#include <stdbool.h>
#include <stdint.h>

/* Frames are short: the pager task starts stealing.  Never sleeps. */
void pager_call(void);
/* If the frame at `address` is free after dropping a guest page that need not be written:
 * true.  Never sleeps. */
bool pager_drop_clean(uint32_t address);

#endif
