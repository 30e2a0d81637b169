/* The commands of the spool, for the tables of cp/commands, and what they share. */
#ifndef CP_SPOOL_COMMANDS_H
#define CP_SPOOL_COMMANDS_H

#include "cp/command.h"
#include "cp/spool/cpspool.h"

/* Virtual devices: cp/spool/cmd_device.c. */
command_function command_spool, command_close, command_tag;
/* Spool files: cp/spool/cmd_file.c. */
command_function command_change, command_order, command_purge, command_transfer;
/* QUERY: cp/spool/cmd_query.c. */
command_function query_reader, query_printer, query_punch, query_files, query_virtual_ur;
/* Real devices: cp/spool/cmd_unit.c. */
command_function command_start, command_drain, command_flush, command_backspac, command_repeat,
    command_space, command_hold, command_free;
/* Printers' buffers: cp/spool/cmd_buffer.c. */
command_function command_loadbuf, command_loadvfcb;
command_function query_real_ur, query_hold;

/* The spool device's lines of QUERY VIRTUAL. */
void spool_query_vdev(struct vmblok *vm, struct vdev *vdev);
/* "FILES: 0002 RDR, NO PRT, NO PUN"; true if there is a file.  A userid of "" is all. */
bool spool_files_line(const char *userid, char *to, size_t size);

/* --- shared by the commands --- */

/* READER, PRINTER, PUNCH, CONSOLE in their abbreviations: enum spool_kind, SPOOL_ANY for
 * ALL, or 0. */
#define SPOOL_ANY 9
unsigned spool_kind_word(const char *word);
/* One character, A-Z or 0-9; `*` too if `any`. */
bool spool_class_word(const char *word, bool any, char *class);
/* Spool id 1 to 9900. */
bool spool_id_word(const char *word, uint16_t *id);
/* One to 99. */
bool spool_copies_word(const char *word, uint8_t *copies);
/* "0003 FILES PURGED"; answers of commands that change files. */
void spool_tell_count(struct vmblok *vm, unsigned count, const char *done);
/* True if the VM may see and change the file: its own, or all with class D. */
bool spool_may(const struct vmblok *vm, const struct spool_file *f);

#endif
