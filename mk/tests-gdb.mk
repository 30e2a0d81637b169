# The debugger's port, with Debian's gdb-multiarch at the other end.
TEST_GOALS += test-gdb
test-gdb: host volumes     ## a debugger at the machine
	@bash tests/gdb/session.sh $(BUILD)
.PHONY: test-gdb
