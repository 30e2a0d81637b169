# Long runs, which `make test` has no time for: each part of the house that has one adds
# its goal to SOAK_GOALS in its own mk/*.mk.  They run one after another, and the first
# that fails ends the run.  No test depends on them.
SOAK_GOALS += fuzz

soak: packages-test        ## all long runs (fuzz targets and others; hours)
	@set -e; for goal in $(SOAK_GOALS); do echo "== soak: $$goal"; \
	    $(MAKE) --no-print-directory $$goal; done
	@echo "soak: passed: $(SOAK_GOALS)"

.PHONY: soak
