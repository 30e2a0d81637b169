/* The named cases of the differential.  On each track there are records 1 to 6, the even ones with
 * a key of four bytes F2, F4, F6, with 100 bytes of data and as many more as their number. Manuals:
 * GA26-1592 (3830), GA26-5988 (2841), GA26-3599 (2314), GA26-1661 (3880). */
#include "tests/io/named.h"

#include <stddef.h>

#define OVERFLOWING "2311 2314 3330 3330-11 3340 3340-70 3350 3375"

const struct named named_cases[] = {
    /* The head is switched at the index, before the home address. */
    {"multitrack Search HA begins with the next track", NULL, "07:0000@ B9:+ 03 06=200", 0x0c0000,
     false},
    {"multitrack Search HA, not equal: still the next track", NULL, "07:0000@ B9:@ 06=200",
     0x0c0000, false},
    {"Search HA, then a multitrack read stays on the track", NULL, "07:0000@ 39:@ 03 86=200",
     0x0c0000, false},
    {"multitrack Read HA", NULL, "07:0000@ 9A=5 06=200", 0x0c0000, false},

    /* What may stand between a search and a format write. */
    {"Read Data behind Search Key", NULL, "07:0000@ ^29:F2F2F2F2 06=200 1D:@07000010", 0x0c0000,
     false},
    {"Read Key and Data behind Search Key is of another record", NULL,
     "07:0000@ ^29:F2F2F2F2 0E=200 1D:@07000010", 0x0e8000, false},
    {"Read Key and Data behind Search ID", NULL, "07:0000@ ^31:@02 0E=200 1D:@07000010", 0x0c0000,
     false},
    {"two reads behind Search ID", NULL, "07:0000@ ^31:@02 06=200 0E=200 1D:@07000010", 0x0c0000,
     false},
    {"Erase ends the track", NULL, "07:0000@ ^31:@02 11:@03000010 1D:@04000010", 0x0e8000, false},

    /* Record overflow. */
    {"Write Special CKD writes the last record of a track", OVERFLOWING,
     "07:0000@ ^31:@02 01:@03000040 1D:@04000010", 0x0e8000, false},
    {"an overflow record without keys", OVERFLOWING,
     "07:0000@ ^31:@02 01:@03000040 07:0000@ ^31:@03 06=400", 0x0c0000, false},
    {"an overflow record with a key in its first segment", OVERFLOWING,
     "07:0000@ ^31:@02 01:@03040040 07:0000@ ^31:@03 06=400", 0x0c0000, false},
    /* The key of a later segment is not read; Hercules takes the data from a wrong place then. */
    {"an overflow record with a key in its second segment", OVERFLOWING,
     "07:0000+ ^31:+00 1D:+01040040D1D1D1D12223242526 07:0000@ ^31:@02 01:@03000040 "
     "07:0000@ ^31:@03 06=400",
     0x0c0000, true},
    {"no record overflow on a 3380", "3380", "07:0000@ ^31:@02 01:@03000040", 0x0e8000, false},

    /* Record zero is the record behind the home address, whatever its number. */
    {"record zero with another number", NULL, "1F:C0 07:0000@ ^39:@ 15:@06000008 06=200", 0x0e0008,
     true},
    /* Records have gaps; Hercules looks only whether the image of the track has room. */
    {"a record that does not fit behind others", "2311", "07:0000@ ^31:@06 1D:@07000B00", 0x0e0040,
     true},
    {"Space Count", "2311 2314 3330 3330-11 3340 3340-70 3350", "07:0000@ 0F:000010 06=200",
     0x0c0000, true},
};

const unsigned named_count = sizeof named_cases / sizeof *named_cases;
