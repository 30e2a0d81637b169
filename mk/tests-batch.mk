# The whole system: batch jobs.
TEST_GOALS += test-batch
test-batch: host volumes
	sh tests/system/batch.sh $(BUILD)
.PHONY: test-batch

# The sessions run again on a machine with sanitizers, the longest first.
TEST_GOALS_SAN += test-guests test-cms test-equivalence test-cp test-spool test-system test-batch
