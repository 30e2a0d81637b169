/* What MACLIB and TXTLIB share: a library is written under a work name and takes the old one's
 * place when it is whole. */
#ifndef CMS_LIBRARY_COMMAND_BUILDING_H
#define CMS_LIBRARY_COMMAND_BUILDING_H

#include "cms/kit/cms.h"

#define MEMBERS_MAX 1000

struct building {
    const char *module; /* of messages */
    struct cms_fileid id, work;
    struct fscb file;
    struct library_writer writer;
    int rc; /* of a failed write, after its message */
};

/* The library `name` of type `type`; its disk for writing is `letter`. */
int building_begin(struct building *b, const char *module, const char name[8], const char *type,
                   char letter);
/* Copies the old library's members but those named; each of the names must be there. */
int building_copy(struct building *b, struct cms_library *old, const char (*without)[8], int count);
/* What a writer's error means: its message, and the return code. */
int building_error(struct building *b, enum library_error e, const char name[8]);
/* Ends it; rc not 0: the work file goes, the old library stays. */
int building_end(struct building *b, int rc);
/* A command of the form `COMMAND function library [operands]`.  The functions up to `with_operands`
 * need some behind the library; GEN (the first) makes it, MAP lists it, the others get the old one.
 */
struct library_command {
    const char *module, *type;
    const char *const *functions; /* ends with NULL */
    int with_operands, map;
    int (*build)(const struct cms_call *call, int function, struct cms_library *old, int end);
};
int library_main(const struct cms_call *call, const struct library_command *c);

#endif
