#!/bin/bash
# Times channel programs here and on Hercules (System/370 mode) in turn, ROUNDS times, and prints the
# medians of programs a second, of elapsed and of CPU time, and ratios; then what machines in the
# wait state cost, in percent of a host CPU: one with a program that waits, and the ready-made system
# with nobody logged on.
# usage: bench_io.sh BUILD
set -euo pipefail
build=$(realpath "$1")
bin=$build/tests/target
rounds=${ROUNDS:-3}
seconds=${SECONDS_IDLE:-10}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat > "$dir/hercules.cnf" <<END
CPUSERIAL 000001
CPUMODEL 0158
MAINSIZE 2
XPNDSIZE 0
NUMCPU 1
ARCHMODE S/370
OSTAILOR QUIET
CNSLPORT 0
HERCPRIO 0
TODPRIO 0
DEVPRIO 0
0131 3350 $dir/disk
END
printf 'MAINSIZE 2\n0131 3350 %s/disk\n' "$dir" > "$dir/datbox.conf"
printf '\000\002\000\000\000\000\000\000' > "$dir/nothing"

# A disk of 34 cylinders whose tracks have four records of 4096 bytes.
"$bin/bench_io_disk" "$dir/disk" 34

now() { date +%s%N; }

# Seconds from the start of the process to the disabled wait, and of CPU time: Hercules' automatic
# operator quits when the wait is announced.
TIMEFORMAT='%R %U %S'
timed() { { time "$@" >"$dir/log" 2>&1 || true; } 2>&1 | awk '{ print $1, $2 + $3 }'; }

on_hercules() {
    printf 'hao tgt HHCCP011I\nhao cmd quit\nloadcore %s\nrestart\n' "$1" > "$dir/run.rc"
    (cd "$dir" && HERCULES_RC=run.rc timed timeout 300 hercules -d -f hercules.cnf </dev/null)
}

on_datbox() {
    printf 'loadcore %s\nrestart\nwait 300\nquit\n' "$1" > "$dir/run.script"
    timed "$build/datbox" run -c "$dir/datbox.conf" --script "$dir/run.script"
    [ "$1" = "$dir/nothing" ] || grep -q 'PSW=00020000 00000000' "$dir/log" ||
        { cat "$dir/log" >&2; exit 1; }
}

median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }
passes() { sed -n 's/.*PASSES, //p' "tests/target/bench_io_$1.S"; }

# measure SYSTEM KERNEL: thousands of programs a second, of elapsed and of CPU time.
measure() {
    echo "$(passes "$2") $(on_$1 "$bin/bench_io_$2.bin") $(on_$1 "$dir/nothing")" |
        awk '{ print $1 / ($2 - $4) / 1000, $1 / ($3 - $5) / 1000 }' > "$dir/measured"
    cut -d' ' -f1 "$dir/measured" >> "$dir/$1.$2.elapsed"
    cut -d' ' -f2 "$dir/measured" >> "$dir/$1.$2.cpu"
}

kernels="program block track"
for round in $(seq "$rounds"); do
    for k in $kernels; do
        measure datbox $k
        if command -v hercules >/dev/null; then measure hercules $k; fi
    done
done
printf 'thousand programs a second of\n%-10s %27s %27s\n' '' 'elapsed time' 'CPU time'
printf '%-10s %9s %9s %7s %9s %9s %7s\n' kernel datbox Hercules ratio datbox Hercules ratio
for k in $kernels; do
    echo "$k" $(for time in elapsed cpu; do
        for system in datbox hercules; do
            if [ -f "$dir/$system.$k.$time" ]; then median < "$dir/$system.$k.$time"; else echo 0; fi
        done
    done)
done | awk '{ printf "%-10s %9.1f %9.1f %7.2f %9.1f %9.1f %7.2f\n", $1, $2, $3, $3 ? $2 / $3 : 0, $4, $5,
              $5 ? $4 / $5 : 0 }'

# cpu_percent PID: of a process, over the next seconds.
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
cpu_percent() {
    local before=$(ticks "$1") begin=$(now)
    sleep "$seconds"
    echo "$(($(ticks "$1") - before)) $(($(now) - begin))" |
        awk -v hz="$(getconf CLK_TCK)" '{ printf "%.2f", $1 / hz / ($2 / 1e9) * 100 }'
}

printf 'loadcore %s\nrestart\nwait 1000\nquit\n' "$bin/bench_io_wait.bin" > "$dir/run.script"
"$build/datbox" run -c "$dir/datbox.conf" --script "$dir/run.script" >/dev/null 2>&1 &
pid=$!
sleep 1
waiting=$(cpu_percent $pid)
kill $pid
"$build/datbox" run --console none --data "$dir/data" --port 0 >/dev/null 2>&1 &
pid=$!
sleep 5
system=$(cpu_percent "$pid")
kill "$pid"
wait 2>/dev/null || true
echo "wait state: $waiting % of a host CPU; the ready-made system, idle: $system %"
