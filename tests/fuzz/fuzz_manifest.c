/* Any bytes as a manifest of `datbox batch`: a deck that is taken has only values that may be. */
#include "tools/batch.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take(void *context, const char *path, const struct batch_deck *deck)
{
    size_t *count = context;
    bool class_is_good =
        (deck->class >= 'A' && deck->class <= 'Z') || (deck->class >= '0' && deck->class <= '9');
    if (!*path || !class_is_good || deck->priority > 99)
        abort();
    return ++*count < 100;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char message[256], *text = malloc(size + 1);
    size_t count = 0;
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = 0;
    bool ok = batch_manifest("folder/manifest", text, take, &count, message, sizeof message);
    if (ok == (*message != 0 || count == 100))
        abort();
    free(text);
    return 0;
}
