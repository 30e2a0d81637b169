/* Weak stand-ins that let CP be linked while some of its rooms are not built yet; the real
 * functions replace them at link time.  To be removed with the last of them. */
#include "cp/directory/directory.h"

#define ABSENT __attribute__((weak))

ABSENT enum directory_error directory_find(struct directory *d, const char *userid,
                                           struct directory_user *to)
{
    return DIRECTORY_NOT_FOUND;
}
ABSENT enum directory_error directory_open(struct directory *d)
{
    return DIRECTORY_DAMAGED;
}
ABSENT enum directory_error directory_next_device(struct directory *d,
                                                  const struct directory_user *user,
                                                  uint16_t *cursor, struct directory_device *to)
{
    return DIRECTORY_NOT_FOUND;
}
ABSENT enum directory_error directory_find_device(struct directory *d,
                                                  const struct directory_user *user,
                                                  uint16_t address, struct directory_device *to)
{
    return DIRECTORY_NOT_FOUND;
}
ABSENT bool directory_password_matches(const struct directory_password *p, const char *userid,
                                       const char *given)
{
    return false;
}
ABSENT bool directory_mode_parse(const char *word, enum directory_mode *mode)
{
    return false;
}
