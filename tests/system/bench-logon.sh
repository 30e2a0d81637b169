#!/bin/bash
# What a CMS user costs: IPL 190 beside IPL CMS (saved, shared), with 8 and 50 users.  Pages in storage of
# one who has just come to Ready, and the machine's time and instructions from LOGON to Ready of the last.
# usage: bench-logon.sh BUILD
set -eu
build=$(realpath "$1")
direct=$(realpath "$(dirname "$0")/../../cp/datbox.direct")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf '%s\n' 'MAINSIZE 16' '0009 3215-C' '00C0.64 3215' '0150 3350 dbxres.3350' \
    '0151 3350 dbxcms.3350' '0152 3350 dbxusr.3350' >conf

# measure IPL USERS
measure() {
    cp "$build"/volumes/dbx{res,cms,usr}.3350 .
    {
        cat "$direct"
        for i in $(seq "$2"); do
            printf 'USER M%03d PW 1M\n IPL %s\n CONSOLE 009 3215\n' "$i" "$1"
            printf ' LINK MAINT 190 190 RR\n LINK MAINT 19E 19E RR\n'
        done
    } >users.direct
    "$build/datbox" volume directory dbxres.3350 users.direct >/dev/null
    {
        printf 'ipl 150\nexpect 009 "AUTO LOGON *** CMSBATCH"\nwait 3\n'
        for i in $(seq "$2"); do
            line=$(printf %03X $((0xc0 + i - 1)))
            printf 'connect %s\nexpect %s "online"\n' "$line" "$line"
            [ "$i" != "$2" ] || echo clocks
            printf 'type %s "LOGON M%03d PW"\nexpect %s "Ready"\n' "$line" "$i" "$line"
        done
        printf 'clocks\ntype %s "#CP INDICATE USER#CP QUERY NSS CMS"\n' "$line"
        printf 'expect %s "(end)" 1\n' "$line"
    } >script
    "$build/datbox" run -c conf --clock virtual --script script >log 2>&1 || true
    awk -v ipl="IPL $1" -v users="$2" '
        /^machine time/ { sub(",", "", $3); time = $3 - last_time; last_time = $3
            instructions = $4 - last_count; last_count = $4 }
        /PAGES: RES-/ { match($0, /RES-[0-9]*/); pages = substr($0, RSTART + 4, 4) + 0 }
        / CMS +DBXRES/ { shared = $NF == "*" ? $(NF - 1) : 0 }
        END { printf "%-8s %2d users: %2d pages each, %2d shared by all; LOGON to Ready %.0f ms, %d instructions\n",
            ipl, users, pages, shared, time * 1000, instructions }' log
}

for users in 8 50; do
    measure 190 $users
    measure CMS $users
done
