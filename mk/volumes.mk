# Volumes: made by `datbox volume` from the sources, reproducibly.
volumes:                   ## the system's volumes
	@:
