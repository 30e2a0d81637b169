# The assembler against the GNU assembler; its speed.
TEST_GOALS += test-asm

.PHONY: test-asm bench-asm
test-asm: host             ## the assembler's code compared with the GNU assembler's
	@bash tests/asm/gnu.sh $(BUILD)

bench-asm: host            ## 100,000 statements on the host
	@bash tests/asm/bench.sh $(BUILD)
