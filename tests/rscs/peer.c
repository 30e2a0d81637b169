/* A node of an NJE network that is no datbox: it speaks TCPNJE, BSC's blocks and NJE's records as
 * the tables say (BITNET BRFC 0002; GG22-9373), all of it written out here by hand, and behaves
 * badly at will.  What it must be told it prints; the first thing that is not as it must be ends it
 * with 1.
 *
 * usage: peer OWN-SOCKET THEIR-SOCKET SENT-DECK
 *
 * It is PEER, the other side GAMMA, whose user STUDENT1 has sent it SENT-DECK; it sends a listing
 * to STUDENT2.  What happens is in main(). */
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE 40000 /* ms, for whatever the other side must say */

static const char *own_socket, *their_socket, *deck;
static int line = -1;
static unsigned sequence; /* of this side's next block */
static const char *doing = "beginning";

static void fail(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "peer: %s: ", doing);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\n");
    va_end(args);
    exit(1);
}

/* --- EBCDIC --- */

static uint8_t to_ebcdic(char c)
{
    static const char rows[3][11] = {"ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ"};
    if (c >= '0' && c <= '9')
        return (uint8_t)(0xf0 + c - '0');
    for (unsigned r = 0; r < 3; r++) {
        const char *at = c ? strchr(rows[r], c) : NULL;
        if (at)
            return (uint8_t)(0xc1 + r * 0x10 + (r == 2) + (at - rows[r]));
    }
    return 0x40;
}

static void put_text(uint8_t *to, const char *text, size_t size)
{
    memset(to, 0x40, size);
    for (size_t i = 0; i < size && text[i]; i++)
        to[i] = to_ebcdic(text[i]);
}

static bool is_text(const uint8_t *at, const char *text, size_t size)
{
    uint8_t want[16];
    put_text(want, text, size);
    return !memcmp(at, want, size);
}

/* The small letters and figures of a deck. */
static char from_ebcdic(uint8_t c)
{
    if (c >= 0xf0 && c <= 0xf9)
        return (char)('0' + c - 0xf0);
    if (c >= 0x81 && c <= 0x89)
        return (char)('a' + c - 0x81);
    if (c >= 0x91 && c <= 0x99)
        return (char)('j' + c - 0x91);
    if (c >= 0xa2 && c <= 0xa9)
        return (char)('s' + c - 0xa2);
    return c == 0x40 ? ' ' : '?';
}

/* --- the line --- */

static void put_bytes(int fd, const void *bytes, size_t n)
{
    if (write(fd, bytes, n) != (ssize_t)n)
        fail("the other side does not listen");
}

/* False: the other side has closed. */
static bool get_bytes(int fd, void *to, size_t n)
{
    for (size_t at = 0; at < n;) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        if (poll(&p, 1, PATIENCE) <= 0)
            fail("the other side says nothing");
        ssize_t got = read(fd, (char *)to + at, n - at);
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

static void put_control(int fd, const char *type, uint8_t reason)
{
    uint8_t c[33] = {0};
    put_text(c, type, 8);
    put_text(c + 8, "PEER", 8);
    put_text(c + 20, "GAMMA", 8);
    c[32] = reason;
    put_bytes(fd, c, sizeof c);
}

/* The reason byte, if it is of this type (NULL: an answer); -1: closed. */
static int get_control(int fd, const char *type)
{
    uint8_t c[33];
    if (!get_bytes(fd, c, sizeof c))
        return -1;
    if (!type)
        type = is_text(c, "ACK", 8) ? "ACK" : "NAK";
    if (!is_text(c, type, 8))
        fail("no %s came, but %02X%02X%02X", type, c[0], c[1], c[2]);
    if (!is_text(c + 8, "GAMMA", 8) || !is_text(c + 20, "PEER", 8))
        fail("the names in %s are wrong", type);
    return c[32];
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    return a;
}

static int try_call(void)
{
    struct sockaddr_un a = address_of(their_socket);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (!connect(fd, (struct sockaddr *)&a, sizeof a))
        return fd;
    close(fd);
    return -1;
}

static void hang_up(void)
{
    close(line);
    line = -1;
}

/* Calls until the link is taken: it may not be enabled yet, or again. */
static void call(void)
{
    if (line >= 0)
        hang_up();
    for (int tries = 0; tries < 2 * PATIENCE / 20; tries++) {
        int fd = try_call();
        if (fd >= 0) {
            put_control(fd, "OPEN", 0);
            if (get_control(fd, NULL) == 0) { /* not "active": it has not seen yet that it is not */
                line = fd;
                return;
            }
            close(fd);
        }
        poll(NULL, 0, 20);
    }
    fail("nobody answers");
}

/* The other side must drop the line, whatever it still says. */
static void is_dropped(void)
{
    uint8_t byte;
    while (get_bytes(line, &byte, 1))
        ;
    hang_up();
}

/* --- blocks --- */

/* One transmission: TTB, TTR, the bytes, a TTR of zero. */
static void put_transmission(const uint8_t *bytes, size_t n)
{
    uint8_t block[9000] = {0};
    size_t total = 8 + 4 + n + 4;
    block[2] = (uint8_t)(total >> 8);
    block[3] = (uint8_t)total;
    block[10] = (uint8_t)(n >> 8);
    block[11] = (uint8_t)n;
    memcpy(block + 12, bytes, n);
    put_bytes(line, block, total);
}

static uint8_t incoming[70000];
static size_t incoming_length, incoming_at; /* of a TTB's block */

static bool next_transmission(uint8_t *to, size_t *n)
{
    for (;;) {
        if (incoming_at + 4 <= incoming_length) {
            *n = (size_t)incoming[incoming_at + 2] << 8 | incoming[incoming_at + 3];
            incoming_at += 4;
            if (*n) {
                memcpy(to, incoming + incoming_at, *n);
                incoming_at += *n;
                return true;
            }
        }
        uint8_t head[8];
        if (!get_bytes(line, head, 8))
            return false;
        incoming_length = ((size_t)head[2] << 8 | head[3]) - 8;
        incoming_at = 0;
        if (!get_bytes(line, incoming, incoming_length))
            return false;
    }
}

static const uint8_t enquiry[] = {0x01, 0x2d, 0xff}, acknowledgement[] = {0x10, 0x70, 0xff};

struct out {
    uint8_t bytes[9000];
    size_t n;
};

static void begin_block(struct out *o, uint8_t bcb)
{
    static const uint8_t head[] = {0x10, 0x02, 0, 0x8f, 0xcf};
    memcpy(o->bytes, head, sizeof head);
    o->bytes[2] = bcb;
    o->n = sizeof head;
}

/* A record: no run is compressed, which is allowed. */
static void add_record(struct out *o, uint8_t rcb, uint8_t srcb, const uint8_t *data, size_t n)
{
    o->bytes[o->n++] = rcb;
    o->bytes[o->n++] = srcb;
    while (n) {
        size_t part = n < 63 ? n : 63;
        o->bytes[o->n++] = (uint8_t)(0xc0 + part);
        memcpy(o->bytes + o->n, data, part);
        o->n += part;
        data += part;
        n -= part;
    }
    o->bytes[o->n++] = 0;
}

static void end_block(struct out *o)
{
    static const uint8_t tail[] = {0x00, 0x10, 0x26};
    memcpy(o->bytes + o->n, tail, sizeof tail);
    put_transmission(o->bytes, o->n + sizeof tail);
}

static void put_record(uint8_t rcb, uint8_t srcb, const uint8_t *data, size_t n)
{
    struct out o;
    begin_block(&o, (uint8_t)(0x80 + (sequence++ & 15)));
    add_record(&o, rcb, srcb, data, n);
    end_block(&o);
}

/* The records of the block that has come. */
static uint8_t block[33000];
static size_t block_length, block_at;

struct in {
    uint8_t rcb, srcb, data[512];
    size_t n;
};

static void take_string(struct in *r)
{
    for (r->n = 0;;) {
        uint8_t scb = block[block_at++];
        size_t n = scb >= 0xc0 ? scb & 0x3f : scb & 0x1f;
        if (!scb || block_at > block_length)
            return;
        if (scb < 0x80 || r->n + n > sizeof r->data)
            fail("a string of the other side is wrong: SCB %02X", scb);
        if (scb >= 0xc0) {
            memcpy(r->data + r->n, block + block_at, n);
            block_at += n;
        } else {
            memset(r->data + r->n, scb >= 0xa0 ? block[block_at++] : 0x40, n);
        }
        r->n += n;
    }
}

/* The next record, whatever blocks it takes; each is acknowledged.  False: the line is gone. */
static bool next_record(struct in *r)
{
    while (block_at >= block_length || !block[block_at]) {
        if (!next_transmission(block, &block_length))
            return false;
        block_at = block_length;
        if (block_length >= 2 && block[0] == 0x10 && block[1] == 0x70)
            continue;
        if (block_length < 6 || block[0] != 0x10 || block[1] != 0x02)
            fail("no block came, but %02X%02X", block[0], block[1]);
        put_transmission(acknowledgement, sizeof acknowledgement);
        block_at = 5;
    }
    r->rcb = block[block_at++];
    r->srcb = block[block_at++];
    if (r->rcb == 0xf0) { /* not compressed; B has no length */
        r->n = r->srcb == 0xc2 ? 0 : block[block_at] - 2u;
        memcpy(r->data, block + block_at, r->n);
        block_at += r->n;
    } else {
        take_string(r);
    }
    return true;
}

/* Waits for a record about a stream; messages and others are passed over. */
static void wait_for(uint8_t rcb, uint8_t srcb)
{
    struct in r;
    do
        if (!next_record(&r))
            fail("the line was dropped instead of %02X %02X", rcb, srcb);
    while (r.rcb != rcb || (srcb && r.srcb != srcb));
}

/* --- sessions --- */

/* The enquiry comes.  False: the other side has dropped the line, since it did not know yet that
 * the one before was lost. */
static bool is_asked(void)
{
    uint8_t bytes[100];
    size_t n;
    block_length = block_at = incoming_length = incoming_at = 0;
    sequence = 0;
    if (!next_transmission(bytes, &n))
        return false;
    if (n != 3 || memcmp(bytes, enquiry, 3))
        fail("no enquiry came");
    return true;
}

/* GAMMA is the lower name, so it signs on; this side offers a small buffer. False: as above. */
static bool sign_on(void)
{
    uint8_t bytes[100], j[41] = {0xf0, 0xd1, 41};
    size_t n;
    struct out o;
    if (!is_asked())
        return false;
    put_transmission(acknowledgement, sizeof acknowledgement);
    do
        if (!next_transmission(bytes, &n))
            fail("the line was dropped instead of a signon");
    while (n == 3);
    if (bytes[5] != 0xf0 || bytes[6] != 0xc9 || bytes[7] != 41 || !is_text(bytes + 8, "GAMMA", 8))
        fail("no signon of GAMMA came");
    put_text(j + 3, "PEER", 8);
    j[11] = 1;
    j[18] = 0x02; /* 512 bytes */
    put_text(j + 20, "", 16);
    begin_block(&o, 0xa0);
    memcpy(o.bytes + o.n, j, sizeof j);
    o.n += sizeof j;
    end_block(&o);
    return true;
}

/* --- a file that is sent --- */

static void put_header(uint8_t srcb, const uint8_t *header, size_t n)
{
    put_record(0x99, srcb, header, n);
}

static void put_job_header(void)
{
    uint8_t h[204] = {0, 204, 0, 0, 0, 200};
    h[8] = 0x01;
    h[9] = 0x17; /* job 279 */
    h[10] = h[11] = to_ebcdic('A');
    h[14] = h[15] = 1;
    put_text(h + 20, "", 8);
    put_text(h + 28, "FOREIGN", 8);
    put_text(h + 36, "SOMEBODY", 8);
    put_text(h + 44, "", 16);
    memcpy(h + 60, "\xd6\xa1\xb2\xc3\xd4\xe5\xf6\x07", 8);
    put_text(h + 68, "PEER", 8);
    put_text(h + 76, "SOMEBODY", 8);
    for (int at = 84; at < 132; at += 16) {
        put_text(h + at, "GAMMA", 8);
        put_text(h + at + 8, "STUDENT2", 8);
    }
    put_text(h + 132, "", 8);
    put_text(h + 156, "", 44);
    put_header(0xc0, h, sizeof h);
}

static void put_data_set_header(void)
{
    uint8_t h[116] = {0, 116, 0, 0, 0, 112};
    put_text(h + 8, "GAMMA", 8);
    put_text(h + 16, "STUDENT2", 8);
    put_text(h + 24, "", 24);
    h[49] = 1;
    h[51] = to_ebcdic('A');
    h[58] = 1; /* longest record: 256 and a few */
    h[59] = 0x20;
    h[60] = 1;
    put_text(h + 64, "", 40);
    h[104] = 0x80; /* a printer's */
    put_text(h + 108, "", 8);
    put_header(0xe0, h, sizeof h);
}

#define LINES 60

/* Line `number`, with ASA's control. */
static void put_line(int number)
{
    uint8_t data[256];
    char text[32];
    int n = snprintf(text, sizeof text, "%sTHE PEERS LINE %d", number % 20 ? " " : "1", number);
    data[0] = (uint8_t)n;
    put_text(data + 1, text, (size_t)n);
    put_record(0x99, 0xa0, data, (size_t)n + 1);
}

/* One of 260 characters in two segments: a control and 252, then 8. */
static void put_long_line(void)
{
    uint8_t first[256] = {253, 0x01, 0x05}, last[9] = {8}; /* 261 in all */
    put_text(first + 3, " SPANNED", 253);
    memset(first + 12, to_ebcdic('X'), 244);
    memset(last + 1, to_ebcdic('Z'), 8);
    put_record(0x99, 0xa8, first, sizeof first);
    put_record(0x99, 0xac, last, sizeof last);
}

static void ask_to_send(void)
{
    put_record(0x90, 0x99, NULL, 0);
    wait_for(0xa0, 0x99);
}

static void send_lines(int count)
{
    put_job_header();
    put_data_set_header();
    for (int i = 0; i < count; i++)
        put_line(i);
}

/* All of it, until the other side has it safe. */
static void send_file(void)
{
    uint8_t trailer[48] = {0, 48, 0, 0, 0, 44};
    ask_to_send();
    send_lines(LINES);
    put_long_line();
    trailer[9] = to_ebcdic('A');
    put_header(0xd0, trailer, sizeof trailer);
    put_record(0x99, 0x80, NULL, 0);
    wait_for(0xc0, 0x99);
}

/* --- a file that comes --- */

static uint8_t stream; /* RCB of its stream */

/* Takes the file as far as `most` cards and compares them with the deck; the number of them. */
static int take_cards(int most, int pause)
{
    FILE *want = fopen(deck, "r");
    char text[81], card[100];
    struct in r;
    int cards = 0;
    if (!want)
        fail("there is no %s", deck);
    while (cards < most && next_record(&r)) {
        if (r.rcb != stream || r.srcb >= 0xc0)
            continue;
        if (!r.n)
            break;
        memset(text, ' ', 80);
        for (size_t i = 0; i < r.data[0] && i < 80; i++)
            text[i] = from_ebcdic(r.data[1 + i]);
        for (size_t n = 80; n && text[n - 1] == ' ';)
            text[--n] = 0;
        text[80] = 0;
        if (!fgets(card, sizeof card, want) || (card[strcspn(card, "\n")] = 0, strcmp(card, text)))
            fail("card %d is '%s'", cards, text);
        cards++;
        if (pause)
            poll(NULL, 0, pause);
    }
    if (cards < most && fgets(card, sizeof card, want))
        fail("the file ends with card %d", cards);
    fclose(want);
    return cards;
}

static void permit_file(void)
{
    struct in r;
    do
        if (!next_record(&r))
            fail("the line was dropped instead of a request");
    while (r.rcb != 0x90);
    stream = r.srcb;
    put_record(0xa0, stream, NULL, 0);
}

/* --- what happens --- */

static void open_session(const char *what)
{
    doing = what;
    printf("%s\n", what);
    fflush(stdout);
    do
        call();
    while (!sign_on());
}

/* The other side has opened and waits for the answer when this side opens: its name is lower, so
 * its own call counts. */
static void both_open(void)
{
    struct sockaddr_un a = address_of(own_socket);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0), reason, mine = -1;
    struct pollfd p = {.fd = listener, .events = POLLIN};
    doing = "both open";
    unlink(own_socket);
    if (bind(listener, (struct sockaddr *)&a, sizeof a) || listen(listener, 1))
        fail("cannot listen");
    if (poll(&p, 1, PATIENCE) <= 0)
        fail("nobody calls");
    line = accept(listener, NULL, NULL);
    if (get_control(line, "OPEN") != 0)
        fail("no OPEN came");
    mine = try_call();
    put_control(mine, "OPEN", 0);
    if ((reason = get_control(mine, "NAK")) != 3)
        fail("the reason of NAK is %d", reason);
    close(mine);
    put_control(line, "ACK", 0);
    if (!sign_on())
        fail("the line was dropped");
    close(listener);
    unlink(own_socket);
}

static void nonsense(const char *what, const void *bytes, size_t n, bool framed)
{
    open_session(what);
    if (framed)
        put_transmission(bytes, n);
    else
        put_bytes(line, bytes, n);
    is_dropped();
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    own_socket = argv[1];
    their_socket = argv[2];
    deck = argv[3];
    signal(SIGPIPE, SIG_IGN);

    both_open();
    hang_up();

    open_session("the line is lost in the middle of a file that is sent");
    ask_to_send();
    send_lines(LINES / 2);
    hang_up();

    doing = "it is silent";
    do
        call();
    while (!is_asked());
    is_dropped();

    nonsense("a block is missing", "\x10\x02\x85\x8f\xcf\x00\x10\x26", 8, true);
    nonsense("a record is wrong", "\x10\x02\x80\x8f\xcf\x99\x80\x7f\x00\x00\x10\x26", 12, true);
    nonsense("no block", "HELLO", 5, true);
    nonsense("no frame", "\0\0\0\x03GET / HTTP/1.0\r\n\r\n", 22, false);

    open_session("a file comes, and the line is lost in the middle");
    permit_file();
    if (take_cards(100, 0) != 100)
        fail("it was short");
    hang_up();
    open_session("it comes again, slowly read, and is not acknowledged");
    permit_file();
    int cards = take_cards(100000, 3);
    hang_up();
    open_session("it comes a last time, and a file is sent");
    permit_file();
    if (take_cards(100000, 0) != cards)
        fail("it is another one");
    put_record(0xc0, stream, NULL, 0);
    send_file();
    hang_up();
    open_session("the same is sent again");
    send_file();
    put_record(0xc0, 0x99, NULL, 0); /* of nothing */
    hang_up();
    printf("done: %d cards came\n", cards);
    return 0;
}
