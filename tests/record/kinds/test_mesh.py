from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX.summary
import torch
import torch.utils.tensorboard.summary

from headway.errors import ShapeError
from headway.record.kinds.mesh import check_mesh, mesh_values
from record.kinds.peers import MeshPlugin, context, get, ours, theirs
from record.kinds.shown import event_file

VERTICES = np.array([[[1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1]]], dtype=float)
COLORS = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 0, 255]]])
FACES = np.array([[[0, 2, 3], [0, 3, 1], [0, 1, 2], [1, 3, 2]]])
CONFIG = {"material": {"cls": "MeshStandardMaterial", "roughness": 1}, "camera": {"fov": 75}}
PARTS = [(COLORS, FACES), (None, FACES), (COLORS, None), (None, None)]


@pytest.mark.parametrize("config", [None, CONFIG])
@pytest.mark.parametrize(("colors", "faces"), PARTS)
def test_equal_to_the_peers(colors: Any, faces: Any, config: Any) -> None:
    found = ours(mesh_values("my/mesh", VERTICES, colors, faces, config))
    assert found == theirs(tensorboardX.summary.mesh("my/mesh", VERTICES, colors, faces, config))
    found = ours(mesh_values("my/mesh", VERTICES, colors, faces, config, names="torch"))
    tensors = [part if part is None else torch.as_tensor(part) for part in (VERTICES, colors, faces)]
    assert found == theirs(torch.utils.tensorboard.summary.mesh("my/mesh", *tensors, config))


@pytest.mark.parametrize("names", ["tensorboardX", "torch"])
@pytest.mark.parametrize(("colors", "faces"), PARTS)
def test_tensorboard_shows_either_form(colors: Any, faces: Any, names: Any, tmp_path: Path) -> None:
    vertices, colors, faces = (
        None if part is None else np.repeat(part, 2, axis=0) for part in (VERTICES, colors, faces)
    )
    assert vertices is not None
    event_file(tmp_path, mesh_values("m", vertices, colors, faces, names=names), step=7)
    routes = MeshPlugin(context(tmp_path)).get_plugin_apps()
    assert get(routes["/tags"]) == {".": {"m": {"samples": 2}}}
    parts = {1: ("VERTEX", "<f4", vertices), 2: ("FACE", "<i4", faces), 3: ("COLOR", "u1", colors)}

    described = get(routes["/meshes"], run=".", tag="m")
    assert {part["content_type"] for part in described} == {kind for kind in parts if parts[kind][2] is not None}
    assert {part["step"] for part in described} == {7}
    assert described[0]["config"] in ("null", "{}")  # to the page, which has its own defaults, both are nothing

    for kind, (name, dtype, part) in parts.items():
        raw = get(routes["/data"], run=".", tag="m", content_type=name, sample=1, step=7)
        shown = np.frombuffer(raw, dtype=dtype).reshape(-1, 3)
        assert shown.tolist() == ([] if part is None else part[1].tolist())
        if part is not None:
            assert described[0]["components"] >> kind & 1, "the page asks for no part that is not in this mask"


def test_refused() -> None:
    check_mesh("m", (1, 4, 3), (1, 4, 3), (1, 9, 3), CONFIG)
    check_mesh("m", (1, 4, 3))
    for shapes, says in (
        (((4, 3),), r"vertices must be of shape \[batch, count, 3\], not \(4, 3\)"),
        (((1, 4, 2),), r"not \(1, 4, 2\)"),
        (((1, 4, 3), (4, 3)), "colors must be of shape"),
        (((1, 4, 3), None, (1, 4, 4)), "faces must be of shape"),
        (((1, 4, 3), None, (2, 4, 3)), "faces of 2 meshes, but vertices of 1"),
        (((1, 4, 3), (1, 5, 3)), "one color a vertex"),
    ):
        with pytest.raises(ShapeError, match=says) as raised:
            check_mesh("a/mesh", *shapes)
        assert "'a/mesh'" in str(raised.value)
    with pytest.raises(TypeError, match="'a/mesh': config_dict cannot be written as JSON"):
        check_mesh("a/mesh", (1, 4, 3), config_dict={"camera": object()})
