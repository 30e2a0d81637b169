/* The names of CMS's switches, for SET and QUERY. */
#include "cms/kit/cms.h"

#define AT(field) offsetof(struct cms_switches, field)

const struct cms_switch_name cms_switch_names[] = {
    {"ABBREV", AT(abbreviate), "OFF", "ON"},
    {"AUTOREAD", AT(auto_read_off), "ON", "OFF"},
    {"CMSTYPE", AT(typing_halted), "RT", "HT"},
    {"DISKIO", AT(disk_sio), "DIAG", "SIO"},
    {"EXECTRAC", AT(exec_trace), "OFF", "ON"},
    {"IMPCP", AT(implied_cp), "OFF", "ON"},
    {"IMPEX", AT(implied_exec), "OFF", "ON"},
    {"PROTECT", AT(protect), "OFF", "ON"},
    {"RDYMSG", AT(ready_short), "LMSG", "SMSG"},
    {"RELPAGE", AT(release_pages), "OFF", "ON"},
    {NULL, 0, NULL, NULL},
};
