"""A log directory with every kind of data in two runs, for what must hold of every view."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

import headway
from events.frames import write
from headway.events.framing import frame

RUNS = ("base", "tuned")
STEPS = (0, 10, 20)


def write_everything(logdir: Path) -> None:
    """Write both runs."""
    for number, run in enumerate(RUNS):
        _write_run(logdir / run, number)


def _write_run(directory: Path, number: int) -> None:
    rng = np.random.default_rng(number)
    with headway.init(directory, config={"lr": 10.0 ** -(3 + number), "layers": 4, "optimiser": "adamw"}) as run:
        for step in range(30):
            run.log(_scalars(step, number), step=step)
        for step in STEPS:
            run.log(_samples(step, rng), step=step)
    with headway.SummaryWriter(str(directory)) as writer:
        writer.add_pr_curve("pr", rng.random(200) > 0.5, rng.random(200), 20)
        writer.add_embedding(rng.normal(size=(60, 8)), metadata=[f"word {i}" for i in range(60)], global_step=20)
        writer.add_custom_scalars({"both": {"loss": ["Multiline", ["train/loss", "val/loss"]]}})
        writer.add_graph(torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.ReLU()), torch.zeros(1, 4))
    unknown = Event(wall_time=1.7e9, step=20, summary=Summary(value=[_unknown()]))
    write(directory / "events.out.tfevents.9.unknown", [frame(unknown.SerializeToString())])


def _scalars(step: int, number: int) -> dict[str, float]:
    values = {"train/loss": 2 / (step + 1 + number), "val/loss": 2.5 / (step + 1)}
    layers = {f"grad_norm/layers.{layer}": (1 + layer) * 0.9**step for layer in range(4)}
    return values | layers


def _samples(step: int, rng: np.random.Generator) -> dict[str, object]:
    table = headway.Table(["prompt", "generation", "score"])
    table.add_row("2 + 2 =", f"{step}", step / 20)
    table.add_row("Hello", "world " * (1 + step // 10), 0.5)
    return {
        "picture": headway.Image(rng.random((16, 16, 3)), caption=f"step {step}"),
        "sound": headway.Audio(np.sin(np.arange(4000) / 8), sample_rate=8000),
        "text": headway.Text(f"# Step {step}\n\n* one\n* **two**"),
        "samples": table,
        "weights": headway.Histogram(rng.normal(size=500) * (1 + step)),
        "cloud": headway.Mesh(rng.normal(size=(50, 3))),
    }


def _unknown() -> Summary.Value:
    plugin = SummaryMetadata.PluginData(plugin_name="greeter", content=b"hello")
    value = Summary.Value(tag="greeting", metadata=SummaryMetadata(plugin_data=plugin))
    value.tensor.dtype = 1
    value.tensor.tensor_shape.CopyFrom(TensorShapeProto(dim=[TensorShapeProto.Dim(size=3)]))
    value.tensor.float_val.extend([1.0, 2.0, 3.0])
    return value
