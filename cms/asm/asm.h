/* The assembler: Assembler F's language as VM/370's ASSEMBLE and the System Assembler XF
 * understand it (GC28-6514, GC33-4010): System/370 instructions, constants, control sections,
 * literals, macros and conditional assembly; a listing and a TEXT deck come out.
 *
 * The module is portable: it takes cards, macros and storage from `struct asm_host` and gives
 * back listing lines and object cards.  Text is in the compilation's character set on both
 * sides; `to_ebcdic` says how character constants become bytes. */
#ifndef CMS_ASM_ASM_H
#define CMS_ASM_ASM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ASM_CARD  80    /* columns of a source line and of an object card */
#define ASM_LINE  121   /* longest listing line with its carriage control, without a zero */
#define ASM_CHUNK 32768 /* storage is asked for in pieces of this size, or larger */

struct asm_host {
    void *context;
    /* The next line of the program: at most ASM_CARD characters and a zero into `card`; false
     * behind the last one. */
    bool (*read)(void *context, char card[ASM_CARD + 1]);
    /* Finds a macro definition or a COPY member; then its lines, as `read` does. */
    bool (*open_member)(void *context, const char *name);
    bool (*read_member)(void *context, char card[ASM_CARD + 1]);
    /* A line of the listing; the first character is an ASA carriage control. */
    void (*list)(void *context, const char *line);
    /* A card of the TEXT deck (also what PUNCH and REPRO give), in EBCDIC. */
    void (*object)(void *context, const uint8_t card[ASM_CARD]);
    /* A line about an error or of an MNOTE for the terminal. */
    void (*type)(void *context, const char *line);
    /* `size` bytes that are never given back; NULL if there are no more. */
    void *(*memory)(void *context, size_t size);
    const uint8_t *to_ebcdic; /* 256 bytes; NULL: text is EBCDIC already */
};

struct asm_options {
    bool list, esd, rld, xref; /* parts of the listing */
    bool xref_all;             /* also symbols that nobody uses */
    bool deck;                 /* object cards are wanted */
    bool align;                /* operands off their boundary are errors */
    bool statement_numbers;    /* TEXT cards have a sequence number in columns 73-80 */
    bool upper;                /* letters outside of quotes are folded to upper case */
    unsigned lines;            /* of a listing's page */
    const char *sysparm;       /* &SYSPARM, at most 255 characters */
    char date[9], time[6];     /* &SYSDATE, &SYSTIME: MM/DD/YY and HH.MM */
};

struct asm_result {
    int severity;            /* highest of all messages: 0, 4, 8, 12; 16 out of storage */
    uint32_t statements;     /* numbered, expansions included */
    uint32_t flagged;        /* of these, with errors */
    uint32_t cards, members; /* read: source lines, and macro and COPY members */
};

/* What VM/370's ASSEMBLE does without options. */
void asm_default_options(struct asm_options *options);

/* Assembles one program (up to END).  Returns result->severity. */
int assemble(const struct asm_host *host, const struct asm_options *options,
             struct asm_result *result);

#endif
