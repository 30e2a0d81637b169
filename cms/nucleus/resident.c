/* Programs that stay: nucleus extensions (NUCEXT), which are found before nucleus functions and
 * MODULEs, and subcommand environments (SUBCOM), to which a program such as an editor or EXEC has
 * commands brought by call kind X'02'.  Each is an SCBLOCK (cms/kit/scblock.h) in a list; the one
 * declared last is found first. */
#include "cms/nucleus/nucleus.h"

enum { RC_NO_SUCH = 1, RC_NO_ROOM = 25 };

static struct scblock *find(uint32_t list, const char name[8])
{
    for (struct scblock *s = (struct scblock *)list; s; s = (struct scblock *)s->next)
        if (!memcmp(s->name, name, 8))
            return s;
    return NULL;
}

const struct scblock *resident_find(enum resident_kind kind, const char name[8])
{
    return find(nuc.residents[kind], name);
}

const struct scblock *resident_at(enum resident_kind kind, uint32_t index)
{
    const struct scblock *s = (const struct scblock *)nuc.residents[kind];

    while (s && index--)
        s = (const struct scblock *)s->next;
    return s;
}

static void drop(enum resident_kind kind, struct scblock *gone)
{
    uint32_t *link = &nuc.residents[kind];

    while (*link != (uint32_t)gone)
        link = &((struct scblock *)*link)->next;
    *link = gone->next;
    if (gone->length)
        storage_free((void *)gone->origin, gone->length);
    gone->entry = 0;
}

static int declare(enum resident_kind kind, const struct scblock_plist *p)
{
    struct scblock *s = nuc.scblocks;

    while (s < nuc.scblocks + SCBLOCKS && s->entry)
        s++;
    if (s == nuc.scblocks + SCBLOCKS)
        return RC_NO_ROOM;
    memset(s, 0, sizeof(*s));
    memcpy(s->name, p->name, 8);
    s->mask = p->mask;
    s->key = p->key & 0xf0;
    s->entry = p->entry & 0x00ffffff;
    s->user = p->user;
    if (kind == RESIDENT_EXTENSION) {
        s->flags = p->flags;
        s->origin = p->origin;
        s->length = p->length;
    }
    s->next = nuc.residents[kind];
    nuc.residents[kind] = (uint32_t)s;
    return RC_OK;
}

static bool is_short(const struct call *c)
{
    static const uint8_t fence[8] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

    return c->kind != CALL_PROGRAM || !memcmp(c->plist + 16, fence, 8);
}

int resident_request(enum resident_kind kind, const struct call *c)
{
    struct scblock_plist *p = (struct scblock_plist *)c->plist;

    if (c->plist[8] == 0xff)
        return RC_BAD_OPERAND;
    struct scblock *s = find(nuc.residents[kind], p->name);
    if (is_short(c))
        return s ? RC_OK : RC_NO_SUCH;
    if (p->entry == SCBLOCK_QUERY) {
        store_be32(c->plist + 16, (uint32_t)s);
        return s ? RC_OK : RC_NO_SUCH;
    }
    if (p->entry)
        return declare(kind, p);
    if (!s)
        return RC_NO_SUCH;
    drop(kind, s);
    return RC_OK;
}

int resident_enter(const struct scblock *s, uint32_t r0, uint32_t r1)
{
    struct entry_point at = {s->entry, (uint32_t)s,
                             (uint32_t)s->mask << 24 | (uint32_t)s->key << 16};

    return enter_at(&at, s->name, r0, r1);
}

/* Is the program still in storage when the command's own has been given back? */
static bool stays(const struct scblock *environment)
{
    for (const struct scblock *s = resident_at(RESIDENT_EXTENSION, 0); s;
         s = (const struct scblock *)s->next)
        if (environment->entry - s->origin < s->length)
            return true;
    return false;
}

void resident_end_of_command(void)
{
    struct scblock *next;

    for (struct scblock *s = (struct scblock *)nuc.residents[RESIDENT_SUBCOMMAND]; s; s = next) {
        next = (struct scblock *)s->next;
        if (!stays(s))
            drop(RESIDENT_SUBCOMMAND, s);
    }
}

/* Each is called once at most: one that fails in its turn must not be called for that. */
void resident_purge(void)
{
    char words[3][8];

    memcpy(words[1], "PURGE   ", 8);
    memset(words[2], 0xff, 8);
    for (uint32_t i = 0; resident_at(RESIDENT_EXTENSION, i);) {
        struct scblock *s = (struct scblock *)resident_at(RESIDENT_EXTENSION, i);
        if (!(s->flags & SCBLOCK_SYSTEM)) {
            bool called = s->flags & SCBLOCK_SERVICE;
            s->flags &= (uint8_t)~SCBLOCK_SERVICE;
            memcpy(words[0], s->name, 8);
            if (called)
                resident_enter(s, 0, (uint32_t)CALL_SERVICE << 24 | (uint32_t)words);
            drop(RESIDENT_EXTENSION, s);
        } else {
            i++;
        }
    }
}
