/* datbox panel: starts the front panel, a program beside this one (consoles/panel/). */
#include "tools/tools.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int panel_main(int argc, char **argv)
{
    char path[PATH_MAX + 8];
    ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
    if (n > 0) {
        snprintf(path + n, sizeof path - (size_t)n, "-panel");
        execv(path, argv);
    }
    fprintf(stderr,
            "datbox panel: %s: %s (it is built with the packages libsdl2-dev, "
            "libsdl2-ttf-dev, libsdl2-image-dev)\n",
            n > 0 ? path : "the panel", strerror(errno));
    return STATUS_FAILED;
}
