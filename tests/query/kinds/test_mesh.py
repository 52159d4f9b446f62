from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from tensorboard.plugins.mesh import metadata

from headway.query.kinds import Mesh, decode, plain
from headway.record.kinds.mesh import mesh_values
from query.kinds.samples import value

POINTS = np.random.default_rng(2).random((1, 5, 3)).astype(np.float32)
COLORS = np.arange(15).reshape(1, 5, 3)
FACES = np.array([[[0, 1, 2], [2, 3, 4]]])
CONFIG = {"camera": {"cls": "PerspectiveCamera", "fov": 75}}
WRITERS: list[Literal["tensorboardX", "torch"]] = ["tensorboardX", "torch"]


def read(content: bytes, first: bytes | None = None) -> Mesh:
    found = decode("mesh", content, first)
    assert isinstance(found, Mesh)
    return found


@pytest.mark.parametrize("names", WRITERS)
def test_what_headway_writes_comes_back(names: Any) -> None:
    vertex, face, color = map(read, mesh_values("a/m", POINTS, COLORS, FACES, CONFIG, names=names))
    assert [part.part for part in (vertex, face, color)] == ["vertex", "face", "color"]
    assert [part.name for part in (vertex, face, color)] == ["a/m"] * 3
    for part, array in ((vertex, POINTS), (face, FACES), (color, COLORS)):
        np.testing.assert_array_equal(part.values, array)
        assert part.shape == array.shape
        assert part.config == CONFIG
        assert part.components == (("vertex", "face", "color") if names == "torch" else ())


def test_tensorboards_own_meshes() -> None:
    arrays: dict[int, Any] = {1: POINTS, 2: FACES.astype(np.int32), 3: COLORS.astype(np.uint8)}
    parts = []
    for kind, array in arrays.items():
        told = metadata.create_summary_metadata("m", "", kind, components=14, shape=array.shape)
        name = metadata.get_instance_name("m", kind)
        parts.append(read(value("mesh", array, told.plugin_data.content, tag=name)))
    assert {part.part: part.values.dtype.name for part in parts} == {
        "vertex": "float32",
        "face": "int32",
        "color": "uint8",
    }
    assert {part.components for part in parts} == {("vertex", "face", "color")}
    assert {part.name for part in parts} == {"m"}


@pytest.mark.parametrize(("suffix", "part"), [("_VERTEX", "vertex"), ("_2", "face"), ("_COLOR", "color")])
def test_the_tag_tells_where_the_metadata_do_not(suffix: str, part: str) -> None:
    found = read(value("mesh", POINTS, tag=f"m_1{suffix}"))
    assert (found.part, found.name, found.config) == (part, "m_1", {})


def test_the_first_value_of_a_tag_tells_what_later_ones_do_not() -> None:
    first = mesh_values("m", POINTS, config_dict=CONFIG)[0]
    found = read(value("", POINTS + 1, tag="m_1"), first)
    assert (found.name, found.part, found.config) == ("m", "vertex", CONFIG)
    np.testing.assert_array_equal(found.values, POINTS + 1)


def test_what_is_no_part_is_refused() -> None:
    with pytest.raises(ValueError, match="neither the metadata nor the tag tells"):
        read(value("mesh", POINTS, tag="m"))
    with pytest.raises(ValueError, match=r"a tensor \[batch, count, 3\] of numbers, not \[5, 3\]"):
        read(value("mesh", POINTS[0], tag="m_1"))


def test_plain_tells_of_many_vertices_the_first_ones() -> None:
    told = plain(read(mesh_values("m", np.zeros((1, 2000, 3)))[0]))
    assert (told["kind"], told["part"], told["shape"], told["elements"]) == ("mesh", "vertex", [1, 2000, 3], 6000)
    assert told["values"] == [0.0] * 4096
