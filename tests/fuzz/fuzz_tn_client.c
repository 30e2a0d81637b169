/* The terminal's side of TN3270 and TN3270E, with the screen and the paper behind it: a host that
 * sends any bytes, in pieces, while keys are pressed. */
#include "consoles/screen.h"
#include "consoles/term/paper.h"
#include "consoles/term/tn_client.h"

#include <stdlib.h>
#include <string.h>

static struct tn_client tn;
static struct screen *screen;
static struct screen_answer answer;
static struct paper *paper;
static bool gone;

static void send_bytes(void *context, const char *bytes, size_t n)
{
}

static bool record(void *context, const uint8_t *bytes, size_t length)
{
    bool done = screen_execute(screen, bytes, length, &answer);
    if (answer.length)
        tn_client_record(&tn, answer.bytes, answer.length);
    return done;
}

static void text(void *context, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        paper_put(paper, (uint8_t)bytes[i]);
}

static void host_text(void *context, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        paper_put(paper, bytes[i]);
    tn_client_host_text(&tn, bytes, n);
}

static void mode_changed(void *context)
{
}

static void failed(void *context, const char *reason)
{
    if (!reason)
        abort();
    gone = true;
}

static const struct tn_owner owner = {send_bytes, record, text, host_text, mode_changed, failed};

static void press(uint8_t choice)
{
    if (choice % 8 == 0)
        tn_client_attention(&tn);
    else if (choice % 8 == 1)
        (void)tn_client_sysreq(&tn);
    else
        screen_press(screen, (enum screen_key)(choice % KEYS), &answer);
    if (answer.length)
        tn_client_record(&tn, answer.bytes, answer.length);
    answer.length = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = data + size;
    gone = false;
    screen = screen_create(32, 80, true);
    paper = paper_create(50);
    answer.size = SCREEN_RECORD_MOST(32 * 80);
    answer.bytes = malloc(answer.size);
    answer.length = 0;
    tn_client_open(&tn, size & 1 ? "IBM-3278-3-E" : "IBM-DYNAMIC", size & 2 ? "L00C0" : "", &owner,
                   NULL);
    while (data < end && !gone) {
        uint8_t head = *data++;
        size_t n = head & 0x7f;
        if (n > (size_t)(end - data))
            n = (size_t)(end - data);
        if (head & 0x80)
            press(head);
        char *packet = malloc(n + 1); /* its ends are looked after */
        memcpy(packet, data, n);
        if (n)
            tn_client_receive(&tn, packet, n);
        free(packet);
        data += n;
    }
    tn_client_close(&tn);
    screen_free(screen);
    paper_free(paper);
    free(answer.bytes);
    return 0;
}
