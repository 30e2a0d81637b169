/* RSCS's configuration: this node, links, routes, and who may give all commands.  The same
 * statements are lines of the file RSCS CONFIG and, but for LOCAL, commands:
 *
 *     LOCAL node                          this system's name
 *     LINKDEFINE link [TYPE NJE] LINE cuu [NODE node] [STREAMS n] [PASSWORD word] [TIMEOUT n] [AST]
 *                                         NJE by a 2703; AST: it is started with RSCS
 *     LINKDEFINE link TYPE CTCA LINE cuu ...   NJE by a channel-to-channel adapter; the same
 *     LINKDEFINE link TYPE PRINTER LINE cuu [NODE node] [NOSEP] [AST]
 *     ROUTE node TO link                  node "*": all others
 *     ROUTE node OFF
 *     AUTH userid [AT node]               may give operator's commands
 */
#ifndef SPOOL_RSCS_CONFIG_H
#define SPOOL_RSCS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RSCS_LINKS  16
#define RSCS_ROUTES 64
#define RSCS_AUTH   16

#define RSCS_TIMEOUT 120 /* seconds, if TIMEOUT does not say */

enum rscs_link_type { RSCS_NJE, RSCS_CTCA, RSCS_PRINTER, RSCS_LINK_TYPES };

struct rscs_link_config {
    char name[9], node[9], password[9]; /* name "": this place is free */
    enum rscs_link_type type;
    uint16_t line; /* device address */
    uint8_t streams;
    uint32_t timeout; /* seconds for which a partner that must speak may be silent */
    bool separate;    /* PRINTER: pages that say whose a file is, before and behind it */
    bool start;
};

struct rscs_config {
    char local[9];
    struct rscs_link_config links[RSCS_LINKS];
    struct {
        char node[9];
        uint8_t link;
    } routes[RSCS_ROUTES];
    unsigned route_count;
    struct {
        char user[9], node[9]; /* node "": this one */
    } auth[RSCS_AUTH];
    unsigned auth_count;
};

/* Takes a statement; comments begin with an asterisk.  NULL, or what is wrong with it. */
const char *rscs_configure(struct rscs_config *c, const char *line);
/* The number of a link by its name; -1: there is none. */
int rscs_find_link(const struct rscs_config *c, const char *name);
/* The link to a node: its number; RSCS_HERE, RSCS_NOWHERE. */
enum { RSCS_HERE = -1, RSCS_NOWHERE = -2 };
int rscs_route(const struct rscs_config *c, const char *node);
const char *rscs_type_name(enum rscs_link_type type);
/* Forgets a link and the routes over it. */
void rscs_delete_link(struct rscs_config *c, unsigned link);
bool rscs_is_authorized(const struct rscs_config *c, const char *node, const char *user);

#endif
