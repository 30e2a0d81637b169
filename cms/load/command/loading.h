/* LOAD and INCLUDE, which differ in that INCLUDE goes on with what is loaded. */
#ifndef CMS_LOAD_COMMAND_LOADING_H
#define CMS_LOAD_COMMAND_LOADING_H

#include "cms/kit/cms.h"

int load_command(const struct cms_call *call, bool include);

#endif
