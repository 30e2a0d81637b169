# What the build, the tests and the work on datbox need from the system.
packages:                  ## install the Debian packages that the build needs
	@sh mk/packages.sh build

packages-test:             ## ... and those of the tests
	@sh mk/packages.sh build test
