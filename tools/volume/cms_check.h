/* Checks a CMS disk: label, directory, every file's tree, and that the allocation map says of
 * each block exactly what the trees say.  Host code that reads the disk on its own, so that it
 * is a second opinion on cms/fs. */
#ifndef TOOLS_VOLUME_CMS_CHECK_H
#define TOOLS_VOLUME_CMS_CHECK_H

#include "cms/fs/edf.h"

/* Calls message() (if not NULL) for every fault; returns the number of faults. */
unsigned cms_check(const struct edf_io *io, uint32_t block_size,
                   void (*message)(void *context, const char *text), void *context);

#endif
