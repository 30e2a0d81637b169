#!/bin/sh
# datbox volume as its users meet it: the same sources give the same bytes, Hercules' tools open
# what we write, files go in and come out unchanged, mistakes get a message and an exit status.
# usage: tool.sh BUILD
set -eu

build=$1
volume="$build/datbox volume"
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
faults=0

fault() {
    echo "tool.sh: $*" >&2
    faults=$((faults + 1))
}

# fails STATUS "part of the message" COMMAND...
fails() {
    want=$1 part=$2
    shift 2
    status=0
    "$@" >"$dir/out" 2>"$dir/err" || status=$?
    [ $status = "$want" ] || fault "$*: status $status, not $want"
    grep -qF -e "$part" "$dir/err" "$dir/out" || fault "$*: no '$part' in: $(cat "$dir/err")"
}

# --- reproducible, and opened by others ---
for v in dbxres dbxcms dbxusr dbxwrk; do
    [ -f "$build/volumes/$v.3350" ] || continue
    env -u MAKEFLAGS make -s BUILD="$build" VOLUMES="$dir/again" "$dir/again/$v.3350" >/dev/null
    cmp "$build/volumes/$v.3350" "$dir/again/$v.3350" || fault "$v is not the same when made again"
    if command -v dasdls >/dev/null; then
        name=$(echo "$v" | sed 's/dbxwrk/wrk191/' | tr a-z A-Z)
        # dasdls looks for a table of contents, which a CMS disk has not.
        dasdls "$dir/again/$v.3350" 2>&1 | grep -q "VOLSER=$name" ||
            fault "dasdls does not open $v"
    fi
done
rm -rf "$dir/again"

# --- labels and allocation ---
v=$dir/test.3350
$volume create "$v" --type 3350 --cyls 6 --volser TEST01
fails 1 "cannot create" $volume create "$v" --cyls 1
fails 1 "no disk type 3390" $volume create "$dir/x" --type 3390
fails 1 "no more than" $volume create "$dir/x" --cyls 600
fails 1 "not a volume serial" $volume create "$dir/x" --volser TOOLONG
[ ! -e "$dir/x" ] || fault "a volume that cannot be is there"
$volume format "$v"
$volume allocate "$v" DRCT 1-1 TEMP 2-3
$volume label "$v" NEW001
$volume list "$v" | grep -q "2-3 *TEMP" || fault "the allocation is not listed"
$volume list "$v" | grep -q "volume NEW001" || fault "the label is not listed"
fails 1 "not on the volume" $volume allocate "$v" PERM 5-9
fails 1 "is no kind" $volume allocate "$v" PURM 1-1
fails 1 "cylinder 0 can only be PERM" $volume allocate "$v" TEMP 0-1
fails 2 "wrong number of operands" $volume allocate "$v"
fails 2 "there is no option" $volume format "$v" --form
fails 2 "there is no command" $volume frobnicate
fails 1 "No such file" $volume list "$dir/nothing"

# --- damaged files ---
head -c 3000000 "$v" >"$dir/short"
fails 1 "truncated" $volume list "$dir/short"
echo "no volume" >"$dir/text"
fails 1 "too short" $volume list "$dir/text"
head -c 100000 /dev/zero >"$dir/zeros"
fails 1 "not a disk image" $volume list "$dir/zeros"

# --- the directory ---
cat >"$dir/direct" <<'END'
DIRECTORY 150 3350 NEW001
USER ONE ONE 1M 16M G
 MDISK 191 3350 004 001 NEW001 MR
 MDISK 192 3350 00X 001 NEW001
 LINK MAINT 19F 19F RR
END
fails 1 "direct:4: MDISK: 00X is not a cylinder" $volume directory "$v" "$dir/direct"
fails 1 "direct:4: MDISK: 00X is not a cylinder" $volume directory --check "$dir/direct"
sed -i /00X/d "$dir/direct"
$volume directory --check "$dir/direct" | grep -q "USER ONE: LINK MAINT 19F: there is no such" ||
    fault "a link to nowhere is not told"
$volume directory "$v" "$dir/direct" | grep -q "1 users, 1 minidisks"
$volume directory "$v" "$dir/direct" >/dev/null # the other half of the space
fails 1 "this is NEW001" $volume directory "$v" cp/datbox.direct
$volume minidisks "$v" "$dir/direct"
fails 1 "ONE has no minidisk 195" $volume cms list "$v@ONE:195" --directory "$dir/direct"

# --- CMS files ---
d="$v@one:191 --directory $dir/direct"
printf 'first line\n\n  third, with \303\244\n' >"$dir/notes.text"
$volume cms put $d "$dir/notes.text"
$volume cms get $d notes.text - >"$dir/back"
cmp "$dir/notes.text" "$dir/back" || fault "text comes back changed"
$volume cms put $d "$dir/notes.text" --name "$(printf 'N$#@+-:_.F')" --recfm F --lrecl 100
$volume cms get $d 'N$#@+-:_.F' "$dir/back"
cmp "$dir/notes.text" "$dir/back" || fault "text with RECFM F comes back changed"
head -c 200000 "$build/datbox" >"$dir/binary.data"
$volume cms put $d "$dir/binary.data" --binary --lrecl 1000
$volume cms get $d BINARY.DATA "$dir/back" --binary
cmp "$dir/binary.data" "$dir/back" || fault "binary data come back changed"
$volume cms list $d '*.DATA' | grep -q "BINARY   DATA     A1 F  1000     200" || fault "not listed"
fails 1 "not a CMS file name" $volume cms put $d "$dir/binary.data" --name NAME
fails 1 "file not found" $volume cms get $d NO.FILE
fails 1 "longer than 80" $volume cms put $d Makefile --recfm F --name M.F
printf 'one\n\342\202\254\n' >"$dir/euro.text"
fails 1 "euro.text:2: the byte X'E2' in column 1" $volume cms put $d "$dir/euro.text"
fails 1 "disk full" $volume cms put $d "$build/datbox" --binary --name TOO.LARGE
fails 1 "not an ELF file" $volume cms put $d Makefile --module --name X.MODULE
$volume cms check $d
[ "$($volume cms list $d | wc -l)" = 3 ] || fault "what failed left something on the disk"
$volume cms erase $d notes.text
fails 1 "is not the start of a CMS disk" $volume cms list "$v@3"
fails 1 "no place on a volume" $volume cms list "$v@x"
fails 1 "needs --directory" $volume cms list "$v@one:191"

# --- the check finds what is wrong: bits of the map (block 6, on the first track) turned round ---
$volume create "$dir/cms.3350" --cyls 1
$volume cms-format "$dir/cms.3350" --label BROKEN
$volume cms check "$dir/cms.3350"
cp "$dir/cms.3350" "$dir/broken.3350"
printf '\377' | dd of="$dir/broken.3350" bs=1 seek=$((512 + 21 + 5 * 1032 + 8 + 10)) conv=notrunc 2>/dev/null
fails 1 "is lost" $volume cms check "$dir/broken.3350"
$volume cms repair "$dir/broken.3350" | grep -q "LOST     BLOCKS  : has 8 blocks that were" || fault "not repaired"
$volume cms check "$dir/broken.3350"
$volume cms repair "$dir/broken.3350" | grep -q "nothing was to be done" || fault "repaired twice"
dd if=/dev/zero of="$dir/broken.3350" bs=1 count=3000 seek=$((512 + 21 + 2 * 1032 + 8)) conv=notrunc 2>/dev/null
fails 1 "is not repaired" $volume cms repair "$dir/broken.3350"
# --- 800-byte blocks, and the code pages ---
$volume cms-format "$dir/cms.3350" --label OLD --blksize 800
printf '[ ] ^ and a tab\there\n' >"$dir/brackets.text"
$volume cms put "$dir/cms.3350" "$dir/brackets.text" --codepage 037
$volume cms get "$dir/cms.3350" brackets.text "$dir/back" --codepage 037
printf '[ ] ^ and a tab here\n' | cmp - "$dir/back" || fault "code page 037 comes back changed"
$volume cms get "$dir/cms.3350" brackets.text "$dir/back" --binary
[ "$(od -An -tx1 -N5 "$dir/back" | tr -d ' \n')" = ba40bb40b0 ] || fault "that is not code page 037"
$volume cms check "$dir/cms.3350"
fails 1 "not possible" $volume cms-format "$dir/cms.3350" --blksize 800 --nucleus 1
fails 2 "wrong value" $volume cms get "$dir/cms.3350" brackets.text --codepage 500
$volume cms put "$dir/cms.3350" "$dir/notes.text"

# --- CMS on a fixed-block disk: each block size; the label is in block 1; the volume's end holds ---
f="$dir/fixed.3370"
$volume create "$f" --type 3370 --blocks 3000
for size in 512 1024 2048 4096; do
    $volume cms-format "$f" --label FIXED --blksize $size
    $volume cms put "$f" "$dir/binary.data" --binary --lrecl 1000
    $volume cms get "$f" binary.data "$dir/back" --binary
    cmp "$dir/binary.data" "$dir/back" || fault "blocks of $size come back changed"
    $volume cms check "$f"
done
[ "$(od -An -tx1 -j512 -N4 "$f" | tr -d ' ')" = c3d4e2f1 ] || fault "the label is not in block 1"
$volume cms-format "$f" --label PART --at 2000 --blocks 500
$volume cms put "$f@2000.500" "$dir/notes.text"
$volume cms check "$f@2000"
fails 1 "not the start of a CMS disk" $volume cms list "$f@2001"
fails 1 "not on the volume" $volume cms-format "$f" --at 2000 --blocks 1001
fails 1 "say the place by its blocks" $volume cms list "$f@one:191" --directory "$dir/direct"
fails 1 "not possible" $volume cms-format "$f" --blksize 800

# --- a nucleus that cannot be ---
if [ -f "$build/cp.elf" ]; then
    fails 1 "no cylinder is allocated as NUCL" $volume nucleus "$v" "$build/cp.elf"
    fails 1 "not an ELF file" $volume nucleus "$v@0" Makefile --at 5
fi

# --- a compressed copy and back is the same volume ---
for kind in none zlib bzip2; do
    $volume copy "$v" "$dir/compressed" --compress $kind && $volume copy "$dir/compressed" "$dir/plain" &&
        cmp "$v" "$dir/plain" || faults=$((faults + 1))
    rm -f "$dir/compressed" "$dir/plain"
done
fails 2 "wrong value" $volume copy "$v" "$dir/compressed" --compress zip
fails 1 "exists" $volume copy "$v" "$v"

# --- files that may not be written, a host that is full ---
if [ "$(id -u)" != 0 ]; then
    chmod a-w "$v"
    fails 1 "may not be written" $volume label "$v" AGAIN1
fi
if [ -w /dev/full ]; then
    fails 1 "No space left" $volume cms get "$dir/cms.3350" NOTES.TEXT /dev/full
fi

[ $faults = 0 ] || { echo "tool.sh: $faults faults" >&2; exit 1; }
echo "volumes: as they should be"
