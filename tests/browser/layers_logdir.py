"""A transformer's tensors over a training, as hooks of real training code log them: what is odd in them is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headway import SummaryWriter

TENSORS = ("attn.q_proj", "attn.k_proj", "attn.v_proj", "attn.o_proj", "mlp.up_proj", "mlp.down_proj")
METRICS = ("grad_norm", "weight_norm", "update_ratio", "activation_rms")
STRIDE = 10

EXPLODES = "layers.{layer}.mlp.down_proj"
"""Its gradients grow by four decades from two thirds of the run on."""


def layer_of(layers: int) -> int:
    """The layer that explodes."""
    return layers * 2 // 3


def hole(layers: int) -> str:
    """The module whose gradient norm is NaN once, at half of the run."""
    return f"layers.{layers // 4}.attn.k_proj"


def modules(layers: int) -> list[str]:
    """In the order in which a model names them."""
    inner = [f"layers.{layer}.{tensor}" for layer in range(layers) for tensor in TENSORS]
    return ["embed_tokens", *inner, "lm_head"]


def curves(layers: int, points: int, seed: int) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield (tag, values)."""
    rng = np.random.default_rng(seed)
    at = np.arange(points)
    share = at / points
    for place, module in enumerate(modules(layers)):
        depth = place / (6 * layers + 1)
        tensor = 1 + 0.6 * (TENSORS.index(module.split(".", 2)[-1]) if "layers" in module else 3)
        noise = np.exp(rng.normal(0, 0.18, (4, points)))
        gradient = tensor * (0.02 + 0.6 * np.exp(-3 * depth)) * (0.25 + np.exp(-6 * share)) * noise[0]
        weight = (8 + 30 * tensor) * (1 + 0.25 * share * (1 - depth)) * noise[1] ** 0.02
        ratio = 1e-3 * np.minimum(1, 12 * share) * (1 - 0.9 * share) * (0.7 + 0.5 * depth) * noise[2]
        activation = (0.6 + 2.2 * depth**2) * (1 + 0.5 * share) * noise[3] ** 0.2
        if module == EXPLODES.format(layer=layer_of(layers)):
            rise = np.clip((share - 2 / 3) * 12, 0, 1)
            gradient, activation = gradient * 10 ** (4 * rise), activation * 10 ** (1.5 * rise)
        if module == hole(layers):
            gradient[points // 2] = np.nan
        for metric, values in zip(METRICS, (gradient, weight, ratio, activation), strict=True):
            yield f"{metric}/{module}", values


def write_layers(logdir: Path, *, layers: int = 48, points: int = 400, runs: tuple[str, ...] = ("llm-1b",)) -> None:
    """Four metrics of each tensor, a loss, and histograms of some layers' gradients and weights."""
    for seed, run in enumerate(runs):
        with SummaryWriter(str(logdir / run)) as writer:
            for tag, values in curves(layers, points, seed):
                for i, value in enumerate(values.tolist()):
                    writer.add_scalar(tag, value, i * STRIDE, walltime=1.7e9 + i)
            for i in range(points):
                writer.add_scalar("train/loss", 2 + 8 * np.exp(-i / points * 6), i * STRIDE, walltime=1.7e9 + i)
            write_histograms(writer, layers, points, seed)


def write_histograms(writer: SummaryWriter, layers: int, points: int, seed: int) -> None:
    """Of some layers: weights that spread, activations with two humps, gradients that span decades."""
    rng = np.random.default_rng(100 + seed)
    normal = rng.normal(size=4000)
    for i in range(0, points, 5):
        share, time = i / points, 1.7e9 + i
        for layer in range(0, layers, max(1, layers // 8)):
            weights = normal * (0.02 + 0.03 * share * (1 + layer / layers)) + 0.01 * share
            humps = np.where(normal > 0.5, normal * 0.3 + 1 + share, normal * 0.4 - 0.4 * share)
            gradients = normal**3 * 10 ** (-3 - 2 * share) * (1 + layer)
            if layer == 0 and i == points // 2:
                gradients = np.append(gradients, [np.nan, np.inf, np.inf])
            writer.add_histogram(f"weights/layers.{layer}.mlp.up_proj", weights, i * STRIDE, walltime=time)
            writer.add_histogram(f"activations/layers.{layer}", humps, i * STRIDE, walltime=time)
            writer.add_histogram(f"gradients/layers.{layer}.mlp.up_proj", gradients, i * STRIDE, walltime=time)
