/* The journal beside a disk image: makes a write of more than one page of the host all or
 * nothing.  A kill can end a pwrite between two pages; so such a write goes to the
 * journal first, then to the image, then the journal is emptied.  Whoever opens the image
 * after a kill finds a complete entry and does the write again, or an incomplete one, and
 * then the image was not touched.  The journal of IMAGE is IMAGE.journal; closing the image
 * removes it. */
#ifndef S370_MEDIA_CKD_JOURNAL_H
#define S370_MEDIA_CKD_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_PAGE 4096u    /* a write within such a page of the file is never torn */
#define JOURNAL_MAX  0x10000u /* bytes of one entry */

struct ckd_journal {
    char path[4096]; /* of the journal */
    int fd;          /* -1: not open yet */
    bool impossible; /* the directory cannot be written: the image is written without */
};

struct ckd_journal_entry {
    uint64_t offset; /* in the image */
    uint32_t length;
    uint8_t bytes[JOURNAL_MAX];
};

void ckd_journal_init(struct ckd_journal *j, const char *image);
/* Reads the journal that a kill has left. False if there is none or it is incomplete. */
bool ckd_journal_read(struct ckd_journal *j, struct ckd_journal_entry *entry);
/* Before and after the write of the image.  False with errno set if the host refuses. */
bool ckd_journal_begin(struct ckd_journal *j, uint64_t offset, const void *bytes, uint32_t length);
void ckd_journal_done(struct ckd_journal *j);
/* Closes and removes it. */
void ckd_journal_remove(struct ckd_journal *j);

#endif
