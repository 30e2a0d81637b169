# Timings, beside those of the CPU (mk/tests-target.mk).  No test depends on them.
bench: bench-start
bench-start: host volumes  ## how long the system takes to come up
	@bash tests/system/bench-start.sh $(BUILD)
.PHONY: bench-start
