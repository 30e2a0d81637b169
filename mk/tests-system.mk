# The whole system, volumes and all: one loop among eight users, the trap trace.
TEST_GOALS += test-system
test-system: host volumes
	sh tests/system/fair.sh $(BUILD)
	sh tests/system/trace.sh $(BUILD)
.PHONY: test-system
