from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.util.tensor_util import make_ndarray

from headway.events.messages import HEADWAY_FIELD
from headway.events.wire import fields
from headway.record.table import Table
from headway.record.values import Image
from record.judge import judged
from record.kinds.shown import event_file, html, parsed, pixels, tensors

PIXELS = np.random.default_rng(1).integers(0, 256, (3, 4, 5, 3), np.uint8)


def told(value: bytes) -> Any:
    """What headway's readers are told beside TensorBoard's form, if anything."""
    for number, _, content in fields(value):
        if number == HEADWAY_FIELD and not isinstance(content, int):
            return json.loads(bytes(content))
    return None


def restored(tag: str, values: list[bytes]) -> tuple[list[str], list[list[Any]]]:
    """Columns and rows out of encoded values; a picture is its file and its caption."""
    table, *others = values
    pictures = {parsed(value).tag: (make_ndarray(parsed(value).tensor)[2:], told(value)) for value in others}
    strings = [[text.decode() for text in row] for row in make_ndarray(parsed(table).tensor)]
    columns = []
    for place, column in enumerate(told(table)["columns"]):
        texts = [row[place] for row in strings[1:]]
        name, kind = column["name"], column["type"]
        letters = column.get("cells", [kind[0] if text or kind == "text" else "-" for text in texts])
        files, captions = pictures.get(f"{tag}/{name}", ([], None))
        columns.append(
            [_restored(letter, text, files, captions) for letter, text in zip(letters, texts, strict=True)]
        )
    return strings[0], [list(row) for row in zip(*columns, strict=True)]


def _restored(letter: str, text: str, files: Any, captions: Any) -> Any:
    match letter:
        case "t":
            return text
        case "n":
            return int(text) if text.lstrip("-").isdigit() else float(text)
        case "b":
            return text == "True"
        case "i":
            number = int(text.removeprefix("image "))
            return files[number], captions["captions"][number] if captions else ""
    assert (letter, text) == ("-", "")
    return None


def expected(cell: Any) -> Any:
    return (cell.file().data, cell.caption) if isinstance(cell, Image) else cell


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
IMAGES = st.builds(lambda index, caption: Image(PIXELS[index], caption=caption), st.integers(0, 2), TEXT)
PLAIN = [st.none(), TEXT, st.integers(), st.floats(), st.booleans(), IMAGES]
WITH_NOTHING = [st.none() | cells for cells in PLAIN[1:]]
COLUMNS = st.lists(st.sampled_from([*PLAIN, *WITH_NOTHING, st.one_of(*PLAIN)]), min_size=1, max_size=5)


@given(st.data(), COLUMNS, st.integers(0, 5))
def test_every_cell_can_be_restored(data: Any, cells: list[Any], height: int) -> None:
    names = data.draw(st.lists(TEXT, min_size=len(cells), max_size=len(cells), unique=True))
    rows = [[data.draw(cell) for cell in cells] for _ in range(height)]
    columns, read = restored("t", Table(names, rows).encode("t"))
    assert columns == names
    assert repr(read) == repr([[expected(cell) for cell in row] for row in rows])  # 1 is not True, NaN is NaN


def table() -> Table:
    table = Table(["prompt", "answer", "score", "good", "picture"])
    table.add_row("What is | 2+2?", "**4**", 0.1, True, Image(PIXELS[0], caption="four"))
    table.add_row("<script>x()</script>", "", float("nan"), None, None)
    table.add_row("long " * 1000, None, 3, False, Image(PIXELS[1, :3]))
    return table


@pytest.mark.parametrize("fast", [False, True])
def test_what_tensorboard_shows(tmp_path: Path, fast: bool) -> None:
    event_file(tmp_path, table().encode("samples"), step=7)
    verdict = judged(tmp_path, fast=fast)
    assert verdict.complaints == []
    [text] = verdict.of("text", "samples")
    assert text.step == 7
    assert text.value.shape == (4, 5)
    drawn = html(text.value)
    assert drawn.count("<tr>") == 4
    assert drawn.count("<td>") == 20
    for part in ("<p>prompt</p>", "<p>What is | 2+2?</p>", "<strong>4</strong>", "<p>0.1</p>", "<p>image 1</p>"):
        assert part in drawn
    assert "<script>" not in drawn
    assert text.value[3, 0].decode() == "long " * 1000
    [pictures] = verdict.of("images", "samples/picture")
    width, height, first, second = pictures.value
    assert (int(width), int(height)) == (5, 4)
    assert (pixels(first) == PIXELS[0]).all()
    assert (pixels(second) == PIXELS[1, :3]).all()


def test_what_readers_are_told() -> None:
    values = table().encode("samples")
    assert told(values[0]) == {
        "kind": "table",
        "columns": [
            {"name": "prompt", "type": "text"},
            {"name": "answer", "type": "text", "cells": "tt-"},
            {"name": "score", "type": "number"},
            {"name": "good", "type": "bool"},
            {"name": "picture", "type": "image"},
        ],
    }
    assert told(values[1]) == {"kind": "image", "captions": ["four", ""]}
    mixed = Table(["a"], [["x"], [1], [None], [Image(PIXELS[0])], [True]]).encode("t")
    assert told(mixed[0])["columns"] == [{"name": "a", "type": "mixed", "cells": "tn-ib"}]
    assert told(mixed[1]) is None


def test_a_table_without_rows(tmp_path: Path) -> None:
    assert tensors(tmp_path, Table(["a", "b"]).encode("t"))["t"].tolist() == [[b"a", b"b"]]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (np.float32(0.1), "0.10000000149011612"),
        (np.int8(-3), "-3"),
        (np.bool_(True), "True"),
        (np.array(2.5), "2.5"),
        (torch.tensor(0.1, dtype=torch.bfloat16), "0.10009765625"),
        (torch.tensor(3), "3"),
        (torch.tensor(1.5, requires_grad=True), "1.5"),
        (1e300, "1e+300"),
        (10**30, "1" + "0" * 30),
    ],
)
def test_numbers_are_exact(number: Any, text: str) -> None:
    [value] = Table(["n"], [[number]]).encode("t")
    assert make_ndarray(parsed(value).tensor)[1, 0].decode() == text


def test_a_table_that_grows() -> None:
    growing = Table(["a"], [["first"]])
    now, size = growing.frozen(), growing.nbytes
    growing.add_row("second")
    growing.add_row(Image(PIXELS[0]))
    assert restored("t", now.encode("t"))[1] == [["first"]]
    assert now.nbytes == size
    assert growing.nbytes > size + len("second") + PIXELS[0].nbytes
    assert len(restored("t", growing.encode("t"))[1]) == 3


# ---- what cannot be


@pytest.mark.parametrize("cell", [[1], {}, b"bytes", 1j, object(), np.zeros(3), torch.zeros(1), np.complex64(1)])
def test_other_cells(cell: Any) -> None:
    growing = Table(["a", "score"], [["x", 1]])
    size = growing.nbytes
    with pytest.raises(TypeError, match=f"row 1, column 'score': a cell is .* not {type(cell).__name__}"):
        growing.add_row("y", cell)
    assert restored("t", growing.encode("t"))[1] == [["x", 1]]
    assert growing.nbytes == size


def test_rows_that_do_not_fit() -> None:
    for row in ([], ["x"], ["x", 1, 2]):
        with pytest.raises(ValueError, match=f"row 1 has {len(row)} cells, but the table has 2 columns"):
            Table(["a", "b"], [["x", 1], row])
    wrong: Any
    for wrong in ("xy", {"a": 1, "b": 2}):
        with pytest.raises(TypeError, match="row 0 must be a sequence of cells, not"):
            Table(["a", "b"], [wrong])


def test_columns_that_cannot_be() -> None:
    columns: Any
    for columns in ("ab", [1, 2], [None]):
        with pytest.raises(TypeError, match="columns must be a list of names"):
            Table(columns)
    for columns in ([], ["a", "b", "a"]):
        with pytest.raises(ValueError, match="at least one column, each with another name"):
            Table(columns)


@pytest.mark.parametrize(
    ("columns", "rows", "says"), [(5, [], "a list of names"), (["a"], [5], "row 0 must be a seq")]
)
def test_what_is_no_sequence(columns: Any, rows: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        Table(columns, rows)
