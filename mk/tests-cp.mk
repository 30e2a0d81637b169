# Tests of CP: sessions at its terminals (tests/golden/cp-*.script, and random ones: each runs the
# ready-made system from fresh volumes), and its commands' page of the manual.
TEST_GOALS += test-cp-doc test-cp

CP_SESSIONS := $(wildcard tests/golden/cp-*.script)
CP_RANDOM := 1 2 3 4
CP_RANDOM_SCREENS := 1 2
SOAK_GOALS += soak-cp-screens

# Runs the script $(1) in a directory of its own.
cp_session = data=$(BUILD)/golden/$(notdir $(basename $(1))); \
    echo "== $(1)"; rm -rf $$data; mkdir -p $$data; \
    $(BUILD)/datbox run --clock virtual --data $$data --script $(1) > $$data/log 2>&1 \
        || { grep -v "^not stopped" $$data/log; exit 1; }; \
    rm -rf $$data

.PHONY: test-cp test-cp-doc
test-cp: all               ## sessions at CP's terminals
	@mkdir -p $(BUILD)/golden
	@set -e; $(foreach s,$(CP_SESSIONS),$(call cp_session,$(s));)
	@set -e; $(foreach n,$(CP_RANDOM),tests/cp-random.sh $(n) > $(BUILD)/golden/cp-random-$(n).script; \
	    $(call cp_session,$(BUILD)/golden/cp-random-$(n).script);)
	@set -e; $(foreach n,$(CP_RANDOM_SCREENS),tests/cp-random-screens.sh $(n) > $(BUILD)/golden/cp-random-screens-$(n).script; \
	    $(call cp_session,$(BUILD)/golden/cp-random-screens-$(n).script);)

.PHONY: soak-cp-screens
soak-cp-screens: all       ## random keys at CP's screens, a hundred seeds
	@mkdir -p $(BUILD)/golden
	@$(MAKE) --no-print-directory test-cp CP_SESSIONS= CP_RANDOM= CP_RANDOM_SCREENS="$$(seq -s ' ' 100)"

test-cp-doc:               ## docs/cp-commands.md is that of the tables
	@tests/cp-commands-doc.sh

# What CP records (MONITOR, accounting cards, errors), read on the host.
TEST_GOALS += test-records
.PHONY: test-records
test-records: all          ## what CP records: MONITOR, accounting, errors
	@sh tests/golden/records.sh $(BUILD)
