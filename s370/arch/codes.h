/* Interruption codes.  GA22-7000, "Interruptions". */
#ifndef S370_ARCH_CODES_H
#define S370_ARCH_CODES_H

enum program_code {
    PGM_OPERATION = 0x01,
    PGM_PRIVILEGED = 0x02,
    PGM_EXECUTE = 0x03,
    PGM_PROTECTION = 0x04,
    PGM_ADDRESSING = 0x05,
    PGM_SPECIFICATION = 0x06,
    PGM_DATA = 0x07,
    PGM_FIXED_OVERFLOW = 0x08,
    PGM_FIXED_DIVIDE = 0x09,
    PGM_DECIMAL_OVERFLOW = 0x0a,
    PGM_DECIMAL_DIVIDE = 0x0b,
    PGM_EXPONENT_OVERFLOW = 0x0c,
    PGM_EXPONENT_UNDERFLOW = 0x0d,
    PGM_SIGNIFICANCE = 0x0e,
    PGM_FLOATING_DIVIDE = 0x0f,
    PGM_SEGMENT = 0x10,
    PGM_PAGE = 0x11,
    PGM_TRANSLATION = 0x12, /* translation specification */
    PGM_SPECIAL_OPERATION = 0x13,
    PGM_PSEUDO_PAGE = 0x14,       /* not of the machine: what VM/370 gives with SET PAGEX ON */
    PGM_ASN_SPECIFICATION = 0x17, /* from here to 25: dual-address-space facility */
    PGM_SPACE_SWITCH = 0x1c,      /* an event: the operation is completed */
    PGM_PC_SPECIFICATION = 0x1f,
    PGM_AFX = 0x20,
    PGM_ASX = 0x21,
    PGM_LX = 0x22,
    PGM_EX = 0x23,
    PGM_PRIMARY_AUTHORITY = 0x24,
    PGM_SECONDARY_AUTHORITY = 0x25,
    PGM_MONITOR = 0x40,
    PGM_PER = 0x80, /* or'ed to another code */
};

enum external_code {
    EXT_INTERVAL_TIMER = 0x0080,
    EXT_INTERRUPT_KEY = 0x0040,
    EXT_SIGNAL_MASK = 0x003f, /* external signals 2-7 */
    EXT_MALFUNCTION_ALERT = 0x1200,
    EXT_EMERGENCY_SIGNAL = 0x1201,
    EXT_EXTERNAL_CALL = 0x1202,
    EXT_CLOCK_COMPARATOR = 0x1004,
    EXT_CPU_TIMER = 0x1005,
};

#endif
