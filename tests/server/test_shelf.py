from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from headway import SummaryWriter
from headway.ingest.index import Index
from headway.marks import Marks
from headway.query.entries import entries
from headway.server import shelf
from headway.server.contents import Contents
from headway.server.served import Served
from headway.server.shelf import Shelf


def test_entries_follow_a_run(tmp_path: Path) -> None:
    with closing(Index(tmp_path, ":memory:")) as index, SummaryWriter(str(tmp_path)) as writer:
        found = Shelf(index)
        assert len(found.entries(".", "t/text_summary", "text").steps) == 0
        for step in range(3):
            writer.add_text("t", "x" * step, step)
            writer.flush()
            index.refresh()
            assert found.entries(".", "t/text_summary", "text").steps.tolist() == [*range(step + 1)]
        assert found.entries(".", "t/text_summary", "text") is found.entries(".", "t/text_summary", "text")
        assert len(found.entries("b", "t/text_summary", "text").steps) == 0


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(12):
            for tag in "abc":
                writer.add_text(tag, "x", step)
    monkeypatch.setattr(shelf, "MOST", 30)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        found = Shelf(index)
        first = {tag: found.entries(".", f"{tag}/text_summary", "text") for tag in "abc"}
        kept = [tag for tag in "bca" if found.entries(".", f"{tag}/text_summary", "text") is first[tag]]
        assert kept == ["b", "c"]


def test_keys_find_their_entries(tmp_path: Path) -> None:
    for life in range(3):
        with SummaryWriter(str(tmp_path), filename_suffix=f".{life}") as writer:
            for step in range(20):
                writer.add_text("t", "x", step, walltime=100.0)
    with closing(Index(tmp_path, ":memory:")) as index:
        index.refresh()
        contents = Contents(Served(index, Marks(tmp_path)), ".", "t/text_summary", "text")
        keys = contents.keys()
        assert len({*keys}) == len(contents) == 60
        assert [contents.key(i) for i in range(60)] == keys
        assert [contents.find(key) for key in keys] == [*range(60)]
        assert [contents.find(key) for key in ("", "x", keys[0] + "0", keys[0].upper(), "-".join("0000"))] == [
            None
        ] * 5
        found = entries(index, ".", "t/text_summary", "text")
        assert np.array_equal(found.offsets, contents.entries.offsets)
