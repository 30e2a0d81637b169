# Volumes: made by `datbox volume` from the sources, reproducibly (the dates on them are
# VOLUME_DATE).  docs/volumes.md says what is on them.  Each is built under another name and renamed
# when it is whole.

VOLUMES := $(BUILD)/volumes
VOLUME_DATE := 1767225600
VOLUME := SOURCE_DATE_EPOCH=$(VOLUME_DATE) $(BUILD)/datbox volume
DIRECT := cp/datbox.direct
USER_DISK = $@.new@$(1):191 --directory $(DIRECT)

VOLUME_GOALS := $(if $(wildcard tools/volume.c cp/cp.ld),$(VOLUMES)/dbxres.3350) \
    $(if $(wildcard cms/nucleus/cms.ld),$(VOLUMES)/dbxcms.3350) \
    $(VOLUMES)/dbxusr.3350 $(VOLUMES)/dbxwrk.3350

# What is put where: programs for everybody on 190; cms/disk/USERID/* on that user's 191; the sample
# programs on 19E.
PROGRAM_ELF := $(filter $(patsubst %.c,$(BUILD)/modules/%.elf,$(notdir $(wildcard cms/programs/*.c cms/programs/c/*.c))),$(MODULE_ELF))
COMMAND_ELF := $(filter-out $(PROGRAM_ELF),$(MODULE_ELF))
PROFILE := cms/disk/profile.exec
DISK_TEXT := $(filter-out $(PROFILE),$(wildcard cms/disk/*.*))
CP_HELP := $(BUILD)/modules/cp.help
MACROS := $(sort $(wildcard cms/disk/macros/*))
CMSLIB := $(BUILD)/modules/cmslib.maclib
# OS's macros, and those of CMS's that OS has, too.
OS_MACROS := $(sort $(wildcard cms/disk/osmacros/*)) cms/disk/macros/linkage.macro cms/disk/macros/regequ.macro
OSMACRO := $(BUILD)/modules/osmacro.maclib
DISK_USERS := $(filter-out macros osmacros,$(patsubst cms/disk/%/,%,$(sort $(dir $(wildcard cms/disk/*/*)))))
PROFILE_USERS := maint operator cmsuser student1 student2 student3 student4 student5 student6 \
    student7 student8

volumes: $(VOLUME_GOALS)   ## the system's volumes

# The system residence: CP (or its debug nucleus, for tests), the directory, spool and paging space, temporary
# disks, and CMS as a saved system: CP is IPLed, and MAINT saves it.
$(VOLUMES)/dbxres.3350: $(BUILD)/cp.elf
$(VOLUMES)/dbxres-debug.3350: $(BUILD)/cp-debug.elf
$(VOLUMES)/dbxres.3350 $(VOLUMES)/dbxres-debug.3350: $(BUILD)/datbox $(VOLUMES)/dbxcms.3350 $(DIRECT) \
    mk/volumes.mk cp/savesys.conf cp/savesys.script
	@mkdir -p $(@D); rm -f $@.new
	@$(VOLUME) create $@.new --type 3350 --cyls 70 --volser DBXRES
	@$(VOLUME) format $@.new
	@$(VOLUME) allocate $@.new NUCL 1-2 DRCT 3-3 CKPT 4-4 TEMP 5-28 PAGE 29-54 DUMP 55-58 PERM 59-59 \
	    TDSK 60-69
	@$(VOLUME) nucleus $@.new $(filter %.elf,$^)
	@$(VOLUME) directory $@.new $(DIRECT)
	@rm -rf $@.data; mkdir -p $@.data
	@RESIDENCE=$(abspath $@.new) CMS=$(abspath $(VOLUMES)/dbxcms.3350) $(BUILD)/datbox run -c cp/savesys.conf \
	    --data $@.data --clock virtual --script cp/savesys.script > $@.log 2>&1 || { cat $@.log; exit 1; }
	@rm -rf $@.data $@.log
	@mv $@.new $@

# The CMS system disk (the nucleus in its last cylinder), and its extension.  The label of the first
# is the volume's: CP finds it by that name.
$(VOLUMES)/dbxcms.3350: $(BUILD)/datbox $(BUILD)/cms.elf $(MODULE_ELF) $(DISK_TEXT) $(CP_HELP) $(CMSLIB) $(OSMACRO) mk/volumes.mk
	@mkdir -p $(@D); rm -f $@.new
	@$(VOLUME) create $@.new --type 3350 --cyls 20
	@$(VOLUME) cms-format $@.new --at 0 --cyls 15 --nucleus 1 --label DBXCMS
	@$(VOLUME) cms-format $@.new --at 15 --cyls 4 --label CMS19E
	@$(VOLUME) nucleus $@.new@0 $(BUILD)/cms.elf --at 14
	@$(if $(MODULE_ELF),$(VOLUME) cms put $@.new@0.15 $(filter-out %/indfile.elf,$(MODULE_ELF)) --module --mode 2)
	@$(VOLUME) cms put $@.new@0.15 $(BUILD)/modules/indfile.elf --module --mode 2 --name 'IND$$FILE.MODULE'
	@$(if $(DISK_TEXT),$(VOLUME) cms put $@.new@0.15 $(DISK_TEXT) $(CP_HELP) --mode 2)
	@$(VOLUME) cms put $@.new@0.15 $(CMSLIB) $(OSMACRO) --binary --recfm F --lrecl 80 --mode 2
	@$(if $(PROGRAM_ELF),$(VOLUME) cms put $@.new@15.4 $(PROGRAM_ELF) --module --mode 2)
	@mv $@.new $@

# What HELP says about CP.
$(CP_HELP): docs/cp-commands.md tests/cms-help.sh
	@mkdir -p $(@D)
	@sh tests/cms-help.sh cp >$@

# The macro libraries of CMS's and of OS's programs.
$(CMSLIB): $(BUILD)/datbox $(MACROS)
	@mkdir -p $(@D)
	$(call Q,MACLIB)$(BUILD)/datbox asm --maclib $@ $(MACROS)

$(OSMACRO): $(BUILD)/datbox $(OS_MACROS)
	@mkdir -p $(@D)
	$(call Q,MACLIB)$(BUILD)/datbox asm --maclib $@ $(OS_MACROS)

# The users' minidisks, formatted, each with a PROFILE EXEC.
$(VOLUMES)/dbxusr.3350: $(BUILD)/datbox $(DIRECT) $(PROFILE) $(wildcard cms/disk/*/*) mk/volumes.mk
	@mkdir -p $(@D); rm -f $@.new
	@$(VOLUME) create $@.new --type 3350 --cyls 67 --volser DBXUSR
	@$(VOLUME) allocate $@.new PERM 1-66
	@$(VOLUME) minidisks $@.new $(DIRECT)
	@set -e; for u in $(PROFILE_USERS); do $(VOLUME) cms put $(call USER_DISK,$$u) $(PROFILE); done
	@$(VOLUME) cms put $(call USER_DISK,maint) $(DIRECT) --name USER.DIRECT
	@set -e; for u in $(DISK_USERS); do \
	    $(VOLUME) cms put $(call USER_DISK,$$u) cms/disk/$$u/*; done
	@mv $@.new $@

# A work disk for CMS on the bare machine (docs/examples/bare-cms.conf).
$(VOLUMES)/dbxwrk.3350: $(BUILD)/datbox $(PROFILE) mk/volumes.mk
	@mkdir -p $(@D); rm -f $@.new
	@$(VOLUME) create $@.new --type 3350 --cyls 5 --volser DBXWRK
	@$(VOLUME) cms-format $@.new --label WRK191
	@$(VOLUME) cms put $@.new $(PROFILE)
	@mv $@.new $@
