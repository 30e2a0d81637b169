#!/bin/sh
# Times an image on Hercules, in its System/370 mode: from the restart to the disabled wait.
# usage: bench-hercules.sh IMAGE
set -eu
image=$(realpath "$1")
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
# The automatic operator quits when the wait is announced; the same without the program's
# work gives the time that Hercules takes to come and go.
run() {
    printf 'hao tgt HHCCP011I\nhao cmd quit\nloadcore %s\nrestart\n' "$1" > "$dir/run.rc"
    begin=$(date +%s%N)
    (cd "$dir" && HERCULES_RC=run.rc timeout 120 hercules -d -f hercules.cnf </dev/null >log 2>&1) || true
    end=$(date +%s%N)
    echo $(((end - begin) / 1000000))
}
printf '\000\002\000\000\000\000\000\000' > "$dir/nothing"
echo "Hercules: $(($(run "$image") - $(run "$dir/nothing"))) ms for the first image"
