/* Saved systems: pages of a virtual machine's storage and its registers, kept under a name.  The
 * directory's NAMESYS statements say which there are, where they are kept and which of their
 * segments are shared; SAVESYS fills them; IPL by name and DIAGNOSE 64 put them into a virtual
 * machine.
 *
 * A shared segment exists once, with one page table that the segment tables of all its users name.
 * Its pages come from the saved system's slots and are never written.  The machine does not keep
 * anybody from storing there.  So, as VM/370 does, CP looks at the change bits whenever a user's
 * task gives up the CPU, before anybody else can look: a page that was altered is dropped, and who
 * did it is stopped.  Where CP itself or a channel would store for a user, he gets his own copy
 * first.
 *
 * Pages that are not shared, and those of such a copy, are the user's own; until they are changed
 * they have the saved system's slot (SWAP_SAVED). */
#ifndef CP_SAVED_H
#define CP_SAVED_H

#include "cp/directory/directory.h"
#include "cp/vmblok.h"

#include <stdbool.h>
#include <stdint.h>

enum saved_result {
    SAVED_OK,
    SAVED_UNKNOWN,     /* no NAMESYS has this name */
    SAVED_NOT_MOUNTED, /* its volume is not there ... */
    SAVED_NOT_OWNED,   /* ... or is not CP's, or does not have its cylinders as PERM */
    SAVED_EMPTY,       /* SAVESYS was never given, or was cut off */
    SAVED_NO_DEVICE,   /* the virtual device of VSYSADR is not there */
    SAVED_TOO_SMALL,   /* the virtual machine has too little storage */
    SAVED_NO_STORAGE,  /* of CP */
    SAVED_FULL,        /* no page slots for those who use what is being replaced */
    SAVED_IO,
};

struct saved_system; /* one in use: cp/saved.c */

/* The first and the last page of a saved system. */
struct saved_extent {
    uint32_t first, last;
};

/* All but the last four may sleep. */

/* Saves this virtual machine as `name`.  Who uses what was saved before keeps it. */
enum saved_result saved_save(struct vmblok *vm, const char *name);
/* Resets, loads the pages and registers; the caller ends CP mode.  Nothing has changed unless
 * SAVED_OK. */
enum saved_result saved_ipl(struct vmblok *vm, const char *name, bool clear);

/* DIAGNOSE 64: what is there, `*loaded` whether this virtual machine has it ... */
enum saved_result saved_find(struct vmblok *vm, const char *name, struct saved_extent *extent,
                             bool *loaded);
/* ... loading it, shared or as a copy of one's own ... */
enum saved_result saved_load(struct vmblok *vm, const char *name, bool shared,
                             struct saved_extent *extent);
/* ... and giving it back; `*loaded` whether there was something. */
enum saved_result saved_purge(struct vmblok *vm, const char *name, bool *loaded);

/* Gives all back: storage is cleared. */
void saved_detach_all(struct vmblok *vm);
/* The user gets copies of his own of the shared segments with this page (all: of all he has).
 * Never fails: without storage for it the virtual machine loses the segment. */
void saved_own_page(struct vmblok *vm, uint32_t page);
void saved_own_all(struct vmblok *vm);
/* CP or a channel will store into this page: as saved_own_page, unless the system was made without
 * protection. */
void saved_before_store(struct vmblok *vm, uint32_t page);
/* WORK_ALTERED: the message, and CP mode. */
void saved_tell_altered(struct vmblok *vm);

bool saved_is_shared(const struct vmblok *vm, uint32_t page);
/* The user's task gives up the CPU: has he altered shared pages? */
void saved_check(struct vmblok *vm);
/* How many virtual machines have it, and how many of its shared pages are in frames; `mine`: this
 * one has it. */
struct saved_use {
    unsigned users, resident;
    bool mine;
};
void saved_count(const struct vmblok *vm, const char *name, struct saved_use *use);
/* What a user reads about a result; returns the message's number.  `module` as for cp_error. */
int saved_error(struct vmblok *vm, const char *module, const char *name, enum saved_result result);

#endif
