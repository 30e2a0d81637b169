/* The user directory as CP's tasks use it: on the residence volume, one lookup at a time. All may
 * sleep.  cp/directory has the form. */
#ifndef CP_USERDIR_H
#define CP_USERDIR_H

#include "cp/directory/directory.h"

#include <stdbool.h>
#include <stdint.h>

/* Opens the directory that the residence volume's label points to.  False: there is none. */
bool userdir_open(void);

/* Takes up the directory that the label points to now.  Lookups that are held (userdir_hold) come
 * to their end first, so that nobody goes on in one with what he has of another. */
enum directory_error userdir_swap(void);
void userdir_hold(void);
void userdir_let_go(void);

enum directory_error userdir_find(const char *userid, struct directory_user *user);
enum directory_error userdir_next_device(const struct directory_user *user, uint16_t *cursor,
                                         struct directory_device *device);
enum directory_error userdir_find_device(const struct directory_user *user, uint16_t address,
                                         struct directory_device *device);
enum directory_error userdir_find_system(const char *name, struct directory_system *system);
enum directory_error userdir_system_at(uint32_t n, struct directory_system *system);

#endif
