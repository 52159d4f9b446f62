from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from headway.importers.bring import bring
from headway.importers.wandb_log import BLOCK
from importers.readback import Read, imported, read_one


@pytest.fixture(scope="module")
def everything(wandb_runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    logdir = tmp_path_factory.mktemp("logs")
    imported(wandb_runs, logdir)
    return Read(logdir / "a" / "name")


def first(runs: Path) -> Path:
    """The directory of the run with everything, which has media."""
    return next(path for path in runs.iterdir() if (path / "files" / "media").is_dir() and not path.is_symlink())


def test_every_number_is_as_it_was_logged(everything: Read) -> None:
    assert everything.values("train/loss") == [0.1 * step for step in range(3)]
    assert everything.steps("train/loss") == [0, 1, 2]
    assert everything.values("nest/a") == [0, 1, 2]
    assert everything.values("nest/b/c") == [0.5] * 3
    assert everything.values("big") == [2**60 + 1] * 3
    assert everything.values("odd") == [2**53 + 1] * 3
    assert everything.values("flag") == [0, 1, 1]
    assert everything.values("inf") == [-math.inf] * 3
    assert all(map(math.isnan, everything.values("nan")))
    assert everything.dtypes["big"] == {"int64"}


def test_wall_times_are_those_of_the_log(everything: Read) -> None:
    walls = [wall for _, wall, _ in everything.scalars["train/loss"]]
    assert walls == sorted(walls)
    started = everything.about["started"]
    assert all(started < wall < started + 60 for wall in walls)


def test_texts_and_the_console(everything: Read) -> None:
    assert [text for *_, text in everything.texts["words/text_summary"]] == ["step 0", "step 1", "step 2"]
    assert "said on the console" in everything.texts["headway/console"][0][2]


def test_a_record_longer_than_a_block(everything: Read) -> None:
    ((step, _, text),) = everything.texts["long/text_summary"]
    assert (step, text) == (11, "word " * 30_000)


def test_pictures_tables_histograms_and_pages(everything: Read) -> None:
    ((step, plugin, one),) = everything.others["one"]
    assert (step, plugin, one[0], one[1]) == (10, "images", b"4", b"4")
    assert one[2].startswith(b"\x89PNG")
    ((_, _, two),) = everything.others["two"]
    assert [file[:4] for file in two[2:]] == [b"\x89PNG"] * 2
    ((_, plugin, buckets),) = everything.others["dist"]
    assert plugin == "histograms"
    assert buckets.shape == (64, 3)
    assert buckets[:, 2].sum() == 4
    assert (buckets[0, 0], buckets[-1, 1]) == (1.0, 3.0)
    ((_, plugin, rows),) = everything.others["rows"]
    assert (plugin, rows.tolist()) == ("text", [[b"a", b"b"], [b"1", b"x"], [b"2.5", b""]])
    assert "<b>hi</b>" in everything.texts["page"][0][2]


def test_what_the_run_says_of_itself(everything: Read) -> None:
    account = everything.account
    assert account.config["lr"] == 1e-3
    assert account.config["model.depth"] == 4
    assert account.config["later"] == "yes"
    assert account.config["api_key"] == "***"
    assert everything.about["notes"] == "Some *notes*."
    assert everything.about["tags"] == ["x", "y"]
    assert everything.about["group"] == "seeds"
    assert everything.about["project"] == "proj"
    assert everything.about["imported"]["format"] == "wandb"
    assert "| imported | wandb: `" in everything.texts["headway/run"][0][2]
    assert account.state is not None
    assert account.state.word == "finished"


def test_of_the_summary_what_the_history_does_not_say(everything: Read) -> None:
    assert everything.values("summary/best") == [0.25]
    assert [tag for tag in everything.scalars if tag.startswith("summary/")] == ["summary/best"]


def test_what_is_left_out_is_counted(wandb_runs: Path, tmp_path: Path) -> None:
    (outcome,) = imported(first(wandb_runs), tmp_path)
    assert outcome.left_out == {"lists": 3}


def test_runs_of_one_name_and_a_failure(wandb_runs: Path, tmp_path: Path) -> None:
    outcomes = imported(wandb_runs, tmp_path)
    assert sorted(outcome.name for outcome in outcomes) == ["a/name", "broken", "broken-abc124"]
    broken = Read(tmp_path / "broken")
    assert broken.account.state is not None
    assert (broken.account.state.word, broken.account.state.reason) == ("failed", "exit status 3")
    assert Read(tmp_path / "broken-abc124").steps("loss") == [7]


def test_media_that_lead_elsewhere_are_left_out(wandb_runs: Path, tmp_path: Path) -> None:
    copy = tmp_path / "source" / "run"
    shutil.copytree(first(wandb_runs), copy)
    secret = tmp_path / "secret.png"
    picture = next((copy / "files" / "media" / "images").glob("one*"))
    secret.write_bytes(picture.read_bytes())
    picture.unlink()
    picture.symlink_to(secret)
    (outcome,) = bring(copy, tmp_path / "logs")
    assert outcome.error is None
    assert outcome.left_out["image-file entries whose file is missing, damaged or elsewhere"] == 1
    assert "one" not in Read(tmp_path / "logs" / "a" / "name").others


def cut(source: Path, target: Path, change: bytes | int) -> Path:
    """A copy of a `.wandb` file alone: cut off at a byte, or with other bytes in its middle."""
    data = source.read_bytes()
    target.mkdir(parents=True)
    copy = target / "run-x.wandb"
    copy.write_bytes(
        data[:change] if isinstance(change, int) else data[: len(data) // 2] + change + data[len(data) // 2 :]
    )
    return copy


def test_what_a_killed_process_left_is_kept(wandb_runs: Path, tmp_path: Path) -> None:
    (source,) = first(wandb_runs).glob("*.wandb")
    data = source.read_bytes()
    third = data.rindex(b"step 2")
    read = read_one(cut(source, tmp_path / "source", third), tmp_path / "logs")
    assert read.steps("train/loss") == [0, 1]
    assert read.account.state is not None
    assert read.account.state.word == "running"  # it never said that it ended


def test_records_behind_damage_are_found(wandb_runs: Path, tmp_path: Path) -> None:
    (source,) = first(wandb_runs).glob("*.wandb")
    data = bytearray(source.read_bytes())
    data[data.index(b"step 1")] ^= 1
    copy = tmp_path / "run-x.wandb"
    copy.write_bytes(data)
    (outcome,) = bring(copy, tmp_path / "logs")
    assert outcome.error is None
    assert any("damaged" in what for what in outcome.left_out)
    assert Read(tmp_path / "logs" / "a" / "name").steps("nest/a")[-1] == 2


def test_a_file_of_nothing_is_an_error_that_says_where(tmp_path: Path) -> None:
    for content in (b"", b":W&B", b":W&B\xe1\xbe\x00", b":W&B\xe1\xbe\x00" + bytes(2 * BLOCK), b"text"):
        source = tmp_path / "x.wandb"
        source.write_bytes(content)
        (outcome,) = bring(source, tmp_path / "logs")
        assert outcome.error is not None
        assert "x.wandb: byte" in outcome.error
        assert not list((tmp_path / "logs").rglob("*")) if (tmp_path / "logs").exists() else True
