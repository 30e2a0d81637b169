#!/bin/sh
# As cp-random.sh, at three 3270s: random keys and lines in any state of the screen (logo, MORE...,
# HOLDING, a program's own), terminals of random models that come and go. Afterwards everybody must
# be able to log on and SHUTDOWN must end. usage: cp-random-screens.sh SEED >SCRIPT
awk -v seed="$1" '
function pick(n) { return int(rand() * n) + 1 }
function event(line) {
    if (!here[line]) {
        print "connect " line " " pick(4) + 1
        here[line] = 1
        return
    }
    k = rand()
    if (k < 0.05) {
        print "disconnect " line
        here[line] = 0
    } else if (k < 0.45)
        print "key " line " " key[pick(keys)]
    else {
        print "key " line " HOME\nkey " line " ERASE-EOF"
        print "type " line " \"" text[pick(texts)] "\""
        if (rand() < 0.9)
            print "key " line " ENTER"
    }
}
BEGIN {
    srand(seed)
    keys = split("ENTER ENTER CLEAR PA1 PA1 PA2 PA3 PF1 PF2 PF3 PF3 PF7 PF8 PF12 PF24 ERASE-INPUT SYSREQ", key, " ")
    texts = split("LOGON STUDENT1 STUDENT1|LOGON STUDENT2 STUDENT2 NOIPL|LOGON STUDENT3|STUDENT3||#CP Q TIME|" \
        "#CP|B|BEGIN|LISTFILE * * S|MSG STUDENT1 HI|MSG STUDENT2 HI|MSG STUDENT3 HI|DISC|#CP DISC|LOGOFF|" \
        "#CP LOGOFF|IPL 190|#CP I 190|Q N|SLEEP 1 SEC|BROWSE TOUR EXEC|BROWSE TOUR EXEC|BROWSE TOUR EXEC|" \
        "TYPE TOUR EXEC#BROWSE TOUR EXEC#Q DISK|CP MSG * ME|SET PF1 IMMED Q T|#CP SET PF2 TAB 5 9|#CP Q PF|" \
        "TERM MORE 1 1|TERM HOLD OFF|TERM HOLD ON|TERM TIMESTAMP ON|TERM TIMESTAMP OFF|TERM LINESIZE 20|" \
        "TERM BREAKIN GUESTCTL|TERM BREAKIN IMMED|#CP SYSTEM CLEAR|STORE 0 0#BEGIN 0|DEF GRAF 0D0|DET 009|DEF CONS 009",
        text, "|")
    operators = split("FORCE STUDENT1|FORCE STUDENT2|WNG ALL HELLO|Q N|MSG ALL X|MSG STUDENT1 Y|MSG STUDENT2 Y|" \
        "MSG STUDENT3 Y|ENABLE ALL|Q GRAF", command, "|")
    lines = split("080 081 082", line, " ")
    print "ipl 150\nexpect 009 \"LOGON AT\""
    for (i = 0; i < 400; i++) {
        event(line[pick(lines)])
        if (rand() < 0.3)
            print "wait " pick(2)
        if (rand() < 0.08)
            print "type 009 \"" command[pick(operators)] "\""
    }
    print "wait 70\ntype 009 \"ENABLE ALL\""
    for (i = 1; i <= lines; i++)
        if (here[line[i]])
            print "disconnect " line[i]
    print "wait 5\ntype 009 \"FORCE STUDENT1#FORCE STUDENT2#FORCE STUDENT3\"\nwait 60"
    for (i = 1; i <= lines; i++) {
        print "connect " line[i] "\nexpect " line[i] " \"Press ENTER or CLEAR\""
        print "key " line[i] " CLEAR\nexpect " line[i] " \"CP READ\""
        print "type " line[i] " \"LOGON STUDENT" i " STUDENT" i " NOIPL\"\nkey " line[i] " ENTER"
        print "expect " line[i] " \"LOGON AT\""
        print "type " line[i] " \"MSG * WELL DONE " i "\"\nkey " line[i] " ENTER"
        print "expect " line[i] " \"WELL DONE " i "\" 10"
    }
    print "type 009 \"SHUTDOWN\"\nexpect 009 \"SYSTEM SHUTDOWN COMPLETE\" 60\nquit"
}'
