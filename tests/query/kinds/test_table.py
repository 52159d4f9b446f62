from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import headway
from headway.events.messages import headway_field
from headway.query.kinds import Column, Picture, Table, Text, decode, plain
from query.kinds.samples import value

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"])),
)


def read(content: bytes) -> Table:
    found = decode("text", content)
    assert isinstance(found, Table)
    return found


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)))
def test_every_cell_comes_back(rows: list[list[Any]]) -> None:
    names = [f"column {number}" for number in range(len(rows[0]))]
    found = read(headway.Table(names, rows).encode("t")[0])
    assert [column.name for column in found.columns] == names
    for row, expected in zip(found.rows, rows, strict=True):
        for cell, wanted in zip(row, expected, strict=True):
            assert type(cell) is type(wanted)
            assert cell == wanted or (cell != cell and wanted != wanted)  # NaN


def test_types_and_pictures() -> None:
    pixels = np.zeros((2, 2, 3), np.uint8)
    table = headway.Table(["words", "numbers", "pictures", "anything"])
    table.add_row("a", 1, headway.Image(pixels), "x")
    table.add_row("", None, None, 2.5)
    table.add_row(None, float("inf"), headway.Image(pixels), True)
    found = read(table.encode("t")[0])
    assert found.columns == (
        Column("words", "text"),
        Column("numbers", "number"),
        Column("pictures", "image"),
        Column("anything", "mixed"),
    )
    assert found.rows == (("a", 1, Picture(0), "x"), ("", None, None, 2.5), (None, math.inf, Picture(1), True))
    assert plain(found)["rows"] == [
        ["a", 1, {"image": 0}, "x"],
        ["", None, None, 2.5],
        [None, "Infinity", {"image": 1}, True],
    ]


def test_a_table_without_rows() -> None:
    assert read(headway.Table(["a"]).encode("t")[0]) == Table((Column("a", "text"),), ())


def test_a_cell_that_is_not_what_it_should_be_stays_a_text() -> None:
    texts = np.array([[b"n", b"b", b"i"], [b"x", b"maybe", b"image one"], [b"9" * 5000, b"True", b"image 4"]], object)
    told = [{"name": "", "type": kind} for kind in ("number", "bool", "image")]
    found = read(value("text", texts) + headway_field({"kind": "table", "columns": told}))
    assert found.rows == (("x", "maybe", "image one"), ("9" * 5000, True, Picture(4)))


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "table"},
        {"kind": "table", "columns": "ab"},
        {"kind": "table", "columns": [{"type": "text"}]},
        {"kind": "table", "columns": [{"type": "text"}, {"type": "odd"}]},
        {"kind": "table", "columns": [{"type": "text"}, {"type": "mixed", "cells": "tt"}]},
        {"kind": "table", "columns": [{"type": "text"}, 5]},
    ],
)
def test_what_is_told_of_another_table_leaves_a_text(told: Any) -> None:
    texts = np.array([[b"a", b"b"], [b"1", b"2"]], object)
    found = decode("text", value("text", texts) + headway_field(told))
    assert isinstance(found, Text)
    assert found.strings.tolist() == [["a", "b"], ["1", "2"]]


def test_numbers_of_more_than_64_bits_are_texts_in_json() -> None:
    found = read(headway.Table(["n"], [[2**70], [-5]]).encode("t")[0])
    assert found.rows == ((2**70,), (-5,))
    assert plain(found)["rows"] == [[str(2**70)], [-5]]
