/* CP's record on the system residence: see cp/sysres.h. */
#include "cp/sysres.h"

#include "cp/state.h"
#include "lib/str.h"
#include "spool/block.h"

bool sysres_read(void)
{
    struct sysres *s = cp_alloc(sizeof *s);
    if (!s)
        return false;
    if (!slots_read_residence(SYSRES_SLOT, s) || get32(s->magic) != SYSRES_MAGIC ||
        get32(s->checksum) != spool_checksum(s) || get32(s->owned_count) > VOLUME_MAX ||
        get32(s->held_count) > SYSRES_HELD)
        memset(s, 0, sizeof *s);
    cp.sysres = s;
    return true;
}

bool sysres_write(enum sysres_state state)
{
    struct sysres *s = cp.sysres;
    put32(&s->magic, SYSRES_MAGIC);
    put32(&s->state, state);
    put32(&s->checksum, spool_checksum(s));
    return cp.volume_count && slot_write(SYSRES_SLOT, s); /* the residence is volume 0 */
}
