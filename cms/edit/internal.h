/* What the files of the editor share. */
#ifndef CMS_EDIT_INTERNAL_H
#define CMS_EDIT_INTERNAL_H

#include "cms/edit/edit.h"

#define EDIT_ALL UINT32_MAX /* the operand * */

/* A subcommand gets what stands behind its name; blanks between are skipped, except for those
 * that take a line as it is (one blank is skipped). */
struct edit_subcommand {
    const char *name;
    uint8_t least;
    bool line; /* its operand is a line of text */
    void (*run)(struct edit *e, const char *operands);
};
extern const struct edit_subcommand edit_subcommands[];

/* --- buffer.c --- */
void edit_buffer_init(struct edit *e, void *storage, size_t size);
/* Inserts behind `after`, or replaces the text of `at`; false: no storage, and the message
 * is typed.  The text is cut to the record length. */
struct edit_line *edit_insert(struct edit *e, struct edit_line *after, const char *text,
                              size_t length);
bool edit_replace(struct edit *e, struct edit_line **at, const char *text, size_t length);
void edit_delete(struct edit *e, struct edit_line *line);
bool edit_is_line(const struct edit *e, const struct edit_line *line);

/* --- editor.c --- */
void edit_type(struct edit *e, const char *text);
/* Types the current line, TOF: or EOF:, if VERIFY is on. */
void edit_verify(struct edit *e);
void edit_type_line(struct edit *e, const struct edit_line *line, uint32_t columns);
/* `?EDIT: subcommand`, or the short form. */
void edit_reject(struct edit *e);
void edit_not_found(struct edit *e);
/* A count or *: `missing` if there is none. False (and the subcommand rejected) if wrong. */
bool edit_count(struct edit *e, const char **operands, uint32_t missing, uint32_t *count);
/* Text as it goes into the file: tabs, case, truncation. Returns its length. */
size_t edit_prepare(struct edit *e, const char *text, char *to);
void edit_subcommand(struct edit *e, const char *text);
/* Counts a change; saves when AUTOSAVE says so. */
void edit_changed(struct edit *e);

/* --- move.c, change.c, file.c, setting.c: the subcommands --- */
typedef void edit_function(struct edit *e, const char *operands);
edit_function edit_bottom, edit_down, edit_find, edit_locate, edit_top, edit_type_lines, edit_up;
edit_function edit_alter, edit_change, edit_delete_lines, edit_delete_to, edit_input, edit_overlay,
    edit_repeat, edit_replace_line;
edit_function edit_cms, edit_file, edit_fmode, edit_fname, edit_getfile, edit_quit, edit_save,
    edit_stack;
edit_function edit_autosave, edit_case, edit_image, edit_long, edit_preserve, edit_recfm,
    edit_restore, edit_reuse, edit_short, edit_show_last, edit_tabset, edit_truncate,
    edit_verify_set, edit_x, edit_y, edit_zone;

/* Finds `string` in the line within the zone, from column `from` (0 up); -1: not there. */
int edit_search(const struct edit *e, const struct edit_line *line, const char *string,
                size_t length, uint32_t from);
/* /string/ at *operands: any first character delimits; the last may be missing. */
bool edit_string(const char **operands, const char **string, size_t *length);
bool edit_write_file(struct edit *e, const struct edit_fileid *id);
void edit_settings_of_type(struct edit *e);

#endif
