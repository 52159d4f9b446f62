# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The loops over all points of a series, compiled. Their twins, and what they mean: `reduce.py` and `smooth.py`."""

from libc.math cimport INFINITY, isfinite, isnan
from libc.stdint cimport int64_t

ctypedef fused place:
    int64_t
    double


cdef inline Py_ssize_t column_of(double x, double start, double width, Py_ssize_t columns) noexcept nogil:
    """The last column that begins at or before x; division alone would be off by one where it is rounded."""
    cdef Py_ssize_t c = 0
    cdef double at
    if width > 0:
        at = (x - start) / width
        c = <Py_ssize_t>at if at < columns else columns - 1
        while c > 0 and start + c * width > x:
            c -= 1
        while c + 1 < columns and start + (c + 1) * width <= x:
            c += 1
    return c


def reduce_into(const place[::1] x, const double[::1] y, double start, double width, Py_ssize_t columns,
                Py_ssize_t begin, Py_ssize_t end, int64_t[:, ::1] place_of, double[:, ::1] value_of,
                int64_t[:, ::1] bad_of):
    """Points begin..end, whose x ascends from start, into one entry a column; how many entries, finite and bad."""
    cdef Py_ssize_t i = begin, c, n = 0, m = 0, count, first, last, bad, bad_first
    cdef int64_t kind
    cdef double edge, v, low, high, total
    with nogil:
        while i < end:
            c = column_of(<double>x[i], start, width, columns)
            edge = start + (c + 1) * width if width > 0 and c + 1 < columns else INFINITY
            count = bad = first = last = bad_first = 0
            kind = 0
            low = INFINITY
            high = -INFINITY
            total = 0
            while True:
                v = y[i]
                if isfinite(v):
                    if count == 0:
                        first = i
                    count += 1
                    last = i
                    total += v
                    low = v if v < low else low
                    high = v if v > high else high
                else:
                    if bad == 0:
                        bad_first = i
                    bad += 1
                    kind |= 1 if isnan(v) else 2 if v > 0 else 4
                i += 1
                if i == end or <double>x[i] >= edge:
                    break
            if count:
                place_of[0, n] = c
                place_of[1, n] = count
                place_of[2, n] = first
                place_of[3, n] = last
                value_of[0, n] = y[first]
                value_of[1, n] = y[last]
                value_of[2, n] = low
                value_of[3, n] = high
                total /= count
                value_of[4, n] = low if total < low else high if total > high else total
                n += 1
            if bad:
                bad_of[0, m] = c
                bad_of[1, m] = bad
                bad_of[2, m] = bad_first
                bad_of[3, m] = kind
                m += 1
    return n, m


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


def average_at(const double[::1] y, double weight, const int64_t[::1] places, double[::1] out):
    """The same at some places alone, which ascend."""
    cdef Py_ssize_t i = 0, k
    cdef double mean = 0, power = 1
    with nogil:
        for k in range(places.shape[0]):
            while i <= places[k]:
                if isfinite(y[i]):
                    mean = mean * weight + (1 - weight) * y[i]
                    power = power * weight if power > 1e-300 else 0  # numbers below that are slow, and 0 beside 1
                i += 1
            out[k] = mean / (1 - power) if isfinite(y[places[k]]) else y[places[k]]
