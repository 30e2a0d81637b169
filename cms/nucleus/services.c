/* Services, by number through SVC 203: cms/kit/services.h says what the words p[] are. */
#include "cms/nucleus/nucleus.h"

/* Parameter structures lie in the program's storage; a wild pointer gets return code 2. */
#define RC_BAD_POINTER 2

static bool readable(uint32_t address, uint32_t size)
{
    return size <= nuc.storage_size && address <= nuc.storage_size - size;
}

static int svc_command(uint32_t *p)
{
    if (!readable(p[0], p[1]))
        return RC_BAD_POINTER;
    return command_line((const char *)p[0], p[1], p[2],
                        p[2] & COMMAND_EXEC ? CALL_EXTENDED : CALL_PROGRAM);
}

static int svc_cp(uint32_t *p)
{
    if (!readable(p[0], p[1]) || (p[2] && !storage_is_program(p[2], p[3])))
        return RC_BAD_POINTER;
    return cp_command((const char *)p[0], p[1], (char *)p[2], p[3], &p[3]);
}

static int svc_get(uint32_t *p)
{
    p[1] = (uint32_t)storage_get(p[0], p[2] ? OWNER_RESIDENT : OWNER_PROGRAM);
    return p[1] ? RC_OK : RC_NO_STORAGE;
}

static int svc_free(uint32_t *p)
{
    return storage_free((void *)p[1], p[0]) ? RC_OK : RC_BAD_POINTER;
}

static int svc_write(uint32_t *p)
{
    if (!readable(p[0], p[1]))
        return RC_BAD_POINTER;
    console_write((const char *)p[0], p[1], p[2]);
    return RC_OK;
}

static int svc_read(uint32_t *p)
{
    char line[CMS_LINE_MAX];

    if (!storage_is_program(p[0], p[1]))
        return RC_BAD_POINTER;
    int length = console_read(line, p[2]);
    if (length < 0)
        return RC_WARNING;
    if ((uint32_t)length < p[1])
        p[1] = (uint32_t)length;
    memcpy((char *)p[0], line, p[1]);
    return RC_OK;
}

static int svc_stack(uint32_t *p)
{
    if (p[2] == STACK_CLEAR || p[2] == STACK_CLEAR_ALL) {
        stack_clear();
        if (p[2] == STACK_CLEAR_ALL)
            queue_clear(&nuc.typed);
        return RC_OK;
    }
    if (!readable(p[0], p[1]))
        return RC_BAD_POINTER;
    return stack_add((const char *)p[0], p[1], p[2] == STACK_LIFO) ? RC_OK : RC_NO_STORAGE;
}

static int svc_stacked(uint32_t *p)
{
    p[0] = stack_lines();
    p[1] = nuc.typed.lines;
    return RC_OK;
}

static int svc_clock(uint32_t *p)
{
    if (!storage_is_program(p[0], sizeof(struct cms_clock)))
        return RC_BAD_POINTER;
    clock_now((struct cms_clock *)p[0]);
    return RC_OK;
}

static int svc_state(uint32_t *p)
{
    if (!readable(p[0], sizeof(struct cms_fileid)) ||
        !storage_is_program(p[1], sizeof(struct cms_fileinfo)))
        return RC_BAD_POINTER;
    return file_find((const struct cms_fileid *)p[0], (struct cms_fileinfo *)p[1]);
}

static int svc_list(uint32_t *p)
{
    if (!storage_is_program(p[1], sizeof(struct cms_list)))
        return RC_BAD_POINTER;
    return file_list((char)p[0], (struct cms_list *)p[1]);
}

static int svc_rename(uint32_t *p)
{
    if (!readable(p[0], sizeof(struct cms_fileid)) || !readable(p[1], sizeof(struct cms_fileid)))
        return RC_BAD_POINTER;
    return file_rename((const struct cms_fileid *)p[0], (const struct cms_fileid *)p[1]);
}

static int svc_redate(uint32_t *p)
{
    if (!readable(p[0], sizeof(struct cms_fileid)) || !readable(p[1], 7))
        return RC_BAD_POINTER;
    return file_redate((const struct cms_fileid *)p[0], (const uint8_t *)p[1]);
}

static int svc_disk(uint32_t *p)
{
    if (!storage_is_program(p[1], sizeof(struct cms_disk)))
        return RC_BAD_POINTER;
    return disk_query((char)p[0], (struct cms_disk *)p[1]);
}

static int svc_access(uint32_t *p)
{
    char replaced;
    if (p[4] && !readable(p[4], sizeof(struct cms_fileid)))
        return RC_BAD_POINTER;
    int rc = disk_access(p[0], (char)p[1], (char)p[2], p[3], &replaced);
    struct disk *d = rc ? NULL : disk_by_letter((char)p[1]);
    if (d && p[4])
        disk_show_only(d, (const struct cms_fileid *)p[4]);

    p[4] = (uint8_t)replaced;
    return rc;
}

static int svc_release(uint32_t *p)
{
    return disk_release((char)p[0]);
}

static int svc_io(uint32_t *p)
{
    if (!storage_is_program(p[0], sizeof(struct cms_io)))
        return RC_BAD_POINTER;
    return io_run((struct cms_io *)p[0]);
}

/* What programs may not change is put back. */
static int svc_switches(uint32_t *p)
{
    struct cms_switches *s = (struct cms_switches *)p[0];

    if (p[1] == 2) {
        p[0] = (uint32_t)&nuc.sw;
        return RC_OK;
    }
    if (!storage_is_program(p[0], sizeof(*s)))
        return RC_BAD_POINTER;
    nuc.sw.user_top = storage_lowest_taken();
    nuc.sw.user_end = nuc.user_end;
    if (!p[1]) {
        *s = nuc.sw;
        return RC_OK;
    }
    struct cms_switches old = nuc.sw;
    nuc.sw = *s;
    nuc.sw.under_cp = old.under_cp;
    nuc.sw.storage_size = old.storage_size;
    nuc.sw.user_top = old.user_top;
    nuc.sw.user_end = old.user_end;
    nuc.sw.last_rc = old.last_rc;
    return RC_OK;
}

enum { RC_END_OF_CARDS = 12 };

/* In a batch job the card that begins with a slash and an asterisk ends the data. */
static int svc_card(uint32_t *p)
{
    const char *card = (const char *)p[0];
    if (!storage_is_program(p[0], p[1]))
        return RC_BAD_POINTER;
    if (p[2]) {
        card_hold(card, p[1]);
        return RC_OK;
    }
    int rc = card_read((char *)p[0], p[1], &p[1]);
    if (!rc && nuc.sw.reader_input && p[1] > 1 && card[0] == '/' && card[1] == '*')
        return RC_END_OF_CARDS;
    return rc;
}

static int svc_reader_wait(uint32_t *p)
{
    reader_wait();
    return RC_OK;
}

static int svc_punch(uint32_t *p)
{
    return readable(p[0], p[1]) ? card_punch((const char *)p[0], p[1]) : RC_BAD_POINTER;
}

static int svc_print(uint32_t *p)
{
    if (!readable(p[0], p[1]))
        return RC_BAD_POINTER;
    return printer_line((const char *)p[0], p[1], (uint8_t)p[2]);
}

static int svc_load(uint32_t *p)
{
    struct loaded l;

    if (!readable(p[0], sizeof(struct cms_fileid)))
        return RC_BAD_POINTER;
    static const uint8_t owners[] = {OWNER_PROGRAM, OWNER_RESIDENT, LOAD_USER_AREA};
    if (p[4] >= sizeof(owners))
        return RC_BAD_OPERAND;
    int rc = load_module((const struct cms_fileid *)p[0], owners[p[4]], &l);
    p[1] = l.entry;
    p[2] = l.origin;
    p[3] = l.origin + l.size;
    p[4] = l.relocatable;
    return rc;
}

static int svc_commit(uint32_t *p)
{
    struct disk *d = disk_by_letter((char)p[0]);

    if (!p[0]) {
        disk_commit_all();
        return RC_OK;
    }
    if (!d)
        return RC_NO_DISK;
    return edf_commit(&d->fs) == EDF_OK ? RC_OK : RC_IO_ERROR;
}

static int get_synonyms(uint32_t *p)
{
    uint32_t count = p[1] < nuc.synonym_count ? p[1] : nuc.synonym_count;

    if (!storage_is_program(p[0], count * sizeof(struct cms_synonym)))
        return RC_BAD_POINTER;
    memcpy((void *)p[0], nuc.synonyms, count * sizeof(struct cms_synonym));
    p[1] = count;
    return RC_OK;
}

static int svc_synonyms(uint32_t *p)
{
    if (p[1] > CMS_SYNONYMS)
        return RC_NO_STORAGE;
    if (p[2] == 2)
        return get_synonyms(p);
    if (!readable(p[0], p[1] * sizeof(struct cms_synonym)))
        return RC_BAD_POINTER;
    memcpy(nuc.synonyms, (const void *)p[0], p[1] * sizeof(struct cms_synonym));
    nuc.synonym_count = p[1];
    nuc.system_synonyms = p[2];
    return RC_OK;
}

static int svc_output_limit(uint32_t *p)
{
    if (!p[3])
        output_limit(p[0], p[1]);
    p[2] = nuc.output_exceeded;
    return RC_OK;
}

static int svc_time_limit(uint32_t *p)
{
    clock_limit(p[0]);
    return RC_OK;
}

static int svc_recovery(uint32_t *p)
{
    if (!readable(p[0], p[1]) || p[1] > sizeof(nuc.recovery))
        return RC_BAD_POINTER;
    memcpy(nuc.recovery, (const void *)p[0], p[1]);
    nuc.recovery_length = p[1];
    return RC_OK;
}

static int svc_device(uint32_t *p)
{
    struct cms_device *device = (struct cms_device *)p[1];
    struct geometry g;
    bool read_only;

    if (!storage_is_program(p[1], sizeof(*device)))
        return RC_BAD_POINTER;
    uint16_t block_size = device->block_size;
    memset(device, 0, sizeof(*device));
    device->block_size = block_size;
    if (p[0] > 0xffff || tio(p[0]) == 3)
        return RC_NO_DISK;
    device->address = (uint16_t)p[0];
    if (dasd_identify((uint16_t)p[0], &g, &read_only)) {
        device->type = g.type;
        device->model = g.model;
        device->heads = g.heads;
        device->per_track = (uint16_t)dasd_records_per_track(g.type, block_size);
        device->cylinders = dasd_cylinders((uint16_t)p[0], &g);
    }
    return RC_OK;
}

static int svc_message(uint32_t *p)
{
    return readable(p[0], p[1]) ? console_message(0, (const char *)p[0], p[1]) : RC_BAD_POINTER;
}

static int svc_screen_size(uint32_t *p)
{
    return screen_size(&p[0], &p[1], &p[2]);
}

static int svc_screen_write(uint32_t *p)
{
    return readable(p[0], p[1]) ? screen_write((const void *)p[0], p[1], (uint8_t)p[2])
                                : RC_BAD_POINTER;
}

static int svc_screen_read(uint32_t *p)
{
    return storage_is_program(p[0], p[1]) ? screen_read((void *)p[0], &p[1], (uint8_t)p[2])
                                          : RC_BAD_POINTER;
}

static int svc_program(uint32_t *p)
{
    if (p[0] < TRANSIENT_AREA || p[1] < p[0] || p[3] < p[1] || (p[2] & 1))
        return RC_BAD_OPERAND;
    if (nuc.sw.in_subset)
        return RC_NOT_IN_SUBSET;
    if (p[3] > storage_lowest_taken())
        return RC_NO_STORAGE;
    nuc.user_end = p[3] > MODULE_USER_AREA ? p[3] : 0;
    nuc.sw.module_begin = p[0];
    nuc.sw.module_end = p[1];
    nuc.sw.module_entry = p[2];
    nuc.sw.loader_table = p[4];
    return RC_OK;
}

static int svc_resident(uint32_t *p)
{
    if (p[0] >= RESIDENT_KINDS || !storage_is_program(p[2], sizeof(struct scblock)))
        return RC_BAD_POINTER;
    const struct scblock *s = resident_at((enum resident_kind)p[0], p[1]);
    if (!s)
        return RC_NOT_FOUND;
    *(struct scblock *)p[2] = *s;
    return RC_OK;
}

static int svc_filedef(uint32_t *p)
{
    if (!storage_is_program(p[1], sizeof(struct cms_filedef)))
        return RC_BAD_POINTER;
    return filedef_service(p[0], (struct cms_filedef *)p[1], p[2]);
}

static int svc_alarm(uint32_t *p)
{
    clock_alarm((uint64_t)p[0] << 32 | p[1]);
    return RC_OK;
}

static int svc_start_io(uint32_t *p)
{
    return event_start(p[0], p[1]);
}

static int svc_halt_io(uint32_t *p)
{
    hio(p[0]);
    return RC_OK;
}

static int svc_event(uint32_t *p)
{
    event_wait(p);
    return RC_OK;
}

static int svc_debug(uint32_t *p)
{
    if (p[0] > DEBUG_PUT || !storage_is_program(p[1], sizeof(struct cms_debug)))
        return RC_BAD_POINTER;
    return debug_service(p[0], (struct cms_debug *)p[1]);
}

static int (*const services[])(uint32_t *p) = {
    [SERVICE_COMMAND] = svc_command,
    [SERVICE_CP] = svc_cp,
    [SERVICE_GET] = svc_get,
    [SERVICE_FREE] = svc_free,
    [SERVICE_WRITE] = svc_write,
    [SERVICE_READ] = svc_read,
    [SERVICE_STACK] = svc_stack,
    [SERVICE_STACKED] = svc_stacked,
    [SERVICE_CLOCK] = svc_clock,
    [SERVICE_STATE] = svc_state,
    [SERVICE_LIST] = svc_list,
    [SERVICE_RENAME] = svc_rename,
    [SERVICE_DISK] = svc_disk,
    [SERVICE_ACCESS] = svc_access,
    [SERVICE_RELEASE] = svc_release,
    [SERVICE_IO] = svc_io,
    [SERVICE_SWITCHES] = svc_switches,
    [SERVICE_CARD] = svc_card,
    [SERVICE_PUNCH] = svc_punch,
    [SERVICE_PRINT] = svc_print,
    [SERVICE_LOAD] = svc_load,
    [SERVICE_COMMIT] = svc_commit,
    [SERVICE_SYNONYMS] = svc_synonyms,
    [SERVICE_RECOVERY] = svc_recovery,
    [SERVICE_DEVICE] = svc_device,
    [SERVICE_MESSAGE] = svc_message,
    [SERVICE_OUTPUT_LIMIT] = svc_output_limit,
    [SERVICE_TIME_LIMIT] = svc_time_limit,
    [SERVICE_READER_WAIT] = svc_reader_wait,
    [SERVICE_SCREEN_SIZE] = svc_screen_size,
    [SERVICE_SCREEN_WRITE] = svc_screen_write,
    [SERVICE_SCREEN_READ] = svc_screen_read,
    [SERVICE_PROGRAM] = svc_program,
    [SERVICE_RESIDENT] = svc_resident,
    [SERVICE_REDATE] = svc_redate,
    [SERVICE_FILEDEF] = svc_filedef,
    [SERVICE_ALARM] = svc_alarm,
    [SERVICE_DEBUG] = svc_debug,
    [SERVICE_START_IO] = svc_start_io,
    [SERVICE_HALT_IO] = svc_halt_io,
    [SERVICE_EVENT] = svc_event,
};

/* The most words that any service has. */
#define PARAMETER_BYTES 20

int service_run(unsigned service, uint32_t *p)
{
    if (service >= sizeof(services) / sizeof(services[0]) || !services[service])
        return RC_BAD_OPERAND;
    if (!storage_is_program((uint32_t)p, PARAMETER_BYTES))
        return RC_BAD_POINTER;
    return services[service](p);
}
