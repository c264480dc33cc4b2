/* What this machine can do at best, one thread's share; benchmarks/machine.py runs one thread a core. */
#include <string.h>

#ifdef __AVX512F__
#define WIDTH 8
#else
#define WIDTH 4
#endif
#define CHAINS 12 /* enough independent sums to hide the latency of a multiply-add */

typedef double vector __attribute__((vector_size(WIDTH * sizeof(double))));

/* rounds × CHAINS × WIDTH multiply-adds in registers; returns how many floating point operations that were. */
double multiply_add(long rounds, double *out)
{
    vector sum[CHAINS], factor, term;
    for (int i = 0; i < WIDTH; i++) {
        factor[i] = 0.999999 + 1e-9 * i;
        term[i] = 1e-6;
    }
    for (int c = 0; c < CHAINS; c++)
        sum[c] = term * (double)c;
    for (long r = 0; r < rounds; r++)
        for (int c = 0; c < CHAINS; c++)
            sum[c] = sum[c] * factor + term;
    double total = 0.0;
    for (int c = 0; c < CHAINS; c++)
        for (int i = 0; i < WIDTH; i++)
            total += sum[c][i];
    *out = total;
    return 2.0 * rounds * CHAINS * WIDTH;
}

/* Copies far more than the caches hold; returns how many bytes were read and written. */
double copy(char *to, const char *from, long bytes)
{
    memcpy(to, from, bytes);
    return 2.0 * bytes;
}
