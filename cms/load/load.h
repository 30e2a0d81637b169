/* The loader: TEXT decks into storage.  External symbols, the places of control sections, address
 * constants; what is missing is remembered and filled in when a later deck brings it (LOAD, then
 * INCLUDE).  Portable: it gets cards one by one and writes into an image.  Cards and names are
 * EBCDIC.  GC28-6538, "Object Module Records"; VM/370 CMS Command and Macro Reference, LOAD. */
#ifndef CMS_LOAD_LOAD_H
#define CMS_LOAD_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOAD_CARD       80
#define LOAD_IDS_MAX    512  /* ESDIDs in one deck */
#define LOAD_TABLE_PAGE 4096 /* the table has some of these (SET LDRTBLS), about 150 names each */

enum load_kind {
    LOAD_UNDEFINED, /* wanted, not there */
    LOAD_WEAK,      /* the same, but nobody looks for it (WXTRN) */
    LOAD_SECTION,   /* control section */
    LOAD_ENTRY,     /* entry point in one */
    LOAD_COMMON,    /* common area: gets its place by load_finish */
};

struct load_symbol {
    uint8_t name[8]; /* EBCDIC, blank padded; all blank: private code, blank common */
    uint32_t address, length;
    uint8_t kind;
    bool searched; /* for the caller: looked for in the libraries */
};

/* An address constant that waits for a symbol. */
struct load_reference {
    uint32_t address; /* of the constant, in the loaded program */
    uint16_t symbol;
    uint8_t length, negative;
};

/* The loader's table: this header, symbols upwards behind it, references downwards from its end.
 * It stays in storage between commands; it holds no pointers, so it may be moved. */
struct load_table {
    uint32_t magic, size; /* bytes, all of it */
    uint32_t symbols, references;
    uint32_t origin, next; /* of the loaded program: first byte, and behind its last */
    uint32_t entry;
    bool has_entry;
    uint32_t first_section; /* its number + 1; where to begin without an END card's advice */
};

/* What load_card says of a card. */
enum load_result {
    LOAD_OK,
    LOAD_END,       /* the deck ends here */
    LOAD_INVALID,   /* no card of an object deck, or damaged; it was left out */
    LOAD_DUPLICATE, /* a section or entry that is there already: loader->name; left out */
    LOAD_NO_ROOM,   /* the image ends */
    LOAD_FULL,      /* the table ends */
};

struct loader {
    struct load_table *table;
    uint8_t *image;      /* the storage for `origin` */
    uint32_t limit;      /* first address that is not to be written */
    const uint8_t *name; /* with LOAD_DUPLICATE: eight characters, valid until the next card */
    /* The current deck: what its ESDIDs are. */
    struct {
        uint16_t symbol; /* number + 1; 0 none */
        bool own;        /* a section of this deck, not something it refers to */
        bool deleted;    /* a duplicate: its text is not loaded */
        uint32_t delta;  /* load address - assembled address */
    } ids[LOAD_IDS_MAX];
    uint8_t duplicate[8];
};

/* Makes an empty table of `size` bytes (at least 1K) for a program at `origin`. */
void load_begin(struct load_table *table, uint32_t size, uint32_t origin);
/* Ready for decks; the table is a new one or that of an earlier load. */
void load_open(struct loader *loader, struct load_table *table, uint8_t *image, uint32_t limit);
/* Forgets the last deck's ESDIDs. */
void load_new_deck(struct loader *loader);
enum load_result load_card(struct loader *loader, const uint8_t card[LOAD_CARD]);
/* Gives common areas their places and resolves what can be: after the last deck. */
enum load_result load_finish(struct loader *loader);

/* Adds a symbol without looking whether there is one of that name; NULL: no room. */
struct load_symbol *load_add(struct load_table *table, const uint8_t name[8], enum load_kind kind);
bool load_has_room(const struct load_table *table, size_t more); /* bytes */
/* True for what has an address. */
static inline bool load_is_defined(const struct load_symbol *s)
{
    return s->kind == LOAD_SECTION || s->kind == LOAD_ENTRY;
}
struct load_symbol *load_symbol(const struct load_table *table, uint32_t number);
/* NULL if there is none of that name. */
struct load_symbol *load_find(const struct load_table *table, const uint8_t name[8]);
bool load_table_is_good(const struct load_table *table);
/* Where the program begins: an END card's entry point, else the first section; false if nothing
 * is loaded. */
bool load_entry(const struct load_table *table, uint32_t *entry);

#endif
