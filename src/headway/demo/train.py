"""One training run, and everything it logs."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import numpy as np

from headway.demo import corpus
from headway.demo.corpus import Corpus
from headway.demo.look import Look
from headway.demo.model import Parameters, Shape, initial, loss, loss_and_gradient
from headway.demo.optimiser import AdamW, clip, learning_rate
from headway.record.run import Run


@dataclass(frozen=True)
class Recipe:
    """All that decides how a run goes; two runs with the same recipe log the same numbers."""

    learning_rate: float
    steps: int
    shape: Shape = field(default_factory=Shape)
    batch: int = 16
    """Sequences of `shape.context` bytes in one step."""
    warmup: int = 50
    """Steps until the learning rate is reached; at most a tenth of all."""
    weight_decay: float = 0.1
    clip: float = 1.0
    """The longest that a gradient may be."""
    validate_every: int = 25
    validation_batches: int = 4
    look_every: int = 100
    """Steps between two looks at what the model writes, where it attends, and how its weights are spread."""
    seed: int = 1

    def config(self) -> dict[str, object]:
        """Say it as a run's `config`."""
        return {**asdict(self), "optimiser": "AdamW", "data": "the Python standard library, bytes"}


@dataclass(frozen=True)
class Progress:
    """Where a run is after a step: losses in nats a byte."""

    step: int
    train_loss: float
    validation_loss: float
    """Of the last validation, which may be some steps ago."""
    tokens_per_second: float


def train(recipe: Recipe, text: Corpus, run: Run) -> Iterator[Progress]:
    """Train a model from nothing, one step for each `next()`, logging to `run`.

    Step 0 is the untrained model. Every run of a seed starts from the same weights and sees the same batches.
    """
    shape = recipe.shape
    weights = initial(shape, recipe.seed)
    gradient = Parameters(shape)
    optimiser = AdamW(weights, decay=recipe.weight_decay)
    generator = np.random.default_rng(recipe.seed)
    validation = _validation_batches(recipe, text)
    warmup = max(1, min(recipe.warmup, recipe.steps // 10))
    look = Look(shape, text, run)

    def validate(step: int) -> float:
        value = float(np.mean([loss(weights, shape, x, y) for x, y in validation]))
        run.log({"val": {"loss": value, "perplexity": perplexity(value)}}, step=step)
        return value

    validation_loss = validate(0)
    for step in range(1, recipe.steps + 1):
        began = time.perf_counter()
        inputs, targets = corpus.draw(text.train, generator, recipe.batch, shape.context)
        train_loss = loss_and_gradient(weights, shape, inputs, targets, gradient)
        gradient_norms = gradient.norms()
        gradient_norm = clip(gradient.flat, recipe.clip)
        rate = learning_rate(step, recipe.steps, recipe.learning_rate, warmup)
        change = optimiser.step(gradient.flat, rate)
        speed = inputs.size / (time.perf_counter() - began)

        weight_norms = weights.norms()
        run.log(
            {
                "train": {"loss": train_loss, "perplexity": perplexity(train_loss)},
                "optim": {"lr": rate, "grad_norm": gradient_norm},
                "speed": {"tokens_per_second": speed},
                # One chart a part of the model, side by side for all of its depth: what moves, and how far.
                "grad_norm": gradient_norms,
                "weight_norm": weight_norms,
                "update_ratio": {
                    part: float(np.linalg.norm(change[span])) / weight_norms[part]
                    for part, span in weights.spans.items()
                },
            },
            step=step,
        )
        if step % recipe.validate_every == 0 or step == recipe.steps:
            validation_loss = validate(step)
        if step % recipe.look_every == 0 or step in (1, recipe.steps):
            look.at(step, weights, gradient)
        if step == recipe.steps:
            look.at_end(step, weights)
        yield Progress(step, train_loss, validation_loss, speed)


def perplexity(loss: float) -> float:
    """How many equally likely bytes would surprise as much: e to the loss."""
    return math.inf if loss > 700 else math.exp(loss)  # which raises an error beyond 709


def _validation_batches(recipe: Recipe, text: Corpus) -> list[tuple[corpus.Bytes, corpus.Bytes]]:
    generator = np.random.default_rng(0)  # the same places for every run and every seed
    count, context = recipe.validation_batches, recipe.shape.context
    return [corpus.draw(text.validation, generator, recipe.batch, context) for _ in range(count)]
