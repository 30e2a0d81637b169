#!/bin/sh
# Proves: docs/first-hour.md is true.  What it has the reader type is typed at a 3270, and every line
# that it shows must appear.  In its blocks marked `screen` a line "> text" is typed and ended with
# Enter, "[KEY]" is a key, "..." stands for what differs from day to day; all other lines are the
# system's answers.  usage: first-hour.sh BUILD
set -e
build=$(realpath "$1")
here=$(dirname "$0")
data=$build/tests/first-hour
rm -rf "$data"
mkdir -p "$data"

awk -v terminal=080 '
    function quoted(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "\"" s "\"" }
    BEGIN { print "ipl 150\nexpect 009 \"LOGOFF AS AUTOLOG1\"\nconnect " terminal }
    /^```/ { on = ($0 == "```screen"); next }
    !on || $0 == "" { next }
    # Where the screen waits for the reader, and not before.
    /^> / { print "expect " terminal " \" READ \""; print "type " terminal " " quoted(substr($0, 3)) "\nkey " terminal " ENTER"; typed++; next }
    $0 == ">" { print "expect " terminal " \" READ \"\nkey " terminal " ENTER"; typed++; next }
    /^\[.*\]$/ { print "key " terminal " " substr($0, 2, length($0) - 2); next }
    {
        n = split($0, part, /\.\.\./)
        for (i = 1; i <= n; i++) {
            sub(/^ +/, "", part[i]); sub(/ +$/, "", part[i])
            if (part[i] == "MORE") part[i] = "MORE..."
            if (part[i] != "") print "expect " terminal " " quoted(part[i])
        }
    }
    END { print "quit"; if (typed < 30) exit 1 }' "$here/../docs/first-hour.md" >"$data/script"

if ! "$build/datbox" run --clock virtual --data "$data" --script "$data/script" >"$data/log" 2>&1; then
    echo "docs/first-hour.md is not what happens:"
    line=$(sed -n 's|.*first-hour/script:\([0-9]*\):.*|\1|p' "$data/log" | tail -1)
    [ -z "$line" ] || sed -n "$((line > 3 ? line - 3 : 1)),${line}p" "$data/script"
    tail -30 "$data/log"
    exit 1
fi
echo "docs/first-hour.md: $(grep -c '^type' "$data/script") lines typed, as it says"
