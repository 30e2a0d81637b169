/* The load map that GENMOD keeps in a MODULE file (cms/kit/module.h), for GENMOD, LOADMOD and
 * MODMAP. */
#ifndef CMS_LOAD_COMMAND_MAP_H
#define CMS_LOAD_COMMAND_MAP_H

#include "cms/kit/cms.h"
#include "cms/kit/module.h"
#include "cms/load/load.h"

/* The table of what is loaded now, or NULL. */
const struct load_table *loaded_table(const struct cms_switches *s);
/* The address of a name of the table that has one; a hexadecimal number is its own. */
bool loaded_address(const struct load_table *table, const char name[8], uint32_t *address);

/* Reads a module's header.  0; 28, or 32 after a message. */
int module_header(struct fscb *f, const struct cms_fileinfo *info, const char *module,
                  struct module_header *h);
/* Name `number`, from 0; a code of enum file_rc. */
int module_symbol(struct fscb *f, const struct module_header *h, uint32_t number,
                  struct module_symbol *symbol);

#endif
