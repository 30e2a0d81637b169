/* LOCK, UNLOCK, SET RESERVE, SET FAVORED: the operator gives a user storage and CPU time. */
#include "cp/commands/commands.h"
#include "cp/guest.h"
#include "cp/state.h"
#include "cp/text/operands.h"
#include "lib/str.h"

/* The user that an operand names; NULL after a message, its number in *error. */
static struct vmblok *user_operand(struct vmblok *vm, const char *module, const char **operands,
                                   int *error)
{
    char word[WORD_SIZE], userid[USERID_SIZE];
    struct vmblok *user = NULL;
    if (!str_word(operands, word, sizeof word) || !operand_userid(word, userid))
        *error = error_userid(vm, module);
    else if ((user = vm_find(userid)) == NULL)
        *error = error_not_logged_on(vm, module, userid);
    return user;
}

/* userid firstpage lastpage: page numbers, hexadecimal. */
static struct vmblok *pages_operand(struct vmblok *vm, const char **operands, uint32_t *first,
                                    uint32_t *last, int *error)
{
    char word[WORD_SIZE];
    struct vmblok *user = user_operand(vm, "CPV", operands, error);
    if (!user)
        return NULL;
    if (!str_word(operands, word, sizeof word) || !str_hex(word, first) ||
        !str_word(operands, word, sizeof word) || !str_hex(word, last) || *first > *last) {
        *error = cp_error(vm, "CPV", 33, "HEXLOC MISSING OR INVALID");
        return NULL;
    }
    if (guest_page_exists(user, *first) && guest_page_exists(user, *last))
        return user;
    *error = cp_error(vm, "CPV", 160, "HEXLOC %06X EXCEEDS STORAGE", (unsigned)*last);
    return NULL;
}

int command_lock(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t first, last;
    int error = 0;
    struct vmblok *user = pages_operand(vm, &operands, &first, &last, &error);
    if (!user)
        return error;
    bool map = str_word(&operands, word, sizeof word);
    if (map && !str_equal(word, "MAP"))
        return error_operand(vm, "CPV", word);
    uint32_t most = frames_lockable();
    if (cp.frames_locked + (last - first + 1) > most)
        return cp_error(vm, "CPV", 175, "NOT MORE THAN %u PAGES CAN BE LOCKED", (unsigned)most);
    for (uint32_t page = first; page <= last; page++) {
        uint32_t real = guest_fix(user, page);
        if (!real)
            return cp_error(vm, "CPV", 160, "HEXLOC %06X CANNOT BE LOCKED", (unsigned)page);
        if (map)
            cp_printf(vm, "VIRTUAL PAGE = %03X  REAL PAGE = %03X", (unsigned)page,
                      (unsigned)PAGE_OF(real));
    }
    cp_printf(vm, "COMMAND COMPLETE");
    return 0;
}

/* The user with OPTION VIRT=REAL is one like the others from now on. */
static int unlock_virt_real(struct vmblok *vm)
{
    struct vmblok *user = vm_virt_real();
    if (!user)
        return cp_error(vm, "CPV", 176, "PAGES NOT LOCKED");
    user->stays = false;
    for (uint32_t page = 0; page < user->storage_size / PAGE_SIZE; page++)
        guest_unfix(user, page);
    cp_printf(vm, "COMMAND COMPLETE");
    return 0;
}

int command_unlock(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    const char *rest = operands;
    uint32_t first, last, pages = 0;
    int error = 0;
    if (str_word(&rest, word, sizeof word) && str_equal(word, "VIRT=REAL"))
        return unlock_virt_real(vm);
    struct vmblok *user = pages_operand(vm, &operands, &first, &last, &error);
    if (!user)
        return error;
    for (uint32_t page = first; page <= last; page++)
        pages += guest_unfix(user, page) != 0;
    if (!pages)
        return cp_error(vm, "CPV", 176, "PAGES NOT LOCKED");
    cp_printf(vm, "COMMAND COMPLETE");
    return 0;
}

/* SET RESERVE userid n */
int set_reserve(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t pages;
    int error = 0;
    struct vmblok *user = user_operand(vm, "CFS", &operands, &error);
    if (!user)
        return error;
    if (!str_word(&operands, word, sizeof word) || !str_decimal(word, &pages))
        return error_operand(vm, "CFS", word);
    LIST_EACH(it, &cp.vms)
    {
        const struct vmblok *other = LIST_ENTRY(it, struct vmblok, link);
        if (other != user && other->reserved && pages)
            return cp_error(vm, "CFS", 170, "RESERVE IN USE BY %s", other->userid);
    }
    if (pages > frames_lockable())
        return cp_error(vm, "CFS", 175, "NOT MORE THAN %u PAGES CAN BE RESERVED",
                        (unsigned)frames_lockable());
    user->reserved = pages;
    return 0;
}

/* SET FAVORED userid [nn | OFF] */
int set_favored(struct vmblok *vm, const char *operands)
{
    char word[WORD_SIZE];
    uint32_t share = 0, promised = 0;
    int error = 0;
    struct vmblok *user = user_operand(vm, "CFS", &operands, &error);
    if (!user)
        return error;
    bool off = false;
    if (str_word(&operands, word, sizeof word)) {
        off = str_equal(word, "OFF");
        if (!off && (!str_decimal(word, &share) || !share || share > 99))
            return error_operand(vm, "CFS", word);
    }
    LIST_EACH(it, &cp.vms)
    {
        const struct vmblok *other = LIST_ENTRY(it, struct vmblok, link);
        promised += other == user ? 0 : other->favored_share;
    }
    if (promised + share > 99)
        return cp_error(vm, "CFS", 178, "%u PERCENT ARE PROMISED TO OTHERS", (unsigned)promised);
    user->favored = !off;
    user->favored_share = (uint8_t)share;
    user->share_from = 0;
    return 0;
}
