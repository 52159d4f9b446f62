"""What a transformer is made of: each function computes its output and hands back how to go backwards.

`y, back = f(x, …)`: `back(dy)` takes the loss's gradient with respect to `y` and returns it with respect to
each of f's array arguments in turn. What the way back needs is kept in the closure. A model goes
backwards by calling these in reverse order (`model.py`), and `tests/demo/test_model.py` proves them by finite
differences.

Shapes: N = batch × context rows, one a token, so that every weight is used in one large matrix product.
D = width.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""Of float32 in training, of float64 where gradients are checked."""
Tokens = NDArray[np.integer]


def linear(x: Array, weight: Array, bias: Array) -> tuple[Array, Callable[[Array], tuple[Array, Array, Array]]]:
    """`x @ weight + bias`: (N, I) → (N, O)."""
    y = x @ weight
    y += bias

    def back(dy: Array) -> tuple[Array, Array, Array]:
        return dy @ weight.T, x.T @ dy, dy.sum(axis=0)

    return y, back


def layer_norm(x: Array, gain: Array, bias: Array) -> tuple[Array, Callable[[Array], tuple[Array, Array, Array]]]:
    """Each row at mean 0 and variance 1, then scaled and shifted: (N, D) → (N, D). Ba et al. 2016."""
    centred = x - x.mean(axis=1, keepdims=True)
    variance = np.einsum("nd,nd->n", centred, centred)[:, None] / x.shape[1]
    scale = 1 / np.sqrt(variance + 1e-5)
    normal = centred * scale

    def back(dy: Array) -> tuple[Array, Array, Array]:
        # The mean and the variance depend on x too: take out what they would have absorbed.
        d = dy * gain
        along = np.einsum("nd,nd->n", d, normal)[:, None] / x.shape[1]
        dx = (d - d.mean(axis=1, keepdims=True) - normal * along) * scale
        return dx, np.einsum("nd,nd->d", dy, normal), dy.sum(axis=0)

    return normal * gain + bias, back


def gelu(x: Array) -> tuple[Array, Callable[[Array], Array]]:
    """GELU in its tanh form, as GPT-2 has it: (N, D) → (N, D). Hendrycks & Gimpel 2016."""
    slope, cubic = math.sqrt(2 / math.pi), 0.044715
    square = x * x
    half = square * (slope * cubic)
    half += slope
    half *= x
    np.tanh(half, out=half)
    half += 1
    half *= 0.5  # x · half is GELU

    def back(dy: Array) -> Array:
        # half + x · d(half)/dx, where d(half) = 2 · half · (1 − half) · (slope + 3 · slope · cubic · x²)
        d = square * (6 * slope * cubic)
        d += 2 * slope
        d *= x
        d *= half
        d *= 1 - half
        d += half
        d *= dy
        return d

    return x * half, back


def attention(qkv: Array, heads: int, context: int) -> tuple[Array, Array, Callable[[Array], Array]]:
    """Causal multi-head attention on rows that hold query, key and value side by side: (N, 3D) → (N, D).

    Vaswani et al. 2017. A token sees itself and what came before it in its own `context` rows. The second that is
    returned is who looks where: (batch, heads, context, context).
    """
    rows, width = qkv.shape[0], qkv.shape[1] // 3
    batch, size = rows // context, width // heads
    split = qkv.reshape(batch, context, 3, heads, size).transpose(2, 0, 3, 1, 4)
    query, key, value = np.ascontiguousarray(split)  # each (batch, heads, context, size)
    scale = 1 / math.sqrt(size)
    weights = query @ key.swapaxes(-1, -2)
    weights *= scale
    weights += np.triu(np.full((context, context), -np.inf, dtype=qkv.dtype), 1)
    softmax(weights)

    def back(dy: Array) -> Array:
        dmixed = np.ascontiguousarray(dy.reshape(batch, context, heads, size).swapaxes(1, 2))
        dscores = dmixed @ value.swapaxes(-1, -2)
        dscores -= np.einsum("bhqk,bhqk->bhq", dscores, weights)[..., None]
        dscores *= weights
        dscores *= scale
        dqkv = np.empty((batch, context, 3, heads, size), dtype=qkv.dtype)
        dqkv[:, :, 0] = (dscores @ key).swapaxes(1, 2)
        dqkv[:, :, 1] = (dscores.swapaxes(-1, -2) @ query).swapaxes(1, 2)
        dqkv[:, :, 2] = (weights.swapaxes(-1, -2) @ dmixed).swapaxes(1, 2)
        return dqkv.reshape(rows, 3 * width)

    return (weights @ value).swapaxes(1, 2).reshape(rows, width), weights, back


def cross_entropy(logits: Array, targets: Tokens) -> tuple[float, Callable[[], Array]]:
    """Mean of −log p(target), in nats a token: (N, V), (N,) → a number.

    `back()` is its gradient with respect to the logits.
    """
    rows = np.arange(len(targets))
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[rows, targets]
    np.exp(shifted, out=shifted)
    total = shifted.sum(axis=1)
    loss = float(np.mean(np.log(total) - chosen))

    def back() -> Array:
        dlogits: Array = shifted / total[:, None]
        dlogits[rows, targets] -= 1
        dlogits /= len(targets)
        return dlogits

    return loss, back


def softmax(scores: Array) -> None:
    """Turn scores into probabilities along the last axis, in place."""
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
