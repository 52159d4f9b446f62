"""How the weights move: AdamW, a learning rate that warms up and then falls, and a limit on the gradient."""

from __future__ import annotations

import math

import numpy as np

from headway.demo.layers import Array
from headway.demo.model import Parameters


class AdamW:
    """Adam with decoupled weight decay (Loshchilov & Hutter 2019), on all weights at once.

    Matrices decay; biases, gains and everything else that is a vector do not.
    """

    def __init__(
        self,
        weights: Parameters,
        decay: float = 0.1,
        betas: tuple[float, float] = (0.9, 0.95),
        epsilon: float = 1e-8,
    ) -> None:
        self._weights = weights.flat
        self._mean = np.zeros_like(weights.flat)
        self._square = np.zeros_like(weights.flat)
        arrays = [array for part in weights.parts.values() for array in part.values()]
        decays = [decay if array.ndim == 2 else 0.0 for array in arrays]
        self._decay = np.repeat(np.array(decays, weights.flat.dtype), [array.size for array in arrays])
        self._betas = betas
        self._epsilon = epsilon
        self._steps = 0

    def step(self, gradient: Array, rate: float) -> Array:
        """Move the weights one step at this learning rate, and return by how much each moved."""
        self._steps += 1
        first, second = self._betas
        self._mean += (1 - first) * (gradient - self._mean)
        self._square += (1 - second) * (gradient * gradient - self._square)
        change = np.sqrt(self._square / (1 - second**self._steps))
        change += self._epsilon
        np.divide(self._mean / (1 - first**self._steps), change, out=change)
        change += self._decay * self._weights
        change *= -rate
        self._weights += change
        return change


def clip(gradient: Array, limit: float) -> float:
    """Shorten the gradient to `limit` where it is longer, in place; returns the norm it had."""
    norm = float(np.linalg.norm(gradient))
    if norm > limit:
        gradient *= limit / norm
    return norm


def learning_rate(step: int, steps: int, peak: float, warmup: int) -> float:
    """Learning rate of step 1…steps: in a line up to `peak` at `warmup`, then along a cosine to a tenth."""
    if step <= warmup:
        return peak * step / warmup
    done = (step - warmup) / max(1, steps - warmup)
    return peak * (0.1 + 0.9 * 0.5 * (1 + math.cos(math.pi * done)))
