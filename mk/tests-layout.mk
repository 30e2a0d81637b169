# The layout's own rules.
TEST_GOALS += test-layout
test-layout:
	sh tests/include-rules.sh
.PHONY: test-layout
