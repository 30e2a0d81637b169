/* TN3270 and TN3270E: a client that sends any bytes (negotiation, records) to a display of a
 * machine whose program writes and reads.  Pieces of the input, as packets would bring them. */
#include "fuzz_machine.h"

#include "consoles/tn3270.h"

#define DISPLAY 0xc0

static struct tn3270 tn;
static struct display *display;
static bool gone;

static bool send_record(void *context, const uint8_t *record, size_t length)
{
    return tn3270_send(&tn, record, length);
}

static void hang_up(void *context)
{
}

static const struct display_backend backend = {send_record, hang_up};

static void leave(void)
{
    if (display)
        display_disconnect(display);
    display = NULL;
}

static void is_line(void *context)
{
    leave();
    gone = true;
}

static enum display_found reserve(void *context, const struct display_terminal *terminal,
                                  const char *name, char called[TN3270_NAME])
{
    leave();
    enum display_found found = display_find(&machine, name, &display);
    if (found != DISPLAY_FOUND) {
        display = NULL;
        return found;
    }
    display_connect(display, terminal, &backend, NULL);
    strcpy(called, "L00C0");
    return found;
}

static void ready(void *context)
{
    if (!display)
        abort();
    display_ready(display);
}

static void record(void *context, const uint8_t *bytes, size_t length)
{
    if (display)
        display_input(display, bytes, length);
}

static void error(void *context, uint8_t sense)
{
    if (display)
        display_error(display, sense);
}

static void caught_up(void *context)
{
    if (display)
        display_drained(display);
}

static void refuse(void *context, const char *reason)
{
    gone = true;
}

static void go(void *context)
{
    leave();
    gone = true;
}

static const struct tn3270_owner owner = {
    .is_line = is_line,
    .reserve = reserve,
    .ready = ready,
    .record = record,
    .error = error,
    .caught_up = caught_up,
    .leave = go,
    .refuse = refuse,
};

static void telnet_event(telnet_t *telnet, telnet_event_t *event, void *context)
{
    if (event->type == TELNET_EV_ERROR)
        gone = true;
    else if (event->type != TELNET_EV_SEND && !gone)
        tn3270_event(&tn, event);
}

/* The program: writes and reads, of which one may be waiting. */
static void run_program(uint8_t choice)
{
    static const uint8_t commands[] = {0x05, 0x01, 0x06, 0x02, 0x11, 0x0f};
    uint8_t *main = machine.storage.main;
    struct ccw ccw = {.command = commands[choice % 6], .flags = CCW_SUPPRESS_LENGTH};
    put24(&ccw.address, 0x2000);
    put16(&ccw.count, choice % 6 == 4 ? 5 : 200);
    memcpy(main + 0x1000, &ccw, sizeof ccw);
    memcpy(main + 0x2000, "\x00\x05\x01\xff\x02", 5);
    memcpy(main + 0x48, "\x00\x00\x10\x00", 4);
    if (channel_start_io(&machine, DISPLAY, false) == 2)
        channel_halt_device(&machine, DISPLAY);
    run_events(20);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    machine_on(0x10000);
    attach(DISPLAY, "3270", 0, NULL);
    gone = false;
    display = NULL;
    telnet_t *telnet = telnet_init(tn3270_options, telnet_event, 0, NULL);
    tn3270_start(&tn, telnet, &owner, NULL);
    while (data < end && !gone) {
        uint8_t head = *data++;
        size_t n = head & 0x3f;
        if (n > (size_t)(end - data))
            n = (size_t)(end - data);
        if (head & 0x80)
            run_program(head);
        else if (head & 0x40)
            tn3270_timeout(&tn);
        if (n) {
            uint8_t *packet = malloc(n); /* its ends are looked after */
            memcpy(packet, data, n);
            telnet_recv(telnet, (const char *)packet, n);
            free(packet);
            data += n;
        }
        run_events(20);
    }
    leave();
    telnet_free(telnet);
    tn3270_free(&tn);
    machine_off();
    return 0;
}
