#!/bin/bash
# All tests, as `make test` runs them: everything is built twice (plainly, and with ASan and
# UBSan), each goal is run, also behind one that failed, and the last line counts them.  A goal
# counts as one test, the unit tests as as many as Check says.
# usage: tests/all.sh MAKE "GOALS" "GOALS OF THE SANITIZED BUILD"
set -uo pipefail
flags=${MAKEFLAGS-}
case ${flags%% *} in # make -n test: nothing is run
-* | *=*) ;;
*n*) exit 0 ;;
esac
make=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0
names=

# goal NAME ARGUMENT...: runs one.
goal() {
    if "$make" --no-print-directory "$@" 2>&1 | tee "$log"; then
        status=0
    else
        status=1
    fi
    # "75%: Checks: 4, Failures: 1, Errors: 0", one line for each program
    counts=$(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$log" |
        awk '{ all += $1; bad += $2 + $3 } END { print all + 0, bad + 0 }')
    set -- "$1" $counts
    if [ "$2" = 0 ] || { [ $status != 0 ] && [ "$3" = 0 ]; }; then # a test without Check; or more than its checks went wrong
        set -- "$1" $(($2 + 1)) $status
    fi
    passed=$((passed + $2 - $3))
    failed=$((failed + $3))
    [ $status = 0 ] || names="$names $1"
}

build() {
    "$make" --no-print-directory -j2 "$@" && return
    echo "the build failed: make $*"
    exit 2
}

build WERROR=-Werror all test-programs
for g in test-unit $2; do goal "$g"; done
build BUILD=build-san SANITIZE=1 host volumes test-programs
for g in test-unit $3; do goal "$g" BUILD=build-san SANITIZE=1; done
[ -z "$names" ] || echo "failed:$names"
echo "$passed passed, $failed failed"
[ -z "$names" ]
