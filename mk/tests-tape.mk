# IPL from tape, plain and compressed: tests/tape.

TAPE_TEST := $(BUILD)/tests/tape

$(TAPE_TEST)/ipl: tests/tape/ipl.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

$(TAPE_TEST)/ipl.bin: tests/tape/ipl.S
	@mkdir -p $(@D)
	$(TARGET_CC) -m31 -mesa -march=z900 -c -o $(@:.bin=.o) $<
	$(CROSS)ld -m elf_s390 -Ttext=0 --oformat binary -e 0 -o $@ $(@:.bin=.o)

test-tape: $(TAPE_TEST)/ipl $(TAPE_TEST)/ipl.bin   ## IPL from tape
	@$(TAPE_TEST)/ipl $(TAPE_TEST)/ipl.bin $(TAPE_TEST)/ipl.aws
	@$(TAPE_TEST)/ipl $(TAPE_TEST)/ipl.bin $(TAPE_TEST)/ipl.het

TEST_GOALS += test-tape
TEST_GOALS_SAN += test-tape
.PHONY: test-tape
