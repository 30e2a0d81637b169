# Host code: the machine, the consoles, the tools, and the portable modules
# compiled for the host.  Every .c file of a room is found by wildcard, so a new
# file needs no line here.

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
        -Wvla -Wno-unused-parameter
OPTIMIZE ?= -O2
HOST_CFLAGS := -std=gnu11 $(OPTIMIZE) -g $(WARN) $(WERROR) -I. -D_GNU_SOURCE -MMD -MP
HOST_LIBS := -luv -ltelnet -lssl -lcrypto -ledit -lncursesw -ltinfo -lhpdf -ljansson -lz -lbz2 -lpthread

# SANITIZE=1 builds with ASan and UBSan (use another BUILD with it).
ifdef SANITIZE
HOST_CFLAGS += -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
HOST_LIBS += -fsanitize=address,undefined
# All instructions in one file: with these it takes a third of the time, and runs no slower.
$(BUILD)/host/s370/cpu/fast.o: HOST_CFLAGS += -O1 -fno-var-tracking
endif

# Portable modules: freestanding C compiled for the host and for System/370.
PORTABLE := lib spool spool/batch spool/nje spool/rscs cms/fs cms/ddr cms/exec cms/exec2 cms/edit cms/transfer cms/asm cms/load cms/library cms/names cms/copy cms/update cms/os \
    cp/directory cp/text cp/ccw
# Rooms that exist on the host only.
HOST_ROOMS := dat s370 s370/cpu s370/io s370/devices s370/media s370/operator consoles consoles/term spool/host tools/volume

LIB_SRC  := $(filter-out lib/memory.c,$(wildcard $(addsuffix /*.c,$(PORTABLE) $(HOST_ROOMS))))
LIB_OBJ  := $(LIB_SRC:%.c=$(BUILD)/host/%.o)
TOOL_OBJ := $(patsubst %.c,$(BUILD)/host/%.o,$(wildcard tools/*.c))
LIBDATBOX := $(BUILD)/libdatbox.a
ALL_C := $(filter-out build%,$(wildcard *.c */*.c */*.h */*/*.c */*/*.h */*/*/*.c */*/*/*.h))

host: $(BUILD)/datbox      ## the program for this host
	@[ "$(BUILD)" != build ] || ln -sf $(BUILD)/datbox datbox

$(BUILD)/datbox: $(TOOL_OBJ) $(LIBDATBOX)
	$(call Q,LD)$(HOSTCC) -o $@ $^ $(HOST_LIBS)

$(LIBDATBOX): $(LIB_OBJ) mk/host.mk
	@rm -f $@
	$(call Q,AR)ar rcs $@ $(filter %.o,$^)

$(BUILD)/host/%.o: %.c
	@mkdir -p $(@D)
	$(call Q,CC)$(HOSTCC) $(HOST_CFLAGS) -c -o $@ $<

-include $(LIB_OBJ:.o=.d) $(TOOL_OBJ:.o=.d)
