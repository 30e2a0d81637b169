/* Kernel: quicksort with insertion sort for short runs, and heapsort, of words. */
#include "tests/target/bench_c/kernel.h"

#define COUNT 20000

static uint32_t table[COUNT];

static void fill(uint32_t seed)
{
    for (uint32_t k = 0; k < COUNT; k++)
        table[k] = next_random(&seed);
}

static void insertion(uint32_t *a, int n)
{
    for (int k = 1; k < n; k++) {
        uint32_t x = a[k];
        int j = k;
        for (; j > 0 && a[j - 1] > x; j--)
            a[j] = a[j - 1];
        a[j] = x;
    }
}

static void quick(uint32_t *a, int n)
{
    while (n > 12) {
        uint32_t pivot = a[n / 2];
        int low = 0, high = n - 1;
        while (low <= high) {
            while (a[low] < pivot)
                low++;
            while (a[high] > pivot)
                high--;
            if (low <= high) {
                uint32_t x = a[low];
                a[low++] = a[high];
                a[high--] = x;
            }
        }
        if (high + 1 < n - low) {
            quick(a, high + 1);
            a += low;
            n -= low;
        } else {
            quick(a + low, n - low);
            n = high + 1;
        }
    }
    insertion(a, n);
}

static void sift(uint32_t *a, uint32_t root, uint32_t n)
{
    uint32_t x = a[root];
    for (uint32_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && a[child + 1] > a[child])
            child++;
        if (a[child] <= x)
            break;
        a[root] = a[child];
    }
    a[root] = x;
}

static void heap(uint32_t *a, uint32_t n)
{
    for (uint32_t k = n / 2; k--;)
        sift(a, k, n);
    for (uint32_t k = n - 1; k; k--) {
        uint32_t x = a[0];
        a[0] = a[k];
        a[k] = x;
        sift(a, 0, k);
    }
}

uint32_t kernel(void)
{
    uint32_t sum = 0;
    for (uint32_t pass = 0; pass < 6; pass++) {
        fill(pass + 1);
        if (pass % 3 == 2)
            heap(table, COUNT);
        else
            quick(table, COUNT);
        for (uint32_t k = 1; k < COUNT; k++)
            sum = mix(sum, table[k] - table[k - 1]);
    }
    return sum;
}
