/* A seat at the guest's console; see seat.h. */
#include "consoles/seat.h"

#include "s370/devices/line.h"
#include "s370/machine.h"

void seat_take(struct seat *s)
{
    struct line *line = line_of_device(s->m, s->device);
    if (line && !s->connected)
        s->connected = line_connect(line, s->backend, s->context);
}

struct line *seat_line(struct seat *s)
{
    struct line *line = line_of_device(s->m, s->device);
    seat_take(s);
    if (s->connected && line)
        return line;
    machine_message(s->m, "there is no console %03X to type at", s->device);
    return NULL;
}

void seat_leave(struct seat *s)
{
    struct line *line = line_of_device(s->m, s->device);
    bool was = s->connected;
    s->connected = false;
    if (line && was)
        line_disconnect(line);
}

void seat_end(struct seat *s)
{
    enum cpu_state state = cpu_get_state(s->m->cpu);
    bool runs = state == CPU_RUNNING || state == CPU_WAIT || s->m->loading;
    if (s->leaving || !runs) {
        machine_quit(s->m, 0);
        return;
    }
    s->leaving = true;
    machine_message(s->m, "Ctrl-D once more switches the machine off (let the system in it shut "
                          "down first)");
}
