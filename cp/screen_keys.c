/* What the keys of a screen do in the modes of CP.  Source: GC20-1810, "VM/370: Terminal User's
 * Guide", "3270 Display Terminals". */
#include "cp/screen.h"

#include "cp/commands/state.h"
#include "cp/pfkeys.h"
#include "cp/vmrun.h"
#include "lib/str.h"
#include "s370/arch/codes.h"

/* What is shown again of a line where nobody is logged on: of LOGON, no more than the userid. */
static size_t without_password(const char *text, size_t length)
{
    size_t at = 0;
    if (!length || str_upper(text[0]) != 'L')
        return length;
    for (int words = 0; words < 2; words++) {
        while (at < length && text[at] == ' ')
            at++;
        while (at < length && text[at] != ' ')
            at++;
    }
    return at;
}

/* A line for CP or the guest.  While the last one was not taken it is refused, and stays. */
static void accept(struct screen *s, const uint8_t *text, size_t length, bool typed)
{
    struct terminal *t = s->t;
    bool hidden = s->hidden;
    if (t->input_ready) {
        screen_refuse(s);
        return;
    }
    if (length > TERMINAL_LINE)
        length = TERMINAL_LINE;
    terminal_typed(t, text, length);
    if (typed)
        s->erase_due = true;
    if (hidden || !t->vm)
        return;
    if (t->vm->logged_on) /* a LOGON may have a password in it */
        pf_remember(t->vm, (const char *)text, length);
    if (!t->vm->logged_on)
        length = without_password((const char *)text, length);
    if (length)
        terminal_write(t, (const char *)text, length, TERMINAL_TYPED);
}

/* The attention key: whatever is being shown has been seen. */
static void attention(struct screen *s)
{
    if (s->hold)
        screen_clear(s);
    s->t->broke = true;
    terminal_notify(s->t);
}

static void fill(struct screen *s, const char *text)
{
    size_t length = strlen(text);
    if (length > sizeof s->fill)
        length = sizeof s->fill;
    memcpy(s->fill, text, length);
    s->fill_length = (uint16_t)length;
    s->erase_due = true; /* also if the text is empty */
}

/* The cursor goes to the next tab behind it. */
static void tab(struct screen *s, const struct pf_key *key, unsigned cursor)
{
    unsigned start = screen_input_at(&s->size);
    unsigned at = cursor >= start ? cursor - start : 0;
    s->cursor = 0;
    for (unsigned i = 0; i < key->tab_count; i++)
        if (key->tabs[i] - 1u > at) {
            s->cursor = (int16_t)(key->tabs[i] - 1);
            break;
        }
}

static void pf_key(struct screen *s, unsigned number, unsigned cursor)
{
    const struct pf_key *key = s->t->vm ? pf_find(s->t->vm, number) : NULL;
    char text[TERMINAL_LINE + 1];
    if (!key || (s->hold && key->kind != PF_COPY))
        return;
    switch (key->kind) {
    case PF_IMMEDIATE:
        accept(s, (const uint8_t *)key->text, strlen(key->text), false);
        break;
    case PF_DELAYED:
        fill(s, key->text);
        break;
    case PF_TAB:
        tab(s, key, cursor);
        break;
    case PF_COPY:
        s->copy_due = true;
        break;
    case PF_RETRIEVE:
        if (pf_recall(s->t->vm, text, sizeof text))
            fill(s, text);
        break;
    default:
        break;
    }
}

static void enter(struct screen *s, const struct ds_key *key)
{
    const struct vmblok *vm = s->t->vm;
    if (s->hold && s->logo_due)
        screen_clear(s);
    else if (s->hold == HOLD_HOLDING)
        return;
    else if (s->hold && vm && !vm->set.hold)
        screen_clear(s);
    else if (s->hold) {
        clock_cancel(&s->timer);
        s->hold = HOLD_HOLDING;
    } else
        accept(s, key->text, key->length, true);
}

static void pa2(struct screen *s)
{
    struct vmblok *vm = s->t->vm;
    if (vm && vm->set.pa2_external && !s->hold)
        vm_external(vm, EXT_INTERRUPT_KEY);
    else
        screen_clear(s);
}

void screen_key(struct screen *s, const uint8_t *record, size_t length)
{
    struct ds_key key;
    if (!ds_parse_key(record, length, &key))
        return;
    if (s->mode == SCREEN_LOGO) {
        s->mode = SCREEN_CP;
        s->unformatted = true;
        if (key.aid == AID_ENTER && key.length)
            accept(s, key.text, key.length, true);
        return;
    }
    unsigned number = ds_pf_key(key.aid);
    if (number) {
        pf_key(s, number, key.cursor);
        return;
    }
    switch (key.aid) {
    case AID_ENTER:
        enter(s, &key);
        break;
    case AID_CLEAR:
        s->unformatted = true; /* the terminal has cleared it */
        screen_clear(s);
        break;
    case AID_PA1:
        attention(s);
        break;
    case AID_PA2:
        pa2(s);
        break;
    default:
        break;
    }
}
