from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.importers.name import safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b", "a/b"),
        ("实验 1/Läufe", "实验 1/Läufe"),
        ("../../etc/passwd", "__/__/etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("a\\..\\b", "a/__/b"),
        ("a\0b\x1b[31m\n", "a_b_[31m_"),
        (".headway/x", "_headway/x"),
        ("C:\\x", "C_/x"),
        ("", "run"),
        ("././", "run"),
        (" . ", "run"),
        ("a. /b", "a/b"),
        ("\u202eevil", "_evil"),
    ],
)
def test_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_long_names_stay_different() -> None:
    one, other = safe_name("ä" * 500 + "1"), safe_name("ä" * 500 + "2")
    assert one != other
    assert len(one.encode()) <= 160
    assert len(safe_name("a/" * 1000).split("/")) <= 16


@given(st.text(st.characters(), max_size=40))
def test_no_name_leads_out_or_hides(name: str) -> None:
    safe = safe_name(name)
    safe.encode()
    for path in (PurePosixPath(safe), PureWindowsPath(safe)):
        assert not path.is_absolute()
        assert not path.drive
        assert all(part not in ("..", ".") and not part.startswith(".") for part in path.parts)
    assert not any(ord(letter) < 32 for letter in safe)
    assert safe_name(safe) == safe
