# Kills datbox at 50 points of its writes to the volumes; fills the disk (tests/crash/).
TEST_GOALS += test-crash

$(BUILD)/tests/kill_at.so: tests/crash/kill_at.c
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -fPIC -shared -o $@ $< -ldl

test-crash: $(BUILD)/tests/kill_at.so host volumes   ## kill -9 in the middle of file updates
	@sh tests/crash/crash.sh $(BUILD)
	@sh tests/crash/full.sh $(BUILD)

.PHONY: test-crash
