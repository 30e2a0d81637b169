#!/bin/bash
# Proves: a machine that is saved in the middle of a CP session (a guest of two users reading
# disks, the spool and the printer at work, consoles with reads outstanding) and restored in
# another process goes on to the bit: after the same commands the two machines save the same
# state again, byte for byte, and have written the same listing.  The first machine saves
# several times on its way, at whatever point its machine time has come to.
# usage: tests/system/saved.sh BUILD
set -eu
build=$(realpath "$1")
work=$build/saved
rm -rf "$work" && mkdir -p "$work"

# The printer's file is in a directory of each run; the volumes are copied on write, so the
# state has all that the system has written.
configuration() {
    cat <<'EOC'
MAINSIZE 16
0009 3215-C
000C 3505
000D 3525 punch.txt
000E 1403 printer.txt
00C0.4 3215
0150 3350 $(VOLUMES)/dbxres.3350 cow
0151 3350 $(VOLUMES)/dbxcms.3350 cow
0152 3350 $(VOLUMES)/dbxusr.3350 cow
0580 3420 scratch.aws
EOC
}

beginning() {
    cat <<'EOC'
ipl 150
expect 009 "LOGON AT"
connect 0C0
expect 0C0 "datbox CP online"
type 0C0 "LOGON CMSUSER CMSUSER"
expect 0C0 "Ready;"
connect 0C1
expect 0C1 "datbox CP online"
type 0C1 "LOGON STUDENT1 STUDENT1"
expect 0C1 "Ready;"
type 0C0 "PRINT CITIES DATA"
expect 0C0 "Ready;"
type 0C0 "COPYFILE CITIES DATA S MINE DATA A"
expect 0C0 "Ready;"
EOC
}

# Behind each of these, in turn, the state is saved: with a line just typed, with everybody idle,
# with a file half typed out.
middle() {
    cat <<'EOC'
type 0C1 "LISTFILE * * S"
expect 0C1 "Ready;"
type 0C0 "TYPE MINE DATA"
expect 0C0 "BERLIN"
EOC
}

end() {
    cat <<'EOC'
expect 0C0 "Ready;"
type 0C0 "PRINT MINE DATA"
expect 0C0 "Ready;"
type 0C1 "QUERY DISK"
expect 0C1 "Ready;"
type 0C1 "LISTFILE * * A (DATE"
expect 0C1 "Ready"
wait 3
EOC
}

# run NAME SCRIPT: in a directory of its own; the log without what names files.
run() {
    mkdir -p "$work/$1"
    configuration > "$work/$1/machine.conf"
    "$build/datbox" run -c "$work/$1/machine.conf" --clock virtual --script "$2" > "$work/$1/log" 2>&1 ||
        { echo "run $1 failed"; tail -20 "$work/$1/log"; exit 1; }
}

{ beginning
  echo "save $work/state1"
  n=1
  middle | while read -r line; do n=$((n + 1)); echo "$line"; echo "save $work/state$n"; done
  end
  echo "save $work/all.end"; echo quit; } > "$work/all.script"
run all "$work/all.script"

# The way up to state n, in a machine of its own that ends there; and from there to the end, in
# another one in the same directory.
lines_up_to() { middle | head -n $(($1 - 1)); }
lines_from() { middle | tail -n +"$1"; }

for n in 1 2 3 4 5; do
    { beginning
      k=1
      echo "save $work/part1"
      lines_up_to $n | while read -r line; do k=$((k + 1)); echo "$line"; echo "save $work/part$k"; done
      echo quit; } > "$work/to$n.script"
    run $n "$work/to$n.script"
    cmp "$work/state$n" "$work/part$n"
    { printf 'connect 0C0\nconnect 0C1\nrestore %s\n' "$work/state$n"
      k=$n
      lines_from $n | while read -r line; do k=$((k + 1)); echo "$line"; echo "save $work/again$k"; done
      end
      echo "save $work/$n.end"; echo quit; } > "$work/from$n.script"
    run $n "$work/from$n.script"
    cmp "$work/all.end" "$work/$n.end"
    cmp "$work/all/printer.txt" "$work/$n/printer.txt"
done
echo "saved: five states of a CP session, restored, went on to the same end"
