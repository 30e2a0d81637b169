/* The dump of a CP that has failed, and its IPL anew: see cp/failure.h. */
#include "cp/dump.h"

#include "cp/failure.h"
#include "cp/lowstor.h"
#include "cp/s370.h"
#include "cp/state.h"
#include "lib/str.h"

#define SEEK           0x07
#define SEARCH_ID      0x31
#define WRITE_DATA     0x05
#define READ_IPL       0x02
#define IPL_BYTES      24
#define PARM_BYTES     48
#define DEVICES_AT_ALL 4096 /* a list that is longer is damaged */

void load_registers(const uint8_t *parm) __attribute__((noreturn)); /* entry.S */

void failure_quiesce(void)
{
    unsigned count = 0;
    for (struct list *it = cp.rdevs.next; it != &cp.rdevs && count < DEVICES_AT_ALL; count++) {
        uint16_t address = LIST_ENTRY(it, struct rdev, link)->address;
        s370_hdv(address);
        for (unsigned tries = 0; tries < 10000; tries++) {
            unsigned cc = s370_tio(address);
            if (cc == 0 || cc == 3)
                break;
        }
        it = it->next;
    }
}

/* --- the dump --- */

/* The n'th slot of the DUMP cylinders of the residence; false: there are no more. */
static bool dump_slot(uint32_t n, uint32_t *cylinder, uint32_t *in_cylinder)
{
    const struct volume *volume = &cp.volumes[0];
    for (uint32_t c = 0; c < volume->cylinders; c++) {
        if (volume->map[c] != CYLINDER_DUMP)
            continue;
        if (n < SLOTS_PER_CYLINDER) {
            *cylinder = c;
            *in_cylinder = n;
            return true;
        }
        n -= SLOTS_PER_CYLINDER;
    }
    return false;
}

static bool write_slot(uint32_t n, const void *page)
{
    uint32_t cylinder, in_cylinder;
    uint8_t at[7] = {0};
    struct ccw ccws[4];
    if (!cp.volumes[0].rdev || !dump_slot(n, &cylinder, &in_cylinder))
        return false;
    store_be16(at + 2, cylinder);
    store_be16(at + 4, in_cylinder / SLOTS_PER_TRACK);
    at[6] = (uint8_t)(in_cylinder % SLOTS_PER_TRACK + 1);
    ccw_set(&ccws[0], SEEK, at, CCW_CHAIN_COMMAND, 6);
    ccw_set(&ccws[1], SEARCH_ID, at + 2, CCW_CHAIN_COMMAND, 5);
    ccw_set(&ccws[2], CCW_TIC, &ccws[1], 0, 0);
    ccw_set(&ccws[3], WRITE_DATA, page, 0, SLOT_SIZE);
    return polled_io(cp.volumes[0].rdev->address, ccws);
}

static void fill(struct dump_header *h, uint32_t code, uint64_t psw, const uint32_t gr[16],
                 const char *message)
{
    uint32_t cr[16];
    __asm__ volatile("stctl %%c0,%%c15,%0" : "=Q"(cr));
    memset(h, 0, sizeof *h);
    put32(&h->code, code);
    put64(&h->tod, tod_now());
    put64(&h->ipl_tod, cp.ipl_tod);
    put64(&h->psw, psw);
    for (int i = 0; i < 16; i++) {
        put32(&h->gr[i], gr[i]);
        put32(&h->cr[i], cr[i]);
    }
    put32(&h->storage_size, cp.storage_size);
    put32(&h->vmblok, (uint32_t)(cp.current ? cp.current->vm : NULL));
    str_pad(h->task, cp.current ? cp.current->name : "", sizeof h->task);
    str_pad(h->message, message, sizeof h->message);
}

void dump_write(uint32_t code, uint64_t psw, const uint32_t gr[16], const char *message)
{
    static struct dump_header header; /* no storage can be got now */
    uint32_t pages = 0, missing = 0;
    fill(&header, code, psw, gr, message);
    if (!write_slot(0, &header)) { /* what was there is not a dump any more */
        early_printf("DMKDMP907W SYSTEM DUMP FAILURE; NO DUMP CYLINDERS, OR FATAL I/O ERROR");
        return;
    }
    for (uint32_t n = 0; n < cp.frame_count; n++) {
        if (cp.frames[n].use != FRAME_CP && !(cp.dump_all && cp.frames[n].use == FRAME_GUEST))
            continue;
        if (pages < DUMP_PAGES && write_slot(1 + pages, (const void *)(n * PAGE_SIZE)))
            put16(&header.page[pages++], n);
        else
            missing++;
    }
    put32(&header.pages, pages);
    put32(&header.missing, missing);
    put32(&header.magic, DUMP_MAGIC);
    if (write_slot(0, &header))
        early_printf("SYSTEM DUMP: %u PAGES ON %s%s", (unsigned)pages, cp.volumes[0].volser,
                     missing ? ", NO ROOM FOR ALL" : "");
}

/* --- IPL --- */

void system_restart(const char *parm)
{
    uint8_t field[PARM_BYTES];
    uint8_t *low = (uint8_t *)&lowcore;
    failure_quiesce();
    /* The implied CCW of IPL, where it reads to: the program goes on at 8.  GA22-7000, "Initial
     * Program Loading". */
    ccw_set((struct ccw *)low, READ_IPL, low, CCW_CHAIN_COMMAND | CCW_SUPPRESS_LENGTH, IPL_BYTES);
    if (!polled_io(cp.ipl_address, (const struct ccw *)low))
        return;
    store_be16(low + 2, cp.ipl_address); /* a BC mode PSW */
    str_pad((char *)field, parm, sizeof field);
    load_registers(field);
}
