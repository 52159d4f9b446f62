from __future__ import annotations

from pathlib import Path

import pytest

from headway.record.files.place import Place


def test_a_directory_is_its_own_place(tmp_path: Path) -> None:
    place = Place(tmp_path)
    assert (place.name, place.path) == (str(tmp_path), str(tmp_path))
    below = place.below("loss/train", "a")
    assert below.name == below.path == str(tmp_path / "loss" / "train" / "a")


@pytest.mark.parametrize("part", ["..", "../..", "/etc", "a/../../b", "..\\.."])
def test_nothing_is_below_but_what_is_inside(tmp_path: Path, part: str) -> None:
    path = Path(Place(tmp_path).below(part).path)
    assert path.resolve().is_relative_to(tmp_path.resolve())


def test_below_is_where_it_was_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    place = Place("runs")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    below = place.below("valid")
    assert (below.name, below.path) == (str(Path("runs/valid")), str(tmp_path / "runs/valid"))
    assert below.below("a").path == str(tmp_path / "runs/valid/a")


def test_bytes() -> None:
    assert Place(b"caf\xe9").path == "caf\udce9"
