# The whole system, volumes and all, under the glass: the trap trace.
TEST_GOALS += test-system
test-system: host volumes
	sh tests/system/trace.sh $(BUILD)
	@bash tests/system/saved.sh $(BUILD)
	@bash tests/system/hercules.sh $(BUILD)
.PHONY: test-system
