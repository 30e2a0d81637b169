# datbox run as a user meets it: wrong options, configurations, ports, directories.
TEST_GOALS += test-run
TEST_GOALS_SAN += test-run
test-run: $(BUILD)/datbox
	sh tests/run/bad-input.sh $(BUILD)/datbox
	sh tests/run/console.sh $(BUILD)/datbox
.PHONY: test-run
