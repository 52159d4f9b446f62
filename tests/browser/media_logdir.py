"""Pictures, videos and sounds as real writers leave them, with pixels that a test can work out again."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboardX import SummaryWriter as XWriter
from torch.utils.tensorboard import SummaryWriter as TorchWriter

import headway
from headway.importers.wandb_media import Pictures
from headway.record.kinds.image import png

HEIGHT, WIDTH = 6, 8
STEPS = range(0, 100, 10)
HOSTILE = "<img src=x onerror=alert(1)>"
PROMPTS = 12
MANY = 3000

RATE = 8000
TONE = 1000
"""Hertz."""


def pixels(run: str, step: int) -> NDArray[np.uint8]:
    """One colour, redder with every step; run "b" is bluer, but for its first pixel."""
    found = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    found[:] = (2 * step, 40, 60 if run == "a" else 70)
    found[0, 0] = (2 * step, 40, 60)
    return found


def write_media(logdir: Path) -> None:
    """Runs "a" by headway, "b" by torch, "c" by tensorboardX."""
    with headway.Run(logdir / "a") as run:
        for step in STEPS:
            run.log({"sample": headway.Image(pixels("a", step), caption=f"{HOSTILE} {step}")}, step=step)
        run.log({"clip": headway.Video(_frames(), fps=10)}, step=0)
        files = [_png(pixels("a", 5 * i)) for i in range(PROMPTS)]
        run.log({"prompts": Pictures(files, [f"prompt {i}" for i in range(PROMPTS)])}, step=0)
        run.log({"speech": headway.Audio(_tone(1.0), RATE, caption="a **tone**")}, step=0)
        run.log({"speech": headway.Audio(_tone(0.5), RATE)}, step=50)
    with TorchWriter(str(logdir / "b")) as torch:
        for step in STEPS:
            torch.add_image("sample", pixels("b", step), step, dataformats="HWC")
        torch.add_image("small", pixels("b", 0)[:2], 0, dataformats="HWC")
        torch.add_audio("speech", _tone(1.0), 0, sample_rate=RATE)
    with XWriter(str(logdir / "c")) as x:
        for step in range(5, 100, 10):
            x.add_image("resumed", pixels("a", step), step, dataformats="HWC")
    with XWriter(str(logdir / "c"), purge_step=55, filename_suffix=".again") as x:
        x.add_image("resumed", pixels("b", 55), 55, dataformats="HWC")
    _write_odd(logdir / "d")


def write_many(logdir: Path) -> None:
    """Three runs of 3000 pictures each of one tag."""
    for number in range(3):
        with headway.SummaryWriter(str(logdir / f"run{number}")) as writer:
            for step in range(MANY):
                writer.add_image("sample", pixels("a", step % 100), step, dataformats="HWC")


def _write_odd(path: Path) -> None:
    """What no browser shows or plays."""
    odd = EventFileWriter(str(path))
    values = [
        Summary.Value(tag="odd", image=Summary.Image(height=1, width=1, encoded_image_string=b"no picture")),
        Summary.Value(
            tag="broken", audio=Summary.Audio(sample_rate=RATE, encoded_audio_string=b"RIFF....WAVEno sound")
        ),
    ]
    odd.add_event(Event(wall_time=1.7e9, step=0, summary=Summary(value=values)))
    odd.close()


def _png(array: NDArray[np.uint8]) -> tuple[bytes, int, int, int]:
    return png(array), HEIGHT, WIDTH, 3


def _frames() -> NDArray[np.uint8]:
    """Four grey frames."""
    return (
        np.repeat(np.arange(4, dtype=np.uint8) * 60, HEIGHT * WIDTH * 3)
        .reshape(4, HEIGHT, WIDTH, 3)
        .transpose(0, 3, 1, 2)
    )


def _tone(seconds: float) -> NDArray[np.float32]:
    time = np.arange(int(RATE * seconds)) / RATE
    return (0.5 * np.sin(2 * math.pi * TONE * time)).astype(np.float32)
