/* Kernel: a hash table with chains: words of a text are counted, looked up and deleted. */
#include "tests/target/bench_c/kernel.h"

#define TEXT    60000
#define BUCKETS 1024
#define ENTRIES 8000

struct entry {
    struct entry *next;
    const char *word;
    uint32_t length, count, hash;
};

static char text[TEXT];
static struct entry entries[ENTRIES];
static struct entry *buckets[BUCKETS], *unused;

static uint32_t hash_of(const char *word, uint32_t length)
{
    uint32_t h = 2166136261u;
    for (uint32_t k = 0; k < length; k++)
        h = (h ^ (uint8_t)word[k]) * 16777619u;
    return h;
}

static int same(const char *a, const char *b, uint32_t length)
{
    for (uint32_t k = 0; k < length; k++) {
        if (a[k] != b[k])
            return 0;
    }
    return 1;
}

static struct entry **find(const char *word, uint32_t length, uint32_t hash)
{
    struct entry **at = &buckets[hash % BUCKETS];
    while (*at &&
           !((*at)->hash == hash && (*at)->length == length && same((*at)->word, word, length)))
        at = &(*at)->next;
    return at;
}

static void count(const char *word, uint32_t length)
{
    uint32_t hash = hash_of(word, length);
    struct entry **at = find(word, length, hash);
    if (!*at && unused) {
        struct entry *e = unused;
        unused = e->next;
        *e = (struct entry){NULL, word, length, 0, hash};
        *at = e;
    }
    if (*at)
        (*at)->count++;
}

static void forget(const char *word, uint32_t length)
{
    struct entry **at = find(word, length, hash_of(word, length)), *e = *at;
    if (!e || --e->count)
        return;
    *at = e->next;
    e->next = unused;
    unused = e;
}

static void each_word(uint32_t from, uint32_t to, void (*act)(const char *, uint32_t))
{
    uint32_t start = from;
    for (uint32_t k = from; k < to; k++) {
        if (text[k] == ' ' || text[k] == '\n') {
            if (k > start)
                act(text + start, k - start);
            start = k + 1;
        }
    }
}

uint32_t kernel(void)
{
    uint32_t sum = 0;
    make_text(text, TEXT, 7);
    unused = NULL;
    for (uint32_t k = 0; k < BUCKETS; k++)
        buckets[k] = NULL;
    for (uint32_t k = 0; k < ENTRIES; k++) {
        entries[k].next = unused;
        unused = &entries[k];
    }
    for (uint32_t pass = 0; pass < 18; pass++) {
        each_word(0, TEXT, count);
        for (uint32_t k = 0; k < BUCKETS; k++) {
            for (const struct entry *e = buckets[k]; e; e = e->next)
                sum = mix(sum, e->count + e->length);
        }
        each_word(TEXT / 2, TEXT, forget);
    }
    return sum;
}
