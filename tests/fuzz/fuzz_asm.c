/* Fuzz target: any text as a program for the assembler, with itself as the only macro library, and
 * with storage that ends somewhere.  It comes to an end with a severity; nothing crashes, and no
 * line or card is longer than it may be. */
#include "cms/asm/asm.h"
#include "lib/ebcdic.h"

#include <stdlib.h>
#include <string.h>

#define CHUNKS_MAX 200

struct input {
    const uint8_t *at, *end, *start, *member;
    void *chunks[CHUNKS_MAX];
    unsigned count, most;
    unsigned long lines;
};

static bool take(const uint8_t **at, const uint8_t *end, char card[ASM_CARD + 1])
{
    unsigned n = 0;
    if (*at == end)
        return false;
    for (; *at < end && **at != '\n'; ++*at)
        if (**at && n < ASM_CARD)
            card[n++] = (char)**at;
    *at += *at < end;
    card[n] = 0;
    return true;
}

static bool read_source(void *context, char card[ASM_CARD + 1])
{
    struct input *in = context;
    return take(&in->at, in->end, card);
}

static bool open_member(void *context, const char *name)
{
    struct input *in = context;
    in->member = in->start;
    return name[0] == 'M';
}

static bool read_member(void *context, char card[ASM_CARD + 1])
{
    struct input *in = context;
    return take(&in->member, in->end, card);
}

static void list(void *context, const char *line)
{
    struct input *in = context;
    in->lines++;
    if (strlen(line) > ASM_LINE)
        abort();
}

static void object(void *context, const uint8_t card[ASM_CARD])
{
    struct input *in = context;
    in->lines += card[0];
}

static void type(void *context, const char *line)
{
    struct input *in = context;
    in->lines += strlen(line);
}

static void *memory(void *context, size_t size)
{
    struct input *in = context;
    if (in->count == in->most || size > 8 << 20)
        return NULL;
    return in->chunks[in->count++] = malloc(size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t table[256];
    struct asm_options options;
    struct asm_result result;
    if (size < 2 || size > 20000)
        return 0;
    struct input in = {.at = data + 1, .start = data + 1, .end = data + size};
    in.most = data[0] < 20 ? data[0] : CHUNKS_MAX;
    for (unsigned i = 0; i < 256; i++)
        table[i] = latin1_to_ebcdic((uint8_t)i);
    struct asm_host host = {&in,    read_source, open_member, read_member, list,
                            object, type,        memory,      table};
    asm_default_options(&options);
    assemble(&host, &options, &result);
    for (unsigned i = 0; i < in.count; i++)
        free(in.chunks[i]);
    return 0;
}
