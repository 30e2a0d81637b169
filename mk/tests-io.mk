# Random channel programs on disks (seed and type), here and on Hercules.
TEST_GOALS += test-io

$(BUILD)/tests/io/driver.bin: tests/io/driver.S
	@mkdir -p $(@D)
	$(call Q,AS)$(TARGET_CC) -m31 -mesa -march=z900 -c -o $(@:.bin=.o) $<
	@$(CROSS)ld -m elf_s390 -Ttext=0 --oformat binary -e 0 -o $@ $(@:.bin=.o)

$(BUILD)/tests/io/differential: tests/io/differential.c tests/io/named.c tests/io/named.h \
    tests/differential/hercules.c tests/differential/hercules.h $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(HOST_CFLAGS) -o $@ $(filter %.c,$^) $(LIBDATBOX) $(HOST_LIBS)

test-io: $(BUILD)/tests/io/differential $(BUILD)/tests/io/driver.bin   ## random channel programs against Hercules
	@mkdir -p $(BUILD)/tests/io/work
	@for disk in "370 3350" "2 3350" "3 2311" "3 2314" "5 3330" "5 3340" "5 3375" "5 3380"; do \
	    $^ $(BUILD)/tests/io/work 1200 $$disk || exit 1; done

.PHONY: test-io
