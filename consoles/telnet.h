/* Terminals over the network: a telnet server (RFC 854) whose connections sit down at the
 * machine's free terminals, one each: 3270 clients (tn3270.h) at its 3270s, all others at
 * 3215 consoles.  Those go line by line: the client edits and echoes (its
 * own or the server's echo is turned off while the guest reads a password), and sends break
 * or interrupt for the attention key. */
#ifndef CONSOLES_TELNET_H
#define CONSOLES_TELNET_H

#include <stdint.h>

struct machine;
struct telnet_server;

/* Listens on `host` (a numeric address; NULL: loopback) and `port` (0: any free one).  NULL
 * with a message through the machine if that is not possible. */
struct telnet_server *telnet_listen(struct machine *m, const char *host, uint16_t port);
/* The same over TLS from the first byte on, with a certificate and its key (PEM files; the key
 * may be in the certificate's).  A client that doesn't finish the handshake in 5 seconds is
 * dropped. */
struct telnet_server *telnet_listen_tls(struct machine *m, const char *host, uint16_t port,
                                        const char *certificate, const char *key);
uint16_t telnet_port(const struct telnet_server *server);
/* Drops all connections; the server is freed by the event loop. */
void telnet_close(struct telnet_server *server);

#endif
