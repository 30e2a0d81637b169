#!/bin/sh
# A script of random events at three terminals of CP: people come and go in the middle of anything, press
# the attention key, type this and that. Afterwards everybody must be able to log on and SHUTDOWN must
# end. usage: cp-random.sh SEED >SCRIPT
awk -v seed="$1" '
function pick(n) { return int(rand() * n) + 1 }
function event(line) {
    if (!here[line]) {
        print "connect " line
        here[line] = 1
        return
    }
    k = rand()
    if (k < 0.08) {
        print "disconnect " line
        here[line] = 0
    } else if (k < 0.18)
        print "attn " line
    else
        print "type " line " \"" text[pick(texts)] "\""
}
BEGIN {
    srand(seed)
    texts = split("LOGON STUDENT1 STUDENT1|LOGON STUDENT2 STUDENT2 NOIPL|LOGON STUDENT3|STUDENT3||#CP Q TIME|" \
        "#CP|B|BEGIN|LISTFILE|MSG STUDENT1 HI|MSG STUDENT2 HI|MSG STUDENT3 HI|DISC|#CP DISC|LOGOFF|" \
        "#CP LOGOFF|IPL 190|#CP I 190|Q N|SLEEP 1 SEC|ECHO|END|LINK STUDENT1 191 291 RR|READ|HELP|" \
        "#CP TRACE SVC RUN|#CP TRACE END|SET RUN ON|SET RUN OFF|FORMAT 191 A|YES|NO|a#b#c#d|D T0-END|" \
        "#CP SYSTEM CLEAR|STORE 0 0#BEGIN 0|DEF STOR 512K|DET 191|#CP SPOOL CON START|#CP CLOSE CON",
        text, "|")
    operators = split("FORCE STUDENT1|FORCE STUDENT2|WNG ALL HELLO|Q N|MSG ALL X|AUTOLOG STUDENT2 STUDENT2|" \
        "Q ALL|IND", command, "|")
    lines = split("0C0 0C1 0C2", line, " ")
    print "ipl 150\nexpect 009 \"LOGON AT\""
    for (i = 0; i < 500; i++) {
        event(line[pick(lines)])
        if (rand() < 0.4)
            print "wait " pick(2)
        if (rand() < 0.03)
            print "type 009 \"" command[pick(operators)] "\""
    }
    print "wait 60"
    for (i = 1; i <= lines; i++)
        if (here[line[i]])
            print "disconnect " line[i]
    print "wait 5\ntype 009 \"FORCE STUDENT1#FORCE STUDENT2#FORCE STUDENT3\"\nwait 60"
    for (i = 1; i <= lines; i++) {
        print "connect " line[i] "\nwait 40"
        print "type " line[i] " \"LOGON STUDENT" i " STUDENT" i " NOIPL\"\nwait 5"
        print "type " line[i] " \"MSG * WELL DONE " i "\""
        print "expect " line[i] " \"WELL DONE " i "\" 10"
    }
    print "type 009 \"SHUTDOWN\"\nexpect 009 \"SYSTEM SHUTDOWN COMPLETE\" 60\nquit"
}'
