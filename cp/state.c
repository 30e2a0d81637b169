/* CP's state: see cp/state.h. */
#include "cp/state.h"

struct cp_state cp;
