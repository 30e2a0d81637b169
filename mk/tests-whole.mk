# Whole programs here and on Hercules (tests/whole): in the soak test all kernels of `make bench`.

WHOLE := $(BUILD)/tests/whole
WHOLE_SRC := tests/whole/whole.c tests/differential/hercules.c
WHOLE_OWN := $(WHOLE)/system.bin -d tests/whole/cards.txt $(WHOLE)/cards.bin
WHOLE_FEW := $(WHOLE_OWN) -e $(BENCH_C)/sha1.bin
WHOLE_ALL := $(WHOLE_OWN) $(BENCH_KERNELS:%=$(BUILD)/tests/target/bench_%.bin) \
    -e $(BENCH_C_NAMES:%=$(BENCH_C)/%.bin)

$(WHOLE)/%.bin: tests/whole/%.S
	@mkdir -p $(@D)
	$(call Q,AS)$(TARGET_CC) -m31 -mesa -march=z900 -I. -c -o $(@:.bin=.o) $<
	@$(CROSS)ld -m elf_s390 -Ttext=0 --oformat binary -e 0 -o $@ $(@:.bin=.o)

$(WHOLE)/whole: $(WHOLE_SRC) tests/differential/hercules.h $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -o $@ $(WHOLE_SRC) $(LIBDATBOX) $(HOST_LIBS)

test-whole: $(WHOLE)/whole $(filter %.bin,$(WHOLE_FEW))  ## whole programs against Hercules
	@$< $(WHOLE) $(WHOLE_FEW)

soak-whole: $(WHOLE)/whole $(filter %.bin,$(WHOLE_ALL))  ## all of them
	@$< $(WHOLE) $(WHOLE_ALL)

TEST_GOALS += test-whole
SOAK_GOALS += soak-whole
.PHONY: test-whole soak-whole
