# Guests: decks that check the machine they run on, on the bare machine and in
# virtual machines of CP (tests/guests/).

UNDER_CP_DECKS := $(BUILD)/tests/guests/loop.deck $(BUILD)/tests/guests/chains.deck \
    $(BUILD)/tests/guests/random.deck $(BUILD)/tests/guests/diag58.deck \
    $(BUILD)/tests/guests/hog.deck $(BUILD)/tests/guests/tape.deck $(BUILD)/tests/guests/absent.deck \
    $(BUILD)/tests/guests/vmcf.deck $(BUILD)/tests/guests/ctca.deck $(BUILD)/tests/guests/segment.deck $(BUILD)/tests/guests/many.deck $(BUILD)/tests/guests/pagex.deck
SCREEN_DECK := $(BUILD)/tests/guests/screen.deck
GUEST_DECKS := $(patsubst tests/guests/%.S,$(BUILD)/tests/guests/%.deck,$(filter-out %/loop.S %/chains.S %/random.S %/hog.S %/tape.S %/screen.S %/absent.S %/diag58.S %/vmcf.S %/ctca.S %/segment.S %/many.S %/pagex.S,$(wildcard tests/guests/*.S)))

$(BUILD)/tests/guests/ctca.deck: $(BUILD)/tests/ctca/pair.bin

$(BUILD)/tests/guests/mkdeck: tests/guests/mkdeck.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

$(BUILD)/tests/guests/place: tests/guests/place.c
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $<

$(BUILD)/tests/guests/%.deck: tests/guests/%.S tests/guests/verdict.inc $(BUILD)/tests/guests/mkdeck
	$(TARGET_CC) -m31 -mesa -march=z900 -I. -I$(BUILD)/tests -c -o $(@:.deck=.o) $<
	$(CROSS)ld -m elf_s390 -Ttext=0x1000 --oformat binary -e 0x1000 -o $(@:.deck=.bin) $(@:.deck=.o)
	$(BUILD)/tests/guests/mkdeck $(@:.deck=.bin) $@ $(wildcard tests/guests/$*.cards)

# Guests in C.
$(BUILD)/tests/guests/%.bin: tests/guests/c/%.c tests/guests/c/entry.S tests/guests/c/flat.ld
	@mkdir -p $(@D)
	$(TARGET_CC) $(TARGET_CFLAGS) -c -o $(@:.bin=.o) $<
	$(TARGET_CC) $(TARGET_CFLAGS) -c -o $(@:.bin=.entry.o) tests/guests/c/entry.S
	$(TARGET_CC) $(TARGET_LDFLAGS) -T tests/guests/c/flat.ld -o $(@:.bin=.elf) \
	    $(@:.bin=.entry.o) $(@:.bin=.o) $(TARGET_LIBGCC)
	$(CROSS)objcopy -O binary $(@:.bin=.elf) $@

HOSTILE := $(BUILD)/tests/guests/hostile.bin $(BUILD)/tests/guests/victim.bin \
    $(BUILD)/tests/guests/mkdeck $(BUILD)/volumes/dbxres-debug.3350
HOSTILE_SEEDS := 1 2

test-hostile: $(HOSTILE) host volumes   ## hostile guests beside others, under the debug nucleus
	@bash tests/guests/hostile.sh $(BUILD) 3 $(HOSTILE_SEEDS)

soak-hostile: $(HOSTILE) host volumes   ## the same, 200 seeds of more than ten million instructions
	@bash tests/guests/hostile.sh $(BUILD) 20 $$(seq 200)
test-efficiency: host volumes  ## what CMS compute work takes under CP, beside the bare machine
	@sh tests/guests/efficiency.sh $(BUILD)

soak-load: host volumes     ## up to 200 CMS users at work: cost of a script, paging, trivial response
	@bash tests/guests/load.sh $(BUILD) 1 10 50 100 200

SOAK_GOALS += soak-hostile soak-load
TEST_GOALS += test-hostile test-efficiency
.PHONY: test-hostile soak-hostile soak-load test-efficiency

# The endless channel programs of chains run for seconds of machine time: a minute with sanitizers.
test-guests: $(GUEST_DECKS) $(UNDER_CP_DECKS) $(SCREEN_DECK) host volumes   ## self-checking guests
	@sh tests/guests/bare.sh $(BUILD) $(GUEST_DECKS)
	@sh tests/guests/screen.sh $(BUILD) $(SCREEN_DECK)
	@$(if $(SANITIZE),WITHOUT=chains) sh tests/guests/under-cp.sh $(BUILD)
	@sh tests/guests/fairness.sh $(BUILD)

test-screen: $(SCREEN_DECK) host   ## a full-screen guest, driven by a script and by s3270
	@sh tests/guests/screen.sh $(BUILD) $(SCREEN_DECK)

TEST_GOALS += test-guests
.PHONY: test-guests test-screen
