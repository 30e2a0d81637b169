/* The kit's services: terminal, commands, storage, disks, devices.  Each is an SVC with its
 * parameters in an array of words. */
#include "cms/kit/kit.h"

#include "lib/datastream.h"

#define ADDRESS(pointer) ((uint32_t)(pointer))

_Static_assert(SERVICE_DEBUG < SERVICE_MOST, "start.S has an SVC for each");

#define TOKENS_MOST 256 /* of a list without a fence */

int kit_main(uint32_t r0, uint32_t r1)
{
    struct cms_call call = {0};
    const struct extended_plist *extended = (const struct extended_plist *)(r0 & 0x00ffffff);

    call.kind = (enum call_kind)(r1 >> 24);
    call.token = (const char(*)[8])(r1 & 0x00ffffff);
    while (call.tokens < TOKENS_MOST && (uint8_t)call.token[call.tokens][0] != 0xff)
        call.tokens++;
    if ((call.kind == CALL_CONSOLE || call.kind == CALL_EXTENDED) && extended) {
        call.line = (const char *)extended->begin;
        call.length = extended->end > extended->begin ? extended->end - extended->begin : 0;
    }
    return command_main(&call);
}

void cms_exit(int code)
{
    kit_exit(code);
}

bool cms_token_is(const struct cms_call *call, int n, const char *word)
{
    return n < call->tokens && str_field_equal(call->token[n], word, 8);
}

int cms_options(const struct cms_call *call)
{
    for (int i = 1; i < call->tokens; i++)
        if (call->token[i][0] == '(' && call->token[i][1] == ' ')
            return i + 1;
    return call->tokens;
}

size_t cms_arguments(const struct cms_call *call, int n, char *to)
{
    size_t length = 0;

    if (call->line) {
        length = call->length < CMS_LINE_MAX ? call->length : CMS_LINE_MAX;
        memcpy(to, call->line, length);
    }
    for (int i = 1; !call->line && i < call->tokens && length < CMS_LINE_MAX - 9; i++) {
        char word[9];
        str_unpad(word, call->token[i], 8);
        length += fmt(to + length, CMS_LINE_MAX + 1 - length, i > 1 ? " %s" : "%s", word);
    }
    to[length] = 0;
    size_t at = 0;
    while (to[at] == ' ')
        at++;
    for (; n > 1; n--) {
        while (to[at] && to[at] != ' ')
            at++;
        while (to[at] == ' ')
            at++;
    }
    memmove(to, to + at, length - at + 1);
    return length - at;
}

/* ---- the screen ---- */

int cms_screen_size(struct ds_size *size)
{
    uint32_t p[5] = {0};
    int rc = cms_service(SERVICE_SCREEN_SIZE, p);

    if (rc)
        return rc;
    size->columns = (uint16_t)p[0];
    size->rows = (uint16_t)p[1];
    size->flags = (uint8_t)p[2];
    size->extended = size->flags & (DS_COLOUR | DS_HIGHLIGHT);
    return RC_OK;
}

int cms_screen_write(const void *stream, size_t length, unsigned control)
{
    uint32_t p[5] = {ADDRESS(stream), length, control};

    return cms_service(SERVICE_SCREEN_WRITE, p);
}

int cms_screen_read(void *buffer, size_t size, unsigned control, size_t *length)
{
    uint32_t p[5] = {ADDRESS(buffer), size, control};
    int rc = cms_service(SERVICE_SCREEN_READ, p);

    *length = rc ? 0 : p[1];
    return rc;
}

/* ---- the terminal ---- */

static void write_text(const char *text, size_t length, unsigned flags)
{
    uint32_t p[5] = {ADDRESS(text), length, flags};

    cms_service(SERVICE_WRITE, p);
}

void cms_write(const char *text, size_t length)
{
    write_text(text, length, 0);
}

void cms_prompt(const char *text, size_t length)
{
    write_text(text, length, WRITE_NO_RETURN);
}

void cms_printf(const char *format, ...)
{
    char line[CMS_LINE_MAX + 1];
    va_list args;

    va_start(args, format);
    size_t length = vfmt(line, sizeof(line), format, args);
    va_end(args);
    cms_write(line, length);
}

/* Fields that are padded show no blanks, as with LINEDIT's COMP=YES: one blank stands for several,
 * none before a closing quote. */
static size_t compress(char *line, size_t length)
{
    size_t n = 0;
    bool quoted = false;

    for (size_t i = 0; i < length; i++) {
        if (line[i] == ' ' && n && line[n - 1] == ' ')
            continue;
        if (line[i] == '\'') {
            if (quoted && line[n - 1] == ' ')
                n--;
            quoted = !quoted;
        }
        line[n++] = line[i];
    }
    return n;
}

int cms_error(int rc, const char *format, ...)
{
    char line[CMS_LINE_MAX + 1];
    va_list args;

    va_start(args, format);
    size_t length = vfmt(line, sizeof(line), format, args);
    uint32_t p[5] = {ADDRESS(line), compress(line, length)};
    va_end(args);
    cms_service(SERVICE_MESSAGE, p);
    return rc;
}

int cms_read(char *buffer, size_t size, unsigned flags)
{
    uint32_t p[5] = {ADDRESS(buffer), size, flags};

    return cms_service(SERVICE_READ, p) ? -1 : (int)p[1];
}

int cms_stack(const char *text, size_t length, unsigned flags)
{
    uint32_t p[5] = {ADDRESS(text), length, flags};

    return cms_service(SERVICE_STACK, p);
}

int cms_stacked(void)
{
    uint32_t p[5] = {0};

    cms_service(SERVICE_STACKED, p);
    return (int)p[0];
}

/* ---- commands ---- */

int cms_command(const char *line, size_t length, unsigned flags)
{
    uint32_t p[5] = {ADDRESS(line), length, flags};

    return cms_service(SERVICE_COMMAND, p);
}

int cms_svc202(const void *plist)
{
    return kit_svc202(plist, 0);
}

int cms_svc202_as(const void *plist, enum call_kind kind, const struct extended_plist *extended)
{
    return kit_svc202((const void *)(ADDRESS(plist) | (uint32_t)kind << 24), ADDRESS(extended));
}

int cms_cp(const char *line, size_t length, char *response, size_t size, size_t *length_out)
{
    uint32_t p[5] = {ADDRESS(line), length, ADDRESS(response), size};
    int rc = cms_service(SERVICE_CP, p);

    if (length_out)
        *length_out = p[3];
    return rc;
}

/* ---- storage ---- */

void *cms_alloc(size_t bytes)
{
    uint32_t p[5] = {bytes};

    return cms_service(SERVICE_GET, p) ? NULL : (void *)p[1];
}

void *cms_alloc_resident(size_t bytes)
{
    uint32_t p[5] = {bytes, 0, 1};

    return cms_service(SERVICE_GET, p) ? NULL : (void *)p[1];
}

void cms_free(void *at, size_t bytes)
{
    uint32_t p[5] = {bytes, ADDRESS(at)};

    cms_service(SERVICE_FREE, p);
}

/* ---- disks and devices ---- */

int cms_disk(char letter, struct cms_disk *disk)
{
    uint32_t p[5] = {(uint8_t)letter, ADDRESS(disk)};

    return cms_service(SERVICE_DISK, p);
}

int cms_access(unsigned address, char letter, char extends, unsigned flags,
               const struct cms_fileid *only, char *replaced)
{
    uint32_t p[5] = {address, (uint8_t)letter, (uint8_t)extends, flags, ADDRESS(only)};
    int rc = cms_service(SERVICE_ACCESS, p);

    if (replaced)
        *replaced = (char)p[4];
    return rc;
}

int cms_release(char letter)
{
    uint32_t p[5] = {(uint8_t)letter};

    return cms_service(SERVICE_RELEASE, p);
}

int cms_commit(char letter)
{
    uint32_t p[5] = {(uint8_t)letter};

    return cms_service(SERVICE_COMMIT, p);
}

int cms_io(struct cms_io *io)
{
    uint32_t p[5] = {ADDRESS(io)};

    return cms_service(SERVICE_IO, p);
}

int cms_device(unsigned address, struct cms_device *device)
{
    uint32_t p[5] = {address, ADDRESS(device)};

    return cms_service(SERVICE_DEVICE, p);
}

int cms_card_read(char *card, size_t size, size_t *length)
{
    uint32_t p[5] = {ADDRESS(card), size};
    int rc = cms_service(SERVICE_CARD, p);

    *length = p[1];
    return rc;
}

void cms_card_again(const char *card, size_t length)
{
    uint32_t p[5] = {ADDRESS(card), length, 1};

    cms_service(SERVICE_CARD, p);
}

int cms_card_punch(const char *card, size_t length)
{
    uint32_t p[5] = {ADDRESS(card), length};

    return cms_service(SERVICE_PUNCH, p);
}

int cms_print(const char *line, size_t length, uint8_t carriage)
{
    uint32_t p[5] = {ADDRESS(line), length, carriage};

    return cms_service(SERVICE_PRINT, p);
}

/* ---- switches and times ---- */

void cms_get_switches(struct cms_switches *s)
{
    uint32_t p[5] = {ADDRESS(s), 0};

    cms_service(SERVICE_SWITCHES, p);
}

void cms_set_switches(const struct cms_switches *s)
{
    uint32_t p[5] = {ADDRESS(s), 1};

    cms_service(SERVICE_SWITCHES, p);
}

const struct cms_switches *cms_view_switches(void)
{
    uint32_t p[5] = {0, 2};

    cms_service(SERVICE_SWITCHES, p);
    return (const struct cms_switches *)p[0];
}

void cms_clock(struct cms_clock *clock)
{
    uint32_t p[5] = {ADDRESS(clock)};

    cms_service(SERVICE_CLOCK, p);
}

/* ---- events ---- */

int cms_start_io(unsigned device, const void *ccws)
{
    uint32_t p[5] = {device, ADDRESS(ccws)};

    return cms_service(SERVICE_START_IO, p);
}

void cms_halt_io(unsigned device)
{
    uint32_t p[5] = {device};

    cms_service(SERVICE_HALT_IO, p);
}

void cms_event(struct cms_event *event)
{
    cms_event_within(0, event);
}

void cms_event_within(uint32_t seconds, struct cms_event *event)
{
    uint32_t p[5] = {seconds};

    cms_service(SERVICE_EVENT, p);
    event->kind = (enum event_kind)p[0];
    event->device = (uint16_t)p[1];
    event->unit_status = (uint8_t)(p[2] >> 8);
    event->channel_status = (uint8_t)p[2];
    event->residual = (uint16_t)p[3];
    event->last_ccw = p[4];
}
