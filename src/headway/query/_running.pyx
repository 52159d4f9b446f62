# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The running median, compiled. Its twin, and what it means: `running.py`."""

from libc.string cimport memmove


cdef inline Py_ssize_t place(const double* window, Py_ssize_t count, double value) noexcept nogil:
    """How many of `window` are less than `value`."""
    cdef Py_ssize_t low = 0, high = count, middle
    while low < high:
        middle = (low + high) // 2
        if window[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


def median_into(const double[::1] y, Py_ssize_t half, double[::1] window, double[::1] out):
    """The median of y[i - half : i + half + 1], all finite. `window`: room for 2 · half + 1."""
    cdef Py_ssize_t i, n = y.shape[0], count = 0, old, new, ahead
    cdef double value
    cdef double* sorted_ = NULL
    if n == 0:
        return
    sorted_ = &window[0]
    with nogil:
        for i in range(-half, n):
            ahead = i + half
            if i > half and ahead < n:  # one goes and one comes: what lies between them moves
                value = y[ahead]
                old = place(sorted_, count, y[i - half - 1])
                new = place(sorted_, count, value)
                if new > old:
                    new -= 1
                    memmove(sorted_ + old, sorted_ + old + 1, (new - old) * sizeof(double))
                else:
                    memmove(sorted_ + new + 1, sorted_ + new, (old - new) * sizeof(double))
                sorted_[new] = value
            elif ahead < n:
                value = y[ahead]
                new = place(sorted_, count, value)
                memmove(sorted_ + new + 1, sorted_ + new, (count - new) * sizeof(double))
                sorted_[new] = value
                count += 1
            elif i > half:
                old = place(sorted_, count, y[i - half - 1])
                memmove(sorted_ + old, sorted_ + old + 1, (count - old - 1) * sizeof(double))
                count -= 1
            if i >= 0:
                if count % 2:
                    out[i] = sorted_[count // 2]
                else:
                    out[i] = 0.5 * sorted_[count // 2 - 1] + 0.5 * sorted_[count // 2]
