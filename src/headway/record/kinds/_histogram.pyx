# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The one pass over the values of a histogram, compiled. Its twin, and what it means: `python_scan` in histogram.py.

Values go block by block into a small array of doubles, which is summed and counted while it is in the cache.
"""

from libc.math cimport fabs, isfinite, isnan
from libc.stdint cimport int16_t, int64_t, uint64_t

cdef enum:
    BLOCK = 256  # a multiple of LANES
    LANES = 4
    CELL_SHIFT = 47  # 52 bits of mantissa, of which 5 belong to the cell

ctypedef fused real:
    float
    double

cdef struct Total:  # Neumaier's sum: what rounding loses is kept apart
    double sum
    double lost


def scan(const real[::1] values, const int16_t[::1] cells, const double[::1] limits, int64_t[:, ::1] counts,
         int64_t[::1] others, double[::1] totals):
    cdef Py_ssize_t start = 0, n, size = values.shape[0]
    cdef double block[BLOCK]
    cdef double low = totals[0], high = totals[1]
    cdef Total total = Total(totals[2], 0.0), squares = Total(totals[3], 0.0)
    with nogil:
        while start < size:
            n = size - start if size - start < BLOCK else BLOCK
            start += n
            n = load(&values[start - n], n, block, &others[0])
            if n > 0:
                measure(block, n, &low, &high, &total, &squares)
                count(block, n, &cells[0], &limits[0], &counts[0, 0], &counts[1, 0])
    totals[0] = low
    totals[1] = high
    totals[2] = finished(total)
    totals[3] = finished(squares)


cdef inline Py_ssize_t load(const real *values, Py_ssize_t n, double *block, int64_t *others) noexcept nogil:
    # The finite ones among n values, as doubles; the others are counted: NaN, +infinity, -infinity.
    cdef Py_ssize_t i, kept = 0
    cdef uint64_t *bits = <uint64_t *>block
    cdef uint64_t top = 0
    for i in range(n):
        block[i] = values[i]
    for i in range(n):  # one more in the exponent carries into the sign if the exponent is all ones
        top |= (bits[i] & <uint64_t>0x7FF0000000000000) + <uint64_t>0x0010000000000000
    if not top >> 63:
        return n
    for i in range(n):
        if isfinite(block[i]):
            block[kept] = block[i]
            kept += 1
        else:
            others[0 if isnan(block[i]) else 1 if block[i] > 0 else 2] += 1
    return kept


cdef inline void measure(const double *block, Py_ssize_t n, double *low, double *high, Total *total,
                         Total *squares) noexcept nogil:
    cdef double lows[LANES]
    cdef double highs[LANES]
    cdef double sums[LANES]
    cdef double products[LANES]
    cdef double v
    cdef Py_ssize_t i, lane
    for lane in range(LANES):
        lows[lane] = highs[lane] = block[0]
        sums[lane] = products[lane] = 0.0
    for i in range(0, n - 3, 4):
        for lane in range(LANES):
            v = block[i + lane]
            lows[lane] = v if v < lows[lane] else lows[lane]
            highs[lane] = v if v > highs[lane] else highs[lane]
            sums[lane] += v
            products[lane] += v * v
    for i in range(n - n % LANES, n):
        v = block[i]
        lows[0] = v if v < lows[0] else lows[0]
        highs[0] = v if v > highs[0] else highs[0]
        sums[0] += v
        products[0] += v * v
    for lane in range(LANES):
        low[0] = lows[lane] if lows[lane] < low[0] else low[0]
        high[0] = highs[lane] if highs[lane] > high[0] else high[0]
    add(total, (sums[0] + sums[1]) + (sums[2] + sums[3]))
    add(squares, (products[0] + products[1]) + (products[2] + products[3]))


cdef inline void count(const double *block, Py_ssize_t n, const int16_t *cells, const double *limits,
                       int64_t *evens, int64_t *odds) noexcept nogil:
    # Two tables: equal neighbours need not wait for each other's increment.
    cdef const uint64_t *bits = <const uint64_t *>block
    cdef Py_ssize_t i, slot
    for i in range(0, n - 1, 2):
        slot = cells[bits[i] >> CELL_SHIFT]
        evens[slot + (block[i] >= limits[slot])] += 1
        slot = cells[bits[i + 1] >> CELL_SHIFT]
        odds[slot + (block[i + 1] >= limits[slot])] += 1
    if n % 2:
        slot = cells[bits[n - 1] >> CELL_SHIFT]
        evens[slot + (block[n - 1] >= limits[slot])] += 1


cdef inline void add(Total *total, double value) noexcept nogil:
    cdef double sum = total.sum + value
    if fabs(total.sum) >= fabs(value):
        total.lost += (total.sum - sum) + value
    else:
        total.lost += (value - sum) + total.sum
    total.sum = sum


cdef inline double finished(Total total) noexcept nogil:
    return total.sum + total.lost if isfinite(total.sum) else total.sum
