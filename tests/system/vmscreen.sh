#!/bin/bash
# Proves: real 3270 emulators are terminals of virtual machines.  One s3270 goes through all that the
# VM screen has (logo, LOGON with a password that is not shown, MORE..., HOLDING, PA1, CLEAR, PF keys,
# BROWSE, DISCONN, a lost connection and its reconnection), on models 2 to 5; then USERS of them log on
# at once, browse a file and log off; a c3270 in a terminal (tmux) logs on as a person would.
# usage: tests/system/vmscreen.sh BUILD [USERS]
set -eu
build=$(realpath "$1")
source=$(realpath "$(dirname "$0")/../..")
users=${2-12}
work=$build/vmscreen-$users
port=$((20000 + $$ % 20000))
rm -rf "$work" && mkdir -p "$work"
cd "$work"

fail() {
    echo "vmscreen: $*"
    tail -5 machine.out
    exit 1
}

. "$source/tests/system/s3270.sh"

# False if the screen has become full before.
await_or_more() { # N TEXT
    local end=$((SECONDS + 60))
    while :; do
        say "$1" 'Ascii()'
        [[ $answer != *"$2"* ]] || return 0
        [[ $answer != *'MORE...'* ]] || return 1
        [ $SECONDS -lt $end ] || fail "s3270 $1 does not show '$2'"
        say "$1" 'Wait(0.3,Output)' || true
    done
}

# --- the machine, with so many users ---

cp "$build/volumes/dbxres.3350" .
cp "$source/cp/datbox.direct" users.direct
for n in $(seq "$users"); do
    cat <<END
USER U$n U$n 512K 1M G
 ACCOUNT 1 SYSTEM
 IPL 190
 CONSOLE 009 3215
 SPOOL 00C 3505 *
 SPOOL 00D 3525 A
 SPOOL 00E 1403 A
 LINK MAINT 190 190 RR
 LINK MAINT 19E 19E RR
END
done >>users.direct
"$build/datbox" volume directory dbxres.3350 users.direct >/dev/null
cat >machine.conf <<END
MAINSIZE 16
0009 3215-C
000C 3505
000D 3525 punch.txt
000E 1403 printer.txt
0080.64 3270
00C0.4 3215
0150 3350 dbxres.3350
0151 3350 $build/volumes/dbxcms.3350 cow
0152 3350 $build/volumes/dbxusr.3350 cow
END
printf 'ipl 150\nexpect 009 "VMSCREEN IS OVER" 600\nquit\n' >machine.rc
"$build/datbox" run -c machine.conf --script machine.rc --port $port >machine.out 2>&1 &
machine=$!
trap 'kill $machine ${process[*]} 2>/dev/null || true; tmux -L vmscreen$$ kill-server 2>/dev/null || true' EXIT
# The port opens when the machine starts.
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 $machine || fail "the machine has ended"
done

# --- one after another: all models ---

session() { # MODEL: of the s3270 called a
    await a 'Press ENTER or CLEAR'
    key a 'Enter()'
    await a 'CP READ'
    enter a 'logon cmsuser'
    await a 'ENTER PASSWORD:'
    await a 'CP READ'
    key a 'String("cmsuser")'
    say a 'Ascii()'
    [[ $answer != *cmsuser*cmsuser* ]] || fail "the password can be read"
    key a 'Enter()'
    await a 'VM READ'
}
for model in 3278-2 3279-3-E 3279-4-E 3279-5-E; do
    open a $model
    session
    enter a 'browse tour exec'
    await a 'PF3 Quit'
    await a 'Line 1 of 18'
    key a 'PF(8)'
    await a 'Line 18 of 18'
    enter a '/query'
    await a 'Not found: query'
    key a 'PF(3)'
    await a 'Ready;'
    await a 'VM READ'
    key a 'PA(1)'
    await a 'CP READ'
    enter a 'logoff'
    await a 'MORE...'
    key a 'Enter()'
    await a 'Press ENTER or CLEAR'
    close a
done

# --- MORE..., HOLDING, PF keys; a connection that is lost ---

open a 3279-2-E
session
enter a 'type tour exec#type tour exec'
await a 'MORE...'
key a 'Enter()'
await a 'HOLDING'
key a 'PA(2)'
# What the second TYPE writes after that may fill the screen again.
until await_or_more a 'VM READ'; do key a 'Clear()'; done
await a 'Ready; T='
key a 'Clear()'
await a 'VM READ'
enter a '#cp set pf1 immed query userid'
key a 'PF(1)'
await a 'query userid'
key a 'Clear()'
key a 'PF(12)'
await a 'query userid'
key a 'EraseInput()'
enter a 'browse tour exec'
await a 'Line 1 of 18'
kill -KILL "${process[a]}"
wait "${process[a]}" 2>/dev/null || true
exec {to[a]}>&- {from[a]}<&-
open a 3279-2-E
await a 'Press ENTER or CLEAR'
enter a 'logon cmsuser cmsuser'
await a 'RECONNECTED AT'
[[ $answer != *'logon cmsuser cmsuser'* ]] || fail "the password of LOGON is shown again"
enter a 'begin'
await a 'Line 1 of 18'
key a 'PF(3)'
await a 'VM READ'

enter a '#cp screen cpout red none inarea green inredisp pink blink'
key a 'Clear()'
enter a '#cp query userid'
await a 'CMSUSER'
say a 'ReadBuffer(Ascii)'
for look in 42=f2 42=f3 41=f1 42=f4; do
    [[ $answer == *"$look"* ]] || fail "no $look on a coloured screen: $answer"
done

# --- all at once ---

for n in $(seq "$users"); do open "$n" 3279-2-E; done
for n in $(seq "$users"); do
    await "$n" 'Press ENTER or CLEAR'
    enter "$n" "logon u$n u$n"
done
for n in $(seq "$users"); do
    await "$n" 'VM READ'
    enter "$n" 'browse tour exec'
done
for n in $(seq "$users"); do
    await "$n" 'Line 1 of 18'
    key "$n" 'PF(6)'
done
enter a '#cp query users'
await a "$(printf '%03u USERS' $((users + 3)))"
for n in $(seq "$users"); do
    await "$n" 'Line 18 of 18'
    key "$n" 'PF(3)'
done
for n in $(seq "$users"); do
    await "$n" 'VM READ'
    enter "$n" '#cp logoff'
done
for n in $(seq "$users"); do
    await "$n" 'CONNECT='
    close "$n"
done

# --- c3270 in a terminal ---

tmux() { command tmux -L vmscreen$$ -f /dev/null "$@"; }
TERM=xterm-256color tmux new-session -d -x 80 -y 26 "c3270 -model 3279-2-E 127.0.0.1:$port"
mkfifo events
tmux pipe-pane 'cat >events'
exec {events}<events
shown() { # TEXT: looks again whenever something was written on the terminal
    local end=$((SECONDS + 30))
    until tmux capture-pane -p | grep -q "$1"; do
        [ $SECONDS -lt $end ] || fail "c3270 does not show '$1': $(tmux capture-pane -p)"
        read -r -t 1 -N 1 -u $events || true
    done
}
shown 'Press ENTER or CLEAR'
tmux send-keys Enter
shown 'CP READ'
tmux send-keys -l 'logon u1 u1'
tmux send-keys Enter
shown 'VM READ'
tmux send-keys -l 'browse tour exec'
tmux send-keys Enter
shown 'Line 1 of 18'
tmux send-keys F6
shown 'Line 18 of 18'
tmux send-keys F3
shown 'VM READ'
tmux kill-server

enter a '#cp msg operator VMSCREEN IS OVER'
wait $machine || fail "the machine ended badly"
trap - EXIT
kill "${process[a]}" 2>/dev/null || true
echo "vmscreen: four models, keys, a lost connection, $users users at once, c3270: OK ($SECONDS s)"
