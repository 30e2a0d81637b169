/* `datbox run --log-input DIR`: what is typed at each console line or display, from LOGON to
 * LOGOFF, becomes a deck that `datbox batch` can run as a job: DIR/USERID-N.job. */
#ifndef TOOLS_INPUT_LOG_H
#define TOOLS_INPUT_LOG_H

struct machine;
struct input_log;

/* For all lines and displays that the machine has now.  NULL with a message on stderr: the
 * directory cannot be made. */
struct input_log *input_log_open(struct machine *m, const char *directory);
void input_log_close(struct input_log *log); /* NULL is allowed; decks that are open are ended */

#endif
