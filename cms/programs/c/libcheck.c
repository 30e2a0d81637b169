/* LIBCHECK: the C library against what C says of it; types what fails, and how many checks there
 * were. Writes LIBCHECK DATA on disk A. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int checks, failures;

#define CHECK(condition) check((condition) != 0, #condition, __LINE__)

static void check(int good, const char *what, int line)
{
    checks++;
    if (good)
        return;
    failures++;
    printf("line %d: %s\n", line, what);
}

static void formatted(const char *expected, const char *format, ...)
{
    char text[64];
    va_list args;

    va_start(args, format);
    int n = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (strcmp(text, expected) || n != (int)strlen(expected))
        printf("'%s' gives '%s', not '%s'\n", format, text, expected);
    check(!strcmp(text, expected) && n == (int)strlen(expected), format, __LINE__);
}

static void printing(void)
{
    char text[8];

    formatted("12 -7 +3 4", "%d %i %+d %ld", 12, -7, 3, 4L);
    formatted("    5|5    |00005|  -05", "%5d|%-5d|%05d|%5.2d", 5, 5, 5, -5);
    formatted("ff FF 0xff 17 017", "%x %X %#x %o %#o", 255, 255, 255, 15, 15);
    formatted("4294967295 -2147483648", "%u %d", UINT_MAX, INT_MIN);
    formatted("18446744073709551615 -9223372036854775808", "%llu %lld", ~0ull, 1ull << 63);
    formatted("abc|  abc|abc  |ab|x|%", "%s|%5s|%-5s|%.2s|%c|%%", "abc", "abc", "abc", "abc", 'x');
    formatted("   7", "%*d", 4, 7);
    CHECK(snprintf(text, sizeof(text), "%s", "0123456789") == 10 && !strcmp(text, "0123456"));
}

static void scanning(void)
{
    int a = 0, b = 0;
    unsigned x = 0;
    char word[16], c = 0, rest[16];

    CHECK(sscanf(" 12 -34 0x1f", "%d %i %x", &a, &b, &x) == 3 && a == 12 && b == -34 && x == 31);
    CHECK(sscanf("hello, world", "%[a-z], %3s%c", word, rest, &c) == 3);
    CHECK(!strcmp(word, "hello") && !strcmp(rest, "wor") && c == 'l');
    CHECK(sscanf("1 x", "%d %d", &a, &b) == 1 && sscanf("", "%d", &a) == EOF);
    CHECK(sscanf("5 6", "%*d %d", &a) == 1 && a == 6);
}

static void strings(void)
{
    char text[32] = "abc";

    CHECK(!strcmp(strcat(text, "def"), "abcdef") && !strcmp(strncat(text, "ghi", 1), "abcdefg"));
    CHECK(strrchr("a.b.c", '.')[1] == 'c' && !strrchr("abc", 'x') && *strrchr("abc", 0) == 0);
    CHECK(!strcmp(strstr("needle in hay", "in"), "in hay") && !strstr("a", "ab"));
    CHECK(strspn("aab", "a") == 2 && strcspn("abc", "c") == 2 && *strpbrk("abc", "cb") == 'b');
    strcpy(text, " a,b ,c");
    CHECK(!strcmp(strtok(text, " ,"), "a") && !strcmp(strtok(NULL, " ,"), "b"));
    CHECK(!strcmp(strtok(NULL, " ,"), "c") && !strtok(NULL, " ,"));
    strncpy(text, "ab", 5);
    CHECK(!memcmp(text, "ab\0\0\0", 5) && strcmp("abc", "abd") < 0);
    CHECK(isalpha('z') && !isalpha('1') && isdigit('0') && isspace('\n') && isupper('J'));
    CHECK(toupper('s') == 'S' && tolower('R') == 'r' && ispunct('(') && !isprint('\n'));
    CHECK(!isalpha(EOF) && !isspace(EOF) && isxdigit('F') && !isxdigit('G'));
}

static int descending(const void *a, const void *b)
{
    return *(const int *)b - *(const int *)a;
}

static void numbers(void)
{
    static int all[1000];
    char *end;
    int good = 1, key = 500;

    CHECK(strtol("-12x", &end, 10) == -12 && *end == 'x' && strtol("077", NULL, 0) == 63);
    CHECK(strtoul("ffffffff", NULL, 16) == UINT_MAX && strtol("x", &end, 10) == 0 && *end == 'x');
    errno = 0;
    CHECK(strtol("99999999999", NULL, 10) == LONG_MAX && errno == ERANGE);
    CHECK(strtol("-2147483648", NULL, 10) == LONG_MIN && atoi(" 42 ") == 42);
    for (int i = 0; i < 1000; i++)
        all[i] = i * 7919 % 1000;
    qsort(all, 1000, sizeof(int), descending);
    for (int i = 0; i < 1000; i++)
        good &= all[i] == 999 - i;
    CHECK(good);
    int *found = bsearch(&key, all, 1000, sizeof(int), descending);
    CHECK(found && *found == 500);
    key = 1000;
    CHECK(!bsearch(&key, all, 1000, sizeof(int), descending));
}

/* Blocks of all sizes, each filled with its number, given back in another order. */
static void storage(void)
{
    static char *blocks[200];
    int good = 1;

    for (int round = 0; round < 20; round++)
        for (int i = 0; i < 200; i++) {
            int n = (i * 37 + round * 11) % 200;
            size_t size = (size_t)(n * 13 % 700 + 1);
            if (blocks[n]) {
                for (size_t k = 0; k < size; k++)
                    good &= blocks[n][k] == (char)n;
                free(blocks[n]);
                blocks[n] = NULL;
            } else if ((blocks[n] = malloc(size)) != NULL) {
                memset(blocks[n], n, size);
            }
        }
    CHECK(good);
    char *p = calloc(10, 10), *q;
    CHECK(p && !p[0] && !p[99]);
    strcpy(p, "kept");
    q = realloc(p, 5000);
    CHECK(q && !strcmp(q, "kept"));
    free(q);
    CHECK(!malloc(16000000) && !calloc(1000000, 1000000));
}

static void files(void)
{
    char line[80], bytes[300];
    FILE *f = fopen("LIBCHECK DATA A", "w");
    fpos_t pos;

    CHECK(f && fprintf(f, "one\n%d\n\nlast", 2) > 0 && fclose(f) == 0);
    f = fopen("libcheck.data", "r");
    CHECK(f && fgets(line, 80, f) && !strcmp(line, "one\n") && fgetpos(f, &pos) == 0);
    CHECK(fgetc(f) == '2' && ungetc('9', f) == '9' && fgetc(f) == '9' && fgetc(f) == '\n');
    CHECK(fgets(line, 80, f) && !strcmp(line, " \n") && fgets(line, 80, f) &&
          !strcmp(line, "last\n"));
    CHECK(fgetc(f) == EOF && feof(f) && !ferror(f) && fsetpos(f, &pos) == 0 && fgetc(f) == '2');
    rewind(f);
    CHECK(fgetc(f) == 'o' && fclose(f) == 0);
    f = fopen("LIBCHECK DATA", "a");
    CHECK(f && fputs("more\n", f) >= 0 && fclose(f) == 0);
    f = fopen("LIBCHECK DATA", "w,recfm=f,lrecl=10");
    CHECK(f && fputs("0123456789abc\n", f) >= 0 && fclose(f) == 0);
    f = fopen("LIBCHECK DATA", "r");
    CHECK(f && fgets(line, 80, f) && !strcmp(line, "0123456789\n"));
    CHECK(fgets(line, 80, f) && !strcmp(line, "abc\n") && !fgets(line, 80, f) && !fclose(f));
    for (int i = 0; i < 300; i++)
        bytes[i] = (char)i;
    f = fopen("LIBCHECK DATA", "wb");
    for (int i = 0; f && i < 20; i++)
        CHECK(fwrite(bytes, 1, 300, f) == 300);
    CHECK(fclose(f) == 0);
    f = fopen("LIBCHECK DATA", "rb");
    for (int i = 0; f && i < 20; i++) {
        char back[300];
        CHECK(fread(back, 100, 3, f) == 3 && !memcmp(back, bytes, 300));
    }
    CHECK(fgetc(f) == EOF && fclose(f) == 0);
    CHECK(rename("LIBCHECK DATA A", "LIBCHECK OTHER A") == 0 && !fopen("LIBCHECK DATA", "r"));
    CHECK(errno == ENOENT && remove("LIBCHECK OTHER A") == 0 && remove("LIBCHECK OTHER A") == EOF);
    CHECK(!fopen("JUST", "r") && !fopen("A B", "q") && !fopen("A B", "w,recfm=f"));
}

static jmp_buf place;

static void times(void)
{
    time_t t = 951782400; /* 2000-02-29 00:00:00 */
    char text[64];
    volatile int turn = 0;

    CHECK(strftime(text, 64, "%Y-%m-%d %H:%M:%S %a %j", gmtime(&t)) &&
          !strcmp(text, "2000-02-29 00:00:00 Tue 060"));
    struct tm tm = {.tm_year = 101, .tm_mon = 13, .tm_mday = 31, .tm_hour = 23};
    CHECK(mktime(&tm) != (time_t)-1 && tm.tm_mon == 2 && tm.tm_mday == 3 && tm.tm_year == 102);
    CHECK(!strcmp(asctime(gmtime(&t)), "Tue Feb 29 00:00:00 2000\n") && time(NULL) > 0);
    int value = setjmp(place);
    if (turn++ < 3)
        longjmp(place, turn - 1);
    CHECK(value == 2 && turn == 4);
}

static void at_end(void)
{
    printf("%d checks, %d failed\n", checks, failures);
}

int main(int argc, char **argv)
{
    atexit(at_end);
    CHECK(argc == 3 && !strcmp(argv[0], "LIBCHECK") && !strcmp(argv[1], "Mixed"));
    printing();
    scanning();
    strings();
    numbers();
    storage();
    files();
    times();
    CHECK(system("STATE NO FILE A") == 28);
    return failures ? EXIT_FAILURE : 0;
}
