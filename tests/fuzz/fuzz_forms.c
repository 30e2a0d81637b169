/* Fuzz target: any bytes as what a person writes for tapes and printers (a magazine's list, a
 * form's tape, a socket's address), and as a forms control buffer.  It is refused with a message,
 * or what was read is as the header says, and a form can be printed on. */
#include "s370/media/endpoint.h"
#include "s370/media/paper.h"
#include "s370/media/tape_magazine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_magazine(const uint8_t *data, size_t size)
{
    char path[64], message[512], *words[MAGAZINE_WORDS];
    int fd = memfd_create("magazine", 0), count;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, data, size) < 0)
        abort();
    struct tape_magazine *m = tape_magazine_open(path, message, sizeof message);
    close(fd);
    if (!m) {
        if (!strstr(message, path))
            abort();
        return;
    }
    unsigned left = tape_magazine_left(m), tapes = 0;
    while ((count = tape_magazine_next(m, words)) > 0) {
        for (int i = 0; i < count; i++)
            if (i >= MAGAZINE_WORDS || strlen(words[i]) > size + sizeof path)
                abort();
        tapes++;
    }
    if (tapes != left || tapes == 0)
        abort();
    tape_magazine_close(m);
}

static void move_paper(struct paper *p, const uint8_t *data, size_t size)
{
    struct output o = {.fd = -1};
    for (size_t i = 0; i < size && i < 64; i++) {
        paper_print(p, &o, (const char *)data, data[i] % (unsigned)(size < 40 ? size : 40));
        if (data[i] & 0x80)
            paper_skip(p, &o, 1 + data[i] % PAPER_CHANNELS);
        else
            paper_space(p, &o, data[i] % 4);
        if (p->line < 1 || p->line > p->lines || p->lines > PAPER_LINES_MAX)
            abort();
    }
    free(o.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char message[512] = "", text[300];
    struct paper p;
    struct endpoint e;
    if (size < 3)
        return 0;
    size_t n = size - 2 < sizeof text - 1 ? size - 2 : sizeof text - 1;
    memcpy(text, data + 2, n);
    text[n] = 0;
    switch (data[0] % 4) {
    case 0:
        read_magazine(data + 2, size - 2);
        break;
    case 1:
        if (!paper_set_form(&p, data[1] + 1u, text, message, sizeof message))
            move_paper(&p, data + 2, size - 2);
        else if (!*message)
            abort();
        break;
    case 2:
        paper_init(&p);
        paper_load(&p, data + 2, (unsigned)n, 180, data[1] & 1);
        move_paper(&p, data + 2, size - 2);
        break;
    default:
        if (endpoint_parse(&e, text, message, sizeof message) && !*message)
            abort();
    }
    return 0;
}
