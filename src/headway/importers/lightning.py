"""Lightning's CSVLogger: metrics.csv, whose rows hold only what was logged then, and hparams.yaml beside it."""

from __future__ import annotations

from collections.abc import Iterator

from headway.importers.csv_table import csv_runs, header_of
from headway.importers.flat_yaml import read_yaml
from headway.importers.importer import Importer
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options

FILE = "metrics.csv"
HPARAMS = "hparams.yaml"
_LARGEST = 4 << 20


def is_lightning(place: Place) -> bool:
    """Say whether a file is Lightning's."""
    return place.name == FILE and not place.is_directory and {"epoch", "step"} <= {*header_of(place)}


def lightning_runs(place: Place, options: Options) -> Iterator[ImportedRun]:
    """Yield the one run: a directory such as version_0."""
    for run in csv_runs(place, options, "Lightning's metrics.csv"):
        hparams = place.beside(HPARAMS)
        if hparams.exists():
            run.config = read_yaml(hparams.text(_LARGEST))
        yield run


IMPORTER = Importer("Lightning's metrics.csv", is_lightning, lightning_runs)
