/* How long the mechanics of rotating storage take, under timed I/O. */
#ifndef S370_DEVICES_MECHANICS_H
#define S370_DEVICES_MECHANICS_H

#include <stdint.h>

/* A seek over `distance` of `cylinders`, in ns.  `us`: microseconds to the next cylinder, over a
 * third of them, over all; between these the time grows evenly. */
static inline uint64_t mechanics_seek_ns(const uint32_t us[3], unsigned cylinders,
                                         unsigned distance)
{
    unsigned third = cylinders / 3, most = cylinders - 1;
    uint64_t time;
    if (distance == 0)
        return 0;
    if (distance <= third)
        time = us[0] + (uint64_t)(us[1] - us[0]) * (distance - 1) / (third - 1);
    else
        time = us[1] + (uint64_t)(us[2] - us[1]) * (distance - third) / (most - third);
    return time * 1000;
}

/* From machine time `at` until the place that is `to` ns behind the index is under the head.  Every
 * disk had its index there at time 0. */
static inline uint64_t mechanics_wait_ns(uint64_t at, uint64_t rotation, uint64_t to)
{
    at %= rotation;
    to %= rotation;
    return to >= at ? to - at : to + rotation - at;
}

#endif
