#!/bin/sh
# CMS's HELP.  "cp": writes the file CP HELP, made of docs/cp-commands.md (which a test compares with
# CP's tables), to standard output.  Without an argument: proves that every CMS command has a section in
# CMS HELP and a row in docs/cms-commands.md, every subcommand of EDIT one in EDIT HELP, every word of
# the EXEC language one in EXEC HELP, every message number of CMS one in MESSAGE HELP, and that no line
# is longer than a terminal's.
set -e
cd "$(dirname "$0")/.."

if [ "$1" = cp ]; then
    awk -F ' *[|] *' '
        /^## / { part = $1; sub(/^## */, "", part) }
        /^[|] [A-Za-z]/ && $2 != "command" && $2 != "operand" {
            gsub(/\\/, "")
            line = $0
            sub(/^[|] [^|]* [|] [^|]* [|] /, "", line)
            sub(/ [|]$/, "", line)
            class = $3 == "any" ? "anybody" : "class " $3
            n = index(line, ": ")
            form = n ? substr(line, 1, n - 1) : ""
            what = n ? substr(line, n + 2) : line
            if (part == "Commands") printf "= %s | %s\n  %s %s\n\nFor %s.\n", $2, what, toupper($2), form, class
            else printf "= %s %s | %s\n  %s %s %s\n\nFor %s.\n", part, $2, what, part, toupper($2), form, class
        }' docs/cp-commands.md | fold -s -w 78
    exit
fi

bad=0
complain() {
    echo "$*" >&2
    bad=1
}
has() { # component topic
    tr a-z A-Z <"cms/disk/$1.help" | grep -qE "^= $2( |$)" || complain "cms/disk/$1.help says nothing about $2"
}

for file in cms/commands/*.c spool/cms/[!cr]*.c spool/cms/receive.c; do
    name=$(basename "$file" .c | tr a-z A-Z)
    [ "$name" != INDFILE ] || name='IND\$FILE'
    has cms "$name"
    grep -qiE "^\| ([^|]*, )?$name[^A-Z|]?" docs/cms-commands.md ||
        complain "docs/cms-commands.md has no row for $name"
done
for name in $(grep -oE '\{"[A-Z]{2}", [a-z_]+\}' cms/nucleus/console.c | cut -c3-4); do
    has cms "$name"
done
for name in $(sed -n 's/^    {"\([A-Z]*\)", [0-9], [a-z]*, edit_.*/\1/p' cms/edit/editor.c); do
    [ "$name" = INSERT ] || has edit "$name"
done
for name in $(grep -oE '\{"&[A-Z]+"' cms/exec/statements.c cms/exec/expression.c | sed 's/.*"&\(.*\)"/\1/'); do
    case $name in BEGPUNC | BEGSTAC | CONTINU | DATATYP | END) continue ;; esac
    has exec "&$name"
done
for name in $(grep -ohE '\{"&[A-Z]+"' cms/exec2/statements.c cms/exec2/functions.c | sed 's/.*"&\(.*\)"/\1/'); do
    case $name in CONCAT | DIV | MULT | TRANS) continue ;; esac # abbreviations
    has exec2 "&$name"
done
for number in $(cat cms/commands/*.c spool/cms/[rs]*.c spool/cms/files/*.c cms/kit/*.c cms/names/command/*.c cms/nucleus/functions.c |
    grep -oE '"DMS("? ?MODULE ?"|%s|[A-Z]{3})[0-9]{3}[EWSRT] ' | grep -oE '[0-9]{3}[EWSRT]' | sort -u); do
    case $number in 007E | 009W | 010W | 10[18]* | 116S | 108S | 20[12]W | 385E) continue ;; esac
    has message "DMS${number%?}"
done
for file in cms/disk/*.help; do
    awk -v f="$file" 'length > 79 { print f ": line " NR " is longer than 79 characters"; bad = 1 } END { exit bad }' \
        "$file" >&2 || bad=1
done
exit $bad
