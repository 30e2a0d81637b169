/* A session with a host: the connection, and what it shows: a 3270's screen or a line's paper,
 * whichever the host has chosen. */
#ifndef CONSOLES_TERM_SESSION_H
#define CONSOLES_TERM_SESSION_H

#include "consoles/screen.h"
#include "consoles/term/line_edit.h"
#include "consoles/term/macro.h"
#include "consoles/term/paper.h"
#include "consoles/term/tn_client.h"
#include "s370/media/tls.h"
#include "consoles/utf8.h"

#include <stdio.h>
#include <uv.h>

#define PORT_USUAL    3270
#define PAPER_LINES   10000
#define AHEAD_MOST    256 /* keys typed while the host has the keyboard */
#define SESSION_HOST  256
#define SESSION_ERROR 400

enum session_state { SESSION_CONNECTS, SESSION_OPEN, SESSION_CLOSED };

struct session;

/* How the terminal is to be. */
struct session_options {
    unsigned rows, columns; /* of the alternate size: 24 by 80 is a model 2 */
    bool lines_only;
    unsigned code_page; /* 37 or 1047 */
};

struct session_owner {
    /* Something to be drawn, or that a macro waits for, has come. */
    void (*changed)(void *context, struct session *s);
    void (*bell)(void *context, struct session *s);
};

/* A key or character that waits until the host unlocks the keyboard. */
struct ahead {
    enum action action; /* ACTION_NONE: a character */
    char32_t character;
};

struct session {
    struct session_options options;
    const struct session_owner *owner;
    void *context;
    uv_loop_t *loop;
    char host[SESSION_HOST], lu[TN_NAME];
    uint16_t port;
    enum session_state state;
    char error[SESSION_ERROR]; /* why it is closed; "": nobody knows */
    struct link *link;         /* sockets, private to session.c; NULL: none */
    struct tls_identity *trust;
    bool tls_wanted;
    struct tls *tls; /* of the connection; NULL: none */
    struct tn_client tn;
    char received[16384];

    struct screen *screen;
    struct screen_answer answer;
    unsigned alarms;  /* heard so far */
    bool with_host;   /* SYSREQ: the screen shows what the host itself says */
    unsigned host_at; /* ... and what is typed from here on is for it */
    struct ahead ahead[AHEAD_MOST];
    unsigned ahead_count;

    struct paper *paper;
    struct utf8_decoder decoder;
    struct line_edit input;
    unsigned back;            /* lines of the paper below what is shown */
    unsigned page;            /* lines that are paged at a time; the window says */
    struct paper_match match; /* of a search */
    uint64_t expected;        /* what a macro has waited for lies before: line ever printed, ... */
    unsigned expected_column;

    FILE *trace;
};

/* Begins to connect; with TLS if somebody is trusted (else NULL).  Never NULL. */
struct session *session_create(uv_loop_t *loop, const struct session_options *options,
                               const struct host_name *name, struct tls_identity *trust,
                               const struct session_owner *owner, void *context);
void session_free(struct session *s);
/* Connects again, when closed. */
void session_connect(struct session *s);

bool session_is_display(const struct session *s);
/* True while keys of the 3270 are kept until the host unlocks the keyboard. */
bool session_is_locked(const struct session *s);

/* Does what a key of the 3270 or of line mode does.  False: this is none of them. */
bool session_do(struct session *s, enum action action);
void session_type(struct session *s, char32_t character);
/* A new line in pasted text. */
void session_paste_newline(struct session *s);

/* Searches the paper from the line shown last, or the match found last, backward or on.
 * False: not found. */
bool session_search(struct session *s, const char32_t *text, unsigned length, bool older);

/* True if the host has shown the text since the last that was expected. */
bool session_shows(struct session *s, const char *text);

/* The text of the screen, or the whole paper, to a file.  False with errno. */
bool session_save(const struct session *s, FILE *to);
/* Writes each screen and line to the file from now on; NULL: not any more. */
void session_trace(struct session *s, FILE *to);

#endif
