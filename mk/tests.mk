# Tests.  tests/unit/test_*.c are Check programs on the host library; they run
# plainly and again with ASan and UBSan.  Further kinds of test add their goals to
# TEST_GOALS (plain build) or TEST_GOALS_SAN (run once more in the sanitized build)
# in their own mk/*.mk.

UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)

test: packages-test        ## all tests, plainly and with sanitizers (under 10 minutes)
	@$(MAKE) --no-print-directory -j2 WERROR=-Werror all test-programs
	@$(MAKE) --no-print-directory test-unit $(TEST_GOALS)
	@$(MAKE) --no-print-directory -j2 BUILD=build-san SANITIZE=1 host volumes test-programs
	@$(MAKE) --no-print-directory BUILD=build-san SANITIZE=1 test-unit $(TEST_GOALS_SAN)
	@echo "all tests passed"

test-programs: $(UNIT_BIN)

test-unit: $(UNIT_BIN)     ## the Check programs alone
	@set -e; for t in $(UNIT_BIN); do echo "== $$t"; CK_VERBOSITY=minimal CK_DEFAULT_TIMEOUT=60 $$t; done

$(BUILD)/tests/%: tests/unit/%.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,CC)$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) -lcheck -lsubunit -lm -lrt $(HOST_LIBS)

.PHONY: test-unit test-programs
-include $(UNIT_BIN:=.d)
