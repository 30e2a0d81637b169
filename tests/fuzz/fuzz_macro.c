/* Macro files of the full-screen terminal: any bytes. */
#include "consoles/term/macro.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[COMMAND_ERROR] = "";
    struct macro *m = macro_parse("fuzz", (const char *)data, size, error);
    if (!m && !error[0])
        abort();
    for (unsigned i = 0; m && i < m->count; i++) {
        const struct term_command *c = &m->commands[i];
        if (c->verb == VERB_NONE || c->verb >= VERBS || c->count > COMMAND_WORDS)
            abort();
        for (unsigned w = 0; w < c->count; w++)
            if (strlen(command_word(c, w)) >= COMMAND_LENGTH)
                abort();
    }
    macro_free(m);
    return 0;
}
