/* The client's side of TN3270 and TN3270E; see tn_client.h.  Which options are agreed keeps
 * libtelnet (RFC 1143); what they mean together is worked out here. */
#include "consoles/term/tn_client.h"
#include "consoles/tn3270e.h"

#include "lib/be.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES_MOST 8

enum option_bit {
    OUR_EOR = 1,
    HIS_EOR = 2,
    OUR_BINARY = 4,
    HIS_BINARY = 8,
    OUR_TN3270E = 16,
    PLAIN_OPTIONS = 15
};

static const telnet_telopt_t options_3270[] = {
    {TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO},  {TELNET_TELOPT_EOR, TELNET_WILL, TELNET_DO},
    {TELNET_TELOPT_TTYPE, TELNET_WILL, TELNET_DONT}, {OPTION_TN3270E, TELNET_WILL, TELNET_DONT},
    {TELNET_TELOPT_ECHO, TELNET_WONT, TELNET_DO},    {-1, 0, 0},
};

static const telnet_telopt_t options_lines[] = {
    {TELNET_TELOPT_TTYPE, TELNET_WILL, TELNET_DONT},
    {TELNET_TELOPT_ECHO, TELNET_WONT, TELNET_DO},
    {-1, 0, 0},
};

static void set_mode(struct tn_client *tn, enum tn_mode mode)
{
    if (tn->mode == mode)
        return;
    tn->mode = mode;
    tn->length = 0;
    tn->owner->mode_changed(tn->context);
}

static void find_mode(struct tn_client *tn)
{
    if (tn->options & OUR_TN3270E)
        return; /* its own negotiation says when */
    bool records = tn->tells_type && (tn->options & PLAIN_OPTIONS) == PLAIN_OPTIONS;
    set_mode(tn, records ? TN_PLAIN : TN_LINE);
}

/* --- what goes out: all that one thing has caused in one piece --- */

static void collect(struct tn_client *tn, const char *bytes, size_t n)
{
    if (n > tn->out_size - tn->out_length) {
        size_t size = 2 * tn->out_size + n;
        char *out = realloc(tn->out, size);
        if (!out)
            return;
        tn->out = out;
        tn->out_size = size;
    }
    memcpy(tn->out + tn->out_length, bytes, n);
    tn->out_length += n;
}

static void send_collected(struct tn_client *tn)
{
    size_t n = tn->out_length;
    tn->out_length = 0;
    if (n)
        tn->owner->send(tn->context, tn->out, n);
}

/* --- TN3270E --- */

static void request_type(struct tn_client *tn)
{
    char text[2 * TN_NAME + 3];
    int n = snprintf(text, sizeof text, "%c%c%s", WORD_DEVICE_TYPE, WORD_REQUEST, tn->type);
    if (tn->wanted[0])
        n += snprintf(text + n, sizeof text - (size_t)n, "%c%s", WORD_CONNECT, tn->wanted);
    telnet_subnegotiation(tn->telnet, OPTION_TN3270E, text, (size_t)n);
}

static void send_functions(struct tn_client *tn, enum tn3270e_word word, unsigned functions)
{
    char list[2 + 32] = {WORD_FUNCTIONS, (char)word};
    size_t n = 2;
    for (unsigned f = 0; f < 32; f++)
        if (functions & 1u << f)
            list[n++] = (char)f;
    telnet_subnegotiation(tn->telnet, OPTION_TN3270E, list, n);
}

static void type_rejected(struct tn_client *tn, const char *text, size_t length)
{
    static const char *const reasons[] = {
        "the host has no associated printer for this terminal",
        "that terminal is in use",
        "the host allows no association there",
        "the host knows no terminal of that name",
        "the host does not know such a terminal",
        "the host knows no such type of terminal and name",
        "the host does not do that",
        "the host could not do it",
    };
    unsigned reason = length >= 2 && text[0] == WORD_REASON ? (uint8_t)text[1] : 7;
    tn->owner->failed(tn->context, reasons[reason < 8 ? reason : 7]);
}

/* DEVICE-TYPE IS: type CONNECT name. */
static void take_type(struct tn_client *tn, const char *text, size_t length)
{
    const char *name = memchr(text, WORD_CONNECT, length);
    if (name)
        snprintf(tn->connected, sizeof tn->connected, "%.*s", (int)(text + length - name - 1),
                 name + 1);
    send_functions(tn, WORD_REQUEST, FUNCTIONS_KNOWN);
}

static void take_functions(struct tn_client *tn, enum tn3270e_word word, const char *list,
                           size_t length)
{
    unsigned functions = 0;
    bool strange = false;
    for (size_t i = 0; i < length; i++) {
        uint8_t f = (uint8_t)list[i];
        bool known = f < 32 && FUNCTIONS_KNOWN & 1u << f;
        functions |= known ? 1u << f : 0;
        strange |= !known;
    }
    if (strange && ++tn->tries > TRIES_MOST) {
        tn->owner->failed(tn->context, "the host and this terminal do not agree on TN3270E");
        return;
    }
    if (strange) {
        send_functions(tn, WORD_REQUEST, functions);
        return;
    }
    if (word == WORD_REQUEST)
        send_functions(tn, WORD_IS, functions);
    tn->functions = functions;
    tn->bound = !(functions & 1u << FUNCTION_BIND_IMAGE);
    set_mode(tn, TN_ENHANCED);
}

static void take_subnegotiation(struct tn_client *tn, const char *s, size_t n)
{
    if (n < 2 || !(tn->options & OUR_TN3270E))
        return;
    if (s[0] == WORD_SEND && s[1] == WORD_DEVICE_TYPE)
        request_type(tn);
    else if (s[0] == WORD_DEVICE_TYPE && s[1] == WORD_IS)
        take_type(tn, s + 2, n - 2);
    else if (s[0] == WORD_DEVICE_TYPE && s[1] == WORD_REJECT)
        type_rejected(tn, s + 2, n - 2);
    else if (s[0] == WORD_FUNCTIONS && (s[1] == WORD_IS || s[1] == WORD_REQUEST))
        take_functions(tn, (enum tn3270e_word)s[1], s + 2, n - 2);
}

/* --- options --- */

static unsigned option_bit(uint8_t option, bool his)
{
    if (option == TELNET_TELOPT_EOR)
        return his ? HIS_EOR : OUR_EOR;
    if (option == TELNET_TELOPT_BINARY)
        return his ? HIS_BINARY : OUR_BINARY;
    return option == OPTION_TN3270E && !his ? OUR_TN3270E : 0;
}

static void option(struct tn_client *tn, uint8_t which, bool his, bool on)
{
    unsigned bit = option_bit(which, his);
    tn->options = on ? tn->options | bit : tn->options & ~bit;
    if (which == TELNET_TELOPT_ECHO && his)
        tn->host_echoes = on;
    find_mode(tn);
}

/* RFC 1646: a name goes behind the type.  A host that has a 3270 for nobody asks on for another
 * type, or takes us as a line. */
static void tell_type(struct tn_client *tn)
{
    char type[2 * TN_NAME];
    snprintf(type, sizeof type, tn->wanted[0] ? "%s@%s" : "%s", tn->type, tn->wanted);
    telnet_ttype_is(tn->telnet, tn->lines_only ? "DUMB" : type);
    tn->tells_type = true;
}

/* --- records --- */

static void send_header(struct tn_client *tn, enum tn3270e_data type, uint8_t flag,
                        uint16_t sequence)
{
    uint8_t header[TN3270E_HEADER] = {(uint8_t)type, 0, flag};
    store_be16(header + 3, sequence);
    telnet_send(tn->telnet, (const char *)header, sizeof header);
}

/* RFC 2355, section 10.4.  00: done; 02: the record was none that can be done. */
static void respond(struct tn_client *tn, const uint8_t *header, bool good)
{
    const char code = good ? 0x00 : 0x02;
    bool wanted = header[2] == ALWAYS_RESPONSE || (header[2] == ERROR_RESPONSE && !good);
    if (!wanted || !(tn->functions & 1u << FUNCTION_RESPONSES))
        return;
    send_header(tn, DATA_RESPONSE, good ? POSITIVE_RESPONSE : NEGATIVE_RESPONSE,
                load_be16(header + 3));
    telnet_send(tn->telnet, &code, 1);
    telnet_iac(tn->telnet, TELNET_EOR);
}

static void enhanced_record(struct tn_client *tn)
{
    const uint8_t *header = tn->bytes, *data = tn->bytes + TN3270E_HEADER;
    size_t length = tn->length - TN3270E_HEADER;
    switch (header[0]) {
    case DATA_3270:
        tn->bound = true;
        respond(tn, header, length == 0 || tn->owner->record(tn->context, data, length));
        break;
    case DATA_BIND:
    case DATA_UNBIND:
        tn->bound = header[0] == DATA_BIND;
        tn->owner->mode_changed(tn->context);
        respond(tn, header, true);
        break;
    case DATA_NVT:
        tn->owner->text(tn->context, (const char *)data, length);
        respond(tn, header, true);
        break;
    case DATA_SSCP_LU:
        tn->owner->host_text(tn->context, data, length);
        respond(tn, header, true);
        break;
    default:
        respond(tn, header, true);
        break;
    }
}

static void end_of_record(struct tn_client *tn)
{
    if (tn->mode == TN_PLAIN && tn->length > 0)
        tn->owner->record(tn->context, tn->bytes, tn->length);
    else if (tn->mode == TN_ENHANCED && tn->length >= TN3270E_HEADER)
        enhanced_record(tn);
    tn->length = 0;
}

static void take_data(struct tn_client *tn, const char *data, size_t n)
{
    if (tn->mode == TN_LINE) {
        tn->owner->text(tn->context, data, n);
        return;
    }
    if (n > TN_RECORD_MOST - tn->length) {
        tn->length = 0;
        tn->owner->failed(tn->context, "the host sends a record that never ends");
        return;
    }
    memcpy(tn->bytes + tn->length, data, n);
    tn->length += n;
}

static void event(telnet_t *telnet, telnet_event_t *e, void *context)
{
    struct tn_client *tn = context;
    switch (e->type) {
    case TELNET_EV_SEND:
        collect(tn, e->data.buffer, e->data.size);
        break;
    case TELNET_EV_DATA:
        take_data(tn, e->data.buffer, e->data.size);
        break;
    case TELNET_EV_IAC:
        if (e->iac.cmd == TELNET_EOR)
            end_of_record(tn);
        break;
    case TELNET_EV_WILL:
    case TELNET_EV_WONT:
        option(tn, e->neg.telopt, true, e->type == TELNET_EV_WILL);
        break;
    case TELNET_EV_DO:
    case TELNET_EV_DONT:
        option(tn, e->neg.telopt, false, e->type == TELNET_EV_DO);
        break;
    case TELNET_EV_TTYPE:
        if (e->ttype.cmd == TELNET_TTYPE_SEND)
            tell_type(tn);
        break;
    case TELNET_EV_SUBNEGOTIATION:
        if (e->sub.telopt == OPTION_TN3270E)
            take_subnegotiation(tn, e->sub.buffer, e->sub.size);
        break;
    case TELNET_EV_ERROR:
        tn->owner->failed(tn->context, "the host does not speak telnet");
        break;
    default:
        break;
    }
}

bool tn_client_open(struct tn_client *tn, const char *type, const char *lu,
                    const struct tn_owner *owner, void *context)
{
    memset(tn, 0, sizeof *tn);
    tn->owner = owner;
    tn->context = context;
    tn->lines_only = !type;
    snprintf(tn->type, sizeof tn->type, "%s", type ? type : "");
    snprintf(tn->wanted, sizeof tn->wanted, "%s", lu ? lu : "");
    tn->bytes = malloc(TN_RECORD_MOST);
    tn->telnet = telnet_init(type ? options_3270 : options_lines, event, 0, tn);
    return tn->bytes && tn->telnet;
}

void tn_client_close(struct tn_client *tn)
{
    if (tn->telnet)
        telnet_free(tn->telnet);
    free(tn->bytes);
    free(tn->out);
    tn->telnet = NULL;
    tn->bytes = NULL;
    tn->out = NULL;
    tn->out_length = tn->out_size = 0;
}

void tn_client_receive(struct tn_client *tn, const char *bytes, size_t n)
{
    tn->receiving = true;
    telnet_recv(tn->telnet, bytes, n);
    tn->receiving = false;
    send_collected(tn);
}

static void send_record(struct tn_client *tn, enum tn3270e_data type, const uint8_t *data,
                        size_t length)
{
    if (tn->mode == TN_ENHANCED)
        send_header(tn, type, NO_RESPONSE, tn->sequence++);
    telnet_send(tn->telnet, (const char *)data, length);
    telnet_iac(tn->telnet, TELNET_EOR);
    if (!tn->receiving)
        send_collected(tn);
}

void tn_client_record(struct tn_client *tn, const uint8_t *record, size_t length)
{
    if (tn->mode != TN_LINE && length > 0)
        send_record(tn, DATA_3270, record, length);
}

void tn_client_host_text(struct tn_client *tn, const uint8_t *text, size_t length)
{
    if (tn->mode == TN_ENHANCED)
        send_record(tn, DATA_SSCP_LU, text, length);
}

void tn_client_line(struct tn_client *tn, const char *text, size_t length)
{
    telnet_send(tn->telnet, text, length);
    telnet_send(tn->telnet, "\r\n", 2);
    send_collected(tn);
}

/* RFC 2355, section 11: IP.  RFC 1576: BREAK, as a line's attention key is too. */
void tn_client_attention(struct tn_client *tn)
{
    telnet_iac(tn->telnet, tn->mode == TN_ENHANCED ? TELNET_IP : TELNET_BREAK);
    send_collected(tn);
}

bool tn_client_sysreq(struct tn_client *tn)
{
    if (tn->mode != TN_ENHANCED || !(tn->functions & 1u << FUNCTION_SYSREQ))
        return false;
    telnet_iac(tn->telnet, TELNET_AO);
    send_collected(tn);
    return true;
}
