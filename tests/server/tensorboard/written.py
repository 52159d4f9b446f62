"""A log directory with every kind that TensorBoard's read API serves, old forms and new, and hostile names."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util
from tensorboardX import SummaryWriter

OLD, NEW, HOSTILE, LOST, REPEATED = "old/tbx", "new tf2", 'ünï ‘q’ & "x" <b>', "lost", "repeated"
HOSTILE_TAG = 'tag/ünï "q" <b>&amp;+% \n\t..'
WAV = b"RIFF\x00\x00\x00\x00WAVEfmt "


def write(logdir: Path) -> None:
    """Write all of it."""
    _write_old(logdir / OLD)
    _write_new(logdir / NEW)
    _write_hostile(logdir / HOSTILE)
    _write_lost(logdir / LOST)
    _write_repeated(logdir / REPEATED)


class Events:
    """Writes events as TensorFlow 2 does."""

    def __init__(self, directory: Path) -> None:
        self._writer = EventFileWriter(str(directory))

    def __enter__(self) -> Events:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def tensor(
        self, tag: str, array: Any, plugin: str, step: int, content: bytes = b"", name: str = "", about: str = ""
    ) -> None:
        """One tensor, with the metadata that TensorFlow 2 writes each time."""
        event = Event(step=step, wall_time=200.25 + step)
        value = event.summary.value.add(tag=tag, tensor=tensor_util.make_tensor_proto(array))
        value.metadata.plugin_data.plugin_name = plugin
        value.metadata.plugin_data.content = content
        value.metadata.display_name = name
        value.metadata.summary_description = about
        self._writer.add_event(event)


def picture(kind: str, seed: int) -> bytes:
    """An encoded picture."""
    pixels = np.random.default_rng(seed).integers(0, 255, (3, 4, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def strings(*texts: bytes) -> Any:
    """An array of bytes."""
    return np.array(texts, dtype=object)


def _write_old(directory: Path) -> None:
    rng = np.random.default_rng(0)
    values = [1.0, 0.1, float("nan"), float("inf"), float("-inf"), 1e-30]
    with SummaryWriter(str(directory)) as writer:
        for step, value in enumerate(values):
            wall = 100.125 + step
            writer.add_scalar("loss", value, 10 * step, walltime=wall)
            writer.add_histogram("weights", rng.normal(size=100), step, walltime=wall)
            writer.add_image("picture", rng.random((3, 4, 5)), step, walltime=wall)
            writer.add_text("said", f"line {step} <i>", step, walltime=wall)
            writer.add_audio("sound", rng.random(100) - 0.5, step, sample_rate=8000, walltime=wall)
            writer.add_pr_curve("pr", rng.integers(0, 2, 50), rng.random(50), step, 7, walltime=wall)


def _write_new(directory: Path) -> None:
    with Events(directory) as events:
        for step in range(5):
            events.tensor("loss", np.float32(step / 3), "scalars", step)
            buckets = np.array([[0, 1, 2.0], [1, 2, 0], [2, 3, step]]) if step else np.zeros((0, 3))
            events.tensor("weights", buckets, "histograms", step, about="of a layer\n\nof it")
            pictures = [picture(kind, step) for kind in ("PNG", "JPEG", "GIF", "BMP")[: 1 + step % 4]]
            size = (b"4", b"3")
            events.tensor("pictures", strings(*size, *pictures), "images", step, name="P", about="some <b> & more")
            clips = np.array([[WAV + bytes([step]), b"label"], [WAV, b""]], dtype=object)
            events.tensor("sounds", clips, "audio", step, content=b"\x10\x0b")
            for rank, text in enumerate(_texts()):
                events.tensor(f"text {rank}", text, "text", step)
            curve = np.array(
                [[9, 5, 0, 0], [7, 2, 0, 0], [0, 1, 2, 2], [0, 0, 3, 4], [0.5, 0.7, 0, 0], [1, 0.5, 0, 0]]
            )
            events.tensor("pr", curve.astype(np.float32), "pr_curves", step, content=b"\x10\x04")
            events.tensor("unknown", np.array([1, 2], np.float32), "my plugin", step)


def _texts() -> list[Any]:
    table = np.array([[b"a & b", b"x <script>x</script>"], [b"", b"d"]], dtype=object)
    one = np.array(b"one\ntext\n\nin \xc3\xbcnicode", dtype=object)
    return [one, strings(b"a", b"b\n\nc"), table, np.stack([table, table])]


def _write_hostile(directory: Path) -> None:
    with Events(directory) as events:
        for step in range(2):
            events.tensor(HOSTILE_TAG, np.float32(step), "scalars", step)
            events.tensor(HOSTILE_TAG + "i", strings(b"4", b"3", picture("PNG", 1)), "images", step)


def _write_lost(directory: Path) -> None:
    """Scalars that TensorBoard's fast loader has nothing of."""
    with Events(directory) as events:
        for step in range(3):
            for name, value in lost(step).items():
                events.tensor(name, value, "scalars", step)


STEPS = [0, 1, 1, 2, 3, 1, 2, 2]


def _write_repeated(directory: Path) -> None:
    with Events(directory) as events:
        for number, step in enumerate(STEPS):
            events.tensor("again", np.float32(number), "scalars", step)


def lost(step: int) -> dict[str, Any]:
    """Tag → value of each type at a step."""
    return {
        "float64": np.float64(step + 2**-40),
        "int64": np.int64(step),
        "float16": np.float16(step + 0.5),
        "shape [1]": np.array([step + 0.25], np.float32),
    }
