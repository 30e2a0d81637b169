/* Links to minidisks: all the places where a minidisk is in somebody's configuration. */
#ifndef CP_LINK_H
#define CP_LINK_H

#include "cp/directory/directory.h"
#include "cp/vmblok.h"

struct link_count {
    unsigned readers, writers;
    /* One of each, while the caller does not sleep; NULL: none. */
    const struct vmblok *reader, *writer;
};
/* All links to the minidisk that `owner`'s MDISK statement for `address` describes. */
struct link_count link_count(const char *owner, uint16_t address);

/* Gives `vm` the minidisk at `vaddr`, as far as `mode` and the other links allow.  Messages
 * go to `tell`, the good ones only if `talk`.  0 or a message number.  May sleep. */
int link_attach(struct vmblok *vm, struct vmblok *tell, const char *owner,
                const struct directory_device *disk, uint16_t vaddr, enum directory_mode mode,
                bool talk);

#endif
