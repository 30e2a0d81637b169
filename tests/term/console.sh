#!/bin/bash
# The operator's console on the whole screen (datbox run --console curses), driven by tmux: the
# machine's state, the guest's console, the operator's commands, and which guest leaves how often.
# usage: console.sh BUILD
. "$(dirname "$0")/lib.sh"
cp_configuration "$work/cp.conf"

"$build/datbox" run -c "$work/cp.conf" --console curses </dev/null 2>&1 |
    grep -q 'curses: .* no terminal' || failed "no terminal is needed"

mkdir "$work/data"
window 80 30 "'$build/datbox' run -c '$work/cp.conf' --data '$work/data' --port 0 --console curses"
see "BATCH MACHINE READY" # the last of what is said at the start
see " WAIT   PSW 030A0000" # nobody does anything
see "150 3350 dbxres.3350"
see "009 3215-C connected"
text "query names"
keys Enter
see "OPERATOR - 009"
# The other pane: commands of the machine, completed.
keys Tab
text "devl"
keys Tab
see "devlist"
keys Enter
see "0150 3350    DASD"
text "symbols $build/cp.elf"
keys Enter
see " symbols"
# A guest that works: by its name, with its rate; the machine is busy.
text "/autolog student1 student1"
keys Enter
see "AUTO LOGON *** STUDENT1"
see '^ STUDENT1 +[0-9]+ ' -E # in the list of exits
keys F3
see " STOPPED"
see "stopped:"
keys F2
see " WAIT "
# History, completion of words, and a key for the guest.
keys BTab Up
see "query names"
keys C-u
text "query user stud"
keys Tab Enter
see "STUDENT1 - DSC"
# The logo is above; a search finds it.
keys C-f
see "search ("
text "cp ONLINE"
see "more below"
keys Escape
gone "search ("
keys PageDown PageDown
gone "more below"
# A wide window has the machine at its side.
mux resize-window -t term -x 130 -y 30
see "exits/s"
see "devices (* at work)"
mux resize-window -t term -x 40 -y 8
see "console 009"
mux resize-window -t term -x 80 -y 30
see "exits a second"
keys C-d
see "Ctrl-D once more"
keys C-d
see "ended 0"
grep -q 'query\\040user' "$work/data/history" || failed "the history is not that of the line console"
# The line console has it, too.
mux respawn-window -k -t term "LC_ALL=C.UTF-8 '$build/datbox' run -c '$work/cp.conf' \
    --data '$work/data' --port 0; echo ended \$?; exec cat"
see "CP online"
keys Up
see "query user student1"
keys C-u
text "!quit 3"
keys Enter
see "ended 3"
# A machine of two CPUs: each has its line, the machine's rate stands in the first.
printf 'MAINSIZE 1\nNUMCPU 2\n0009 3215-C\n' >"$work/two.conf"
mux respawn-window -k -t term "LC_ALL=C.UTF-8 '$build/datbox' run -c '$work/two.conf' \
    --data '$work/data' --port 0 --console curses; echo ended \$?; exec cat"
see '^ STOPPED +PSW 0+ 0+ .* MIPS' -E
see '^ STOPPED +PSW 0+ 0+ *$' -E
keys C-d
see "ended 0"
echo "datbox run --console curses: machine, console, commands, guests: as they should be"
