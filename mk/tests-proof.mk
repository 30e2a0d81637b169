# The CPU against its reference: cases for every row of insn.def (tests/generator), executed by the
# machine and by a plain reading of the manual (tests/reference).

PROOF_SRC := $(wildcard tests/reference/*.c tests/generator/*.c)
GENERATOR := $(BUILD)/tests/generator

$(GENERATOR): $(PROOF_SRC) $(wildcard tests/reference/*.h tests/reference/*.def tests/generator/*.h) \
    s370/cpu/insn.def $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -o $@ $(PROOF_SRC) $(LIBDATBOX) $(HOST_LIBS)

test-generator: $(GENERATOR)  ## every instruction against the reference
	@$(GENERATOR) 400

soak-generator: $(GENERATOR)  ## the same with many more cases
	@for seed in 1 2 3 4 5; do $(GENERATOR) 20000 $$seed || exit 1; done

TEST_GOALS += test-generator
SOAK_GOALS += soak-generator
.PHONY: test-generator soak-generator
