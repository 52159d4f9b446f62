"""One run: series, expressions, lives, ranks, entries, and what it says of itself."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import headway
from events.frames import scalar, version, write
from headway.errors import HeadwayError
from headway.query import kinds


def opened(directory: Path) -> headway.Logs:
    return headway.open(directory, index=":memory:")


def points(scalars: headway.Scalars) -> list[tuple[int, float]]:
    return list(zip(scalars.steps.tolist(), scalars.values.tolist(), strict=True))


def test_expressions(tmp_path: Path) -> None:
    frames = [scalar("train/loss", 4 - step, step, 100 + step) for step in range(4)]
    frames += [scalar("val/loss", 5, step, 100 + step) for step in (1, 3)]
    frames += [scalar("a - b", 7, 0)]
    write(tmp_path / "r" / "tfevents", [version(), *frames])
    run = opened(tmp_path)["r"]
    assert points(run.scalars("val/loss - train/loss")) == [(1, 2), (3, 4)]
    assert points(run.scalars("rate(train/loss, wall)")) == [(1, -1), (2, -1), (3, -1)]
    assert run.scalars("val/loss * 0 + relative").values.tolist() == [100, 102]  # the run's first point is at 1 s
    assert points(run.scalars("a - b")) == [(0, 7)]
    assert points(run.scalars("`a - b` * 2")) == [(0, 14)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("train/los", "did you mean 'train/loss'"),
        ("ema(train/los, 0.9)", "no scalars 'train/los'; did you mean 'train/loss'"),
        ("what is this", "no expression: an operator or the end was expected"),
        ("train/loss +", "no expression: .*; did you mean 'train/loss'"),
        ("rate(train/loss)", r"no expression: rate\(x, axis\) was expected"),
        ("nope(train/loss)", "no expression: .*nope"),
    ],
)
def test_what_is_neither_a_tag_nor_an_expression(text: str, message: str, tmp_path: Path) -> None:
    write(tmp_path / "r" / "tfevents", [version(), scalar("train/loss", 1, 1)])
    with pytest.raises(KeyError, match=message):
        opened(tmp_path)["r"].scalars(text)


def test_superseded_points(tmp_path: Path) -> None:
    for name, begin, end, value in (("1", 0, 6, 1), ("2", 3, 8, 2), ("3", 7, 9, 3)):
        frames = [scalar("x", value, step, 100 * value + step) for step in range(begin, end)]
        write(tmp_path / "r" / f"tfevents.{name}", [version(), *frames])
    run = opened(tmp_path)["r"]
    assert run.scalars("x").values.tolist() == [1, 1, 1, 2, 2, 2, 2, 3, 3]
    assert points(run.scalars("x", superseded=True)) == [(3, 1), (4, 1), (5, 1), (7, 2)]
    assert points(run.scalars("x * 10", superseded=True)) == [(3, 10), (4, 10), (5, 10), (7, 20)]
    with pytest.raises(HeadwayError, match="at once"):
        run.scalars("x", superseded=True, rank=0)


def test_ranks(tmp_path: Path) -> None:
    for rank in (0, 1):
        frames = [scalar("x", 10 * rank + step, step, 100 + step) for step in range(3 + rank)]
        write(tmp_path / "r" / f"events.out.tfevents.1.host.1.0.rank{rank}", [version(), *frames])
    run = opened(tmp_path)["r"]
    assert [*run.by_rank("x")] == [0, 1]
    assert [one.values.tolist() for one in run.by_rank("x").values()] == [[0, 1, 2], [10, 11, 12, 13]]
    assert run.scalars("x", rank=1).values.tolist() == [10, 11, 12, 13]
    assert points(run.aggregated("x")) == [(0, 5), (1, 6), (2, 7), (3, 13)]
    assert run.aggregated("x", "max").values.tolist() == [10, 11, 12, 13]
    assert run.scalars("x + 1", rank=0).values.tolist() == [1, 2, 3]
    with pytest.raises(KeyError, match=r"of rank 7; there are \[0, 1\]"):
        run.scalars("x", rank=7)
    with pytest.raises(HeadwayError, match="median"):
        run.aggregated("x", "median")  # type: ignore[arg-type]
    for ask in (run.by_rank, run.aggregated):
        with pytest.raises(KeyError, match="did you mean 'x'"):
            ask("xx")


def test_entries(tmp_path: Path) -> None:
    with headway.init(tmp_path / "r") as logged:
        for step in range(4):
            logged.log({"picture": headway.Image(np.full((2, 3, 3), step * 10, dtype=np.uint8))}, step)
            logged.log({"h": headway.Histogram(np.arange(5.0)), "said": headway.Text(f"step {step}")}, step)
        logged.rewind(3)
        logged.log({"said": headway.Text("again")}, 3)
    run = opened(tmp_path)["r"]
    assert {"picture", "h", "said"} <= {tag for tags in run.kinds.values() for tag in tags}
    pictures = run.entries("picture")
    assert (pictures.kind, len(pictures), pictures.steps.tolist()) == ("images", 4, [0, 1, 2, 3])
    assert isinstance(pictures[-2], kinds.Images)
    said = run.entries("said")
    assert said.superseded.tolist() == [False, False, False, True, False]
    counting = said[~said.superseded]
    assert [text.strings.tolist() for text in counting if isinstance(text, kinds.Text)] == [
        "step 0",
        "step 1",
        "step 2",
        "again",
    ]
    assert said[1:3].steps.tolist() == [1, 2]
    assert (len(said[[]]), said[[4, 1]].steps.tolist()) == (0, [3, 1])
    assert said[[4, 0]][1:][0] == said[0] or isinstance(said[0], kinds.Text)
    assert said[np.int64(2)] is not None
    assert b"step 2" in said.content(2)
    with pytest.raises(IndexError, match="no entry 5: 'said' has 5"):
        said[5]
    with pytest.raises(KeyError, match="did you mean 'picture'"):
        run.entries("pictur")
    with pytest.raises(KeyError, match="no audio 'said'"):
        run.entries("said", "audio")


def test_entries_whose_file_is_gone(tmp_path: Path) -> None:
    with headway.init(tmp_path / "r") as logged:
        logged.log({"said": headway.Text("something")}, 0)
    said = opened(tmp_path)["r"].entries("said")
    for file in (tmp_path / "r").iterdir():
        file.unlink()
    with pytest.raises(HeadwayError):
        said[0]


def test_what_a_run_says_of_itself(tmp_path: Path) -> None:
    with headway.init(tmp_path / "r", {"lr": 0.1, "model": {"layers": 2}}, notes="a try", tags=["x"]):
        pass
    with pytest.raises(RuntimeError, match="boom"), headway.init(tmp_path / "s"):
        raise RuntimeError("boom")
    write(tmp_path / "t" / "tfevents", [version(), scalar("x", math.nan, 1)])
    logs = opened(tmp_path)
    assert (logs["r"].config, logs["r"].state) == ({"lr": 0.1, "model.layers": 2}, "finished")
    assert (logs["r"].account.notes, logs["r"].account.tags) == ("a try", ("x",))
    assert logs["s"].state == "failed"
    assert logs["t"].config == {}
