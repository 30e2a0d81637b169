/* Preloaded into datbox by crash.sh: a kill -9 that comes at a chosen write.
 *
 * The writes to disk images and their journals (pwrite, pwritev) are counted.  At number KILL_AT
 * the process kills itself: in the middle of the write if that crosses a page of the host
 * (where the kernel lets a kill in), else before it or, for even numbers, behind it.  Without
 * KILL_AT the count is written to the file KILL_COUNT at the end. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096

static unsigned long writes, kill_at;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);

__attribute__((constructor)) static void start(void)
{
    const char *at = getenv("KILL_AT");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_pwritev = dlsym(RTLD_NEXT, "pwritev");
    kill_at = at ? strtoul(at, NULL, 10) : 0;
}

__attribute__((destructor)) static void end(void)
{
    const char *name = getenv("KILL_COUNT");
    FILE *f = name ? fopen(name, "w") : NULL;
    if (f) {
        fprintf(f, "%lu\n", writes);
        fclose(f);
    }
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
    writes++;
    if (writes != kill_at)
        return real_pwrite(fd, bytes, length, offset);
    size_t to_page = PAGE - (size_t)(offset % PAGE);
    if (length > to_page)
        real_pwrite(fd, bytes, to_page, offset);
    else if (writes % 2 == 0)
        real_pwrite(fd, bytes, length, offset);
    kill(getpid(), SIGKILL);
    return -1;
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    writes++;
    if (writes != kill_at)
        return real_pwritev(fd, parts, count, offset);
    if (writes % 2 == 0)
        real_pwritev(fd, parts, 1, offset); /* the journal's header without its bytes */
    kill(getpid(), SIGKILL);
    return -1;
}
