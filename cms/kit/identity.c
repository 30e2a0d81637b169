/* Who the user is and what his system is called in the network. */
#include "cms/kit/kit.h"

/* The words of CP's answer to a command, in upper case. */
static size_t ask(const char *command, char *answer, size_t size)
{
    size_t length = 0;

    if (cms_cp(command, strlen(command), answer, size - 1, &length))
        length = 0;
    if (length > size - 1)
        length = size - 1;
    for (size_t i = 0; i < length; i++)
        if (answer[i] == 0x15 || answer[i] == ',')
            answer[i] = ' ';
    answer[length] = 0;
    return length;
}

/* Records of SYSTEM NETID: CPU serial number or "*", node, machine of RSCS. */
static bool read_netid(const char *serial, struct cms_identity *id)
{
    struct cms_fileid file;
    struct cms_fileinfo info;
    struct fscb f;
    char line[CMS_LINE_MAX + 1], word[9];
    bool found = false;

    cms_fileid(&file, "SYSTEM", "NETID", "*");
    if (cms_state(&file, &info))
        return false;
    cms_file(&f, &info.id);
    while (!found && cms_file_read(&f, line, CMS_LINE_MAX) == 0) {
        const char *at = line;
        line[f.nord] = 0;
        str_upcase(line, f.nord);
        found = str_word(&at, word, sizeof(word)) &&
                (!strcmp(word, "*") || !strcmp(word, serial)) &&
                str_word(&at, id->node, sizeof(id->node));
        if (found)
            str_word(&at, id->rscs, sizeof(id->rscs));
    }
    cms_file_close(&f);
    return found;
}

void cms_identify(struct cms_identity *id)
{
    char answer[256], serial[9] = "", word[32];
    const char *at = answer;

    memset(id, 0, sizeof(*id));
    str_copy(id->userid, "CMS", sizeof(id->userid));
    str_copy(id->node, "DATBOX", sizeof(id->node));
    str_copy(id->rscs, "RSCS", sizeof(id->rscs));
    str_copy(id->zone, "UTC", sizeof(id->zone));
    if (ask("QUERY CPUID", answer, sizeof(answer)) && (at = strchr(answer, '=')) != NULL)
        /* Version in two digits, serial number in six. */
        str_copy(serial, at + 4, 7);
    read_netid(serial, id);
    if (!ask("QUERY USERID", answer, sizeof(answer)))
        return;
    at = answer;
    str_word(&at, id->userid, sizeof(id->userid));
    if (str_word(&at, word, sizeof(word)) && !strcmp(word, "AT"))
        str_word(&at, id->node, sizeof(id->node));
    /* TIME IS hh:mm:ss zone weekday date */
    ask("QUERY TIME", answer, sizeof(answer));
    at = answer;
    for (int i = 0; i < 3; i++)
        str_word(&at, word, sizeof(word));
    if (str_word(&at, word, sizeof(word)) && strlen(word) < 5)
        str_copy(id->zone, word, sizeof(id->zone));
}
