from __future__ import annotations

import numpy as np
import pytest

import headway
from demo.test_train import TINY, results
from headway.demo import corpus
from headway.demo.look import GRID, LENGTH, PROMPTS, generate, kind_of, painted
from headway.demo.model import initial, loss, predict
from headway.logs.run import LoggedRun
from headway.query.kinds.mesh import Mesh
from headway.query.kinds.table import Table


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> LoggedRun:
    logdir = tmp_path_factory.mktemp("look")
    results(TINY, corpus.load(), logdir / "run")
    assert (logdir / "run" / "projector_config.pbtxt").is_file()
    return headway.open(logdir, index=":memory:")["run"]


def test_it_shows_every_kind(run: LoggedRun) -> None:
    assert {kind: len(tags) for kind, tags in run.kinds.items() if kind not in ("scalars", "text", "hparams")} == {
        "images": 1,  # a layer
        "histograms": 2 * 4,
        "mesh": 3,
        "pr_curves": 3,
    }
    samples = run.entries("samples")
    assert list(samples.steps) == [1, TINY.steps]
    table = samples[-1]
    assert isinstance(table, Table)
    assert len(table.rows) == PROMPTS
    assert [column.name for column in table.columns] == ["prompt", "generation", "truth", "bits a byte"]


def test_the_landscape_is_a_surface_around_the_weights(run: LoggedRun) -> None:
    parts = [run.entries(f"landscape_{part}")[-1] for part in ("VERTEX", "FACE")]
    vertices, faces = (part.values for part in parts if isinstance(part, Mesh))
    assert vertices.shape == (1, GRID**2, 3)
    assert faces.shape == (1, 2 * (GRID - 1) ** 2, 3)
    assert sorted(set(faces.ravel().tolist())) == list(range(GRID**2))


def test_it_predicts_what_it_is_trained_on() -> None:
    weights = initial(TINY.shape, 1)
    text = corpus.load()
    inputs, targets = corpus.draw(text.train, np.random.default_rng(0), 3, TINY.shape.context)
    logits, looks = predict(weights, TINY.shape, inputs)
    chances = np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)
    chosen = np.take_along_axis(chances, targets[..., None].astype(int), -1)
    assert float(-np.log(chosen).mean()) == pytest.approx(loss(weights, TINY.shape, inputs, targets), rel=1e-5)
    (heads,) = looks.values()
    assert heads.shape == (3, 2, 32, 32)
    np.testing.assert_allclose(heads.sum(axis=-1), 1, rtol=1e-5)
    assert np.triu(heads, 1).max() == 0  # nobody looks ahead


def test_what_is_written_depends_on_the_prompt_and_the_seed() -> None:
    weights = initial(TINY.shape, 1)
    prompts = corpus.draw(corpus.load().train, np.random.default_rng(0), 2, TINY.shape.context)[0]
    first, again, other = (generate(weights, TINY.shape, prompts, LENGTH, seed) for seed in (0, 0, 1))
    assert first.shape == (2, LENGTH)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_colours_go_from_dark_to_light() -> None:
    colours = painted(np.linspace(0, 1, 50))
    assert colours.shape == (50, 3)
    assert (np.diff(colours @ np.array([0.2126, 0.7152, 0.0722])) > 0).all()


@pytest.mark.parametrize(
    ("byte", "kind"),
    [
        (ord("a"), "letter"),
        (ord("7"), "digit"),
        (ord("\n"), "white space"),
        (ord("("), "sign"),
        (0, "control"),
        (200, "no ASCII"),
    ],
)
def test_kinds_of_bytes(byte: int, kind: str) -> None:
    assert kind_of(byte) == kind
