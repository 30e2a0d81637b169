/* TN3270 and TN3270E; see tn3270.h.  TN3270E and the terminal type are asked for at once, and
 * answered in this order; libtelnet keeps refusals to itself, so that who refuses both is
 * found out by his silence. */
#include "consoles/tn3270.h"
#include "consoles/tn3270e.h"

#include "lib/be.h"
#include "lib/ebcdic.h"
#include "s370/arch/ccw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES_MOST 8

enum tn3270e_reason {
    REASON_DEVICE_IN_USE = 1,
    REASON_INVALID_ASSOCIATE = 2,
    REASON_INVALID_NAME = 3,
    REASON_INVALID_DEVICE_TYPE = 4,
};

/* Every so many records one has to be answered in any case: a client that takes records but does
 * nothing with them is not trusted further. */
#define PACE         8
#define HELD_MOST    (256u << 10) /* bytes that wait while the user talks to us */
#define SSCP_COMMAND 80           /* longest command of his */

enum basic_option { HIS_EOR = 1, OUR_EOR = 2, HIS_BINARY = 4, OUR_BINARY = 8, ALL_BASIC = 15 };

const telnet_telopt_t tn3270_options[] = {
    {TELNET_TELOPT_BINARY, TELNET_WILL, TELNET_DO},
    {TELNET_TELOPT_EOR, TELNET_WILL, TELNET_DO},
    {TELNET_TELOPT_TTYPE, TELNET_WONT, TELNET_DO},
    {OPTION_TN3270E, TELNET_WONT, TELNET_DO},
    {-1, 0, 0},
};

/* A record that waits until the user turns back to his program. */
struct tn3270_held {
    struct tn3270_held *next;
    size_t length;
    uint8_t record[];
};

void tn3270_start(struct tn3270 *tn, telnet_t *telnet, const struct tn3270_owner *owner,
                  void *context)
{
    memset(tn, 0, sizeof *tn);
    tn->telnet = telnet;
    tn->owner = owner;
    tn->context = context;
    tn->held_end = &tn->held;
    tn->state = TN_ASKED;
    telnet_negotiate(telnet, TELNET_DO, OPTION_TN3270E);
    telnet_negotiate(telnet, TELNET_DO, TELNET_TELOPT_TTYPE);
}

void tn3270_free(struct tn3270 *tn)
{
    free(tn->record);
    tn->record = NULL;
    while (tn->held) {
        struct tn3270_held *held = tn->held;
        tn->held = held->next;
        free(held);
    }
    tn->held_end = &tn->held;
}

static void is_line(struct tn3270 *tn)
{
    tn->state = TN_NOT;
    tn->owner->is_line(tn->context);
}

static void refuse(struct tn3270 *tn, const char *reason)
{
    tn->state = TN_NOT;
    tn->owner->refuse(tn->context, reason);
}

/* --- what the client is --- */

/* A device type: IBM-3277-2, IBM-3278-n[-E], IBM-3279-n[-E], IBM-DYNAMIC. */
static bool parse_type(const char *type, struct display_terminal *terminal)
{
    static const uint8_t sizes[][2] = {{24, 80}, {32, 80}, {43, 80}, {27, 132}};
    unsigned model, kind;
    int end = 0;
    if (!strcasecmp(type, "IBM-DYNAMIC")) {
        *terminal = (struct display_terminal){.extended = true};
        return true;
    }
    if (strncasecmp(type, "IBM-", 4) != 0 ||
        sscanf(type + 4, "%4u-%1u%n", &kind, &model, &end) != 2 || kind < 3277 || kind > 3279 ||
        model < 2 || model > 5)
        return false;
    const char *rest = type + 4 + end;
    if (*rest && strcasecmp(rest, "-E") != 0)
        return false;
    *terminal = (struct display_terminal){sizes[model - 2][0], sizes[model - 2][1], *rest != 0};
    return true;
}

/* RFC 1576: the terminal type, for some clients with "@NAME" behind it. */
static void take_terminal_type(struct tn3270 *tn, const char *text)
{
    char type[TN3270_NAME];
    snprintf(type, sizeof type, "%s", text);
    char *name = strchr(type, '@');
    if (name)
        *name++ = 0;
    if (tn->state != TN_ASKED_TYPE)
        return;
    if (!parse_type(type, &tn->terminal)) {
        is_line(tn);
        return;
    }
    enum display_found found =
        tn->owner->reserve(tn->context, &tn->terminal, name ? name : "", tn->called);
    if (found == DISPLAY_FOUND) {
        tn->state = TN_BASIC;
        telnet_negotiate(tn->telnet, TELNET_DO, TELNET_TELOPT_EOR);
        telnet_negotiate(tn->telnet, TELNET_WILL, TELNET_TELOPT_EOR);
        telnet_negotiate(tn->telnet, TELNET_DO, TELNET_TELOPT_BINARY);
        telnet_negotiate(tn->telnet, TELNET_WILL, TELNET_TELOPT_BINARY);
    } else if (!name || !*name) {
        is_line(tn);
    } else {
        refuse(tn, found == DISPLAY_IN_USE ? "all terminals of that name are in use"
                                           : "there is no terminal of that name");
    }
}

/* --- TN3270E --- */

static void reject(struct tn3270 *tn, enum tn3270e_reason reason)
{
    const char answer[] = {WORD_DEVICE_TYPE, WORD_REJECT, WORD_REASON, (char)reason};
    telnet_subnegotiation(tn->telnet, OPTION_TN3270E, answer, sizeof answer);
    if (++tn->tries > TRIES_MOST)
        refuse(tn, NULL);
}

/* DEVICE-TYPE REQUEST: type [CONNECT or ASSOCIATE name].  Both are of graphic characters. */
static void take_device_type(struct tn3270 *tn, const char *text, size_t length)
{
    char type[TN3270_NAME] = "", name[TN3270_NAME] = "", answer[2 * TN3270_NAME + 4];
    size_t n = 0, named;
    while (n < length && text[n] > WORD_CONNECT)
        n++;
    named = n < length ? length - n - 1 : 0;
    bool associate = n < length && text[n] == WORD_ASSOCIATE;
    if (n >= sizeof type || named >= sizeof name) {
        reject(tn, n >= sizeof type ? REASON_INVALID_DEVICE_TYPE : REASON_INVALID_NAME);
        return;
    }
    memcpy(type, text, n);
    memcpy(name, text + n + 1, named);
    if (!parse_type(type, &tn->terminal) || associate) {
        reject(tn, associate ? REASON_INVALID_ASSOCIATE : REASON_INVALID_DEVICE_TYPE);
        return;
    }
    enum display_found found = tn->owner->reserve(tn->context, &tn->terminal, name, tn->called);
    if (found != DISPLAY_FOUND && !name[0]) {
        telnet_negotiate(tn->telnet, TELNET_DONT, OPTION_TN3270E);
        is_line(tn);
    } else if (found != DISPLAY_FOUND) {
        reject(tn, found == DISPLAY_IN_USE ? REASON_DEVICE_IN_USE : REASON_INVALID_NAME);
    } else {
        int size = snprintf(answer, sizeof answer, "%c%c%s%c%s", WORD_DEVICE_TYPE, WORD_IS, type,
                            WORD_CONNECT, tn->called);
        telnet_subnegotiation(tn->telnet, OPTION_TN3270E, answer, (size_t)size);
        tn->state = TN_FUNCTIONS;
        tn->tries = 0;
    }
}

static void send_functions(struct tn3270 *tn, enum tn3270e_word word, unsigned functions)
{
    char list[34] = {WORD_FUNCTIONS, (char)word};
    size_t n = 2;
    for (unsigned f = 0; f < 32; f++)
        if (functions & 1u << f)
            list[n++] = (char)f;
    telnet_subnegotiation(tn->telnet, OPTION_TN3270E, list, n);
}

static void send_data(struct tn3270 *tn, enum tn3270e_data type, enum tn3270e_response response,
                      const void *data, size_t length)
{
    uint8_t header[TN3270E_HEADER] = {(uint8_t)type, 0, (uint8_t)response};
    store_be16(header + 3, tn->sequence++);
    telnet_send(tn->telnet, (const char *)header, sizeof header);
    telnet_send(tn->telnet, data, length);
    telnet_iac(tn->telnet, TELNET_EOR);
}

/* The session's parameters as SNA's BIND has them: LU type 2, sizes in bytes 20 to 23, and
 * the name of the primary LU.  Source: GA27-3136, "BIND". */
static void send_bind(struct tn3270 *tn)
{
    static const char primary[8] = "\xc4\xc1\xe3\xc2\xd6\xe7\x40\x40"; /* DATBOX */
    uint8_t bind[28 + sizeof primary] = {0x31, 0x01, 0x03, 0x03, 0xb1, 0x90, 0x30, 0x80,
                                         0x00, 0x00, 0x87, 0xf8, 0x87, 0x00, 0x02, 0x80};
    bool known = tn->terminal.rows != 0;
    bind[20] = 24;
    bind[21] = 80;
    bind[22] = (uint8_t)(known ? tn->terminal.rows : 24);
    bind[23] = (uint8_t)(known ? tn->terminal.columns : 80);
    bind[24] = known ? 0x7f : 0x03; /* both sizes given, or as the Query says */
    bind[27] = sizeof primary;
    memcpy(bind + 28, primary, sizeof primary);
    send_data(tn, DATA_BIND, NO_RESPONSE, bind, sizeof bind);
}

static void ready(struct tn3270 *tn)
{
    tn->state = TN_READY;
    if (tn->functions & 1u << FUNCTION_BIND_IMAGE)
        send_bind(tn);
    tn->owner->ready(tn->context);
}

/* FUNCTIONS IS or REQUEST: either side asks for less until both have said the same. */
static void take_functions(struct tn3270 *tn, uint8_t word, const char *list, size_t length)
{
    unsigned functions = 0;
    bool strange = false;
    for (size_t i = 0; i < length; i++) {
        uint8_t f = (uint8_t)list[i];
        bool offered = f < 32 && FUNCTIONS_KNOWN & 1u << f;
        functions |= offered ? 1u << f : 0;
        strange |= !offered;
    }
    tn->extended = true;
    tn->functions = functions;
    if (word == WORD_IS && !strange) {
        ready(tn);
    } else if (!strange) {
        send_functions(tn, WORD_IS, functions);
        ready(tn);
    } else if (++tn->tries > TRIES_MOST) {
        refuse(tn, NULL);
    } else {
        send_functions(tn, WORD_REQUEST, functions);
    }
}

static void take_subnegotiation(struct tn3270 *tn, const char *s, size_t length)
{
    if (length < 2)
        return;
    if (tn->state == TN_DEVICE_TYPE && s[0] == WORD_DEVICE_TYPE && s[1] == WORD_REQUEST)
        take_device_type(tn, s + 2, length - 2);
    else if (tn->state == TN_FUNCTIONS && s[0] == WORD_FUNCTIONS &&
             (s[1] == WORD_REQUEST || s[1] == WORD_IS))
        take_functions(tn, (uint8_t)s[1], s + 2, length - 2);
}

/* --- options --- */

static void ask_type(struct tn3270 *tn)
{
    tn->state = TN_ASKED_TYPE;
    telnet_ttype_send(tn->telnet);
}

static void option_agreed(struct tn3270 *tn, uint8_t option, bool his)
{
    static const char send_type[] = {WORD_SEND, WORD_DEVICE_TYPE};
    if (his && option == OPTION_TN3270E && tn->state == TN_ASKED) {
        tn->state = TN_DEVICE_TYPE;
        telnet_subnegotiation(tn->telnet, OPTION_TN3270E, send_type, sizeof send_type);
    } else if (his && option == TELNET_TELOPT_TTYPE) {
        tn->tells_type = true;
        if (tn->state == TN_ASKED)
            ask_type(tn);
    } else if (option == TELNET_TELOPT_EOR || option == TELNET_TELOPT_BINARY) {
        unsigned bit = option == TELNET_TELOPT_EOR ? HIS_EOR : HIS_BINARY;
        tn->options |= his ? bit : bit << 1;
        if (tn->state == TN_BASIC && tn->options == ALL_BASIC)
            ready(tn);
    }
}

/* The client takes back what it had agreed to. */
static void option_refused(struct tn3270 *tn, uint8_t option)
{
    if (option == OPTION_TN3270E && tn->state == TN_DEVICE_TYPE && tn->tells_type)
        ask_type(tn); /* our rejection was too much for it */
    else if (option == OPTION_TN3270E || tn->state == TN_ASKED_TYPE)
        is_line(tn);
    else if (option == TELNET_TELOPT_EOR || option == TELNET_TELOPT_BINARY)
        refuse(tn, NULL);
}

/* --- records --- */

static void take_bytes(struct tn3270 *tn, const char *bytes, size_t n)
{
    size_t most = DISPLAY_RECORD_MOST + TN3270E_HEADER;
    if (tn->state != TN_READY)
        return; /* before the negotiation's end there are no records */
    if (!tn->record)
        tn->record = malloc(most);
    if (!tn->record || n > most - tn->length) {
        refuse(tn, NULL);
        return;
    }
    memcpy(tn->record + tn->length, bytes, n);
    tn->length += n;
}

static void send_record(struct tn3270 *tn, const uint8_t *record, size_t length)
{
    enum tn3270e_response response = NO_RESPONSE;
    if (!tn->extended) {
        telnet_send(tn->telnet, (const char *)record, length);
        telnet_iac(tn->telnet, TELNET_EOR);
        return;
    }
    if (tn->functions & 1u << FUNCTION_RESPONSES) {
        /* What a read brings is its answer. */
        bool reads = record[0] == DISPLAY_READ_BUFFER || record[0] == DISPLAY_READ_MODIFIED;
        response = ERROR_RESPONSE;
        if (!reads && ++tn->records % PACE == 0 && tn->unanswered < TN3270_ASKED_MOST) {
            response = ALWAYS_RESPONSE;
            tn->asked[tn->unanswered++] = tn->sequence;
        }
    }
    send_data(tn, DATA_3270, response, record, length);
}

static bool may_go_on(struct tn3270 *tn)
{
    return !tn->suspended && tn->unanswered < TN3270_ASKED_MOST;
}

static void go_on(struct tn3270 *tn)
{
    if (!tn->waits || !may_go_on(tn))
        return;
    tn->waits = false;
    tn->owner->caught_up(tn->context);
}

/* An answer stands for all that were sent before. */
static void take_response(struct tn3270 *tn, uint16_t sequence, bool negative, uint8_t why)
{
    static const uint8_t senses[] = {SENSE_COMMAND_REJECT, SENSE_INTERVENTION,
                                     SENSE_OPERATION_CHECK, SENSE_INTERVENTION};
    unsigned n = 0;
    while (n < tn->unanswered && (int16_t)(sequence - tn->asked[n]) >= 0)
        n++;
    tn->unanswered -= n;
    memmove(tn->asked, tn->asked + n, tn->unanswered * sizeof *tn->asked);
    if (negative)
        tn->owner->error(tn->context, why < sizeof senses ? senses[why] : SENSE_OPERATION_CHECK);
    go_on(tn);
}

/* --- SYSREQ: the user turns to us, and back (RFC 2355, "The SYSREQ Function") --- */

static void sscp_say(struct tn3270 *tn, const char *text)
{
    uint8_t line[200];
    size_t n = strlen(text);
    ebcdic_from_latin1(line, text, n);
    line[n] = 0x15; /* new line */
    send_data(tn, DATA_SSCP_LU, NO_RESPONSE, line, n + 1);
}

static void turn_to_us(struct tn3270 *tn)
{
    char text[160];
    tn->suspended = true;
    snprintf(text, sizeof text,
             "datbox, terminal %s. LOGOFF: leave; TEST: test request; SysReq: back", tn->called);
    sscp_say(tn, text);
}

/* The screen is not what the program has written any more: for the program the user has cleared
 * it. */
static void turn_back(struct tn3270 *tn)
{
    static const uint8_t erase[] = {DISPLAY_ERASE_WRITE, 0xc2}, clear[] = {AID_CLEAR};
    tn->suspended = false;
    send_record(tn, erase, sizeof erase);
    while (tn->held) {
        struct tn3270_held *held = tn->held;
        tn->held = held->next;
        send_record(tn, held->record, held->length);
        free(held);
    }
    tn->held_end = &tn->held;
    tn->held_size = 0;
    go_on(tn);
    tn->owner->record(tn->context, clear, sizeof clear);
}

static void take_sscp(struct tn3270 *tn, const uint8_t *data, size_t length)
{
    static const uint8_t test_request[] = {0x01, 0x6c, 0x61, 0x02}; /* GA23-0059, "Test Request" */
    char command[SSCP_COMMAND + 1] = "";
    while (length && (data[0] == 0x40 || data[0] == 0))
        data++, length--;
    while (length && (data[length - 1] == 0x40 || data[length - 1] == 0))
        length--;
    if (!tn->suspended)
        return;
    latin1_from_ebcdic(command, data, length < SSCP_COMMAND ? length : SSCP_COMMAND);
    if (!strcasecmp(command, "LOGOFF")) {
        tn3270_unbind(tn);
        tn->owner->leave(tn->context);
    } else if (!strcasecmp(command, "TEST")) {
        turn_back(tn);
        tn->owner->record(tn->context, test_request, sizeof test_request);
    } else {
        sscp_say(tn, "COMMAND UNRECOGNIZED");
    }
}

static void end_of_record(struct tn3270 *tn)
{
    const uint8_t *record = tn->record;
    size_t length = tn->length;
    tn->length = 0;
    if (tn->state != TN_READY)
        return;
    if (!tn->extended) {
        if (length)
            tn->owner->record(tn->context, record, length);
        return;
    }
    if (length <= TN3270E_HEADER)
        return;
    if (record[0] == DATA_3270 && !tn->suspended)
        tn->owner->record(tn->context, record + TN3270E_HEADER, length - TN3270E_HEADER);
    else if (record[0] == DATA_RESPONSE)
        take_response(tn, (uint16_t)load_be16(record + 3), record[2] == NEGATIVE_RESPONSE,
                      record[TN3270E_HEADER]);
    else if (record[0] == DATA_SSCP_LU)
        take_sscp(tn, record + TN3270E_HEADER, length - TN3270E_HEADER);
}

/* The keys that TN3270 sends outside of records: Attn, which a local 3270 doesn't have, is
 * PA1. */
static void take_command(struct tn3270 *tn, uint8_t command)
{
    static const uint8_t attention[] = {AID_PA1};
    if (command == TELNET_EOR)
        end_of_record(tn);
    else if (tn->state != TN_READY)
        return;
    else if ((command == TELNET_IP || command == TELNET_BREAK) && !tn->suspended)
        tn->owner->record(tn->context, attention, sizeof attention);
    else if (command == TELNET_AO && tn->functions & 1u << FUNCTION_SYSREQ)
        (tn->suspended ? turn_back : turn_to_us)(tn);
}

bool tn3270_event(struct tn3270 *tn, const telnet_event_t *event)
{
    if (tn->state == TN_NOT)
        return true;
    tn->has_answered |= event->type == TELNET_EV_WILL;
    switch (event->type) {
    case TELNET_EV_DATA:
        if (tn->state == TN_ASKED || tn->state == TN_ASKED_TYPE) {
            is_line(tn);
            return false;
        }
        take_bytes(tn, event->data.buffer, event->data.size);
        break;
    case TELNET_EV_WILL:
    case TELNET_EV_DO:
        option_agreed(tn, event->neg.telopt, event->type == TELNET_EV_WILL);
        break;
    case TELNET_EV_WONT:
    case TELNET_EV_DONT:
        option_refused(tn, event->neg.telopt);
        break;
    case TELNET_EV_SUBNEGOTIATION:
        if (event->sub.telopt == OPTION_TN3270E)
            take_subnegotiation(tn, event->sub.buffer, event->sub.size);
        break;
    case TELNET_EV_TTYPE:
        if (event->ttype.cmd == TELNET_TTYPE_IS)
            take_terminal_type(tn, event->ttype.name);
        break;
    case TELNET_EV_IAC:
        take_command(tn, event->iac.cmd);
        break;
    default:
        break;
    }
    return true;
}

void tn3270_timeout(struct tn3270 *tn)
{
    if (tn->state == TN_READY || tn->state == TN_NOT)
        return;
    if (tn->has_answered)
        refuse(tn, NULL);
    else
        is_line(tn);
}

static void hold_record(struct tn3270 *tn, const uint8_t *record, size_t length)
{
    struct tn3270_held *held = malloc(sizeof *held + length);
    if (!held || tn->held_size + length > HELD_MOST) {
        free(held);
        refuse(tn, NULL);
        return;
    }
    held->next = NULL;
    held->length = length;
    memcpy(held->record, record, length);
    *tn->held_end = held;
    tn->held_end = &held->next;
    tn->held_size += sizeof *held + length;
}

bool tn3270_send(struct tn3270 *tn, const uint8_t *record, size_t length)
{
    if (tn->suspended)
        hold_record(tn, record, length);
    else
        send_record(tn, record, length);
    tn->waits = !may_go_on(tn);
    return !tn->waits;
}

void tn3270_unbind(struct tn3270 *tn)
{
    static const uint8_t normal_end = 0x01;
    if (tn->state == TN_READY && tn->functions & 1u << FUNCTION_BIND_IMAGE)
        send_data(tn, DATA_UNBIND, NO_RESPONSE, &normal_end, 1);
}
