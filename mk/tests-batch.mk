# The whole system: batch jobs.
TEST_GOALS += test-batch
test-batch: host volumes
	sh tests/system/batch.sh $(BUILD)
.PHONY: test-batch
