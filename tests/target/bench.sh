#!/bin/bash
# Times the kernels here, in the plain interpreter, and on Hercules in turn, ROUNDS times, and
# prints the medians: millions of instructions a second of CPU time, and ratios.  Kernels in C are
# timed on the host itself too: `native` is how many times longer they take here.
# usage: bench.sh BUILD KERNEL...     ROUNDS=3; a kernel is bench_KERNEL.bin, or in C
#                                     bench_c/NAME.bin
set -euo pipefail
bin=$1/tests/target
shift
rounds=${ROUNDS:-3}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Hercules has no relative branches in its System/370 mode: programs in C run in ESA/390 there,
# with 24-bit addresses.
for mode in S/370 ESA/390; do
    cat > "$dir/hercules.${mode%%/*}" <<END
CPUSERIAL 000001
CPUMODEL 0158
MAINSIZE 2
XPNDSIZE 0
NUMCPU 1
ARCHMODE $mode
OSTAILOR QUIET
CNSLPORT 0
000C 3505 /dev/null
END
done
# Programs that end at once: what starting Hercules takes.
printf '\000\002\000\000\000\000\000\000' > "$dir/nothing.S"
printf '\000\012\000\000\000\000\000\000' > "$dir/nothing.ESA"

# Microseconds of CPU time until the disabled wait at address 0, which the automatic operator
# answers with `quit`.  usage: hercules_us IMAGE MODE
hercules_us() {
    printf 'hao tgt HHCCP011I\nhao cmd quit\nloadcore %s\nrestart\n' "$(realpath "$1")" > "$dir/run.rc"
    local TIMEFORMAT='%3U %3S'
    { time (cd "$dir" && HERCULES_RC=run.rc timeout 120 hercules -d -f "hercules.$2" \
        </dev/null >log 2>&1 || true); } 2> "$dir/time"
    if ! grep -q 'PSW=00[0-9A-F]*0000 [08]0000000' "$dir/log"; then
        echo "$1: no good end on Hercules" >&2
        grep HHCCP "$dir/log" >&2 || true
    fi
    awk '{ print ($1 + $2) * 1000000 }' "$dir/time"
}

median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }

speed() { awk '{ print $2 / $3 / 1000 }'; }

for k in "$@"; do
    name=${k#bench_c/}
    : > "$dir/$name.fast"; : > "$dir/$name.plain"; : > "$dir/$name.herc"; : > "$dir/$name.native"
done
for round in $(seq "$rounds"); do
    for mode in S ESA; do
        command -v hercules >/dev/null && nothing[${#mode}]=$(hercules_us "$dir/nothing.$mode" $mode)
    done
    for k in "$@"; do
        name=${k#bench_c/}
        case $k in
        bench_c/*) image=$bin/$k.bin mode=ESA ;;
        *) image=$bin/bench_$k.bin mode=S ;;
        esac
        run=$("$bin/bench" "$image")
        echo "$run" | speed >> "$dir/$name.fast"
        "$bin/bench" -p "$image" | speed >> "$dir/$name.plain"
        if command -v hercules >/dev/null; then
            echo "$run $(hercules_us "$image" $mode) ${nothing[${#mode}]}" |
                awk '{ print $2 / ($4 - $5) }' >> "$dir/$name.herc"
        fi
        if [ $mode = ESA ]; then
            echo "$run $("$bin/$k.native")" | awk '{ print $3 / $5 }' >> "$dir/$name.native"
        fi
    done
done
printf '%-10s %9s %9s %9s %7s %7s\n' kernel datbox plain Hercules ratio native
for k in "$@"; do
    name=${k#bench_c/}
    case $k in
    integer | storage | bench_c/*) group=1 ;;
    *) group=0 ;;
    esac
    hercules=$(median < "$dir/$name.herc") native=$(median < "$dir/$name.native")
    echo "$name $(median < "$dir/$name.fast") $(median < "$dir/$name.plain") ${hercules:-0} ${native:-0} $group"
done | awk '{ ratio = $4 ? $2 / $4 : 0
              printf "%-10s %9.1f %9.1f %9.1f %7.2f %7s\n", $1, $2, $3, $4, ratio, $5 ? sprintf("%.1f", $5) : ""
              if (ratio && $6) { sum += log(ratio); n++ }
              at[$1] = $2 }
     END { if (n) printf "geometric mean of the ratios of integer, storage and C: %.2f\n", exp(sum / n)
           if (at["dat_off"]) printf "DAT costs %.1f %%\n", 100 * (at["dat_off"] / at["dat"] - 1)
           if (at["integer"]) printf "modify runs at %.2f of the speed of integer\n", at["modify"] / at["integer"] }'
