/* The compiler's state, shared by compile.c (lines, entries, records) and statements.c (one
 * function per statement). */
#ifndef CP_DIRECTORY_COMPILE_H
#define CP_DIRECTORY_COMPILE_H

#include "cp/directory/internal.h"

/* Where a minidisk lies, to find overlaps. */
struct extent {
    uint16_t start, cylinders;
    uint8_t volume[6];
    uint8_t line[4]; /* of the source, big-endian */
};

struct compiler {
    const struct directory_source *source;
    struct directory_totals *totals;
    uint8_t *record;               /* being filled with entries */
    uint8_t *entry;                /* the present user's */
    struct object_system *systems; /* a record's worth */
    uint32_t system_count;
    struct object_index *users;
    uint32_t user_count;
    struct extent *extents; /* before this address, growing downward */
    uint32_t extent_count;
    uint32_t record_number, record_used;
    uint32_t entry_used; /* 0: no user yet */
    uint32_t line;
    char userid[9];
    const char *statement;
    bool seen_directory;
    bool failed;   /* no more records are written */
    bool skipping; /* the last USER was no good */
    uint8_t seen;  /* statements that may come once for a user */
};

enum { SEEN_ACCOUNT = 1, SEEN_IPL = 2, SEEN_CONSOLE = 4 };

struct operands {
    unsigned count;
    const char *word[16];
};

struct statement {
    const char *name;
    uint8_t least; /* characters of an abbreviation */
    uint8_t min, max;
    bool of_user;     /* belongs to a USER */
    bool starts_user; /* is USER */
    void (*compile)(struct compiler *c, const struct operands *o);
};

extern const struct statement directory_statements[];

void directory_error(struct compiler *c, const char *format, ...);
void directory_warning(struct compiler *c, const char *format, ...);
/* Begins the entry of a user, after ending the one before. */
void directory_begin_user(struct compiler *c, const struct object_user *user);
void directory_add_device(struct compiler *c, struct object_device *device, size_t length);
void directory_add_extent(struct compiler *c, const char *volume, uint32_t start,
                          uint32_t cylinders);

static inline struct object_user *directory_entry(struct compiler *c)
{
    return (struct object_user *)c->entry;
}

#endif
