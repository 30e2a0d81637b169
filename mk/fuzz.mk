# Fuzz targets (libFuzzer, clang): tests/fuzz/fuzz_*.c, each linked with the library
# compiled with the fuzzer's instrumentation.  `make test` runs each for a fixed number
# of inputs from a fixed seed; `make fuzz` runs them for FUZZ_SECONDS each and keeps
# what it finds in $(BUILD)/fuzz/corpus.

FUZZ_SECONDS ?= 300
FUZZ_RUNS ?= 15000
FUZZ_CC := clang
FUZZ_CFLAGS := $(HOST_CFLAGS) -fsanitize=fuzzer-no-link,address,undefined \
    -fno-sanitize-recover=undefined
FUZZ_NAMES := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(FUZZ_NAMES:%=$(BUILD)/fuzz/%)
# What they need of the library; a target for another room adds it here.
FUZZ_SRC := dat/storage.c s370/event.c s370/config.c s370/operator/symbols.c tools/volume/cms_check.c \
    $(filter-out lib/memory.c,$(wildcard lib/*.c)) \
    consoles/tn3270.c consoles/panel_frame.c consoles/screen.c consoles/screen_read.c consoles/screen_structured.c consoles/screen_keys.c \
    $(wildcard s370/io/*.c s370/devices/*.c s370/media/*.c spool/*.c cms/fs/*.c cp/directory/*.c)
FUZZ_OBJ := $(FUZZ_SRC:%.c=$(BUILD)/fuzz/host/%.o)
FUZZ_LIB := $(BUILD)/fuzz/libdatbox.a

TEST_GOALS += test-fuzz

fuzz: $(FUZZ_BIN)          ## fuzz for FUZZ_SECONDS (300) each
	@set -e; for t in $(FUZZ_NAMES); do echo "== $$t"; mkdir -p $(BUILD)/fuzz/corpus/$$t; \
	    $(BUILD)/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	    -artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/corpus/$$t; done

test-fuzz: $(FUZZ_BIN)     ## a short fuzz run, the same each time
	@set -e; for t in $(FUZZ_NAMES); do echo "== $$t"; \
	    $(BUILD)/fuzz/$$t -seed=370 -runs=$(FUZZ_RUNS) -timeout=10 -verbosity=0 \
	    -artifact_prefix=$(BUILD)/fuzz/; done

$(BUILD)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_LIB)
	@mkdir -p $(@D)
	$(call Q,LD)$(FUZZ_CC) $(FUZZ_CFLAGS) -Itests/fuzz -fsanitize=fuzzer -o $@ $< $(FUZZ_LIB) $(HOST_LIBS)

$(FUZZ_LIB): $(FUZZ_OBJ)
	@rm -f $@
	$(call Q,AR)ar rcs $@ $^

$(BUILD)/fuzz/host/%.o: %.c
	@mkdir -p $(@D)
	$(call Q,CC)$(FUZZ_CC) $(FUZZ_CFLAGS) -c -o $@ $<

.PHONY: fuzz test-fuzz
-include $(FUZZ_OBJ:.o=.d) $(FUZZ_BIN:=.d)
