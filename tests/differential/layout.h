/* Where things lie in the image that both machines execute: for driver.S and for C. */
#define NEXT       0x400 /* address of the next record */
#define COUNT      0x404 /* records left */
#define OUT        0x408 /* where the next result goes */
#define SAFE       0x440 /* control registers for the driver itself */
#define DRIVER     0x500
#define RECORD     0xa00 /* the record's header, copied */
#define RESULT     0xb00 /* what the driver finds afterwards: 256 bytes, without the data */
#define KEPT       0xc00 /* what the next instruction finds: PSW, control registers */
#define SLOT       0x4100
#define TARGET     0x4280 /* of EXECUTE */
#define LANDING    0x4200 /* supervisor calls, to which branches go */
#define LANDING_TO 0x4400
#define DATA       0x5f00 /* operands: 512 bytes across a page boundary */
#define OTHER      0x7000 /* the frame that some tables have in place of page 6 */
#define TABLES     0x8000 /* sets of a segment table and a page table */
#define INPUT      0x20000

#define RECORD_SIZE 768
#define RESULT_SIZE 1024
#define KEY_COUNT   6
/* Offsets in a record: registers are first. */
#define AT_FLOATING 64
#define AT_CONTROL  96
#define AT_PSW      160
#define AT_SLOT     168
#define AT_TARGET   176
#define AT_KEYS     184
#define AT_LINK     193
#define AT_CODE     200
#define CODE_SIZE   56
#define AT_DATA     256
/* Bits of AT_LINK: the record goes on with the state that the one before has left, but for general
 * registers, code and EXECUTE's target; with its data too. */
#define LINK_STATE 1
#define LINK_DATA  2
/* Offsets in a result: registers, floating, control as in a record. */
#define AT_OLD      160
#define AT_CLASS    168
#define AT_TIME     176 /* the clock comparator */
#define AT_LOW      184 /* locations 80 to 9F */
#define AT_KEYS_NOW 216
