/* DIAGNOSE: the guest's calls to CP, one row for each code in cp/diagnose.c. */
#ifndef CP_DIAGNOSE_H
#define CP_DIAGNOSE_H

#include "cp/vmblok.h"

/* The registers r1 (Rx) and r2 (Ry) of the instruction; a function may need the next ones. */
struct diagnose {
    uint32_t code;
    unsigned rx, ry;
};

/* Simulates one code.  The condition code (0-3), DIAGNOSE_KEEP_CC, or a negative program
 * interruption code.  May sleep. */
typedef int diagnose_function(struct vmblok *vm, const struct diagnose *d);
#define DIAGNOSE_KEEP_CC 4

/* cp/diagnose.c, cp/diagnose_io.c */
diagnose_function diagnose_identify, diagnose_command, diagnose_timer, diagnose_release,
    diagnose_account, diagnose_yield, diagnose_display, diagnose_message, diagnose_storage,
    diagnose_segment, diagnose_pa2, diagnose_features;
diagnose_function diagnose_change, diagnose_disk, diagnose_general_io, diagnose_device;
diagnose_function diagnose_spool; /* cp/spool/diag14.c */
diagnose_function diagnose_examine, diagnose_swap, diagnose_clear_errors, diagnose_find_errors,
    diagnose_read_errors, diagnose_dump, diagnose_symbols, diagnose_record, diagnose_shadow,
    diagnose_clock;
diagnose_function diagnose_vmcf; /* cp/vmcf.c */

/* A device type (0x3350) in VM/370's codes, class and type: in the left half of the word. */
uint32_t diagnose_type_code(uint16_t type);

#endif
