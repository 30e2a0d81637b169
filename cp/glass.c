/* What CP tells of itself to who watches from outside (the operator's console of the machine): two
 * constants in the symbol table of its ELF file (the function only carries them).  glass_guest is
 * where in low storage the VMBLOK of the guest that runs is found, glass_userid where in that the
 * userid. */
#include "cp/lowstor.h"
#include "cp/vmblok.h"

#include <stddef.h>

__attribute__((used)) static void glass(void)
{
    __asm__(".globl glass_guest, glass_userid\n"
            ".set glass_guest, %0\n"
            ".set glass_userid, %1"
            :
            : "i"(LOW_GUEST), "i"(offsetof(struct vmblok, userid)));
}
