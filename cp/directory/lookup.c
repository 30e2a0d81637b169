/* Reading the object form of the directory.  Nothing in it is believed: it may come from a volume
 * that was damaged. */
#include "cp/directory/internal.h"

static enum directory_error load(struct directory *d, uint32_t record)
{
    if (d->record == record)
        return DIRECTORY_OK;
    d->record = UINT32_MAX;
    if (!d->read_record(d->context, record, d->buffer))
        return DIRECTORY_IO;
    d->record = record;
    return DIRECTORY_OK;
}

enum directory_error directory_open(struct directory *d)
{
    static const uint8_t id[4] = {0xc4, 0xd9, 0xc3, 0xe3};
    d->record = UINT32_MAX;
    enum directory_error e = load(d, 0);
    if (e != DIRECTORY_OK)
        return e;
    const struct object_header *h = (const struct object_header *)d->buffer;
    d->records = get32(h->records);
    d->users = get32(h->users);
    d->index = get32(h->index);
    d->index_records = get32(h->index_records);
    d->systems = get32(h->systems);
    if (memcmp(h->id, id, sizeof id) || get32(h->version) != DIRECTORY_VERSION ||
        d->index >= d->records || d->index_records > d->records - d->index ||
        d->users > d->index_records * INDEX_ENTRIES || d->records > 0x00ffffff ||
        d->systems > SYSTEMS_MAX)
        return DIRECTORY_DAMAGED;
    return DIRECTORY_OK;
}

static enum directory_error index_at(struct directory *d, uint32_t n, struct object_index *entry)
{
    enum directory_error e = load(d, d->index + n / INDEX_ENTRIES);
    if (e == DIRECTORY_OK)
        *entry = ((const struct object_index *)d->buffer)[n % INDEX_ENTRIES];
    return e;
}

static void password_from(struct directory_password *to, const struct object_password *from)
{
    to->kind = from->kind <= PASSWORD_NOLOG ? from->kind : PASSWORD_NONE;
    memcpy(to->mixed, from->mixed, sizeof to->mixed);
}

static char edit_character(uint8_t c)
{
    return (char)(c ? from_disk_char(c) : 0);
}

static enum directory_error decode_user(struct directory *d, const struct object_index *entry,
                                        struct directory_user *user)
{
    memset(user, 0, sizeof *user);
    user->record = get32(entry->record);
    user->offset = (uint16_t)get16(entry->offset);
    user->length = (uint16_t)get16(entry->length);
    if (user->record >= d->records || user->length < sizeof(struct object_user) ||
        user->offset + user->length > DIRECTORY_RECORD)
        return DIRECTORY_DAMAGED;
    enum directory_error e = load(d, user->record);
    if (e != DIRECTORY_OK)
        return e;
    const struct object_user *u = (const struct object_user *)(d->buffer + user->offset);
    if (memcmp(u->userid, entry->userid, sizeof u->userid))
        return DIRECTORY_DAMAGED;
    directory_from_disk(user->userid, u->userid, 8);
    password_from(&user->password, &u->password);
    user->storage = get32(u->storage);
    user->max_storage = get32(u->max_storage);
    user->classes = u->classes;
    user->priority = u->priority;
    user->line_end = edit_character(u->edit[0]);
    user->line_delete = edit_character(u->edit[1]);
    user->char_delete = edit_character(u->edit[2]);
    user->escape = edit_character(u->edit[3]);
    directory_from_disk(user->account, u->account, 8);
    directory_from_disk(user->distribution, u->distribution, 8);
    user->options = (uint16_t)get16(u->options);
    user->cpuid = get32(u->cpuid);
    user->affinity = u->affinity;
    directory_from_disk(user->ipl, u->ipl, 8);
    directory_from_disk(user->ipl_parm, u->ipl_parm, 64);
    return DIRECTORY_OK;
}

enum directory_error directory_find(struct directory *d, const char *userid,
                                    struct directory_user *user)
{
    char name[9];
    uint8_t key[8];
    if (strlen(userid) > 8 || !*userid)
        return DIRECTORY_NOT_FOUND;
    str_copy(name, userid, sizeof name);
    str_upcase(name, strlen(name));
    directory_to_disk(key, name, 8);
    uint32_t low = 0, high = d->users;
    while (low < high) {
        struct object_index entry;
        uint32_t middle = low + (high - low) / 2;
        enum directory_error e = index_at(d, middle, &entry);
        if (e != DIRECTORY_OK)
            return e;
        int order = memcmp(key, entry.userid, sizeof key);
        if (!order)
            return decode_user(d, &entry, user);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return DIRECTORY_NOT_FOUND;
}

enum directory_error directory_user_at(struct directory *d, uint32_t n, struct directory_user *user)
{
    struct object_index entry;
    if (n >= d->users)
        return DIRECTORY_NOT_FOUND;
    enum directory_error e = index_at(d, n, &entry);
    return e == DIRECTORY_OK ? decode_user(d, &entry, user) : e;
}

enum directory_error directory_system_at(struct directory *d, uint32_t n,
                                         struct directory_system *system)
{
    if (n >= d->systems)
        return DIRECTORY_NOT_FOUND;
    enum directory_error e = load(d, 0);
    if (e != DIRECTORY_OK)
        return e;
    const struct object_system *o =
        (const struct object_system *)(d->buffer + sizeof(struct object_header)) + n;
    memset(system, 0, sizeof *system);
    directory_from_disk(system->name, o->name, 8);
    directory_from_disk(system->volume, o->volume, 6);
    system->cylinder = (uint16_t)get16(o->cylinder);
    system->page = o->page;
    system->protect = o->protect;
    system->address = (uint16_t)get16(o->address);
    system->size = get32(o->size);
    memcpy(system->shared, o->shared, sizeof system->shared);
    system->ranges = o->ranges;
    if (!o->ranges || o->ranges > SYSTEM_RANGES)
        return DIRECTORY_DAMAGED;
    uint32_t pages = 0, least = 0;
    for (unsigned i = 0; i < o->ranges; i++) {
        uint32_t first = get16(o->range[i].first), last = get16(o->range[i].last);
        if (first < least || last < first || last > 4095)
            return DIRECTORY_DAMAGED;
        system->range[i].first = (uint16_t)first;
        system->range[i].last = (uint16_t)last;
        pages += last - first + 1;
        least = last + 1;
    }
    return pages > SYSTEM_PAGES ? DIRECTORY_DAMAGED : DIRECTORY_OK;
}

enum directory_error directory_find_system(struct directory *d, const char *name,
                                           struct directory_system *system)
{
    enum directory_error e;
    for (uint32_t n = 0; (e = directory_system_at(d, n, system)) == DIRECTORY_OK; n++)
        if (str_equal(name, system->name))
            break;
    return e;
}

static void decode_device(const struct object_device *o, struct directory_device *device)
{
    memset(device, 0, sizeof *device);
    device->kind = o->kind;
    device->address = (uint16_t)get16(o->address);
    directory_from_disk(device->type, o->type, 5);
    const struct directory_type *type = directory_type_find(device->type);
    switch (device->kind) {
    case DEVICE_CONSOLE:
        directory_from_disk(device->secondary, o->unit.secondary, 8);
        /* fall through */
    case DEVICE_SPOOL:
        device->spool_class = from_disk_char(o->unit.spool_class);
        device->unit = type ? (enum directory_unit)type->unit : UNIT_NONE;
        break;
    case DEVICE_MDISK:
    case DEVICE_TDISK:
        device->start = (uint16_t)get16(o->disk.start);
        device->cylinders = (uint16_t)get16(o->disk.cylinders);
        directory_from_disk(device->volume, o->disk.volume, 6);
        device->mode = o->disk.mode;
        password_from(&device->read, &o->disk.password[0]);
        password_from(&device->write, &o->disk.password[1]);
        password_from(&device->multiple, &o->disk.password[2]);
        break;
    case DEVICE_DEDICATE:
        device->real_address = (uint16_t)get16(o->dedicate.real);
        directory_from_disk(device->volume, o->dedicate.volume, 6);
        device->read_only = o->dedicate.read_only;
        break;
    case DEVICE_LINK:
        directory_from_disk(device->owner, o->link.owner, 8);
        device->owner_address = (uint16_t)get16(o->link.address);
        device->mode = o->link.mode;
        break;
    case DEVICE_SPECIAL:
        break;
    }
}

enum directory_error directory_next_device(struct directory *d, const struct directory_user *user,
                                           uint16_t *cursor, struct directory_device *device)
{
    struct object_device o = {0};
    uint32_t at = *cursor ? *cursor : sizeof(struct object_user);
    if (at >= user->length)
        return DIRECTORY_NOT_FOUND;
    enum directory_error e = load(d, user->record);
    if (e != DIRECTORY_OK)
        return e;
    const uint8_t *p = d->buffer + user->offset + at;
    if (*p < OBJECT_DEVICE_BASE || *p > sizeof o || at + *p > user->length)
        return DIRECTORY_DAMAGED;
    memcpy(&o, p, *p);
    if (o.kind < DEVICE_CONSOLE || o.kind > DEVICE_SPECIAL)
        return DIRECTORY_DAMAGED;
    decode_device(&o, device);
    *cursor = (uint16_t)(at + *p);
    return DIRECTORY_OK;
}

enum directory_error directory_find_device(struct directory *d, const struct directory_user *user,
                                           uint16_t address, struct directory_device *device)
{
    uint16_t cursor = 0;
    enum directory_error e;
    while ((e = directory_next_device(d, user, &cursor, device)) == DIRECTORY_OK)
        if (device->address == address)
            break;
    return e;
}
