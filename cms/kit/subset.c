/* CMS SUBSET: commands while a program waits in the user area. */
#include "cms/kit/kit.h"

static void set_subset(bool on)
{
    struct cms_switches s;

    cms_get_switches(&s);
    s.in_subset = on;
    cms_set_switches(&s);
}

void cms_subset(void)
{
    char line[CMS_LINE_MAX + 1], word[9];

    cms_printf("CMS SUBSET");
    set_subset(true);
    for (;;) {
        const char *p = line;
        int n = cms_read(line, sizeof(line) - 1, 0);
        if (n < 0)
            break;
        line[n] = 0;
        if (str_word(&p, word, sizeof(word)) && str_equal(word, "RETURN"))
            break;
        int rc = n ? cms_command(line, (size_t)n, COMMAND_IMPLIED) : 0;
        if (rc)
            cms_printf("R(%05d);", rc);
        else
            cms_printf("R;");
    }
    set_subset(false);
}
