/* Nucleus functions, by name through SVC 202.  Those marked are called by programs only:
 * typed, the same name is a MODULE that checks operands and types messages. Their parameter
 * lists are in docs/inside-cms.md. */
#include "cms/load/load.h"
#include "cms/nucleus/nucleus.h"

#define PLIST_ADDRESS(call, at) load_be24((call)->plist + (at) + 1)
#define PLIST_WORD(call, at)    load_be32((call)->plist + (at))

/* 8: A(buffer), 12: 'B', 13: length. */
static int typlin(const struct call *c)
{
    const char *text = (const char *)PLIST_ADDRESS(c, 8);
    uint32_t length = PLIST_ADDRESS(c, 12);

    while (length && text[length - 1] == ' ')
        length--;
    console_write(text, length, 0);
    return RC_OK;
}

/* 8: A(130 bytes), 12: 'U' upper case and padded, 'S' padded, 'T' upper case, 'X' neither;
 * 13: out length. */
static int waitrd(const struct call *c)
{
    char line[CMS_LINE_MAX];
    char *to = (char *)PLIST_ADDRESS(c, 8);
    char code = (char)c->plist[12];

    if (!storage_is_program((uint32_t)to, 130))
        return 2;
    int length = console_read(line, code == 'U' || code == 'T' ? READ_UPPER : 0);
    if (length > 130)
        length = 130;
    if (code == 'U' || code == 'S')
        memset(to, ' ', 130);
    memcpy(to, line, (size_t)length);
    store_be24(c->plist + 13, (uint32_t)length);
    return RC_OK;
}

/* 8: CL4'LIFO' or 'FIFO', 12: length, 13: A(line). */
static int attn(const struct call *c)
{
    const char *line = (const char *)PLIST_ADDRESS(c, 12);
    bool lifo = !memcmp(c->plist + 8, "LIFO", 4);

    return stack_add(line, c->plist[12], lifo) ? RC_OK : RC_NO_STORAGE;
}

static int desbuf(const struct call *c)
{
    stack_clear();
    queue_clear(&nuc.typed);
    return RC_OK;
}

/* The return code is the new buffer's number. */
static int makebuf(const struct call *c)
{
    uint32_t buffer = stack_make();

    return buffer ? (int)buffer
                  : console_error(RC_NO_STORAGE, "DMSBUF109S NO MORE THAN %d BUFFERS: USE DROPBUF",
                                  STACK_BUFFERS - 1);
}

/* DROPBUF [n]: it and those made after it; 1 n is no number, 2 there is no such buffer. */
static int dropbuf(const struct call *c)
{
    char word[9];
    uint32_t buffer = nuc.stack_top;

    str_unpad(word, (const char *)c->plist + 8, 8);
    if (c->plist[8] != 0xff && !str_decimal(word, &buffer))
        return 1;
    return stack_drop(buffer) ? RC_OK : 2;
}

/* The return code is the number of lines in the program stack. */
static int sentries(const struct call *c)
{
    return (int)stack_lines();
}

static int nucext(const struct call *c)
{
    return resident_request(RESIDENT_EXTENSION, c);
}

static int subcom(const struct call *c)
{
    return resident_request(RESIDENT_SUBCOMMAND, c);
}

static int hndext(const struct call *c)
{
    return handler_request(HANDLER_EXTERNAL, c);
}

static int hndint(const struct call *c)
{
    return handler_request(HANDLER_IO, c);
}

static int hndsvc(const struct call *c)
{
    return handler_request(HANDLER_SVC, c);
}

/* What was loaded stays, and nothing behind it: the loader's table is given up. */
static int strinit(const struct call *c)
{
    nuc.user_end = nuc.sw.module_end;
    nuc.sw.loader_table = 0;
    return RC_OK;
}

/* 8: A(buffer), 12: F'length', out the length read. */
static int cardrd(const struct call *c)
{
    uint32_t length = PLIST_WORD(c, 12), read;
    uint32_t to = PLIST_ADDRESS(c, 8);

    if (!storage_is_program(to, length))
        return 2;
    int rc = card_read((char *)to, length, &read);
    store_be32(c->plist + 12, read);
    return rc;
}

static int cardph(const struct call *c)
{
    return card_punch((const char *)PLIST_ADDRESS(c, 8), PLIST_WORD(c, 12));
}

/* 8: A(line with ASA carriage control), 12: F'length'.  The control comes before the line. */
static int printr(const struct call *c)
{
    const char *line = (const char *)PLIST_ADDRESS(c, 8);
    uint32_t length = PLIST_WORD(c, 12);
    static const struct {
        char asa;
        uint8_t immediate;
    } controls[] = {{' ', 0x0b}, {'0', 0x13}, {'-', 0x1b}, {'1', 0x8b}, {'+', 0}};

    if (!length)
        return RC_OK;
    for (unsigned i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
        if (controls[i].asa != line[0] || !controls[i].immediate)
            continue;
        int rc = printer_line(" ", 1, controls[i].immediate);
        if (rc)
            return rc;
    }
    return printer_line(line + 1, length - 1, 0x01);
}

static struct fscb *fscb(const struct call *c)
{
    return (struct fscb *)c->plist;
}

static bool buffer_is_good(const struct fscb *f)
{
    return storage_is_program((uint32_t)f->buffer, f->size);
}

static int rdbuf(const struct call *c)
{
    return buffer_is_good(fscb(c)) ? file_read(fscb(c)) : 2;
}

static int wrbuf(const struct call *c)
{
    const struct fscb *f = fscb(c);
    uint32_t end = (uint32_t)f->buffer + f->size;

    return end <= nuc.storage_size && end >= f->size ? file_write(fscb(c)) : 2;
}

static int finis(const struct call *c)
{
    return file_finis(fscb(c));
}

static int point(const struct call *c)
{
    return file_point(fscb(c));
}

static void id_of(struct cms_fileid *id, const struct call *c)
{
    memcpy(id, c->plist + 8, sizeof(*id));
}

static int erase(const struct call *c)
{
    struct cms_fileid id;

    id_of(&id, c);
    return file_erase(&id);
}

/* 8: file id; out 28: A(copy of the entry). */
static int state(const struct call *c)
{
    struct cms_fst *copy = &nuc.state_copy;
    struct cms_fileid id;
    struct cms_fileinfo info;

    id_of(&id, c);
    int rc = file_find(&id, &info);
    if (rc)
        return rc;
    memset(copy, 0, sizeof(*copy));
    memcpy(copy->fn, &info.id, 16);
    memcpy(copy->date, info.date + 1, 4);
    memcpy(copy->fm, info.id.fm, 2);
    put16(&copy->write_pointer, info.records + 1);
    put16(&copy->read_pointer, 1);
    put16(&copy->items, info.records);
    put16(&copy->blocks, info.blocks);
    put32(&copy->lrecl, info.lrecl);
    copy->recfm = info.recfm;
    copy->flags = info.read_only ? 0x80 : 0;
    copy->year[0] = (char)('0' + (info.date[0] >> 4));
    copy->year[1] = (char)('0' + (info.date[0] & 15));
    store_be32(c->plist + 28, (uint32_t)copy);
    return RC_OK;
}

/* The arguments of the caller's line; of the tokens if there is no line. */
static uint32_t arguments(const struct call *c, char *to)
{
    uint32_t length = 0;

    if ((c->kind == CALL_CONSOLE || c->kind == CALL_EXTENDED) && c->r0) {
        const struct extended_plist *e = (const struct extended_plist *)(c->r0 & 0x00ffffff);
        length = e->end > e->begin ? e->end - e->begin : 0;
        if (length > CMS_LINE_MAX)
            length = CMS_LINE_MAX;
        memcpy(to, (const char *)e->begin, length);
        return length;
    }
    for (const uint8_t *t = c->plist + 8; t[0] != 0xff && length < CMS_LINE_MAX - 9; t += 8) {
        for (int i = 0; i < 8 && t[i] != (uint8_t)' '; i++)
            to[length++] = (char)t[i];
        to[length++] = ' ';
    }
    return length;
}

static int cp(const struct call *c)
{
    char line[CMS_LINE_MAX];
    uint32_t ignored, length = arguments(c, line);

    int rc = cp_command(line, length, NULL, 0, &ignored);
    if (rc == RC_UNKNOWN_CP)
        console_print("Unknown CP command");
    return rc;
}

/* START [entry [args]]: '*' or nothing is the entry of what LOADMOD or LOAD loaded; else a name
 * that LOAD knows, or an address. */
static int start(const struct call *c)
{
    uint32_t entry = nuc.sw.module_entry;
    char word[9];

    if (c->plist[8] != 0xff && c->plist[8] != (uint8_t)'*') {
        const struct load_table *table = (const struct load_table *)nuc.sw.loader_table;
        const struct load_symbol *s =
            load_table_is_good(table) ? load_find(table, c->plist + 8) : NULL;
        str_unpad(word, (const char *)c->plist + 8, 8);
        if (s && load_is_defined(s))
            entry = s->address;
        else if (!str_hex(word, &entry) || (entry & 1))
            return console_error(40, "DMSLIO021E ENTRY POINT '%s' NOT FOUND", word);
    }
    bool transient = entry >= TRANSIENT_AREA && entry < TRANSIENT_END;
    if (!entry || (!transient && !storage_is_program(entry, 2)))
        return console_error(40, "DMSLIO021E NO ENTRY POINT: NOTHING IS LOADED");
    console_print("Execution begins...");
    /* The program's arguments are the tokens behind the entry's. */
    uint8_t *plist = c->plist + (c->plist[8] == 0xff ? 0 : 8);
    return enter_program(entry, "START   ", 0, (uint32_t)plist);
}

enum { ANY_CALL, PROGRAMS_ONLY };

static const struct {
    char name[9];
    uint8_t callers;
    nucleus_function *function;
} functions[] = {
    {"ATTN", PROGRAMS_ONLY, attn},
    {"CARDPH", PROGRAMS_ONLY, cardph},
    {"CARDRD", PROGRAMS_ONLY, cardrd},
    {"CONREAD", PROGRAMS_ONLY, waitrd},
    {"CP", ANY_CALL, cp},
    {"DESBUF", ANY_CALL, desbuf},
    {"DROPBUF", ANY_CALL, dropbuf},
    {"ERASE", PROGRAMS_ONLY, erase},
    {"FINIS", ANY_CALL, finis},
    {"HNDINT", PROGRAMS_ONLY, hndint},
    {"HNDSVC", PROGRAMS_ONLY, hndsvc},
    {"MAKEBUF", ANY_CALL, makebuf},
    {"NUCEXT", ANY_CALL, nucext},
    {"POINT", PROGRAMS_ONLY, point},
    {"PRINTR", PROGRAMS_ONLY, printr},
    {"RDBUF", PROGRAMS_ONLY, rdbuf},
    {"SENTRIES", ANY_CALL, sentries},
    {"START", ANY_CALL, start},
    {"STATE", PROGRAMS_ONLY, state},
    {"STRINIT", PROGRAMS_ONLY, strinit},
    {"SUBCOM", ANY_CALL, subcom},
    {"TRAP", PROGRAMS_ONLY, hndext},
    {"TYPLIN", PROGRAMS_ONLY, typlin},
    {"WAIT", PROGRAMS_ONLY, handler_wait},
    {"WAITRD", PROGRAMS_ONLY, waitrd},
    {"WRBUF", PROGRAMS_ONLY, wrbuf},
};

nucleus_function *function_find(const char name[8], uint8_t kind)
{
    for (unsigned i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (functions[i].name[0] == name[0] && str_field_equal(name, functions[i].name, 8) &&
            (functions[i].callers == ANY_CALL || kind == CALL_PROGRAM || kind == CALL_NO_EXTENSION))
            return functions[i].function;
    return NULL;
}
