/* What a LINK mode gives, by what links there are already.  Portable.
 * Source: CP Command Reference for General Users, GC20-1820, LINK. */
#ifndef CP_TEXT_LINKMODE_H
#define CP_TEXT_LINKMODE_H

#include "cp/directory/directory.h"

enum link_grant { LINK_REFUSED, LINK_READ_ONLY, LINK_READ_WRITE };

/* `readers` and `writers`: links that exist to this minidisk. */
enum link_grant link_grant(enum directory_mode mode, unsigned readers, unsigned writers);

/* True if the mode asks for writing first: then R/O is less than was asked for. */
bool link_mode_writes(enum directory_mode mode);

#endif
