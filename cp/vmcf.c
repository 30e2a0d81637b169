/* VMCF: see vmcf.h.  A message waits in its sink's list until the sink has taken the interruption,
 * stays there until the sink has received it, answered or rejected it, and then waits as a response
 * in its source's list.  Data go from one guest's storage to the other's in the sink's task. */
#include "cp/vmcf.h"

#include "cp/diagnose.h"
#include "cp/guest.h"
#include "cp/state.h"
#include "cp/text/operands.h"
#include "cp/vmrun.h"
#include "lib/be.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"

#define MESSAGE_LIMIT 50 /* of one source; of SMSG for one sink */
#define PIECE         PAGE_SIZE
#define CP_NAME       "SYSTEM" /* who sends special messages */

/* VMCPARM, what the guest asks for, and VMCMHDR, what it is told: the same fields. */
struct vmcf_block {
    uint8_t flags; /* PARM_..., HEADER_... */
    uint8_t error; /* header: how the data transfer ended, enum return_code */
    be16 function;
    be32 id;
    char user[8];
    be32 address, length; /* of the buffer, or the data sent; in a response what was left over */
    be32 reply_address, reply_length;
    uint8_t use[8];
};
LAYOUT(struct vmcf_block, 40);
FIELD_AT(struct vmcf_block, address, 16);
FIELD_AT(struct vmcf_block, use, 32);

enum parameter_flag { PARM_SPECIFIC = 0x80, PARM_PRIORITY = 0x40, PARM_SMSG = 0x20 };
enum header_flag { HEADER_RESPONSE = 0x80, HEADER_REJECTED = 0x40, HEADER_PRIORITY = 0x20 };

enum subfunction {
    AUTHORIZE,
    UNAUTHORIZE,
    SEND,
    SEND_RECV,
    SENDX,
    RECEIVE,
    CANCEL,
    REPLY,
    QUIESCE,
    RESUME,
    IDENTIFY,
    REJECT,
};

enum return_code {
    RC_OK,
    RC_ADDRESS,
    RC_SUBFUNCTION,
    RC_PROTOCOL,
    RC_NOT_AUTHORIZED,
    RC_NOT_AVAILABLE,
    RC_PROTECTION,
    RC_TOO_LARGE,
    RC_DUPLICATE,
    RC_QUIESCED,
    RC_LIMIT,
    RC_REPLY_CANCELED,
    RC_NOT_FOUND,
    RC_SYNCHRONIZATION,
    RC_TOO_LATE,
    RC_PAGING,
    RC_LENGTH,
    RC_OVERLAP,
    RC_NO_PRIORITY,
    RC_TRANSFER,
    RC_BUSY,
};

struct vmcf_message {
    struct list link;
    uint32_t size;         /* of this block, with the text of a special message behind it */
    struct vmblok *source; /* NULL: CP, a special message */
    struct vmblok *sink;
    struct vmcf_block header; /* as the sink is told it, then as the source is */
    uint8_t key;              /* of the source's PSW when it sent, 0-15 */
    bool received;            /* SEND/RECV: only the reply is missing */
    bool busy;                /* data are being moved */
};

/* What an authorized virtual machine has. */
struct vmcf {
    struct list pending; /* messages and responses whose interruption has not been taken */
    struct list seen;    /* messages whose interruption has been taken */
    uint32_t buffer, buffer_length;
    unsigned active;  /* messages it has sent that are not over */
    unsigned special; /* special messages in `pending` */
    bool priority;    /* it takes priority messages */
    bool quiesced, ending;
    bool specific; /* only this one may send to it */
    char only[USERID_SIZE];
};

static void *text_of(struct vmcf_message *m)
{
    return m + 1;
}

/* --- messages on their way --- */

static struct vmcf_message *message_at(struct list *it)
{
    return LIST_ENTRY(it, struct vmcf_message, link);
}

static void post(struct vmblok *to, struct vmcf_message *m)
{
    struct list *at = &to->vmcf->pending;
    if (m->header.flags & HEADER_PRIORITY) {
        at = at->next;
        while (at != &to->vmcf->pending && message_at(at)->header.flags & HEADER_PRIORITY)
            at = at->next;
    }
    list_insert_before(at, &m->link);
    vm_post(to, WORK_TIMER);
}

static void forget(struct vmcf_message *m)
{
    list_remove(&m->link);
    if (m->source)
        m->source->vmcf->active--;
    else
        m->sink->vmcf->special--;
    cp_free(m, m->size);
}

/* The sink is through with it: its source is told, except where there is nobody to be told. */
static void respond(struct vmcf_message *m, uint8_t error)
{
    if (!m->source || get16(m->header.function) == IDENTIFY) {
        forget(m);
        return;
    }
    list_remove(&m->link);
    m->header.flags |= HEADER_RESPONSE;
    m->header.error = error;
    str_pad(m->header.user, m->sink->userid, sizeof m->header.user);
    post(m->source, m);
}

static struct vmcf_message *find(struct list *in, const struct vmblok *source,
                                 const struct vmblok *sink, uint32_t id)
{
    LIST_EACH(it, in)
    {
        struct vmcf_message *m = message_at(it);
        if (m->source == source && m->sink == sink && get32(m->header.id) == id &&
            get16(m->header.function) != IDENTIFY)
            return m;
    }
    return NULL;
}

/* A message that is under way between these two, wherever it is. */
static struct vmcf_message *find_active(struct vmblok *source, struct vmblok *sink, uint32_t id)
{
    struct vmcf_message *m = find(&sink->vmcf->pending, source, sink, id);
    if (!m)
        m = find(&sink->vmcf->seen, source, sink, id);
    return m ? m : find(&source->vmcf->pending, source, sink, id);
}

static struct vmblok *user_of(const struct vmcf_block *p)
{
    char userid[USERID_SIZE];
    str_unpad(userid, p->user, sizeof p->user);
    struct vmblok *vm = vm_find(userid);
    return vm && vm->vmcf && !vm->vmcf->ending ? vm : NULL;
}

/* May somebody of this name send to it? */
static bool accepts(const struct vmblok *sink, const char *source)
{
    return !sink->vmcf->specific || strcmp(sink->vmcf->only, source) == 0;
}

/* --- storage --- */

/* Is this a buffer that may be used with this key? */
static int check(struct vmblok *vm, uint32_t address, uint32_t length, uint8_t key, bool store)
{
    if (address > vm->storage_size || length > vm->storage_size - address)
        return RC_ADDRESS;
    for (uint32_t end = address + length; key && address < end; address = (address | 2047) + 1) {
        uint8_t block = guest_get_key(vm, address);
        if (block >> 4 != key && (store || block & KEY_FETCH))
            return RC_PROTECTION;
    }
    return RC_OK;
}

/* Moves data between two guests' storage.  May sleep. */
static int move(struct vmblok *from, uint32_t from_at, struct vmblok *to, uint32_t to_at,
                uint32_t length)
{
    uint8_t *piece = cp_alloc(PIECE);
    bool good = piece != NULL;
    while (good && length) {
        uint32_t part = length < PIECE ? length : PIECE;
        good = guest_read(from, from_at, piece, part) && guest_write(to, to_at, piece, part);
        from_at += part, to_at += part, length -= part;
        if (task_should_yield())
            task_yield();
    }
    if (piece)
        cp_free(piece, PIECE);
    return good ? RC_OK : RC_PAGING;
}

static bool overlap(uint32_t a, uint32_t b, uint32_t length)
{
    return length && a < b + length && b < a + length;
}

/* Moves data of a message between its sink and its source, in the sink's task; meanwhile neither
 * can end it. */
static int transfer(struct vmcf_message *m, bool to_sink, uint32_t sink_at, uint32_t source_at,
                    uint32_t length)
{
    struct vmblok *sink = m->sink, *source = m->source;
    m->busy = true;
    int rc = check(sink, sink_at, length, vm_key(sink), to_sink);
    if (!rc && source == sink && overlap(sink_at, source_at, length))
        rc = RC_OVERLAP;
    if (!rc && check(source, source_at, length, m->key, !to_sink))
        rc = RC_TRANSFER;
    if (!rc)
        rc = to_sink ? move(source, source_at, sink, sink_at, length)
                     : move(sink, sink_at, source, source_at, length);
    m->busy = false;
    task_wake(m);
    return rc;
}

/* --- the control subfunctions --- */

typedef int vmcf_function(struct vmblok *vm, const struct vmcf_block *p);

static int authorize(struct vmblok *vm, const struct vmcf_block *p)
{
    uint32_t buffer = get32(p->address), length = get32(p->length);
    if (buffer % 8 || length < sizeof(struct vmcf_block))
        return RC_ADDRESS;
    int rc = check(vm, buffer, length, vm_key(vm), true);
    if (rc)
        return rc;
    if (!vm->vmcf) {
        struct vmcf *made = cp_alloc(sizeof *made);
        if (!made)
            return RC_PAGING;
        list_init(&made->pending);
        list_init(&made->seen);
        vm->vmcf = made;
    }
    struct vmcf *vmcf = vm->vmcf;
    vmcf->buffer = buffer;
    vmcf->buffer_length = length;
    vmcf->priority = p->flags & PARM_PRIORITY;
    vmcf->quiesced = false;
    vmcf->specific = p->flags & PARM_SPECIFIC;
    str_unpad(vmcf->only, p->user, sizeof p->user);
    if (p->flags & PARM_SMSG)
        vm->set.smsg = true;
    return RC_OK;
}

static int unauthorize(struct vmblok *vm, const struct vmcf_block *p)
{
    vmcf_end(vm);
    return RC_OK;
}

static int quiesce(struct vmblok *vm, const struct vmcf_block *p)
{
    vm->vmcf->quiesced = true;
    return RC_OK;
}

static int resume(struct vmblok *vm, const struct vmcf_block *p)
{
    vm->vmcf->quiesced = false;
    return RC_OK;
}

/* By the source.  What the sink has taken cannot be canceled any more, but a reply that it still
 * owes can. */
static int cancel(struct vmblok *vm, const struct vmcf_block *p)
{
    struct vmblok *sink = user_of(p);
    uint32_t id = get32(p->id);
    if (!sink)
        return RC_NOT_AVAILABLE;
    struct vmcf_message *m = find_active(vm, sink, id);
    if (!m)
        return find_active(sink, vm, id) ? RC_PROTOCOL : RC_NOT_FOUND;
    if (m->header.flags & HEADER_RESPONSE)
        return RC_TOO_LATE;
    if (m->busy)
        return RC_BUSY;
    int rc = m->received ? RC_REPLY_CANCELED : RC_OK;
    forget(m);
    return rc;
}

static void clear_list(struct list *in, const struct vmblok *vm)
{
    LIST_EACH_SAFE(it, in)
    {
        if (message_at(it)->source == vm)
            forget(message_at(it));
        else
            respond(message_at(it), RC_NOT_AVAILABLE);
    }
}

static struct vmcf_message *find_from(struct list *in, const struct vmblok *source)
{
    LIST_EACH(it, in)
    {
        if (message_at(it)->source == source)
            return message_at(it);
    }
    return NULL;
}

/* A message that `vm` has sent and that still lies with its sink. */
static struct vmcf_message *find_sent(const struct vmblok *vm)
{
    struct vmcf_message *m = NULL;
    LIST_EACH(it, &cp.vms)
    {
        struct vmcf *vmcf = LIST_ENTRY(it, struct vmblok, link)->vmcf;
        if (vmcf && !m)
            m = find_from(&vmcf->pending, vm);
        if (vmcf && !m)
            m = find_from(&vmcf->seen, vm);
    }
    return m;
}

void vmcf_end(struct vmblok *vm)
{
    struct vmcf *vmcf = vm->vmcf;
    if (!vmcf)
        return;
    vmcf->ending = true;
    clear_list(&vmcf->pending, vm);
    clear_list(&vmcf->seen, vm);
    while (vmcf->active) {
        struct vmcf_message *sent = find_sent(vm);
        CP_ASSERT(sent);
        if (sent->busy)
            task_sleep(sent);
        else
            forget(sent);
    }
    vm->vmcf = NULL;
    cp_free(vmcf, sizeof *vmcf);
}

/* --- the data transfer subfunctions --- */

/* The checks that SEND, SEND/RECV and SENDX have before IDENTIFY's. */
static int check_data(struct vmblok *vm, const struct vmblok *sink, const struct vmcf_block *p)
{
    unsigned function = get16(p->function);
    /* Keys are looked at when the data are moved. */
    if (check(vm, get32(p->address), get32(p->length), 0, false) ||
        (function == SEND_RECV &&
         check(vm, get32(p->reply_address), get32(p->reply_length), 0, true)))
        return RC_ADDRESS;
    if (function == SENDX &&
        get32(p->length) > sink->vmcf->buffer_length - sizeof(struct vmcf_block))
        return RC_TOO_LARGE;
    return RC_OK;
}

/* SEND, SEND/RECV, SENDX and IDENTIFY. */
static int send(struct vmblok *vm, const struct vmcf_block *p)
{
    struct vmblok *sink = user_of(p);
    bool identify = get16(p->function) == IDENTIFY;
    if (!sink || !accepts(sink, vm->userid))
        return RC_NOT_AVAILABLE;
    if (sink->vmcf->quiesced)
        return RC_QUIESCED;
    if (p->flags & PARM_PRIORITY && !sink->vmcf->priority)
        return RC_NO_PRIORITY;
    int rc = identify ? RC_OK : check_data(vm, sink, p);
    if (rc)
        return rc;
    if (!identify && find_active(vm, sink, get32(p->id)))
        return RC_DUPLICATE;
    if (vm->vmcf->active >= MESSAGE_LIMIT)
        return RC_LIMIT;
    struct vmcf_message *m = cp_alloc(sizeof *m);
    if (!m)
        return RC_LIMIT;
    m->size = sizeof *m;
    m->source = vm;
    m->sink = sink;
    m->key = vm_key(vm);
    m->header = *p;
    m->header.flags = p->flags & PARM_PRIORITY ? HEADER_PRIORITY : 0;
    m->header.error = 0;
    str_pad(m->header.user, vm->userid, sizeof m->header.user);
    vm->vmcf->active++;
    post(sink, m);
    return RC_OK;
}

/* The message that a sink names; 0, or the return code. */
static int find_seen(struct vmblok *vm, const struct vmcf_block *p, struct vmcf_message **m)
{
    struct vmblok *source = user_of(p);
    if (!source)
        return RC_NOT_AVAILABLE;
    *m = find(&vm->vmcf->seen, source, vm, get32(p->id));
    if (*m)
        return RC_OK;
    struct vmcf_message *early = find(&vm->vmcf->pending, source, vm, get32(p->id));
    return early && !(early->header.flags & HEADER_RESPONSE) ? RC_SYNCHRONIZATION : RC_NOT_FOUND;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* How it went for the source: an error of the sink's own buffer is not its business. */
static bool is_over(int rc)
{
    return rc == RC_OK || rc == RC_TRANSFER || rc == RC_PAGING;
}

static int receive(struct vmblok *vm, const struct vmcf_block *p)
{
    struct vmcf_message *m;
    int rc = find_seen(vm, p, &m);
    if (rc)
        return rc;
    if (m->received)
        return RC_PROTOCOL;
    uint32_t has = get32(m->header.length), part = smaller(has, get32(p->length));
    rc = transfer(m, true, get32(p->address), get32(m->header.address), part);
    if (!is_over(rc))
        return rc;
    if (rc == RC_OK) {
        put32(&m->header.length, has - part);
        rc = part < has ? RC_LENGTH : RC_OK;
    }
    if (get16(m->header.function) == SEND_RECV && rc == RC_OK) {
        m->received = true;
        return RC_OK;
    }
    memcpy(m->header.use, p->use, sizeof p->use);
    respond(m, (uint8_t)rc);
    return rc;
}

static int reply(struct vmblok *vm, const struct vmcf_block *p)
{
    struct vmcf_message *m;
    int rc = find_seen(vm, p, &m);
    if (rc)
        return rc;
    if (get16(m->header.function) != SEND_RECV)
        return RC_PROTOCOL;
    uint32_t room = get32(m->header.reply_length), part = smaller(room, get32(p->length));
    rc = transfer(m, false, get32(p->address), get32(m->header.reply_address), part);
    if (!is_over(rc))
        return rc;
    if (rc == RC_OK) {
        put32(&m->header.reply_length, room - part);
        rc = part < get32(p->length) ? RC_LENGTH : RC_OK;
    }
    memcpy(m->header.use, p->use, sizeof p->use);
    respond(m, (uint8_t)rc);
    return rc;
}

static int reject(struct vmblok *vm, const struct vmcf_block *p)
{
    struct vmcf_message *m;
    int rc = find_seen(vm, p, &m);
    if (rc)
        return rc;
    m->header.flags |= HEADER_REJECTED;
    memcpy(m->header.use, p->use, sizeof p->use);
    respond(m, RC_OK);
    return RC_OK;
}

static vmcf_function *const functions[] = {
    [AUTHORIZE] = authorize, [UNAUTHORIZE] = unauthorize, [SEND] = send,     [SEND_RECV] = send,
    [SENDX] = send,          [RECEIVE] = receive,         [CANCEL] = cancel, [REPLY] = reply,
    [QUIESCE] = quiesce,     [RESUME] = resume,           [IDENTIFY] = send, [REJECT] = reject,
};

/* DIAGNOSE 68: Rx points to the parameter list, Ry gets the return code. */
int diagnose_vmcf(struct vmblok *vm, const struct diagnose *d)
{
    struct vmcf_block p;
    uint32_t at = vm->regs.gr[d->rx];
    if (at % 8)
        return -PGM_SPECIFICATION;
    if (!guest_read(vm, at & 0x00ffffff, &p, sizeof p))
        return -PGM_ADDRESSING;
    unsigned function = get16(p.function);
    int rc;
    if (function >= sizeof functions / sizeof *functions)
        rc = RC_SUBFUNCTION;
    else if (!vm->vmcf && function != AUTHORIZE)
        rc = RC_NOT_AUTHORIZED;
    else
        rc = functions[function](vm, &p);
    vm->regs.gr[d->ry] = (uint32_t)rc;
    return DIAGNOSE_KEEP_CC;
}

/* --- interruptions --- */

/* SENDX: the data go behind the header. */
static int deliver_data(struct vmcf_message *m)
{
    struct vmblok *sink = m->sink;
    uint32_t to = sink->vmcf->buffer + (uint32_t)sizeof m->header, length = get32(m->header.length);
    /* It may have authorized itself anew, with a smaller buffer. */
    if (length > sink->vmcf->buffer_length - sizeof m->header)
        return RC_TOO_LARGE;
    if (!m->source)
        return guest_write(sink, to, text_of(m), length) ? RC_OK : RC_PAGING;
    m->busy = true;
    int rc = check(m->source, get32(m->header.address), length, m->key, false);
    if (!rc)
        rc = move(m->source, get32(m->header.address), sink, to, length);
    m->busy = false;
    task_wake(m);
    return rc;
}

bool vmcf_interrupt(struct vmblok *vm)
{
    struct vmcf *vmcf = vm->vmcf;
    if (!vmcf || list_empty(&vmcf->pending))
        return false;
    struct vmcf_message *m = message_at(vmcf->pending.next);
    unsigned function = get16(m->header.function);
    bool response = m->header.flags & HEADER_RESPONSE;
    if (function == SENDX && !response)
        m->header.error = (uint8_t)deliver_data(m);
    guest_write(vm, vmcf->buffer, &m->header, sizeof m->header);
    if (response || function == IDENTIFY) {
        forget(m);
    } else if (function == SENDX) {
        if (!m->header.error)
            put32(&m->header.length, 0);
        respond(m, m->header.error);
    } else {
        list_remove(&m->link);
        list_append(&vmcf->seen, &m->link);
    }
    return true;
}

/* --- special messages --- */

const char *vmcf_smsg(const struct vmblok *from, struct vmblok *to, const char *text)
{
    size_t length = strlen(text);
    struct vmcf *vmcf = to->vmcf;
    if (!to->set.smsg)
        return "SMSG OFF";
    if (!vmcf || vmcf->ending || !accepts(to, CP_NAME))
        return "NOT AUTHORIZED";
    if (length > vmcf->buffer_length - sizeof(struct vmcf_block))
        return "BUFFER TOO SMALL";
    struct vmcf_message *m = NULL;
    if (vmcf->special < MESSAGE_LIMIT && !vmcf->quiesced)
        m = cp_alloc(sizeof *m + length);
    if (!m)
        return "BUSY";
    m->size = (uint32_t)(sizeof *m + length);
    m->sink = to;
    put16(&m->header.function, SENDX);
    put32(&m->header.id, (uint32_t)(tod_now() >> 12)); /* unique */
    put32(&m->header.length, (uint32_t)length);
    str_pad(m->header.user, CP_NAME, sizeof m->header.user);
    str_pad((char *)m->header.use, from->userid, sizeof m->header.use);
    memcpy(text_of(m), text, length);
    vmcf->special++;
    post(to, m);
    return NULL;
}
