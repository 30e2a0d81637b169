# Three systems in a row, files, messages and commands through the middle one, which is killed; in the soak test
# at many more of its writes.
TEST_GOALS += test-rscs
test-rscs: all $(BUILD)/tests/kill_at.so $(BUILD)/tests/peer   ## files and messages between three systems
	@sh tests/rscs/rscs.sh $(BUILD)

$(BUILD)/tests/peer: tests/rscs/peer.c
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -o $@ $<

SOAK_GOALS += soak-rscs
soak-rscs: all $(BUILD)/tests/kill_at.so $(BUILD)/tests/peer   ## the same, the middle one killed twenty times
	@sh tests/rscs/rscs.sh $(BUILD) 20
.PHONY: test-rscs soak-rscs
