/* Control instructions.  GA22-7000, "Control Instructions". */
#include "tests/reference/reference.h"

#define R1 r->gr[o->r1]
#define R2 r->gr[o->r2]

/* SSM, STNSM, STOSM: a mask that makes the PSW invalid is recognized as part of the
 * instruction: with its length, and the old PSW has the new mask. */
int ref_mask(struct reference *r, unsigned mask)
{
    r->system_mask = (uint8_t)mask;
    return r->ec && (mask & 0xb8) ? PGM_SPECIFICATION : COMPLETED;
}

BODY(ssm)
{
    uint32_t mask;
    PRIVILEGED();
    if (r->cr[0] & 0x40000000)
        return PGM_SPECIAL_OPERATION;
    OPERAND(mask, o->address2, 1);
    return ref_mask(r, mask);
}

BODY(stnsm)
{
    PRIVILEGED();
    RESULT(o->address1, 1, r->system_mask);
    return ref_mask(r, r->system_mask & o->i);
}

BODY(stosm)
{
    PRIVILEGED();
    RESULT(o->address1, 1, r->system_mask);
    return ref_mask(r, r->system_mask | o->i);
}

/* An operand on a boundary. */
#define ALIGNED(bytes)                                                                             \
    if (o->address2 % (bytes))                                                                     \
    return PGM_SPECIFICATION

BODY(lpsw)
{
    uint64_t psw;
    PRIVILEGED();
    ALIGNED(8);
    OPERAND(psw, o->address2, 8);
    ref_load_psw(r, psw);
    return COMPLETED;
}

/* With two address spaces: by the PSW-key mask in CR3 in the problem state. */
BODY(spka)
{
    unsigned key = o->address2 >> 4 & 15;
    if (r->problem && !(r->dual && (r->cr[3] >> 16 << key & 0x8000)))
        return PGM_PRIVILEGED;
    r->key = (uint8_t)key;
    return COMPLETED;
}

/* With two address spaces: by the extraction authority, CR0 bit 4, in the problem state. */
BODY(ipk)
{
    if (r->problem && !(r->dual && (r->cr[0] & 0x08000000)))
        return PGM_PRIVILEGED;
    ref_alters(r, 2);
    r->gr[2] = (r->gr[2] & 0xffffff00) | (uint32_t)r->key << 4;
    return COMPLETED;
}

/* --- storage keys --- */

/* The block by a real address: its number, or an exception. */
static int block_of(struct reference *r, uint32_t real, uint32_t *block)
{
    uint32_t at = ref_absolute(r, real);
    if (at >= r->size)
        return PGM_ADDRESSING;
    *block = at / REF_BLOCK;
    return COMPLETED;
}

/* With more than 16 megabytes the register holds 26 bits of address. */
static uint32_t real_of(const struct reference *r, uint32_t value)
{
    return value & (r->size > 0x1000000 ? 0x3ffffff : 0xffffff);
}

BODY(ssk)
{
    uint32_t block;
    PRIVILEGED();
    if (R2 & 15)
        return PGM_SPECIFICATION;
    int code = block_of(r, real_of(r, R2), &block);
    if (code)
        return code;
    r->keys[block] = R1 & 0xfe;
    ref_touch(r, block * REF_BLOCK);
    return COMPLETED;
}

BODY(isk)
{
    uint32_t block;
    PRIVILEGED();
    if (R2 & 15)
        return PGM_SPECIFICATION;
    int code = block_of(r, real_of(r, R2), &block);
    if (code)
        return code;
    R1 = (R1 & 0xffffff00) | (r->keys[block] & (r->ec ? 0xfe : 0xf8));
    return COMPLETED;
}

BODY(rrb)
{
    uint32_t block;
    PRIVILEGED();
    int code = block_of(r, o->address2, &block);
    if (code)
        return code;
    r->cc = r->keys[block] >> 1 & 3;
    r->keys[block] &= 0xfb;
    r->referenced[block] = 0;
    ref_touch(r, block * REF_BLOCK);
    return COMPLETED;
}

/* Blocks of 4096 bytes: here two keys, which ought to be the same. */
static int keys_of(struct reference *r, uint32_t address, uint32_t *block)
{
    if (address & 0x7c000000 || block_of(r, address & 0x03fff000, block))
        return PGM_ADDRESSING;
    return COMPLETED;
}

BODY(iske)
{
    uint32_t block;
    PRIVILEGED();
    int code = keys_of(r, R2, &block);
    if (code)
        return code;
    if ((r->keys[block] ^ r->keys[block + 1]) & 0xf8)
        r->open = "ISKE of a block with two keys";
    R1 = (R1 & 0xffffff00) | ((r->keys[block] | r->keys[block + 1]) & 0xfe);
    return COMPLETED;
}

BODY(sske)
{
    uint32_t block;
    PRIVILEGED();
    int code = keys_of(r, R2, &block);
    if (code)
        return code;
    r->keys[block] = r->keys[block + 1] = R1 & 0xfe;
    ref_touch(r, block * REF_BLOCK);
    ref_touch(r, (block + 1) * REF_BLOCK);
    return COMPLETED;
}

BODY(rrbe)
{
    uint32_t block;
    PRIVILEGED();
    int code = keys_of(r, R2, &block);
    if (code)
        return code;
    r->cc = (r->keys[block] | r->keys[block + 1]) >> 1 & 3;
    for (unsigned k = 0; k < 2; k++) {
        r->keys[block + k] &= 0xfb;
        r->referenced[block + k] = 0;
        ref_touch(r, (block + k) * REF_BLOCK);
    }
    return COMPLETED;
}

/* No block is unusable.  What becomes of reference and change bits is not said. */
BODY(tb)
{
    uint32_t block;
    PRIVILEGED();
    int code = keys_of(r, R2, &block);
    if (code)
        return code;
    if (!(R2 & 0x7ffff000) && (r->cr[0] & 0x10000000))
        return PGM_PROTECTION;
    for (unsigned k = 0; k < 2 * REF_BLOCK; k++)
        r->storage[block * REF_BLOCK + k] = 0;
    for (unsigned k = 0; k < 2; k++) {
        ref_touch(r, (block + k) * REF_BLOCK);
        r->referenced[block + k] = r->changed[block + k] = 1;
    }
    r->stored_from[0] = R2 & 0x00fff000;
    r->stored_length[0] = 2 * REF_BLOCK;
    r->stored_count = 1;
    ref_alters(r, 0);
    r->gr[0] = 0;
    r->cc = 0;
    return COMPLETED;
}

/* --- translation --- */

BODY(lra)
{
    uint32_t real;
    unsigned kind;
    PRIVILEGED();
    int code = ref_walk(r, o->address2, true, &real, &kind);
    if (code)
        return code;
    R1 = real;
    r->cc = (uint8_t)kind;
    return COMPLETED;
}

BODY(ptlb)
{
    PRIVILEGED();
    return COMPLETED;
}

/* R1 has the page table's origin as a segment-table entry has it, R2 an address. */
BODY(ipte)
{
    PRIVILEGED();
    unsigned pages = r->cr[0] >> 22 & 3, segments = r->cr[0] >> 19 & 7;
    if (pages == 0 || pages == 3 || (segments != 0 && segments != 2))
        return PGM_TRANSLATION;
    uint32_t index = (R2 & (segments == 2 ? 0xfffff : 0xffff)) / (pages == 2 ? 4096 : 2048);
    uint32_t real = PLUS(R1 & 0x00fffff8, 2 * index);
    uint32_t at = ref_absolute(r, real);
    if (at >= r->size)
        return PGM_ADDRESSING;
    uint8_t key = r->keys[at / REF_BLOCK];
    r->referenced[at / REF_BLOCK] = 1;
    if (r->key && r->key != key >> 4)
        return PGM_PROTECTION;
    /* A real address is a logical one of the CPU for low-address protection. */
    if (real < 512 && (r->cr[0] & 0x10000000))
        return PGM_PROTECTION;
    ref_touch(r, at);
    r->keys[at / REF_BLOCK] |= 0x06;
    r->storage[at + 1] |= pages == 2 ? 0x08 : 0x04;
    return COMPLETED;
}

/* Protection of the first operand's location against the key in the second's address. */
BODY(tprot)
{
    PRIVILEGED();
    uint32_t real = o->address1;
    unsigned kind, key = o->address2 >> 4 & 15;
    bool translates = r->ec && (r->system_mask & 4);
    if (translates) {
        int code = ref_walk(r, real, true, &real, &kind);
        if (code)
            return code;
        if (kind) {
            r->cc = 3;
            return COMPLETED;
        }
    }
    uint32_t at = ref_absolute(r, real);
    if (at >= r->size)
        return PGM_ADDRESSING;
    uint8_t storage_key = r->keys[at / REF_BLOCK];
    r->referenced[at / REF_BLOCK] = 1;
    bool matches = key == 0 || key == storage_key >> 4;
    bool fetch = matches || !(storage_key & 8);
    bool store = matches && !(o->address1 < 512 && (r->cr[0] & 0x10000000)) &&
                 !(translates && r->segment_protects);
    r->cc = store ? 0 : fetch ? 1 : 2;
    return COMPLETED;
}

/* --- control registers, CPU --- */

static unsigned count(const struct operands *o)
{
    return o->r1 <= o->r2 ? o->r2 - o->r1 + 1 : o->r2 + 16 - o->r1 + 1;
}

BODY(lctl)
{
    uint32_t values[16];
    PRIVILEGED();
    ALIGNED(4);
    ref_probe(r, o->address2, 4 * count(o), REF_FETCH);
    RAISE();
    for (unsigned k = 0; k < count(o); k++)
        values[k] = (uint32_t)ref_fetch_number(r, PLUS(o->address2, 4 * k), 4);
    for (unsigned k = 0; k < count(o); k++)
        r->cr[(o->r1 + k) % 16] = values[k];
    return COMPLETED;
}

BODY(stctl)
{
    PRIVILEGED();
    ALIGNED(4);
    ref_probe(r, o->address2, 4 * count(o), REF_STORE);
    RAISE();
    for (unsigned k = 0; k < count(o); k++)
        ref_store_number(r, PLUS(o->address2, 4 * k), 4, r->cr[(o->r1 + k) % 16]);
    return COMPLETED;
}

/* Version 00, the serial number, model 0158, no extended logout. */
BODY(stidp)
{
    PRIVILEGED();
    ALIGNED(8);
    RESULT(o->address2, 8, (uint64_t)r->serial << 32 | 0x01580000);
    return COMPLETED;
}

BODY(stap)
{
    PRIVILEGED();
    ALIGNED(2);
    RESULT(o->address2, 2, 0);
    return COMPLETED;
}

BODY(spx)
{
    uint32_t prefix;
    PRIVILEGED();
    ALIGNED(4);
    OPERAND(prefix, o->address2, 4);
    prefix &= 0x00fff000;
    if (prefix >= r->size)
        return PGM_ADDRESSING;
    r->prefix = prefix;
    return COMPLETED;
}

BODY(stpx)
{
    PRIVILEGED();
    ALIGNED(4);
    RESULT(o->address2, 4, r->prefix);
    return COMPLETED;
}

/* --- timing --- */

BODY(sck)
{
    uint64_t value;
    PRIVILEGED();
    ALIGNED(8);
    OPERAND(value, o->address2, 8);
    r->tod = value;
    r->cc = 0;
    return COMPLETED;
}

BODY(sckc)
{
    uint64_t value;
    PRIVILEGED();
    ALIGNED(8);
    OPERAND(value, o->address2, 8);
    r->comparator = value;
    return COMPLETED;
}

BODY(stckc)
{
    PRIVILEGED();
    ALIGNED(8);
    RESULT(o->address2, 8, r->comparator);
    return COMPLETED;
}

BODY(spt)
{
    uint64_t value;
    PRIVILEGED();
    ALIGNED(8);
    OPERAND(value, o->address2, 8);
    r->cpu_timer = value;
    return COMPLETED;
}

BODY(stpt)
{
    PRIVILEGED();
    ALIGNED(8);
    ref_probe(r, o->address2, 8, REF_STORE);
    RAISE();
    ref_store_time(r, o->address2, r->cpu_timer);
    return COMPLETED;
}

/* --- input and output, other CPUs: there are none here, so that each is not operational --- */

static int not_operational(struct reference *r)
{
    PRIVILEGED();
    r->cc = 3;
    return COMPLETED;
}

BODY(sio)
{
    (void)o;
    return not_operational(r);
}

BODY(tio)
{
    (void)o;
    return not_operational(r);
}

BODY(hio)
{
    (void)o;
    return not_operational(r);
}

BODY(tch)
{
    (void)o;
    return not_operational(r);
}

BODY(stidc)
{
    (void)o;
    return not_operational(r);
}

BODY(sigp)
{
    if (!r->problem && !(R2 & 0xffff))
        r->open = "SIGP of this CPU";
    return not_operational(r);
}

/* A model's own; of ours there is nothing that it does. */
BODY(diagnose)
{
    (void)o;
    PRIVILEGED();
    return PGM_SPECIFICATION;
}
