#!/bin/bash
# Proves: the replay of docs/batch.md as an array job of Slurm, each task a system of its own, whose results
# `datbox batch --collect` brings together, gives the same bytes as `--systems N`; a task whose result is
# missing is noticed.  Slurm and munge run here for the test only, on this host's loopback, as this user.
# usage: slurm.sh BUILD
set -eu
build=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
host=$(hostname -s)
port=$((20000 + $$ % 20000))
export SLURM_CONF=$work/slurm.conf
PATH=$PATH:/usr/sbin:/sbin
TASKS=3

stop() {
    for pid in "$work"/slurmd.pid "$work"/slurmctld.pid "$work"/munged.pid; do
        [ ! -f "$pid" ] || { read -r pid <"$pid" && kill "$pid" && tail --pid="$pid" -f /dev/null; } || true
    done
    rm -rf "$work"
}
trap stop EXIT

fail() {
    echo "slurm: $*"
    tail -n 20 "$work"/*.log "$work"/task-*.out 2>/dev/null || true
    exit 1
}

for program in munged slurmctld slurmd sbatch srun; do
    command -v $program >/dev/null || fail "there is no $program: run 'make packages-test'"
done

# One host is the whole cluster.  Without cgroups: a container, or a host without systemd, has none to give.
mkdir "$work/state" "$work/spool"
chmod 755 "$work"
head -c 128 /dev/urandom >"$work/munge.key"
chmod 600 "$work/munge.key"
cat >"$SLURM_CONF" <<END
ClusterName=datbox
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
munged --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
    --log-file="$work/munged.log" --seed-file="$work/munged.seed" ||
    fail "munged cannot be started here (as $(id -un))"
slurmctld || fail "slurmctld cannot be started here: a container without its rights?"
slurmd || fail "slurmd cannot be started here: a container without its rights?"

# The replay: more decks than tasks, two jobs in one of them, two of the same name.
cd "$work"
mkdir decks tasks
cp "$root/docs/examples/hello.job" decks/a.job
cp "$root/docs/examples/sort.job" decks/b.job
cat decks/a.job decks/a.job >decks/c.job
printf 'decks/a.job\ndecks/b.job\ndecks/c.job\ndecks/b.job priority=5\ndecks/a.job at=0.5\n' >decks.manifest
replay="$build/datbox batch --volumes $build/volumes --manifest decks.manifest --clock virtual"

# As docs/batch.md says it.
array=$(sbatch --parsable --array=1-$TASKS --output="$work/task-%a.out" --chdir="$work" \
    --wrap "$replay -o tasks/\$SLURM_ARRAY_TASK_ID --task \$SLURM_ARRAY_TASK_ID/\$SLURM_ARRAY_TASK_COUNT") ||
    fail "sbatch ends with $?"
timeout 120 srun --quiet --dependency=afterany:"$array" true || fail "the array job has not ended"
"$build/datbox" batch --collect tasks -o collected >collect.log 2>&1 || fail "collect ends with $?: $(cat collect.log)"
grep -q "^6 jobs in " collect.log || fail "$(cat collect.log)"

$replay -o systems --systems $TASKS >systems.log 2>&1 || fail "--systems $TASKS ends with $?: $(cat systems.log)"
diff -r systems collected || fail "an array of $TASKS tasks and $TASKS systems on one host give other bytes"

rm -r tasks/2
"$build/datbox" batch --collect tasks -o part >part.log 2>&1 && fail "a missing task was not noticed"
grep -q "there is no result of task 2 of $TASKS" part.log || fail "$(cat part.log)"
grep -q "of 6 jobs [1-5] have ended" part.log || fail "$(cat part.log)"
echo "slurm: an array of $TASKS tasks gives what $TASKS systems give"
