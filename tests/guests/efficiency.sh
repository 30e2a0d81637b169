#!/bin/sh
# Popek and Goldberg's efficiency: efficiency.sh BUILD. The same CMS does the same compute work (an EXEC
# that counts, a sort) on the bare machine and under CP; what each took is counted in instructions of the
# machine, CP's included.  Fails unless the run under CP is at most 1.03 times as long and more than
# 99.9 % of the guest's instructions ran directly: all but those for which it left its virtual machine.
set -e
build=$1
work=$build/tests/guests/efficiency
rm -rf "$work"
mkdir -p "$work"
volumes=../../../volumes
cat >"$work/count.exec" <<'END'
&CONTROL OFF
&N = 0
-AGAIN &N = &N + 1
&IF &N LT 5000 &GOTO -AGAIN
END
cp "$build/volumes/dbxwrk.3350" "$build/volumes/dbxusr.3350" "$build/volumes/dbxres.3350" \
    "$build/volumes/dbxcms.3350" "$work"
"$build/datbox" volume cms put "$work/dbxwrk.3350" "$work/count.exec"
"$build/datbox" volume cms put "$work/dbxusr.3350@CMSUSER:191" --directory "$(dirname "$0")/../../cp/datbox.direct" \
    "$work/count.exec"
printf 'MAINSIZE 1\n0009 3215-C\n0190 3350 dbxcms.3350\n0191 3350 dbxwrk.3350\n' >"$work/bare.conf"
{
    printf 'MAINSIZE 16\n0009 3215-C\n00C0 3215\n0150 3350 dbxres.3350\n'
    printf '0151 3350 dbxcms.3350\n0152 3350 dbxusr.3350\n'
} >"$work/cp.conf"
# The work, at console $1.
session() {
    printf 'wait 5\nclocks\ntype %s "count"\nexpect %s "Ready;" 600\nclocks\n' "$1" "$1"
}
{ printf 'ipl 190\nexpect 009 "Ready;"\n'; session 009; echo quit 0; } >"$work/bare.script"
{
    printf 'transcript 0C0 cp.out\nipl 150\nexpect 009 "LOGOFF AS AUTOLOG1"\nconnect 0C0\nexpect 0C0 "online"\n'
    printf 'type 0C0 "logon cmsuser cmsuser"\nexpect 0C0 "Ready;" 60\n'
    printf 'type 0C0 "#CP INDICATE EXITS"\nexpect 0C0 "BARE MACHINE"\n'
    session 0C0
    printf 'type 0C0 "#CP INDICATE EXITS"\nexpect 0C0 "BARE MACHINE"\nquit 0\n'
} >"$work/cp.script"
for system in bare cp; do
    if ! (cd "$work" && ../../../datbox run -c $system.conf --clock virtual --io immediate --script $system.script \
        </dev/null >$system.log 2>&1); then
        echo "$system: the session failed; $work/$system.log ends with:"
        tail -5 "$work/$system.log"
        exit 1
    fi
done
# Instructions between the two "machine time S, N instructions".
count() {
    awk '/^machine time/ { if (n) print $4 - n; n = $4 }' "$work/$1.log"
}
exits=$(awk '/^PRIVILEGED OPERATIONS/ { p = $3 - q; q = $3 } /^SVC / { s = $2 - r; r = $2 } END { print p + s }' "$work/cp.out")
echo "$(count bare) $(count cp) $exits" | awk '{
    direct = 100 * (1 - $3 / $1); factor = $2 / $1
    printf "CMS compute work: %d instructions bare, %d under CP: %.4f times; %d privileged operations and SVCs: %.4f %% ran directly\n", $1, $2, factor, $3, direct
    exit !(factor <= 1.03 && direct > 99.9) }'
