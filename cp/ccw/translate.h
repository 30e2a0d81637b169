/* CCW translation: from a guest's channel program to one that the real channel can run.
 * The copy has real addresses (indirect address words where a buffer crosses into a page
 * that does not follow in real storage), seek addresses moved to the minidisk's extent, and a guard
 * before it.  The guest's program stays as it is.
 *
 * Portable: reaches guest storage only through the functions of its caller.  Limits, as in
 * VM/370: a program that changes its own CCWs, or the seek addresses it is yet to use, while it
 * runs, runs as it was at the start. */
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
};

#define TRANSLATE_CELLS 240         /* CCWs, IDAWs and seek addresses of one program */
#define TRANSLATE_OWN   0xffffffffu /* a CCW that the guest's program does not have */
#define TRANSLATE_PAGES 96          /* different guest pages in one program */

struct translation {
    /* What the program is for; the caller fills this in. */
    const struct translate_storage *storage;
    bool is_dasd;         /* DASD commands: relocate, check, guard */
    uint16_t start;       /* first cylinder of the extent */
    uint16_t cylinders;   /* its size */
    bool read_only;       /* no writing: SET FILE MASK goes first */
    uint16_t at_cylinder; /* where the guest's arm is: in the extent */
    uint16_t at_head;

    /* The translation: `program` is what to start. */
    const struct ccw *program;
    uint8_t cells[TRANSLATE_CELLS][8] __attribute__((aligned(8)));
    uint32_t origin[TRANSLATE_CELLS]; /* guest address of the CCW that a cell stands for, with its
                                         role in the low bits, or TRANSLATE_OWN */
    uint16_t cells_used, data_used;   /* CCWs from the front, data from the end */
    bool stores;                      /* what is being translated stores into guest storage */
    uint16_t page[TRANSLATE_PAGES];   /* guest pages that were locked ... */
    bool stored[TRANSLATE_PAGES];     /* ... to be stored into ... */
    uint32_t frame[TRANSLATE_PAGES];  /* ... and where they are */
    uint16_t pages_used;
    bool seeks; /* the program has a seek: the arm ends elsewhere */
    uint16_t last_cylinder, last_head;
    /* TICs to places not translated yet. */
    struct {
        uint16_t cell;
        uint32_t target;
        uint8_t role; /* as what it is reached: a command, or more of the data */
    } todo[16];
    uint16_t todo_used;
};

enum translate_result {
    TRANSLATE_OK,
    TRANSLATE_PROGRAM_CHECK, /* the first CCW is wrong: the SIO gets condition code 1 */
    TRANSLATE_TOO_LONG,      /* does not fit: give the guest a program check too */
};

/* Translates the program at guest real `address`.  Pages it locked are in page/frame whatever the
 * result: the caller unlocks them. */
enum translate_result ccw_translate(struct translation *t, uint32_t address);

/* The guest's CCW address for a CSW, from the real one. */
uint32_t ccw_untranslate(const struct translation *t, uint32_t real_csw_address);

#endif
