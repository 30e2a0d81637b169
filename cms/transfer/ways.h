/* Between indfile.c and the two ways to transfer, dft.c and cut.c; see indfile.h. */
#ifndef CMS_TRANSFER_WAYS_H
#define CMS_TRANSFER_WAYS_H

#include "cms/transfer/indfile.h"

#define INDFILE_AID_STRUCTURED 0x88

int dft_start(struct indfile *x);
int dft_put(struct indfile *x, const uint8_t *data, size_t n);
int dft_get(struct indfile *x, const uint8_t **data, size_t *n);
int dft_end(struct indfile *x, const uint8_t *message, size_t n);

int cut_start(struct indfile *x);
int cut_put(struct indfile *x); /* what waits in x->data */
int cut_get(struct indfile *x, const uint8_t **data, size_t *n);
int cut_end(struct indfile *x, bool good, const uint8_t *message, size_t n);

#endif
