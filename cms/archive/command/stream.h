/* A file as a stream of bytes, and back: F records one behind the other, V records each behind a
 * halfword with its length.  The form in which DISK has files on cards, and TAPE and VMFPLC2 on
 * tape. */
#ifndef CMS_ARCHIVE_COMMAND_STREAM_H
#define CMS_ARCHIVE_COMMAND_STREAM_H

#include "cms/kit/cms.h"

/* Gives all bytes of the file to `put`, until it returns a code that is not 0; that, or the
 * message's code. module: three letters, for messages. */
int stream_file(const char *module, const struct cms_fileinfo *info,
                int (*put)(void *context, const char *bytes, uint32_t length), void *context);
/* Makes the file info->id, or replaces it at once, of info->records that `get` gives the bytes of
 * (its 0; anything else ends it); lrecl, recfm and dates are info's. */
int stream_build(const char *module, const struct cms_fileinfo *info,
                 int (*get)(void *context, char *to, uint32_t length), void *context);

#endif
