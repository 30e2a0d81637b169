/* Names of instructions, from the machine's table: see cp/mnemonic.h. */
#include "cp/mnemonic.h"

/* Where the code is found: the groups of insn.def. */
enum {
    GROUP_ONE,
    GROUP_01 = 0x01,
    GROUP_B2 = 0xb2,
    GROUP_B9 = 0xb9,
    GROUP_E5 = 0xe5,
    GROUP_A7 = 0xa7,
    GROUP_C0 = 0xc0,
    GROUP_E3 = 0xe3,
    GROUP_EB = 0xeb
};

static const struct {
    uint8_t group, code;
    char name[6];
} rows[] = {
#define INSN(group, code, name, mnemonic, format, attributes) {GROUP_##group, code, mnemonic},
#include "s370/arch/insn.def"
#undef INSN
};

const char *mnemonic(const uint8_t *code)
{
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t group = rows[i].group, second = code[1];
        if (group == GROUP_A7 || group == GROUP_C0)
            second &= 15;
        else if (group == GROUP_E3 || group == GROUP_EB)
            second = code[5];
        else if (group == GROUP_ONE)
            second = code[0];
        if ((group == GROUP_ONE || group == code[0]) && rows[i].code == second)
            return rows[i].name;
    }
    return "????";
}
