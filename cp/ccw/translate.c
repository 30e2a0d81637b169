/* CCW translation: see cp/ccw/translate.h.  The GA22-7000 rules for channel programs hold; device
 * commands are those of the 3830 and 3350 (GA26-1592, GA26-1638). */
#include "cp/ccw/translate.h"

#include "lib/str.h"

#define PAGE   4096u
#define BLOCK  2048u /* what one indirect address word covers */
#define MARGIN 24u   /* cells of a block that are kept for CCWs which must follow each other */

#define DASD_READ_IPL    0x02
#define DASD_READ_DATA   0x06
#define DASD_READ_R0     0x16
#define DASD_SEEK        0x07
#define DASD_SET_MASK    0x1f
#define MASK_NO_WRITE    0x40
#define MASK_WRITE_BITS  0xc0
#define MASK_WRITE_ALL   0xc0 /* also home addresses and record 0 */
#define CHAINED_COMMAND  0x03 /* no operation */
#define INVALID_COMMAND  0x00 /* the channel gives a program check when it gets there */
#define REJECTED_COMMAND 0xff /* the device rejects it */

/* What is done with each command of a minidisk. */
enum dasd_kind { PLAIN, SEEKING, RECALIBRATE, FILE_MASK, IPL_READ, AS_SENSE, SEARCHING };
static const struct dasd_command {
    uint8_t command;
    uint8_t kind;
} dasd_commands[] = {
    /* The usual ones first. */
    {0x07, SEEKING},     {0x31, SEARCHING}, {0x06, PLAIN},     {0x05, PLAIN},     {0x03, PLAIN},
    {0x1d, PLAIN},       {0x1e, PLAIN},     {0x12, PLAIN},     {0x0e, PLAIN},     {0x0d, PLAIN},
    {0x04, PLAIN},       {0x02, IPL_READ},  {0xe4, PLAIN},     {0x0b, SEEKING},   {0x1b, SEEKING},
    {0x13, RECALIBRATE}, {0x1f, FILE_MASK}, {0x23, PLAIN},     {0x22, PLAIN},     {0x39, SEARCHING},
    {0xb9, SEARCHING},   {0x51, SEARCHING}, {0x71, SEARCHING}, {0xb1, SEARCHING}, {0xd1, SEARCHING},
    {0xf1, SEARCHING},   {0x29, SEARCHING}, {0x49, SEARCHING}, {0x69, SEARCHING}, {0xa9, SEARCHING},
    {0xc9, SEARCHING},   {0xe9, SEARCHING}, {0x1a, PLAIN},     {0x9a, PLAIN},     {0x16, PLAIN},
    {0x96, PLAIN},       {0x92, PLAIN},     {0x86, PLAIN},     {0x8e, PLAIN},     {0x9e, PLAIN},
    {0x01, PLAIN},       {0x15, PLAIN},     {0x11, PLAIN},     {0x0f, PLAIN},     {0xa4, AS_SENSE},
    {0xb4, AS_SENSE},    {0x94, AS_SENSE},
};

/* As what the channel comes to a CCW. The same CCW of the guest, reached by a command chain and by
 * data chaining, has a cell for each, so that none is used as what it was not checked for. Kept in
 * the low bits of the cells' origin. */
enum role {
    AS_COMMAND = 0,
    AS_DATA = 1,     /* data chaining: the command before it goes on */
    IS_BACKWARD = 2, /* ... which reads backward */
    MAY_SKIP = 4,    /* ... after which the device may skip a CCW */
};

/* One guest CCW on its way. */
struct item {
    uint32_t at; /* guest address */
    uint8_t command, flags;
    uint32_t address, count;
    bool backward; /* its data go down from the address */
};

/* --- room --- */

static uint32_t room(const struct translate_block *block)
{
    return TRANSLATE_CELLS - block->cells_used - block->data_used;
}

/* One more block behind all others; NULL: there is none. */
static struct translate_block *new_block(struct translation *t)
{
    if (t->block_count == TRANSLATE_BLOCKS)
        return NULL;
    struct translate_block *block = t->storage->more(t->storage->context);
    if (!block) {
        t->no_storage = true;
        return NULL;
    }
    t->block_count++;
    if (t->data)
        t->data->next = block;
    else
        t->blocks = t->current = block;
    t->data = block;
    return block;
}

static struct ccw *new_ccw(struct translation *t, uint32_t origin)
{
    struct translate_block *block = t->current;
    if (!room(block))
        return NULL;
    block->origin[block->cells_used] = origin;
    return (struct ccw *)block->cells[block->cells_used++];
}

/* Consecutive cells at the end of a block, for data of `bytes`; CCWs keep their margin. */
static uint8_t *new_data(struct translation *t, uint32_t bytes)
{
    uint32_t cells = (bytes + 7) / 8;
    struct translate_block *block = t->data;
    if (room(block) < cells + (block == t->current ? MARGIN : 0) && !(block = new_block(t)))
        return NULL;
    block->data_used += (uint16_t)cells;
    return block->cells[TRANSLATE_CELLS - block->data_used];
}

static uint32_t real_of(const struct translation *t, const void *p)
{
    return t->storage->real_of(t->storage->context, p);
}

static bool read_guest(struct translation *t, uint32_t address, void *to, uint32_t length)
{
    return t->storage->read(t->storage->context, address, to, length);
}

static uint32_t lock_page(struct translation *t, uint32_t page)
{
    for (uint32_t i = 0; i < t->pages_used; i++)
        if (t->page[i] == page && (t->stored[i] || !t->stores))
            return t->frame[i];
    if (t->pages_used == (t->page_limit ? t->page_limit : TRANSLATE_PAGES))
        return 0;
    uint32_t frame = t->storage->lock(t->storage->context, page, t->stores);
    if (frame) {
        t->stored[t->pages_used] = t->stores;
        t->page[t->pages_used] = (uint16_t)page;
        t->frame[t->pages_used++] = frame;
    }
    return frame;
}

/* --- buffers --- */

/* The real address of guest byte `address`; 0 if there is none. */
static uint32_t real_byte(struct translation *t, uint32_t address)
{
    uint32_t frame = lock_page(t, (address & 0x00ffffff) / PAGE);
    return frame ? frame + address % PAGE : 0;
}

/* Walks the blocks of a guest buffer: block n begins at guest address *at.  With the guest's own
 * indirect addressing that is in its list. */
static bool block_address(struct translation *t, const struct item *item, uint32_t n, uint32_t *at)
{
    if (!(item->flags & CCW_INDIRECT)) {
        uint32_t block = item->address & ~(BLOCK - 1);
        *at = !n ? item->address : item->backward ? block - (n - 1) * BLOCK - 1 : block + n * BLOCK;
        return true;
    }
    be32 word;
    if (item->address & 3 || !read_guest(t, item->address + n * 4, &word, 4))
        return false;
    *at = get32(word);
    return !(*at >> 24) && (!n || *at % BLOCK == (item->backward ? BLOCK - 1 : 0));
}

/* Gives the CCW a real address for its buffer, with a list of indirect address words if the buffer
 * is not in one piece.  False: an address is outside, or there is no room. */
static bool translate_buffer(struct translation *t, const struct item *item, struct ccw *ccw)
{
    uint32_t at, left = item->count, blocks = 0, first = 0, expect = 0;
    bool one_piece = true;
    /* Reads and senses have an even code.  What is chained may belong to one. */
    t->stores = item->command == CHAINED_COMMAND || !(item->command & 1);
    for (uint32_t n = 0; left; n++, blocks++) {
        if (!block_address(t, item, n, &at))
            return false;
        uint32_t real = real_byte(t, at);
        uint32_t length = item->backward ? at % BLOCK + 1 : BLOCK - at % BLOCK;
        length = length < left ? length : left;
        if (!real)
            return false;
        if (!n)
            first = real;
        else if (real != expect)
            one_piece = false;
        expect = item->backward ? real - length : real + length;
        left -= length;
    }
    uint8_t flags = item->flags & (uint8_t)~CCW_INDIRECT;
    if (one_piece) {
        ccw_put(ccw, item->command, first, flags, item->count);
        return true;
    }
    uint8_t *list = new_data(t, blocks * 4);
    if (!list)
        return false;
    for (uint32_t n = 0; n < blocks; n++) {
        block_address(t, item, n, &at);
        store_be32(list + n * 4, real_byte(t, at));
    }
    ccw_put(ccw, item->command, real_of(t, list), flags | CCW_INDIRECT, item->count);
    return true;
}

/* --- programs that read into themselves --- */

static bool overlap(const struct translate_range *a, const struct translate_range *b)
{
    return a->from < b->to && b->from < a->to;
}

/* Behind this command the program ends for now. False: there are too many such commands. */
static bool cut(struct translation *t, struct ccw *ccw, uint32_t at)
{
    if (t->cuts_used == TRANSLATE_SPOTS)
        return false;
    ccw->flags &= (uint8_t)~CCW_CHAIN_COMMAND;
    t->cuts[t->cuts_used++] = at;
    return true;
}

/* The guest's bytes there become part of the copy: a command before may read into them, and is cut.
 * True if one was. */
static bool is_read_into(struct translation *t, uint32_t from, uint32_t length)
{
    struct translate_range range = {from, from + length};
    bool found = false;
    for (unsigned i = 0; t->isam && i < t->reads_used; i++)
        if (t->reading[i] && overlap(&range, &t->reads[i]) &&
            cut(t, t->reading[i], t->read_at[i])) {
            t->reading[i] = NULL;
            found = true;
        }
    return found;
}

static void note_copied(struct translation *t, uint32_t from, uint32_t length)
{
    if (t->isam && t->copied_used < TRANSLATE_SPOTS)
        t->copied[t->copied_used++] = (struct translate_range){from, from + length};
}

/* A command that reads: does it read into what has been copied already?  Then it is cut. */
static bool reads_into_copy(struct translation *t, const struct item *item, struct ccw *ccw)
{
    struct translate_range range = {item->address, item->address + item->count};
    bool reads = !(item->command & 1) && item->flags & CCW_CHAIN_COMMAND &&
                 !(item->flags & (CCW_CHAIN_DATA | CCW_INDIRECT | CCW_SKIP));
    bool found = false;
    if (!t->isam || !reads)
        return false;
    for (unsigned i = 0; i < t->copied_used; i++)
        found |= overlap(&range, &t->copied[i]);
    for (const struct translate_block *block = t->blocks; block; block = block->next)
        for (unsigned i = 0; i < block->cells_used; i++) {
            uint32_t at = block->origin[i] & 0x00fffff8;
            struct translate_range own = {at, at + 8};
            found |= block->origin[i] != TRANSLATE_OWN && overlap(&range, &own);
        }
    if (found)
        return cut(t, ccw, item->at);
    if (t->reads_used < TRANSLATE_SPOTS) {
        t->reads[t->reads_used] = range;
        t->reading[t->reads_used] = ccw;
        t->read_at[t->reads_used++] = item->at;
    }
    return false;
}

bool ccw_was_cut(const struct translation *t, uint32_t csw_address)
{
    for (unsigned i = 0; i < t->cuts_used; i++)
        if (t->cuts[i] + 8 == csw_address)
            return true;
    return false;
}

/* --- DASD --- */

static enum dasd_kind kind_of(uint8_t command, bool *known)
{
    for (unsigned i = 0; i < sizeof dasd_commands / sizeof *dasd_commands; i++)
        if (dasd_commands[i].command == command) {
            *known = true;
            return dasd_commands[i].kind;
        }
    *known = false;
    return PLAIN;
}

/* A seek address of CP's: bin 0, cylinder and head on the real device. */
static uint8_t *seek_data(struct translation *t, uint32_t cylinder, uint32_t head)
{
    uint8_t *data = new_data(t, 6);
    if (data) {
        store_be16(data, 0);
        store_be16(data + 2, cylinder);
        store_be16(data + 4, head);
    }
    return data;
}

static void note_arm(struct translation *t, uint32_t cylinder, uint32_t head)
{
    t->seeks = true;
    t->last_cylinder = (uint16_t)cylinder;
    t->last_head = (uint16_t)head;
}

/* SEEK: the cylinder is moved into the extent.  Beyond it the real device gets an address that it
 * must refuse, so that the guest sees what a smaller device would tell. */
static bool translate_seek(struct translation *t, const struct item *item, struct ccw *ccw)
{
    uint8_t argument[6] = {0};
    uint32_t length = item->count < 6 ? item->count : 6;
    if (item->flags & (CCW_INDIRECT | CCW_CHAIN_DATA) ||
        !read_guest(t, item->address, argument, length))
        return false;
    if (is_read_into(t, item->address, length))
        return false;
    note_copied(t, item->address, length);
    uint32_t bin = load_be16(argument), cylinder = load_be16(argument + 2);
    uint32_t head = load_be16(argument + 4);
    bool good = !bin && (cylinder < t->cylinders || item->command == 0x1b);
    uint8_t *data = seek_data(t, good ? t->start + cylinder : 0xffff, head);
    if (!data)
        return false;
    if (item->command == 0x1b) /* SEEK HEAD: stays on its cylinder */
        note_arm(t, t->seeks ? t->last_cylinder : t->at_cylinder, head);
    else if (good)
        note_arm(t, cylinder, head);
    ccw_put(ccw, item->command, real_of(t, data), item->flags, item->count);
    return true;
}

/* SET FILE MASK: home addresses and record 0 are not the guest's; read-only stays so. */
static bool translate_mask(struct translation *t, const struct item *item, struct ccw *ccw)
{
    uint8_t mask;
    uint8_t flags = item->flags;
    uint8_t *data = new_data(t, 1);
    if (!data || item->flags & (CCW_INDIRECT | CCW_CHAIN_DATA) ||
        !read_guest(t, item->address, &mask, 1))
        return false;
    if ((mask & MASK_WRITE_BITS) == MASK_WRITE_ALL)
        mask &= (uint8_t)~MASK_WRITE_BITS;
    *data = mask;
    /* A chain may have one SET FILE MASK only: with a guard, the guest's becomes a no-op. */
    if (t->read_only)
        ccw_put(ccw, CCW_NOP, real_of(t, data), flags | CCW_SUPPRESS_LENGTH, item->count);
    else
        ccw_put(ccw, DASD_SET_MASK, real_of(t, data), flags, item->count);
    return true;
}

/* READ IPL goes to cylinder 0, head 0 and reads the first record behind record 0: of the
 * minidisk. */
static bool translate_ipl(struct translation *t, struct item *item, struct ccw *ccw)
{
    uint8_t *data = seek_data(t, t->start, 0);
    struct ccw *read_r0 = new_ccw(t, item->at);
    struct ccw *read = new_ccw(t, item->at);
    if (!data || !read)
        return false;
    ccw_put(ccw, DASD_SEEK, real_of(t, data), CCW_CHAIN_COMMAND, 6);
    ccw_put(read_r0, DASD_READ_R0, real_of(t, data),
            CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH | CCW_SKIP, 8);
    item->command = DASD_READ_DATA;
    note_arm(t, 0, 0);
    return translate_buffer(t, item, read);
}

/* Translates one CCW that is not a TIC. False: make it a program check. */
static bool translate_item(struct translation *t, struct item *item, struct ccw *ccw,
                           bool chained_data)
{
    bool known = true;
    enum dasd_kind kind = t->is_dasd && !chained_data ? kind_of(item->command, &known) : PLAIN;
    if (!known)
        item->command = REJECTED_COMMAND;
    /* The channel ignores the command of a CCW that it comes to by data chaining.  A TIC from
     * elsewhere could make it a command after all: not one that was never checked. */
    if (chained_data)
        item->command = CHAINED_COMMAND;
    switch (kind) {
    case SEEKING:
        return translate_seek(t, item, ccw);
    case FILE_MASK:
        return translate_mask(t, item, ccw);
    case IPL_READ:
        return translate_ipl(t, item, ccw);
    case RECALIBRATE: {
        uint8_t *data = seek_data(t, t->start, 0);
        if (!data)
            return false;
        note_arm(t, 0, 0);
        ccw_put(ccw, DASD_SEEK, real_of(t, data),
                (item->flags & (CCW_CHAIN_COMMAND | CCW_PCI)) | CCW_SUPPRESS_LENGTH, 6);
        return true;
    }
    case AS_SENSE:
        item->command = CCW_SENSE;
        break;
    case PLAIN:
    case SEARCHING:
        break;
    }
    /* SKIP is for input only: output with it takes its data from the guest all the same. */
    bool moves_nothing =
        !chained_data && ((item->flags & CCW_SKIP && !(item->command & 1)) ||
                          item->command == CCW_NOP || item->command == REJECTED_COMMAND);
    if (moves_nothing) {
        ccw_put(ccw, item->command, real_of(t, t->blocks->cells),
                item->flags & (uint8_t)~CCW_INDIRECT, item->count);
        return true;
    }
    return translate_buffer(t, item, ccw);
}

/* May the device skip the CCW after this command (status modifier)? */
static bool may_skip(const struct translation *t, uint8_t command)
{
    bool known;
    return t->is_dasd ? kind_of(command, &known) == SEARCHING : t->may_skip;
}

/* --- the walk --- */

/* The cell that stands for the guest's CCW at `address` in this role; NULL: none yet. */
static struct ccw *find_cell(const struct translation *t, uint32_t address, unsigned role)
{
    for (struct translate_block *block = t->blocks; block; block = block->next)
        for (unsigned i = 0; i < block->cells_used; i++)
            if (block->origin[i] == (address | role))
                return (struct ccw *)block->cells[i];
    return NULL;
}

/* A CCW that gives a program check when the channel gets to it. */
static void put_bad(struct ccw *ccw)
{
    ccw_put(ccw, INVALID_COMMAND, 0, 0, 1);
}

static bool put_tic(struct translation *t, struct ccw *ccw, uint32_t target, unsigned role)
{
    if (target & 7) {
        put_bad(ccw);
        return true;
    }
    struct ccw *to = find_cell(t, target, role);
    ccw_put(ccw, CCW_TIC, to ? real_of(t, to) : 0, 0, 1);
    if (to)
        return true;
    if (t->todo_used == sizeof t->todo / sizeof *t->todo)
        return false;
    t->todo[t->todo_used].ccw = ccw;
    t->todo[t->todo_used].role = (uint8_t)role;
    t->todo[t->todo_used++].target = target;
    return true;
}

/* Goes on in the next block; `linked`: with a TIC from this one. */
static bool next_block(struct translation *t, bool linked)
{
    struct translate_block *block = t->current->next ? t->current->next : new_block(t);
    struct ccw *link = linked && block ? new_ccw(t, TRANSLATE_OWN) : NULL;
    if (!block || (linked && !link))
        return false;
    if (link)
        ccw_put(link, CCW_TIC, real_of(t, block->cells), 0, 1);
    t->current = block;
    return true;
}

/* The role of a CCW that `command` goes on with by data chaining. */
static unsigned data_role(const struct translation *t, uint8_t command)
{
    return AS_DATA | (CCW_IS_READ_BACKWARD(command) ? IS_BACKWARD : 0) |
           (may_skip(t, command) ? MAY_SKIP : 0);
}

/* This line of the program goes on with what is not known yet: whoever comes here has come a way
 * that was not cut. */
static enum translate_result end_line(struct translation *t, uint32_t origin)
{
    struct ccw *ccw = new_ccw(t, origin);
    if (!ccw)
        return TRANSLATE_TOO_LONG;
    put_bad(ccw);
    return TRANSLATE_OK;
}

/* Translates CCWs one after the other from `at`, which is reached in `role`, until the program, or
 * this line of it, ends.  `tic`: the TIC that leads here, NULL: it is the program's begin. */
static enum translate_result walk(struct translation *t, uint32_t at, unsigned role,
                                  struct ccw *tic)
{
    bool skippable = false, first = !tic;
    for (bool begins = true;; at = (at + 8) & 0x00ffffff, first = begins = false) {
        struct ccw guest;
        bool chained_data = role & AS_DATA;
        if (!first && is_read_into(t, at, sizeof guest))
            return end_line(t, at | role);
        bool there = !(at & 7) && read_guest(t, at, &guest, sizeof guest);
        /* Not between what the device may skip, nor before a TIC, which a TIC must not lead to. */
        if (room(t->current) < MARGIN && !skippable && !(there && CCW_IS_TIC(guest.command)) &&
            !next_block(t, !begins))
            return TRANSLATE_TOO_LONG;
        struct ccw *ccw = new_ccw(t, at | role);
        if (!ccw)
            return TRANSLATE_TOO_LONG;
        if (begins && tic)
            ccw_put(tic, CCW_TIC, real_of(t, ccw), 0, 1);
        if (!there) {
            put_bad(ccw);
            return first ? TRANSLATE_PROGRAM_CHECK : TRANSLATE_OK;
        }
        struct item item = {
            at, guest.command, guest.flags, get24(guest.address), get16(guest.count), false};
        if (CCW_IS_TIC(item.command)) {
            if (first || !put_tic(t, ccw, item.address, role)) {
                put_bad(ccw);
                return first ? TRANSLATE_PROGRAM_CHECK : TRANSLATE_TOO_LONG;
            }
            if (!skippable)
                return TRANSLATE_OK;
            skippable = false; /* the device may come to the CCW behind the TIC */
            continue;
        }
        unsigned next = chained_data ? role : data_role(t, item.command);
        item.backward = next & IS_BACKWARD;
        bool bad = !item.count || item.flags & 3 || (!chained_data && !(item.command & 15));
        if (bad || !translate_item(t, &item, ccw, chained_data)) {
            put_bad(ccw);
            return first ? TRANSLATE_PROGRAM_CHECK : TRANSLATE_OK;
        }
        if (!(item.flags & (CCW_CHAIN_DATA | CCW_CHAIN_COMMAND)) ||
            (!chained_data && reads_into_copy(t, &item, ccw)))
            return TRANSLATE_OK;
        role = item.flags & CCW_CHAIN_DATA ? next : AS_COMMAND;
        skippable = role == AS_COMMAND && next & MAY_SKIP;
    }
}

/* Each place that a TIC leads to begins a line of its own. */
static enum translate_result walk_todo(struct translation *t)
{
    enum translate_result result = TRANSLATE_OK;
    while (t->todo_used && result == TRANSLATE_OK) {
        __typeof__(t->todo[0]) todo = t->todo[--t->todo_used];
        struct ccw *to = find_cell(t, todo.target, todo.role);
        if (to)
            ccw_put(todo.ccw, CCW_TIC, real_of(t, to), 0, 1);
        else
            result = walk(t, todo.target, todo.role, todo.ccw);
    }
    return t->no_storage ? TRANSLATE_NO_STORAGE : result;
}

/* CP's own CCWs before the guest's: the arm where this guest left it, and no writing on a
 * read-only disk. */
static bool guard(struct translation *t)
{
    uint8_t *data = seek_data(t, t->start + t->at_cylinder, t->at_head);
    struct ccw *seek = new_ccw(t, TRANSLATE_OWN);
    if (!data || !seek)
        return false;
    ccw_put(seek, DASD_SEEK, real_of(t, data), CCW_CHAIN_COMMAND, 6);
    if (t->read_only) {
        uint8_t *mask = new_data(t, 1);
        struct ccw *set = new_ccw(t, TRANSLATE_OWN);
        if (!mask || !set)
            return false;
        *mask = MASK_NO_WRITE;
        ccw_put(set, DASD_SET_MASK, real_of(t, mask), CCW_CHAIN_COMMAND, 1);
    }
    return true;
}

enum translate_result ccw_translate(struct translation *t, uint32_t address)
{
    t->pages_used = t->todo_used = t->block_count = 0;
    t->blocks = t->current = t->data = NULL;
    t->reads_used = t->copied_used = t->cuts_used = 0;
    t->seeks = t->no_storage = false;
    if (!new_block(t))
        return TRANSLATE_NO_STORAGE;
    t->program = (const struct ccw *)t->blocks->cells;
    if (t->is_dasd && !guard(t))
        return TRANSLATE_TOO_LONG;
    enum translate_result result = walk(t, address, AS_COMMAND, NULL);
    if (result == TRANSLATE_OK || t->no_storage)
        result = walk_todo(t);
    return result;
}

/* --- programs that change --- */

/* The guest's CCW at `address` as one that may take the place of another: TIC or no-operation. */
static enum retranslate_result new_ccw_at(struct translation *t, uint32_t address,
                                          struct ccw *guest)
{
    if (!read_guest(t, address, guest, sizeof *guest))
        return RETRANSLATE_NOT_FOUND;
    if (!CCW_IS_TIC(guest->command))
        return guest->command == CCW_NOP ? RETRANSLATE_OK : RETRANSLATE_NOT_TIC;
    struct ccw target;
    if (get24(guest->address) & 7)
        return RETRANSLATE_UNALIGNED;
    return read_guest(t, get24(guest->address), &target, sizeof target) ? RETRANSLATE_OK
                                                                        : RETRANSLATE_OUTSIDE;
}

/* Puts it into a cell, at once: the channel may be on its way there. */
static enum retranslate_result change_cell(struct translation *t, const struct ccw *guest,
                                           struct ccw *cell, unsigned role)
{
    struct ccw changed;
    if (!CCW_IS_TIC(cell->command) && cell->command != CCW_NOP)
        return RETRANSLATE_NOT_TIC;
    if (CCW_IS_TIC(guest->command)) {
        t->todo_used = 0;
        if (!put_tic(t, &changed, get24(guest->address), role) || walk_todo(t) != TRANSLATE_OK)
            return RETRANSLATE_NO_STORAGE;
    } else {
        ccw_put(&changed, CCW_NOP, real_of(t, t->blocks->cells),
                guest->flags & (uint8_t)~CCW_INDIRECT, get16(guest->count));
    }
    memcpy(cell, &changed, sizeof changed);
    return RETRANSLATE_OK;
}

enum retranslate_result ccw_retranslate(struct translation *t, uint32_t address)
{
    struct ccw guest;
    bool found = false;
    for (unsigned role = 0; role <= (AS_DATA | IS_BACKWARD | MAY_SKIP); role++) {
        struct ccw *cell = find_cell(t, address, role);
        if (!cell)
            continue;
        enum retranslate_result result = new_ccw_at(t, address, &guest);
        if (result == RETRANSLATE_OK)
            result = change_cell(t, &guest, cell, role);
        if (result != RETRANSLATE_OK)
            return result;
        found = true;
    }
    return found ? RETRANSLATE_OK : RETRANSLATE_NOT_FOUND;
}

uint32_t ccw_untranslate(const struct translation *t, uint32_t real_csw_address)
{
    for (const struct translate_block *block = t->blocks; block; block = block->next) {
        uint32_t base = real_of(t, block->cells);
        uint32_t cell = (real_csw_address - base) / 8;
        /* The CSW shows the CCW after the last one used. */
        if (real_csw_address <= base || cell > block->cells_used)
            continue;
        uint32_t origin = block->origin[cell - 1];
        while (origin == TRANSLATE_OWN && cell < block->cells_used) /* CP's guard */
            origin = block->origin[cell++];
        return ((origin & 0x00fffff8) + 8) & 0x00ffffff;
    }
    return 0;
}
