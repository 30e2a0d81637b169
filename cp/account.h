/* Accounting records, as cards.  Source: VM/370 Planning and System Generation Guide, "Accounting
 * records": 80 columns, the record's code in 79-80. */
#ifndef CP_ACCOUNT_H
#define CP_ACCOUNT_H

#include "cp/vmblok.h"

struct vdev;

/* Cuts a record of what the user has used since logging on or the last record, and one for each
 * dedicated device and temporary disk, and begins anew.  In any task; never sleeps. */
void account_cut(struct vmblok *vm);
/* The record of a device that goes away, if it is a dedicated one (02) or a temporary disk (03). */
void account_device(struct vdev *vdev);
/* Cuts a record, and charges another user and account from now on; "": the user himself again. */
void account_charge(struct vmblok *vm, const char *userid, const char *account);
/* Gives the cards that are kept to the spool.  May sleep. */
void account_punch(void);
/* The record C0 with 70 bytes of a guest's own: DIAGNOSE 4C.  Never sleeps. */
void account_guest(struct vmblok *vm, const uint8_t *data, unsigned length);

/* A wrong password: the user it was tried for, who tried ("LINE 0C1", a userid), and for LINK the
 * disk.  While SET JOURNAL is ON: a card, and a line to the operator.  May sleep. */
enum journal_kind { JOURNAL_LOGON, JOURNAL_AUTOLOG, JOURNAL_LINK };
void account_journal(enum journal_kind kind, const char *userid, const char *by, const char *disk);

#endif
