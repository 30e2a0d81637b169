#!/bin/sh
# Eight users are logged on and one of them loops: the others' LISTFILE must be answered about as
# fast as before.  Machine time under the virtual clock, so the numbers are the same in each run.
# usage: fair.sh BUILD
set -eu
build=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
users="cmsuser student1 student2 student3 student4 student5 student6 student7"

# measure N: N times a LISTFILE of student7 with the time before and after.
measure() {
    for i in $(seq "$1"); do
        echo 'time'
        echo 'type 0c7 "listfile * * s (label"'
        echo 'expect 0c7 "Ready;"'
        echo 'time'
        echo 'wait 1'
    done
}

{
    echo 'ipl 150'
    echo 'expect 009 "CMSBATCH" 30'
    line=0
    for user in $users; do
        echo "connect 0c$line"
        echo "expect 0c$line \"online\""
        echo "type 0c$line \"logon $user\""
        echo "expect 0c$line \"PASSWORD\""
        echo "type 0c$line \"$user\""
        echo "expect 0c$line \"Ready;\""
        line=$((line + 1))
    done
    echo 'message alone'
    measure 5
    echo 'type 0c0 "loop"'
    echo 'wait 5'
    echo 'message beside a loop'
    measure 5
    echo 'attn 0c0'
    echo 'expect 0c0 "CP"'
    echo 'quit'
} >fair.script

DATBOX_DATA=$work/data "$build/datbox" run --clock virtual --script fair.script >log 2>&1 || {
    tail -20 log
    exit 1
}
awk '
    /^alone|^beside/ { what = $0 }
    /^time/ && !begun { begun = 1; from = $2; next }
    /^time/ { begun = 0; n[what]++; ms = ($2 - from) * 1000; sum[what] += ms; if (ms > most[what]) most[what] = ms }
    END {
        for (what in n)
            printf "LISTFILE %s: %d times, mean %.1f ms, at most %.1f ms of machine time\n", what, n[what],
                sum[what] / n[what], most[what]
        if (n["alone"] != 5 || n["beside a loop"] != 5) exit 1
        # A looping guest may cost one time slice (50 ms), not more.
        exit most["beside a loop"] > most["alone"] + 50
    }' log
