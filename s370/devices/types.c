/* The table of device types.  docs/add-a-device.md shows how a row gets here. */
#include "s370/devices/types.h"

const struct device_type *const device_types[] = {
    &device_2311,   &device_2314,
    &device_3330,   &device_3330_11,
    &device_3340,   &device_3340_70,
    &device_3350,   &device_3375,
    &device_3380,   &device_3215,
    &device_3215_c, &device_1052,
    &device_1052_c, &device_3505,
    &device_2540r,  &device_2501,
    &device_1442,   &device_3525,
    &device_2540p,  &device_1403,
    &device_3203,   &device_3211,
    &device_2401,   &device_2415,
    &device_2420,   &device_3410,
    &device_3420,   &device_3310,
    &device_3370,   &device_3270,
    &device_ctca,   &device_3088,
    &device_2703,   NULL,
};
