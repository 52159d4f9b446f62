"""What numbers do not show of a model: what it writes, where it looks, what it is sure of, how its weights lie."""

from __future__ import annotations

import numpy as np

import headway
from headway.demo.corpus import Bytes, Corpus
from headway.demo.layers import Array, softmax
from headway.demo.model import Parameters, Shape, loss, predict
from headway.record.run import Run

PROMPTS = 6
LENGTH = 48
"""Bytes that are written to each prompt."""
GRID = 15
"""Places along each side of the landscape."""


class Look:
    """Shows one run's model at a step; every run is shown the same prompts."""

    def __init__(self, shape: Shape, text: Corpus, run: Run) -> None:
        self._shape = shape
        self._run = run
        starts = np.linspace(0, len(text.validation) - shape.context - LENGTH - 1, PROMPTS).astype(int)
        windows = text.validation[starts[:, None] + np.arange(shape.context + LENGTH)]
        self._prompts, self._truth = windows[:, : shape.context], windows[:, shape.context :]
        places = np.random.default_rng(0).integers(0, len(text.validation) - shape.context - 1, 16)
        held_out = text.validation[places[:, None] + np.arange(shape.context + 1)]
        self._inputs, self._targets = held_out[:, :-1], held_out[:, 1:]

    def at(self, step: int, weights: Parameters, gradient: Parameters) -> None:
        """Log what it writes and where it looks, and how weights and gradients are spread."""
        _, looks = predict(weights, self._shape, self._prompts[:1])
        self._run.log(
            {
                "samples": self._samples(weights, step),
                "attention": {
                    part.removesuffix(".attn"): headway.Image(
                        painted(heads[0]), "NHWC", caption="who looks (rows) at whom (columns), head by head"
                    )
                    for part, heads in looks.items()
                },
                "weights": _histograms(weights),
                "gradients": _histograms(gradient),
            },
            step=step,
        )

    def at_end(self, step: int, weights: Parameters) -> None:
        """Log what takes longer: how sure it is, where bytes lie in its embedding, and the loss around it."""
        self._run.log({"landscape": landscape(weights, self._shape, self._inputs[:4], self._targets[:4])}, step=step)
        logits, _ = predict(weights, self._shape, self._inputs)
        softmax(logits)
        names = [repr(chr(byte)) if byte < 128 else f"0x{byte:02x}" for byte in range(self._shape.vocabulary)]
        classes = [kind_of(byte) for byte in range(self._shape.vocabulary)]
        with headway.SummaryWriter(self._run.logdir) as writer:
            for name, byte in (("newline", ord("\n")), ("space", ord(" ")), ("letter e", ord("e"))):
                writer.add_pr_curve(f"next byte/{name}", self._targets == byte, logits[..., byte], step)
            writer.add_embedding(
                weights.parts["embedding"]["token"],
                metadata=list(zip(names, classes, strict=True)),
                metadata_header=["byte", "class"],
                global_step=step,
                tag="bytes",
            )

    def _samples(self, weights: Parameters, step: int) -> headway.Table:
        table = headway.Table(["prompt", "generation", "truth", "bits a byte"])
        written = generate(weights, self._shape, self._prompts, LENGTH, seed=step)
        for prompt, answer, truth in zip(self._prompts, written, self._truth, strict=True):
            table.add_row(*map(_text, (prompt, answer, truth)), self._surprise(weights, prompt, truth))
        return table

    def _surprise(self, weights: Parameters, prompt: Bytes, truth: Bytes) -> float:
        """How many bits a byte of what really follows takes the model."""
        size = self._shape.context
        window = np.concatenate([prompt, truth])[-size - 1 :]
        return loss(weights, self._shape, window[None, :-1], window[None, 1:]) / float(np.log(2))


def generate(weights: Parameters, shape: Shape, prompts: Bytes, length: int, seed: int = 0) -> Bytes:
    """Write `length` bytes to each of `prompts` (number, context), drawn at a temperature of 0.7."""
    generator = np.random.default_rng(seed)
    text = prompts
    for _ in range(length):
        logits, _ = predict(weights, shape, text[:, -shape.context :])
        chances = logits[:, -1] / 0.7
        softmax(chances)
        chosen = (chances.cumsum(axis=1) > generator.random((len(text), 1))).argmax(axis=1)
        text = np.concatenate([text, chosen[:, None].astype(np.uint8)], axis=1)
    return text[:, -length:]


def landscape(weights: Parameters, shape: Shape, inputs: Bytes, targets: Bytes) -> headway.Mesh:
    """Return the loss around the weights, along two random directions, as a surface.

    Each direction has the length of the weights, array by array (Li et al., "Visualizing the Loss Landscape of Neural
    Nets", 2018). The height is the logarithm of the loss; blue is low.
    """
    generator = np.random.default_rng(0)
    directions = [_direction(weights, shape, generator) for _ in range(2)]
    moved = Parameters(shape)
    along = np.linspace(-1, 1, GRID)
    heights = np.empty((GRID, GRID))
    for i, a in enumerate(along):
        for k, b in enumerate(along):
            np.copyto(moved.flat, weights.flat + np.float32(a) * directions[0] + np.float32(b) * directions[1])
            with np.errstate(all="ignore"):
                heights[i, k] = np.log(loss(moved, shape, inputs, targets))
    heights = np.nan_to_num(heights, nan=5.0, posinf=5.0, neginf=-5.0).clip(-5, 5)
    x, y = np.meshgrid(along, along, indexing="ij")
    spread = float(np.ptp(heights)) or 1.0
    share = (heights - heights.min()) / spread
    corner = (np.arange(GRID - 1)[:, None] * GRID + np.arange(GRID - 1)).reshape(-1)
    faces = np.concatenate(
        [corner + np.array([[0], [1], [GRID]]), corner + np.array([[1], [GRID + 1], [GRID]])], axis=1
    ).T
    vertices = np.stack([x, share - 0.5, y], axis=-1).reshape(-1, 3).astype(np.float32)
    return headway.Mesh(vertices, colors=painted(share).reshape(-1, 3), faces=faces.astype(np.int32))


def painted(shares: Array) -> Array:
    """Return colours, red, green and blue, from dark blue (0) over teal to yellow (1): [...] → [..., 3] uint8."""
    stops = np.array([[24, 18, 66], [40, 84, 140], [32, 144, 140], [110, 205, 90], [253, 231, 37]], np.float64)
    at = np.sqrt(np.clip(shares, 0, 1)) * (len(stops) - 1)
    low = np.minimum(at.astype(int), len(stops) - 2)
    part = (at - low)[..., None]
    colours: Array = (1 - part) * stops[low] + part * stops[low + 1]
    return colours.astype(np.uint8)


def kind_of(byte: int) -> str:
    """Which sort of character it is."""
    character = chr(byte)
    if byte >= 128:
        return "no ASCII"
    if character.isspace():
        return "white space"
    if not character.isprintable():
        return "control"
    return "letter" if character.isalpha() else "digit" if character.isdigit() else "sign"


def _direction(weights: Parameters, shape: Shape, generator: np.random.Generator) -> Array:
    direction = Parameters(shape)
    for name, part in weights.parts.items():
        for array, values in part.items():
            drawn = generator.normal(size=values.shape).astype(np.float32)
            direction.parts[name][array][:] = drawn * (np.linalg.norm(values) / np.linalg.norm(drawn))
    return direction.flat


def _histograms(parameters: Parameters) -> dict[str, headway.Histogram]:
    return {part: headway.Histogram(parameters.flat[span]) for part, span in parameters.spans.items()}


def _text(bytes_: Bytes) -> str:
    return bytes(bytes_).decode("utf-8", "replace")
