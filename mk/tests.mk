# Tests.  tests/unit/test_*.c are Check programs on the host library; they run
# plainly and again with ASan and UBSan.  Further kinds of test add their goals to
# TEST_GOALS (plain build) or TEST_GOALS_SAN (run once more in the sanitized build)
# in their own mk/*.mk.

UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/%)

test: packages-test        ## all tests, plainly and with sanitizers (under 10 minutes)
	@bash tests/all.sh "$(MAKE)" "$(TEST_GOALS)" "$(TEST_GOALS_SAN)"

test-programs: $(UNIT_BIN)

test-unit: $(UNIT_BIN)     ## the Check programs alone
	@status=0; for t in $(UNIT_BIN); do echo "== $$t"; \
	    CK_VERBOSITY=normal CK_DEFAULT_TIMEOUT=300 $$t || status=1; done; exit $$status

$(BUILD)/tests/%: tests/unit/%.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,CC)$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) -lcheck -lsubunit -lm -lrt $(HOST_LIBS)

.PHONY: test-unit test-programs
-include $(UNIT_BIN:=.d)
