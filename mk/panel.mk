# datbox-panel: the front panel (SDL2), a program of its own that `datbox panel` starts, so that
# the machine does not load the libraries of a window system.

PANEL_SRC := $(wildcard consoles/panel/*.c)
PANEL_OBJ := $(PANEL_SRC:%.c=$(BUILD)/host/%.o)
PANEL_PKG := sdl2 SDL2_ttf SDL2_image

host: $(BUILD)/datbox-panel

$(PANEL_OBJ): HOST_CFLAGS += $(shell pkg-config --cflags $(PANEL_PKG))

$(BUILD)/datbox-panel: $(PANEL_OBJ) $(LIBDATBOX)
	$(call Q,LD)$(HOSTCC) -o $@ $^ $(shell pkg-config --libs $(PANEL_PKG)) -lm $(filter -fsanitize%,$(HOST_LIBS))

-include $(PANEL_OBJ:.o=.d)

$(BUILD)/tests/panel/compare: tests/panel/compare.c
	@mkdir -p $(@D)
	$(call Q,CC)$(HOSTCC) $(HOST_CFLAGS) $(shell pkg-config --cflags SDL2_image) -o $@ $< \
	    $(shell pkg-config --libs SDL2_image) $(filter -fsanitize%,$(HOST_LIBS))

test-panel: host $(BUILD)/tests/panel/compare  ## pictures of the front panel
	@bash tests/panel/shot.sh $(BUILD)

TEST_GOALS += test-panel
.PHONY: test-panel
