/* A program's own routines for interruptions: HNDSVC, HNDINT and HNDEXT (which is the function
 * TRAP), and WAIT, which waits for what HNDINT's routines take.  They are the program's: when the
 * command ends they are forgotten.  VM/370 System Programmer's Guide, "CMS Macro Instructions" for
 * what is in the registers. */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/lowcore.h"

/* HNDSVC, HNDINT and TRAP: SET or CLR, and what it is about. */
struct handler_plist {
    char command[8];
    char what[4];
    uint32_t routine; /* 0C */
    uint16_t number;  /* 10 SVC's, or the device's address */
    char how;         /* 12 HNDINT: A at once, W when WAIT asks */
    uint8_t spare;
    char name[4]; /* 14 HNDINT: what WAIT calls the device */
};
LAYOUT(struct handler_plist, 24);

enum { RC_NOT_SET = 1 };

static struct handler *handler_find(enum handler_kind kind, unsigned number)
{
    for (unsigned i = 0; i < HANDLERS; i++) {
        struct handler *h = &nuc.handlers[i];
        if (h->routine && h->kind == kind && h->number == number)
            return h;
    }
    return NULL;
}

static struct handler *free_place(void)
{
    for (unsigned i = 0; i < HANDLERS; i++)
        if (!nuc.handlers[i].routine)
            return &nuc.handlers[i];
    return NULL;
}

int handler_request(enum handler_kind kind, const struct call *c)
{
    const struct handler_plist *p = (const struct handler_plist *)c->plist;
    unsigned number = kind == HANDLER_EXTERNAL ? 0 : p->number;
    struct handler *h = handler_find(kind, number);

    if (p->what[0] != 'S') {
        if (!h)
            return RC_NOT_SET;
        h->routine = 0;
        return RC_OK;
    }
    if (!h)
        h = free_place();
    if (!h)
        return RC_NO_STORAGE;
    memset(h, 0, sizeof(*h));
    h->routine = p->routine & 0x00ffffff;
    h->kind = (uint8_t)kind;
    h->number = (uint16_t)number;
    if (kind == HANDLER_IO) {
        h->at_once = p->how == 'A';
        memcpy(h->name, p->name, 4);
    }
    return RC_OK;
}

/* Disabled, with the program's key; its registers 0 to 11 are as given.  R15 is what it returns. */
static int call(const struct handler *h, uint32_t r[16])
{
    uint32_t psw[2] = {program_psw(false) & 0x00ffffff, h->routine};

    r[15] = h->routine;
    nuc.levels++;
    int rc = run_program(r, psw);
    nuc.levels--;
    return rc;
}

bool handler_svc(unsigned number, struct interrupt_frame *frame)
{
    const struct handler *h = handler_find(HANDLER_SVC, number);
    uint32_t r[16];

    if (!h)
        return false;
    memcpy(r, frame->r, sizeof(r));
    r[12] = h->routine;
    r[13] = (uint32_t)nuc.handler_save;
    frame->r[15] = (uint32_t)call(h, r);
    memcpy(frame->r, page_zero + NUCON_PROGRAM, 2 * sizeof(uint32_t)); /* R0, R1 */
    return true;
}

/* The save area has the registers at 0 and the external old PSW at 60. */
bool handler_external(struct interrupt_frame *frame)
{
    const struct handler *h = handler_find(HANDLER_EXTERNAL, 0);
    uint32_t r[16];

    if (!h)
        return false;
    memcpy(r, frame->r, sizeof(r));
    memcpy(nuc.handler_save, frame->r, sizeof(frame->r));
    memcpy(&nuc.handler_save[24], frame->psw, sizeof(frame->psw));
    r[13] = (uint32_t)nuc.handler_save;
    call(h, r);
    return true;
}

/* R0-R1 the I/O old PSW, R2-R3 the CSW, R4 the device.  R15 0: that was all. */
static void take_io(struct handler *h)
{
    uint32_t r[16] = {0};

    memcpy(r, h->psw, sizeof(h->psw));
    memcpy(r + 2, h->csw, sizeof(h->csw));
    r[4] = h->number;
    r[13] = (uint32_t)nuc.handler_save;
    h->pending = false;
    h->done = call(h, r) == 0;
}

bool handler_io(unsigned device, const struct csw *csw)
{
    struct handler *h = handler_find(HANDLER_IO, device);

    if (!h)
        return false;
    memcpy(h->psw, page_zero + 0x38, sizeof(h->psw));
    memcpy(h->csw, csw, sizeof(h->csw));
    h->pending = true;
    if (h->at_once)
        take_io(h);
    return true;
}

static struct handler *named(const uint8_t name[4])
{
    for (unsigned i = 0; i < HANDLERS; i++)
        if (nuc.handlers[i].routine && nuc.handlers[i].kind == HANDLER_IO &&
            !memcmp(nuc.handlers[i].name, name, 4))
            return &nuc.handlers[i];
    return NULL;
}

/* Names of four bytes from 8 on, the last one zeros. */
int handler_wait(const struct call *c)
{
    for (const uint8_t *name = c->plist + 8; name[0]; name += 4) {
        struct handler *h = named(name);
        if (!h)
            return RC_NOT_SET;
        while (!h->done) {
            if (h->pending)
                take_io(h);
            else
                io_wait();
            console_attention();
        }
        h->done = false;
    }
    return RC_OK;
}
