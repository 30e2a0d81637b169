# datbox: builds the machine for this host and CP, CMS and their programs for
# System/370, makes the volumes, runs the tests.  `make help` lists the targets.
# The parts are in mk/: packages, host code, target code, volumes, tests.

BUILD ?= build
HOSTCC ?= gcc

# make V=1 shows the commands; without it one short line says what is made.
V ?= 0
ifeq ($(V),0)
Q = @echo "  $(1)  $(patsubst $(BUILD)/%,%,$@)";
else
Q =
endif

.DEFAULT_GOAL := all
.PHONY: all run host target volumes test clean format check-format help packages packages-test
.SECONDARY:

all: host target volumes   ## build everything: the program, CP, CMS, the volumes

include mk/packages.mk
include mk/host.mk
include mk/target.mk
include $(sort $(filter-out mk/packages.mk mk/host.mk mk/target.mk,$(wildcard mk/*.mk)))

run: packages              ## install what is missing, build, IPL CP with the console here
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@./datbox run

clean:                     ## remove all that was built (not the data directory)
	rm -rf $(BUILD) datbox

format:                    ## format the C sources
	clang-format -i $(ALL_C)

check-format:
	clang-format --dry-run --Werror $(ALL_C)

help:                      ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1\t\2/p' Makefile mk/*.mk | expand -t 24
