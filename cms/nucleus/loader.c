/* Loading MODULE files (cms/kit/module.h) and entering programs. */
#include "cms/nucleus/nucleus.h"

static bool read_exactly(struct fscb *f, void *to, uint32_t size)
{
    f->buffer = to;
    f->size = size;
    f->aitn = 0;
    return file_read(f) == 0 && f->nord == size;
}

/* `size` bytes in records of MODULE_RECORD. */
static bool read_stretch(struct fscb *f, uint8_t *to, uint32_t size)
{
    while (size) {
        uint32_t piece = size < MODULE_RECORD ? size : MODULE_RECORD;
        if (!read_exactly(f, to, piece))
            return false;
        to += piece;
        size -= piece;
    }
    return true;
}

static bool relocate(struct fscb *f, uint32_t base, const struct module_header *h)
{
    uint32_t left = get32(h->relocations) * 4;
    uint32_t size = get32(h->image_size);
    uint8_t *list = storage_get(MODULE_RECORD, OWNER_PROGRAM);
    bool good = list != NULL;

    while (good && left) {
        uint32_t piece = left < MODULE_RECORD ? left : MODULE_RECORD;
        good = read_exactly(f, list, piece);
        for (uint32_t i = 0; good && i < piece; i += 4) {
            uint32_t offset = load_be32(list + i);
            good = offset <= size - 4;
            if (good)
                store_be32((void *)(base + offset), load_be32((void *)(base + offset)) + base);
        }
        left -= piece;
    }
    if (list)
        storage_free(list, MODULE_RECORD);
    return good;
}

static bool header_is_good(const struct module_header *h)
{
    uint32_t origin = get32(h->origin), image = get32(h->image_size);
    uint32_t total = get32(h->total_size), entry = get32(h->entry);

    return get32(h->magic) == MODULE_MAGIC && image <= total && total && total < 0x1000000 &&
           entry >= origin && entry - origin < total && !(entry & 1) &&
           get32(h->relocations) <= image / 4;
}

/* Where the program goes; false if there is no room. */
static bool place(const struct module_header *h, uint8_t owner, struct loaded *l)
{
    uint32_t origin = get32(h->origin);
    bool relocatable = h->flags & MODULE_RELOCATABLE;

    l->size = get32(h->total_size);
    l->relocatable = relocatable && owner != LOAD_USER_AREA;
    l->system = h->flags & MODULE_SYSTEM;
    if (l->relocatable) {
        l->origin = (uint32_t)storage_get(l->size, owner);
        return l->origin != 0;
    }
    if (relocatable)
        origin = MODULE_USER_AREA;
    l->origin = origin;
    if (origin >= TRANSIENT_AREA && origin < TRANSIENT_END)
        return l->size <= TRANSIENT_END - origin;
    if (origin < MODULE_USER_AREA || l->size > storage_lowest_taken() ||
        origin > storage_lowest_taken() - l->size)
        return false;
    if (h->flags & MODULE_STR || origin + l->size > nuc.user_end)
        nuc.user_end = origin + l->size;
    return true;
}

static int damaged(const struct cms_fileid *id)
{
    char fn[9], ft[9];

    str_unpad(fn, id->fn, 8);
    str_unpad(ft, id->ft, 8);
    return console_error(RC_BAD_FILE, "DMSMOD032E INVALID FORM OF FILE '%s %s'", fn, ft);
}

int load_module(const struct cms_fileid *id, uint8_t owner, struct loaded *l)
{
    struct module_header h;
    struct fscb f;
    int rc = RC_OK;

    memset(&f, 0, sizeof(f));
    memcpy(f.fn, id->fn, 8);
    memcpy(f.ft, id->ft, 8);
    memcpy(f.fm, id->fm, 2);
    f.flag = FSCB_EXTENDED;
    memset(l, 0, sizeof(*l));
    if (!read_exactly(&f, &h, sizeof(h)) || !header_is_good(&h)) {
        rc = damaged(id);
    } else if (nuc.sw.in_subset && (owner == LOAD_USER_AREA || !(h.flags & MODULE_RELOCATABLE))) {
        rc = RC_NOT_IN_SUBSET;
    } else if (!place(&h, owner, l)) {
        rc = console_error(RC_NO_STORAGE, "DMSMOD109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    } else {
        uint32_t image = get32(h.image_size);
        uint32_t shift = l->origin - get32(h.origin);
        l->entry = get32(h.entry) + shift;
        if (!read_stretch(&f, (uint8_t *)l->origin, image) || (shift && !relocate(&f, shift, &h))) {
            rc = damaged(id);
            if (l->relocatable)
                storage_free((void *)l->origin, l->size);
        } else {
            memset((void *)(l->origin + image), 0, l->size - image);
        }
    }
    file_finis(&f);
    return rc;
}

/* What a nested call may need of the nucleus's stack. */
#define STACK_RESERVE 2048
#define SAVE_AREA     128

/* All interruptions allowed, key E (0 with SET PROTECT OFF), supervisor state, as in CMS. */
uint32_t program_psw(bool system)
{
    return nuc.sw.protect && !system ? 0xffe00000 : 0xff000000;
}

int enter_program(uint32_t entry, const char name[8], uint32_t r0, uint32_t r1)
{
    struct entry_point at = {entry, 0, program_psw(false)};

    return enter_at(&at, name, r0, r1);
}

int enter_at(const struct entry_point *at, const char name[8], uint32_t r0, uint32_t r1)
{
    uint32_t r[16], psw[2];
    char caller[8];
    uint32_t here = (uint32_t)__builtin_frame_address(0);
    void *save_area = storage_get(SAVE_AREA, OWNER_PROGRAM);

    if (!save_area || here - (uint32_t)nucleus_stack < STACK_RESERVE) {
        if (save_area)
            storage_free(save_area, SAVE_AREA);
        return console_error(RC_NO_STORAGE, "DMSITS109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    }
    memset(r, 0, sizeof(r));
    r[0] = r0;
    r[1] = r1;
    r[2] = at->r2;
    r[12] = r[15] = at->address;
    r[13] = (uint32_t)save_area;
    psw[0] = at->psw;
    psw[1] = at->address;
    memcpy(caller, nuc.program, 8);
    memcpy(nuc.program, name, 8);
    nuc.levels++;
    /* Attention that came while it was loaded: nothing else would look after it now. */
    if (nuc.attention)
        console_attention();
    int rc = run_program(r, psw);
    nuc.levels--;
    simulation_end();
    memcpy(nuc.program, caller, 8);
    storage_free(save_area, SAVE_AREA);
    return rc;
}
