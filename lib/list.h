/* Doubly linked circular lists, intrusive: a `struct list` member in the element,
 * a `struct list` as head. */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

#define LIST_ENTRY(pointer, type, member) ((type *)((char *)(pointer)-offsetof(type, member)))
#define LIST_EACH(it, head)               for (struct list *it = (head)->next; it != (head); it = it->next)
/* The same, when the body may remove `it`. */
#define LIST_EACH_SAFE(it, head)                                                                   \
    for (struct list *it = (head)->next, *it##_next = it->next; it != (head);                      \
         it = it##_next, it##_next = it->next)

static inline void list_init(struct list *head)
{
    head->next = head->prev = head;
}
static inline bool list_empty(const struct list *head)
{
    return head->next == head;
}

static inline void list_insert_before(struct list *at, struct list *item)
{
    item->prev = at->prev;
    item->next = at;
    at->prev->next = item;
    at->prev = item;
}

static inline void list_append(struct list *head, struct list *item)
{
    list_insert_before(head, item);
}
static inline void list_prepend(struct list *head, struct list *item)
{
    list_insert_before(head->next, item);
}

/* The removed item is left as an empty list of its own. */
static inline void list_remove(struct list *item)
{
    item->prev->next = item->next;
    item->next->prev = item->prev;
    item->next = item->prev = item;
}

#endif
