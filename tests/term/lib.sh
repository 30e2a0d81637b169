# What the tests of the terminal share: tmux with one window, "term", and what is on its screen.
set -u
build=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
port=$((20000 + $$ % 10000 * 3))
machines=
mux() { tmux -L "datbox-$$" -f /dev/null "$@"; }
finish() {
    mux kill-server 2>/dev/null
    for pid in $machines; do kill "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap finish EXIT

# window COLUMNS ROWS COMMAND: says "ended STATUS" when that has ended.
window() {
    mux new-session -d -s term -x "$1" -y "$2" "export TERM=screen-256color LC_ALL=C.UTF-8
        $3; echo ended \$?; exec cat"
    mux set -g status off
    mux set -g escape-time 0
    mux set -s set-clipboard on
}
shot() { mux capture-pane -p -t term 2>/dev/null; }
moment() { read -rt 0.02 <> <(:); } # without a process
failed() {
    echo "$0, line ${BASH_LINENO[1]}: $1"
    echo "---- the screen:"
    shot
    echo "----"
    cat "$work"/*.log 2>/dev/null
    exit 1
}
# see TEXT [OPTION]: waits until it is on the screen (-E: a pattern).  gone TEXT: until it is not.
see() {
    for _ in $(seq 750); do
        shot | grep -q "${2--F}" -- "$1" && return
        mux has-session -t term 2>/dev/null || failed "the terminal has ended before '$1'"
        moment
    done
    failed "there is no '$1'"
}
gone() {
    for _ in $(seq 750); do
        shot | grep -qF -- "$1" || return 0
        moment
    done
    failed "'$1' is still there"
}
keys() { mux send-keys -t term "$@"; }
text() { mux send-keys -t term -l -- "$1"; }

# cp_configuration FILE: CP with a 3215, four lines, and two screens for who asks for them; what is written on its disks is forgotten.
cp_configuration() {
    cat >"$1" <<END
MAINSIZE 16
0009 3215-C
000C 3505
000D 3525 $work/punch.txt
000E 1403 $work/printer.txt
0080.2 3270 SCREENS
00C0.4 3215
0150 3350 $build/volumes/dbxres.3350 cow
0151 3350 $build/volumes/dbxcms.3350 cow
0152 3350 $build/volumes/dbxusr.3350 cow
IPL 150
END
}
