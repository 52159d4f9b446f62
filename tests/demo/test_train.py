from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import headway
from headway.demo import corpus
from headway.demo.model import Parameters, Shape
from headway.demo.train import Progress, Recipe, perplexity, train
from headway.demo.worker import LEARNING_RATES

TINY = Recipe(
    learning_rate=1e-2,
    steps=40,
    shape=Shape(layers=1, width=32, heads=2, context=32),
    batch=8,
    validate_every=10,
    validation_batches=2,
)


@pytest.fixture(scope="module")
def text() -> corpus.Corpus:
    return corpus.load()


def results(recipe: Recipe, text: corpus.Corpus, logdir: Path) -> list[Progress]:
    with headway.init(logdir, config=recipe.config()) as run:
        return list(train(recipe, text, run))


def test_it_learns_and_a_learning_rate_too_high_does_not(tmp_path: Path, text: corpus.Corpus) -> None:
    recipe = replace(TINY, steps=150)
    good = results(recipe, text, tmp_path / "good")
    too_high = results(replace(recipe, learning_rate=float(LEARNING_RATES[-1])), text, tmp_path / "too-high")
    assert [progress.step for progress in good] == list(range(1, 151))
    # Before training, every byte is as likely as any other: ln 256 = 5.55.
    assert good[0].train_loss == too_high[0].train_loss == pytest.approx(math.log(256), abs=0.1)
    assert good[-1].validation_loss < 2.8
    assert too_high[-1].validation_loss > good[-1].validation_loss + 0.2


def test_everything_is_logged_at_every_step(tmp_path: Path, text: corpus.Corpus) -> None:
    recipe = replace(TINY, steps=25)
    progress = results(recipe, text, tmp_path / "run")
    logs = headway.open(tmp_path, index=":memory:")
    run = logs["run"]
    parts = ["embedding", "layers.0.attn", "layers.0.mlp", "head"]
    at_every_step = {
        *("train/loss", "train/perplexity", "optim/lr", "optim/grad_norm", "speed/tokens_per_second"),
        *(f"{norm}/{part}" for norm in ("grad_norm", "weight_norm", "update_ratio") for part in parts),
    }
    assert set(run.tags) == at_every_step | {"val/loss", "val/perplexity"}
    for tag in at_every_step:
        series = run.scalars(tag)
        assert series.steps.tolist() == list(range(1, 26)), tag
        assert np.isfinite(series.values).all(), tag
        assert (series.values > 0).all(), tag
    validation = run.scalars("val/loss")
    assert validation.steps.tolist() == [0, 10, 20, 25]
    assert validation.values[-1] == np.float32(progress[-1].validation_loss)
    losses = run.scalars("train/loss").values
    np.testing.assert_array_equal(losses, np.array([p.train_loss for p in progress], np.float32))
    np.testing.assert_allclose(run.scalars("train/perplexity").values, np.exp(losses), rtol=1e-6)
    # The parts are the whole model.
    squares = sum(run.scalars(f"grad_norm/{part}").values ** 2 for part in parts)
    np.testing.assert_allclose(np.sqrt(squares), run.scalars("optim/grad_norm").values, rtol=1e-5)
    # Adam's first step moves each weight by the learning rate (less where the gradient is nearly 0).
    size = Parameters(recipe.shape).flat.size
    moved = sum(
        (run.scalars(f"update_ratio/{part}").values[0] * run.scalars(f"weight_norm/{part}").values[0]) ** 2
        for part in parts
    )
    rate = run.scalars("optim/lr").values[0]
    assert 0.5 < math.sqrt(moved / size) / rate < 1.05


def test_validation_is_of_the_weights_after_the_step(tmp_path: Path, text: corpus.Corpus) -> None:
    # Without a learning rate nothing moves; with one, the only step that there is shows.
    still, moved = (
        results(replace(TINY, steps=1, learning_rate=rate), text, tmp_path / str(rate))[0] for rate in (0.0, 1e-2)
    )
    run = headway.open(tmp_path, index=":memory:")["0.0"].scalars("val/loss")
    assert run.values[0] == run.values[1] == np.float32(still.validation_loss)
    assert moved.validation_loss < still.validation_loss - 0.1


def test_the_same_recipe_gives_the_same_numbers(tmp_path: Path, text: corpus.Corpus) -> None:
    recipe = replace(TINY, steps=5)
    first, second = (
        [(p.train_loss, p.validation_loss) for p in results(recipe, text, tmp_path / name)] for name in "ab"
    )
    assert first == second
    other = results(replace(recipe, seed=2), text, tmp_path / "c")
    assert other[0].train_loss != first[0][0]


def test_perplexity() -> None:
    assert perplexity(math.log(256)) == pytest.approx(256)
    assert perplexity(1e4) == math.inf
    assert math.isnan(perplexity(math.nan))
