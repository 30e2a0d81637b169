/* Messages: what can be wrong with a statement, and how much.  They hang on the statement's record
 * until the listing shows them under it.  Severity 4: the code is probably right; 8: it is wrong;
 * 12: a statement was left out. */
#include "cms/asm/internal.h"

static const struct {
    uint8_t severity;
    const char *text;
} messages[M_MESSAGES] = {
    [M_BAD_FIELD] = {8, "FIELD IS NOT VALID"},
    [M_UNDEFINED_OPERATION] = {8, "UNDEFINED OPERATION CODE"},
    [M_UNDEFINED_SYMBOL] = {8, "UNDEFINED SYMBOL"},
    [M_DUPLICATE_SYMBOL] = {8, "SYMBOL IS ALREADY DEFINED"},
    [M_INVALID_SYMBOL] = {8, "INVALID SYMBOL"},
    [M_SYNTAX] = {8, "SYNTAX ERROR NEAR"},
    [M_MISSING_OPERAND] = {8, "MISSING OPERAND"},
    [M_TOO_MANY_OPERANDS] = {8, "TOO MANY OPERANDS"},
    [M_REGISTER] = {8, "REGISTER OR MASK IS NOT 0 TO 15"},
    [M_EVEN_REGISTER] = {8, "REGISTER MUST BE EVEN, OR A FLOATING POINT REGISTER"},
    [M_NOT_ADDRESSABLE] = {8, "NO USING COVERS THE ADDRESS"},
    [M_DISPLACEMENT] = {8, "DISPLACEMENT IS NOT 0 TO 4095"},
    [M_VALUE_RANGE] = {8, "VALUE IS OUT OF RANGE"},
    [M_RELOCATABILITY] = {8, "EXPRESSION IS NOT ABSOLUTE, OR NOT RELOCATABLE AS IT MUST BE"},
    [M_ALIGNMENT] = {4, "OPERAND IS NOT ON ITS BOUNDARY"},
    [M_CONSTANT_TYPE] = {8, "UNKNOWN TYPE OF CONSTANT"},
    [M_CONSTANT] = {8, "INVALID CONSTANT"},
    [M_TRUNCATED] = {8, "CONSTANT DOES NOT FIT"},
    [M_LENGTH] = {8, "INVALID LENGTH"},
    [M_NOT_PREVIOUS] = {8, "SYMBOL MUST BE DEFINED BEFORE"},
    [M_NO_MEMBER] = {8, "MEMBER NOT FOUND"},
    [M_MNOTE] = {0, ""},
    [M_SEQUENCE_SYMBOL] = {8, "UNDEFINED SEQUENCE SYMBOL"},
    [M_VARIABLE] = {8, "UNDECLARED OR INVALID VARIABLE SYMBOL"},
    [M_SUBSCRIPT] = {8, "SUBSCRIPT IS MISSING, OR OUT OF RANGE"},
    [M_ARITHMETIC] = {8, "ARITHMETIC EXPRESSION IS NOT VALID NEAR"},
    [M_LOGICAL] = {8, "LOGICAL EXPRESSION IS NOT VALID NEAR"},
    [M_CHARACTER] = {8, "CHARACTER EXPRESSION IS NOT VALID NEAR"},
    [M_ACTR] = {8, "CONDITIONAL ASSEMBLY LOOP: ACTR COUNT EXCEEDED"},
    [M_MACRO_DEPTH] = {12, "MACRO CALLS ARE NESTED TOO DEEP"},
    [M_MACRO_HEADER] = {12, "MACRO DEFINITION IS NOT VALID"},
    [M_KEYWORD] = {8, "KEYWORD IS NOT IN THE PROTOTYPE, OR GIVEN TWICE"},
    [M_NO_END] = {4, "END STATEMENT IS MISSING"},
    [M_ORDER] = {8, "STATEMENT IS OUT OF PLACE"},
    [M_CONTINUATION] = {8, "CONTINUATION CARD IS NOT BLANK BEFORE COLUMN 16, OR MISSING"},
    [M_STACK] = {8, "PUSH WITHOUT ROOM, OR POP WITHOUT PUSH"},
    [M_ORG] = {8, "ORG OUTSIDE OF THE CONTROL SECTION"},
    [M_ENTRY] = {8, "NOT AN ENTRY POINT OF THIS PROGRAM"},
    [M_TOO_LONG] = {8, "TEXT IS TOO LONG"},
    [M_SEQUENCE] = {4, "CARD IS OUT OF SEQUENCE"},
    [M_NO_LABEL] = {8, "NAME FIELD IS MISSING"},
    [M_LITERAL] = {8, "LITERAL IS NOT VALID"},
    [M_SECTION] = {8, "NAME IS ALREADY USED FOR SOMETHING ELSE THAN THIS KIND OF SECTION"},
    [M_DECLARED] = {8, "VARIABLE SYMBOL IS DECLARED TWICE, OR WITH OTHER TYPE OR DIMENSION"},
    [M_EXECUTED] = {8, "OPERATION IS NOT POSSIBLE HERE"},
    [M_LOCATION] = {12, "LOCATION COUNTER OVERFLOW"},
};

static void attach(struct assembler *a, unsigned code, unsigned severity, const char *detail,
                   size_t length)
{
    struct record *r = a->record ? a->record : &a->orphan;
    struct diagnostic **last = &r->errors;

    if (length > VALUE_MAX)
        length = VALUE_MAX;
    for (; *last; last = &(*last)->next) /* both passes may see the same error */
        if ((*last)->code == code && code != M_MNOTE && strlen((*last)->detail) == length &&
            !memcmp((*last)->detail, detail, length))
            return;
    struct diagnostic *d = asm_alloc(a, sizeof(*d) + length + 1);
    if (a->out_of_storage)
        return;
    d->code = (uint16_t)code;
    d->severity = (uint8_t)severity;
    memcpy(d->detail, detail, length);
    *last = d;
    r->flags &= (uint8_t)~R_SILENT;
    if ((int)severity > a->result->severity)
        a->result->severity = (int)severity;
}

void asm_error(struct assembler *a, enum asm_message code, struct slice detail)
{
    attach(a, code, messages[code].severity, detail.at, detail.length);
}

void asm_error_text(struct assembler *a, enum asm_message code, const char *detail)
{
    attach(a, code, messages[code].severity, detail, strlen(detail));
}

/* MNOTE: its text is the message; with * it is a remark and not counted. */
void asm_note(struct assembler *a, unsigned severity, bool is_comment, const char *text, size_t n)
{
    if (!is_comment)
        attach(a, M_MNOTE, severity, text, n);
}

void asm_message_text(const struct diagnostic *d, char *line, size_t size)
{
    char letter = d->severity >= 12 ? 'S' : d->severity >= 8 ? 'E' : d->severity >= 4 ? 'W' : 'I';

    if (d->code == M_MNOTE)
        fmt(line, size, "ASM%03d%c %d,%s", d->code + 1, letter, d->severity, d->detail);
    else
        fmt(line, size, "ASM%03d%c %s%s%s", d->code + 1, letter, messages[d->code].text,
            d->detail[0] ? " - " : "", d->detail);
}
