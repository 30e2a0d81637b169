/* Privileged instructions.  The guest believes that it runs in supervisor state; the machine
 * traps; here its instruction is simulated on the virtual CPU.
 *
 * Decode checks everything and changes nothing: operation, operand alignment, access to storage. It
 * fetches what the instruction fetches.  Invoke cannot fail: it has all it needs, and changes the
 * virtual machine.  One row in the table for each instruction.
 * GA22-7000, "Control Instructions" and "Input/Output Instructions". */
#include "cp/privop.h"

#include "cp/command.h"
#include "cp/guest.h"
#include "cp/monitor/monitor.h"
#include "cp/s370.h"
#include "cp/shadow.h"
#include "cp/state.h"
#include "cp/vdev.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/codes.h"
#include "s370/arch/control.h"
#include "s370/arch/psw.h"

enum format { RR, RS, RX, SI, S, RRE, SSE };

/* What an instruction does with its storage operand. */
enum operand {
    NONE,    /* the address is not one of storage, or there is no operand */
    FETCH,   /* `size` bytes, aligned to `size` */
    STORE,   /* the same */
    BYTE,    /* STNSM: one byte is stored */
    CONTROL, /* STCTL, LCTL: a word for each register, aligned to 4 */
    REAL,    /* SSK, ISK, RRB: a guest real address */
    TABLES,  /* LRA: what a walk through the guest's tables finds */
    ENTRY,   /* IPTE: a page table entry, by its guest real address */
    ACCESS,  /* TPROT: a block of guest storage */
};

/* One instruction, decoded. */
struct privop {
    const struct privop_row *row;
    uint8_t code[6];
    uint32_t ilc; /* bytes, of the instruction or the EX */
    unsigned r1, r3;
    uint8_t immediate;
    uint32_t address; /* of the storage operand: logical; or the device */
    unsigned cc;      /* LRA, TPROT: the condition code, found by decode */
    union {
        uint32_t word[16];
        uint64_t doubleword;
        uint8_t byte[64];
    } data; /* fetched, or to be stored */
};

struct privop_row {
    char name[6];
    uint16_t opcode;
    uint16_t mask;   /* the bits of the first two bytes that make the opcode */
    uint8_t format;  /* enum format */
    uint8_t operand; /* enum operand */
    uint8_t size;
    void (*invoke)(struct vmblok *vm, struct privop *op);
};

/* --- invoke: PSW and control registers --- */

static void invoke_ssm(struct vmblok *vm, struct privop *op)
{
    uint64_t psw = (vm->psw & ~(UINT64_C(0xff) << 56)) | (uint64_t)op->data.byte[0] << 56;
    /* A bad system mask is an early specification that knows its instruction. */
    vm->psw = psw;
    if ((psw & PSW_EC) && (psw & PSW_EC_ZERO))
        vm_program(vm, PGM_SPECIFICATION, 4);
}

static void invoke_lpsw(struct vmblok *vm, struct privop *op)
{
    vm_load_psw(vm, op->data.doubleword);
}

static void invoke_stnsm(struct vmblok *vm, struct privop *op)
{
    uint8_t mask = (uint8_t)(vm->psw >> 56);
    (void)guest_store(vm, op->address, &mask, 1);
    vm->psw &= ~(UINT64_C(0xff) << 56) | (uint64_t)op->immediate << 56;
}

static void invoke_stosm(struct vmblok *vm, struct privop *op)
{
    uint8_t mask = (uint8_t)(vm->psw >> 56);
    op->data.byte[0] = mask | op->immediate;
    (void)guest_store(vm, op->address, &mask, 1);
    invoke_ssm(vm, op);
}

static void invoke_lctl(struct vmblok *vm, struct privop *op)
{
    unsigned n = op->r1;
    for (unsigned i = 0;; i++, n = (n + 1) & 15) {
        vm->cr[n] = op->data.word[i];
        if (n == op->r3)
            break;
    }
}

static void invoke_stctl(struct vmblok *vm, struct privop *op)
{
    unsigned count = ((op->r3 - op->r1) & 15) + 1;
    for (unsigned i = 0; i < count; i++)
        op->data.word[i] = vm->cr[(op->r1 + i) & 15];
    (void)guest_store(vm, op->address, op->data.word, count * 4);
}

/* --- invoke: keys and translation --- */

static void invoke_ssk(struct vmblok *vm, struct privop *op)
{
    guest_set_key(vm, op->address, (uint8_t)vm->regs.gr[op->r1] & 0xfe);
}

static void invoke_isk(struct vmblok *vm, struct privop *op)
{
    uint8_t key = guest_get_key(vm, op->address);
    uint32_t mask = vm->psw & PSW_EC ? 0xfe : 0xf8;
    vm->regs.gr[op->r1] = (vm->regs.gr[op->r1] & 0xffffff00) | (key & mask);
}

static void invoke_rrb(struct vmblok *vm, struct privop *op)
{
    vm_set_cc(vm, guest_reset_reference(vm, op->address));
}

static void invoke_ipk(struct vmblok *vm, struct privop *op)
{
    vm->regs.gr[2] = (vm->regs.gr[2] & 0xffffff00) | (uint32_t)vm_key(vm) << 4;
}

static void invoke_spka(struct vmblok *vm, struct privop *op)
{
    vm->psw = (vm->psw & ~PSW_KEY) | (uint64_t)(op->address >> 4 & 15) << 52;
}

static void invoke_ptlb(struct vmblok *vm, struct privop *op)
{
    shadow_purge(vm);
}

static void invoke_lra(struct vmblok *vm, struct privop *op)
{
    vm->regs.gr[op->r1] = op->data.word[0];
    vm_set_cc(vm, op->cc);
}

static void invoke_ipte(struct vmblok *vm, struct privop *op)
{
    (void)guest_write(vm, op->address, op->data.byte, 2);
    shadow_purge(vm);
}

static void invoke_tprot(struct vmblok *vm, struct privop *op)
{
    vm_set_cc(vm, op->cc);
}

/* --- invoke: clocks and identification --- */

static void invoke_sckc(struct vmblok *vm, struct privop *op)
{
    vm->clock_comparator = op->data.doubleword;
}

static void invoke_stckc(struct vmblok *vm, struct privop *op)
{
    (void)guest_store(vm, op->address, &vm->clock_comparator, 8);
}

static void invoke_spt(struct vmblok *vm, struct privop *op)
{
    vm->cpu_timer = op->data.doubleword;
}

static void invoke_stpt(struct vmblok *vm, struct privop *op)
{
    (void)guest_store(vm, op->address, &vm->cpu_timer, 8);
}

/* The TOD clock is everybody's: as with its security switch off, it is not set. */
static void invoke_sck(struct vmblok *vm, struct privop *op)
{
    vm_set_cc(vm, 1);
}

/* Version FF says "virtual machine"; then the serial number, the real model, no logout. */
static void invoke_stidp(struct vmblok *vm, struct privop *op)
{
    uint64_t id = UINT64_C(0xff) << 56 | (uint64_t)(vm->serial & 0xffffff) << 32 |
                  (uint32_t)cp.cpu_model << 16;
    (void)guest_store(vm, op->address, &id, 8);
}

/* --- invoke: I/O --- */

static void invoke_sio(struct vmblok *vm, struct privop *op)
{
    uint16_t device = (uint16_t)op->address;
    vm->count.sio++;
    vm_set_cc(vm, (unsigned)vio_start(vm, device));
    if (vm->trace_events & 1u << TRACE_SIO)
        trace_report(vm, TRACE_SIO, device);
}

static void invoke_tio(struct vmblok *vm, struct privop *op)
{
    bool clear = op->code[1] & 1;
    uint16_t device = (uint16_t)op->address;
    vm_set_cc(vm, (unsigned)(clear ? vio_clear(vm, device) : vio_test(vm, device)));
}

static void invoke_hio(struct vmblok *vm, struct privop *op)
{
    bool device = op->code[1] & 1;
    uint16_t address = (uint16_t)op->address;
    vm_set_cc(vm, (unsigned)(device ? vio_halt_device(vm, address) : vio_halt(vm, address)));
}

static void invoke_tch(struct vmblok *vm, struct privop *op)
{
    vm_set_cc(vm, (unsigned)vio_test_channel(vm, (uint16_t)op->address));
}

static void invoke_stidc(struct vmblok *vm, struct privop *op)
{
    vm_set_cc(vm, (unsigned)vio_store_channel_id(vm, (uint16_t)op->address));
}

static void invoke_diagnose(struct vmblok *vm, struct privop *op)
{
    vm->count.diagnoses++;
    diagnose(vm, op->address & 0xffff, op->r1, op->r3);
}

static const struct privop_row rows[PRIVOP_KINDS] = {
    {"SSK", 0x0800, 0xff00, RR, REAL, 0, invoke_ssk},
    {"ISK", 0x0900, 0xff00, RR, REAL, 0, invoke_isk},
    {"SSM", 0x8000, 0xff00, SI, FETCH, 1, invoke_ssm},
    {"LPSW", 0x8200, 0xff00, SI, FETCH, 8, invoke_lpsw},
    {"DIAG", 0x8300, 0xff00, RS, NONE, 0, invoke_diagnose},
    {"SIO", 0x9c00, 0xff01, S, NONE, 0, invoke_sio},
    {"SIOF", 0x9c01, 0xff01, S, NONE, 0, invoke_sio},
    {"TIO", 0x9d00, 0xff01, S, NONE, 0, invoke_tio},
    {"CLRIO", 0x9d01, 0xff01, S, NONE, 0, invoke_tio},
    {"HIO", 0x9e00, 0xff01, S, NONE, 0, invoke_hio},
    {"HDV", 0x9e01, 0xff01, S, NONE, 0, invoke_hio},
    {"TCH", 0x9f00, 0xff00, S, NONE, 0, invoke_tch},
    {"STNSM", 0xac00, 0xff00, SI, BYTE, 1, invoke_stnsm},
    {"STOSM", 0xad00, 0xff00, SI, BYTE, 1, invoke_stosm},
    {"LRA", 0xb100, 0xff00, RX, TABLES, 0, invoke_lra},
    {"STCTL", 0xb600, 0xff00, RS, CONTROL, 0, invoke_stctl},
    {"LCTL", 0xb700, 0xff00, RS, CONTROL, 1, invoke_lctl},
    {"STIDP", 0xb202, 0xffff, S, STORE, 8, invoke_stidp},
    {"STIDC", 0xb203, 0xffff, S, NONE, 0, invoke_stidc},
    {"SCK", 0xb204, 0xffff, S, FETCH, 8, invoke_sck},
    {"SCKC", 0xb206, 0xffff, S, FETCH, 8, invoke_sckc},
    {"STCKC", 0xb207, 0xffff, S, STORE, 8, invoke_stckc},
    {"SPT", 0xb208, 0xffff, S, FETCH, 8, invoke_spt},
    {"STPT", 0xb209, 0xffff, S, STORE, 8, invoke_stpt},
    {"SPKA", 0xb20a, 0xffff, S, NONE, 0, invoke_spka},
    {"IPK", 0xb20b, 0xffff, S, NONE, 0, invoke_ipk},
    {"PTLB", 0xb20d, 0xffff, S, NONE, 0, invoke_ptlb},
    {"RRB", 0xb213, 0xffff, S, REAL, 0, invoke_rrb},
    {"IPTE", 0xb221, 0xffff, RRE, ENTRY, 0, invoke_ipte},
    {"TPROT", 0xe501, 0xffff, SSE, ACCESS, 0, invoke_tprot},
};

const char *privop_name(unsigned kind)
{
    return rows[kind].name;
}

/* --- decode --- */

static const struct privop_row *find_row(const uint8_t *code)
{
    uint32_t opcode = load_be16(code);
    for (unsigned i = 0; i < PRIVOP_KINDS; i++)
        if (rows[i].opcode == (opcode & rows[i].mask))
            return &rows[i];
    return NULL;
}

static uint32_t reg_or_zero(const struct vmblok *vm, unsigned n)
{
    return n ? vm->regs.gr[n] : 0;
}

static uint32_t base_displacement(const struct vmblok *vm, const uint8_t *at)
{
    return (reg_or_zero(vm, at[0] >> 4) + ((at[0] & 15u) << 8 | at[1])) & 0x00ffffff;
}

/* The instruction's bytes.  After EX those of its target, with the low byte of R1 or'ed in. */
static int fetch_code(struct vmblok *vm, struct privop *op)
{
    uint32_t at = (vm_address(vm) - op->ilc) & 0x00ffffff;
    int code = guest_fetch(vm, at, op->code, op->ilc);
    if (code || op->code[0] != 0x44)
        return code;
    uint8_t by = op->code[1];
    uint32_t target = (base_displacement(vm, op->code + 2) + reg_or_zero(vm, by & 15)) & 0x00ffffff;
    code = guest_fetch(vm, target, op->code, 2);
    if (!code && op->code[0] >= 0x40)
        code = guest_fetch(vm, target, op->code, op->code[0] >= 0xc0 ? 6 : 4);
    if (!code && by >> 4)
        op->code[1] |= (uint8_t)vm->regs.gr[by >> 4];
    return code;
}

/* LRA: the real address, or that of the entry where the walk ended. */
static int decode_tables(struct vmblok *vm, struct privop *op)
{
    uint32_t real, entry = 0;
    bool length;
    int code = shadow_walk(vm, op->address, &real, &entry, &length);
    if (code == PGM_ADDRESSING || code == PGM_TRANSLATION)
        return code;
    op->data.word[0] = code ? entry : real;
    op->cc = !code ? 0 : length ? 3 : code == PGM_SEGMENT ? 1 : 2;
    return 0;
}

/* IPTE: the entry that R1 (as a segment table entry) and the page index in R2 name, made
 * invalid. */
static int decode_entry(struct vmblok *vm, struct privop *op)
{
    uint32_t size = vm->cr[0] & CR0_PAGE_2K ? 2048 : 4096;
    uint32_t segment = vm->cr[0] & CR0_SEGMENT_1M ? 0xfffff : 0xffff;
    uint32_t pages = vm->cr[0] & (CR0_PAGE_2K | CR0_PAGE_4K);
    if (pages != CR0_PAGE_2K && pages != CR0_PAGE_4K)
        return PGM_TRANSLATION;
    if (vm->cr[0] & CR0_TRANSLATION & ~(pages | CR0_SEGMENT_1M))
        return PGM_TRANSLATION;
    uint32_t index = (vm->regs.gr[op->code[3] & 15] & segment) / size;
    op->address = (STE_ORIGIN(vm->regs.gr[op->code[3] >> 4]) + index * 2) & 0x00ffffff;
    if (!guest_read(vm, op->address, op->data.byte, 2))
        return PGM_ADDRESSING;
    uint8_t key = guest_get_key(vm, op->address);
    if (vm_key(vm) && vm_key(vm) != key >> 4)
        return PGM_PROTECTION;
    op->data.byte[1] |= size == 2048 ? PTE2K_INVALID : PTE4K_INVALID;
    return 0;
}

/* TPROT: what a program with the key in the second address could do there. */
static int decode_access(struct vmblok *vm, struct privop *op)
{
    uint32_t real;
    uint32_t key = base_displacement(vm, op->code + 4) >> 4 & 15;
    int code = guest_translate(vm, op->address, &real);
    op->cc = 3;
    if (code == PGM_SEGMENT || code == PGM_PAGE)
        return 0;
    if (code || !guest_page_exists(vm, PAGE_OF(real)))
        return code ? code : PGM_ADDRESSING;
    uint8_t storage_key = guest_get_key(vm, real);
    if (!key || key == storage_key >> 4)
        op->cc = guest_low_protected(vm, op->address) ? 1 : 0;
    else
        op->cc = storage_key & KEY_FETCH ? 2 : 1;
    return 0;
}

/* Checks and fetches the storage operand. */
static int decode_operand(struct vmblok *vm, struct privop *op)
{
    uint32_t size = op->row->size, align = size;
    switch (op->row->operand) {
    case NONE:
        return 0;
    case REAL:
        return guest_page_exists(vm, PAGE_OF(op->address)) ? 0 : PGM_ADDRESSING;
    case BYTE: {
        int code = guest_check(vm, op->address, 1, true);
        if (!code)
            per_stores(vm, vm_address(vm) - op->ilc, op->address, 1);
        return code;
    }
    case TABLES:
        return decode_tables(vm, op);
    case ENTRY:
        return decode_entry(vm, op);
    case ACCESS:
        return decode_access(vm, op);
    case CONTROL:
        size = (((op->r3 - op->r1) & 15) + 1) * 4;
        align = 4;
        break;
    }
    if (op->address & (align - 1))
        return PGM_SPECIFICATION;
    if (op->row->operand == STORE || (op->row->operand == CONTROL && !op->row->size)) {
        int code = guest_check(vm, op->address, size, true);
        if (!code)
            per_stores(vm, vm_address(vm) - op->ilc, op->address, size);
        return code;
    }
    return guest_fetch(vm, op->address, op->data.byte, size);
}

/* Returns 0, or the program interruption code the guest is due. */
static int decode(struct vmblok *vm, struct privop *op)
{
    int code = fetch_code(vm, op);
    if (code)
        return code;
    op->row = find_row(op->code);
    if (!op->row)
        return PGM_OPERATION;
    op->r1 = op->code[1] >> 4;
    op->r3 = op->code[1] & 15;
    op->immediate = op->code[1];
    if (op->row->format == RR) {
        /* SSK, ISK: bits 28-31 of the second register must be zero. */
        op->address = vm->regs.gr[op->r3] & 0x00ffffff;
        if (op->address & 15)
            return PGM_SPECIFICATION;
    } else {
        op->address = base_displacement(vm, op->code + 2);
        if (op->row->format == RX)
            op->address = (op->address + reg_or_zero(vm, op->r3)) & 0x00ffffff;
    }
    if (op->code[0] == 0x80 && vm->cr[0] & CR0_SSM_SUPPRESSION)
        return PGM_SPECIAL_OPERATION;
    return decode_operand(vm, op);
}

bool privop_exists(struct vmblok *vm, uint32_t ilc)
{
    struct privop op;
    op.ilc = ilc;
    return fetch_code(vm, &op) || find_row(op.code);
}

void privop(struct vmblok *vm, uint32_t ilc)
{
    struct privop op;
    op.ilc = ilc;
    vm->count.privops++;
    int code = decode(vm, &op);
    if (code) {
        /* A translation exception nullifies: the PSW goes back to the instruction. */
        if (code == PGM_SEGMENT || code == PGM_PAGE)
            vm_set_address(vm, vm_address(vm) - ilc);
        vm_program(vm, (uint32_t)code, ilc);
        return;
    }
    exits_privileged(vm, (unsigned)(op.row - rows));
    const struct monitor_privop event = {vm, load_be32(op.code), vm_address(vm) - ilc};
    MONITOR_CALL(MONITOR_INSTSIM, INSTSIM_START, &event);
    if (vm->trace_events & 1u << TRACE_PRIV)
        trace_report(vm, TRACE_PRIV, load_be16(op.code));
    uint32_t before[16], at = vm_address(vm) - ilc;
    bool records = vm->psw & PSW_EC && vm->psw & PSW_EC_PER;
    if (records)
        memcpy(before, vm->regs.gr, sizeof before);
    op.row->invoke(vm, &op);
    if (records)
        per_registers(vm, at, before);
}
