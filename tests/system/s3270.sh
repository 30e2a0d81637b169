# Drives s3270s from a script (sourced): open N MODEL, say N ACTION, await N TEXT, key N ACTION...,
# enter N TEXT, close N.  The script has $port and a function fail.

declare -A to from process
open() { # N MODEL
    mkfifo "in$1" "out$1"
    s3270 -utf8 -codepage cp1047 -xrm 's3270.unlockDelay: false' -model "$2" "127.0.0.1:$port" \
        <"in$1" >"out$1" 2>"err$1" &
    process[$1]=$!
    exec {to[$1]}>"in$1" {from[$1]}<"out$1"
    rm "in$1" "out$1"
}
# Runs an action; its answer is in $answer.
say() {
    local line
    echo "$2" >&"${to[$1]}"
    answer=
    while IFS= read -r -t 60 line <&"${from[$1]}"; do
        case $line in
        ok) return 0 ;;
        error) return 1 ;;
        data:*) answer+=${line#data: }$'\n' ;;
        esac
    done
    fail "s3270 $1 has ended at '$2'"
}
# Waits until the screen shows a text: looks again when it has changed.
await() { # N TEXT
    local end=$((SECONDS + 60))
    while :; do
        say "$1" 'Ascii()'
        [[ $answer == *"$2"* ]] && return
        [ $SECONDS -lt $end ] || {
            echo "$answer"
            fail "s3270 $1 does not show '$2'"
        }
        say "$1" 'Wait(0.3,Output)' || true
    done
}
key() { # N ACTION...
    local n=$1
    shift
    say "$n" 'Wait(10,Unlock)' || fail "s3270 $n: the keyboard stays locked"
    for action; do
        say "$n" "$action" || fail "s3270 $n: $action: $answer"
    done
}
enter() { key "$1" "String(\"$2\")" 'Enter()'; }
close() {
    echo 'Quit()' >&"${to[$1]}"
    exec {to[$1]}>&- {from[$1]}<&-
    wait "${process[$1]}" || true
}
