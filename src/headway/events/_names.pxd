# cython: language_level=3
"""Tables of the names that a decoder has met: tags, and the kinds of what they hold."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcmp, memcpy, memset

from headway.events._wire cimport Bytes

cdef extern from "crc32c.h" nogil:
    uint32_t crc32c(const uint8_t* p, size_t n)

cdef enum:
    NO_MEMORY = -2

cdef struct Tag:
    uint8_t* name
    uint32_t length
    uint32_t hash
    int32_t plugin      # kind number, -1 while unknown
    int32_t successor   # the tag that followed last time: a good guess for the next
    int64_t rows        # in the current call

cdef struct Tags:
    Tag* items
    Py_ssize_t count
    Py_ssize_t room
    int32_t* slots      # open addressing: a tag's number, -1 where free
    uint32_t slot_mask
    int32_t last        # the tag that was met last, -1 at first

cdef struct Name:
    uint8_t* text
    uint32_t length

cdef struct Names:
    Name* items
    Py_ssize_t count


cdef inline bint begin_tags(Tags* tags) noexcept nogil:
    """An empty table; False when memory is out."""
    tags.slot_mask = 255
    tags.last = -1
    tags.slots = <int32_t*>malloc((tags.slot_mask + 1) * sizeof(int32_t))
    if tags.slots == NULL:
        return False
    memset(tags.slots, 0xFF, (tags.slot_mask + 1) * sizeof(int32_t))
    return True


cdef inline void free_tags(Tags* tags) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(tags.count):
        free(tags.items[i].name)
    free(tags.items)
    free(tags.slots)


cdef inline void free_names(Names* names) noexcept nogil:
    cdef Py_ssize_t i
    for i in range(names.count):
        free(names.items[i].text)
    free(names.items)


cdef inline int32_t new_tag(Tags* tags, Bytes name, uint32_t length, uint32_t hash, uint32_t slot) noexcept nogil:
    cdef Tag* tag
    cdef void* bigger
    cdef Py_ssize_t room, i
    cdef int32_t* slots
    cdef uint32_t mask, s
    if tags.count == tags.room:
        room = tags.room * 2 if tags.room else 64
        bigger = realloc(tags.items, room * sizeof(Tag))
        if bigger == NULL:
            return NO_MEMORY
        tags.items = <Tag*>bigger
        tags.room = room
    tag = &tags.items[tags.count]
    tag.name = <uint8_t*>malloc(length + 1)
    if tag.name == NULL:
        return NO_MEMORY
    memcpy(tag.name, name, length)
    tag.length = length
    tag.hash = hash
    tag.plugin = -1
    tag.successor = -1
    tag.rows = 0
    tags.slots[slot] = <int32_t>tags.count
    tags.count += 1
    if tags.count * 2 > tags.slot_mask:
        mask = tags.slot_mask * 2 + 1
        slots = <int32_t*>malloc((<size_t>mask + 1) * sizeof(int32_t))
        if slots == NULL:
            return NO_MEMORY
        memset(slots, 0xFF, (<size_t>mask + 1) * sizeof(int32_t))
        for i in range(tags.count):
            s = tags.items[i].hash & mask
            while slots[s] >= 0:
                s = (s + 1) & mask
            slots[s] = <int32_t>i
        free(tags.slots)
        tags.slots = slots
        tags.slot_mask = mask
    return <int32_t>(tags.count - 1)


cdef inline int32_t tag_number(Tags* tags, Bytes name, uint32_t length) noexcept nogil:
    """The tag's number, a new one if need be. Tags come round in the same order: try last time's successor."""
    cdef int32_t guess
    cdef uint32_t hash, slot
    if tags.last >= 0:
        guess = tags.items[tags.last].successor
        if guess >= 0 and tags.items[guess].length == length and memcmp(tags.items[guess].name, name, length) == 0:
            tags.last = guess
            return guess
    hash = crc32c(name, length)
    slot = hash & tags.slot_mask
    while tags.slots[slot] >= 0:
        guess = tags.slots[slot]
        if (tags.items[guess].hash == hash and tags.items[guess].length == length
                and memcmp(tags.items[guess].name, name, length) == 0):
            break
        slot = (slot + 1) & tags.slot_mask
    else:
        guess = new_tag(tags, name, length, hash, slot)
        if guess < 0:
            return guess
    if tags.last >= 0:
        tags.items[tags.last].successor = guess
    tags.last = guess
    return guess


cdef inline int32_t kind_number(Names* kinds, Bytes text, uint32_t length) noexcept nogil:
    cdef Py_ssize_t i
    cdef Name* bigger
    for i in range(kinds.count):
        if kinds.items[i].length == length and memcmp(kinds.items[i].text, text, length) == 0:
            return <int32_t>i
    bigger = <Name*>realloc(kinds.items, (kinds.count + 1) * sizeof(Name))
    if bigger == NULL:
        return NO_MEMORY
    kinds.items = bigger
    bigger[kinds.count].text = <uint8_t*>malloc(length + 1)
    if bigger[kinds.count].text == NULL:
        return NO_MEMORY
    memcpy(bigger[kinds.count].text, text, length)
    bigger[kinds.count].length = length
    kinds.count += 1
    return <int32_t>(kinds.count - 1)
