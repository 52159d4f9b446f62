# cython: language_level=3, cdivision=True
"""TensorProto of one element, compiled: the twin of `headway.events.tensors`, which lists its fields."""

from libc.math cimport INFINITY, NAN, ldexp
from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from headway.events._wire cimport MALFORMED, OK, Bytes, Field, as_double, as_float, next_field, u32, u64, varint


cdef inline double half(uint16_t bits) noexcept nogil:
    return small_float(bits, 5, 10, True)


cdef inline double small_float(uint32_t bits, int exponent_bits, int mantissa_bits, bint has_infinity) noexcept nogil:
    """float16 (5, 10), float8_e5m2 (5, 2), float8_e4m3fn (4, 3; no infinity, NaN is all ones)."""
    cdef int sign = -1 if bits >> (exponent_bits + mantissa_bits) & 1 else 1
    cdef int top = (1 << exponent_bits) - 1
    cdef int exponent = bits >> mantissa_bits & top
    cdef int mantissa = bits & ((1 << mantissa_bits) - 1)
    cdef int bias = (1 << (exponent_bits - 1)) - 1
    if has_infinity and exponent == top:
        return NAN if mantissa else sign * INFINITY
    if not has_infinity and exponent == top and mantissa == (1 << mantissa_bits) - 1:
        return NAN
    if exponent == 0:
        return sign * ldexp(mantissa, 1 - bias - mantissa_bits)
    return sign * ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits)


cdef inline int width(int dtype) noexcept nogil:
    """Bytes of one element; 0 when the type is not numeric."""
    if dtype in (2, 9, 23):
        return 8
    if dtype in (1, 3, 13, 22):
        return 4
    if dtype in (5, 14, 15, 16, 17, 19):
        return 2
    if dtype in (4, 6, 10, 11, 12, 24, 25):
        return 1
    return 0


cdef inline double element(int dtype, uint64_t bits) noexcept nogil:
    """One element from its little-endian bits, wherever they came from (raw content or a varint)."""
    if dtype == 1:
        return as_float(<uint32_t>bits)
    if dtype == 2:
        return as_double(bits)
    if dtype in (3, 13):
        return <int32_t>bits
    if dtype in (4, 12):
        return <uint8_t>bits
    if dtype in (5, 15):
        return <int16_t>bits
    if dtype in (6, 11):
        return <int8_t>bits
    if dtype == 9:
        return <double><int64_t>bits
    if dtype == 10:
        return 1.0 if bits & 0xFF else 0.0
    if dtype == 14:
        return as_float(<uint32_t>(bits & 0xFFFF) << 16)
    if dtype in (16, 17):
        return <uint16_t>bits
    if dtype == 19:
        return half(<uint16_t>bits)
    if dtype == 22:
        return <uint32_t>bits
    if dtype == 23:
        return <double>bits
    if dtype == 24:
        return small_float(<uint8_t>bits, 5, 2, True)
    return small_float(<uint8_t>bits, 4, 3, False)


cdef inline int elements(Bytes p, Bytes end, uint64_t* product) noexcept nogil:
    """TensorShapeProto: multiply its dimensions into `product`."""
    cdef Field dim, f
    cdef Bytes q
    cdef Bytes stop
    cdef uint64_t size
    while p < end:
        p = next_field(p, end, &dim)
        if p == NULL:
            return MALFORMED
        if dim.number == 2 and dim.wire == 2:
            q = dim.data
            stop = q + dim.value
            size = 0
            while q < stop:
                q = next_field(q, stop, &f)
                if q == NULL:
                    return MALFORMED
                if f.number == 1 and f.wire == 0:
                    size = f.value
            product[0] = 2 if size > 1 or product[0] > 1 else product[0] * size
    return OK


cdef inline int scalar_tensor(Bytes p, Bytes end, double* out) noexcept nogil:
    """TensorProto with one numeric element → 1 and the element; 0 when it is something else; MALFORMED."""
    cdef Field f
    cdef Bytes content = NULL
    cdef uint64_t content_length = 0, count = 1, bits = 0, n
    cdef int dtype = 0, size
    cdef int i
    while p < end:
        p = next_field(p, end, &f)
        if p == NULL:
            return MALFORMED
        if f.number == 1 and f.wire == 0:
            dtype = <int>f.value
        elif f.number == 2 and f.wire == 2:
            if elements(f.data, f.data + f.value, &count) != OK:
                return MALFORMED
        elif f.number == 4 and f.wire == 2:
            content = f.data
            content_length = f.value
        elif f.number in (5, 6, 7, 10, 11, 13, 16, 17):
            # float_val, double_val, int_val, int64_val, bool_val, half_val, uint32_val, uint64_val
            if f.wire != 2:
                bits = f.value
            elif f.value and f.number == 5 and f.value >= 4:
                bits = u32(f.data)
            elif f.value and f.number == 6 and f.value >= 8:
                bits = u64(f.data)
            elif f.value and varint(f.data, f.data + f.value, &bits) == NULL:
                return MALFORMED
    size = width(dtype)
    if size == 0 or count != 1:
        return 0
    if content_length:
        if content_length != <uint64_t>size:
            return 0
        bits = 0
        for i in range(size):
            bits |= <uint64_t>content[i] << (8 * i)
    out[0] = element(dtype, bits)
    return 1
