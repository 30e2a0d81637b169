# The full-screen terminal and the operator's console, driven by tmux.
TEST_GOALS += test-term
TEST_GOALS_SAN += test-term
test-term: $(SCREEN_DECK) host volumes   ## datbox term and the console, as people see them
	@bash tests/term/term.sh $(BUILD) $(SCREEN_DECK)
	@bash tests/term/console.sh $(BUILD)
.PHONY: test-term
