/* Kernel: products of matrices of words and of halfwords, and elimination in a prime field. */
#include "tests/target/bench_c/kernel.h"

#define N     48
#define PRIME 32749

static int32_t a[N][N], b[N][N], c[N][N];
static int16_t h[N][N], g[N][N];

static void multiply(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            int32_t s = 0;
            for (int k = 0; k < N; k++)
                s += a[i][k] * b[k][j];
            c[i][j] = s & 0xffff;
        }
    }
}

static void multiply_halfwords(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            int32_t s = 0;
            for (int k = 0; k < N; k++)
                s += h[i][k] * g[j][k];
            c[i][j] ^= s;
        }
    }
}

static int32_t power(int32_t x, int32_t n)
{
    int32_t y = 1;
    for (; n; n >>= 1, x = x * x % PRIME) {
        if (n & 1)
            y = y * x % PRIME;
    }
    return y;
}

static int32_t determinant(void)
{
    int32_t result = 1;
    for (int k = 0; k < N; k++) {
        if (!b[k][k])
            return 0;
        result = result * b[k][k] % PRIME;
        int32_t inverse = power(b[k][k], PRIME - 2);
        for (int i = k + 1; i < N; i++) {
            int32_t factor = b[i][k] * inverse % PRIME;
            for (int j = k; j < N; j++)
                b[i][j] = (b[i][j] + (PRIME - factor) * b[k][j]) % PRIME;
        }
    }
    return result;
}

uint32_t kernel(void)
{
    uint32_t sum = 0, seed = 5;
    for (int pass = 0; pass < 20; pass++) {
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                a[i][j] = (int32_t)(next_random(&seed) & 0xff);
                b[i][j] = (int32_t)(next_random(&seed) % PRIME);
                h[i][j] = (int16_t)(next_random(&seed) & 0x7ff);
                g[i][j] = (int16_t)(a[i][j] - 100);
            }
        }
        multiply();
        multiply_halfwords();
        for (int i = 0; i < N; i++)
            sum = mix(sum, (uint32_t)c[i][N - 1 - i]);
        sum = mix(sum, (uint32_t)determinant());
    }
    return sum;
}
