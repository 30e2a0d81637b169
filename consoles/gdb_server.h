/* The port at which debuggers connect: GDB's remote serial protocol (s370/operator/gdb.h) over
 * TCP.  One debugger at a time.  The connection is neither encrypted nor asked for a name:
 * without an address it is open to this host alone. */
#ifndef CONSOLES_GDB_SERVER_H
#define CONSOLES_GDB_SERVER_H

#include <stdbool.h>

struct gdb_server;
struct machine;
struct oper;

/* Listens nowhere yet; the operator's command `gdb` is its from now on. */
struct gdb_server *gdb_server_create(struct machine *m, struct oper *o);
/* "PORT" or "ADDRESS:PORT" (an IPv6 address in brackets), port 0 is any free one; NULL: nowhere.
 * A debugger that is there stays.  False with a message. */
bool gdb_server_listen(struct gdb_server *s, const char *where);
void gdb_server_destroy(struct gdb_server *s); /* NULL is allowed */

#endif
