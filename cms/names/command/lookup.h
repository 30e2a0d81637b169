/* For commands: reading a NAMES file entry by entry, and whom a nickname means. */
#ifndef CMS_NAMES_COMMAND_LOOKUP_H
#define CMS_NAMES_COMMAND_LOOKUP_H

#include "cms/kit/cms.h"
#include "cms/names/names.h"

struct names_file {
    struct fscb f;
    bool held;              /* `line` begins the entry to be read next */
    uint32_t number, first; /* of the line read last; of the entry's first line */
    char line[CMS_LINE_MAX];
    size_t length;
};

/* fn NAMES *; fn NULL: the user's own.  RC_NOT_FOUND if there is none. */
int names_open(struct names_file *n, const char *fn);
bool names_next(struct names_file *n, struct names_entry *e); /* false: no more */
void names_close(struct names_file *n);

/* Calls `visit` with user and node for each person that `name` means: the nickname's :userid. and
 * :node., the members of its :list., else a userid at `node` (this system's if NULL). */
struct names_visitor {
    void *context;
    int (*visit)(void *context, const char *userid, const char *node);
};
int names_resolve(const char *name, const char *node, const struct names_visitor *v);

#endif
