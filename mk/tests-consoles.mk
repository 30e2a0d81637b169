# Real 3270 emulators and files: IND$FILE.
TEST_GOALS += test-indfile

.PHONY: test-indfile
test-indfile: all          ## IND$$FILE with s3270, both ways
	@bash tests/system/indfile.sh $(BUILD)
