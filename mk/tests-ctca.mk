# Two machines that exchange blocks over a channel-to-channel adapter: tests/ctca.

$(BUILD)/tests/ctca/pair.bin: tests/ctca/pair.S
	@mkdir -p $(@D)
	$(call Q,AS)$(TARGET_CC) -m31 -mesa -march=z900 -c -o $(@:.bin=.o) $<
	@$(CROSS)ld -m elf_s390 -Ttext=0 --oformat binary -e 0 -o $@ $(@:.bin=.o)

test-ctca: host $(BUILD)/tests/ctca/pair.bin   ## two machines talk over a channel-to-channel adapter
	@sh tests/ctca/pair.sh $(BUILD)

TEST_GOALS += test-ctca
TEST_GOALS_SAN += test-ctca
.PHONY: test-ctca
