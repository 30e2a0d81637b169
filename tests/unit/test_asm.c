/* Proves: the assembler makes the code that GC33-4010 (Assembler XF) and GA22-7000 describe.  Every
 * System/370 instruction of the machine's own table is disassembled from random bytes and assembled
 * back; constants, sections, relocation, literals, USINGs, macros and conditional assembly are
 * compared with bytes written out by hand; each kind of mistake is reported once, at its statement,
 * and storage that ends at any point ends the assembly cleanly. */
#include "cms/asm/asm.h"
#include "lib/be.h"
#include "lib/ebcdic.h"
#include "s370/cpu/cpu.h"
#include "s370/cpu/insn.h"
#include "tests/unit/run_suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE  4096
#define CHUNKS_MAX 4096

/* One assembly: its input, and what came out. */
struct run {
    const char *source, *member_name, *member, *member_at;
    uint8_t text[TEXT_SIZE]; /* by address */
    bool written[TEXT_SIZE];
    char cards[8192]; /* object cards without TXT, one a line, in hexadecimal */
    char messages[8192];
    char listing[65536];
    void *chunks[CHUNKS_MAX];
    unsigned chunk_count, chunks_left;
    struct asm_result result;
};

static bool take_line(const char **at, char card[ASM_CARD + 1])
{
    if (!**at)
        return false;
    size_t n = strcspn(*at, "\n");
    ck_assert_uint_le(n, ASM_CARD);
    memcpy(card, *at, n);
    card[n] = 0;
    *at += n + ((*at)[n] == '\n');
    return true;
}

static bool read_source(void *context, char card[ASM_CARD + 1])
{
    struct run *r = context;
    return take_line(&r->source, card);
}

static bool open_member(void *context, const char *name)
{
    struct run *r = context;
    r->member_at = r->member;
    return r->member_name && !strcmp(name, r->member_name);
}

static bool read_member(void *context, char card[ASM_CARD + 1])
{
    struct run *r = context;
    return take_line(&r->member_at, card);
}

static void append(char *to, size_t size, const char *line)
{
    size_t n = strlen(to);
    snprintf(to + n, size - n, "%s\n", line);
}

static void list(void *context, const char *line)
{
    struct run *r = context;
    ck_assert_uint_le(strlen(line), ASM_LINE);
    append(r->listing, sizeof r->listing, line);
}

static void object(void *context, const uint8_t card[ASM_CARD])
{
    struct run *r = context;
    char line[2 * 72 + 1];
    if (!memcmp(card + 1, "\xe3\xe7\xe3", 3)) { /* TXT */
        uint32_t address = load_be24(card + 5), length = load_be16(card + 10);
        ck_assert_uint_le(length, 56);
        for (uint32_t i = 0; i < length && address + i < TEXT_SIZE; i++) {
            r->text[address + i] = card[16 + i];
            r->written[address + i] = true;
        }
        return;
    }
    for (unsigned i = 0; i < 72; i++)
        snprintf(line + 2 * i, 3, "%02X", card[i]);
    append(r->cards, sizeof r->cards, line);
}

static void type(void *context, const char *line)
{
    struct run *r = context;
    append(r->messages, sizeof r->messages, line);
}

static void *memory(void *context, size_t size)
{
    struct run *r = context;
    if (!r->chunks_left || r->chunk_count == CHUNKS_MAX)
        return NULL;
    r->chunks_left--;
    return r->chunks[r->chunk_count++] = malloc(size);
}

static struct run the_run;

static struct run *assemble_chunks(const char *source, const char *name, const char *member,
                                   unsigned chunks)
{
    static uint8_t table[256];
    struct run *r = &the_run;
    struct asm_options options;
    memset(r, 0, sizeof *r);
    r->source = source;
    r->member_name = name;
    r->member = member;
    r->chunks_left = chunks;
    for (unsigned i = 0; i < 256; i++)
        table[i] = latin1_to_ebcdic((uint8_t)i);
    struct asm_host host = {r,      read_source, open_member, read_member, list,
                            object, type,        memory,      table};
    asm_default_options(&options);
    options.sysparm = "PARM";
    assemble(&host, &options, &r->result);
    for (unsigned i = 0; i < r->chunk_count; i++)
        free(r->chunks[i]);
    return r;
}

static struct run *run(const char *source)
{
    return assemble_chunks(source, NULL, NULL, CHUNKS_MAX);
}

/* The program's text from address 0 must be these bytes; blanks in `hex` are ignored, .. is a byte
 * that the deck leaves out. */
static void text_is(const char *source, const char *hex)
{
    const struct run *r = run(source);
    unsigned at = 0;
    ck_assert_msg(r->result.severity == 0, "%s\n%s", source, r->messages);
    for (const char *h = hex; *h; h++) {
        if (*h == ' ')
            continue;
        unsigned byte = 0;
        if (*h != '.')
            ck_assert_int_eq(sscanf(h, "%2x", &byte), 1);
        ck_assert_msg(r->written[at] == (*h != '.'), "%s\nbyte %u", source, at);
        ck_assert_msg(*h == '.' || r->text[at] == byte, "%s\nbyte %u is %02X, not %02X", source, at,
                      r->text[at], byte);
        at++;
        h++;
    }
    ck_assert_msg(!r->written[at], "%s\nthere is more text than %u bytes", source, at);
}

/* Every row of insn.def that is System/370's. */
enum group { ONE, B2, B9, E5, OTHER };
static const struct row {
    enum group group;
    uint8_t code;
    const char *mnemonic;
    enum insn_format format;
    unsigned attributes;
} rows[] = {
#define G_ONE ONE
#define G_B2  B2
#define G_E5  E5
#define G_B9  OTHER
#define G_01  OTHER
#define G_A7  OTHER
#define G_C0  OTHER
#define G_E3  OTHER
#define G_EB  OTHER
#define INSN(group, code, name, mnemonic, format, attributes)                                      \
    {G_##group, code, mnemonic, F_##format, attributes},
#include "s370/arch/insn.def"
#undef INSN
};

/* Random fields; an index and a base wherever there is room for them, since what the disassembler
 * writes as D(B) would be read as D(X). */
static void random_instruction(uint8_t *code, const struct row *row)
{
    for (unsigned i = 0; i < 6; i++)
        code[i] = (uint8_t)(rand() >> 4);
    code[2] |= 0x10;
    code[4] |= 0x10;
    if (row->format == F_RX || row->format == F_MX)
        code[1] |= 0x01;
    code[0] = row->group == ONE ? row->code : row->group == B2 ? 0xb2 : 0xe5;
    if (row->group != ONE)
        code[1] = row->code;
    if (row->format == F_RRE || row->format == F_RRE1)
        code[2] = 0;
}

static void back_and_forth(const struct row *row)
{
    char text[80], again[80], source[200];
    uint8_t code[6];
    for (unsigned n = 0; n < 20; n++) {
        random_instruction(code, row);
        unsigned length = disassemble(code, 0, text, sizeof text);
        snprintf(source, sizeof source, " %s\n END\n", text);
        const struct run *r = run(source);
        disassemble(r->text, 0, again, sizeof again);
        ck_assert_msg(!strcmp(text, again), "%s became %s\n%s", text, again, r->messages);
        for (unsigned i = 0; i < 7; i++)
            ck_assert_msg(r->written[i] == (i < length), "%s: %u bytes, not %u", text, i, length);
    }
}

START_TEST(every_instruction)
{
    srand(370);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (!(rows[i].attributes & A_EXTENSION))
            back_and_forth(&rows[i]);
}
END_TEST

START_TEST(constants)
{
    text_is(" DC C'A''B&&',CL4'AB',CL1'XYZ',3C'*'\n END\n", "C17DC250 C1C24040 E7 5C5C5C");
    text_is(" DC X'ABC',XL3'1',2X'0F',X'01,02'\n END\n", "0ABC 000001 0F0F 0102");
    text_is(" DC B'101',B'100000001',BL1'111111110'\n END\n", "05 0101 FE");
    text_is(" DC F'1,-1',H'-32768',FL3'258',F'2147483647'\n END\n",
            "00000001 FFFFFFFF 8000 000102 000000 7FFFFFFF");
    text_is(" DC HS4'1.5',FS-2'400',F'1E3',FE2'1',F'0.5',F'-0.5'\n END\n",
            "0018 0000 00000064 000003E8 00000064 00000001 FFFFFFFF");
    text_is(" DC P'1,-23',PL4'+123',Z'-12',ZL4'7',P'1.5'\n END\n",
            "1C 023D 0000123C F1D2 F0F0F0C7 015C");
    text_is(" DC A(1),AL1(255),Y(-2),AL3(X'123456')\n END\n", "00000001 FF 00 FFFE 123456");
    text_is(" DC BL.3'101',BL.5'1',XL.4'F',AL.12(1)\n END\n", "A1 F001");
    /* What DC skips is zero, what DS skips is not there. */
    text_is(" DC X'1'\n DC F'2'\n DC X'3'\n DS 0D\n DC X'4'\n END\n",
            "01 000000 00000002 03 .............. 04");
}
END_TEST

/* By hand: 1 = .1 * 16**1; 0.1 = .1999...; the fraction is rounded. */
START_TEST(floating_point)
{
    text_is(" DC E'1,-1,0.1,100'\n END\n", "41100000 C1100000 4019999A 42640000");
    text_is(" DC D'1',D'-0.1',D'1E10'\n END\n",
            "4110000000000000 C01999999999999A 492540BE40000000");
    text_is(" DC L'1'\n END\n", "4110000000000000 3300000000000000");
    text_is(" DC E'0',D'0',EL2'255.9'\n END\n", "00000000 00000000 0000000000000000 4310");
    text_is(" DC E'7.2E75',E'5.4E-79',ES1'1'\n END\n", "7FFEB0E4 001001D1 42010000");
    text_is(" DC D'3.141592653589793238'\n END\n", "413243F6A8885A31");
}
END_TEST

START_TEST(addresses)
{
    /* The smallest displacement wins, among equals the highest register. */
    text_is("A CSECT\n USING A,12\n USING B,11\n L 1,B\n L 2,A+4(3)\n L 3,100\n"
            " L 4,4(5,6)\n L 5,4(,6)\n B A\nB DS F\n END\n",
            "5810B000 5823C004 58300064 58456004 58506004 47F0C000 ........");
    text_is("A START 0\n USING *,9,10\n LA 1,A+4097\n LA 2,A+4095\n END\n", "4110A001 41209FFF");
    text_is(" USING D,5\n MVC F2,F1\n MVC F2(3),1(4)\n MVC 2(,6),F1\n AP F1,F2(2)\n CLI F2,C'A'\n"
            "D DSECT\nF1 DS F\nF2 DS CL5\n END\n",
            "D20450045000 D20250044001 D20060025000 FA3150005004 95C15004");
    text_is("A CSECT\n USING *,15\n PUSH USING\n DROP 15\n USING *,14\n LA 1,A\n POP USING\n"
            " LA 1,A\n END\n",
            "4110E000 4110F000");
    text_is(" USING 4096,4\n LA 2,5000\n LA 3,4095\n LA 4,0\n END\n", "41204388 41300FFF 41400000");
}
END_TEST

START_TEST(statements)
{
    text_is(
        "A CSECT\nX EQU 5,7,C'Q'\n DC AL1(X,L'X)\n ORG *+2\n DC X'FF'\n ORG A\n DC X'11'\n ORG\n"
        " DC X'22'\n END\n",
        "1107....FF22");
    text_is("A CSECT\n DC X'1'\n CNOP 2,4\n BALR 1,0\n CNOP 6,8\n CCW 2,A,X'20',5\n END\n",
            "01.. 0510 0700 .. .. 0200000020000005");
    text_is("A CSECT\n USING A,1\n L 2,=F'7'\n L 3,=A(*)\n LTORG\n MVC A(2),=C'XY'\n LM 4,5,=D'1'\n"
            " L 2,=F'7'\n END\n",
            "58201008 5830100C 00000007 00000004 D2011000102C 98451020 58201028 .... "
            "4110000000000000 00000007 E7E8");
    text_is("BX OPSYN B\n BX 4(1,2)\n BNE 8(3)\n BR 14\n NOP 0\n NOPR 2\n BNOR 3\n END\n",
            "47F12004 47730008 07FE 47000000 0702 07E3");
    text_is(" ICTL 2,60,10\n  DC X'01'\n  END\n", "01");
}
END_TEST

/* A card with something in column 72. */
static const char *card(const char *text, const char *rest)
{
    static char source[600];
    snprintf(source, sizeof source, "%-71sX\n%s", text, rest);
    return source;
}

START_TEST(continuation)
{
    text_is(card(" DC  X'01',                   FIRST", "               X'02'\n END\n"), "0102");
    text_is(card("* A COMMENT", "THAT GOES ON\n DC X'03'\n END\n"), "03");
    /* Inside quotes the blanks up to column 71 count: 71 - 10 columns, and four more. */
    const struct run *r = run(card(" DC  CL70'A", "               B'\n END\n"));
    ck_assert_int_eq(r->result.severity, 0);
    ck_assert_uint_eq(r->text[0], 0xc1);
    ck_assert_uint_eq(r->text[61], 0xc2);
}
END_TEST

START_TEST(conditional_assembly)
{
    text_is("&A SETA 3\n&B SETB (&A GT 2 AND NOT (&A EQ 4))\n&C SETC 'AB'.'CDE'(2,2)\n"
            " DC AL1(&A,&B),C'&C.X'\n END\n",
            "0301 C1C2C4C5E7");
    text_is(" LCLA &I,&V(5)\n.L ANOP\n&I SETA &I+1\n&V(&I) SETA &I*&I\n AIF (&I LT 5).L\n"
            " DC AL1(&V(1),&V(3),&V(5),(&V(2)+1)*2)\n END\n",
            "0109190A");
    text_is("&C SETC 'ABC'\n AIF ('&C' LT 'ABCD' AND '&C'(1,1) EQ 'A').YES\n DC X'00'\n AGO .END\n"
            ".YES DC X'01'\n.END ANOP\n AGO (2).A,.B\n DC X'02'\n.A DC X'03'\n.B DC X'04'\n END\n",
            "0104");
    text_is("&A SETA 10-12\n&C SETC '&A'\n DC AL1(&A+5),C'&C',C'&SYSPARM'\n END\n",
            "07 F2 D7C1D9D4"); /* the sign does not come along */
    text_is("F DS 0F\nX DC CL7'A'\n&T SETC T'F.T'X.T'LATER.T'12\n&N SETA L'X+L'LATER\n"
            " DC C'&T',AL1(&N)\nLATER LM 1,2,0\n END\n",
            "C1404040404040 C6C3C9D5 0B 98120000");
}
END_TEST

START_TEST(macros)
{
    text_is(" MACRO\n&L M &A,&B,&K=9\n&L DC AL1(&A,&K),C'&B'\n MEND\n"
            "X M 1,(P,Q)\n M 2,*,K=3\n M L'X,Z\n END\n",
            "01094DD76BD85D 02035C 0109E9");
    text_is(" MACRO\n M &A,&B=7\n LCLA &N(3)\n&N(1) SETA N'&SYSLIST\n&N(2) SETA K'&A\n"
            "&N(3) SETA N'&A\n DC AL1(&N(1),&N(2),&N(3),&B)\n"
            " DC C'&SYSLIST(2)&A(2)T&SYSNDX'\n MEND\n M (X,YZ),W\n M A,B=1\n END\n",
            "02060207 E6E8E9E3F0F0F0F1 01010101 E3F0F0F0F2");
    /* A macro in a macro, MEXIT, a definition inside of one, and recursion. */
    text_is(" MACRO\n OUTER &N\n DC AL1(&N)\n AIF (&N EQ 0).OUT\n&M SETA &N-1\n OUTER &M\n MEXIT\n"
            ".OUT ANOP\n MEND\n OUTER 3\n END\n",
            "03020100");
    text_is(
        " MACRO\n MAKER\n MACRO\n MADE &X\n DC C'&X'\n MEND\n DC X'01'\n MEND\n MAKER\n MADE Q\n"
        " END\n",
        "01D8");
    text_is(" MACRO\n M\n GBLA &G\n&G SETA &G+1\n LCLA &L\n&L SETA &L+1\n DC AL1(&G,&L)\n MEND\n"
            " GBLA &G\n M\n M\n DC AL1(&G)\n END\n",
            "0101020102");
    text_is(" MACRO\n M &A\n AIF ('&A' EQ 'X').OUT\n DC C'&A'\n.OUT MEND\n M X\n M Y\n END\n",
            "E8");
    text_is("SECT CSECT\n MACRO\n M &P\n DC C'&SYSECT',C&P\n MEND\n M 'A B'\n M 'A''B'\n END\n",
            "E2C5C3E3 C140C2 E2C5C3E3 C17DC2");
    struct run *r = assemble_chunks(" LIB 5\n COPY LIB\n END\n", "LIB",
                                    " MACRO\n LIB &X\n DC AL1(&X)\n MEND\n", CHUNKS_MAX);
    ck_assert_int_eq(r->result.severity, 0);
    ck_assert_uint_eq(r->text[0], 5);
    ck_assert_uint_eq(r->result.members, 2);
}
END_TEST

/* ESD, RLD and END cards in full, written out from GC28-6538. */
START_TEST(object_cards)
{
    const struct run *r = run("MAIN START 0\n ENTRY GO\n EXTRN OUT\n WXTRN WEAK\n"
                              "GO DC A(GO,OUT-MAIN+1),V(VEE),AL3(MAIN)\n"
                              "SECOND CSECT\n DC F'1'\nCOMM COM\n DS CL5\n END GO\n");
    static const char expected[] = "02C5E2C440404040404000304040000"
                                   "1D4C1C9D54040404000000000400000"
                                   "0F"
                                   "D6E4E34040404040"
                                   "0240404040404040"
                                   "E6C5C1D240404040"
                                   "0A40404040404040"
                                   "4040404040404040\n";
    ck_assert_int_eq(r->result.severity, 0);
    ck_assert_msg(!strncmp(r->cards, expected, strlen(expected)), "%s", r->cards);
    /* VEE, SECOND behind MAIN on a doubleword, COMM; then GO as an entry of section 1. */
    ck_assert_ptr_nonnull(strstr(r->cards, "E5C5C540404040400240404040404040"
                                           "E2C5C3D6D5C440400000001040000004"
                                           "C3D6D4D4404040400500000040000005"));
    ck_assert_ptr_nonnull(strstr(r->cards, "C7D64040404040400100000040000001"));
    /* P is 1 always; A(GO) 4 bytes; OUT + and MAIN - at 4; V; three bytes at 12. */
    ck_assert_ptr_nonnull(strstr(r->cards, "02D9D3C4404040404040"
                                           "0028"
                                           "40404040"
                                           "000100010C000000"
                                           "000200010C000004"
                                           "000100010E000004"
                                           "000400011C000008"
                                           "000100010800000C"));
    ck_assert_ptr_nonnull(strstr(r->cards, "02C5D5C44000000040404040404000014040"));
}
END_TEST

START_TEST(mistakes)
{
    static const struct {
        const char *source, *message;
        int severity;
    } cases[] = {
        {" FOO 1\n END\n", "UNDEFINED OPERATION CODE - FOO", 8},
        {" L 1,X\n END\n", "UNDEFINED SYMBOL - X", 8},
        {"A DS F\nA DS F\n END\n", "SYMBOL IS ALREADY DEFINED - A", 8},
        {"1A DS F\n END\n", "INVALID SYMBOL - 1A", 8},
        {" LR 1\n END\n", "MISSING OPERAND", 8},
        {" LR 1,2,3\n END\n", "TOO MANY OPERANDS - 3", 8},
        {" LR 1,16\n END\n", "REGISTER OR MASK IS NOT 0 TO 15 - 16", 8},
        {" MR 3,4\n END\n", "REGISTER MUST BE EVEN", 8},
        {" ADR 2,3\n END\n", "REGISTER MUST BE EVEN", 8},
        {"A DS F\n L 1,A\n END\n", "NO USING COVERS THE ADDRESS", 8},
        {" L 1,4096(2,3)\n END\n", "DISPLACEMENT IS NOT 0 TO 4095", 8},
        {"A DS C\nB DS C\n USING A,1\n L 1,B\n END\n", "OPERAND IS NOT ON ITS BOUNDARY", 4},
        {" DC Q'1'\n END\n", "UNKNOWN TYPE OF CONSTANT - Q", 8},
        {" DC X'G'\n END\n", "INVALID CONSTANT - G", 8},
        {" DC H'32768'\n END\n", "CONSTANT DOES NOT FIT - 32768", 8},
        {" DC E'1E76'\n END\n", "INVALID CONSTANT - 1E76", 8},
        {" DC FL9'1'\n END\n", "INVALID LENGTH", 8},
        {" DC C'A\n END\n", "SYNTAX ERROR", 8},
        {" DS (N)F\nN EQU 2\n END\n", "SYMBOL MUST BE DEFINED BEFORE - N", 8},
        {" COPY NOSUCH\n END\n", "MEMBER NOT FOUND - NOSUCH", 8},
        {" AGO .X\n END\n", "UNDEFINED SEQUENCE SYMBOL - .X", 8},
        {" DC AL1(&X)\n END\n", "VARIABLE SYMBOL - X", 8},
        {"&A SETA 1+\n END\n", "ARITHMETIC EXPRESSION", 8},
        {" AIF (1 EQ).X\n END\n", "ARITHMETIC EXPRESSION", 8},
        {" LCLA &A(3)\n&A(4) SETA 1\n END\n", "SUBSCRIPT", 8},
        {".L AGO .L\n END\n", "LOOP", 8},
        {" MACRO\n M\n M\n MEND\n M\n END\n", "NESTED TOO DEEP - M", 12},
        {" MACRO\n M &A\n MEND\n M B=1\n END\n", "KEYWORD", 8},
        {" LR 1,2\n", "END STATEMENT IS MISSING", 4},
        {" MVC 0(257,1),0(2)\n END\n", "INVALID LENGTH", 8},
        {"A CSECT\n ORG A-1\n END\n", "ORG OUTSIDE", 8},
        {" ENTRY X\n END\n", "NOT AN ENTRY POINT OF THIS PROGRAM - X", 8},
        {" MNOTE 12,'OH'\n END\n", "12,OH", 12},
        {" L 1,=F\n END\n", "LITERAL IS NOT VALID", 8},
        {" POP USING\n END\n", "POP WITHOUT PUSH", 8},
        {"A CSECT\nB CSECT\n DC A(A*2)\n END\n", "NOT ABSOLUTE", 8},
        {" DC 16777216C'A'\n END\n", "LOCATION COUNTER OVERFLOW", 12},
        {" MEND\n END\n", "OUT OF PLACE", 8},
        {" ISEQ 11,12\n LR 1,2   02\n LR 1,2   01\n", "OUT OF SEQUENCE - 01", 4},
        {" ISEQ 12,11\n END\n", "FIELD IS NOT VALID - 12,11", 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct run *r = run(cases[i].source);
        const char *at = strstr(r->messages, cases[i].message);
        ck_assert_msg(at != NULL, "%s: wanted %s, got %s", cases[i].source, cases[i].message,
                      r->messages);
        ck_assert_msg(!strstr(at + 1, cases[i].message), "%s twice: %s", cases[i].message,
                      r->messages);
        ck_assert_int_eq(r->result.severity, cases[i].severity);
        ck_assert_msg(r->result.flagged >= 1, "%s", cases[i].source);
    }
}
END_TEST

/* What a listing shows, line by line where it matters. */
START_TEST(listing)
{
    const struct run *r =
        run(" TITLE 'T'\n MACRO\n M\n LR 1,2\n MEND\nA CSECT\n M\n PRINT NOGEN\n M\n"
            " PRINT DATA\n DC 3F'1'\n PRINT OFF\n LR 3,4\n PRINT ON\n LR 5,6\n"
            " L 1,X\n END\n");
    const char *l = r->listing;
    ck_assert_ptr_nonnull(
        strstr(l, " 000000 1812                          8+         LR    1,2\n"));
    ck_assert_ptr_nonnull(strstr(l, " 000004 0000000100000001             13  DC 3F'1'\n"
                                    " 00000C 00000001        \n"));
    ck_assert_ptr_null(strstr(l, "LR 3,4"));
    ck_assert_ptr_nonnull(strstr(l, "1856                         17  LR 5,6\n"));
    ck_assert_ptr_nonnull(strstr(l, " L 1,X\n  *** ASM003E UNDEFINED SYMBOL - X\n"));
    ck_assert_ptr_nonnull(strstr(l, "1 STATEMENT FLAGGED IN THIS ASSEMBLY, 8 WAS HIGHEST"));
}
END_TEST

/* However little storage there is, the assembler stops with severity 16 and touches no more. */
START_TEST(storage_ends)
{
    static char source[30000];
    source[0] = 0;
    for (unsigned i = 0; i < 600; i++)
        snprintf(source + strlen(source), 60, "L%u LA 1,=F'%u'\n DC A(L%u),V(E%u)\n", i, i, i, i);
    unsigned chunks = 1;
    for (; assemble_chunks(source, NULL, NULL, chunks)->result.severity == 16; chunks++)
        ck_assert_uint_lt(chunks, 100);
    ck_assert_uint_gt(chunks, 4);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("assembler");
    TCase *t = tcase_create("assembler");
    tcase_set_timeout(t, 300);
    suite_add_tcase(s, t);
    tcase_add_test(t, every_instruction);
    tcase_add_test(t, constants);
    tcase_add_test(t, floating_point);
    tcase_add_test(t, addresses);
    tcase_add_test(t, statements);
    tcase_add_test(t, continuation);
    tcase_add_test(t, conditional_assembly);
    tcase_add_test(t, macros);
    tcase_add_test(t, object_cards);
    tcase_add_test(t, mistakes);
    tcase_add_test(t, listing);
    tcase_add_test(t, storage_ends);
    return run_suite(s);
}
