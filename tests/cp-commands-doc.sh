#!/bin/sh
# docs/cp-commands.md is made from CP's command tables. Without an argument: checks that it is up
# to date; "make": writes it anew.
set -e
cd "$(dirname "$0")/.."

# The rows of one table: name with the abbreviation in capitals, classes, what it does.
rows() {
    awk '
        /^const struct command .*\[\] = \{/ { on = 1; next }
        on && /^ *\{0\}/ { on = 0 }
        on && !/^ *\/\*/ { text = text " " $0 }
        END {
            n = split(text, row, /\},/)
            for (i = 1; i <= n; i++) {
                if (!match(row[i], /"[^"]*"/)) continue
                name = substr(row[i], RSTART + 1, RLENGTH - 2)
                rest = substr(row[i], RSTART + RLENGTH)
                split(rest, part, ",")
                least = part[2] + 0
                classes = part[3]
                gsub(/CLASS_| /, "", classes)
                gsub(/\|/, "", classes)
                if (classes == "ANY") classes = "any"
                help = rest
                sub(/^[^"]*"/, "", help)
                sub(/" *$/, "", help)
                gsub(/" *"/, "", help)
                gsub(/\|/, "\\|", help)
                printf "| %s%s | %s | %s |\n", substr(name, 1, least),
                       tolower(substr(name, least + 1)), classes, help
            }
        }' "$1"
}

page() {
    cat <<'END'
# CP commands

Made from the tables in `cp/commands` by `tests/cp-commands-doc.sh make`; a test compares.
Capitals are the shortest abbreviation; one of the privilege classes is needed. `HELP` shows the
commands that you may give, `HELP command` its line here. A command line may hold several commands,
separated by the logical line end character (`#`); while a guest runs, `#CP command` gives one.
The break key of the terminal enters CP mode, BEGIN goes on.

## Commands

| command | class | operands and effect |
| --- | --- | --- |
END
    rows cp/commands/table.c
    printf '\n## QUERY\n\n| operand | class | shows |\n| --- | --- | --- |\n'
    rows cp/commands/query.c
    printf '\n## SET\n\n| operand | class | setting |\n| --- | --- | --- |\n'
    rows cp/commands/set.c
}

if [ "$1" = make ]; then
    page > docs/cp-commands.md
else
    page | diff -u docs/cp-commands.md - || {
        echo "docs/cp-commands.md is not that of the tables: run tests/cp-commands-doc.sh make" >&2
        exit 1
    }
fi
