/* The card reader 00C, punch 00D and printer 00E: one record at a time, by SIO.  Under CP
 * they are virtual devices over spool files. */
#include "cms/nucleus/nucleus.h"

enum { READER = CARD_READER, PUNCH = 0x00d, PRINTER = 0x00e };
enum { CARD = 80, LINE = 132 };
enum { UNIT_EMPTY = 4, UNIT_END = 12 };

/* A card that was read too early: card_read gives it again. */
void card_hold(const char *card, uint32_t length)
{
    memset(nuc.held_card, ' ', CARD);
    memcpy(nuc.held_card, card, length > CARD ? CARD : length);
    nuc.held = true;
    nuc.held_length = CARD;
}

int card_read(char *card, uint32_t size, uint32_t *length)
{
    struct cms_io io;

    if (nuc.held) {
        nuc.held = false;
        *length = nuc.held_length < size ? nuc.held_length : size;
        memcpy(card, nuc.held_card, *length);
        return RC_OK;
    }
    *length = 0;
    int rc = io_simple(READER, 0x02, card, size, &io);
    if (rc == IO_NOT_OPERATIONAL)
        return RC_IO_ERROR;
    if (io.unit_status & UNIT_EXCEPTION)
        return UNIT_END;
    if (rc)
        return io.sense[0] & SENSE_INTERVENTION ? UNIT_EMPTY : RC_IO_ERROR;
    *length = size - io.residual;
    return RC_OK;
}

void reader_wait(void)
{
    while (!nuc.reader_ready) {
        io_wait();
        console_attention();
    }
    nuc.reader_ready = false;
}

static int write_record(uint32_t device, uint8_t command, const char *text, uint32_t length)
{
    struct cms_io io;

    int rc = io_simple(device, command, text, length ? length : 1, &io);
    if (rc == IO_NOT_OPERATIONAL)
        return RC_IO_ERROR;
    if (rc)
        return io.sense[0] & SENSE_INTERVENTION ? UNIT_EMPTY : RC_IO_ERROR;
    return RC_OK;
}

void output_limit(uint32_t lines, uint32_t cards)
{
    nuc.lines_left = lines ? lines + 1 : 0;
    nuc.cards_left = cards ? cards + 1 : 0;
    nuc.output_exceeded = OUTPUT_WITHIN;
}

/* Counts a record; a program that writes more than it may is ended as HX ends it. */
static void count_record(uint32_t *left, uint8_t exceeded)
{
    if (*left && !--*left) {
        nuc.output_exceeded = exceeded;
        nuc.halt_program = true;
    }
}

int card_punch(const char *card, uint32_t length)
{
    char image[CARD];

    memset(image, ' ', sizeof(image));
    memcpy(image, card, length > CARD ? CARD : length);
    count_record(&nuc.cards_left, OUTPUT_CARDS);
    return write_record(PUNCH, 0x01, image, CARD);
}

int printer_line(const char *line, uint32_t length, uint8_t carriage)
{
    count_record(&nuc.lines_left, OUTPUT_LINES);
    return write_record(PRINTER, carriage, length ? line : " ", length > LINE ? LINE : length);
}
