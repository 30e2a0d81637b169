# CMS: golden sessions on the bare machine (tests/golden/cms.sh).
TEST_GOALS += test-cms

.PHONY: test-cms golden-cms
# A disk such as VM/370 writes, for them.
$(BUILD)/tests/old_disk: tests/golden/old_disk.c tools/volume/volume.h $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

test-cms golden-cms: $(BUILD)/tests/old_disk
test-cms:                  ## CMS on the bare machine: typed lines, expected transcripts
	@sh tests/golden/cms.sh $(BUILD)

golden-cms:                ## accept the transcripts of the CMS sessions as they are now
	@sh tests/golden/cms.sh $(BUILD) update

TEST_GOALS += test-cms-help
.PHONY: test-cms-help
test-cms-help:             ## CMS's HELP knows every command, subcommand and message
	@sh tests/cms-help.sh

TEST_GOALS += test-equivalence
SOAK_GOALS += soak-equivalence
.PHONY: test-equivalence soak-equivalence
test-equivalence: $(BUILD)/tests/guests/place host volumes  ## the same CMS session bare, under CP, under CP under CP
	@sh tests/golden/cms-both.sh $(BUILD) 2
soak-equivalence: $(BUILD)/tests/guests/place host volumes  ## and once more under that
	@sh tests/golden/cms-both.sh $(BUILD) 3

TEST_GOALS += test-first-hour
.PHONY: test-first-hour
test-first-hour:           ## docs/first-hour.md, typed as it stands there
	@sh tests/first-hour.sh $(BUILD)

TEST_GOALS += test-fixed
.PHONY: test-fixed
test-fixed: all            ## a fixed-block disk under CP: attached, formatted, used by CMS
	@sh tests/golden/fixed.sh $(BUILD)
