#!/bin/bash
# Proves: a real gdb-multiarch connects to a machine, IPLs CP with its symbols, breaks in a
# function of it, backtraces to where CP was entered, steps, reads and alters registers and
# storage, watches a variable, and detaches from a machine that then goes on and can be
# debugged again.
# usage: tests/gdb/session.sh BUILD
set -eu
build=$1
dir=$build/gdb
rm -rf "$dir" && mkdir -p "$dir"

fail() {
    echo "gdb session: $*"
    for f in "$dir"/log "$dir"/out*; do echo "--- $f"; cat "$f"; done
    exit 1
}

cat > "$dir/machine.conf" <<'EOC'
MAINSIZE 16
0009 3215-C
00C0.2 3215
0150 3350 $(VOLUMES)/dbxres.3350 cow
0151 3350 $(VOLUMES)/dbxcms.3350 cow
0152 3350 $(VOLUMES)/dbxusr.3350 cow
EOC
# The machine says its port, since 0 is any; reading that is waiting for it.
mkfifo "$dir/says"
"$build/datbox" run -c "$dir/machine.conf" --clock virtual --console none --gdb 0 > "$dir/says" 2>&1 &
machine=$!
trap 'kill $machine 2>/dev/null || true' EXIT
exec 3< "$dir/says"
read -r line <&3
port=${line##*:}
cat <&3 > "$dir/log" &

# debug N: runs gdb with the commands on standard input.  says PATTERN: its output has such a line.
debug() {
    out=$dir/out$1
    { printf 'set confirm off\nset width 0\nset pagination off\nset remotetimeout 30\n'
      printf 'target remote 127.0.0.1:%s\n' "$port"
      cat; } > "$dir/commands$1"
    timeout 60 gdb-multiarch -nx -batch -x "$dir/commands$1" "$build/cp.elf" > "$out" 2>&1 ||
        fail "gdb ended with status $?"
    grep -q 'Error in sourced' "$out" && fail "gdb refused a command"
    return 0
}
says() {
    grep -Eq -- "$1" "$out" || fail "it did not say: $1"
}

debug 1 <<'EOC'
monitor ipl 150
break cp_main
continue
backtrace
print/x ipl_address
stepi
next
x/2xw 0
info registers pswm cr0
break run_guest
continue
backtrace
finish
delete 2
watch cp.current
continue
delete
print sizeof(cp)
print/x $r9 = 0x1234
monitor gpr 9
x/i $pc
detach
EOC
says '^Breakpoint 1, cp_main \(ipl_address=336\) at cp/main.c'
says '^#1 .* in in_ec_mode \(\) at cp/entry.S'
says '= 0x150$'
says '^0x0:'
says '^cr0 +0x'
says '^Breakpoint 2, run_guest \(\) at cp/entry.S'
says '^#2 .*vm_main \(argument='
says 'in task_entry \(\) at cp/entry.S'
says '^Hardware watchpoint 3: cp.current'
says '^Old value = '
says 'GR09=00001234'
says '^=> 0x'
says 'detached'

# It goes on: the next debugger finds it further on, and ends it.
debug 2 <<'EOC'
print cp.frame_count
hbreak task_charge
info threads
monitor quit
EOC
says '= 4096$'
says 'CPU 0'
wait $machine || fail "the machine ended with status $?"
trap - EXIT
echo "gdb session: passed"
