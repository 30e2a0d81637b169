#!/bin/bash
# Times channel programs here and on Hercules (System/370 mode) in turn, ROUNDS times, and prints the
# medians: programs a second, and ratios; then what machines in the wait state cost, in percent of a
# host CPU: one with a program that waits, and the ready-made system with nobody logged on.
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
0131 3350 $dir/disk
END
printf 'MAINSIZE 2\n0131 3350 %s/disk\n' "$dir" > "$dir/datbox.conf"
printf '\000\002\000\000\000\000\000\000' > "$dir/nothing"

# A disk of 34 cylinders whose tracks have four records of 4096 bytes.
"$bin/bench_io_disk" "$dir/disk" 34

now() { date +%s%N; }

# Microseconds from the program's start of its process to the disabled wait.
hercules_us() {
    printf 'hao tgt HHCCP011I\nhao cmd quit\nloadcore %s\nrestart\n' "$1" > "$dir/run.rc"
    local begin=$(now)
    (cd "$dir" && HERCULES_RC=run.rc timeout 300 hercules -d -f hercules.cnf </dev/null >hercules.log 2>&1) || true
    echo $((($(now) - begin) / 1000))
}

datbox_us() {
    printf 'loadcore %s\nrestart\nwait 300\nquit\n' "$1" > "$dir/run.script"
    local begin=$(now)
    "$build/datbox" run -c "$dir/datbox.conf" --script "$dir/run.script" >"$dir/datbox.log" 2>&1
    echo $((($(now) - begin) / 1000))
    [ "$1" = "$dir/nothing" ] || grep -q 'PSW=00020000 00000000' "$dir/datbox.log" ||
        { cat "$dir/datbox.log" >&2; exit 1; }
}

median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }
passes() { sed -n 's/.*PASSES, //p' "tests/target/bench_io_$1.S"; }

kernels="program block track"
for round in $(seq "$rounds"); do
    for k in $kernels; do
        echo "$(passes $k) $(datbox_us "$bin/bench_io_$k.bin") $(datbox_us "$dir/nothing")" |
            awk '{ print $1 * 1e6 / ($2 - $3) }' >> "$dir/$k.datbox"
        if command -v hercules >/dev/null; then
            echo "$(passes $k) $(hercules_us "$bin/bench_io_$k.bin") $(hercules_us "$dir/nothing")" |
                awk '{ print $1 * 1e6 / ($2 - $3) }' >> "$dir/$k.hercules"
        else
            echo 0 >> "$dir/$k.hercules"
        fi
    done
done
printf '%-10s %12s %12s %7s\n' 'per second' datbox Hercules ratio
for k in $kernels; do
    echo "$k $(median < "$dir/$k.datbox") $(median < "$dir/$k.hercules")"
done | awk '{ printf "%-10s %12.0f %12.0f %7.2f\n", $1, $2, $3, $3 ? $2 / $3 : 0 }'

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
