/* A guest that others must not harm: it fills its megabyte with a pattern and looks at it for ever.
 * The external key ends it with a disabled wait: 00600D, or BAD001 if a word was not its own. */
#include <stdint.h>

#define FIRST 0x10000u
#define END   0x100000u

void guest_main(void);
void guest_interrupted(void);
extern const char guest_again[];
static uint32_t rounds;

static uint32_t pattern(uint32_t address)
{
    return address * 2654435761u + 370;
}

static void end(uint32_t address) __attribute__((noreturn));
static void end(uint32_t address)
{
    const uint64_t psw = (uint64_t)0x00020000 << 32 | address;
    __asm__ volatile("lpsw %0" : : "Q"(psw));
    __builtin_unreachable();
}

static void check(void)
{
    for (uint32_t at = FIRST; at < END; at += 4)
        if (*(volatile uint32_t *)at != pattern(at))
            end(0xbad001);
    rounds++;
}

/* The external interruption. */
void guest_interrupted(void)
{
    check();
    end(0x00600d);
}

void guest_main(void)
{
    static const uint32_t key_only = 0x00000040; /* CR0: no timers */
    static const uint32_t enabled[2] __attribute__((aligned(8))) = {0x01000000, 0};
    volatile uint32_t *external_new = (volatile uint32_t *)0x58u;
    __asm__("" : "+r"(external_new));
    for (uint32_t at = FIRST; at < END; at += 4)
        *(volatile uint32_t *)at = pattern(at);
    external_new[0] = 0;
    external_new[1] = (uint32_t)guest_again;
    __asm__ volatile("lctl %%c0,%%c0,%0" : : "Q"(key_only));
    __asm__ volatile("ssm %0" : : "Q"(enabled));
    for (;;)
        check();
}
