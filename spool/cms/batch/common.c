/* What the monitor and the batch machines both do: CP commands, and the files in their readers. */
#include "spool/cms/batch/batch.h"

#include "lib/ebcdic.h"

int batch_cp(const char *format, ...)
{
    char line[CMS_LINE_MAX + 1], answer[256];
    size_t n, length;
    va_list args;
    va_start(args, format);
    n = vfmt(line, sizeof line, format, args);
    va_end(args);
    return cms_cp(line, n, answer, sizeof answer, &length);
}

bool batch_next_file(struct spool_entry *e)
{
    return cms_spool_file((uint32_t)e, BATCH_READER, SPOOL_NEXT_DESCRIPTION) == 0;
}

char batch_file_class(const struct spool_entry *e)
{
    char class[2];
    ebcdic_get_field(class, &e->class, 1);
    return class[0];
}

void batch_home(const struct spool_entry *e, char node[9], char user[9])
{
    char origin[9], tag[SPOOL_TAG + 1];
    const char *at = tag;
    node[0] = user[0] = 0;
    ebcdic_get_field(origin, e->origin, sizeof e->origin);
    ebcdic_get_field(tag, e->tag, sizeof e->tag);
    /* Until RSCS has changed it, just after it gave the file here, the TAG is that of the journey.
     */
    const char *journey = strchr(tag, '<');
    if (journey)
        at = journey + 1;
    if (!strcmp(origin, RSCS) && str_word(&at, node, 9))
        str_word(&at, user, 9);
}
