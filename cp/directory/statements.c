/* The statements of the directory's source, one function each.  Operands are in upper case.
 * VM/370 Planning and System Generation Guide, "Directory control statements". */
#include "cp/directory/compile.h"

#define MAX_ADDRESS 0xfffu

/* --- operands --- */

static const char *operand(const struct operands *o, unsigned n)
{
    return n < o->count ? o->word[n] : NULL;
}

static bool take_address(struct compiler *c, const char *word, uint32_t *address)
{
    if (str_hex(word, address) && *address <= MAX_ADDRESS)
        return true;
    directory_error(c, "%.16s is not a device address (000 to FFF)", word);
    return false;
}

static bool take_userid(struct compiler *c, const char *word)
{
    bool ok = strlen(word) <= 8;
    for (const char *p = word; *p; p++)
        ok = ok && (str_is_alnum(*p) || strchr("@#$_-+:", *p));
    if (!ok)
        directory_error(c, "%.24s is not a userid (1 to 8 letters, digits, @ # $ _ -)", word);
    return ok;
}

static bool take_number(struct compiler *c, const char *word, const char *what, uint32_t least,
                        uint32_t most, uint32_t *n)
{
    if (str_decimal(word, n) && *n >= least && *n <= most)
        return true;
    directory_error(c, "%.16s is not a %s (%u to %u)", word, what, (unsigned)least, (unsigned)most);
    return false;
}

static bool take_volume(struct compiler *c, const char *word)
{
    if (strlen(word) <= 6)
        return true;
    directory_error(c, "%.16s is not a volume serial number (1 to 6 characters)", word);
    return false;
}

static const struct directory_type *take_type(struct compiler *c, const char *word,
                                              enum directory_kind kind)
{
    const struct directory_type *type = directory_type_find(word);
    if (type && type->kinds & 1u << kind)
        return type;
    directory_error(c, "%.16s is not a device type for this", word);
    return NULL;
}

/* "512K", "1M": 8K to 16M, in units of 4K. */
static bool take_storage(struct compiler *c, const char *word, be32 *bytes)
{
    char digits[12];
    uint32_t n = 0, unit = 0;
    size_t length = strlen(word);
    if (length > 1 && length < sizeof digits) {
        str_copy(digits, word, length);
        unit = word[length - 1] == 'K' ? 1 : word[length - 1] == 'M' ? 1024 : 0;
    }
    if (!unit || !str_decimal(digits, &n) || n > 16384 || n * unit < 8 || n * unit > 16384 ||
        n * unit % 4) {
        directory_error(c, "%.16s is not a size of storage (8K to 16M, in units of 4K)", word);
        return false;
    }
    put32(bytes, n * unit * 1024);
    return true;
}

static bool take_password(struct compiler *c, const char *word, const char *userid,
                          const char *special, enum directory_password_kind kind,
                          struct object_password *to)
{
    if (strlen(word) > 8) {
        directory_error(c, "a password has 1 to 8 characters");
        return false;
    }
    to->kind = (uint8_t)(str_equal(word, special) ? kind : PASSWORD_SET);
    if (to->kind == PASSWORD_SET)
        directory_mix(to->mixed, userid, word);
    return true;
}

/* A line-edit character: itself, two hexadecimal digits of EBCDIC, ON, or OFF. */
static bool take_edit(struct compiler *c, const char *word, uint8_t usual, uint8_t *to)
{
    uint32_t value;
    if (str_equal(word, "ON"))
        *to = usual;
    else if (str_equal(word, "OFF"))
        *to = 0;
    else if (word[0] && !word[1])
        *to = to_disk_char(word[0]);
    else if (strlen(word) == 2 && str_hex(word, &value) && value)
        *to = (uint8_t)value;
    else {
        directory_error(
            c, "%.16s is not a line-edit character (one character, X'nn' as nn, ON, OFF)", word);
        return false;
    }
    return true;
}

/* "0-2,16-31": ascending ranges of numbers up to `most`; how many, 0 after a message. */
static unsigned take_ranges(struct compiler *c, const char *word, const char *what, uint32_t most,
                            uint16_t (*range)[2])
{
    unsigned n = 0;
    uint32_t least = 0;
    for (const char *p = word; *p && n < SYSTEM_RANGES; n++) {
        char part[12];
        size_t length = 0;
        while (p[length] && p[length] != ',')
            length++;
        str_copy(part, p, length + 1 < sizeof part ? length + 1 : sizeof part);
        p += length + (p[length] == ',');
        char *dash = (char *)strchr(part, '-');
        uint32_t first, last;
        if (dash)
            *dash++ = 0;
        if (!str_decimal(part, &first) || !str_decimal(dash ? dash : part, &last) ||
            first < least || last < first || last > most)
            break;
        least = last + 1;
        range[n][0] = (uint16_t)first;
        range[n][1] = (uint16_t)last;
        if (!*p)
            return n + 1;
    }
    directory_error(c, "%.24s are not %s: n or n-m, ascending, to %u, at most %u", word, what,
                    (unsigned)most, SYSTEM_RANGES);
    return 0;
}

/* Statements that a user may have once. */
static bool once(struct compiler *c, uint8_t which)
{
    if (c->seen & which)
        directory_error(c, "%s has this statement already", c->userid);
    c->seen |= which;
    return true;
}

/* --- statements --- */

static void do_directory(struct compiler *c, const struct operands *o)
{
    uint32_t address;
    if (c->seen_directory || c->entry_used)
        directory_error(c, "must be the first statement, and the only one of its kind");
    c->seen_directory = true;
    if (take_address(c, o->word[1], &address) && take_type(c, o->word[2], DEVICE_MDISK) &&
        take_volume(c, o->word[3])) {
        str_copy(c->totals->volume, o->word[3], sizeof c->totals->volume);
        c->totals->address = (uint16_t)address;
    }
}

/* The pages of a named system, and which of its segments are shared. */
static bool take_pages(struct compiler *c, const struct operands *o, struct object_system *s)
{
    uint16_t range[SYSTEM_RANGES][2];
    uint32_t pages = 0;
    s->ranges = (uint8_t)take_ranges(c, o->word[5], "pages", 4095, range);
    for (unsigned i = 0; i < s->ranges; i++) {
        put16(&s->range[i].first, range[i][0]);
        put16(&s->range[i].last, range[i][1]);
        pages += range[i][1] - range[i][0] + 1u;
    }
    if (pages > SYSTEM_PAGES)
        directory_error(c, "%u pages are more than %u", (unsigned)pages, SYSTEM_PAGES);
    return s->ranges && pages <= SYSTEM_PAGES;
}

static bool take_shared(struct compiler *c, const char *word, struct object_system *s)
{
    uint16_t range[SYSTEM_RANGES][2];
    unsigned n = take_ranges(c, word, "segments", 255, range);
    for (unsigned i = 0; i < n; i++)
        for (uint32_t segment = range[i][0]; segment <= range[i][1]; segment++) {
            bool saved = false;
            for (unsigned k = 0; k < s->ranges; k++)
                saved = saved || (get16(s->range[k].first) <= segment * 16 &&
                                  get16(s->range[k].last) >= segment * 16 + 15);
            if (!saved)
                directory_error(c, "segment %u (pages %u-%u) is not saved whole", (unsigned)segment,
                                (unsigned)segment * 16, (unsigned)segment * 16 + 15);
            s->shared[segment / 8] |= (uint8_t)(0x80 >> segment % 8);
        }
    return n != 0;
}

/* NAMESYS name volume cylinder page pages [SHARED segments] [VSYSADR address] [SIZE storage]
 * [PROTECT ON|OFF] */
static void do_namesys(struct compiler *c, const struct operands *o)
{
    struct object_system s;
    uint32_t cylinder, page, address;
    memset(&s, 0, sizeof s);
    s.protect = 1;
    if (strlen(o->word[1]) > 8) {
        directory_error(c, "%.16s has more than 8 characters", o->word[1]);
        return;
    }
    directory_to_disk(s.name, o->word[1], 8);
    if (!take_volume(c, o->word[2]) || !take_number(c, o->word[3], "cylinder", 1, 559, &cylinder) ||
        !take_number(c, o->word[4], "page", 0, 119, &page) || !take_pages(c, o, &s))
        return;
    directory_to_disk(s.volume, o->word[2], 6);
    put16(&s.cylinder, cylinder);
    s.page = (uint8_t)page;
    for (unsigned i = 6; i < o->count; i += 2) {
        const char *value = operand(o, i + 1);
        bool good = false;
        if (!value) {
            directory_error(c, "%.16s needs an operand", o->word[i]);
        } else if (str_equal(o->word[i], "SHARED")) {
            good = take_shared(c, value, &s);
        } else if (str_equal(o->word[i], "VSYSADR")) {
            good = take_address(c, value, &address);
            if (good)
                put16(&s.address, address);
        } else if (str_equal(o->word[i], "SIZE")) {
            good = take_storage(c, value, &s.size);
        } else if (str_equal(o->word[i], "PROTECT")) {
            good = str_equal(value, "ON") || str_equal(value, "OFF");
            s.protect = str_equal(value, "ON");
            if (!good)
                directory_error(c, "%.16s is not ON or OFF", value);
        } else {
            directory_error(c, "%.16s is not SHARED, VSYSADR, SIZE or PROTECT", o->word[i]);
        }
        if (!good)
            return;
    }
    for (uint32_t i = 0; i < c->system_count; i++)
        if (!memcmp(c->systems[i].name, s.name, sizeof s.name)) {
            directory_error(c, "there is a system %s already", o->word[1]);
            return;
        }
    if (c->system_count == SYSTEMS_MAX)
        directory_error(c, "there are more than %u systems", (unsigned)SYSTEMS_MAX);
    else
        c->systems[c->system_count++] = s;
}

static uint8_t take_classes(struct compiler *c, const char *word)
{
    static const char letters[] = "ABCDEFGH";
    uint8_t classes = 0;
    for (; *word; word++) {
        const char *at = strchr(letters, *word);
        if (at)
            classes |= DIRECTORY_CLASS(at - letters);
        else
            directory_error(c, "%c is not a privilege class (A to H)", *word);
    }
    return classes;
}

/* USER userid password [storage [maximum [classes [priority [le [ld [cd [es]]]]]]]] */
static void do_user(struct compiler *c, const struct operands *o)
{
    static const uint8_t usual[4] = {0x7b, 0x4a, 0x7c, 0x7f}; /* # cent-sign @ " */
    struct object_user u;
    const char *word;
    uint32_t n;
    memset(&u, 0, sizeof u);
    if (!c->seen_directory)
        directory_error(c, "comes before the DIRECTORY statement");
    c->seen_directory = true;
    take_userid(c, o->word[1]);
    str_copy(c->userid, o->word[1], sizeof c->userid);
    directory_to_disk(u.userid, c->userid, 8);
    take_password(c, o->word[2], c->userid, "NOLOG", PASSWORD_NOLOG, &u.password);
    put32(&u.storage, 128 * 1024);
    if ((word = operand(o, 3)))
        take_storage(c, word, &u.storage);
    u.max_storage = u.storage;
    if ((word = operand(o, 4)) && take_storage(c, word, &u.max_storage) &&
        get32(u.max_storage) < get32(u.storage))
        directory_error(c, "the maximum %s is less than the storage %s", word, o->word[3]);
    u.classes = DIRECTORY_CLASS(6);
    if ((word = operand(o, 5)))
        u.classes = take_classes(c, word);
    u.priority = 64;
    if ((word = operand(o, 6)) && take_number(c, word, "priority", 1, 99, &n))
        u.priority = (uint8_t)n;
    memcpy(u.edit, usual, sizeof u.edit);
    for (unsigned i = 0; i < 4; i++)
        if ((word = operand(o, 7 + i)))
            take_edit(c, word, usual[i], &u.edit[i]);
    directory_to_disk(u.account, c->userid, 8);
    directory_to_disk(u.distribution, c->userid, 8);
    directory_to_disk(u.ipl, "", 8);
    directory_to_disk(u.ipl_parm, "", sizeof u.ipl_parm);
    directory_begin_user(c, &u);
}

static void do_account(struct compiler *c, const struct operands *o)
{
    struct object_user *u = directory_entry(c);
    once(c, SEEN_ACCOUNT);
    for (unsigned i = 1; i < o->count; i++)
        if (strlen(o->word[i]) > 8)
            directory_error(c, "%.16s has more than 8 characters", o->word[i]);
    directory_to_disk(u->account, o->word[1], 8);
    if (o->count > 2)
        directory_to_disk(u->distribution, o->word[2], 8);
}

static void do_option(struct compiler *c, const struct operands *o)
{
    static const struct {
        const char *name;
        uint16_t bit;
    } options[] = {
        {"REALTIMER", OPTION_REALTIMER},
        {"ECMODE", OPTION_ECMODE},
        {"ISAM", OPTION_ISAM},
        {"VIRT=REAL", OPTION_VIRTREAL},
        {"ACCT", OPTION_ACCT},
        {"SVCOFF", OPTION_SVCOFF},
        {"BMX", OPTION_BMX},
        {"CPUID", OPTION_CPUID},
        {"AFFINITY", OPTION_AFFINITY},
        {"LNKNOPAS", OPTION_LNKNOPAS},
        {"STFIRST", OPTION_STFIRST},
    };
    struct object_user *u = directory_entry(c);
    for (unsigned i = 1; i < o->count; i++) {
        unsigned k = 0;
        uint32_t n = 0;
        while (k < sizeof options / sizeof options[0] && strcmp(options[k].name, o->word[i]))
            k++;
        if (k == sizeof options / sizeof options[0]) {
            directory_error(c, "there is no option %.16s", o->word[i]);
            continue;
        }
        put16(&u->options, get16(u->options) | options[k].bit);
        const char *value = operand(o, i + 1);
        if (options[k].bit == OPTION_CPUID) {
            if (!value || strlen(value) > 6 || !str_hex(value, &n))
                directory_error(c, "CPUID needs a number of up to six hexadecimal digits");
            put32(&u->cpuid, n);
            i++;
        } else if (options[k].bit == OPTION_AFFINITY) {
            if (!value || !str_hex(value, &n) || n > 63)
                directory_error(c, "AFFINITY needs the address of a processor");
            u->affinity = (uint8_t)n;
            i++;
        }
    }
}

/* IPL system [PARM words] */
static void do_ipl(struct compiler *c, const struct operands *o)
{
    struct object_user *u = directory_entry(c);
    char parm[66] = "";
    size_t used = 0;
    once(c, SEEN_IPL);
    if (strlen(o->word[1]) > 8)
        directory_error(c, "%.16s is neither a device address nor the name of a system",
                        o->word[1]);
    directory_to_disk(u->ipl, o->word[1], 8);
    if (o->count > 2 && !str_equal(o->word[2], "PARM"))
        directory_error(c, "%.16s is not PARM", o->word[2]);
    for (unsigned i = 3; i < o->count; i++) {
        size_t n = strlen(o->word[i]);
        if (used + n + 1 >= sizeof parm) {
            directory_error(c, "the parameters are longer than 64 characters");
            break;
        }
        if (used)
            parm[used++] = ' ';
        memcpy(parm + used, o->word[i], n + 1);
        used += n;
    }
    directory_to_disk(u->ipl_parm, parm, sizeof u->ipl_parm);
}

static bool take_class(struct compiler *c, const char *word, bool star, uint8_t *to)
{
    if (!word[1] && (str_is_alnum(word[0]) || (star && word[0] == '*'))) {
        *to = to_disk_char(word[0]);
        return true;
    }
    directory_error(c, "%.16s is not a spool class", word);
    return false;
}

static bool begin_device(struct compiler *c, const struct operands *o, enum directory_kind kind,
                         struct object_device *d)
{
    uint32_t address;
    memset(d, 0, sizeof *d);
    if (!take_address(c, o->word[1], &address))
        return false;
    d->kind = (uint8_t)kind;
    put16(&d->address, address);
    directory_to_disk(d->type, "", sizeof d->type);
    return true;
}

/* CONSOLE address type [class [secondary-user]] */
static void do_console(struct compiler *c, const struct operands *o)
{
    struct object_device d;
    const char *word;
    once(c, SEEN_CONSOLE);
    if (!begin_device(c, o, DEVICE_CONSOLE, &d) || !take_type(c, o->word[2], DEVICE_CONSOLE))
        return;
    directory_to_disk(d.type, o->word[2], sizeof d.type);
    d.unit.spool_class = to_disk_char('T');
    directory_to_disk(d.unit.secondary, "", 8);
    if ((word = operand(o, 3)) && !take_class(c, word, false, &d.unit.spool_class))
        return;
    if ((word = operand(o, 4)) && take_userid(c, word))
        directory_to_disk(d.unit.secondary, word, 8);
    directory_add_device(c, &d, sizeof d.unit);
}

/* SPOOL address type [class]; "2540 READER" is the same as "2540R". */
static void do_spool(struct compiler *c, const struct operands *o)
{
    struct object_device d;
    const char *name = o->word[2], *word = operand(o, 3);
    unsigned next = 3;
    if (str_equal(name, "2540") && word && (word[0] == 'R' || word[0] == 'P') && word[1]) {
        name = word[0] == 'R' ? "2540R" : "2540P";
        next = 4;
    }
    if (!begin_device(c, o, DEVICE_SPOOL, &d))
        return;
    const struct directory_type *type = take_type(c, name, DEVICE_SPOOL);
    if (!type)
        return;
    directory_to_disk(d.type, name, sizeof d.type);
    d.unit.spool_class = to_disk_char(type->unit == UNIT_READER ? '*' : 'A');
    if ((word = operand(o, next)) &&
        !take_class(c, word, type->unit == UNIT_READER, &d.unit.spool_class))
        return;
    directory_add_device(c, &d, 1);
}

/* MDISK address type T-DISK cylinders
 * MDISK address type start cylinders volume [mode [read-pw [write-pw [multiple-pw]]]] */
static void do_mdisk(struct compiler *c, const struct operands *o)
{
    struct object_device d;
    const struct directory_type *type;
    enum directory_mode mode = LINK_W;
    uint32_t start = 0, cylinders;
    bool temporary = str_equal(o->word[3], "T-DISK");
    if (!begin_device(c, o, temporary ? DEVICE_TDISK : DEVICE_MDISK, &d) ||
        !(type = take_type(c, o->word[2], DEVICE_MDISK)))
        return;
    directory_to_disk(d.type, o->word[2], sizeof d.type);
    if (!temporary && !take_number(c, o->word[3], "cylinder", 0, type->cylinders - 1u, &start))
        return;
    if (!take_number(c, o->word[4], "number of cylinders", 1, type->cylinders - start, &cylinders))
        return;
    put16(&d.disk.start, start);
    put16(&d.disk.cylinders, cylinders);
    if (temporary) {
        directory_add_device(c, &d, 4);
        return;
    }
    if (o->count < 6) {
        directory_error(c, "the volume is missing");
        return;
    }
    if (!take_volume(c, o->word[5]))
        return;
    directory_to_disk(d.disk.volume, o->word[5], 6);
    if (o->count > 6 && !directory_mode_parse(o->word[6], &mode)) {
        directory_error(c, "%.16s is not a mode (R RR W WR M MR MW)", o->word[6]);
        return;
    }
    d.disk.mode = (uint8_t)mode;
    for (unsigned i = 7; i < o->count; i++)
        if (!take_password(c, o->word[i], c->userid, "ALL", PASSWORD_ALL, &d.disk.password[i - 7]))
            return;
    directory_add_extent(c, o->word[5], start, cylinders);
    directory_add_device(c, &d, sizeof d.disk);
}

/* DEDICATE address {real-address | volume} [R/O] */
static void do_dedicate(struct compiler *c, const struct operands *o)
{
    struct object_device d;
    uint32_t real = 0;
    if (!begin_device(c, o, DEVICE_DEDICATE, &d))
        return;
    directory_to_disk(d.dedicate.volume, "", 6);
    if (str_hex(o->word[2], &real) && real <= MAX_ADDRESS)
        put16(&d.dedicate.real, real);
    else if (take_volume(c, o->word[2]))
        directory_to_disk(d.dedicate.volume, o->word[2], 6);
    else
        return;
    if (o->count > 3 && !str_equal(o->word[3], "R/O")) {
        directory_error(c, "%.16s is not R/O", o->word[3]);
        return;
    }
    d.dedicate.read_only = o->count > 3;
    directory_add_device(c, &d, sizeof d.dedicate);
}

/* LINK userid address [own-address [mode]] */
static void do_link(struct compiler *c, const struct operands *o)
{
    struct object_device d;
    enum directory_mode mode = LINK_R;
    uint32_t theirs, mine;
    memset(&d, 0, sizeof d);
    if (!take_userid(c, o->word[1]) || !take_address(c, o->word[2], &theirs))
        return;
    mine = theirs;
    if (o->count > 3 && !take_address(c, o->word[3], &mine))
        return;
    if (o->count > 4 && !directory_mode_parse(o->word[4], &mode)) {
        directory_error(c, "%.16s is not a mode (R RR W WR M MR MW)", o->word[4]);
        return;
    }
    d.kind = DEVICE_LINK;
    put16(&d.address, mine);
    directory_to_disk(d.type, "", sizeof d.type);
    directory_to_disk(d.link.owner, o->word[1], 8);
    put16(&d.link.address, theirs);
    d.link.mode = (uint8_t)mode;
    directory_add_device(c, &d, sizeof d.link);
}

static void do_special(struct compiler *c, const struct operands *o)
{
    struct object_device d;
    if (!begin_device(c, o, DEVICE_SPECIAL, &d) || !take_type(c, o->word[2], DEVICE_SPECIAL))
        return;
    directory_to_disk(d.type, o->word[2], sizeof d.type);
    directory_add_device(c, &d, 0);
}

const struct statement directory_statements[] = {
    {"DIRECTORY", 3, 3, 3, false, false, do_directory},
    {"NAMESYS", 7, 5, 13, false, false, do_namesys},
    {"USER", 1, 2, 10, false, true, do_user},
    {"ACCOUNT", 1, 1, 2, true, false, do_account},
    {"OPTION", 1, 1, 14, true, false, do_option},
    {"IPL", 1, 1, 14, true, false, do_ipl},
    {"CONSOLE", 1, 2, 4, true, false, do_console},
    {"SPOOL", 1, 2, 4, true, false, do_spool},
    {"SPECIAL", 3, 2, 3, true, false, do_special},
    {"MDISK", 1, 4, 9, true, false, do_mdisk},
    {"DEDICATE", 1, 2, 3, true, false, do_dedicate},
    {"LINK", 1, 2, 4, true, false, do_link},
    {NULL, 0, 0, 0, false, false, NULL},
};
