# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Points out of DuckDB, by the Arrow C stream: https://arrow.apache.org/docs/format/CStreamInterface.html

`headway.store.reader` does the same with numpy. Here the interpreter is let go of while DuckDB reads and while columns are
widened, so that charts are read side by side.
"""

from cpython.pycapsule cimport PyCapsule_GetPointer
from libc.stdint cimport int64_t, uint8_t
from libc.string cimport memcpy

import numpy as np

import duckdb

cdef struct ArrowArray:
    int64_t length
    int64_t null_count
    int64_t offset
    int64_t n_buffers
    int64_t n_children
    const void** buffers
    ArrowArray** children
    ArrowArray* dictionary
    void (*release)(ArrowArray*) noexcept
    void* private_data

cdef struct ArrowArrayStream:
    int (*get_schema)(ArrowArrayStream*, void*) noexcept nogil
    int (*get_next)(ArrowArrayStream*, ArrowArray*) noexcept nogil
    const char* (*get_last_error)(ArrowArrayStream*) noexcept nogil
    void (*release)(ArrowArrayStream*) noexcept
    void* private_data


def points_into(capsule, int64_t[::1] steps, double[::1] wall_times, double[::1] values, double ticks):
    """Fill the columns from a stream of (int64 step, int64 ticks, float32 value), `ticks` to a second; how many rows.

    Rows beyond the columns' length are counted and not written.
    """
    cdef ArrowArrayStream* stream = <ArrowArrayStream*>PyCapsule_GetPointer(capsule, "arrow_array_stream")
    cdef ArrowArray batch
    cdef int64_t room = steps.shape[0], at = 0, n, i
    cdef const int64_t* step
    cdef const int64_t* tick
    cdef const float* value
    cdef int status
    while True:
        batch.release = NULL
        with nogil:
            status = stream.get_next(stream, &batch)
        if status != 0:
            raise _error(stream)
        if batch.release == NULL:
            return at
        n = batch.length
        if at + n <= room and batch.n_children == 3:
            step = <const int64_t*>batch.children[0].buffers[1] + batch.children[0].offset + batch.offset
            tick = <const int64_t*>batch.children[1].buffers[1] + batch.children[1].offset + batch.offset
            value = <const float*>batch.children[2].buffers[1] + batch.children[2].offset + batch.offset
            with nogil:
                if n:
                    memcpy(&steps[at], step, n * sizeof(int64_t))
                for i in range(n):
                    wall_times[at + i] = <double>tick[i] / ticks
                for i in range(n):
                    values[at + i] = <double>value[i]
        batch.release(&batch)
        at += n


cdef object _error(ArrowArrayStream* stream):
    cdef const char* text = stream.get_last_error(stream)
    message = text.decode("utf-8", "replace") if text != NULL else "no reason given"
    return duckdb.InterruptException(message) if "nterrupt" in message else duckdb.Error(message)
