/* BROWSE fn ft [fm]: a file on the whole screen of a 3270: PF keys scroll, a command line finds.
 * The screen is written anew for each key: title, records, command line, keys. */
#include "cms/kit/cms.h"
#include "lib/datastream.h"

#define MODULE       "BRW"
#define COMMAND_SIZE 60
#define KEY_BYTES    512 /* of what a key brings */
#define LINE_ORDERS  20  /* bytes around a line's text */

struct browse {
    struct fscb file;
    struct cms_fileinfo info;
    struct ds_size size;
    struct ds_stream to;
    char *record;
    size_t record_size;
    uint32_t top, left; /* first record on the screen, first column: from 0 */
    char found[COMMAND_SIZE + 1];
    char typed[COMMAND_SIZE + 1]; /* and not entered, when CP took the screen */
    char message[COMMAND_SIZE + 20];
    bool done;
    int rc;
};

static uint32_t body_rows(const struct browse *b)
{
    return b->size.rows - 3u;
}

/* A field that nobody types in; colours where the terminal has them. */
static void put_field(struct browse *b, unsigned row, uint8_t attribute, uint8_t colour)
{
    unsigned at = row * b->size.columns;
    if (b->size.flags & DS_COLOUR)
        ds_put_coloured(&b->to, at, attribute, colour, 0);
    else
        ds_put_field(&b->to, at, attribute);
}

static void put_title(struct browse *b)
{
    char text[133], name[21];
    uint32_t records = b->info.records;
    size_t length = fmt(text, sizeof(text), "%s  %c %u   Line %u of %u   Columns %u to %u",
                        cms_fileid_text(name, &b->info.id), b->info.recfm, (unsigned)b->info.lrecl,
                        (unsigned)(records ? b->top + 1 : 0), (unsigned)records,
                        (unsigned)b->left + 1, (unsigned)(b->left + b->size.columns - 1));
    put_field(b, 0, FIELD_SKIP | FIELD_HIGH, COLOUR_WHITE);
    ds_put_text(&b->to, text, length < b->size.columns ? length : b->size.columns - 1u);
}

/* One record, from column `left` on.  False after an error of the file. */
static bool put_record(struct browse *b, unsigned row, uint32_t number)
{
    uint32_t width = b->size.columns - 1u;
    put_field(b, row, FIELD_SKIP, COLOUR_GREEN);
    if (number == b->info.records) {
        ds_put_text(&b->to, "* * * End of file * * *", 23);
        return true;
    }
    if (number > b->info.records)
        return true;
    int rc = cms_file_read_at(&b->file, number + 1, b->record, b->record_size);
    if (rc) {
        b->rc = cms_file_error(MODULE, &b->file, rc, false);
        return false;
    }
    if (b->file.nord > b->left) {
        uint32_t length = b->file.nord - b->left;
        ds_put_text(&b->to, b->record + b->left, length < width ? length : width);
    }
    return true;
}

static void put_command_line(struct browse *b)
{
    unsigned row = b->size.rows - 2u, at = row * b->size.columns;
    put_field(b, row, FIELD_SKIP, COLOUR_TURQUOISE);
    ds_put_text(&b->to, "====>", 5);
    ds_put_field(&b->to, at + 6, FIELD_HIGH | FIELD_MODIFIED); /* always sent */
    ds_put_text(&b->to, b->typed, strlen(b->typed));
    ds_put_nulls(&b->to, at + 7 + COMMAND_SIZE);
    ds_put_cursor(&b->to, at + 7 + (unsigned)strlen(b->typed));
    put_field(b, row + 1, FIELD_SKIP, b->message[0] ? COLOUR_RED : COLOUR_BLUE);
    static const char keys[] = "PF3 Quit  5 Top  6 Bottom  7 Back  8 Forward  9 Find next  "
                               "10 Left  11 Right";
    const char *text = b->message[0] ? b->message : keys;
    ds_put_text(&b->to, text, strlen(text));
    ds_put_field(&b->to, at + 7 + COMMAND_SIZE, FIELD_SKIP);
}

/* Writes the whole screen; again if CP had it meanwhile. */
static bool show(struct browse *b)
{
    b->to.used = 0;
    ds_put_wcc(&b->to, WCC_RESTORE);
    put_title(b);
    for (uint32_t i = 0; i < body_rows(b); i++)
        if (!put_record(b, i + 1, b->top + i))
            return false;
    put_command_line(b);
    unsigned control = ds_is_alternate(&b->size) ? SCREEN_ALTERNATE : SCREEN_ERASE;
    b->rc = cms_screen_write(b->to.bytes, b->to.used, control);
    return b->rc == RC_OK;
}

/* --- moving --- */

static void go_to(struct browse *b, uint32_t record)
{
    b->top = record < b->info.records ? record : b->info.records ? b->info.records - 1 : 0;
}

static void forward(struct browse *b, uint32_t n)
{
    go_to(b, b->top + n);
}

static void back(struct browse *b, uint32_t n)
{
    go_to(b, b->top > n ? b->top - n : 0);
}

static bool has_text(const struct browse *b, uint32_t length, const char *text, size_t size)
{
    for (uint32_t at = 0; at + size <= length; at++) {
        size_t i = 0;
        while (i < size && str_upper(b->record[at + i]) == str_upper(text[i]))
            i++;
        if (i == size)
            return true;
    }
    return false;
}

/* The next record behind the first one of the screen that has b->found. */
static void find(struct browse *b)
{
    size_t size = strlen(b->found);
    if (!size) {
        fmt(b->message, sizeof(b->message), "Nothing to find: type /text");
        return;
    }
    for (uint32_t n = b->top + 1; n < b->info.records; n++) {
        int rc = cms_file_read_at(&b->file, n + 1, b->record, b->record_size);
        if (rc && rc != FILE_CUT)
            break;
        if (has_text(b, b->file.nord, b->found, size)) {
            b->top = n;
            return;
        }
    }
    fmt(b->message, sizeof(b->message), "Not found: %s", b->found);
}

/* --- keys --- */

static void command(struct browse *b, const char *text)
{
    uint32_t n;
    if (text[0] == '/') {
        str_copy(b->found, text + 1, sizeof(b->found));
        size_t length = strlen(b->found);
        if (length && b->found[length - 1] == '/')
            b->found[length - 1] = 0;
        find(b);
    } else if (text[0] == '+' && str_decimal(text + 1, &n)) {
        forward(b, n);
    } else if (text[0] == '-' && str_decimal(text + 1, &n)) {
        back(b, n);
    } else if (str_decimal(text, &n)) {
        go_to(b, n ? n - 1 : 0);
    } else if (str_abbrev(text, "TOP", 1)) {
        go_to(b, 0);
    } else if (str_abbrev(text, "BOTTOM", 1)) {
        go_to(b, b->info.records);
    } else if (str_abbrev(text, "QUIT", 1)) {
        b->done = true;
    } else {
        fmt(b->message, sizeof(b->message), "Unknown: %s  (n, +n, -n, /text, TOP, BOTTOM, QUIT)",
            text);
    }
}

static void take_text(char to[COMMAND_SIZE + 1], const struct ds_key *key)
{
    size_t length = key->length < COMMAND_SIZE ? key->length : COMMAND_SIZE;
    while (length && key->text[length - 1] == ' ')
        length--;
    memcpy(to, key->text, length);
    to[length] = 0;
}

static void enter(struct browse *b, const struct ds_key *key)
{
    char text[COMMAND_SIZE + 1];
    take_text(text, key);
    if (text[0])
        command(b, text);
}

static void pf_key(struct browse *b, unsigned number)
{
    uint32_t shift = b->size.columns / 2u;
    switch (number > 12 ? number - 12 : number) {
    case 3:
        b->done = true;
        break;
    case 5:
        go_to(b, 0);
        break;
    case 6:
        go_to(b, b->info.records);
        break;
    case 7:
        back(b, body_rows(b) - 1);
        break;
    case 8:
        forward(b, body_rows(b) - 1);
        break;
    case 9:
        find(b);
        break;
    case 10:
        b->left = b->left > shift ? b->left - shift : 0;
        break;
    case 11:
        if (b->left + shift < b->info.lrecl)
            b->left += shift;
        break;
    default:
        fmt(b->message, sizeof(b->message), "PF%u is not used here", number);
        break;
    }
}

/* Waits for a key and does what it says.  CP having had the screen is no error: it is written
 * anew. */
static void read_key(struct browse *b)
{
    uint8_t record[KEY_BYTES];
    struct ds_key key;
    size_t length;
    b->message[0] = b->typed[0] = 0;
    b->rc = cms_screen_read(record, sizeof(record), SCREEN_MODIFIED, &length);
    if (b->rc == RC_WARNING)
        b->rc = RC_OK;
    if (b->rc || !ds_parse_key(record, length, &key))
        return;
    unsigned number = ds_pf_key(key.aid);
    if (number)
        pf_key(b, number);
    else if (key.aid == AID_ENTER)
        enter(b, &key);
    else if (key.aid == AID_NONE) /* CP wants the screen for a message */
        take_text(b->typed, &key);
}

static int no_display(void)
{
    return cms_error(RC_FAILED, "DMS" MODULE "590E BROWSE NEEDS A 3270 DISPLAY; TRY TYPE");
}

static int browse(struct browse *b)
{
    size_t size = ds_cells(&b->size) + b->size.rows * (size_t)LINE_ORDERS + KEY_BYTES;
    b->record_size = b->info.lrecl ? b->info.lrecl : 1;
    b->record = cms_alloc(b->record_size);
    b->to = (struct ds_stream){cms_alloc(size), 0, size, ds_cells(&b->size)};
    if (!b->record || !b->to.bytes)
        return cms_error(RC_NO_STORAGE, "DMS" MODULE "109S VIRTUAL STORAGE CAPACITY EXCEEDED");
    cms_file(&b->file, &b->info.id);
    while (!b->done && !b->rc) {
        if (!show(b) && b->rc != RC_WARNING)
            break;
        read_key(b);
    }
    cms_file_close(&b->file);
    return b->rc == RC_FAILED ? no_display() : b->rc;
}

int command_main(const struct cms_call *call)
{
    static struct browse b;
    struct cms_fileid id;
    int rc = cms_only_fileid(&id, call, MODULE, 1, "*");
    if (rc)
        return rc;
    rc = cms_state(&id, &b.info);
    if (rc)
        return cms_state_error(MODULE, rc, &id);
    if (cms_screen_size(&b.size))
        return no_display();
    return browse(&b);
}
