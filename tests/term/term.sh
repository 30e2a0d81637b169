#!/bin/bash
# The full-screen terminal as a person meets it: tmux drives `datbox term` against the running
# system (lines) and against a guest with a 3270.  Looked at is what is on the screen.
# usage: term.sh BUILD SCREEN-DECK
. "$(dirname "$0")/lib.sh"
deck=$(realpath "$2")

# golden NAME: the whole screen is as it was accepted.
golden() {
    shot | sed "s/$((port + 1))/PORT/; s/$port/PORT/; s/ *$//" >"$work/$1"
    if [ -n "${UPDATE-}" ]; then
        cp "$work/$1" "$here/$1.screen"
    else
        diff -u "$here/$1.screen" "$work/$1" || failed "the screen $1 is not the expected one"
    fi
}

# --- the machines: CP with lines, and a program on a 3270 ---
cp_configuration "$work/cp.conf"
printf 'MAINSIZE 1\n0009 3215-C\n000C 3505 %s ebcdic\n00C0.2 3270\nIPL 00C\n' "$deck" >"$work/3270.conf"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=box \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/box.pem" 2>/dev/null ||
    failed "openssl makes no certificate"
echo "CNSLTLS $((port + 2)) box.pem key.pem" >>"$work/cp.conf"
machine() {
    "$build/datbox" run -c "$work/$1.conf" --data "$work" --console none --port "$2" \
        >"$work/$1.log" 2>&1 </dev/null &
    machines="$machines $!"
}
machine cp $port
machine 3270 $((port + 1))

# --- wrong usage, without a screen ---
"$build/datbox" term --model 7 2>/dev/null && failed "--model 7 was taken"
printf 'key PF99\n' >"$work/bad.macro"
"$build/datbox" term --macro "$work/bad.macro" 2>"$work/bad.log" && failed "a wrong macro was taken"
grep -q "bad.macro:1: there is no key 'PF99'" "$work/bad.log" || failed "a wrong macro is not told of"
"$build/datbox" term </dev/null 2>&1 | grep -q 'no terminal' || failed "no terminal is needed"

# --- a newcomer on a 3270: the keys are on the screen ---
window 80 28 "'$build/datbox' term --ca '$work/box.pem' --trace '$work/trace' 127.0.0.1:$((port + 1))"
for _ in $(seq 250); do # the machine may not listen yet: Enter connects again
    shot | grep -q 'nobody listens' && keys Enter
    shot | grep -q 'DATBOX TEST' && break
    moment
done
see "DATBOX TEST"
see "Enter ENTER  Alt-c CLEAR  Alt-1..3 PA1-3  F1-12 PF1-12"
golden first
keys C-k
see "CURSOR-SELECT"
golden keypad
sed -n 2,22p "$here/keypad.screen" | while IFS= read -r line; do
    grep -qF -- "$line" "$here/../../docs/term.md" || failed "docs/term.md has other keys: $line"
done || exit 1
keys Down
see "CLEAR erases the screen and tells the host"
keys Escape
gone "CURSOR-SELECT"
text "world"
keys Enter
see "WORLD"
# Insert mode, home, rubout, erase to the end of the field.
keys Home Insert
see "INSERT"
text "my "
keys BSpace Insert Enter
see "MYWORLD"
# A field that is full takes no more.
keys Home Insert
text "123456789012345678901234567890"
see "no more room in this field"
keys C-r Home M-e
text "MyWorld"
keys Enter
see "MYWORLD"
keys End
text "!"
keys Home M-e
text "new"
keys Enter
see "    NEW"
gone "MYWORLD"
# Where nothing can be typed the keyboard locks, and the help says what to do.
keys Up
text "x"
see "X  nothing can be typed here: Ctrl-R"
text "y"
keys C-r Home
gone "can be typed"
# Esc and later the key is Alt and the key; marking and pasting.
keys Escape
see "Alt + ..."
keys m
see "MARK"
keys Right Right Enter
see "copied; Ctrl-V pastes it"
[ "$(mux show-buffer)" = new ] || failed "the clipboard of the desktop has not got it"
keys Tab C-v
see "    new"
keys BTab
# A paste of the terminal itself, with a new line in it.
mux set-buffer "$(printf 'P1\nP2')"
mux paste-buffer -p -t term
see "P1w"
see "P2w"
keys Home
# The mouse (as xterm sends it): puts the cursor, presses what the line of help shows.
click() { # ROW COLUMN, from 1
    local at
    at=$(printf '\\%o\\%o' $((32 + $2)) $((32 + $1)))
    text "$(printf '\033[M '"$at"'\033[M#'"$at")"
}
click 24 12
see "023/012"
click 28 70
see "The keys of a 3270"
keys Escape
gone "The keys of a 3270"
keys Home
# --- smaller: status and help share a line, the cursor's part of the screen is shown ---
mux resize-window -t term -x 80 -y 24
gone "Alt-n: one more"
see "DATBOX TEST"
golden small
mux resize-window -t term -x 60 -y 10
see "DATBOX TEST"
keys Tab
see "023/011"
mux resize-window -t term -x 80 -y 28

# --- lines, in a second session ---
keys M-n
see "new session with"
text "127.0.0.1:$port"
keys Enter
see "LOGON userid begins a session"
see "2 127.0.0.1:$port"
text "logon cmsuser"
keys Enter
see "ENTER PASSWORD"
see "what you type is not shown"
text "CMSUSER"
keys Enter
see "Ready;"
gone "CMSUSER"
text "query disk"
keys Enter
see "DBXCMS"
keys Up
see "query disk" # the line before, again
keys C-u
# Back and search: the logo has left the screen.
for _ in 1 2 3; do
    text "query time"
    keys Enter
    see "$_" # nothing special: the loop's pace is the host's
done
keys C-f
text "begins A session"
see "LOGON userid begins a session"
see "lines more below"
keys Escape
gone "search ("
keys PageDown PageDown
gone "lines more below"
# Attention goes to CP, and back.
keys C-c
see "CP"
text "begin"
keys Enter

# --- sessions ---
keys M-Left
see "PF3"
keys C-]
see "datbox term ("
text "session 2"
keys Enter
see "query disk"
keys C-]
text "help"
keys Enter
see "Commands of this terminal"
see "bind"
keys q
gone "Commands of this terminal"
# --- a macro does it all by itself ---
cat >"$work/all.macro" <<END
# a third session, a field, a key
connect 127.0.0.1:$((port + 1))
expect "no program has this terminal" 1
END
cat >"$work/go.macro" <<END
session 1
expect "DATBOX TEST"
bind F12 command
key HOME
key ERASE-EOF
type "macro"
key ENTER
expect "MACRO"
save $work/saved
END
keys C-]
text "macro $work/go.macro"
keys Enter
see "saved in"
grep -q '^ Name *macro *MACRO' "$work/saved" || failed "the screen was not saved"
keys F12
see "datbox term ("
text "macro $work/all.macro"
keys Enter
see "all.macro:3: the host has not shown"
grep -q 'ENTER, cursor at row 2' "$work/trace" || failed "the trace lacks a key"
grep -q '^ Name *world *WORLD' "$work/trace" || failed "the trace lacks a screen"

# --- a screen of CP, by its group: what its words at the lower right mean ---
keys C-]
text "connect SCREENS@127.0.0.1:$port"
keys Enter
see "Press ENTER or CLEAR"
keys Enter
see "CP waits for a command"
# SYSREQ turns to the host itself, and back; the program's screen comes anew.
keys M-s
see "SysReq: back"
see "you talk to the host itself"
text "nonsense"
keys Enter
see "COMMAND UNRECOGNIZED"
keys M-s
gone "COMMAND UNRECOGNIZED"
see "CP waits for a command"
text "logon student1"
keys Enter
see "ENTER PASSWORD"
text "STUDENT1"
keys Enter
see "your program waits for a line"
gone "STUDENT1"
text "listfile * * s"
keys Enter
see "MORE...: Alt-c (CLEAR) shows the rest, ENTER holds it"
keys Enter
see "HOLDING: Alt-c (CLEAR) goes on"
keys M-1 # what was written meanwhile may fill the screen once more
keys M-c
see "CP waits for a command"
text "logoff"
keys Enter
see "LOGOFF AT"
keys M-c
see "Press ENTER or CLEAR"
keys M-w # closes it
gone "Press ENTER or CLEAR"

# --- TLS: a certificate that is trusted, and one that is not ---
keys C-]
text "connect tls://127.0.0.1:$((port + 2))"
keys Enter
see "tls://127.0.0.1:$((port + 2))"
keys C-]
text "connect tls://localhost:$((port + 2))"
keys Enter
see "TLS: hostname mismatch"

# --- the end ---
keys M-q
see "quit all the same?"
text "y"
see "ended 0"
echo "datbox term: keys, lines, tabs, search, copies, sizes, macros: as they should be"
