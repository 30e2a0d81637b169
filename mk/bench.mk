# Timings, beside those of the CPU (mk/tests-target.mk).  No test depends on them.
bench: bench-start
bench-start: host volumes  ## how long the system takes to come up
	@bash tests/system/bench-start.sh $(BUILD)
.PHONY: bench-start

bench: bench-logon
bench-logon: host volumes  ## what a CMS user costs, with CMS from its disk and as a saved system
	@bash tests/system/bench-logon.sh $(BUILD)
.PHONY: bench-logon

# 3270 screens per second, and what clients cost that do nothing.
$(BUILD)/tests/target/bench_screens: tests/target/bench_screens.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

bench: bench-screens
bench-screens: $(BUILD)/tests/target/bench_screens  ## 3270 screens per second
	@$<
.PHONY: bench-screens

# Channel programs per second, and what a machine in the wait state costs.
$(BUILD)/tests/target/bench_io_disk: tests/target/bench_io_disk.c $(LIBDATBOX)
	@mkdir -p $(@D)
	$(call Q,LD)$(HOSTCC) $(HOST_CFLAGS) -o $@ $< $(LIBDATBOX) $(HOST_LIBS)

BENCH_IO := program block track wait

bench: bench-io
bench-io: $(BUILD)/tests/target/bench_io_disk $(BENCH_IO:%=$(BUILD)/tests/target/bench_io_%.bin) \
    host volumes  ## channel programs per second, beside Hercules too
	@bash tests/target/bench_io.sh $(BUILD)
.PHONY: bench-io

# Batch jobs a second against batch machines and systems.
bench: bench-batch
bench-batch: host volumes  ## batch jobs per second
	@sh tests/system/bench-batch.sh $(BUILD) $(BENCH_JOBS)
.PHONY: bench-batch

bench: bench-cms
bench-cms: host volumes  ## copying, sorting, EXECs, assembling in CMS: bare and under CP, with the exits
	@bash tests/cms/bench.sh $(BUILD)
.PHONY: bench-cms
