/* Preparing the data directory.  A volume is copied under another name and renamed when it
 * is whole, so a copy that was cut short is never taken for a volume. */
#include "tools/datadir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

void datadir_built_volumes(char *path, size_t size)
{
    char program[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    program[n > 0 ? n : 0] = 0;
    char *slash = strrchr(program, '/');
    if (slash)
        *slash = 0;
    snprintf(path, size, "%s/volumes", program);
}

static bool cannot_use(const char *directory, const char *why)
{
    fprintf(stderr,
            "datbox: the data directory %s can't be used: %s\n"
            "datbox: name one that can be written with --data DIR or DATBOX_DATA\n",
            directory, why);
    return false;
}

bool datadir_open(const char *directory)
{
    char path[PATH_MAX];
    if (mkdir(directory, 0755) && errno != EEXIST)
        return cannot_use(directory, strerror(errno));
    snprintf(path, sizeof path, "%s/lock", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return cannot_use(directory, strerror(errno));
    if (!flock(fd, LOCK_EX | LOCK_NB))
        return true; /* held until the process ends */
    close(fd);
    return cannot_use(directory, "another datbox is running on it");
}

static bool write_at(int fd, const char *block, size_t n, off_t at)
{
    while (n > 0) {
        ssize_t written = pwrite(fd, block, n, at);
        if (written <= 0)
            return false;
        block += written;
        at += written;
        n -= (size_t)written;
    }
    return true;
}

/* Copies blocks that are not all zero, so that the copy is as sparse as may be. */
static bool copy_blocks(int from, int to)
{
    static const char zeros[65536];
    static char block[sizeof zeros];
    off_t at = 0;
    ssize_t n;
    while ((n = read(from, block, sizeof block)) > 0) {
        if (memcmp(block, zeros, (size_t)n) != 0 && !write_at(to, block, (size_t)n, at))
            return false;
        at += n;
    }
    return n == 0 && !ftruncate(to, at) && !fsync(to);
}

static bool copy_volume(const char *source, const char *directory, const char *name)
{
    char partial[PATH_MAX], path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    snprintf(partial, sizeof partial, "%s/%s.partial", directory, name);
    int from = open(source, O_RDONLY | O_CLOEXEC);
    int to = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool ok = from >= 0 && to >= 0 && copy_blocks(from, to);
    int error = errno;
    if (from >= 0)
        close(from);
    if (to >= 0 && close(to))
        ok = false;
    if (ok && !rename(partial, path))
        return true;
    fprintf(stderr, "datbox: copying %s to %s failed: %s\n", source, path,
            strerror(ok ? errno : error));
    unlink(partial);
    return false;
}

bool datadir_fill(const char *directory, const char *name)
{
    char built[PATH_MAX], source[2 * PATH_MAX], path[PATH_MAX];
    struct stat there, made;
    datadir_built_volumes(built, sizeof built);
    snprintf(source, sizeof source, "%s/%s", built, name);
    snprintf(path, sizeof path, "%s/%s", directory, name);
    bool is_made = !stat(source, &made);
    if (!stat(path, &there)) {
        if (is_made && made.st_mtime > there.st_mtime)
            fprintf(stderr,
                    "datbox: note: %s is newer than %s, which stays in use (to begin anew, move "
                    "that away)\n",
                    source, path);
        return true;
    }
    if (!is_made) {
        fprintf(stderr,
                "datbox: the volume %s is missing, and there is none at %s to copy (`make "
                "volumes` makes them)\n",
                path, source);
        return false;
    }
    fprintf(stderr, "datbox: making %s\n", path);
    return copy_volume(source, directory, name);
}
