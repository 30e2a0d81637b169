/* Between the kit's own files. */
#ifndef CMS_KIT_KIT_H
#define CMS_KIT_KIT_H

#include "cms/kit/cms.h"

int kit_main(uint32_t r0, uint32_t r1);
void kit_exit(int code) __attribute__((noreturn));
int kit_svc202(const void *plist, uint32_t r0);
int kit_variables(const struct extended_plist *extended);
void kit_variables_entry(void);

#endif
