# Guests: decks that check the machine they run on, on the bare machine and in
# virtual machines of CP (tests/guests/).

UNDER_CP_DECKS := $(BUILD)/tests/guests/loop.deck $(BUILD)/tests/guests/chains.deck \
    $(BUILD)/tests/guests/random.deck $(BUILD)/tests/guests/diag58.deck \
    $(BUILD)/tests/guests/hog.deck $(BUILD)/tests/guests/tape.deck $(BUILD)/tests/guests/absent.deck \
    $(BUILD)/tests/guests/vmcf.deck $(BUILD)/tests/guests/ctca.deck
SCREEN_DECK := $(BUILD)/tests/guests/screen.deck
GUEST_DECKS := $(patsubst tests/guests/%.S,$(BUILD)/tests/guests/%.deck,$(filter-out %/loop.S %/chains.S %/random.S %/hog.S %/tape.S %/screen.S %/absent.S %/diag58.S %/vmcf.S %/ctca.S,$(wildcard tests/guests/*.S)))

$(BUILD)/tests/guests/ctca.deck: $(BUILD)/tests/ctca/pair.bin

$(BUILD)/tests/guests/mkdeck: tests/guests/mkdeck.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

$(BUILD)/tests/guests/%.deck: tests/guests/%.S $(BUILD)/tests/guests/mkdeck
	$(TARGET_CC) -m31 -mesa -march=z900 -I$(BUILD)/tests -c -o $(@:.deck=.o) $<
	$(CROSS)ld -m elf_s390 -Ttext=0x1000 --oformat binary -e 0x1000 -o $(@:.deck=.bin) $(@:.deck=.o)
	$(BUILD)/tests/guests/mkdeck $(@:.deck=.bin) $@ $(wildcard tests/guests/$*.cards)

test-guests: $(GUEST_DECKS) $(UNDER_CP_DECKS) $(SCREEN_DECK) host volumes   ## self-checking guests
	@sh tests/guests/bare.sh $(BUILD) $(GUEST_DECKS)
	@sh tests/guests/screen.sh $(BUILD) $(SCREEN_DECK)
	@sh tests/guests/under-cp.sh $(BUILD)
	@sh tests/guests/fairness.sh $(BUILD)

test-screen: $(SCREEN_DECK) host   ## a full-screen guest, driven by a script and by s3270
	@sh tests/guests/screen.sh $(BUILD) $(SCREEN_DECK)

TEST_GOALS += test-guests
.PHONY: test-guests test-screen
