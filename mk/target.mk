# Target code: what runs on the System/370: CP, the CMS nucleus, CMS modules.
# Code is for 24-bit addresses; -march=z900 -mesa makes the compiler use System/370
# and the "relative and immediate" extension only (DESIGN.md, section 3).

CROSS ?= s390x-linux-gnu-
TARGET_CC := $(CROSS)gcc
TARGET_CFLAGS := -m31 -mesa -march=z900 -msoft-float -mno-hard-dfp -ffreestanding -fno-pic -fno-pie \
    -fno-stack-protector -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns \
    -fno-builtin -fno-jump-tables -ffunction-sections -Os -g -std=gnu11 -fexec-charset=IBM1047 \
    -DTARGET=1 -I. \
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla \
    -Wno-unused-parameter $(WERROR) -MMD -MP
TARGET_LDFLAGS := -m31 -nostdlib -static -no-pie -Wl,--build-id=none -Wl,-z,noexecstack \
    -Wl,--no-warn-rwx-segments
TARGET_LIBGCC := $(shell $(TARGET_CC) -m31 -print-libgcc-file-name 2>/dev/null)

target_objs = $(patsubst %.S,$(BUILD)/target/%.o,$(filter %.S,$(1))) \
              $(patsubst %.c,$(BUILD)/target/%.o,$(filter %.c,$(1)))

TARGET_LIB_SRC := $(wildcard lib/*.c lib/*.S)
TARGET_LIB := $(BUILD)/target/libtarget.a

# CP: its own files, the portable spool and directory modules.
CP_SRC := $(filter-out cp/debug/% cp/cms/%,$(wildcard cp/*.S cp/*.c cp/*/*.c cp/*/*.S spool/*.c))
CP_OBJ := $(call target_objs,$(CP_SRC))
CP_DEBUG_OBJ := $(call target_objs,$(wildcard cp/debug/*.c))
# The CMS nucleus: its own files and the file system.
NUCLEUS_SRC := $(wildcard cms/nucleus/*.S cms/nucleus/*.c cms/fs/*.c) cms/load/table.c
NUCLEUS_OBJ := $(call target_objs,$(NUCLEUS_SRC))
# It has 64K: calls reach all of it with four bytes.
$(NUCLEUS_OBJ): TARGET_CFLAGS += -msmall-exec
# A module is one file of cms/commands, spool/cms or cp/cms, with the kit and the portable
# modules that MODULE_SRC_name lists.
KIT_OBJ := $(call target_objs,$(wildcard cms/kit/*.S cms/kit/*.c))
MODULE_DIRS := cms/commands cms/programs cms/programs/c spool/cms cp/cms
MODULES := $(sort $(notdir $(basename $(wildcard $(addsuffix /*.c,$(MODULE_DIRS))))))
# The C library, for programs with a main(): those of cms/programs/c, and any file by
# `make module C=FILE` (docs/c-programs.md).
LIBC := $(BUILD)/target/libcmsc.a
LIBC_OBJ := $(call target_objs,$(wildcard cms/libc/*.c cms/libc/*.S))
USES_LIBC := cms/programs/c/% $(C)
$(LIBC_OBJ) $(call target_objs,$(wildcard cms/programs/c/*.c) $(C)): TARGET_CFLAGS += -isystem cms/libc/include
MODULE_ELF := $(MODULES:%=$(BUILD)/modules/%.elf)
MODULE_SRC_exec := $(wildcard cms/exec/*.c cms/exec2/*.c)
MODULE_SRC_assemble := $(wildcard cms/asm/*.c cms/library/*.c)
LIBRARY_SRC := $(wildcard cms/library/*.c)
MODULE_SRC_print := cms/library/library.c
MODULE_SRC_punch := cms/library/library.c
MODULE_SRC_type := cms/library/library.c
MODULE_SRC_maclib := $(LIBRARY_SRC) cms/library/command/building.c
MODULE_SRC_txtlib := $(MODULE_SRC_maclib)
MODULE_SRC_load := $(wildcard cms/load/*.c cms/load/command/*.c cms/library/*.c)
MODULE_SRC_include := $(MODULE_SRC_load)
MAP_SRC := cms/load/table.c cms/load/command/map.c
MODULE_SRC_genmod := $(MAP_SRC)
MODULE_SRC_loadmod := $(MAP_SRC)
MODULE_SRC_modmap := $(MAP_SRC)
MODULE_SRC_zap := $(MAP_SRC)
ARCHIVE_SRC := cms/archive/command/stream.c
MODULE_SRC_disk := $(ARCHIVE_SRC)
MODULE_SRC_tape := $(ARCHIVE_SRC) $(wildcard cms/tape/command/*.c)
MODULE_SRC_vmfplc2 := $(MODULE_SRC_tape)
MODULE_SRC_ossim := $(wildcard cms/os/*.c cms/os/command/*.c cms/os/command/*.S) cms/load/table.c cms/library/library.c
MODULE_SRC_movefile := $(wildcard cms/os/*.c) cms/os/command/dataset.c cms/os/command/records.c cms/library/library.c
MODULE_SRC_ddr := $(wildcard cms/ddr/*.c cms/ddr/command/*.c)
MODULE_SRC_edit := $(wildcard cms/edit/*.c)
MODULE_SRC_indfile := $(wildcard cms/transfer/*.c)
MODULE_SRC_format := $(wildcard cms/fs/*.c)
NAMES_SRC := cms/names/names.c cms/names/command/lookup.c
MODULE_SRC_namefind := $(NAMES_SRC)
MODULE_SRC_tell := $(NAMES_SRC)
MODULE_SRC_copyfile := $(wildcard cms/copy/*.c)
MODULE_SRC_direct := $(wildcard cp/directory/*.c)
NETDATA_SRC := spool/cms/files/netlog.c spool/nje/netdata.c
MODULE_SRC_sendfile := $(NAMES_SRC) $(NETDATA_SRC)
MODULE_SRC_receive := $(NETDATA_SRC)
MODULE_SRC_update := cms/update/update.c
MODULE_SRC_cmsbatch := $(wildcard spool/batch/*.c spool/cms/batch/*.c)
MODULE_SRC_rscs := $(wildcard spool/cms/rscs/*.c spool/rscs/*.c) spool/separator.c spool/queue.c spool/nje/block.c spool/nje/header.c \
    spool/nje/fields.c spool/nje/signon.c spool/block.c

TARGET_GOALS := $(if $(wildcard cp/cp.ld),$(BUILD)/cp.elf) \
    $(if $(wildcard cms/nucleus/cms.ld),$(BUILD)/cms.elf) \
    $(if $(wildcard cms/kit/module.ld),$(MODULE_ELF))

target: $(TARGET_GOALS)    ## CP, the CMS nucleus and the CMS modules

$(TARGET_LIB): $(call target_objs,$(TARGET_LIB_SRC))
	@rm -f $@
	$(call Q,AR)$(CROSS)ar rcs $@ $^

$(BUILD)/cp.elf: cp/cp.ld $(CP_OBJ) $(TARGET_LIB)
	$(call Q,LD)$(TARGET_CC) $(TARGET_LDFLAGS) -T cp/cp.ld -o $@ $(CP_OBJ) $(TARGET_LIB) $(TARGET_LIBGCC)

# The same with the checker of control blocks (cp/check.h), for tests.
$(BUILD)/cp-debug.elf: cp/cp.ld $(CP_OBJ) $(CP_DEBUG_OBJ) $(TARGET_LIB)
	$(call Q,LD)$(TARGET_CC) $(TARGET_LDFLAGS) -T cp/cp.ld -o $@ $(CP_OBJ) $(CP_DEBUG_OBJ) $(TARGET_LIB) $(TARGET_LIBGCC)

$(BUILD)/cms.elf: cms/nucleus/cms.ld $(NUCLEUS_OBJ) $(TARGET_LIB)
	$(call Q,LD)$(TARGET_CC) $(TARGET_LDFLAGS) -Wl,--gc-sections -T cms/nucleus/cms.ld -o $@ $(NUCLEUS_OBJ) $(TARGET_LIB) $(TARGET_LIBGCC)

$(LIBC): $(LIBC_OBJ)
	@rm -f $@
	$(call Q,AR)$(CROSS)ar rcs $@ $^

# Modules keep their relocations: the CMS loader places a command wherever
# high storage is free (docs/add-a-cms-command.md).
define module_rule
$(BUILD)/modules/$(notdir $(basename $(1))).elf: cms/kit/module.ld \
    $(call target_objs,$(1) $(MODULE_SRC_$(notdir $(basename $(1))))) $(KIT_OBJ) \
    $(if $(filter $(USES_LIBC),$(1)),$(LIBC)) $(TARGET_LIB)
	@mkdir -p $$(@D)
	$$(call Q,LD)$(TARGET_CC) $(TARGET_LDFLAGS) -Wl,--emit-relocs -Wl,--gc-sections -T cms/kit/module.ld -o $$@ $$(filter %.o %.a,$$^) $(TARGET_LIBGCC)
endef
$(foreach source,$(wildcard $(addsuffix /*.c,$(MODULE_DIRS))) $(C),$(eval $(call module_rule,$(source))))

.PHONY: module
module: $(if $(C),$(BUILD)/modules/$(notdir $(basename $(C))).elf) ## C=FILE: a C program for CMS
	$(if $(C),@echo "$<: build/datbox volume cms put DISK $< --module",$(error make module C=FILE))

$(BUILD)/target/%.o: %.c
	@mkdir -p $(@D)
	$(call Q,CC)$(TARGET_CC) $(TARGET_CFLAGS) -c -o $@ $<

$(BUILD)/target/%.o: %.S
	@mkdir -p $(@D)
	$(call Q,CC)$(TARGET_CC) $(TARGET_CFLAGS) -c -o $@ $<

-include $(shell find $(BUILD)/target -name '*.d' 2>/dev/null)
