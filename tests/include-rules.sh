#!/bin/sh
# Proves: no room includes another that it may not see (docs/house.md, "Who may include whom").
# usage: tests/include-rules.sh       exits with 1 and lists the offending lines
set -eu
cd "$(dirname "$0")/.."

# room, then the folders it may include from.  Longer paths come first.
rules='
s370/arch      s370/arch lib
s370           s370 dat lib
dat            dat s370/arch lib
consoles       consoles s370 lib
cp/directory   cp/directory lib
cp/cms         cp/directory lib cms/kit s370/arch
cp             cp spool s370/arch lib
spool/cms      spool lib cms/kit cms/names s370/arch
spool/host     spool lib
spool          spool lib
cms            cms lib s370/arch
lib            lib
'

allowed_for() {
    echo "$rules" | while read -r room may; do
        case $1 in "$room"/*) echo "$may"; break ;; esac
    done
}

bad=$(for file in $(find $(ls -d s370 dat consoles cp spool cms lib 2>/dev/null) -name '*.[chS]' -o -name '*.inc' -o -name '*.def'); do
    may=$(allowed_for "$file")
    sed -n 's/^ *# *include "\([^"]*\)".*/\1/p' "$file" | while read -r included; do
        ok=no
        case $included in */*) ;; *) ok="a name without its folder" ;; esac
        for room in $may; do
            case $included in "$room"/*) ok=yes ;; esac
        done
        [ "$ok" = yes ] || echo "$file includes $included"
    done
done)

[ -z "$bad" ] || { echo "$bad"; echo "include-rules: see docs/house.md" >&2; exit 1; }
echo "include-rules: kept"
