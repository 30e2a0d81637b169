#!/bin/sh
# datbox run at a terminal: what is typed is executed, and the history lies in the data directory and
# nowhere else.  usage: console.sh DATBOX
set -eu
datbox=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir box
printf '0009 3215-C\n' >test.conf
printf '!message one\r!message two\r!quit 3\r' |
    timeout 60 script -qec "'$datbox' run -c test.conf --data box --port 0" typescript >/dev/null 2>&1 ||
    status=$?
[ "${status-0}" = 3 ] && grep -q 'Jtwo' typescript && grep -q 'message.*one' box/history &&
    [ "$(ls)" = "$(printf 'box\ntest.conf\ntypescript')" ] || {
    echo "FAILED: status ${status-0}"
    ls
    cat typescript
    exit 1
}
echo "datbox run: the console in a terminal works, with its history"
