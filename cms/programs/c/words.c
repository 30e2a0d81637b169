/* WORDS fn ft [fm] [n]: lines, words and characters of a file, and its n most frequent words (10).
 * A sample of the C library: files, malloc, qsort. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTS     512
#define WORD_MOST 64

struct word {
    struct word *next;
    int count;
    char text[];
};

static struct word *lists[LISTS];
static int lines, words, characters, different;

static void count_word(const char *text)
{
    unsigned hash = 0;

    words++;
    for (const char *p = text; *p; p++)
        hash = hash * 31 + (unsigned char)*p;
    struct word **link = &lists[hash % LISTS];
    while (*link && strcmp((*link)->text, text))
        link = &(*link)->next;
    if (!*link) {
        *link = calloc(1, sizeof(struct word) + strlen(text) + 1);
        if (!*link) {
            fprintf(stderr, "no storage for %d words\n", different);
            exit(EXIT_FAILURE);
        }
        strcpy((*link)->text, text);
        different++;
    }
    (*link)->count++;
}

static void count_file(FILE *f)
{
    char word[WORD_MOST + 1];
    int n = 0, c;

    while ((c = fgetc(f)) != EOF) {
        characters++;
        lines += c == '\n';
        if (isalnum(c) && n < WORD_MOST) {
            word[n++] = (char)tolower(c);
        } else if (n) {
            word[n] = 0;
            count_word(word);
            n = 0;
        }
    }
}

static int by_count(const void *a, const void *b)
{
    const struct word *x = *(struct word *const *)a, *y = *(struct word *const *)b;

    return x->count != y->count ? y->count - x->count : strcmp(x->text, y->text);
}

static void list(int most)
{
    struct word **all = malloc((size_t)different * sizeof(*all));
    int n = 0;

    for (int i = 0; all && i < LISTS; i++)
        for (struct word *w = lists[i]; w; w = w->next)
            all[n++] = w;
    qsort(all, (size_t)n, sizeof(*all), by_count);
    for (int i = 0; i < n && i < most; i++)
        printf("%6d %s\n", all[i]->count, all[i]->text);
    free(all);
}

int main(int argc, char **argv)
{
    char name[FILENAME_MAX];
    int most = argc > 3 ? atoi(argv[argc - 1]) : 0;

    if (argc < 3) {
        fprintf(stderr, "usage: WORDS fn ft [fm] [n]\n");
        return 24;
    }
    bool mode = argc > 4 || (argc == 4 && !most);
    snprintf(name, sizeof(name), mode ? "%s %s %s" : "%s %s", argv[1], argv[2], argv[3]);
    FILE *f = fopen(name, "r");
    if (!f) {
        perror(name);
        return 28;
    }
    count_file(f);
    fclose(f);
    printf("%d lines, %d words (%d different), %d characters\n", lines, words, different,
           characters);
    list(most ? most : 10);
    return 0;
}
