/* PLISTS [WILD]: calls CMS as an assembler program does, by SVC 202 with parameter lists that it
 * builds itself, and says what came back.  PLISTS WILD stores into the nucleus: a protection
 * exception.  The lists are described in docs/inside-cms.md. */
#include "cms/kit/cms.h"

/* A word of a parameter list: a byte and an address (or a length), as AL1, AL3. */
static uint32_t word(uint8_t byte, const void *address)
{
    return (uint32_t)byte << 24 | (uint32_t)address;
}

static int failures;

static void check(const char *what, bool good)
{
    cms_printf("%-8s %s", what, good ? "OK" : "FAILED");
    failures += !good;
}

/* One entry of the list: the function's name, then words. */
struct plist {
    char name[8];
    uint32_t words[8];
};

static int call(struct plist *p, const char *name)
{
    str_pad(p->name, name, 8);
    return cms_svc202(p);
}

static void terminal(void)
{
    static const char text[] = "TYPED BY TYPLIN     ";
    static const char stacked[] = "abc def";
    char line[130];
    struct plist p = {.words = {word(1, text), word('B', (void *)(sizeof(text) - 1))}};

    check("TYPLIN", call(&p, "TYPLIN") == 0);
    memcpy(p.words, "LIFO", 4);
    p.words[1] = word(sizeof(stacked) - 1, stacked);
    check("ATTN", call(&p, "ATTN") == 0);
    p.words[0] = word(1, line);
    p.words[1] = word('U', NULL);
    bool good = call(&p, "WAITRD") == 0;
    good = good && (p.words[1] & 0xffffff) == 7 && !memcmp(line, "ABC DEF   ", 10);
    check("WAITRD", good);
}

static void files(void)
{
    static char record[80];
    struct fscb f;
    struct cms_fileid id;

    cms_fileid(&id, "PLISTS", "TEST", "A1");
    cms_file(&f, &id);
    f.flag = 0; /* the halfwords count */
    memset(record, ' ', sizeof(record));
    memcpy(record, "FIRST", 5);
    f.buffer = record;
    f.size = sizeof(record);
    f.recfm = 'F';
    f.noit = 1;
    memcpy(f.command, "WRBUF   ", 8);
    bool good = cms_svc202(&f) == 0;
    memcpy(record, "OTHER", 5);
    check("WRBUF", good && cms_svc202(&f) == 0);
    memcpy(f.command, "FINIS   ", 8);
    check("FINIS", cms_svc202(&f) == 0 && cms_svc202(&f) == 6);
    memcpy(f.command, "STATE   ", 8);
    good = cms_svc202(&f) == 0;
    /* The address of the file's entry comes back at 28; its name is the file's. */
    check("STATE", good && !memcmp(f.buffer, "PLISTS  TEST    ", 16));
    f.buffer = record;
    f.itno = 1;
    memcpy(f.command, "RDBUF   ", 8);
    check("RDBUF", cms_svc202(&f) == 0 && f.nord == 80 && !memcmp(record, "FIRST ", 6));
    f.itno = 0;
    good = cms_svc202(&f) == 0 && !memcmp(record, "OTHER ", 6);
    check("END", good && cms_svc202(&f) == FILE_END);
    memcpy(f.command, "ERASE   ", 8);
    check("ERASE", cms_svc202(&f) == 0 && cms_svc202(&f) == RC_NOT_FOUND);
}

/* With an error address behind the SVC, control goes there when R15 is not zero. */
static bool error_address_taken(const void *plist)
{
    int taken;

    __asm__ volatile("lr %%r10,%%r15\n\t"
                     "lr %%r1,%1\n\t"
                     "svc 202\n\t"
                     ".long 1\n\t"
                     "ltr %%r15,%%r15\n\t"
                     "lhi %0,0\n\t"
                     "jz 0f\n\t"
                     "lhi %0,1\n"
                     "0: lr %%r15,%%r10"
                     : "=&d"(taken)
                     : "a"(plist)
                     : "0", "1", "10", "cc", "memory");
    return taken != 0;
}

int command_main(const struct cms_call *call_of_us)
{
    static const char unknown[2][8] = {
        {'N', 'O', 'S', 'U', 'C', 'H', ' ', ' '},
        {'\xff', '\xff', '\xff', '\xff', '\xff', '\xff', '\xff', '\xff'},
    };

    if (cms_token_is(call_of_us, 1, "WILD"))
        *(volatile uint32_t *)0x10000 = 0;
    terminal();
    files();
    check("UNKNOWN", cms_svc202(unknown) == RC_UNKNOWN && error_address_taken(unknown));
    return failures;
}
