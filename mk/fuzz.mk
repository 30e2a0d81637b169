# Fuzz targets (libFuzzer, clang): tests/fuzz/fuzz_*.c, each linked with the library
# compiled with the fuzzer's instrumentation.  tests/fuzz/corpus/NAME holds inputs that have
# reached something: a run begins with them.
#
#     make fuzz                       each target for FUZZ_SECONDS; FUZZ_NAMES="fuzz_gdb" chooses
#     make fuzz-keep                  puts what it has found, minimized, into tests/fuzz/corpus
#     make test-fuzz                  each for a fixed number of inputs from a fixed seed
#
# A finding lies in $(BUILD)/fuzz/NAME-*, and is tried again with $(BUILD)/fuzz/NAME FILE.

FUZZ_SECONDS ?= 600
# Of one input, in seconds; more for a run at a low priority on a busy machine.
FUZZ_TIMEOUT ?= 10
FUZZ_RUNS ?= 6000
# Those that run a whole machine, or turn to the host much, are slower.
FUZZ_RUNS_fuzz_saved := 1000
FUZZ_RUNS_fuzz_script := 1500
FUZZ_RUNS_fuzz_asm := 1000
FUZZ_RUNS_fuzz_exec := 1500
FUZZ_RUNS_fuzz_2703 := 2000
FUZZ_RUNS_fuzz_gdb := 1500
FUZZ_RUNS_fuzz_repair := 300
FUZZ_RUNS_fuzz_edf := 1000
FUZZ_RUNS_fuzz_cdf := 1500
FUZZ_RUNS_fuzz_ckd_files := 300
FUZZ_RUNS_fuzz_cfba := 4000
FUZZ_RUNS_fuzz_deck_socket := 4000
FUZZ_RUNS_fuzz_tn_client := 3000
FUZZ_CC := clang
FUZZ_CFLAGS := $(HOST_CFLAGS) -fsanitize=fuzzer-no-link,address,undefined \
    -fno-sanitize-recover=undefined
FUZZ_NAMES ?= $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(FUZZ_NAMES:%=$(BUILD)/fuzz/%)
# What they need of the library; a target for another room adds it here.
FUZZ_SRC := tools/volume/cms_check.c tools/volume/cdf_check.c tools/volume/cms_repair.c tools/volume/edf_repair.c tools/volume/cdf_repair.c tools/batch_manifest.c tools/monitor_print.c tools/monitor_stream.c \
    $(filter-out lib/memory.c,$(wildcard lib/*.c)) \
    consoles/term/macro.c consoles/term/keys.c consoles/term/tn_client.c consoles/term/paper.c \
    consoles/tn3270.c consoles/panel_frame.c $(wildcard consoles/screen*.c) \
    $(wildcard dat/*.c s370/*.c s370/cpu/*.c s370/io/*.c s370/devices/*.c s370/media/*.c s370/operator/*.c) \
    $(wildcard spool/*.c spool/nje/*.c spool/rscs/*.c cms/fs/*.c cms/ddr/*.c cms/exec/*.c cms/exec2/*.c cms/transfer/*.c cms/asm/*.c cms/load/*.c cms/library/*.c cms/copy/*.c cms/names/*.c cms/os/*.c cms/update/*.c cp/directory/*.c)
FUZZ_OBJ := $(FUZZ_SRC:%.c=$(BUILD)/fuzz/host/%.o)
FUZZ_LIB := $(BUILD)/fuzz/libdatbox.a
FUZZ_KEPT := tests/fuzz/corpus
FUZZ_FOUND := $(BUILD)/fuzz/corpus
# Of two inputs that reach the same code, the shorter one is kept, however often it gets there.
FUZZ_MERGE := -merge=1 -use_counters=0 -timeout=10

TEST_GOALS += test-fuzz

fuzz: $(FUZZ_BIN)          ## fuzz for FUZZ_SECONDS (600) each
	@set -e; for t in $(FUZZ_NAMES); do echo "== $$t"; mkdir -p $(FUZZ_FOUND)/$$t $(FUZZ_KEPT)/$$t; \
	    $(BUILD)/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -timeout=$(FUZZ_TIMEOUT) -print_final_stats=1 \
	    -verbosity=0 -artifact_prefix=$(BUILD)/fuzz/$$t- $(FUZZ_FOUND)/$$t $(FUZZ_KEPT)/$$t; done

fuzz-keep: $(FUZZ_BIN)     ## keep what fuzzing has found, in tests/fuzz/corpus
	@set -e; for t in $(FUZZ_NAMES); do new=$(BUILD)/fuzz/kept/$$t; rm -rf $$new; \
	    mkdir -p $$new $(FUZZ_FOUND)/$$t $(FUZZ_KEPT)/$$t; \
	    $(BUILD)/fuzz/$$t $(FUZZ_MERGE) -verbosity=0 $$new $(FUZZ_KEPT)/$$t $(FUZZ_FOUND)/$$t; \
	    rm -rf $(FUZZ_KEPT)/$$t; cp -r $$new $(FUZZ_KEPT)/$$t; \
	    echo "$$t: $$(ls $$new | wc -l) inputs kept"; done

# What a run finds goes to a directory that the next one begins without.
test-fuzz: $(FUZZ_BIN)     ## a short fuzz run, the same each time
	@set -e; $(foreach t,$(FUZZ_NAMES),echo "== $(t)"; rm -rf $(BUILD)/fuzz/new; \
	    mkdir -p $(BUILD)/fuzz/new $(FUZZ_KEPT)/$(t); \
	    $(BUILD)/fuzz/$(t) -seed=370 -runs=$(or $(FUZZ_RUNS_$(t)),$(FUZZ_RUNS)) -timeout=10 \
	    -verbosity=0 -artifact_prefix=$(BUILD)/fuzz/$(t)- $(BUILD)/fuzz/new $(FUZZ_KEPT)/$(t);)

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_LIB)
	@mkdir -p $(@D)
	$(call Q,LD)$(FUZZ_CC) $(FUZZ_CFLAGS) -Itests/fuzz -fsanitize=fuzzer -o $@ $< $(FUZZ_LIB) $(HOST_LIBS)

$(FUZZ_LIB): $(FUZZ_OBJ)
	@rm -f $@
	$(call Q,AR)ar rcs $@ $^

$(BUILD)/fuzz/host/%.o: %.c
	@mkdir -p $(@D)
	$(call Q,CC)$(FUZZ_CC) $(FUZZ_CFLAGS) -c -o $@ $<

.PHONY: fuzz fuzz-keep test-fuzz
-include $(FUZZ_OBJ:.o=.d) $(FUZZ_BIN:=.d)
