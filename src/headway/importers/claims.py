"""Which importer knows what lies somewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from headway.errors import HeadwayError
from headway.importers import (
    csv_table,
    jsonl,
    lightning,
    llama_factory,
    megatron,
    mlflow_files,
    mlflow_sqlite,
    parquet,
    text_log,
    trainer_state,
    wandb_offline,
)
from headway.importers.importer import Importer
from headway.importers.place import Place

IMPORTERS: tuple[Importer, ...] = (
    wandb_offline.IMPORTER,
    mlflow_files.IMPORTER,
    mlflow_sqlite.IMPORTER,
    parquet.IMPORTER,
    trainer_state.IMPORTER,
    megatron.IMPORTER,
    llama_factory.IMPORTER,
    lightning.IMPORTER,
    csv_table.IMPORTER,
    jsonl.IMPORTER,
    text_log.IMPORTER,
)
"""The first that claims a place has it: those that know more stand before those that take anything of a kind."""

SUFFIXES = frozenset(
    (
        *(".wandb", ".db", ".sqlite", ".sqlite3", ".parquet", ".json", ".csv", ".tsv", ".jsonl", ".ndjson"),
        *(".log", ".txt", ".out", ".err"),
    )
)
"""Of files that are looked at in a directory. A file that is named itself may be called anything."""
_DEPTH = 32


def recognise(place: Place) -> Importer | None:
    """Return the importer of what is at a place; None when there is none."""
    return next((importer for importer in IMPORTERS if importer.claims(place)), None)


def claimed(source: Path) -> Iterator[tuple[Place, Importer]]:
    """Yield what can be imported of a file or directory, and by what: directories from the top down, by name.

    Raises:
        HeadwayError: the source is not there, or nothing in it is known.
    """
    if not os.path.exists(source):  # noqa: PTH110 - pathlib's raises where a parent may not be entered
        raise HeadwayError(f"{source}: no such file or directory")
    place = Place(source, source)
    if not place.is_directory:
        place.open().close()  # says what is wrong with it
    any_found = False
    for found in _walk(place, 0):
        any_found = True
        yield found
    if not any_found:
        known = "; ".join(importer.what for importer in IMPORTERS)
        what = "nothing in it is known" if place.is_directory else "not known"
        raise HeadwayError(f"{source}: {what} to headway, which imports: {known}")


def _walk(place: Place, depth: int) -> Iterator[tuple[Place, Importer]]:
    importer = recognise(place) if depth == 0 or _is_looked_at(place) else None
    if importer is not None:
        yield place, importer
    elif place.is_directory and depth < _DEPTH:
        for entry in place.entries():
            yield from _walk(entry, depth + 1)


def _is_looked_at(place: Place) -> bool:
    return place.is_directory or place.path.suffix.lower() in SUFFIXES
