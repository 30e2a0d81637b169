/* A debugger at the machine: GDB's remote serial protocol, without the socket (that is in
 * consoles/gdb_server.c).  GDB sees each CPU as a thread, storage through the translation of
 * the CPU's PSW, and the operator's commands as its `monitor`.  What it can do is in
 * docs/debugging.md; what GDB asks for is described in "Debugging with GDB", appendix "GDB
 * Remote Serial Protocol".
 *
 * The debugger has stopped the machine from the first `?` on until it continues; the CPUs that
 * it stopped go on when it detaches. */
#ifndef S370_OPERATOR_GDB_H
#define S370_OPERATOR_GDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gdb;
struct oper;

/* The other side of the connection. */
struct gdb_link {
    void (*send)(void *context, const char *bytes, size_t length);
    /* GDB has said that it is done: the link ends soon, by gdb_destroy. */
    void (*hang_up)(void *context);
};

/* Somebody has connected.  NULL if another debugger is there already. */
struct gdb *gdb_create(struct oper *o, const struct gdb_link *link, void *context);
/* The connection is gone.  CPUs that the debugger holds stay stopped, its breakpoints go. */
void gdb_destroy(struct gdb *g);
/* Bytes that came over the link; answers go back before this returns. */
void gdb_input(struct gdb *g, const uint8_t *bytes, size_t length);

#endif
