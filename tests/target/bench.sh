#!/bin/bash
# Times the kernels here, in the plain interpreter, and on Hercules (System/370 mode) in turn,
# ROUNDS times, and prints the medians: millions of instructions a second, and ratios.
# usage: bench.sh BUILD KERNEL...     ROUNDS=3; the kernels are bench_KERNEL.bin
set -euo pipefail
bin=$1/tests/target
shift
rounds=${ROUNDS:-3}
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
000C 3505 /dev/null
END
printf '\000\002\000\000\000\000\000\000' > "$dir/nothing"

# Milliseconds from its start to the disabled wait: its automatic operator quits when the wait
# is announced.
hercules_ms() {
    printf 'hao tgt HHCCP011I\nhao cmd quit\nloadcore %s\nrestart\n' "$(realpath "$1")" > "$dir/run.rc"
    local begin=$(date +%s%N)
    (cd "$dir" && HERCULES_RC=run.rc timeout 120 hercules -d -f hercules.cnf </dev/null >log 2>&1) || true
    echo $((($(date +%s%N) - begin) / 1000))
}

median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

for k in "$@"; do : > "$dir/$k.fast"; : > "$dir/$k.plain"; : > "$dir/$k.herc"; done
for round in $(seq "$rounds"); do
    for k in "$@"; do
        image=$bin/bench_$k.bin
        "$bin/bench" "$image" | awk '{ print $2 / $3 / 1000 }' >> "$dir/$k.fast"
        "$bin/bench" -p "$image" | awk '{ print $2 / $3 / 1000 }' >> "$dir/$k.plain"
        if command -v hercules >/dev/null; then
            count=$("$bin/bench" "$image" | cut -d' ' -f2)
            nothing=$(hercules_ms "$dir/nothing")
            echo "$count $(hercules_ms "$image") $nothing" | awk '{ print $1 / ($2 - $3) }' >> "$dir/$k.herc"
        fi
    done
done
printf '%-10s %9s %9s %9s %7s\n' kernel datbox plain Hercules ratio
for k in "$@"; do
    echo "$k $(median < "$dir/$k.fast") $(median < "$dir/$k.plain") $(median < "$dir/$k.herc")"
done | awk '{ printf "%-10s %9.1f %9.1f %9.1f %7.2f\n", $1, $2, $3, $4, $4 ? $2 / $4 : 0
              if ($4 && $1 ~ /integer|storage/) { sum += log($2 / $4); n++ } }
     END { if (n) printf "geometric mean of the ratios of integer and storage: %.2f\n", exp(sum / n) }'
