# The whole system: batch jobs.
TEST_GOALS += test-batch
test-batch: host volumes
	sh tests/system/batch.sh $(BUILD)
TEST_GOALS += test-submit test-queue
test-submit: host volumes
	sh tests/system/submit.sh $(BUILD)
test-queue: host volumes
	sh tests/system/queue.sh $(BUILD)
.PHONY: test-batch test-submit test-queue

# The same jobs as an array job of Slurm; a thousand jobs, all accounted for.
SOAK_GOALS += test-slurm soak-batch
test-slurm: host volumes packages-test  ## batch jobs as an array job of Slurm
	@bash tests/system/slurm.sh $(BUILD)
soak-batch: host volumes  ## a thousand batch jobs
	@sh tests/system/bench-batch.sh $(BUILD) 1000 "4 2"
.PHONY: test-slurm soak-batch

# The sessions run again on a machine with sanitizers, the longest first.
TEST_GOALS_SAN += test-guests test-cms test-equivalence test-cp test-spool test-system test-batch
