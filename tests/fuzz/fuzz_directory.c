/* Fuzz target: the user directory.  The input is a source; what comes out, also with some bytes
 * changed, must be readable without harm. */
#include "cp/directory/directory.h"

#include <stdlib.h>
#include <string.h>

#define RECORDS 8

static uint8_t records[RECORDS][DIRECTORY_RECORD], memory[64 * 1024], buffer[DIRECTORY_RECORD];

struct input {
    const uint8_t *bytes;
    size_t left;
    bool begun;
};

/* Bytes from X'80' on stand for these, so that the fuzzer soon has whole statements. */
static const char *const words[] = {
    "USER ",    "ACCOUNT ", "OPTION ",  "IPL ",     "CONSOLE ", "SPOOL ", "MDISK ", "DEDICATE ",
    "LINK ",    "SPECIAL ", "191 ",     "3350 ",    "T-DISK ",  "3215 ",  "1403 ",  "2540 READER ",
    "ECMODE ",  "CPUID ",   "PARM ",    "DBXUSR ",  "MW ",      "ALL ",   "1M ",    "16M ",
    "ABCDEFG ", "NOLOG ",   "TIMER ",   "R/O ",     "U1 ",      "10 ",    "5 ",     "OFF ",
    "NAMESYS ", "SHARED ",  "0-15,32 ", "PROTECT ",
};

static bool next_line(void *context, char *line, size_t size)
{
    struct input *in = context;
    size_t n = 0;
    if (!in->begun) {
        in->begun = true;
        strcpy(line, "DIRECTORY 150 3350 DBXRES");
        return true;
    }
    if (!in->left)
        return false;
    while (in->left && n + 1 < size) {
        uint8_t c = *in->bytes++;
        in->left--;
        if (c == '\n')
            break;
        const char *word = words[c % (sizeof words / sizeof words[0])];
        if (c >= 0x80 && n + strlen(word) < size)
            n += strlen(strcpy(line + n, word));
        else if (c)
            line[n++] = (char)c;
    }
    line[n] = 0;
    return true;
}

static bool write_record(void *context, uint32_t number, const void *bytes)
{
    if (number >= RECORDS)
        abort();
    memcpy(records[number], bytes, DIRECTORY_RECORD);
    return true;
}

static bool read_record(void *context, uint32_t number, void *bytes)
{
    if (number >= RECORDS)
        return false;
    memcpy(bytes, records[number], DIRECTORY_RECORD);
    return true;
}

static void message(void *context, enum directory_severity severity, uint32_t line,
                    const char *statement, const char *text)
{
    if (!text || !statement || strlen(text) > 200)
        abort();
}

static void read_all(bool good, const struct directory_totals *totals)
{
    struct directory d = {.read_record = read_record, .buffer = buffer};
    struct directory_user user, again;
    struct directory_device device;
    struct directory_system system;
    if (directory_open(&d) != DIRECTORY_OK) {
        if (good)
            abort();
        return;
    }
    if (good && d.users != totals->users)
        abort();
    for (uint32_t i = 0; i < d.systems; i++)
        if (directory_system_at(&d, i, &system) != DIRECTORY_OK && good)
            abort();
    for (uint32_t i = 0; i < d.users && i < 1000; i++) {
        uint16_t cursor = 0;
        if (directory_user_at(&d, i, &user) != DIRECTORY_OK) {
            if (good)
                abort();
            continue;
        }
        while (directory_next_device(&d, &user, &cursor, &device) == DIRECTORY_OK)
            ;
        if (directory_find(&d, user.userid, &again) != DIRECTORY_OK && good)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct input in = {bytes, size, false};
    const struct directory_source source = {&in, next_line, write_record, message, RECORDS};
    struct directory_totals totals;
    memset(records, 0, sizeof records);
    bool good = directory_compile(&source, memory, sizeof memory, &totals);
    if (good)
        read_all(true, &totals);
    for (size_t i = 0; i + 3 < size && i < 60; i += 4)
        records[bytes[i] % RECORDS][(bytes[i + 1] << 8 | bytes[i + 2]) % DIRECTORY_RECORD] =
            bytes[i + 3];
    read_all(false, &totals);
    return 0;
}
