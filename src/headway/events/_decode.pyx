# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""Event files to columns, compiled. `headway.events.decode` is the same in plain Python, and says what it means."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy

from headway.events._names cimport (
    NO_MEMORY, Names, Tags, begin_tags, free_names, free_tags, kind_number, tag_number
)
from headway.events._tensors cimport scalar_tensor
from headway.events._wire cimport MALFORMED, OK, Bytes, Field, as_double, as_float, next_field, u32, u64

import numpy as np

from headway.events.framing import LONGEST as LONGEST_PAYLOAD, PATIENCE
from headway.events.kinds import KINDS
from headway.events.scan import Blob, Scan, Tail

cdef extern from "crc32c.h" nogil:
    void crc32c_init()
    uint32_t crc32c_masked(const uint8_t* p, size_t n)

crc32c_init()

cdef struct Row:
    int64_t step
    double wall_time
    double value
    int32_t tag

cdef struct Other:
    int64_t step
    double wall_time
    uint64_t offset
    uint64_t length
    int32_t tag
    int32_t kind

cdef struct Span:
    uint64_t offset
    uint64_t length

cdef struct Array:
    void* items
    Py_ssize_t count
    Py_ssize_t room

cdef enum:
    NO_PLUGIN = -3
    SESSION = 1

cdef uint64_t LONGEST = LONGEST_PAYLOAD
cdef uint8_t NOTHING = 0  # the address of an empty name

cdef int32_t SCALARS = KINDS.index("scalars")
cdef int32_t IMAGES = KINDS.index("images")
cdef int32_t HISTOGRAMS = KINDS.index("histograms")
cdef int32_t AUDIO = KINDS.index("audio")
cdef int32_t TENSOR = KINDS.index("tensor")
cdef int32_t OLD_HISTOGRAM = KINDS.index("old_histogram")
cdef int32_t GRAPH_DEF = KINDS.index("graph_def")
cdef int32_t LOG_MESSAGE = KINDS.index("log_message")
cdef int32_t RUN_METADATA = KINDS.index("tagged_run_metadata")
cdef int32_t META_GRAPH = KINDS.index("meta_graph_def")


cdef inline void* grow(Array* a, size_t size) noexcept nogil:
    """Room for one more item; NULL when memory is out."""
    cdef void* bigger
    cdef Py_ssize_t room
    if a.count == a.room:
        room = a.room * 2 if a.room else 64
        bigger = realloc(a.items, room * size)
        if bigger == NULL:
            return NULL
        a.items = bigger
        a.room = room
    a.count += 1
    return <void*>(<uint8_t*>a.items + (a.count - 1) * size)


cdef class Decoder:
    """Reads the event files of one writer; it remembers each tag's plugin from one call to the next.

    `plugins`: what an earlier decoder had learned (tag → plugin name), to go on in the middle of a file.
    """

    cdef Tags tags
    cdef Names kinds
    cdef Array rows, others, damage
    cdef readonly list tag_names
    cdef readonly list kind_names

    def __cinit__(self):
        if not begin_tags(&self.tags):
            raise MemoryError

    def __init__(self, plugins=None):
        self.tag_names = []
        self.kind_names = []
        for kind in KINDS:
            self._kind_of(kind)
        for tag, plugin in (plugins or {}).items():
            text = tag.encode("utf-8", "surrogatepass")
            self.tags.items[self._tag_of(text)].plugin = self._kind_of(plugin)
        self._name_new_tags()

    def __dealloc__(self):
        free_tags(&self.tags)
        free_names(&self.kinds)
        free(self.rows.items)
        free(self.others.items)
        free(self.damage.items)

    cdef int32_t _kind_of(self, str kind) except -1:
        cdef bytes text = kind.encode("utf-8", "surrogatepass")
        cdef int32_t number = kind_number(&self.kinds, <Bytes><char*>text, <uint32_t>len(text))
        if number < 0:
            raise MemoryError
        self._name_new_kinds()
        return number

    cdef int32_t _tag_of(self, bytes text) except -1:
        cdef int32_t tag = tag_number(&self.tags, <Bytes><char*>text, <uint32_t>len(text))
        if tag < 0:
            raise MemoryError
        return tag

    def _name_new_tags(self):
        cdef Py_ssize_t i
        for i in range(len(self.tag_names), self.tags.count):
            self.tag_names.append((<char*>self.tags.items[i].name)[:self.tags.items[i].length].decode("utf-8", "replace"))

    def _name_new_kinds(self):
        cdef Py_ssize_t i
        for i in range(len(self.kind_names), self.kinds.count):
            self.kind_names.append((<char*>self.kinds.items[i].text)[:self.kinds.items[i].length].decode("utf-8", "replace"))

    cdef int add_other(self, int32_t tag, int32_t kind, int64_t step, double wall_time,
                       uint64_t offset, uint64_t length) noexcept nogil:
        cdef Other* other = <Other*>grow(&self.others, sizeof(Other))
        if other == NULL:
            return NO_MEMORY
        other.tag, other.kind, other.step, other.wall_time = tag, kind, step, wall_time
        other.offset, other.length = offset, length
        return OK

    cdef int32_t plugin_in(self, Bytes p, Bytes end) noexcept nogil:
        """SummaryMetadata → the kind it names, or NO_PLUGIN."""
        cdef Field f
        cdef Bytes q
        cdef Bytes stop
        while p < end:
            p = next_field(p, end, &f)
            if p == NULL:
                return MALFORMED
            if f.number == 1 and f.wire == 2:
                q = f.data
                stop = q + f.value
                while q < stop:
                    q = next_field(q, stop, &f)
                    if q == NULL:
                        return MALFORMED
                    if f.number == 1 and f.wire == 2 and f.value:
                        return kind_number(&self.kinds, f.data, <uint32_t>f.value)
        return NO_PLUGIN

    cdef int add_value(self, Bytes base, uint64_t origin, Bytes p, Bytes end,
                       int64_t step, double wall_time) noexcept nogil:
        """One Summary.Value."""
        cdef Bytes begin = p
        cdef Bytes name = &NOTHING
        cdef Bytes tensor = NULL
        cdef Bytes metadata = NULL
        cdef uint64_t name_length = 0, tensor_length = 0, metadata_length = 0
        cdef Field f
        cdef bint has_simple = False
        cdef double value = 0
        cdef int32_t tag, plugin, kind = -1
        cdef int found
        cdef Row* row
        while p < end:
            p = next_field(p, end, &f)
            if p == NULL:
                return MALFORMED
            if f.number == 1 and f.wire == 2:
                name, name_length = f.data, f.value
            elif f.number == 2 and f.wire == 5:
                has_simple = True
                value = as_float(<uint32_t>f.value)
            elif f.wire == 2:
                if f.number == 8:
                    tensor, tensor_length = f.data, f.value
                elif f.number == 9:
                    metadata, metadata_length = f.data, f.value
                elif f.number == 3:
                    kind = OLD_HISTOGRAM
                elif f.number == 4:
                    kind = IMAGES
                elif f.number == 5:
                    kind = HISTOGRAMS
                elif f.number == 6:
                    kind = AUDIO
        tag = tag_number(&self.tags, name, <uint32_t>name_length)
        if tag < 0:
            return NO_MEMORY
        if metadata != NULL and self.tags.items[tag].plugin < 0:
            plugin = self.plugin_in(metadata, metadata + metadata_length)
            if plugin == NO_MEMORY or plugin == MALFORMED:
                return plugin
            self.tags.items[tag].plugin = -1 if plugin == NO_PLUGIN else plugin
        if tensor != NULL and not has_simple and kind < 0:
            kind = self.tags.items[tag].plugin
            if kind < 0:
                kind = TENSOR
            elif kind == SCALARS:
                found = scalar_tensor(tensor, tensor + tensor_length, &value)
                if found == MALFORMED:
                    return MALFORMED
                has_simple = found == 1
                kind = TENSOR
        if has_simple:
            row = <Row*>grow(&self.rows, sizeof(Row))
            if row == NULL:
                return NO_MEMORY
            row.step, row.wall_time, row.value, row.tag = step, wall_time, value, tag
            self.tags.items[tag].rows += 1
            return OK
        if kind < 0:
            kind = self.tags.items[tag].plugin
            if kind < 0:  # metadata alone: nothing to show, still nothing lost
                kind = TENSOR
        return self.add_other(tag, kind, step, wall_time, origin + <uint64_t>(begin - base), <uint64_t>(end - begin))

    cdef int add_summary(self, Bytes base, uint64_t origin, Bytes p, Bytes end,
                         int64_t step, double wall_time) noexcept nogil:
        cdef Field f
        cdef int status
        while p < end:
            p = next_field(p, end, &f)
            if p == NULL:
                return MALFORMED
            if f.number == 1 and f.wire == 2:
                status = self.add_value(base, origin, f.data, f.data + f.value, step, wall_time)
                if status != OK:
                    return status
        return OK

    cdef int add_event(self, Bytes base, uint64_t origin, Bytes payload, Bytes end, int64_t* session) noexcept nogil:
        """One Event; SESSION when it starts one, whose step is then in `session`. `base[0]` lies at `origin`."""
        cdef Field f
        cdef Field g
        cdef Bytes p = payload
        cdef Bytes q
        cdef Bytes stop
        cdef Bytes summary = NULL
        cdef uint64_t summary_length = 0
        cdef int64_t step = 0
        cdef double wall_time = 0
        cdef bint starts = False, more = False
        cdef int32_t kind
        cdef int status
        while p < end:
            p = next_field(p, end, &f)
            if p == NULL:
                return MALFORMED
            if f.number == 1 and f.wire == 1:
                wall_time = as_double(f.value)
            elif f.number == 2 and f.wire == 0:
                step = <int64_t>f.value
            elif f.number == 5 and f.wire == 2:
                more = summary != NULL
                summary, summary_length = f.data, f.value
            elif f.number == 7 and f.wire == 2:
                q = f.data
                stop = q + f.value
                while q < stop:
                    q = next_field(q, stop, &g)
                    if q == NULL:
                        return MALFORMED
                    if g.number == 1 and g.wire == 0:
                        starts = g.value == 1
            elif f.wire == 2 and f.number in (4, 6, 8, 9):
                more = True
        if summary != NULL and not more:
            status = self.add_summary(base, origin, summary, summary + summary_length, step, wall_time)
            if status != OK:
                return status
        elif more:  # rare: a graph, run metadata, or a summary in several pieces
            p = payload
            while p < end:
                p = next_field(p, end, &f)
                status = OK
                if f.wire == 2 and f.number == 5:
                    status = self.add_summary(base, origin, f.data, f.data + f.value, step, wall_time)
                elif f.wire == 2 and f.number in (4, 6, 8, 9):
                    kind = (GRAPH_DEF if f.number == 4 else LOG_MESSAGE if f.number == 6
                            else RUN_METADATA if f.number == 8 else META_GRAPH)
                    status = tag_number(&self.tags, &NOTHING, 0)
                    if status >= 0:
                        status = self.add_other(status, kind, step, wall_time, origin + <uint64_t>(f.data - base), f.value)
                if status < 0:
                    return status
        if starts:
            session[0] = step
            return SESSION
        return OK

    cdef inline bint good_header(self, Bytes data, uint64_t at) noexcept nogil:
        return u64(data + at) < LONGEST and crc32c_masked(data + at, 8) == u32(data + at + 8)

    cdef inline bint good_payload(self, Bytes data, uint64_t at) noexcept nogil:
        return crc32c_masked(data + at + 12, u64(data + at)) == u32(data + at + 12 + u64(data + at))

    cdef uint64_t resync(self, Bytes data, uint64_t at, uint64_t n, bint whole, bint* header_alone,
                         uint64_t* patience) noexcept nogil:
        """The next good frame after `at` or, unless it has to be whole, a header whose payload has not come; else n."""
        cdef uint64_t q = at + 1, z
        header_alone[0] = False
        while q + 12 <= n:
            if u64(data + q) == 0:  # zeros, perhaps by the gigabyte: a length's first byte may be among the last 7
                z = q + 8
                while z < n and data[z] == 0:
                    z += 1
                q = max(q + 1, z - 7)
                continue
            if self.good_header(data, q):
                if u64(data + q) + 16 > n - q:
                    if not whole:
                        header_alone[0] = True
                        return q
                elif self.good_payload(data, q):
                    return q
                elif u64(data + q) >= patience[0]:
                    return n
                else:
                    patience[0] -= u64(data + q)
            q += 1
        return n

    def decode(self, const uint8_t[::1] buffer, uint64_t origin=0, bint at_end=True):
        """Decode the frames of `buffer`, which lies at `origin` of its file. See `headway.events.decode`."""
        cdef uint64_t n = buffer.shape[0], at = 0, committed = 0, length, found, needed = 0
        cdef uint64_t patience = n * <uint64_t>PATIENCE
        cdef Bytes data = &buffer[0] if n else NULL
        cdef Py_ssize_t i, rows_before, others_before, firm_damage = 0, records = 0
        cdef int status = OK
        cdef int64_t session = 0
        cdef bint header_alone = False, damaged_tail = False
        cdef Span* span
        self.rows.count = self.others.count = self.damage.count = 0
        for i in range(self.tags.count):
            self.tags.items[i].rows = 0
        with nogil:
            while n - at >= 12:
                length = u64(data + at)
                found = 0
                if not self.good_header(data, at):
                    found = self.resync(data, at, n, False, &header_alone, &patience)
                elif length + 16 > n - at:
                    # Torn, when a whole frame comes before its claimed end: another writer went on there.
                    found = self.resync(data, at, n, True, &header_alone, &patience) if at_end else n
                    if found == n:
                        needed = length + 16
                        break
                elif not self.good_payload(data, at):
                    found = self.resync(data, at, n, False, &header_alone, &patience)
                if found:
                    if found == n and not at_end and n - at > 11:
                        found = n - 11  # the next header may have begun
                        header_alone = True
                    span = <Span*>grow(&self.damage, sizeof(Span))
                    if span == NULL:
                        status = NO_MEMORY
                        break
                    span.offset, span.length = at, found - at
                    if found == n:
                        damaged_tail = True
                        at = n
                        break
                    at = found
                    if header_alone and not at_end:
                        committed = at
                        firm_damage = self.damage.count
                    if header_alone:
                        if n - at >= 12 and self.good_header(data, at):
                            needed = u64(data + at) + 16
                        break
                    continue
                rows_before, others_before = self.rows.count, self.others.count
                status = self.add_event(data, origin, data + at + 12, data + at + 12 + length, &session)
                if status == NO_MEMORY:
                    break
                if status == MALFORMED:
                    while self.rows.count > rows_before:
                        self.rows.count -= 1
                        self.tags.items[(<Row*>self.rows.items)[self.rows.count].tag].rows -= 1
                    self.others.count = others_before
                    span = <Span*>grow(&self.damage, sizeof(Span))
                    if span == NULL:
                        status = NO_MEMORY
                        break
                    span.offset, span.length = at, length + 16
                    at += length + 16
                    if not at_end:
                        committed = at
                        firm_damage = self.damage.count
                    damaged_tail = True
                    status = OK
                    continue
                at += length + 16
                committed = at
                firm_damage = self.damage.count
                damaged_tail = False
                records += 1
                if status == SESSION:
                    break
        if status == NO_MEMORY:
            raise MemoryError
        self._name_new_tags()
        self._name_new_kinds()
        tail = None
        if committed < n and status != SESSION:
            tail = Tail("damaged" if damaged_tail or self.damage.count > firm_damage else "incomplete",
                        n - committed, needed)
        return self._scan(origin, committed, firm_damage, records, session if status == SESSION else None, tail)

    cdef object _scan(self, uint64_t origin, uint64_t committed, Py_ssize_t firm_damage, Py_ssize_t records,
                      object session, object tail):
        """Rows, grouped by tag with each tag's order kept (a counting sort), and the rest as Python objects."""
        cdef Py_ssize_t i, k, total = self.rows.count
        cdef Row* rows = <Row*>self.rows.items
        cdef Other* others = <Other*>self.others.items
        cdef Span* spans = <Span*>self.damage.items
        present = [i for i in range(self.tags.count) if self.tags.items[i].rows]
        tags = np.array(present, dtype=np.int32)
        bounds = np.zeros(len(present) + 1, dtype=np.int64)
        steps = np.empty(total, dtype=np.int64)
        wall_times = np.empty(total, dtype=np.float64)
        values = np.empty(total, dtype=np.float64)
        cdef int64_t[::1] b = bounds
        cdef int64_t[::1] s
        cdef double[::1] w
        cdef double[::1] v
        k = 0
        for i in present:
            b[k + 1] = b[k] + self.tags.items[i].rows
            self.tags.items[i].rows = b[k]  # from here on: where the tag's next row goes
            k += 1
        if total:
            s, w, v = steps, wall_times, values
            with nogil:
                for i in range(total):
                    k = self.tags.items[rows[i].tag].rows
                    self.tags.items[rows[i].tag].rows = k + 1
                    s[k] = rows[i].step
                    w[k] = rows[i].wall_time
                    v[k] = rows[i].value
        blobs = [
            Blob(others[i].tag, others[i].kind, others[i].step, others[i].wall_time, others[i].offset, others[i].length)
            for i in range(self.others.count)
        ]
        if tail is None or total == 0:  # the end, most likely: a decoder that rests holds no scratch space
            free(self.rows.items)
            self.rows.items = NULL
            self.rows.room = 0
        skipped = [(origin + spans[i].offset, spans[i].length) for i in range(firm_damage)]
        return Scan(tags, bounds, steps, wall_times, values, blobs, skipped, records, committed, session, tail)
