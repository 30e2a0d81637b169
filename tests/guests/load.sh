#!/bin/bash
# load.sh BUILD USERS...: so many CMS users with a megabyte each in 16M of real storage, each running
# load.exec (copies, edits, prints, pauses); one more types trivial commands meanwhile. For each number of
# users prints what a script cost (CPU seconds by CMS's ready message, and what of them was CP's), how busy
# the CPU was, pages per second, and the trivial response in machine time. Fails if a script does not end
# right.
set -e
build=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
shift
work=$(mktemp -d "${TMPDIR:-/tmp}/datbox-users-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
volume="$build/datbox volume"
PROBES=60
PER_PACK=20

# The directory: users U001, U002, ... with a cylinder each, PER_PACK of them on a pack.
directory() {
    cat "$here/../../cp/datbox.direct"
    for i in $(seq "$1"); do
        printf 'USER U%03d U%03d 1M 1M G\n IPL CMS\n CONSOLE 009 3215\n SPOOL 00C 3505 *\n' "$i" "$i"
        printf ' SPOOL 00D 3525 A\n SPOOL 00E 1403 A\n LINK MAINT 190 190 RR\n LINK MAINT 19E 19E RR\n'
        printf ' MDISK 191 3350 %03d 001 DBXL%02d MR\n' $(((i - 1) % PER_PACK + 1)) $(((i - 1) / PER_PACK))
    done
}

# The volumes: packs for the users, another for paging.
volumes() {
    cp --sparse=always "$build"/volumes/dbx{res,cms,usr}.3350 .
    directory "$1" >load.direct
    $volume directory dbxres.3350 load.direct
    for k in $(seq 0 $((($1 - 1) / PER_PACK))); do
        $volume create "pack$k.3350" --type 3350 --cyls $((PER_PACK + 1)) --volser "$(printf DBXL%02d "$k")"
        $volume minidisks "pack$k.3350" load.direct
    done
    $volume create dbxpg1.3350 --type 3350 --cyls 200 --volser DBXPG1
    $volume format dbxpg1.3350
    $volume allocate dbxpg1.3350 TEMP 1-60 PAGE 61-199
    seq -f 'LINE %g OF THE DATA THAT IS COPIED, EDITED AND PRINTED AGAIN AND AGAIN' 60 >old.data
    for i in $(seq "$1"); do
        $volume cms put "pack$(((i - 1) / PER_PACK)).3350@$(printf 'U%03d:191' "$i")" --directory load.direct "$here/load.exec" old.data
    done
}

script() {
    printf 'transcript 009 console\nipl 150\nexpect 009 "LOGOFF AS AUTOLOG1" 60\ntype 009 "drain all"\n'
    printf 'connect 2ff\nexpect 2ff "online"\ntype 2ff "logon cmsuser cmsuser"\nexpect 2ff "Ready;" 100\n'
    for i in $(seq "$1"); do
        line=$(printf %X $((0x2ff + i)))
        printf 'transcript %s user.%s\nconnect %s\nexpect %s "online" 100\n' "$line" "$line" "$line" "$line"
        printf 'type %s "logon U%03d U%03d"\nexpect %s "Ready;" 600\n' "$line" "$i" "$i" "$line"
    done
    echo clocks
    for i in $(seq "$1"); do printf 'type %X "load"\n' $((0x2ff + i)); done
    echo 'message probes'
    for i in $(seq $PROBES); do
        printf 'wait 1\nclocks\ntype 2ff "state profile exec a"\nexpect 2ff "Ready;" 600\nclocks\n'
        [ $((i % 20)) != 10 ] || echo 'type 009 "indicate load"'
    done
    echo 'message end'
    # A wait for more than three minutes of the host's time would be given up.
    for i in $(seq $(($1 / 4))); do echo 'wait 30'; done
    for i in $(seq "$1"); do printf 'expect %X "WORK DONE, 0 BAD" 60000\nexpect %X "Ready;" 60\n' $((0x2ff + i)) $((0x2ff + i)); done
    printf 'clocks\ntype 009 "indicate exits all"\nwait 2\ntype 009 "query paging"\nexpect 009 "SLOTS IN USE" 60\nquit 0\n'
}

printf '%-6s%13s%8s%10s%10s%12s%12s\n' users CPU-s/script of-CP CPU-% pages/s median-ms p95-ms
for n; do
    rm -f ./*
    volumes "$n" >volumes.log 2>&1
    {
        printf '%s\n' 'MAINSIZE 16' '0009 3215-C' '000C 3505' '000D 3525 punch clear' '000E 1403 paper clear'
        printf '02FF 3215\n0300.%d 3215\n0150 3350 dbxres.3350\n0151 3350 dbxcms.3350 ro\n' "$n"
        printf '0152 3350 dbxusr.3350\n0154 3350 dbxpg1.3350\n'
        for k in $(seq 0 $(((n - 1) / PER_PACK))); do printf '0%X 3350 pack%d.3350\n' $((0x160 + k)) "$k"; done
    } >conf
    script "$n" >load.script
    if ! "$build/datbox" run -c conf --script load.script --clock virtual >log 2>&1; then
        echo "$n users: failed"
        tail -40 log
        tail -20 console
        exit 1
    fi
    awk -v n="$n" '
        /^probes/ { on = 1 } /^end/ { on = 0 }
        /^machine time/ { t = $3 + 0; if (on) { if (from) { r[++k] = (t - from) * 1000; from = 0 } else from = t } }
        /^WORK DONE/ { done = 1 }
        done && /^Ready; T=/ { split($2, a, /[=\/]/); virtual += a[2]; total += a[3]; scripts++; done = 0 }
        FILENAME == "console" && /^CPU-/ { split($1, a, /[-%]/); cpu += a[2]; m++ }
        FILENAME == "console" && /^GUESTS-/ { split($3, c, /[-\/]/); pages += c[2] }
        END {
            for (i = 2; i <= k; i++) { v = r[i]; for (j = i - 1; j > 0 && r[j] > v; j--) r[j + 1] = r[j]; r[j + 1] = v }
            printf "%-6d%13.3f%7.0f%%%9.0f%%%10.1f%12.1f%12.1f\n", n, total / scripts, 100 * (total - virtual) / total, cpu / m,
                pages / m, r[int((k + 1) / 2)], r[int(k * 0.95 + 0.5)]
        }' log console user.*
done
