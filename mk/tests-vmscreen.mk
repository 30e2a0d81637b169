# Real 3270 emulators at CP's screens.
TEST_GOALS += test-vmscreen
SOAK_GOALS += soak-vmscreen

.PHONY: test-vmscreen soak-vmscreen
test-vmscreen: all         ## s3270 and c3270 as terminals of virtual machines
	@bash tests/system/vmscreen.sh $(BUILD)

soak-vmscreen: all         ## the same with fifty users at once
	@bash tests/system/vmscreen.sh $(BUILD) 50
