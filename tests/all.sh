#!/bin/bash
# All tests, as `make test` runs them: everything is built twice (plainly, and with ASan and
# UBSan), the goals run three at a time (some wait for others, not for the CPU), also behind one that
# failed, and the last line counts them.
# A goal counts as one test, and each check of the Check programs as one more.
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
names=

# One make builds what several goals need once, and shows each goal's output in one piece.
goals() { # goals "VARIABLES" GOAL...
    variables=$1
    shift
    LC_ALL=C.UTF-8 "$make" --no-print-directory -k -j3 --output-sync=target $variables "$@" 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    failed=$(for goal; do
        grep -qE "^make.*(: $goal\] |Target '$goal' not remade|No rule to make target '$goal')" "$log" && echo "$goal"
    done)
    [ "$status" = 0 ] || [ -n "$failed" ] || failed="(make $*)"
    # "75%: Checks: 4, Failures: 1, Errors: 0", one line for each program
    passed=$((passed + $(sed -n 's/^[0-9]*%: Checks: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\)$/\1 \2 \3/p' "$log" |
        awk '{ n += $1 - $2 - $3 } END { print n + 0 }') + $# - $(echo "$failed" | grep -c .)))
    names="$names${failed:+ $failed}"
}

build() {
    "$make" --no-print-directory -j2 "$@" && return
    echo "the build failed: make $*"
    exit 2
}

build WERROR=-Werror all test-programs
goals "" test-unit $2
build BUILD=build-san SANITIZE=1 host volumes test-programs
goals "BUILD=build-san SANITIZE=1" test-unit $3
[ -z "$names" ] || echo "failed:" $names
echo "$passed passed, $(echo $names | wc -w) failed"
[ -z "$names" ]
