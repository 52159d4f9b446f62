# cython: boundscheck=False, wraparound=False
"""The compiled encoder of scalars: a buffer of ready-made records. Its twin is `PythonEventBuffer` in encode.py.

Every number is converted before the first byte is written, and writing calls no Python: under the GIL an event is
appended whole or not at all, even where `__float__` of a value runs Python code or other threads log as well.
"""

from collections.abc import Mapping
from struct import pack

from cpython.bytes cimport PyBytes_AsString, PyBytes_FromStringAndSize, PyBytes_Size
from cpython.dict cimport PyDict_GetItemWithError
from cpython.exc cimport PyErr_Clear, PyErr_Occurred
from cpython.float cimport PyFloat_AsDouble, PyFloat_Check
from cpython.long cimport PyLong_AsLongLong, PyLong_Check
from cpython.object cimport PyObject
from libc.math cimport isinf
from libc.stdint cimport int64_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcpy

from headway.events.messages import scalar_value, tag_field
from headway.events.number import NUMPY_NUMBERS, as_double, as_int64

cdef extern from "crc32c.h" nogil:
    void crc32c_init()
    uint32_t crc32c_masked(const unsigned char *p, size_t n)

cdef extern from "Python.h":
    double PyLong_AsDouble(object) noexcept  # -1.0 and PyErr_Occurred(): looked at by the caller

cdef extern from "<time.h>" nogil:
    struct timespec:
        long tv_sec
        long tv_nsec
    int TIME_UTC
    int timespec_get(timespec *, int)

crc32c_init()

cdef frozenset _numpy_numbers = NUMPY_NUMBERS

cdef enum:
    MAX_DEPTH = 64
    SCRATCH = 2048  # bytes on the stack; some 50 values
    CACHE_BYTES = 16 << 20  # tags kept in encoded form
    CACHE_ENTRY = 160  # about what one costs beyond its text
    KEPT_CAPACITY = 1 << 20  # a buffer that had to grow beyond this is given back when it is empty

# A number too wide for a float32 stands between these.
cdef bytes _wide_head, _wide_tail
_wide_head, _wide_tail = scalar_value("", 1e300).split(pack("<d", 1e300))
cdef size_t wide_head_size = len(_wide_head)
cdef size_t wide_tail_size = len(_wide_tail)
cdef const char *wide_head = _wide_head
cdef const char *wide_tail = _wide_tail


# bytes

cdef struct Scratch:
    # The encoded values of one call: on the stack while they are few.
    unsigned char *data
    size_t size
    size_t capacity
    unsigned char first[SCRATCH]


cdef inline void scratch_init(Scratch *scratch) noexcept:
    scratch.data = scratch.first
    scratch.size = 0
    scratch.capacity = SCRATCH


cdef inline void scratch_free(Scratch *scratch) noexcept:
    if scratch.data != scratch.first:
        free(scratch.data)


cdef int scratch_grow(Scratch *scratch, size_t needed) except -1:
    cdef size_t capacity = 2 * (scratch.size + needed)
    cdef unsigned char *data = <unsigned char *>malloc(capacity)
    if data == NULL:
        raise MemoryError
    memcpy(data, scratch.data, scratch.size)
    scratch_free(scratch)
    scratch.data = data
    scratch.capacity = capacity
    return 0


cdef inline unsigned char *put32(unsigned char *p, uint32_t number) noexcept nogil:
    cdef int i
    for i in range(4):
        p[i] = (number >> (8 * i)) & 0xFF
    return p + 4


cdef inline unsigned char *put64(unsigned char *p, uint64_t number) noexcept nogil:
    cdef int i
    for i in range(8):
        p[i] = (number >> (8 * i)) & 0xFF
    return p + 8


cdef inline unsigned char *put_double(unsigned char *p, double number) noexcept nogil:
    cdef uint64_t bits
    memcpy(&bits, &number, 8)
    return put64(p, bits)


cdef inline unsigned char *put_float(unsigned char *p, float number) noexcept nogil:
    cdef uint32_t bits
    memcpy(&bits, &number, 4)
    return put32(p, bits)


cdef inline unsigned char *put_varint(unsigned char *p, uint64_t number) noexcept nogil:
    while number > 0x7F:
        p[0] = (number & 0x7F) | 0x80
        p += 1
        number >>= 7
    p[0] = <unsigned char>number
    return p + 1


cdef inline size_t varint_size(uint64_t number) noexcept nogil:
    cdef size_t size = 1
    while number > 0x7F:
        size += 1
        number >>= 7
    return size


cdef int put_value(Scratch *scratch, bytes tag, double value) except -1:
    # Summary.value: what messages.scalar_value gives, with its key and length before it.
    cdef size_t tag_size = PyBytes_Size(tag)
    cdef float single = <float>value
    cdef bint fits = not ((isinf(single) and not isinf(value)) or (single == 0.0 and value != 0.0))
    cdef size_t size = tag_size + (5 if fits else wide_head_size + 8 + wide_tail_size)
    cdef unsigned char *p
    if scratch.size + size + 11 > scratch.capacity:
        scratch_grow(scratch, size + 11)
    p = scratch.data + scratch.size
    p[0] = 0x0A
    p = put_varint(p + 1, size)
    memcpy(p, PyBytes_AsString(tag), tag_size)
    p += tag_size
    if fits:
        p[0] = 0x15
        p = put_float(p + 1, single)
    else:
        memcpy(p, wide_head, wide_head_size)
        p = put_double(p + wide_head_size, value)
        memcpy(p, wide_tail, wide_tail_size)
        p += wide_tail_size
    scratch.size = p - scratch.data
    return 0


# numbers

cdef inline double known_number(object value, bint *known) noexcept:
    # The common types; anything else, and an int beyond a double, is left to number.as_double.
    cdef double number = 0.0
    known[0] = True
    if PyFloat_Check(value):
        return PyFloat_AsDouble(value)
    if PyLong_Check(value):
        number = PyLong_AsDouble(value)
    elif type(value) in _numpy_numbers:
        number = PyFloat_AsDouble(value)
    else:
        known[0] = False
    if number == -1.0 and PyErr_Occurred():
        PyErr_Clear()
        known[0] = False
    return number


cdef inline double to_number(object value, object name) except? -1.0:
    cdef bint known
    cdef double number = known_number(value, &known)
    return number if known else as_double(value, name)


cdef inline int64_t to_step(object step) except? -1:
    if step is None:
        return 0
    if PyLong_Check(step):
        return PyLong_AsLongLong(step)
    return PyLong_AsLongLong(as_int64(step, "step"))


cdef inline double to_wall_time(object wall_time) except? -1.0:
    cdef timespec now
    if wall_time is None:
        timespec_get(&now, TIME_UTC)
        return now.tv_sec + now.tv_nsec * 1e-9
    return to_number(wall_time, "wall_time")


# the buffer

cdef class _Level:
    # One level of nested keys: the encoded tags of its own keys, and the levels below.
    cdef dict tags
    cdef dict below
    cdef str prefix

    def __cinit__(self, str prefix):
        self.tags = {}
        self.below = {}
        self.prefix = prefix


cdef class EventBuffer:
    """See `headway.events.encode.PythonEventBuffer`, which says the same in Python."""

    cdef unsigned char *data
    cdef size_t used
    cdef size_t capacity
    cdef size_t _limit
    cdef size_t _records
    cdef object clean
    cdef dict tags
    cdef _Level top
    cdef size_t cached

    def __cinit__(self, size_t limit, clean=None):
        self.data = NULL
        self.used = self.capacity = self._records = self.cached = 0
        self._limit = limit
        self.clean = clean
        self.tags = {}
        self.top = _Level("")

    def __dealloc__(self):
        free(self.data)

    @property
    def limit(self):
        return self._limit

    @limit.setter
    def limit(self, size_t limit):
        self._limit = limit

    @property
    def size(self):
        return self.used

    @property
    def records(self):
        return self._records

    def add_scalar(self, tag, value, step=None, wall_time=None):
        cdef Scratch scratch
        cdef bytes field
        cdef int64_t at
        cdef double number, when
        cdef PyObject *found = PyDict_GetItemWithError(self.tags, tag)
        field = <bytes>found if found != NULL else self._new_tag(tag)
        number = to_number(value, tag)
        at = to_step(step)
        when = to_wall_time(wall_time)
        scratch_init(&scratch)
        try:
            put_value(&scratch, field, number)
            return self._append_summary(&scratch, at, when)
        finally:
            scratch_free(&scratch)

    def add_scalars(self, values, step=None, wall_time=None):
        cdef Scratch scratch
        cdef int64_t at
        cdef double when
        scratch_init(&scratch)
        try:
            self._put_level(&scratch, values, self.top, 0)
            at = to_step(step)
            when = to_wall_time(wall_time)
            return scratch.size == 0 or self._append_summary(&scratch, at, when)
        finally:
            scratch_free(&scratch)

    def append(self, bytes payload):
        cdef size_t size = PyBytes_Size(payload)
        cdef unsigned char *p = self._open_record(size)
        if p == NULL:
            return False
        memcpy(p, PyBytes_AsString(payload), size)
        self._close_record(size)
        return True

    def take(self):
        cdef bytes taken = PyBytes_FromStringAndSize(<char *>self.data, self.used)
        cdef size_t records = self._records
        self.used = self._records = 0
        if self.capacity > KEPT_CAPACITY:
            free(self.data)
            self.data = NULL
            self.capacity = 0
        return taken, records

    # records

    cdef bint _append_summary(self, Scratch *values, int64_t step, double wall_time) except -1:
        cdef uint64_t bits
        memcpy(&bits, &wall_time, 8)
        cdef size_t size = 1 + varint_size(values.size) + values.size
        if bits:
            size += 9
        if step:
            size += 1 + varint_size(<uint64_t>step)
        cdef unsigned char *p = self._open_record(size)
        if p == NULL:
            return False
        if bits:
            p[0] = 0x09
            p = put64(p + 1, bits)
        if step:
            p[0] = 0x10
            p = put_varint(p + 1, <uint64_t>step)
        p[0] = 0x2A
        p = put_varint(p + 1, values.size)
        memcpy(p, values.data, values.size)
        self._close_record(size)
        return True

    cdef unsigned char *_open_record(self, size_t size) except? NULL:
        # Write the header of a record of `size` bytes and return where they go; NULL: there is no room.
        cdef size_t needed = self.used + size + 16
        cdef size_t capacity
        cdef unsigned char *data
        if needed > self._limit and (self.used or not self._limit):
            return NULL
        if needed > self.capacity:
            capacity = max(needed + needed // 2, <size_t>65536)
            data = <unsigned char *>realloc(self.data, capacity)
            if data == NULL:
                raise MemoryError
            self.data = data
            self.capacity = capacity
        data = self.data + self.used
        put64(data, size)
        return put32(data + 8, crc32c_masked(data, 8))

    cdef void _close_record(self, size_t size) noexcept:
        cdef unsigned char *payload = self.data + self.used + 12
        put32(payload + size, crc32c_masked(payload, size))
        self.used += size + 16
        self._records += 1

    # tags

    cdef int _put_level(self, Scratch *scratch, object values, _Level level, int depth) except -1:
        cdef bint known
        cdef double number
        cdef PyObject *found
        cdef bytes field
        if depth > MAX_DEPTH:
            raise TypeError(f"values are nested deeper than {MAX_DEPTH} levels at {level.prefix!r}")
        if not is_mapping(values):
            raise TypeError(f"values must be a mapping of tags to numbers, not {type(values).__name__}")
        for key, value in (<dict>values).items() if type(values) is dict else values.items():
            number = known_number(value, &known)
            if not known:
                if is_mapping(value):
                    self._put_level(scratch, value, self._level_below(level, key), depth + 1)
                    continue
                number = as_double(value, _join(level.prefix, key))
            found = PyDict_GetItemWithError(level.tags, key)
            field = <bytes>found if found != NULL else self._new_key(level, key)
            put_value(scratch, field, number)
        return 0

    cdef bytes _new_tag(self, tag):
        if not isinstance(tag, str):
            raise TypeError(f"a tag must be a str, not {type(tag).__name__}")
        field = tag_field(tag if self.clean is None else self.clean(tag))
        self._count_cached(len(field))
        self.tags[tag] = field
        return field

    cdef bytes _new_key(self, _Level level, key):
        field = tag_field(_join(level.prefix, key))
        self._count_cached(len(field))
        level.tags[key] = field
        return field

    cdef _Level _level_below(self, _Level level, key):
        cdef PyObject *found = PyDict_GetItemWithError(level.below, key)
        if found != NULL:
            return <_Level>found
        cdef _Level below = _Level(_join(level.prefix, key) + "/")
        self._count_cached(len(below.prefix))
        level.below[key] = below
        return below

    cdef int _count_cached(self, size_t size) except -1:
        # Tags that never come again must not fill the memory.
        self.cached += size + CACHE_ENTRY
        if self.cached > CACHE_BYTES:
            self.cached = 0
            self.tags = {}
            self.top = _Level("")
        return 0


cdef inline bint is_mapping(object values) except -1:
    return type(values) is dict or isinstance(values, Mapping)


cdef str _join(str prefix, key):
    if not isinstance(key, str) or not key:
        raise TypeError(f"a key must be a str that is not empty, not {key!r} (below {prefix!r})")
    return prefix + key
