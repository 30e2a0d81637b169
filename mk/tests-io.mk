# Random channel programs on a disk, here and on Hercules.
TEST_GOALS += test-io

$(BUILD)/tests/io/driver.bin: tests/io/driver.S
	@mkdir -p $(@D)
	$(TARGET_CC) -m31 -mesa -march=z900 -c -o $(@:.bin=.o) $<
	$(CROSS)ld -m elf_s390 -Ttext=0 --oformat binary -e 0 -o $@ $(@:.bin=.o)

$(BUILD)/tests/io/differential: tests/io/differential.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

test-io: $(BUILD)/tests/io/differential $(BUILD)/tests/io/driver.bin   ## random channel programs against Hercules
	@mkdir -p $(BUILD)/tests/io/work
	@for seed in 370 2 3 4; do $^ $(BUILD)/tests/io/work 1200 $$seed || exit 1; done

.PHONY: test-io
