#!/bin/sh
# t+ under CP: each trap of a virtual machine in a line, with the instruction, the interruption, the
# function of CP that took it, and when the guest went on.  usage: trace.sh BUILD
set -eu
build=$(realpath "$1")
script=$(realpath "$(dirname "$0")/trace.script")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
DATBOX_DATA=$work/data "$build/datbox" run --clock virtual --script "$script" >"$work/log" 2>&1 || {
    tail -20 "$work/log"
    exit 1
}
for line in \
    '^R:[0-9A-F]\{6\}: [0-9A-F]\{8\}$' \
    '^[0-9]*\.[0-9]\{6\} [0-9A-F]\{6\} SIO  .* PGM 0002 privileged  *-> program_entry  *back at [0-9A-F]\{6\} after [0-9]* instructions, [0-9.]* us$' \
    ' DIAG .* PGM 0002 privileged ' \
    ' PGM 0011 page translation  *-> program_entry ' \
    ' SVC [0-9A-F][0-9A-F]  *-> svc_entry ' \
    ' I/O [0-9A-F]\{3\}  *-> io_entry ' \
    '^  *program_entry .* privop ' \
    '^  .* invoke_diagnose ' \
    ' CPU waits after [0-9]* instructions' \
    ' goes on, [0-9.]* us after the trap at [0-9A-F]\{6\}$'; do
    grep -q -- "$line" "$work/log" || {
        echo "no line of the trace is like: $line"
        head -40 "$work/log"
        exit 1
    }
done
echo "trace: $(grep -c -- '->' "$work/log") traps of a virtual machine that IPLs CMS"
