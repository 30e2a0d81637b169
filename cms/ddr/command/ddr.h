/* DDR: whole tracks of disks, copied to disks and tapes and back.  The files:
 *   cms/commands/ddr.c  control statements
 *   tracks.c  a track of a count-key-data disk, read and written whatever its records are
 *   reels.c   tracks on tape
 *   work.c    DUMP, RESTORE, COPY, PRINT and TYPE
 * cms/ddr/form.h has the form on tape. */
#ifndef CMS_DDR_COMMAND_DDR_H
#define CMS_DDR_COMMAND_DDR_H

#include "cms/ddr/form.h"
#include "cms/kit/cms.h"

#define MODULE "DDR"

/* A track in storage; the header is part of it, so that it is written on tape as it is. */
struct track {
    struct ddr_track header;
    uint8_t bytes[DDR_TRACK_MOST];
};
enum after { AFTER_REWIND, AFTER_UNLOAD, AFTER_LEAVE };

/* INPUT or OUTPUT. */
struct unit {
    bool given, tape;
    uint16_t address;
    uint16_t alternate; /* tape: the next reel's drive; 0: the same */
    uint8_t mode;       /* tape: command that sets the density; 0 */
    uint8_t after;      /* tape: enum after */
    uint32_t skip;      /* tape: files to pass over first */
    char wanted[6];     /* disk: label that it should have; blank */
    char volid[6];      /* label that it has */
    struct cms_device device;
    uint32_t reel;
};

struct extent {
    uint32_t first, last, to; /* cylinders; `to`: where the first goes */
};

struct ddr {
    struct unit input, output;
    uint16_t print; /* SYSPRINT: a printer; 0 the terminal */
    struct track track;
    struct ddr_label label; /* of the input's tape */
    uint64_t bytes;
};

/* ---- tracks.c: 0, or 100 after a message ---- */
int track_read(struct ddr *d, uint32_t cylinder, uint32_t head);
int track_write(struct ddr *d, uint32_t cylinder, uint32_t head);
/* The label of the disk, from its third record: VOL1 or CMS1; "NONE  " if it has none. */
void disk_label(const struct unit *u, char volid[6]);

/* ---- reels.c: 0, 12 behind the last track, or a message's code ---- */
int reel_begin_writing(struct ddr *d);
int reel_write(struct ddr *d);
int reel_end_writing(struct ddr *d);
int reel_begin_reading(struct ddr *d);
int reel_read(struct ddr *d);
int reel_end_reading(struct ddr *d);
#define REEL_END 12

/* ---- work.c ---- */
enum what { DUMP, RESTORE, COPY };
int work_move(struct ddr *d, enum what what, const struct extent *e);
/* A place: cylinder, head, record (0: all). */
struct place {
    uint32_t cylinder, head, record;
};
int work_show(struct ddr *d, const struct place *from, const struct place *to, bool printer);
/* A question: YES, NO or REREAD. */
enum answer { ANSWER_YES, ANSWER_NO, ANSWER_REREAD };
enum answer work_ask(const char *question);

#endif
