/* The data of channel programs: between the device's buffer and storage, with data
 * chaining, indirect data addressing, skipping, and reading backward.
 * GA22-7000, "Data Address", "Channel Indirect Data Addressing", "Chaining". */
#include "s370/io/internal.h"
#include "s370/machine.h"

static uint8_t check_of(enum storage_result result)
{
    return result == STORAGE_PROTECTION ? CHANNEL_PROTECTION_CHECK : CHANNEL_PROGRAM_CHECK;
}

static bool is_backward(const struct channel_program *cp)
{
    return CCW_IS_READ_BACKWARD(cp->command);
}

/* Bytes from the current one to the end of its 2K block, in the direction of the data. */
static uint32_t block_rest(const struct channel_program *cp)
{
    uint32_t offset = cp->data % STORAGE_BLOCK;
    return is_backward(cp) ? offset + 1 : STORAGE_BLOCK - offset;
}

/* Puts the next indirect address word in control.  All but the first lie at the edge of a
 * block. */
static bool next_idaw(struct channel_program *cp)
{
    uint8_t word[4];
    enum storage_result result =
        channel_fetch(&cp->machine->storage, cp->idaw, cp->key, word, sizeof word);
    if (result != STORAGE_OK) {
        cp->check |= check_of(result);
        return false;
    }
    cp->data = load_be32(word);
    uint32_t most = storage_is_extended(&cp->machine->storage) ? 0x3ffffff : 0xffffff;
    uint32_t edge = is_backward(cp) ? STORAGE_BLOCK - 1 : 0;
    if (cp->data > most || (!cp->idaw_first && cp->data % STORAGE_BLOCK != edge)) {
        cp->check |= CHANNEL_PROGRAM_CHECK;
        return false;
    }
    cp->idaw += 4;
    cp->idaw_due = cp->idaw_first = false;
    return true;
}

static void advance(struct channel_program *cp, uint32_t length)
{
    bool edge = (cp->flags & CCW_INDIRECT) && length == block_rest(cp);
    cp->data = is_backward(cp) ? cp->data - length : cp->data + length;
    cp->count -= length;
    cp->idaw_due = edge;
}

static enum storage_result store_backward(struct channel_program *cp, const uint8_t *from,
                                          uint32_t length)
{
    uint8_t reversed[STORAGE_BLOCK];
    for (uint32_t i = 0; i < length; i++)
        reversed[length - 1 - i] = from[i];
    return channel_store(&cp->machine->storage, cp->data - (length - 1), cp->key, reversed, length);
}

/* Moves the part of `length` bytes that lies in one block. Returns its length, or 0 with
 * cp->check set.  `give` and `take`: one of them is NULL. */
static uint32_t move_part(struct channel_program *cp, const uint8_t *give, uint8_t *take,
                          uint32_t length)
{
    bool skip = give && (cp->flags & CCW_SKIP);
    if (cp->idaw_due && !skip && !next_idaw(cp))
        return 0;
    if (length > cp->count)
        length = cp->count;
    if (skip) {
        cp->count -= length;
        return length;
    }
    if (length > block_rest(cp))
        length = block_rest(cp);
    enum storage_result result;
    if (take)
        result = channel_fetch(&cp->machine->storage, cp->data, cp->key, take, length);
    else if (is_backward(cp))
        result = store_backward(cp, give, length);
    else
        result = channel_store(&cp->machine->storage, cp->data, cp->key, give, length);
    if (result != STORAGE_OK) {
        cp->check |= check_of(result);
        return 0;
    }
    advance(cp, length);
    return length;
}

static uint32_t move(struct channel_program *cp, const uint8_t *give, uint8_t *take,
                     uint32_t length)
{
    uint32_t done = 0;
    cp->moved = true;
    while (done < length && !channel_exhausted(cp)) {
        uint32_t n =
            move_part(cp, give ? give + done : NULL, take ? take + done : NULL, length - done);
        if (n == 0)
            break;
        done += n;
        if (cp->count == 0 && (cp->flags & CCW_CHAIN_DATA) && !program_fetch(cp, true))
            break;
    }
    if (done < length && cp->count == 0)
        cp->wanted_more = true;
    return done;
}

uint32_t channel_give(struct channel_program *cp, const void *from, uint32_t length)
{
    return move(cp, from, NULL, length);
}

uint32_t channel_take(struct channel_program *cp, void *to, uint32_t length)
{
    return move(cp, NULL, to, length);
}

uint32_t channel_take_any(struct channel_program *cp, void *to, uint32_t length)
{
    uint32_t n = move(cp, NULL, to, length);
    cp->wanted_more = false;
    return n;
}

uint32_t channel_count(const struct channel_program *cp)
{
    return cp->count;
}

bool channel_stopped(const struct channel_program *cp)
{
    return (cp->check & ~CHANNEL_INCORRECT_LENGTH) != 0;
}

bool channel_exhausted(const struct channel_program *cp)
{
    return cp->count == 0 || channel_stopped(cp);
}
