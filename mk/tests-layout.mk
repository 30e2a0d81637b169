# The layout's own rules.
TEST_GOALS += test-layout
test-layout:
	sh tests/include-rules.sh
.PHONY: test-layout

# The other compiler, and no warning of either.
TEST_GOALS += test-compilers
test-compilers:
	@$(MAKE) --no-print-directory BUILD=build-clang HOSTCC=clang WERROR=-Werror host
	@echo "clang: no warnings"
.PHONY: test-compilers
