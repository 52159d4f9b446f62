from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headway.errors import HeadwayWarning
from headway.record.files.event_file import EventFile


@pytest.fixture
def begin() -> Iterator[Callable[..., EventFile]]:
    begun: list[EventFile] = []

    def begin(directory: Path, *arguments: object) -> EventFile:
        begun.append(EventFile(directory, *arguments))  # type: ignore[arg-type]
        return begun[-1]

    yield begin
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HeadwayWarning)
        for file in begun:
            file.close()
