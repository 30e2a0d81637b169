/* Fuzz target: any cards as TEXT decks, then as the records of a library.  The loader writes within
 * its image and its table only, and both stay in order whatever the cards say. */
#include "cms/library/library.h"
#include "cms/load/load.h"

#include <stdlib.h>
#include <string.h>

#define ORIGIN     0x20000u
#define IMAGE_SIZE 8192u
#define TABLE_SIZE 2048u

static void check(const struct load_table *table)
{
    uint32_t entry;
    if (!load_table_is_good(table) || table->next < ORIGIN || table->next > ORIGIN + IMAGE_SIZE)
        abort();
    load_entry(table, &entry);
    for (uint32_t i = 0; i < table->symbols; i++)
        if (load_find(table, load_symbol(table, i)->name) > load_symbol(table, i))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *image = malloc(IMAGE_SIZE);
    struct load_table *table = malloc(TABLE_SIZE);
    static struct loader loader;
    load_begin(table, TABLE_SIZE, ORIGIN);
    load_open(&loader, table, image, ORIGIN + IMAGE_SIZE);
    if (size >= LOAD_CARD)
        library_header_is_good((const struct library_header *)data, (uint32_t)(size / LOAD_CARD));
    for (; size >= LOAD_CARD; data += LOAD_CARD, size -= LOAD_CARD) {
        if (load_card(&loader, data) == LOAD_END)
            load_new_deck(&loader);
        check(table);
    }
    load_finish(&loader);
    check(table);
    free(image);
    free(table);
    return 0;
}
