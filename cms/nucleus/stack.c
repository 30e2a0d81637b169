/* Queues of lines: the program stack, and what was typed ahead at the console.  A queue is
 * a ring of bytes; a line in it is its length in one byte and its text; the ring doubles when it
 * is full.  The program stack is a row of such queues, its buffers. */
#include "cms/nucleus/nucleus.h"

#define STACK_FIRST_SIZE 2048

static uint32_t room(const struct line_queue *q)
{
    return q->size - q->used;
}

static void put(struct line_queue *q, uint32_t at, const char *from, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        q->ring[(at + i) % q->size] = from[i];
}

static void take(const struct line_queue *q, uint32_t at, char *to, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        to[i] = q->ring[(at + i) % q->size];
}

static bool grow(struct line_queue *q)
{
    uint32_t size = q->size ? q->size * 2 : STACK_FIRST_SIZE;
    char *ring = storage_get(size, OWNER_NUCLEUS);

    if (!ring)
        return false;
    take(q, q->head, ring, q->used);
    if (q->size)
        storage_free(q->ring, q->size);
    q->ring = ring;
    q->size = size;
    q->head = 0;
    return true;
}

bool queue_add(struct line_queue *q, const char *text, uint32_t length, bool at_front)
{
    char count;

    if (length > CMS_LINE_MAX)
        length = CMS_LINE_MAX;
    count = (char)length;
    while (room(q) < length + 1)
        if (!grow(q))
            return false;
    if (at_front)
        q->head = (q->head + q->size - (length + 1)) % q->size;
    uint32_t at = at_front ? q->head : (q->head + q->used) % q->size;
    put(q, at, &count, 1);
    put(q, at + 1, text, length);
    q->used += length + 1;
    q->lines++;
    return true;
}

int queue_take(struct line_queue *q, char *to)
{
    char count;

    if (!q->lines)
        return -1;
    take(q, q->head, &count, 1);
    take(q, q->head + 1, to, (uint8_t)count);
    q->head = (q->head + (uint8_t)count + 1) % q->size;
    q->used -= (uint32_t)(uint8_t)count + 1;
    q->lines--;
    return (uint8_t)count;
}

void queue_clear(struct line_queue *q)
{
    if (q->size)
        storage_free(q->ring, q->size);
    memset(q, 0, sizeof(*q));
}

/* ---- the program stack ---- */

bool stack_add(const char *text, uint32_t length, bool at_front)
{
    return queue_add(&nuc.stack[nuc.stack_top], text, length, at_front);
}

int stack_take(char *to)
{
    int length = -1;

    for (uint32_t i = nuc.stack_top + 1; i-- > 0 && length < 0;)
        length = queue_take(&nuc.stack[i], to);
    return length;
}

uint32_t stack_lines(void)
{
    uint32_t lines = 0;

    for (uint32_t i = 0; i <= nuc.stack_top; i++)
        lines += nuc.stack[i].lines;
    return lines;
}

void stack_clear(void)
{
    for (uint32_t i = 0; i <= nuc.stack_top; i++)
        queue_clear(&nuc.stack[i]);
    nuc.stack_top = 0;
}

uint32_t stack_make(void)
{
    return nuc.stack_top + 1 < STACK_BUFFERS ? ++nuc.stack_top : 0;
}

/* Buffer 0 is always there: dropping it empties it. */
bool stack_drop(uint32_t buffer)
{
    if (buffer > nuc.stack_top)
        return false;
    for (uint32_t i = buffer; i <= nuc.stack_top; i++)
        queue_clear(&nuc.stack[i]);
    nuc.stack_top = buffer ? buffer - 1 : 0;
    return true;
}
