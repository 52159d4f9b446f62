from __future__ import annotations

import sys
import warnings

import pytest

from headway.errors import HeadwayWarning
from headway.record.files.warning import warn


def test_it_is_a_warning() -> None:
    with pytest.warns(HeadwayWarning, match="full"):
        warn("the disk is full")


def test_where_warnings_are_errors_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn("the disk is full")
    assert capsys.readouterr().err == "HeadwayWarning: the disk is full\n"


def test_without_stderr_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn("the disk is full")


def test_a_message_is_of_bounded_length_and_without_control_characters() -> None:
    with pytest.warns(HeadwayWarning) as said:
        warn("a\x1b[31m\ud800\0 and " + "x" * 100_000 + " the end")
    message = str(said[0].message)
    assert message.startswith("a\\x1b[31m\\ud800\\x00 and x")
    assert message.endswith("x the end")
    assert len(message) < 3_000
