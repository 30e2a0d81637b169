/* Program function keys, as SET PFnn has set them for a VM, and the lines that a RETRIEVE key
 * brings back. */
#ifndef CP_PFKEYS_H
#define CP_PFKEYS_H

#include "cp/vmblok.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PF_KEYS  24
#define PF_TABS  20
#define PF_LINES 1024 /* bytes of lines that are remembered */

enum pf_kind { PF_UNDEFINED, PF_IMMEDIATE, PF_DELAYED, PF_TAB, PF_RETRIEVE, PF_COPY };

struct pf_key {
    uint8_t kind; /* enum pf_kind */
    uint8_t tab_count;
    uint8_t tabs[PF_TABS]; /* columns of the input area, from 1, ascending */
    char text[];           /* of PF_IMMEDIATE and PF_DELAYED, ended by a zero */
};

/* What a VM has: allocated when the first key is set or line remembered. */
struct pf_keys {
    struct pf_key *key[PF_KEYS];
    uint16_t size[PF_KEYS]; /* of the blocks */
    uint16_t used;          /* bytes of `lines` */
    uint16_t recalled;      /* where the line begins that was brought back last; PF_LINES: none */
    char lines[PF_LINES];   /* each ended by a zero, the oldest first */
};

/* The key `number` (1 to 24), or NULL if it is not defined. */
const struct pf_key *pf_find(const struct vmblok *vm, unsigned number);
/* Sets a key; false if there is no storage.  PF_UNDEFINED: as if it never was. */
bool pf_set(struct vmblok *vm, unsigned number, enum pf_kind kind, const char *text,
            const uint8_t *tabs, unsigned tab_count);
/* The VM is being taken down. */
void pf_free(struct vmblok *vm);

/* A line was typed. */
void pf_remember(struct vmblok *vm, const char *line, size_t length);
/* The line before the one that was brought back last (the last one, after a new line was typed;
 * after the oldest again the last).  False if there is none. */
bool pf_recall(struct vmblok *vm, char *to, size_t size);

#endif
