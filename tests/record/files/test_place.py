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
