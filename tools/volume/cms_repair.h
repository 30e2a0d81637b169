/* Repairs a CMS disk: what its directory still reaches is kept, the allocation map, counts and
 * pointers are made anew.  Nothing is lost that is not told of: files that share a block get each
 * their own copy, blocks that no file has become a file LOST BLOCKS, what cannot be read is zeros
 * (F records) or the file's end (V records).
 *
 * All that is written goes to blocks that were free, and one write at the end makes it true, as in
 * cms/fs: a repair that is broken off has done nothing. */
#ifndef TOOLS_VOLUME_CMS_REPAIR_H
#define TOOLS_VOLUME_CMS_REPAIR_H

#include "cms/fs/edf.h"

enum cms_repair_result {
    CMS_REPAIR_NOTHING, /* the disk is consistent */
    CMS_REPAIR_DONE,
    CMS_REPAIR_FAILED, /* nothing was changed; the last message says why */
};

/* `capacity`: blocks that the place has.  message() is called for every thing that was mended. */
enum cms_repair_result cms_repair(const struct edf_io *io, uint32_t block_size, uint32_t capacity,
                                  void (*message)(void *context, const char *text), void *context);

#endif
