# Self-checking programs of the machine: tests/target/*.S (each an image of its own) and
# compiled.c, run by tests/target/runner.c on a machine under the virtual clock.

TARGET_TESTS := $(sort $(filter-out entry several_cpus spaces bench_%,$(basename $(notdir $(wildcard tests/target/*.S)))))
TARGET_IMAGES := $(TARGET_TESTS:%=$(BUILD)/tests/target/%.bin) $(BUILD)/tests/target/compiled.bin
TARGET_RUNNER := $(BUILD)/tests/target/runner

$(TARGET_RUNNER): tests/target/runner.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

$(BUILD)/tests/target/%.o: tests/target/%.S $(wildcard tests/target/*.inc) tests/target/bench_dat.S
	@mkdir -p $(@D)
	$(TARGET_CC) -m31 -mesa -march=z900 -Itests/target -c -o $@ $<

$(BUILD)/tests/target/%.bin: $(BUILD)/tests/target/%.o
	$(CROSS)ld -m elf_s390 -Ttext=0 --oformat binary -e 0 -o $@ $<

$(BUILD)/tests/target/sums: tests/target/compiled.c
	@mkdir -p $(@D)
	$(HOSTCC) -std=gnu11 -O1 -fno-strict-aliasing -o $@ $<

$(BUILD)/tests/target/compiled_sums.h: $(BUILD)/tests/target/sums
	$< > $@

# -O2 besides the -Os of CP and CMS: other instructions are chosen.
$(BUILD)/tests/target/compiled.bin: tests/target/compiled.c tests/target/entry.S \
    tests/target/flat.ld $(BUILD)/tests/target/compiled_sums.h
	$(TARGET_CC) $(TARGET_CFLAGS) -fno-strict-aliasing -I$(BUILD)/tests/target -c \
	    -o $(BUILD)/tests/target/compiled.o tests/target/compiled.c
	$(TARGET_CC) $(TARGET_CFLAGS) -c -o $(BUILD)/tests/target/entry.o tests/target/entry.S
	$(TARGET_CC) $(TARGET_LDFLAGS) -T tests/target/flat.ld -o $(@:.bin=.elf) \
	    $(BUILD)/tests/target/entry.o $(BUILD)/tests/target/compiled.o $(TARGET_LIBGCC)
	$(CROSS)objcopy -O binary $(@:.bin=.elf) $@

test-target: $(TARGET_RUNNER) $(TARGET_IMAGES)   ## self-checking programs of the machine
	@$(TARGET_RUNNER) $(TARGET_IMAGES)

# Several CPUs need the machine's loop: by a script.
test-cpus: host $(BUILD)/tests/target/several_cpus.bin  ## a program on four CPUs
	@printf 'MAINSIZE 1\nNUMCPU 4\n' > $(BUILD)/tests/target/several.conf
	@printf 'loadcore %s\nrestart\nwait 20\ncpu\nquit\n' $(BUILD)/tests/target/several_cpus.bin \
	    > $(BUILD)/tests/target/several.script
	@for clock in virtual host; do \
	    $(BUILD)/datbox run -c $(BUILD)/tests/target/several.conf --clock $$clock \
	        --script $(BUILD)/tests/target/several.script > $(BUILD)/tests/target/several.log || exit 1; \
	    grep -q 'PSW=000A0000 00000000' $(BUILD)/tests/target/several.log || \
	        { cat $(BUILD)/tests/target/several.log; exit 1; }; \
	done; echo "several CPUs: ok"

# Control instructions, two address spaces and keys, here and on Hercules.
SPACES_SRC := tests/target/spaces.c tests/differential/hercules.c

$(BUILD)/tests/target/spaces: $(SPACES_SRC) tests/target/spaces.h tests/differential/hercules.h $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -o $@ $(SPACES_SRC) $(LIBDATBOX) $(HOST_LIBS)

test-spaces: $(BUILD)/tests/target/spaces $(BUILD)/tests/target/spaces.bin  ## two address spaces against Hercules
	@mkdir -p $(BUILD)/tests/spaces
	@$< $(BUILD)/tests/spaces $(BUILD)/tests/target/spaces.bin 8000 370

# What the compiler emits is what the machine has; and no source masks with 31 bits, which
# the compiler would make into LOAD ADDRESS: that clears eight bits more here.
$(BUILD)/tests/target/objects: tests/target/objects.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

test-objects: $(BUILD)/tests/target/objects  ## target objects have only instructions of the machine
	@$(CROSS)objdump -d $$(find $(BUILD)/target -name '*.o') | $<
	@! grep -rnE '& *\(?(0x7fffffff|INT32_MAX|INT_MAX|~0x80000000)' cp cms spool lib --include='*.[chS]'

# Measures; the numbers are in docs/performance.md.
$(BUILD)/tests/target/bench: tests/target/bench.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

# Kernels in C: on the host first, whose result the machine's program must reach too.
BENCH_C_NAMES := $(filter-out native,$(basename $(notdir $(wildcard tests/target/bench_c/*.c))))
BENCH_C := $(BUILD)/tests/target/bench_c

$(BENCH_C)/%.native: tests/target/bench_c/%.c tests/target/bench_c/native.c tests/target/bench_c/kernel.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=gnu11 -O2 $(WARN) -I. -o $@ $< tests/target/bench_c/native.c

$(BENCH_C)/%.expected: $(BENCH_C)/%.native
	$< | cut -d' ' -f1 > $@

$(BENCH_C)/%.bin: tests/target/bench_c/%.c $(BENCH_C)/%.expected tests/target/bench_c/start.S \
    tests/target/bench_c/kernel.h tests/target/flat.ld
	$(TARGET_CC) $(filter-out -Os -fexec-charset=%,$(TARGET_CFLAGS)) -O2 -c -o $(@:.bin=.o) $<
	$(TARGET_CC) $(TARGET_CFLAGS) -DEXPECTED=$$(cat $(@:.bin=.expected)) -c -o $(@:.bin=.start.o) \
	    tests/target/bench_c/start.S
	$(TARGET_CC) $(TARGET_LDFLAGS) -T tests/target/flat.ld -o $(@:.bin=.elf) $(@:.bin=.start.o) \
	    $(@:.bin=.o) $(TARGET_LIBGCC)
	$(CROSS)objcopy -O binary $(@:.bin=.elf) $@

BENCH_KERNELS := integer storage loop move decimal float svc trap modify dat dat_off dat_misses
BENCH_IMAGES := $(BENCH_KERNELS:%=$(BUILD)/tests/target/bench_%.bin) $(BENCH_C_NAMES:%=$(BENCH_C)/%.bin)

bench: bench-cpu
bench-cpu: $(BUILD)/tests/target/bench $(BENCH_IMAGES)  ## measure the CPU, beside Hercules too
	@bash tests/target/bench.sh $(BUILD) $(BENCH_KERNELS) $(BENCH_C_NAMES:%=bench_c/%)

TEST_GOALS += test-target test-cpus test-spaces test-objects
TEST_GOALS_SAN += test-target test-cpus
.PHONY: bench bench-cpu test-objects test-target test-spaces
