"""What an import has written, as TensorBoard's own loader reads it; its points must be those that headway reads."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.util import tensor_util

from headway.events.decode import Decoder
from headway.events.scan import Scan
from headway.importers.bring import Outcome, bring
from headway.importers.run import Options
from headway.query.account import Account, account
from headway.store.rows import Told

Point = tuple[int, float, float]
TOLD = {"headway/state", "headway/config", "headway/run"}


class Read:
    """One run."""

    def __init__(self, directory: Path) -> None:
        (self.file,) = directory.glob("*tfevents*")
        self.scalars: dict[str, list[Point]] = defaultdict(list)
        self.dtypes: dict[str, set[str]] = defaultdict(set)
        self.texts: dict[str, list[tuple[int, float, str]]] = defaultdict(list)
        self.others: dict[str, list[tuple[int, str, Any]]] = defaultdict(list)
        self.account = self._account()
        plugins: dict[str, str] = {}
        for event in EventFileLoader(str(self.file)).Load():
            for value in event.summary.value:
                plugins.setdefault(value.tag, value.metadata.plugin_data.plugin_name)
                self._add(event.step, event.wall_time, plugins[value.tag], value)
        self._agree()

    def values(self, tag: str) -> list[float]:
        return [value for _, _, value in self.scalars[tag]]

    def steps(self, tag: str) -> list[int]:
        return [step for step, _, _ in self.scalars[tag]]

    @property
    def about(self) -> dict[str, Any]:
        """The JSON in headway/run."""
        (_, _, text), *_ = self.texts["headway/run"]
        found = json.loads(text.rpartition("```json")[2].rpartition("```")[0])
        assert isinstance(found, dict)
        return found

    def _add(self, step: int, wall_time: float, plugin: str, value: Any) -> None:
        if plugin == "hparams":
            return
        array = tensor_util.make_ndarray(value.tensor)
        if plugin == "scalars":
            self.scalars[value.tag].append((step, wall_time, array.item()))
            self.dtypes[value.tag].add(str(array.dtype))
        elif plugin == "text" and array.size == 1:
            self.texts[value.tag].append((step, wall_time, array.item().decode()))
        else:
            self.others[value.tag].append((step, plugin, array))

    def _agree(self) -> None:
        data = self.file.read_bytes()
        decoder = Decoder()
        scan = decoder.decode(data, 0, True)
        assert scan.consumed == len(data)
        assert not scan.skipped
        ours = _points(decoder, scan)
        assert ours.keys() == self.scalars.keys()
        for tag, points in self.scalars.items():
            np.testing.assert_array_equal(np.array(ours[tag]), np.array(points, dtype=np.float64))

    def _account(self) -> Account:
        data = self.file.read_bytes()
        decoder = Decoder()
        scan = decoder.decode(data, 0, True)
        told = []
        for blob in scan.blobs:
            tag, kind = decoder.tag_names[blob.tag], decoder.kind_names[blob.kind]
            if tag in TOLD or kind == "hparams":
                content = data[blob.offset : blob.offset + blob.length]
                told.append(Told(tag, kind, str(self.file), 0, blob.step, blob.wall_time, content))
        return account(told)


def points(directory: Path) -> dict[str, list[Point]]:
    """Only the points of a run, as headway reads them: for what is long."""
    (file,) = directory.glob("*tfevents*")
    data = file.read_bytes()
    decoder = Decoder()
    return _points(decoder, decoder.decode(data, 0, True))


def _points(decoder: Decoder, scan: Scan) -> dict[str, list[Point]]:
    found: dict[str, list[Point]] = {}
    for tag, begin, end in zip(scan.tags.tolist(), scan.bounds[:-1].tolist(), scan.bounds[1:].tolist(), strict=True):
        columns = (scan.steps[begin:end], scan.wall_times[begin:end], scan.values[begin:end])
        found[decoder.tag_names[tag]] = list(zip(*(column.tolist() for column in columns), strict=True))
    return found


def imported(source: Path, logdir: Path, step: str | None = None, wall: str | None = None) -> list[Outcome]:
    """Import, and let nothing fail."""
    outcomes = list(bring(source, logdir, Options(step, wall)))
    assert not [outcome.error for outcome in outcomes if outcome.error]
    return outcomes


def read_one(source: Path, logdir: Path, step: str | None = None, wall: str | None = None) -> Read:
    """Import the one run of a source, and read it back."""
    (outcome,) = imported(source, logdir, step, wall)
    return Read(logdir / outcome.name)


def points_of_one(source: Path, logdir: Path) -> dict[str, list[Point]]:
    """Import the one run of a source, and read its points."""
    (outcome,) = imported(source, logdir)
    return points(logdir / outcome.name)
