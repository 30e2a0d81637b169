/* The machine's side of its front panels: a local socket to which any number of them connect.
 * While one is connected the lights are sampled; without one this costs nothing. */
#ifndef CONSOLES_PANEL_SERVER_H
#define CONSOLES_PANEL_SERVER_H

struct machine;
struct oper;
struct panel_server;

/* Listens on the Unix socket `path`, which only this user can open.  One that a killed datbox
 * left behind is replaced.  NULL with a message through the machine if that is not possible. */
struct panel_server *panel_listen(struct machine *m, struct oper *o, const char *path);
/* Drops all panels and removes the socket; the event loop frees the server. */
void panel_close(struct panel_server *server);

#endif
