from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.events.wire import FIXED32, FIXED64, VARINT, double_field, key, message, number_field, varint
from headway.query.kinds.message import Message, doubles, each, filled, integers, singles
from headway.query.kinds.packed import unpacked

INT64 = st.integers(-(1 << 63), (1 << 63) - 1)


def test_what_is_not_there_is_nothing() -> None:
    empty = Message(b"")
    assert (empty.text(1), bytes(empty.data(1)), empty.integer(1), empty.number(1)) == ("", b"", 0, 0.0)
    assert (empty.has(1), empty.which(1, 2), empty.message(1).text(1)) == (False, None, "")


def test_the_last_value_of_a_field_counts_and_other_types_are_passed_over() -> None:
    found = Message(number_field(1, -5) + number_field(1, 7) + message(1, b"x") + double_field(2, 0.5))
    assert (found.integer(1), found.text(1), found.number(2), found.text(2)) == (7, "x", 0.5, "")
    assert Message(key(1, FIXED32) + np.float32(1.5).tobytes()).number(1) == 1.5
    assert Message(key(3, VARINT) + b"\0" + message(2, b"")).which(2, 3, 4) == 2


def test_other_fields_take_no_memory() -> None:
    hostile = b"".join(number_field(number, 1) for number in range(1001, 9000))
    assert not Message(hostile)._found


@given(st.lists(INT64), st.integers(0, 5))
def test_integers_packed_or_not(numbers: list[int], cut: int) -> None:
    packed = message(4, b"".join(map(varint, numbers[:cut])))
    single = b"".join(key(4, VARINT) + varint(number) for number in numbers[cut:])
    assert integers(packed + message(3, b"x") + single, 4).tolist() == numbers


@given(st.lists(st.floats(allow_nan=False)), st.integers(0, 5))
def test_doubles_packed_or_not(numbers: list[float], cut: int) -> None:
    packed = message(4, np.array(numbers[:cut], "<f8").tobytes())
    single = b"".join(key(4, FIXED64) + np.float64(number).tobytes() for number in numbers[cut:])
    assert doubles(packed + single, 4).tolist() == numbers


def test_numbers_that_end_within_one_are_refused() -> None:
    with pytest.raises(ValueError, match="field 4 ends within a number"):
        singles(message(4, b"12345"), 4)


@pytest.mark.parametrize("packed", [b"\x80", b"\x01\xff", b"\xff" * 10 + b"\x01", b"\xff" * 100_000 + b"\x01"])
def test_packed_integers_that_are_none_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="a packed varint is"):
        unpacked(packed)


def test_long_packed_integers_are_cut_to_64_bits() -> None:
    assert unpacked(b"\xff" * 9 + b"\x7f").tolist() == [(1 << 64) - 1]


def test_repeated_messages() -> None:
    encoded = message(1, b"a") + message(2, b"b") + message(1, b"") + number_field(1, 3)
    assert [bytes(value) for value in each(encoded, 1)] == [b"a", b""]
    assert [bytes(value) for value in filled(encoded, 1)] == [b"a"]
