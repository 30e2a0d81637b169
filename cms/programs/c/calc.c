/* CALC [expression]: whole numbers with + - * / % and parentheses, 0x for hexadecimal; without an
 * expression one line after another, until a line of nothing.  A sample of the C library: the
 * terminal, setjmp for errors. */
#include <ctype.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *at;
static jmp_buf failed;
static const char *message;

static void fail(const char *why)
{
    message = why;
    longjmp(failed, 1);
}

static int next(void)
{
    while (isspace((unsigned char)*at))
        at++;
    return *at;
}

static long sum(void);

static long factor(void)
{
    char *end;

    if (next() == '(') {
        at++;
        long n = sum();
        if (next() != ')')
            fail("a parenthesis is missing");
        at++;
        return n;
    }
    if (*at == '-') {
        at++;
        return -factor();
    }
    long n = (long)strtoul(at, &end, 0);
    if (end == at)
        fail("a number is missing");
    at = end;
    return n;
}

static long product(void)
{
    long n = factor();

    while (next() == '*' || *at == '/' || *at == '%') {
        char operator= * at++;
        long m = factor();
        if (operator== '*')
            n *= m;
        else if (!m)
            fail("division by zero");
        else
            n = operator== '/' ? n / m : n % m;
    }
    return n;
}

static long sum(void)
{
    long n = product();

    while (next() == '+' || *at == '-')
        n = *at++ == '+' ? n + product() : n - product();
    return n;
}

static int calculate(const char *line)
{
    at = line;
    if (setjmp(failed)) {
        printf("%*s\n%s\n", (int)(at - line) + 1, "^", message);
        return 4;
    }
    long n = sum();
    if (next())
        fail("this does not belong here");
    printf("%ld (X'%lX')\n", n, (unsigned long)n);
    return 0;
}

int main(int argc, char **argv)
{
    char line[256] = "";
    int rc = 0;

    for (int i = 1; i < argc; i++) {
        strcat(line, argv[i]);
        strcat(line, " ");
    }
    if (argc > 1)
        return calculate(line);
    while (printf("calc: ") > 0 && fgets(line, sizeof(line), stdin) && line[0] != '\n') {
        line[strcspn(line, "\n")] = 0;
        rc = calculate(line);
    }
    return rc;
}
