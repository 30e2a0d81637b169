/* Drives s3270, the reference 3270 (Debian package), by its standard input and output, on
 * top of machine_fixture.h. */
#ifndef TESTS_UNIT_S3270_H
#define TESTS_UNIT_S3270_H

#include "tests/unit/machine_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

struct s3270 {
    pid_t pid;
    int in, out;
    char text[65536]; /* the answer: data lines, status line, "ok" or "error" */
    size_t length;
};

static struct s3270 *s3270_waited;

static inline bool s3270_answered(void)
{
    struct s3270 *s = s3270_waited;
    ssize_t n = read(s->out, s->text + s->length, sizeof s->text - 1 - s->length);
    s->length += n > 0 ? (size_t)n : 0;
    s->text[s->length] = 0;
    return (s->length >= 3 && !memcmp(s->text + s->length - 3, "ok\n", 3)) ||
           (s->length >= 6 && !memcmp(s->text + s->length - 6, "error\n", 6));
}

static inline void s3270_open(struct s3270 *s, const char *model, const char *host)
{
    int in[2], out[2];
    s->length = 0;
    ck_assert(!pipe2(in, O_CLOEXEC) && !pipe2(out, O_CLOEXEC));
    s->pid = fork();
    if (s->pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), 2);
        /* blankFill would make blanks of the nulls before a typed character: no 3270 does. */
        execlp("s3270", "s3270", "-utf8", "-codepage", "cp1047", "-xrm", "s3270.unlockDelay: false",
               "-xrm", "s3270.blankFill: false", "-model", model, host, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    s->in = in[1];
    s->out = out[0];
    fcntl(s->out, F_SETFL, O_NONBLOCK);
}

static inline void s3270_close(struct s3270 *s)
{
    close(s->in);
    close(s->out);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}

static inline void s3270_say(struct s3270 *s, const char *command)
{
    s->length = 0;
    dprintf(s->in, "%s\n", command);
}

/* Runs the machine until s3270 has executed the command or refused it. */
static inline void s3270_try(struct s3270 *s, const char *command)
{
    s3270_say(s, command);
    s3270_waited = s;
    run_until(s3270_answered);
}

/* The same; it must not refuse.  The answer is in s->text. */
static inline void s3270_do(struct s3270 *s, const char *command)
{
    s3270_try(s, command);
    ck_assert_msg(s->text[s->length - 2] == 'k', "s3270: %s: %s", command, s->text);
}

/* Waits until `text` is on its screen. */
static inline void s3270_see(struct s3270 *s, const char *text)
{
    for (unsigned tries = 0; tries < 60; tries++) {
        s3270_do(s, "Ascii()");
        if (strstr(s->text, text))
            return;
        s3270_try(s, "Wait(1,Output)");
    }
    ck_abort_msg("no '%s' in: %s", text, s->text);
}

#endif
