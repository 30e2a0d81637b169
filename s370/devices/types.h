/* The device types, one file of s370/devices/ each; their table is in types.c. */
#ifndef S370_DEVICES_TYPES_H
#define S370_DEVICES_TYPES_H

#include "s370/io/device.h"

extern const struct device_type device_2311, device_2314, device_3330, device_3330_11, device_3340,
    device_3340_70, device_3350, device_3375, device_3380;
extern const struct device_type device_3310, device_3370, device_ctca, device_3088, device_2703;
extern const struct device_type device_3215, device_3215_c, device_1052, device_1052_c, device_3270;
extern const struct device_type device_3505, device_2540r, device_2501, device_1442, device_3525,
    device_2540p, device_1403, device_3203, device_3211;
extern const struct device_type device_2401, device_2415, device_2420, device_3410, device_3420;

#endif
