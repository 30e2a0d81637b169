# Kills datbox at 30 points of its writes to the volumes; fills the disk (tests/crash/).
TEST_GOALS += test-crash

$(BUILD)/tests/kill_at.so: tests/crash/kill_at.c
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(filter-out -M%,$(HOST_CFLAGS)) -fPIC -shared -o $@ $< -ldl

test-crash: $(BUILD)/tests/kill_at.so host volumes   ## kill -9 in the middle of file updates
	@sh tests/crash/crash.sh $(BUILD)
	@bash tests/crash/cms.sh $(BUILD)
	@sh tests/crash/full.sh $(BUILD)
	@bash tests/crash/load.sh $(BUILD)
	@sh tests/crash/abend.sh $(BUILD)

SOAK_GOALS += soak-crash
soak-crash: $(BUILD)/tests/kill_at.so host volumes   ## kill -9 at every write of CMS's, and at a hundred random moments under load
	@sh tests/crash/crash.sh $(BUILD) 300
	@bash tests/crash/cms.sh $(BUILD) all
	@bash tests/crash/load.sh $(BUILD) 100

.PHONY: test-crash soak-crash
