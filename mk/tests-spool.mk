# The spool in CP, on the built volumes: sessions, and kill -9 while files come and go.
TEST_GOALS += test-spool
test-spool: all $(BUILD)/tests/guests/unitrec.deck   ## spool sessions and crashes
	@sh tests/golden/spool.sh $(BUILD)
	@sh tests/golden/spool-kill.sh $(BUILD)
.PHONY: test-spool
