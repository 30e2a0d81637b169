/* The contents of a track: finding records in it, and building one. */
#include "lib/be.h"
#include "s370/media/ckd_image.h"

#include <assert.h>
#include <string.h>

static const uint8_t end_mark[CKD_COUNT] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

bool ckd_record_at(const uint8_t *track, uint32_t size, uint32_t offset, struct ckd_record *r)
{
    if (offset > size || size - offset < CKD_COUNT)
        return false;
    const uint8_t *count = track + offset;
    if (!memcmp(count, end_mark, CKD_COUNT))
        return false;
    r->offset = offset;
    r->overflow = count[0] & CKD_OVERFLOW;
    r->cylinder = (uint16_t)(load_be16(count) & 0x7fff);
    r->head = load_be16(count + 2);
    r->record = count[4];
    r->key_length = count[5];
    r->data_length = load_be16(count + 6);
    r->key = count + CKD_COUNT;
    r->data = r->key + r->key_length;
    return size - offset - CKD_COUNT >= (uint32_t)r->key_length + r->data_length;
}

bool ckd_record_next(const uint8_t *track, uint32_t size, struct ckd_record *r)
{
    return ckd_record_at(track, size, r->offset + CKD_COUNT + r->key_length + r->data_length, r);
}

bool ckd_record_find(const uint8_t *track, uint32_t size, uint8_t number, struct ckd_record *r)
{
    if (!ckd_record_at(track, size, CKD_HOME_ADDRESS, r))
        return false;
    while (ckd_record_next(track, size, r))
        if (r->record == number)
            return true;
    return false;
}

void ckd_build(struct ckd_builder *b, const struct ckd_geometry *g, uint8_t *track,
               unsigned cylinder, unsigned head)
{
    memset(track, 0, g->image_track);
    store_be16(track + 1, cylinder);
    store_be16(track + 3, head);
    uint8_t *r0 = track + CKD_HOME_ADDRESS;
    memcpy(r0, track + 1, 4);
    r0[7] = 8;
    *b = (struct ckd_builder){
        .geometry = g,
        .track = track,
        .at = CKD_HOME_ADDRESS + CKD_COUNT + 8,
        .cylinder = (uint16_t)cylinder,
        .head = (uint16_t)head,
    };
}

void ckd_build_after(struct ckd_builder *b, const struct ckd_geometry *g, uint8_t *track,
                     unsigned cylinder, unsigned head, uint32_t offset)
{
    *b = (struct ckd_builder){
        .geometry = g,
        .track = track,
        .at = offset,
        .cylinder = (uint16_t)cylinder,
        .head = (uint16_t)head,
    };
    struct ckd_record r;
    if (!ckd_record_at(track, g->image_track, CKD_HOME_ADDRESS, &r))
        return;
    while (ckd_record_next(track, g->image_track, &r) && r.offset < offset)
        b->used += ckd_record_space(g, r.key_length, r.data_length, false);
}

bool ckd_build_record(struct ckd_builder *b, uint8_t record, const void *key, unsigned key_length,
                      const void *data, unsigned data_length)
{
    const struct ckd_geometry *g = b->geometry;
    assert(key_length <= 0xff && data_length <= 0xffff);
    uint32_t length = CKD_COUNT + key_length + data_length;
    if (b->used + ckd_record_space(g, key_length, data_length, true) > g->track_length ||
        b->at + length + CKD_COUNT > g->image_track)
        return false;
    uint8_t *p = b->track + b->at;
    memset(p, 0, length);
    store_be16(p, b->cylinder);
    store_be16(p + 2, b->head);
    p[4] = record;
    p[5] = (uint8_t)key_length;
    store_be16(p + 6, data_length);
    if (key && key_length)
        memcpy(p + CKD_COUNT, key, key_length);
    if (data && data_length)
        memcpy(p + CKD_COUNT + key_length, data, data_length);
    b->at += length;
    b->used += ckd_record_space(g, key_length, data_length, false);
    return true;
}

uint32_t ckd_build_end(struct ckd_builder *b)
{
    uint32_t rest = b->geometry->image_track - b->at;
    assert(rest >= CKD_COUNT);
    memset(b->track + b->at, 0, rest);
    memcpy(b->track + b->at, end_mark, CKD_COUNT);
    return b->at + CKD_COUNT;
}
