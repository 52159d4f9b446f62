"""The language model: a decoder-only transformer over bytes, in the shape of GPT-2.

Token and position embeddings; blocks of attention and MLP, each behind a layer norm and added to the stream;
a last layer norm and the head, which gives 256 logits, one for each value of the next byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from headway.demo.layers import Array, Tokens, attention, cross_entropy, gelu, layer_norm, linear

Weights = dict[str, Array]
"""The arrays of one part of the model, by name."""


@dataclass(frozen=True)
class Shape:
    """The sizes of a model. `context`: tokens it sees at once."""

    layers: int = 4
    width: int = 64
    heads: int = 4
    context: int = 64
    vocabulary: int = 256

    def parts(self) -> dict[str, dict[str, tuple[int, ...]]]:
        """Every array of the model and its shape, part by part, from the input to the output."""
        d = self.width
        norm = {"gain": (d,), "bias": (d,)}
        attn = {**norm, "qkv": (d, 3 * d), "qkv_bias": (3 * d,), "out": (d, d), "out_bias": (d,)}
        mlp = {**norm, "up": (d, 4 * d), "up_bias": (4 * d,), "down": (4 * d, d), "down_bias": (d,)}
        blocks = {
            f"layers.{i}.{name}": part for i in range(self.layers) for name, part in (("attn", attn), ("mlp", mlp))
        }
        embedding: dict[str, tuple[int, ...]] = {"token": (self.vocabulary, d), "position": (self.context, d)}
        return {"embedding": embedding, **blocks, "head": {**norm, "weight": (d, self.vocabulary)}}


class Parameters:
    """A number for every weight of a model: one flat vector, and views of it by part and name.

    Holds the weights, or their gradients. The model works on the views, the optimiser and the norms on the
    vector: one operation instead of forty.
    """

    def __init__(self, shape: Shape, dtype: DTypeLike = np.float32) -> None:
        parts = shape.parts()
        self.flat: Array = np.zeros(
            sum(int(np.prod(dims)) for part in parts.values() for dims in part.values()), dtype
        )
        self.parts: dict[str, Weights] = {}
        self.spans: dict[str, slice] = {}
        """Where each part lies in `flat`."""
        end = 0
        for name, part in parts.items():
            start, self.parts[name] = end, {}
            for array, dims in part.items():
                begin, end = end, end + int(np.prod(dims))
                self.parts[name][array] = self.flat[begin:end].reshape(dims)
            self.spans[name] = slice(start, end)

    def norms(self) -> dict[str, float]:
        """Euclidean norm of each part, by its name."""
        return {name: float(np.linalg.norm(self.flat[span])) for name, span in self.spans.items()}


def initial(shape: Shape, seed: int, dtype: DTypeLike = np.float32) -> Parameters:
    """Draw the weights that training starts from, as GPT-2 does.

    Matrices normal with deviation 0.02, those that write into the stream smaller by √(2 × layers); gains 1,
    biases 0.
    """
    parameters = Parameters(shape, dtype)
    generator = np.random.default_rng(seed)
    for part in parameters.parts.values():
        for name, array in part.items():
            if array.ndim == 2:
                deviation = 0.02 / np.sqrt(2 * shape.layers) if name in ("out", "down") else 0.02
                array[:] = generator.normal(0, deviation, array.shape)
            elif name == "gain":
                array[:] = 1
    return parameters


def loss(parameters: Parameters, shape: Shape, inputs: Tokens, targets: Tokens) -> float:
    """How surprised the model is by `targets`, in nats a byte; inputs and targets: (batch, context)."""
    return _forward(parameters, shape, inputs, targets)[0]


def loss_and_gradient(
    parameters: Parameters, shape: Shape, inputs: Tokens, targets: Tokens, gradient: Parameters
) -> float:
    """Compute the loss, and overwrite `gradient` with its derivative with respect to every weight."""
    value, back = _forward(parameters, shape, inputs, targets)
    back(gradient)
    return value


def predict(parameters: Parameters, shape: Shape, inputs: Tokens) -> tuple[Array, dict[str, Array]]:
    """Return logits of what follows each token (batch, context, vocabulary), and who looked where.

    The second has (batch, heads, context, context) for each part of attention.
    """
    x, _, looks = _stream(parameters, shape, inputs)
    head = parameters.parts["head"]
    normal, _ = layer_norm(x, head["gain"], head["bias"])
    return (normal @ head["weight"]).reshape(*inputs.shape, -1), looks


def _stream(
    parameters: Parameters, shape: Shape, inputs: Tokens
) -> tuple[Array, list[tuple[str, Callable[[Array, Weights], Array]]], dict[str, Array]]:
    """Everything below the head: its output, how to go back through each part, and who looked where."""
    parts = parameters.parts
    embedding = parts["embedding"]
    x = (embedding["token"][inputs] + embedding["position"]).reshape(-1, shape.width)
    backs, looks = [], {}
    for name, part in parts.items():
        if name.endswith(".attn"):
            x, looks[name], back_part = _attention_block(x, part, shape)
        elif name.endswith(".mlp"):
            x, back_part = _mlp_block(x, part)
        else:
            continue
        backs.append((name, back_part))
    return x, backs, looks


def _forward(
    parameters: Parameters, shape: Shape, inputs: Tokens, targets: Tokens
) -> tuple[float, Callable[[Parameters], None]]:
    head = parameters.parts["head"]
    x, backs, _ = _stream(parameters, shape, inputs)
    normal, back_norm = layer_norm(x, head["gain"], head["bias"])
    value, back_loss = cross_entropy(normal @ head["weight"], targets.reshape(-1))

    def back(gradient: Parameters) -> None:
        g = gradient.parts["head"]
        dlogits = back_loss()
        g["weight"][:] = normal.T @ dlogits
        dx, g["gain"][:], g["bias"][:] = back_norm(dlogits @ head["weight"].T)
        for name, back_part in reversed(backs):
            dx = back_part(dx, gradient.parts[name])
        g = gradient.parts["embedding"]
        g["position"][:] = dx.reshape(-1, *g["position"].shape).sum(axis=0)
        # Sum the rows of each token: a product with the one-hot matrix is quicker than a loop.
        g["token"][:] = (np.arange(shape.vocabulary)[:, None] == inputs.reshape(-1)).astype(dx.dtype) @ dx

    return value, back


def _attention_block(x: Array, p: Weights, shape: Shape) -> tuple[Array, Array, Callable[[Array, Weights], Array]]:
    normal, back_norm = layer_norm(x, p["gain"], p["bias"])
    qkv, back_qkv = linear(normal, p["qkv"], p["qkv_bias"])
    mixed, looks, back_attention = attention(qkv, shape.heads, shape.context)
    y, back_out = linear(mixed, p["out"], p["out_bias"])

    def back(dy: Array, g: Weights) -> Array:
        d, g["out"][:], g["out_bias"][:] = back_out(dy)
        d, g["qkv"][:], g["qkv_bias"][:] = back_qkv(back_attention(d))
        d, g["gain"][:], g["bias"][:] = back_norm(d)
        return dy + d

    return x + y, looks, back


def _mlp_block(x: Array, p: Weights) -> tuple[Array, Callable[[Array, Weights], Array]]:
    normal, back_norm = layer_norm(x, p["gain"], p["bias"])
    up, back_up = linear(normal, p["up"], p["up_bias"])
    active, back_gelu = gelu(up)
    y, back_down = linear(active, p["down"], p["down_bias"])

    def back(dy: Array, g: Weights) -> Array:
        d, g["down"][:], g["down_bias"][:] = back_down(dy)
        d, g["up"][:], g["up_bias"][:] = back_up(back_gelu(d))
        d, g["gain"][:], g["bias"][:] = back_norm(d)
        return dy + d

    return x + y, back
