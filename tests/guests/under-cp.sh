#!/bin/sh
# under-cp.sh BUILD [NAME]: runs the guest decks of tests/guests in virtual machines of CP; or one
# test of them.  WITHOUT=NAME leaves one out.
#
# Decks come through the real reader (a card takes 50 ms) and the spool to their users, who IPL them
# from 00C.  A guest that ends with address 00600D has found no difference from the machine that it
# checked on the bare machine.  Eight guests of a megabyte each in a machine of two make CP page.
set -e
build=$1
only=$2
decks=$build/tests/guests
work=$decks/cp
rm -rf "$work"
mkdir -p "$work"
work=$(realpath "$work")

# card USERID NAME: an ID card in EBCDIC.
card() {
    printf '%-80s' "USERID $1 CLASS A NAME $2 DECK" | tr a-z A-Z | iconv -f ASCII -t IBM1047
}

# run NAME [OPTION...]: with NAME.conf and NAME.rc in the work directory, and NAME.direct if there is one.
run() {
    [ "${only:-$1}" = "$1" ] && [ "${WITHOUT-}" != "$1" ] || return 0
    cp "$build"/volumes/dbxres.3350 "$build"/volumes/dbxcms.3350 "$build"/volumes/dbxusr.3350 "$work"
    [ ! -e "$work/$1.direct" ] ||
        "$build/datbox" volume directory "$work/dbxres.3350" "$work/$1.direct" >/dev/null
    if ! "$build/datbox" run -c "$work/$1.conf" --script "$work/$1.rc" --clock virtual \
        ${2:+"$2" "$3"} >"$work/$1.out" 2>&1; then
        echo "guest test $1 failed under CP:"
        cat "$work/$1.out"
        exit 1
    fi
    echo "guest test $1: under CP OK"
}

# configuration MAINSIZE DECK LINES
configuration() {
    printf 'MAINSIZE %s\n0009 3215-C\n000C 3505 %s ebcdic\n' "$1" "$2"
    printf '000D 3525 %s/punch.txt\n000E 1403 %s/printer.txt\n' "$work" "$work"
    for i in $(seq "$3"); do printf '002%d 3215\n' "$i"; done
    printf '0150 3350 %s/dbxres.3350\n0151 3350 %s/dbxcms.3350\n0152 3350 %s/dbxusr.3350\n' \
        "$work" "$work" "$work"
}

# logged_on NUMBER...: users STUDENTn at 002n, without IPL.
logged_on() {
    for user; do
        printf 'connect 002%d\nexpect 002%d "online"\n' "$user" "$user"
        printf 'type 002%d "logon student%d student%d noipl"\n' "$user" "$user" "$user"
        printf 'expect 002%d "LOGON AT"\n' "$user"
    done
}

# One guest: every privileged instruction; program event recording; unit record devices; endless channel programs; random ones.
for name in privops per unitrec chains random; do
    { card STUDENT1 "$name"; cat "$decks/$name.deck"; } >"$work/$name.deck"
    configuration 16 "$work/$name.deck" 1 >"$work/$name.conf"
    cat >"$work/$name.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 30
wait 30
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1 noipl"
expect 0021 "LOGON AT"
type 0021 "ipl 00c"
expect 0021 "DISABLED WAIT PSW '00020000 0000600D'" 30
quit 0
END
    run "$name"
done

# Two address spaces, a hundred times from one to the other: each of their pages is looked for once, and once more after
# PTLB what is used then: eight pages and the code of each, the tables once; then in B the code and two pages, in A the code and
# one. Without sets of shadow tables it would be some 1800 faults.
{ card STUDENT1 switching; cat "$decks/switching.deck"; } >"$work/switching.deck"
configuration 16 "$work/switching.deck" 1 >"$work/switching.conf"
cat >"$work/switching.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 30
wait 30
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1 noipl"
expect 0021 "LOGON AT"
type 0021 "set ecmode on#ipl 00c"
expect 0021 "DISABLED WAIT PSW '00020000 0000600D'" 30
type 0021 "indicate exits"
expect 0021 "PAGE FAULTS: SHADOW             24 "
quit 0
END
run switching

# More storage than the machine has: the guest is told of pages that come from disk, and is not without SET PAGEX ON.
{ card STUDENT1 pagex; cat "$decks/pagex.deck"; card STUDENT1 pagex; cat "$decks/pagex.deck"; } >"$work/pagex.deck"
configuration 1 "$work/pagex.deck" 1 >"$work/pagex.conf"
cat >"$work/pagex.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 60
wait 30
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1 noipl"
expect 0021 "LOGON AT"
type 0021 "define storage 2m#set pagex on#query set#ipl 00c"
expect 0021 "PAGEX ON"
expect 0021 "DISABLED WAIT PSW '00020000 0000600D'" 200
type 0021 "close 00c#set pagex off#ipl 00c"
expect 0021 "DISABLED WAIT PSW '00020000 00BAD003'" 200
quit 0
END
run pagex --io immediate

# A saved segment: MAINT makes it, STUDENT1 finds, loads, purges, alters copies and at last the shared
# pages of it; STUDENT2 then sees what was saved.
{ card STUDENT1 segment; cat "$decks/segment.deck"; } >"$work/segment.deck"
configuration 16 "$work/segment.deck" 3 >"$work/segment.conf"
cat >"$work/segment.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 30
wait 30
connect 0021
expect 0021 "online"
type 0021 "logon maint cpcms noipl"
expect 0021 "LOGON AT"
type 0021 "savesys classeg"
expect 0021 "DMKCFG170E CLASSEG NEEDS MORE STORAGE"
type 0021 "define storage 4m"
expect 0021 "STORAGE = 04096K"
type 0021 "store 200000 C4C2E7E2"
expect 0021 "STORE COMPLETE"
type 0021 "store 210000 C4C2E7E2"
expect 0021 "STORE COMPLETE"
type 0021 "savesys classeg"
expect 0021 "SYSTEM SAVED"
connect 0022
expect 0022 "online"
type 0022 "logon student1 student1 noipl"
expect 0022 "LOGON AT"
type 0022 "ipl 00c"
expect 0022 "MSG FROM STUDENT1: OK" 30
expect 0022 "DMKVMA456W CP ENTERED; CLASSEG - SHARED PAGE 200000 ALTERED"
type 0022 "display 200000"
expect 0022 "200000  C4C2E7E2"
type 0022 "query nss classeg"
expect 0022 "CLASSEG  DBXRES 0059 040  0017  001 R/O  001   0001 *"
# Who stores by command gets a copy; saving anew leaves it to him.
type 0022 "store 200000 11111111"
expect 0022 "DMKVMA181E SHARED SYSTEM CLASSEG REPLACED WITH NON-SHARED COPY"
type 0021 "store 200000 22222222"
expect 0021 "STORE COMPLETE"
type 0021 "savesys classeg"
expect 0021 "SYSTEM SAVED"
type 0022 "display 200000.8"
expect 0022 "200000  11111111 00000000"
type 0022 "display 210000"
expect 0022 "210000  C4C2E7E2"
type 0022 "vmdump 0.20 to * format os dss *with segments"
expect 0022 "COMMAND COMPLETE"
type 0022 "vmdump 0.20 format"
expect 0022 "DMKCDM002E INVALID OPERAND - FORMAT"
quit 0
END
run segment
# VMDUMP DSS has the segment, which is beyond the end of storage.
if [ "${only:-segment}" = segment ] && [ "${WITHOUT-}" != segment ]; then
    id=$("$build/datbox" spool "$work/dbxres.3350" | sed -n 's/^STUDENT1 \([0-9]*\) .* VMDUMP .*/\1/p' | tail -1)
    "$build/datbox" spool "$work/dbxres.3350" "${id:-1}" >"$work/segment.dump"
    for line in 'DUMP OF STUDENT1 BY STUDENT1 .*with segments' '^FORMAT OS' '^000000  ' '^200000   11111111 00000000' \
        '^210000   C4C2E7E2'; do
        grep -q "$line" "$work/segment.dump" || {
            echo "guest test segment: the dump does not say $line"
            cat "$work/segment.dump"
            exit 1
        }
    done
fi

# Instructions that the real machine has and virtual ones do not.
{ card STUDENT1 absent; cat "$decks/absent.deck"; } >"$work/absent.deck"
{ configuration 16 "$work/absent.deck" 1; echo 'FACILITY ENABLE DAS'; } >"$work/absent.conf"
sed 's/privops/absent/' "$work/privops.rc" >"$work/absent.rc"
run absent

# Paging: 8 x 1M in 2M.
users="1 2 3 4 5 6 7 8"
for i in $users; do
    card "STUDENT$i" PAGES
    cat "$decks/pages.deck"
done >"$work/pages.deck"
configuration 2 "$work/pages.deck" 8 >"$work/pages.conf"
{
    printf 'ipl 150\nexpect 0009 "BY OPERATOR" 30\nwait 60\n'
    logged_on $users
    for i in $users; do printf 'type 002%d "ipl 00c"\n' "$i"; done
    for i in $users; do
        printf "expect 002%d \"DISABLED WAIT PSW '00020000 0000600D'\" 120\n" "$i"
    done
    printf 'quit 0\n'
} >"$work/pages.rc"
run pages --io immediate # as fast as a 3350 is, that would take many minutes of machine time

# The least machine: the batch machine and a CMS user in 512K.
: >"$work/small.deck"
configuration 512K "$work/small.deck" 1 >"$work/small.conf"
cat >"$work/small.rc" <<'END'
ipl 150
expect 0009 "BATCH MACHINE READY" 300
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1"
expect 0021 "Ready;" 300
type 0021 "listfile profile exec"
expect 0021 "PROFILE  EXEC" 300
quit 0
END
run small --io immediate

# OPTION VIRT=REAL: no page leaves storage again; for one user at a time, until UNLOCK.
{ card STUDENT1 PAGES; cat "$decks/pages.deck"; } >"$work/fixed.deck"
configuration 4 "$work/fixed.deck" 2 >"$work/fixed.conf"
sed 's/^USER STUDENT[12] .*/&\n OPTION VIRT=REAL/' "$(dirname "$0")/../../cp/datbox.direct" >"$work/fixed.direct"
cat >"$work/fixed.rc" <<END
transcript 0009 $work/fixed.console
ipl 150
expect 0009 "BY OPERATOR" 30
wait 60
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1 noipl"
expect 0021 "LOGON AT"
connect 0022
expect 0022 "online"
type 0022 "logon student2 student2 noipl"
expect 0022 "DMKLOG096E VIRT=REAL AREA IN USE BY STUDENT1"
type 0021 "ipl 00c"
expect 0021 "DISABLED WAIT PSW '00020000 0000600D'" 120
type 0009 "query paging"
expect 0009 " LOCKED, OF "
type 0009 "unlock virt=real"
expect 0009 "COMMAND COMPLETE"
type 0009 "query paging"
expect 0009 ", 0 LOCKED, OF "
quit 0
END
run fixed --io immediate
grep -o '[0-9]* LOCKED' "$work/fixed.console" | head -1 | awk '{ exit $1 < 250 }' || {
    echo "guest test fixed: its pages are not locked"
    exit 1
}

# Two guests of ten megabytes in 24: pages go beyond 16M and come back, with their keys; hardly anything is paged.
for i in 1 2; do
    card "STUDENT$i" MANY
    cat "$decks/many.deck"
done >"$work/many.deck"
configuration 24 "$work/many.deck" 2 >"$work/many.conf"
{
    printf 'transcript 0009 %s/many.console\n' "$work"
    printf 'ipl 150\nexpect 0009 "storage 24576K" 30\nexpect 0009 "BY OPERATOR" 30\nwait 60\n'
    for i in 1 2; do
        logged_on "$i"
        printf 'type 002%d "define storage 16m"\n' "$i"
        printf 'expect 002%d "STORAGE = 16384K"\ntype 002%d "ipl 00c"\n' "$i" "$i"
    done
    for i in 1 2; do
        printf "expect 002%d \"DISABLED WAIT PSW '00020000 0000600D'\" 120\n" "$i"
    done
    printf 'type 0009 "query paging"\nexpect 0009 " OF 6144"\nquit 0\n'
} >"$work/many.rc"
run many --io immediate
grep -o 'WRITES=[0-9]*' "$work/many.console" | tail -1 | awk -F= '{ exit $2 >= 50 }' || {
    echo "guest test many: pages have been written though there was storage"
    exit 1
}

# Three guests want more pages than there is paging space, with what it may have of the spool: one loses its storage, a third user's
# command is answered.
for i in 1 2 4; do
    card "STUDENT$i" HOG
    cat "$decks/hog.deck"
done >"$work/hog.deck"
configuration 4 "$work/hog.deck" 4 >"$work/hog.conf"
{
    printf 'ipl 150\nexpect 0009 "BY OPERATOR" 30\nwait 60\n'
    printf 'connect 0023\nexpect 0023 "online"\ntype 0023 "logon student3 student3"\n'
    printf 'expect 0023 "CMS" 20\ntype 0023 ""\nexpect 0023 "Ready" 20\n'
    for i in 1 2 4; do
        logged_on "$i"
        printf 'type 002%d "define storage 16m"\n' "$i"
        printf 'expect 002%d "STORAGE = 16384K"\ntype 002%d "ipl 00c"\n' "$i" "$i"
        printf "expect 002%d \"DISABLED WAIT PSW '00020000 0000600D'\" 60\n" "$i"
    done
    printf 'type 0023 "listfile * * a"\nexpect 0023 "PROFILE  EXEC" 60\n'
    printf 'expect 0009 "PAGING SPACE IS FULL"\nquit 0\n'
} >"$work/hog.rc"
run hog

# A guest with a 3270 of its own at 0C0: attached, dialed to, and as the console that its user sits at.
{ card STUDENT1 screen; cat "$decks/screen.deck"; } >"$work/screen.deck"
{
    configuration 16 "$work/screen.deck" 1
    echo '0080.4 3270'
} >"$work/screen-attached.conf"
cp "$work/screen-attached.conf" "$work/screen-dialed.conf"
cp "$work/screen-attached.conf" "$work/screen-console.conf"
# uses DEVICE: what a person at the 3270 does.
uses() {
    cat <<END
expect $1 "DATBOX TEST"
type $1 "hello"
key $1 ENTER
expect $1 "HELLO"
key $1 PF3
END
}
start='ipl 150
expect 0009 "BY OPERATOR" 30
wait 30'
logon='connect 0021
expect 0021 "online"
type 0021 "logon student1 student1 noipl"
expect 0021 "LOGON AT"'
ended="DISABLED WAIT PSW '00020000 0000600D'"
cat >"$work/screen-attached.rc" <<END
$start
$logon
type 0009 "disable 080"
type 0009 "attach 080 to student1 as 0c0"
expect 0009 "GRAF 080 ATTACH TO STUDENT1 0C0"
type 0009 "query graf"
expect 0009 "GRAF 080 ATTACHED TO STUDENT1"
connect 080
type 0021 "ipl 00c"
$(uses 080)
expect 0021 "$ended"
type 0021 "detach 0c0"
expect 0021 "0C0 DETACHED"
type 0009 "enable 080"
expect 080 "datbox CP online"
quit 0
END
run screen-attached
cat >"$work/screen-dialed.rc" <<END
$start
$logon
type 0021 "define graf 0c0"
expect 0021 "GRAF 0C0 DEFINED"
type 0021 "query graf"
expect 0021 "GRAF 0C0 NOT DIALED"
connect 081
expect 081 "Press ENTER"
type 081 "dial student1 0c1"
key 081 ENTER
expect 081 "LINE(S) NOT AVAILABLE ON STUDENT1"
type 081 "dial student1"
key 081 ENTER
expect 0009 "GRAF 081 DIALED TO STUDENT1 0C0 DIALED = 001"
type 0021 "query graf"
expect 0021 "GRAF 0C0 DIALED BY GRAF 081"
# One line takes one terminal; RESET takes it back, hanging up does, too.
connect 080
expect 080 "Press ENTER"
type 080 "dial student1"
key 080 ENTER
expect 080 "LINE(S) NOT AVAILABLE ON STUDENT1"
type 0021 "#cp reset 0c0"
expect 0021 "DEVICE RESET"
expect 0009 "GRAF 081 DROP FROM STUDENT1 0C0 DIALED = 000"
expect 081 "Press ENTER"
type 080 "dial student1 0c0"
key 080 ENTER
expect 0009 "GRAF 080 DIALED TO STUDENT1"
disconnect 080
expect 0009 "GRAF 080 DROP FROM STUDENT1 0C0"
type 081 "dial student1"
key 081 ENTER
expect 0009 "GRAF 081 DIALED TO STUDENT1"
type 0021 "ipl 00c"
$(uses 081)
expect 0021 "$ended"
type 0021 "logoff"
expect 081 "Press ENTER"
quit 0
END
run screen-dialed
cat >"$work/screen-console.rc" <<END
$start
connect 080
expect 080 "Press ENTER"
type 080 "logon student1 student1 noipl"
key 080 ENTER
expect 080 "LOGON AT"
type 080 "define 009 as 0c0#terminal conmode 3270#query terminal"
key 080 ENTER
expect 080 "CONMODE 3270"
type 080 "ipl 00c"
key 080 ENTER
$(uses 080)
expect 080 "DISABLED WAIT PSW '00020000 0000600D'"
quit 0
END
run screen-console

# DIAGNOSE 58 from a guest: rows, full screen, and whose the screen is.
{ card STUDENT1 diag58; cat "$decks/diag58.deck"; } >"$work/diag58.deck"
{
    configuration 16 "$work/diag58.deck" 1
    echo '0080.4 3270'
} >"$work/diag58.conf"
cat >"$work/diag58.rc" <<END
$start
connect 080
expect 080 "Press ENTER"
type 080 "logon student1 student1 noipl"
key 080 ENTER
expect 080 "LOGON AT"
type 080 "ipl 00c"
key 080 ENTER
expect 080 "ROW FIVE BRIGHT"
expect 080 "ROW SEVEN"
type 080 "next"
key 080 ENTER
expect 080 "FULL SCREEN"
type 080 "ab"
key 080 ENTER
expect 080 "AGAIN"
key 080 PA1
expect 080 "BACK TO LINES"
type 080 "line"
key 080 ENTER
expect 080 "$ended"
quit 0
END
run diag58

# VMCF: two guests, each with itself, then with each other on the word of SMSG.
for i in 1 2; do
    card "STUDENT$i" VMCF
    cat "$decks/vmcf.deck"
done >"$work/vmcf.deck"
configuration 16 "$work/vmcf.deck" 2 >"$work/vmcf.conf"
{
    printf '%s\n' "$start"
    logged_on 1 2
    cat <<END
type 0022 "smsg student1 too early"
expect 0022 "DMKMSG057W STUDENT1 NOT RECEIVING; SMSG OFF"
type 0021 "set smsg on"
type 0022 "smsg student1 too early"
expect 0022 "DMKMSG057W STUDENT1 NOT RECEIVING; NOT AUTHORIZED"
type 0022 "smsg nobody hello"
expect 0022 "DMKMSG045E NOBODY NOT LOGGED ON"
type 0022 "ipl 00c"
wait 5
type 0021 "ipl 00c"
wait 5
type 0021 "#cp query set"
expect 0021 "SMSG ON"
type 0021 "#cp smsg * SEND STUDENT2"
expect 0022 "$ended"
type 0022 "system reset"
expect 0021 "$ended"
quit 0
END
} >"$work/vmcf.rc"
run vmcf

# Two guests, with an adapter that COUPLE has joined, exchange blocks: tests/ctca's program.
for i in 1 2; do
    card "STUDENT$i" CTCA
    cat "$decks/ctca.deck"
done >"$work/ctca.deck"
configuration 16 "$work/ctca.deck" 2 >"$work/ctca.conf"
{
    printf '%s\n' "$start"
    logged_on 1 2
    cat <<END
type 0021 "define ctca as 600#define ctca 500"
expect 0021 "CTCA 500 DEFINED"
type 0021 "couple 500 to student2 500"
expect 0021 "DMKDIA047E STUDENT2 500 DOES NOT EXIST"
type 0021 "couple 009 student2 500"
expect 0021 "DMKDIA011E INVALID DEVICE TYPE - 009"
type 0022 "define ctca 500"
expect 0022 "CTCA 500 DEFINED"
type 0021 "couple 600 to student2 500"
expect 0021 "CTCA 600 COUPLE TO STUDENT2 500"
expect 0022 "CTCA 500 COUPLE BY STUDENT1 600"
type 0021 "couple 500 to student2 500"
expect 0021 "DMKDIA058E CTCA STUDENT2 500 BUSY"
type 0021 "detach 600"
expect 0022 "CTCA 500 DROP BY STUDENT1 600"
type 0022 "query virtual 500"
expect 0022 "CTCA 500 NOT COUPLED"
type 0021 "couple 500 to student2 500"
expect 0022 "CTCA 500 COUPLE BY STUDENT1 500"
type 0022 "query virtual 500"
expect 0022 "CTCA 500 COUPLED TO STUDENT1 500"
type 0021 "ipl 00c"
type 0022 "ipl 00c"
wait 10
type 0021 "#cp external"
type 0022 "#cp external"
expect 0021 "$ended"
expect 0022 "$ended"
type 0022 "logoff"
expect 0021 "CTCA 500 DROP BY STUDENT2 500"
quit 0
END
} >"$work/ctca.rc"
run ctca

# A real disk for one user: ATTACH, used by CMS, DETACH.
cp "$build/volumes/dbxwrk.3350" "$work"
{
    configuration 16 "$work/privops.deck" 1
    printf '0153 3350 %s/dbxwrk.3350\n' "$work"
} >"$work/attach.conf"
cat >"$work/attach.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 30
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1"
expect 0021 "CMS" 20
type 0021 ""
expect 0021 "Ready;" 20
type 0009 "attach 151 to student1 as 300"
expect 0009 "DASD 151 IN USE BY"
type 0009 "attach 153 to student1 as 300"
expect 0021 "DASD 300 ATTACHED"
type 0021 "access 300 b"
expect 0021 "Ready;"
type 0021 "listfile * * b"
expect 0021 "PROFILE  EXEC     B1"
expect 0021 "Ready;"
type 0009 "query dasd all"
expect 0009 "DASD 153 ATTACHED TO STUDENT1"
type 0009 "detach 153 from student1"
expect 0021 "DASD 300 DETACHED BY OPERATOR"
type 0009 "query dasd all"
expect 0009 "DASD 153 FREE"
type 0021 "#cp store 2f000 C8C5D3D3 D6404040"
type 0021 "#cp dump 2e000-2f0ff *attach"
expect 0021 "COMMAND COMPLETE"
type 0021 "#cp close 00e"
expect 0009 "PRT 00E OUTPUT OF STUDENT1"
wait 20
quit 0
END
run attach
if [ -z "$only" ] || [ "$only" = attach ]; then
    for line in "DUMP OF STUDENT1 BY STUDENT1" "GPR  0-7" "02F000   C8C5D3D3 D6404040" "\*HELLO   \."; do
        grep -q "$line" "$work/printer.txt" || {
            echo "guest test attach: DUMP did not print '$line'"
            exit 1
        }
    done
fi

# The unit record guest with the real printer and punch for itself.
{ card STUDENT1 unitrec; cat "$decks/unitrec.deck"; } >"$work/dedicated.deck"
configuration 16 "$work/dedicated.deck" 1 >"$work/dedicated.conf"
cat >"$work/dedicated.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 30
wait 30
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1 noipl"
expect 0021 "LOGON AT"
type 0021 "detach 00d-00e"
expect 0021 "PRT  00E DETACHED"
type 0009 "attach 00e student1 00e"
expect 0009 "IN USE BY SYSTEM"
type 0009 "drain 00d"
expect 0009 "DRAINED"
type 0009 "drain 00e"
expect 0009 "DRAINED"
type 0009 "attach 00e to student1 as 00e"
expect 0009 "ATTACH TO STUDENT1 00E"
type 0009 "attach 00d to student1 as 00d"
expect 0009 "ATTACH TO STUDENT1 00D"
type 0009 "start 00e"
expect 0009 "ATTACHED TO STUDENT1"
type 0021 "ipl 00c"
expect 0021 "DISABLED WAIT PSW '00020000 0000600D'" 30
type 0009 "detach 00e from student1"
expect 0021 "00E DETACHED BY OPERATOR"
type 0009 "start 00e"
expect 0009 "STARTED"
quit 0
END
run dedicated

# A tape, attached.
{ card STUDENT1 tape; cat "$decks/tape.deck"; } >"$work/tape.deck"
{
    configuration 16 "$work/tape.deck" 1
    printf '0480 3420 %s/scratch.aws\n' "$work"
} >"$work/tape.conf"
cat >"$work/tape.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 30
wait 30
connect 0021
expect 0021 "online"
type 0021 "logon student1 student1 noipl"
expect 0021 "LOGON AT"
type 0009 "attach 480 to student1 as 181"
expect 0021 "TAPE 181 ATTACHED"
type 0009 "query tapes"
expect 0009 "TAPE 480 STUDENT1"
type 0021 "ipl 00c"
expect 0021 "DISABLED WAIT PSW '00020000 0000600D'" 30
type 0021 "rewind 181"
expect 0021 "REWIND COMPLETE"
type 0009 "vary offline 480"
expect 0009 "DMKVDB140E TAPE 480 ATTACHED TO STUDENT1"
# Left in the drive; then taken out.
type 0009 "detach 480 from student1 leave"
expect 0021 "TAPE 181 DETACHED BY OPERATOR"
type 0009 "attach 480 to student1 as 181"
expect 0021 "TAPE 181 ATTACHED"
type 0021 "rewind 181"
expect 0021 "REWIND COMPLETE"
type 0021 "detach 181"
expect 0021 "181 DETACHED"
type 0009 "attach 480 to student1 as 181"
expect 0021 "TAPE 181 ATTACHED"
type 0021 "rewind 181"
expect 0021 "DMKCPB046E TAPE 181 NOT READY"
type 0009 "detach 480 from student1"
expect 0021 "TAPE 181 DETACHED"
# VARY; a drive that comes while CP runs.
type 0009 "vary offline 480"
expect 0009 "TAPE 480 VARIED OFFLINE"
type 0009 "attach 480 to student1 as 181"
expect 0009 "DMKVDB046E TAPE 480 OFFLINE"
type 0009 "vary online 480 481"
expect 0009 "TAPE 480 VARIED ONLINE"
expect 0009 "DMKVDB040E DEV 481 DOES NOT EXIST"
attach 481 3420
type 0009 "vary online 481"
expect 0009 "TAPE 481 VARIED"
quit 0
END
run tape

# CP in a virtual machine of CP, and CMS in one of its virtual machines.
configuration 16 "$work/privops.deck" 1 >"$work/nested.conf"
cat >"$work/nested.rc" <<'END'
ipl 150
expect 0009 "BY OPERATOR" 30
connect 0021
expect 0021 "online"
type 0021 "logon maint cpcms noipl"
expect 0021 "LOGON AT"
type 0021 "define storage 4m"
expect 0021 "STORAGE = 04096K"
type 0021 "ipl 150"
expect 0021 "CONS 009 LOGON  AS OPERATOR" 60
expect 0021 "BY OPERATOR" 30
wait 5
type 0021 "ipl 190"
expect 0021 "datbox CMS" 60
wait 10
type 0021 ""
expect 0021 "Ready;" 60
type 0021 "listfile profile exec a"
expect 0021 "PROFILE  EXEC     A1" 60
expect 0021 "Ready;" 60
quit 0
END
run nested
