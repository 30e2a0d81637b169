# The CPU against its reference: cases for every row of insn.def (tests/generator), executed by the
# machine and by a plain reading of the manual (tests/reference).

PROOF_SRC := $(wildcard tests/reference/*.c tests/generator/*.c)
GENERATOR := $(BUILD)/tests/generator

$(GENERATOR): $(PROOF_SRC) $(wildcard tests/reference/*.h tests/reference/*.def tests/generator/*.h) \
    s370/arch/insn.def $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -o $@ $(PROOF_SRC) $(LIBDATBOX) $(HOST_LIBS)

test-generator: $(GENERATOR)  ## every instruction against the reference
	@$(GENERATOR) 400

soak-generator: $(GENERATOR)  ## the same with 20,000 cases of each, in five minutes
	@for seed in 1 2 3 4 5; do $(GENERATOR) 4000 $$seed || exit 1; done

# Random instructions here and on Hercules (tests/differential).

DIFFERENTIAL := $(BUILD)/tests/differential
DIFFERENTIAL_SRC := $(wildcard tests/differential/*.c)

$(DIFFERENTIAL)/driver.bin: tests/differential/driver.S tests/differential/layout.h
	@mkdir -p $(@D)
	$(call Q,AS)$(TARGET_CC) -m31 -mesa -march=z900 -I. -c -o $(@:.bin=.o) $<
	@$(CROSS)ld -m elf_s390 -Ttext=0 --oformat binary -e 0 -o $@ $(@:.bin=.o)

$(DIFFERENTIAL)/differential: $(DIFFERENTIAL_SRC) $(wildcard tests/differential/*.h) \
    s370/arch/insn.def $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -o $@ $(DIFFERENTIAL_SRC) $(LIBDATBOX) $(HOST_LIBS)

test-differential: $(DIFFERENTIAL)/differential $(DIFFERENTIAL)/driver.bin  ## random instructions against Hercules
	@$< $(DIFFERENTIAL) $(DIFFERENTIAL)/driver.bin 100

soak-differential: $(DIFFERENTIAL)/differential $(DIFFERENTIAL)/driver.bin  ## 2000 of each, and chains
	@$< $(DIFFERENTIAL) $(DIFFERENTIAL)/driver.bin 2000 1970

TEST_GOALS += test-generator test-differential
SOAK_GOALS += soak-generator soak-differential
.PHONY: test-generator soak-generator test-differential soak-differential
