# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The loops over all points of a series, compiled. Their twins, and what they mean: `reduce.py` and `smooth.py`."""

from libc.math cimport INFINITY, isfinite, isnan
from libc.stdint cimport int64_t, uint8_t


def reduce_into(const double[::1] x, const double[::1] y, double start, double stop, Py_ssize_t begin, Py_ssize_t end,
                int64_t[::1] count, int64_t[::1] first, int64_t[::1] last, double[::1] low, double[::1] high,
                double[::1] total, int64_t[::1] bad_count, int64_t[::1] bad_first, uint8_t[::1] bad_kind):
    """Points begin..end, whose x ascends within [start, stop], into one entry a column. `count` comes in as zeros."""
    cdef Py_ssize_t i, columns = count.shape[0], c
    cdef double scale = stop - start, v
    with nogil:
        for i in range(begin, end):
            c = 0
            if scale > 0:
                c = <Py_ssize_t>((x[i] - start) / scale * columns)
                if c >= columns:
                    c = columns - 1
            v = y[i]
            if isfinite(v):
                if count[c] == 0:
                    first[c] = i
                    low[c] = high[c] = v
                    total[c] = 0.0
                elif v < low[c]:
                    low[c] = v
                elif v > high[c]:
                    high[c] = v
                last[c] = i
                total[c] += v
                count[c] += 1
            else:
                if bad_count[c] == 0:
                    bad_first[c] = i
                bad_count[c] += 1
                bad_kind[c] |= 1 if isnan(v) else 2 if v == INFINITY else 4


def average_into(const double[::1] y, double weight, double[::1] out):
    """The debiased exponential moving average of y."""
    cdef Py_ssize_t i
    cdef double mean = 0, power = 1
    with nogil:
        for i in range(y.shape[0]):
            if not isfinite(y[i]):
                out[i] = y[i]
                continue
            mean = mean * weight + (1 - weight) * y[i]
            power *= weight
            out[i] = mean / (1 - power)
