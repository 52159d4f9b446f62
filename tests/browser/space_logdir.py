"""Embeddings and meshes as four writers leave them, in shapes whose layout a test knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tensorboardX import SummaryWriter as XWriter
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from headway import SummaryWriter

POINTS = 120
MANY = 1800
"""So many that a layout takes some seconds."""
GROUPS = ("red", "green", "blue")
STEPS = (0, 10, 20)


def points(step: int = 0) -> NDArray[np.float32]:
    """Three clouds of eight dimensions; point i is in cloud i mod 3."""
    random = np.random.default_rng(step)
    centres = np.eye(8)[:3] * 20
    clouds = centres[np.arange(POINTS) % 3] + random.normal(size=(POINTS, 8))
    return clouds.astype(np.float32)


def labels() -> list[list[str]]:
    """A name, a class and an amount for each point."""
    return [[f"word {i}", GROUPS[i % 3], f"{i / 7:.3f}"] for i in range(POINTS)]


def cube() -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.uint8]]:
    """Corners, triangles and colours of a cube."""
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], np.float32)
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = np.array([part for a, b, c, d in quads for part in ((a, b, c), (a, c, d))], np.int32)
    return corners, faces, (corners * 255).astype(np.uint8)


def write_embeddings(logdir: Path) -> None:
    """A run by each writer: with steps, with pictures, with hostile labels; and one whose files are damaged."""
    with SummaryWriter(logdir / "a headway") as ours:
        ours.add_scalar("loss", 1.0, 0)
        for step in STEPS:
            header = ["word", "group", "amount"]
            ours.add_embedding(points(step), labels(), metadata_header=header, global_step=step, tag="words")
    with XWriter(str(logdir / "b tensorboardX")) as theirs:
        theirs.add_scalar("loss", 1.0, 0)
        pictures = torch.rand(POINTS, 3, 8, 8)
        theirs.add_embedding(torch.tensor(points()), metadata=[row[0] for row in labels()], label_img=pictures)
    with TorchWriter(str(logdir / "c torch")) as torchs:
        torchs.add_scalar("loss", 1.0, 0)
        hostile = [f"<img src=x onerror=alert({i})>" for i in range(POINTS)]
        torchs.add_embedding(torch.tensor(points()), metadata=hostile)
    with SummaryWriter(logdir / "d damaged") as damaged:
        damaged.add_scalar("loss", 1.0, 0)
        damaged.add_embedding(points())
    with SummaryWriter(logdir / "e many") as many:
        many.add_scalar("loss", 1.0, 0)
        many.add_embedding(np.random.default_rng(0).normal(size=(MANY, 8)))
    (logdir / "d damaged" / "00000" / "default" / "tensors.tsv").write_text("1\t2\n3\tx\n")


def write_meshes(logdir: Path) -> None:
    """A cube over three steps by two writers, and a cloud of points, a batch of two, by a third."""
    corners, faces, colours = cube()
    with SummaryWriter(logdir / "ours") as ours, TorchWriter(str(logdir / "torch")) as torchs:
        for step in STEPS:
            size = (1 + step / 20) * corners[None]
            ours.add_mesh("cube", size, colors=colours[None], faces=faces[None], global_step=step)
            torchs.add_mesh(
                "cube", torch.tensor(size), torch.tensor(colours[None]), torch.tensor(faces[None]), {}, step
            )
    with XWriter(str(logdir / "theirs")) as theirs:
        cloud = torch.rand(2, 500, 3)
        theirs.add_mesh("cloud", cloud, torch.randint(0, 255, (2, 500, 3)), global_step=0)
        broken = np.concatenate([faces, [[0, 1, 99]]])
        theirs.add_mesh("broken", torch.tensor(corners[None]), faces=torch.tensor(broken[None]), global_step=0)
