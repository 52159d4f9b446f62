# cython: language_level=3
"""The protobuf wire format, compiled: the twin of `headway.events.wire`."""

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

ctypedef const uint8_t* Bytes

cdef enum:
    OK = 0
    MALFORMED = -1

cdef struct Field:
    uint32_t number
    uint32_t wire
    uint64_t value      # varint and fixed widths: their bits
    Bytes data          # length-delimited: where, and `value` bytes


cdef inline uint32_t u32(Bytes p) noexcept nogil:
    return <uint32_t>p[0] | <uint32_t>p[1] << 8 | <uint32_t>p[2] << 16 | <uint32_t>p[3] << 24


cdef inline uint64_t u64(Bytes p) noexcept nogil:
    return <uint64_t>u32(p) | <uint64_t>u32(p + 4) << 32


cdef inline double as_double(uint64_t bits) noexcept nogil:
    cdef double value
    memcpy(&value, &bits, 8)
    return value


cdef inline double as_float(uint32_t bits) noexcept nogil:
    cdef float value
    memcpy(&value, &bits, 4)
    return value


cdef inline Bytes varint(Bytes p, Bytes end, uint64_t* out) noexcept nogil:
    """The position after it; NULL when it does not end in time."""
    cdef uint64_t value = 0
    cdef int shift = 0
    while p < end and shift < 70:
        value |= <uint64_t>(p[0] & 0x7F) << shift if shift < 64 else 0
        if p[0] < 0x80:
            out[0] = value
            return p + 1
        p += 1
        shift += 7
    return NULL


cdef inline Bytes next_field(Bytes p, Bytes end, Field* f) noexcept nogil:
    """Read one protobuf field; the position after it, or NULL when malformed."""
    cdef uint64_t key
    if p < end and p[0] < 0x80:
        key = p[0]
        p += 1
    else:
        p = varint(p, end, &key)
        if p == NULL:
            return NULL
    if key >> 3 == 0 or key >> 3 > 536870911:
        return NULL
    f.number = <uint32_t>(key >> 3)
    f.wire = key & 7
    if f.wire == 2:
        if p < end and p[0] < 0x80:
            f.value = p[0]
            p += 1
        else:
            p = varint(p, end, &f.value)
        if p == NULL or f.value > <uint64_t>(end - p):
            return NULL
        f.data = p
        return p + f.value
    if f.wire == 0:
        return varint(p, end, &f.value)
    if f.wire == 1:
        if end - p < 8:
            return NULL
        f.value = u64(p)
        return p + 8
    if f.wire == 5:
        if end - p < 4:
            return NULL
        f.value = u32(p)
        return p + 4
    return NULL  # groups are not used by any of these messages
