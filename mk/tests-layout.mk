# The layout's own rules.
TEST_GOALS += test-layout
test-layout:
	sh tests/include-rules.sh
.PHONY: test-layout

# The other compiler, and no warning of either.  Its warnings do not need its optimizer; the fuzz
# targets are built with that.
TEST_GOALS += test-compilers
test-compilers:
	@$(MAKE) --no-print-directory BUILD=build-clang HOSTCC=clang OPTIMIZE=-O0 WERROR=-Werror host
	@echo "clang: no warnings"
.PHONY: test-compilers
