/* CMS after IPL: where it is (bare machine or virtual), how much storage there is, console,
 * disks, PROFILE EXEC. */
#include "cms/nucleus/nucleus.h"
#include "s370/arch/lowcore.h"

#define LOWEST_STORAGE 0x40000

struct nucleus nuc;

static void set_new_psw(uint32_t at, uint32_t mask, void (*entry)(void))
{
    store_be32(page_zero + at, mask);
    store_be32(page_zero + at + 4, (uint32_t)entry);
}

static void set_page_zero(void)
{
    set_new_psw(0x58, 0, ext_entry);
    set_new_psw(0x60, 0, svc_entry);
    set_new_psw(0x68, 0, pgm_entry);
    set_new_psw(0x70, 0x00020000, NULL); /* machine check: a disabled wait */
    store_be32(page_zero + 0x74, STOP_NUCLEUS);
    set_new_psw(0x78, 0, io_entry);
    set_new_psw(NUCON_WAIT, 0xfe020000, NULL); /* all channels, wait */
    set_new_psw(NUCON_CONTINUE, 0, NULL);
    clock_limit(0);
}

static bool runs_under_cp(void)
{
    uint8_t id[8] __attribute__((aligned(8)));

    store_cpu_id(id);
    return id[0] == 0xff; /* CP stores X'FF' as the version */
}

static uint32_t find_storage_size(void)
{
    uint32_t size = LOWEST_STORAGE / 2;

    if (nuc.under_cp)
        return diagnose_60();
    /* The nucleus is in the first 128K already; sizes are multiples of 64K. */
    while (size < 0x1000000 && storage_exists(size))
        size += 0x10000;
    return size;
}

static void default_switches(void)
{
    nuc.sw.implied_exec = nuc.sw.implied_cp = nuc.sw.abbreviate = 1;
    nuc.sw.release_pages = nuc.sw.protect = 1;
    nuc.sw.loader_pages = LOADER_PAGES;
    nuc.sw.under_cp = nuc.under_cp;
    nuc.sw.storage_size = nuc.storage_size;
    for (unsigned i = 0; i < 256; i++)
        nuc.sw.input[i] = nuc.sw.output[i] = (uint8_t)i;
    nuc.system_synonyms = true;
}

static void banner(void)
{
    struct cms_clock c;

    clock_now(&c);
    console_print("datbox CMS, Release 1 - %.8s %.5s", c.date, c.time);
}

static void access_disks(bool disk_a)
{
    char replaced;
    struct cms_disk q;
    int rc = disk_access(nuc.ipl_device, 'S', 0, ACCESS_READ_ONLY, &replaced);

    if (rc)
        console_error(rc, "DMSINI112S DISK 'S(%03X)' DEVICE ERROR", nuc.ipl_device);
    if (disk_access(0x19e, 'Y', 'S', ACCESS_READ_ONLY, &replaced) == RC_OK)
        console_print("Y (19E) R/O");
    if (!disk_a)
        return;
    rc = disk_access(0x191, 'A', 0, 0, &replaced);
    if (rc == RC_NO_DISK)
        console_error(rc, "DMSACC113S DEVICE '191' NOT ATTACHED");
    else if (rc)
        console_error(rc, "DMSACC112S DISK 'A(191)' DEVICE ERROR");
    else if (disk_query('A', &q) == RC_OK && q.read_only)
        console_print("A (191) R/O");
}

static void run_profile(void)
{
    static const char profile[] = "EXEC PROFILE";
    struct cms_fileinfo info;
    struct cms_fileid id;

    memcpy(id.fn, "PROFILE ", 8);
    memcpy(id.ft, "EXEC    ", 8);
    memcpy(id.fm, "A ", 2);
    if (file_find(&id, &info) == RC_OK) {
        memcpy(nuc.recovery, profile, sizeof(profile) - 1);
        nuc.recovery_length = sizeof(profile) - 1;
    }
}

/* IPL with this PARM, of six letters?  Its first eight characters. */
static bool parm_is(const uint32_t parm[2], const char *word)
{
    return !memcmp(parm, word, 6);
}

void cms_start(uint32_t ipl_device, uint32_t parm_0, uint32_t parm_1)
{
    const uint32_t parm[2] = {parm_0, parm_1};

    set_page_zero();
    clock_start();
    nuc.under_cp = runs_under_cp();
    nuc.ipl_device = (uint16_t)ipl_device;
    nuc.storage_size = nuc.low_water = find_storage_size();
    memset(nuc.program, ' ', 8);
    if (!console_find())
        stop_nucleus(STOP_NO_CONSOLE);
    default_switches();
    if (nuc.storage_size < LOWEST_STORAGE) {
        console_print("DMSINI109S VIRTUAL STORAGE CAPACITY EXCEEDED: CMS NEEDS 256K");
        stop_nucleus(STOP_STORAGE);
    }
    storage_set_keys();
    banner();
    access_disks(!parm_is(parm, "NODISK"));
    clock_now(&nuc.command_start);
    if (!parm_is(parm, "NOPROF"))
        run_profile();
    command_loop();
}
