/* The screens that scripts see (struct operator_screens of s370/operator/operator.h), on the
 * screen model. */
#ifndef CONSOLES_SCRIPT_SCREEN_H
#define CONSOLES_SCRIPT_SCREEN_H

#include "s370/operator/operator.h"

extern const struct operator_screens script_screens;

#endif
