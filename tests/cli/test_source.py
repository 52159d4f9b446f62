from __future__ import annotations

import gc
from pathlib import Path

import pytest

from headway.cli.source import opened
from headway.errors import HeadwayError


def test_cycles_are_looked_for_again(logdir: Path) -> None:
    with opened(str(logdir), ":memory:") as index:
        assert not gc.isenabled()
        assert len(index.runs()) == 4
    assert gc.isenabled()
    with opened(str(logdir), ":memory:", keep_reading=True):
        assert gc.isenabled()
    with pytest.raises(HeadwayError), opened(str(logdir), ":memory:"):
        raise HeadwayError("no such run")
    assert gc.isenabled()
