# Tests of CP: its commands' page of the manual.
TEST_GOALS += test-cp-doc

.PHONY: test-cp-doc
test-cp-doc:               ## docs/cp-commands.md is that of the tables
	@tests/cp-commands-doc.sh
