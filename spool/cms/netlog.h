/* What SENDFILE and RECEIVE share: the punch's address, and the log of what went and came, in
 * `userid NETLOG`. */
#ifndef SPOOL_CMS_NETLOG_H
#define SPOOL_CMS_NETLOG_H

#include "cms/kit/cms.h"

/* Now, as "YYYYMMDDhhmmss". */
void netlog_now(char *to, size_t size);
/* The punch goes to a user, by way of RSCS if the node is another.  RC_FAILED without CP; CP's
 * code. */
int netlog_address(const char *module, const struct cms_identity *me, const char *userid,
                   const char *node);
/* The punch's file is sent off, or thrown away, and the punch is as it was before. */
void netlog_close(const struct cms_fileid *id, bool keep);
/* A line for the terminal and, with date and time behind it, for the log. */
void netlog_say(const char *text, bool type, bool log);

#endif
