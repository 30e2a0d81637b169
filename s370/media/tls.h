/* TLS (OpenSSL) for the sessions of a server or a client, apart from any socket: what has been
 * received goes in, what is to be sent comes out, so that nothing here ever waits.  Works for
 * TLS 1.2 and later, without renegotiation and without client certificates. */
#ifndef S370_MEDIA_TLS_H
#define S370_MEDIA_TLS_H

#include <stdbool.h>
#include <stddef.h>

struct tls_identity; /* a server's certificate and key, or whom a client trusts */
struct tls;          /* a session */

/* Reads a certificate (with the chain behind it) and its key, both PEM files.  NULL with the
 * reason in `message` if that is not possible. */
struct tls_identity *tls_identity_load(const char *certificate, const char *key, char *message,
                                       size_t size);
void tls_identity_free(struct tls_identity *identity);

/* A client's side: it trusts the authorities (or servers) whose certificates are in the PEM file;
 * NULL: those of the system.  verify false: it trusts everybody. */
struct tls_identity *tls_trust(const char *authorities, bool verify, char *message, size_t size);

/* A session whose client will speak first.  NULL: no storage. */
struct tls *tls_open(struct tls_identity *identity);
/* A client's session with a server of that name or address; it has its first words for
 * tls_output.  NULL: no storage. */
struct tls *tls_open_client(struct tls_identity *trust, const char *host);
/* Why a session has ended before it was established: static text for people. */
const char *tls_failure(const struct tls *t);
void tls_close(struct tls *t);

/* Takes what came from the client (here and below: or the server). */
void tls_received(struct tls *t, const char *bytes, size_t n);
bool tls_is_established(const struct tls *t);
/* The session has failed, or the client has ended it: nothing will come any more, and only what
 * tls_output still has (an alert) can be sent. */
bool tls_has_ended(const struct tls *t);
/* Gives what the client has said, decrypted: the number of bytes, 0 for no more of them. */
size_t tls_input(struct tls *t, char *bytes, size_t size);
/* Encrypts bytes for the client; only when established. */
void tls_send(struct tls *t, const char *bytes, size_t n);
/* Says that no more will follow. */
void tls_finish(struct tls *t);
/* Gives encrypted bytes for the client: how many, 0 for no more of them. */
size_t tls_output(struct tls *t, char *bytes, size_t size);

#endif
