# Three systems in a row, files, messages and commands through the middle one, which is killed; in the soak test
# at many more of its writes.
TEST_GOALS += test-rscs
test-rscs: all $(BUILD)/tests/kill_at.so   ## files and messages between three systems
	@sh tests/rscs/rscs.sh $(BUILD)

SOAK_GOALS += soak-rscs
soak-rscs: all $(BUILD)/tests/kill_at.so   ## the same, the middle one killed twenty times
	@sh tests/rscs/rscs.sh $(BUILD) 20
.PHONY: test-rscs soak-rscs
