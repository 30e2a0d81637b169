/* TLS sessions over OpenSSL's memory BIOs; see tls.h. */
#include "s370/media/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

struct tls_identity {
    SSL_CTX *context;
};

struct tls {
    SSL *ssl;
    BIO *from_client, *to_client; /* the session's own */
    bool ended;
    const char *failure;
};

/* The last error of OpenSSL in its words. */
static const char *reason(void)
{
    const char *text = ERR_reason_error_string(ERR_peek_last_error());
    return text ? text : "unknown reason";
}

static bool load(SSL_CTX *context, const char *certificate, const char *key, char *message,
                 size_t size)
{
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        snprintf(message, size, "no certificate (PEM) can be read from %s: %s", certificate,
                 reason());
    else if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        snprintf(message, size, "no key (PEM) for the certificate %s can be read from %s: %s",
                 certificate, key, reason());
    else if (SSL_CTX_check_private_key(context) != 1)
        snprintf(message, size, "the key in %s is not that of the certificate %s", key,
                 certificate);
    else
        return true;
    return false;
}

/* A key with a pass phrase: nobody is there to be asked. */
static int no_phrase(char *buffer, int size, int writing, void *context)
{
    return 0;
}

struct tls_identity *tls_identity_load(const char *certificate, const char *key, char *message,
                                       size_t size)
{
    struct tls_identity *identity = calloc(1, sizeof *identity);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    ERR_clear_error();
    if (!identity || !context)
        abort();
    identity->context = context;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                     SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0); /* sessions are long: none is taken up again */
    SSL_CTX_set_default_passwd_cb(context, no_phrase);
    if (load(context, certificate, key, message, size))
        return identity;
    ERR_clear_error();
    tls_identity_free(identity);
    return NULL;
}

void tls_identity_free(struct tls_identity *identity)
{
    if (!identity)
        return;
    SSL_CTX_free(identity->context);
    free(identity);
}

struct tls_identity *tls_trust(const char *authorities, bool verify, char *message, size_t size)
{
    struct tls_identity *trust = calloc(1, sizeof *trust);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    ERR_clear_error();
    if (!trust || !context)
        abort();
    trust->context = context;
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_verify(context, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
    if (authorities ? SSL_CTX_load_verify_file(context, authorities) == 1
                    : SSL_CTX_set_default_verify_paths(context) == 1)
        return trust;
    snprintf(message, size, "no certificates (PEM) can be read from %s: %s",
             authorities ? authorities : "the system", reason());
    ERR_clear_error();
    tls_identity_free(trust);
    return NULL;
}

struct tls *tls_open(struct tls_identity *identity)
{
    struct tls *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->ssl = SSL_new(identity->context);
    t->from_client = BIO_new(BIO_s_mem());
    t->to_client = BIO_new(BIO_s_mem());
    if (!t->ssl || !t->from_client || !t->to_client) {
        SSL_free(t->ssl);
        BIO_free(t->from_client);
        BIO_free(t->to_client);
        free(t);
        return NULL;
    }
    SSL_set_bio(t->ssl, t->from_client, t->to_client);
    SSL_set_accept_state(t->ssl);
    return t;
}

struct tls *tls_open_client(struct tls_identity *trust, const char *host)
{
    struct tls *t = tls_open(trust);
    if (!t)
        return NULL;
    SSL_set_connect_state(t->ssl);
    if (!X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(t->ssl), host)) { /* no address: a name */
        SSL_set1_host(t->ssl, host);
        SSL_set_tlsext_host_name(t->ssl, host);
    }
    ERR_clear_error();
    tls_received(t, "", 0);
    return t;
}

void tls_close(struct tls *t)
{
    if (!t)
        return;
    SSL_free(t->ssl);
    free(t);
}

/* Looks at what a call has returned: can the session go on? */
static void look(struct tls *t, int result)
{
    int error = result > 0 ? SSL_ERROR_NONE : SSL_get_error(t->ssl, result);
    if (error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ) {
        long verified = SSL_get_verify_result(t->ssl);
        t->ended = true;
        t->failure = verified != X509_V_OK ? X509_verify_cert_error_string(verified) : reason();
    }
    ERR_clear_error();
}

const char *tls_failure(const struct tls *t)
{
    return t->failure ? t->failure : "it has ended the session";
}

void tls_received(struct tls *t, const char *bytes, size_t n)
{
    if (t->ended)
        return;
    if (BIO_write(t->from_client, bytes, (int)n) != (int)n)
        t->ended = true;
    else if (!SSL_is_init_finished(t->ssl))
        look(t, SSL_do_handshake(t->ssl));
}

bool tls_is_established(const struct tls *t)
{
    return !t->ended && SSL_is_init_finished(t->ssl);
}

bool tls_has_ended(const struct tls *t)
{
    return t->ended;
}

size_t tls_input(struct tls *t, char *bytes, size_t size)
{
    if (!tls_is_established(t))
        return 0;
    int n = SSL_read(t->ssl, bytes, (int)size);
    look(t, n);
    return n > 0 ? (size_t)n : 0;
}

void tls_send(struct tls *t, const char *bytes, size_t n)
{
    if (tls_is_established(t))
        look(t, SSL_write(t->ssl, bytes, (int)n)); /* a memory BIO takes all of it */
}

void tls_finish(struct tls *t)
{
    if (tls_is_established(t))
        (void)SSL_shutdown(t->ssl);
    ERR_clear_error();
}

size_t tls_output(struct tls *t, char *bytes, size_t size)
{
    int n = BIO_read(t->to_client, bytes, (int)size);
    return n > 0 ? (size_t)n : 0;
}
