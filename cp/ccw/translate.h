/* CCW translation: from a guest's channel program to one that the real channel can run.
 * The copy has real addresses (indirect address words where a buffer crosses into a page
 * that does not follow in real storage), seek addresses moved to the minidisk's extent, and a guard
 * before it.  The guest's program stays as it is.
 *
 * Portable: reaches guest storage only through the functions of its caller.  Limits, as in
 * VM/370: a program that changes its own CCWs, or the seek addresses it is yet to use, while it
 * runs, runs as it was at the start; with the ISAM option it is cut behind the command that reads
 * into it, and goes on as a program of its own; and except for TICs and no-operations that the
 * guest says it has changed (DIAGNOSE 28, ccw_retranslate). */
#ifndef CP_CCW_TRANSLATE_H
#define CP_CCW_TRANSLATE_H

#include "s370/arch/ccw.h"

#include <stdbool.h>
#include <stdint.h>

/* Guest storage and real addresses. */
struct translate_storage {
    void *context;
    /* Copies from guest real storage; false if any byte is outside. */
    bool (*read)(void *context, uint32_t address, void *to, uint32_t length);
    /* The real address of this guest page, which stays there until the program is over; 0 if it is
     * outside of guest storage or cannot be had. Called once for each page, or twice if the device
     * only fetches first and then also stores there. */
    uint32_t (*lock)(void *context, uint32_t page, bool stores);
    /* The real address of a byte of the translation. */
    uint32_t (*real_of)(void *context, const void *p);
    /* Storage for one more block, of zeros; NULL: there is none just now. */
    struct translate_block *(*more)(void *context);
};

/* Bytes of guest storage from `from` up to but not `to`. */
struct translate_range {
    uint32_t from, to;
};

#define TRANSLATE_SPOTS  16  /* reads, copied arguments and cuts that the ISAM option notes */
#define TRANSLATE_CELLS  336 /* CCWs, IDAWs and seek addresses of one block */
#define TRANSLATE_BLOCKS 16  /* of one program */
#define TRANSLATE_OWN    0xffffffffu /* a CCW that the guest's program does not have */
#define TRANSLATE_PAGES  400         /* different guest pages in one program */

/* A part of the translation: CCWs from the front, data from the end.  Where it is full, a TIC leads
 * to the next one. */
struct translate_block {
    uint8_t cells[TRANSLATE_CELLS][8] __attribute__((aligned(8)));
    uint32_t origin[TRANSLATE_CELLS]; /* guest address of the CCW that a cell stands for, with its
                                         role in the low bits, or TRANSLATE_OWN */
    uint16_t cells_used, data_used;
    struct translate_block *next;
};

struct translation {
    /* What the program is for; the caller fills this in. */
    const struct translate_storage *storage;
    bool is_dasd;         /* DASD commands: relocate, check, guard */
    uint16_t start;       /* first cylinder of the extent */
    uint16_t cylinders;   /* its size */
    bool read_only;       /* no writing: SET FILE MASK goes first */
    uint16_t at_cylinder; /* where the guest's arm is: in the extent */
    uint16_t at_head;
    bool may_skip;       /* not DASD: any command may skip the CCW behind it */
    uint16_t page_limit; /* guest pages that it may lock; 0: TRANSLATE_PAGES */

    bool isam; /* a command that reads into the program itself ends this part of it */

    /* The translation: `program` is what to start. */
    const struct ccw *program;
    struct translate_block *blocks;  /* the first; the caller frees them */
    struct translate_block *current; /* CCWs go on there ... */
    struct translate_block *data;    /* ... and data here: the same, or a later one */
    uint16_t block_count;
    bool no_storage;                 /* there was no block to be had */
    bool stores;                     /* what is being translated stores into guest storage */
    uint16_t page[TRANSLATE_PAGES];  /* guest pages that were locked ... */
    bool stored[TRANSLATE_PAGES];    /* ... to be stored into ... */
    uint32_t frame[TRANSLATE_PAGES]; /* ... and where they are */
    uint16_t pages_used;
    /* ISAM: what single commands read into, and their CCWs; arguments that were copied; guest
     * addresses of the CCWs after which the program is to go on anew. */
    struct translate_range reads[TRANSLATE_SPOTS], copied[TRANSLATE_SPOTS];
    struct ccw *reading[TRANSLATE_SPOTS];
    uint32_t read_at[TRANSLATE_SPOTS], cuts[TRANSLATE_SPOTS];
    uint8_t reads_used, copied_used, cuts_used;
    bool seeks; /* the program has a seek: the arm ends elsewhere */
    uint16_t last_cylinder, last_head;
    /* TICs to places not translated yet. */
    struct {
        struct ccw *ccw;
        uint32_t target;
        uint8_t role; /* as what it is reached: a command, or more of the data */
    } todo[24];
    uint16_t todo_used;
};

enum translate_result {
    TRANSLATE_OK,
    TRANSLATE_PROGRAM_CHECK, /* the first CCW is wrong: the SIO gets condition code 1 */
    TRANSLATE_TOO_LONG,      /* does not fit: give the guest a program check too */
    TRANSLATE_NO_STORAGE,    /* not just now */
};

/* Translates the program at guest real `address`.  Pages it locked are in page/frame whatever the
 * result: the caller unlocks them. */
enum translate_result ccw_translate(struct translation *t, uint32_t address);

/* The guest has changed the TIC or no-operation at `address` while the program runs: the copy is
 * changed, too, and what a TIC leads to is translated. */
enum retranslate_result {
    RETRANSLATE_OK,
    RETRANSLATE_NOT_FOUND,  /* the program has no CCW there */
    RETRANSLATE_NOT_TIC,    /* it was, or is, neither TIC nor no-operation */
    RETRANSLATE_OUTSIDE,    /* the TIC leads out of storage */
    RETRANSLATE_UNALIGNED,  /* ... or to no doubleword */
    RETRANSLATE_NO_STORAGE, /* what it leads to has no room */
};
enum retranslate_result ccw_retranslate(struct translation *t, uint32_t address);

/* The program has come to its good end, and the guest's CCW address for the CSW is this one: was it
 * cut there?  Then it goes on with that CCW. */
bool ccw_was_cut(const struct translation *t, uint32_t csw_address);

/* The guest's CCW address for a CSW, from the real one. */
uint32_t ccw_untranslate(const struct translation *t, uint32_t real_csw_address);

#endif
