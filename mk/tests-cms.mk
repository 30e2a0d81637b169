# CMS: golden sessions on the bare machine (tests/golden/cms.sh).
TEST_GOALS += test-cms

.PHONY: test-cms golden-cms
test-cms:                  ## CMS on the bare machine: typed lines, expected transcripts
	@sh tests/golden/cms.sh $(BUILD)

golden-cms:                ## accept the transcripts of the CMS sessions as they are now
	@sh tests/golden/cms.sh $(BUILD) update
