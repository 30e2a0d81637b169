# The volume tool from its command line (also with sanitizers), and the volumes that it made.
test-volume: host $(if $(SANITIZE),,volumes)   ## the volumes, and datbox volume from its command line
	@sh tests/volume.sh $(BUILD)

TEST_GOALS += test-volume
TEST_GOALS_SAN += test-volume
.PHONY: test-volume
