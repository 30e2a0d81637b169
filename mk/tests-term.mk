# The full-screen terminal, driven by tmux.
TEST_GOALS += test-term
test-term: $(SCREEN_DECK) host volumes   ## datbox term, as a person at it sees it
	@bash tests/term/term.sh $(BUILD) $(SCREEN_DECK)
.PHONY: test-term
