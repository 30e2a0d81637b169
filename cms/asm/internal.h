/* Between the assembler's own files.  A program goes through two passes: the first reads cards,
 * expands macros, gives every statement its place and makes a list of `struct record`; the second
 * goes through that list, makes object code and prints the listing. */
#ifndef CMS_ASM_INTERNAL_H
#define CMS_ASM_INTERNAL_H

#include "cms/asm/asm.h"
#include "lib/fmt.h"
#include "lib/str.h"

#define NAME_MAX_    8    /* of ordinary and variable symbols (&  not counted) */
#define TEXT_MAX     1024 /* label, operation or operand field of a statement */
#define VALUE_MAX    255  /* SETC value, macro operand */
#define HASH_SIZE    1024
#define VAR_HASH     32
#define USING_MAX    16
#define MACRO_DEPTH  100 /* macro calls in macro calls */
#define TERMS_MAX    4   /* control sections in one expression */
#define ARRAY_MAX    32767
#define ACTR_DEFAULT 4096

struct assembler;

/* A part of a text that stays where it is. */
struct slice {
    const char *at;
    unsigned length;
};

/* A card as it was read, without trailing blanks; COPY inserts the member's cards here. */
struct line {
    struct line *next;
    uint8_t length;
    char text[];
};

/* One logical statement: a card with its continuations, cut into its fields. */
struct statement {
    struct line *line; /* the first card; NULL if a macro made it */
    unsigned cards;
    struct slice label, operation, operands, remark;
    bool comment, macro_comment; /* * and .* in column 1 */
};

enum operation_kind {
    OP_MACHINE,   /* code, format */
    OP_ASSEMBLER, /* code: enum directive */
    OP_MACRO,
};

enum directive {
    D_CSECT,
    D_START,
    D_DSECT,
    D_COM,
    D_ENTRY,
    D_EXTRN,
    D_WXTRN,
    D_USING,
    D_DROP,
    D_EQU,
    D_ORG,
    D_LTORG,
    D_CNOP,
    D_CCW,
    D_DC,
    D_DS,
    D_TITLE,
    D_EJECT,
    D_SPACE,
    D_PRINT,
    D_PUNCH,
    D_REPRO,
    D_END,
    D_PUSH,
    D_POP,
    D_OPSYN,
    D_ICTL,
    D_ISEQ,
    D_COPY,
    /* macro language */
    D_MACRO,
    D_MEND,
    D_MEXIT,
    D_MNOTE,
    D_ANOP,
    D_AIF,
    D_AGO,
    D_ACTR,
    D_SETA,
    D_SETB,
    D_SETC,
    D_GBLA,
    D_GBLB,
    D_GBLC,
    D_LCLA,
    D_LCLB,
    D_LCLC,
};

/* How the operands of a machine instruction are written (GA22-7000: M is a mask). */
enum format {
    FMT_NONE, /* code alone */
    FMT_RR,   /* R1,R2 */
    FMT_R,    /* R1 */
    FMT_MR,   /* M1,R2 */
    FMT_BR,   /* R2; M1 is in the operation */
    FMT_I,    /* I */
    FMT_RX,   /* R1,D2(X2,B2) */
    FMT_MX,   /* M1,D2(X2,B2) */
    FMT_BX,   /* D2(X2,B2); M1 is in the operation */
    FMT_RS,   /* R1,R3,D2(B2) */
    FMT_RSH,  /* R1,D2(B2): shifts */
    FMT_SI,   /* D1(B1),I2 */
    FMT_S,    /* D2(B2) */
    FMT_SS1,  /* D1(L,B1),D2(B2) */
    FMT_SS2,  /* D1(L1,B1),D2(L2,B2) */
    FMT_SSI,  /* D1(L1,B1),D2(B2),I3 */
    FMT_SSK,  /* D1(R1,B1),D2(B2),R3 */
    FMT_SSE,  /* D1(B1),D2(B2) */
    FMT_RRE,  /* R1,R2 */
    FMT_RRE1, /* R1 */
};

struct operation {
    struct operation *next; /* in its hash chain */
    char name[NAME_MAX_ + 1];
    uint8_t kind, format, align; /* align: of the storage operand, in bytes; 0 none */
    uint8_t mask;                /* extended branches: M1 */
    uint16_t code;
    struct macro *macro;
};

enum section_kind {
    SECTION_CSECT,
    SECTION_PRIVATE,
    SECTION_DSECT,
    SECTION_COMMON,
    SECTION_EXTERN,
    SECTION_WEAK
};

struct section {
    struct section *next; /* in order of appearance */
    char name[NAME_MAX_ + 1];
    uint8_t kind;
    uint16_t esdid;                 /* 0: none (DSECT) */
    uint32_t origin, location, end; /* origin: START's operand; end: highest location */
};

struct reference {
    struct reference *next;
    uint32_t statement;
};

struct symbol {
    struct symbol *next; /* in its hash chain */
    struct symbol *entry_next;
    struct section *section; /* NULL: absolute */
    struct reference *references, *last_reference;
    uint32_t value, length, statement;
    char name[NAME_MAX_ + 1];
    char type; /* T': A C D ... I instruction, J section, M macro, T external, U */
    bool defined, duplicate, entry;
    bool ahead; /* not defined yet: type and length are known from looking ahead */
};

/* An expression's value: value + sum of count * section. */
struct value {
    int32_t value;
    unsigned terms;
    struct {
        struct section *section;
        int count;
    } term[TERMS_MAX];
    uint32_t length; /* length attribute of the first term */
    bool undefined;
};

struct literal {
    struct literal *next;
    struct slice text;    /* without = */
    struct record *owner; /* the statement, if it has a * in it: no sharing */
    uint32_t location, length;
    struct section *section;
};

struct pool {
    struct pool *next;
    struct literal *first, *last;
};

struct diagnostic {
    struct diagnostic *next;
    uint16_t code;
    uint8_t severity;
    char detail[]; /* ends with a zero */
};

enum record_flags {
    R_GENERATED = 1, /* by a macro */
    R_SILENT = 2,    /* not in the listing (PRINT OFF or NOGEN) */
    R_VALUE = 4,     /* `value` is printed as an address: EQU, USING ... */
};

/* A numbered statement between the passes. */
struct record {
    struct record *next;
    const struct line *line; /* cards for the listing; NULL: generated */
    uint16_t cards;
    uint8_t flags, gap; /* gap: bytes that DC's alignment left before `location` */
    uint32_t number;
    struct slice label, operation, operands, remark;
    const struct operation *code; /* NULL: nothing to do */
    struct section *section;
    uint32_t location, size; /* size: bytes of storage */
    uint32_t value;
    struct pool *pool; /* where its literals are; LTORG and END: to be put out here */
    struct diagnostic *errors;
};

enum variable_type { VAR_A, VAR_B, VAR_C };

struct variable {
    struct variable *next;
    struct variable *global; /* a local declaration of a global one */
    char name[NAME_MAX_];    /* without &, padded with zeros */
    uint8_t type;
    uint16_t dimension; /* 0: a scalar */
    union {
        int32_t *number;    /* VAR_A, VAR_B: dimension or 1 of them */
        struct slice *text; /* VAR_C */
    };
};

struct parameter {
    struct parameter *next;
    char name[NAME_MAX_];
    bool keyword;
    uint8_t position;     /* from 1; 0: the name field's */
    struct slice initial; /* keyword */
};

struct model {
    struct model *next;
    struct statement statement;
    const struct operation *code; /* conditional assembly and macro language only */
};

struct macro {
    char name[NAME_MAX_ + 1];
    struct parameter *parameters;
    unsigned count;
    struct model *first;
    struct slice end; /* MEND's sequence symbol */
};

struct argument {
    struct argument *next;
    const struct parameter *parameter; /* NULL: positional beyond the prototype */
    unsigned position;
    struct slice text;
};

/* A macro being expanded, or (macro NULL) the open code. */
struct call {
    struct call *outer;
    struct macro *macro;
    struct model *at;
    struct argument *arguments;
    unsigned positional; /* highest position given */
    struct variable *variables[VAR_HASH];
    uint32_t index; /* &SYSNDX */
    int32_t actr;
    char section[NAME_MAX_ + 1]; /* &SYSECT */
    unsigned depth;
};

struct using
{
    bool active;
    struct section *section; /* NULL: absolute */
    uint32_t value;
};

#define PRINT_ON   1
#define PRINT_GEN  2
#define PRINT_DATA 4
#define STACK_MAX  4

struct object {
    uint8_t card[ASM_CARD]; /* the TXT card being filled */
    uint32_t address, length, sequence;
    uint16_t esdid;
    struct relocation *relocations, *last;
};

struct relocation {
    struct relocation *next;
    uint16_t r, p;
    uint8_t flags;
    uint32_t address;
};

struct assembler {
    const struct asm_host *host;
    const struct asm_options *options;
    struct asm_result *result;
    bool second; /* pass */
    bool ended, out_of_storage;

    char *chunk; /* storage not yet used */
    size_t room;
    /* Given to a statement that wants more than its reserve when there is none: the first pass
     * ends behind it, and nothing is made of what is written here. */
    char last_resort[2 * TEXT_MAX];

    struct line *lines, **next_line; /* the open code; what follows next_line comes next */
    struct line **last_line;         /* what follows it is not read yet */
    bool source_ended;
    uint8_t begin, end, resume;         /* ICTL: columns from 1 */
    uint8_t sequence_from, sequence_to; /* ISEQ: columns that ascend; 0 none */
    char sequence[ASM_CARD];            /* the last card's */

    struct operation *operations[HASH_SIZE];
    struct symbol *symbols[HASH_SIZE];
    struct section *sections, *current;
    struct symbol *entries, **last_entry;
    uint16_t last_esdid;
    struct pool *pool;
    struct record *first, **last, *record; /* record: the current one */
    const struct record *literal_owner;    /* while a literal of its own is made */
    bool previous_only;                    /* symbols of later statements count as undefined */
    bool ahead_done;                       /* the rest of the source was searched for attributes */
    struct record orphan;                  /* takes messages that have no statement */
    uint32_t number;

    struct variable *globals[VAR_HASH];
    struct call open, *call;
    uint32_t macro_index;

    struct using usings[USING_MAX];
    struct using using_stack[STACK_MAX][USING_MAX];
    uint8_t print, print_stack[STACK_MAX];
    unsigned using_depth, print_depth;
    uint32_t start; /* START's operand */

    struct object object;
    char title[101], deck[NAME_MAX_ + 1];
    unsigned line, page;
    struct value entry_point;
    bool has_entry_point;
    uint32_t bit_count, bits; /* DC's bit fields */
    uint8_t listed[8];        /* the first bytes of the statement's code */
    uint32_t listed_length, listed_location;
    bool listed_before; /* some lines of it: PRINT DATA */
    uint32_t address1, address2;
    bool has_address1, has_address2;
    char scratch[3][TEXT_MAX + 1];
};

/* storage.c: zeroed storage that lasts until the end.  asm_room says beforehand whether there is
 * enough; without it a statement may take ASM_RESERVE bytes. */
#define ASM_RESERVE 16384
void *asm_alloc(struct assembler *a, size_t size);
bool asm_room(struct assembler *a, size_t size);
struct slice asm_keep(struct assembler *a, const char *text, size_t length);
bool slice_is(struct slice s, const char *text);
unsigned asm_hash(const char *name, size_t length, unsigned size);

/* messages.c */
enum asm_message {
    M_BAD_FIELD,
    M_UNDEFINED_OPERATION,
    M_UNDEFINED_SYMBOL,
    M_DUPLICATE_SYMBOL,
    M_INVALID_SYMBOL,
    M_SYNTAX,
    M_MISSING_OPERAND,
    M_TOO_MANY_OPERANDS,
    M_REGISTER,
    M_EVEN_REGISTER,
    M_NOT_ADDRESSABLE,
    M_DISPLACEMENT,
    M_VALUE_RANGE,
    M_RELOCATABILITY,
    M_ALIGNMENT,
    M_CONSTANT_TYPE,
    M_CONSTANT,
    M_TRUNCATED,
    M_LENGTH,
    M_NOT_PREVIOUS,
    M_NO_MEMBER,
    M_MNOTE,
    M_SEQUENCE_SYMBOL,
    M_VARIABLE,
    M_SUBSCRIPT,
    M_ARITHMETIC,
    M_LOGICAL,
    M_CHARACTER,
    M_ACTR,
    M_MACRO_DEPTH,
    M_MACRO_HEADER,
    M_KEYWORD,
    M_NO_END,
    M_ORDER,
    M_CONTINUATION,
    M_STACK,
    M_ORG,
    M_ENTRY,
    M_TOO_LONG,
    M_SEQUENCE,
    M_NO_LABEL,
    M_LITERAL,
    M_SECTION,
    M_DECLARED,
    M_EXECUTED,
    M_LOCATION,
    M_MESSAGES,
};
void asm_error(struct assembler *a, enum asm_message code, struct slice detail);
void asm_error_text(struct assembler *a, enum asm_message code, const char *detail);
void asm_note(struct assembler *a, unsigned severity, bool is_comment, const char *text, size_t n);
void asm_message_text(const struct diagnostic *d, char *line, size_t size);

/* opcodes.c */
void asm_operations(struct assembler *a);
struct operation *asm_operation(struct assembler *a, struct slice name);
struct operation *asm_add_operation(struct assembler *a, struct slice name);

/* symbols.c */
struct symbol *asm_symbol(struct assembler *a, struct slice name, bool make);
void asm_refer(struct assembler *a, struct symbol *s);
struct symbol *asm_define(struct assembler *a, struct slice label, uint32_t value,
                          struct section *section, uint32_t length, char type);
bool asm_is_symbol(struct slice s);
bool asm_symbol_start(char c);
bool asm_symbol_char(char c);
struct section *asm_section(struct assembler *a, struct slice name, enum section_kind kind);
void asm_enter_section(struct assembler *a, struct section *s);
struct section *asm_current(struct assembler *a);
void asm_advance(struct assembler *a, uint32_t size);
void asm_align(struct assembler *a, uint32_t boundary);

/* statement.c */
/* A place among lines is the address of the link to the next one. */
bool asm_read_statement(struct assembler *a, struct line ***at, struct statement *s);
struct line *asm_line(struct assembler *a, struct line **at);
/* Puts a member's lines there; false if there is none. */
bool asm_insert_member(struct assembler *a, struct line **at, struct slice name);
/* Cuts the next operand (up to a comma outside of quotes and parentheses) off *rest. */
bool asm_operand(struct slice *rest, struct slice *operand);
bool asm_quote_starts(const char *text, unsigned at, unsigned length);

/* variables.c */
struct variable *asm_variable(struct assembler *a, const char *name, size_t length);
struct variable *asm_declare(struct assembler *a, const char *name, size_t length,
                             enum variable_type type, unsigned dimension, bool global);
/* Replaces the variable symbols of `in`; false if there was an error or it is too long. */
bool asm_substitute(struct assembler *a, struct slice in, char *out, unsigned size,
                    unsigned *length);
/* Value of the variable symbol at *at (behind its &), and moves *at behind it. */
bool asm_variable_value(struct assembler *a, const char **at, const char *end, char *out,
                        unsigned size, unsigned *length);
struct argument *asm_argument(struct assembler *a, const char *name, size_t length);
bool asm_sublist(struct slice text, unsigned n, struct slice *element);
unsigned asm_sublist_count(struct slice text);
bool asm_variable_name(const char **at, const char *end, const char **name, size_t *length);
bool asm_subscript(struct assembler *a, const char **at, const char *end, int32_t *values,
                   unsigned most, unsigned *count);

/* condition.c: expressions of conditional assembly */
bool asm_arithmetic(struct assembler *a, const char **at, const char *end, int32_t *value);
bool asm_logical(struct assembler *a, const char **at, const char *end, int32_t *value);
bool asm_character(struct assembler *a, const char **at, const char *end, char *out, unsigned size,
                   unsigned *length);

/* conditional.c, macro.c */
bool asm_conditional(struct assembler *a, const struct statement *s, enum directive d);
void asm_define_macro(struct assembler *a, struct line ***at, bool library);
bool asm_library_macro(struct assembler *a, struct slice name);
void asm_call_macro(struct assembler *a, struct macro *macro, struct slice label,
                    struct slice operands);
void asm_end_macro(struct assembler *a);
void asm_go(struct assembler *a, struct slice sequence);

/* attributes.c: attributes of symbols for conditional assembly, looked up ahead if need be */
char asm_type_of(struct assembler *a, struct slice operand);
struct symbol *asm_look_ahead(struct assembler *a, struct slice name);

/* expression.c */
bool asm_expression(struct assembler *a, const char **at, const char *end, struct value *v);
bool asm_absolute(struct assembler *a, const char **at, const char *end, int32_t *value);
bool asm_self_defining(struct assembler *a, const char **at, const char *end, int32_t *value);
bool asm_is_absolute(const struct value *v);
/* The section of a simply relocatable value, else NULL. */
struct section *asm_simple_section(const struct value *v);

/* constant.c */
struct constant {
    char type;
    int32_t duplication;
    uint32_t length; /* bytes of one; bits if `bits` */
    bool bits, has_length;
    int32_t scale, exponent;
    struct slice nominal; /* without quotes or parentheses */
    bool has_nominal;
    uint32_t count; /* of values */
    uint32_t align;
};
bool asm_constant(struct assembler *a, const char **at, const char *end, struct constant *c);
uint32_t asm_constant_size(const struct constant *c); /* all of it; bits if c->bits */
void asm_define_constants(struct assembler *a, struct slice operands, bool storage_only,
                          struct slice label);
void asm_emit_constants(struct assembler *a, struct slice operands, bool storage_only);
void asm_emit_constant(struct assembler *a, const struct constant *c);

/* number.c: decimal numbers to fixed and floating point */
bool asm_fixed(struct slice text, int32_t scale, int32_t exponent, unsigned bytes, uint8_t *to,
               bool *overflow);
bool asm_float(struct slice text, int32_t scale, int32_t exponent, unsigned bytes, uint8_t *to);
bool asm_decimal_digits(struct slice text, char *digits, unsigned size, unsigned *count,
                        bool *minus);

/* literal.c */
struct literal *asm_literal(struct assembler *a, struct slice text);
void asm_place_literals(struct assembler *a, struct record *r);
void asm_emit_literals(struct assembler *a, struct record *r);
unsigned asm_literal_length(const char *at, const char *end);

/* instruction.c */
uint32_t asm_instruction_size(const struct operation *op);
void asm_find_literals(struct assembler *a, struct slice operands);
void asm_instruction(struct assembler *a, const struct record *r);
bool asm_base(struct assembler *a, const struct value *v, unsigned *base, uint32_t *displacement);

/* directives.c: what both passes do for an assembler instruction */
void asm_directive(struct assembler *a, struct record *r);
void asm_emit_directive(struct assembler *a, struct record *r);

/* object.c */
void asm_object_start(struct assembler *a);
void asm_byte(struct assembler *a, uint8_t byte);
void asm_bytes(struct assembler *a, const void *bytes, size_t n);
void asm_skip(struct assembler *a, uint32_t n);
void asm_relocate(struct assembler *a, const struct value *v, uint32_t length, char type);
uint8_t asm_esd_type(const struct section *s);
void asm_object_end(struct assembler *a);
void asm_punch(struct assembler *a, const char *text, size_t length);

/* listing.c */
void asm_list_esd(struct assembler *a);
void asm_list_record(struct assembler *a, const struct record *r);
void asm_list_literal(struct assembler *a, const struct record *r, const struct literal *l);
void asm_list_end(struct assembler *a);
void asm_list_title(struct assembler *a, struct slice text);
void asm_list_statement(struct assembler *a, const struct record *r);
void asm_list_data(struct assembler *a);
void asm_eject(struct assembler *a);
void asm_space(struct assembler *a, unsigned lines);

/* assembler.c */
struct record *asm_record(struct assembler *a, const struct statement *s,
                          const struct operation *code);

uint8_t asm_ebcdic(const struct assembler *a, char c);

#endif
