# The volume tool from its command line (also with sanitizers), the volumes that it made, and
# IPL from them.
test-volume: host $(if $(SANITIZE),,volumes)   ## the volumes, and datbox volume from its command line
	@sh tests/volume/tool.sh $(BUILD)

test-ipl: host $(BUILD)/tests/volume/sum.elf   ## IPL from our volumes, here and on Hercules
	@sh tests/volume/ipl.sh $(BUILD) $(BUILD)/tests/volume/sum.elf

$(BUILD)/tests/volume/sum.elf: tests/volume/sum.S
	@mkdir -p $(@D)
	@$(TARGET_CC) -m31 -mesa -march=z900 -c -o $(@:.elf=.o) $<
	@$(CROSS)ld -m elf_s390 -N --no-warn-rwx-segments -Ttext=0x1000 -e 0x1000 -o $@ $(@:.elf=.o)

TEST_GOALS += test-volume test-ipl
TEST_GOALS_SAN += test-volume
.PHONY: test-volume test-ipl
