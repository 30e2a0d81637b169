# Tests of CP: sessions at its terminals (tests/golden/cp-*.script: each runs the ready-made system
# from fresh volumes), and its commands' page of the manual.
TEST_GOALS += test-cp-doc test-cp

CP_SESSIONS := $(wildcard tests/golden/cp-*.script)

.PHONY: test-cp test-cp-doc
test-cp: all               ## sessions at CP's terminals
	@set -e; for s in $(CP_SESSIONS); do \
	    echo "== $$s"; \
	    data=$(BUILD)/golden/$$(basename $$s .script); \
	    rm -rf $$data; mkdir -p $$data; \
	    $(BUILD)/datbox run --clock virtual --data $$data --script $$s > $$data/log 2>&1 \
	        || { cat $$data/log; exit 1; }; \
	    rm -rf $$data; \
	done

test-cp-doc:               ## docs/cp-commands.md is that of the tables
	@tests/cp-commands-doc.sh
