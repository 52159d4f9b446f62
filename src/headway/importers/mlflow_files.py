"""MLflow's file store: mlruns/EXPERIMENT/RUN with meta.yaml, and a file for each metric, parameter and tag.

A line of a metric is `milliseconds value step`, or in old files `milliseconds value`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from headway.errors import HeadwayError
from headway.importers.encode import as_wall_time
from headway.importers.flat_yaml import read_yaml
from headway.importers.importer import Importer
from headway.importers.mlflow_run import STATUSES, describe, seconds
from headway.importers.number import number_of, whole
from headway.importers.place import Lines, Place
from headway.importers.run import ImportedRun, Options, Row

META = "meta.yaml"
_LARGEST_META = 1 << 20
_LARGEST_VALUE = 1 << 20
_DEPTH = 16
_MOST = 100_000
"""Files of one kind of a run."""


def is_mlflow_run(place: Place) -> bool:
    """Say whether a directory is a run of the file store."""
    meta = place.below(META)
    head = meta.head if place.is_directory and meta.exists() else b""
    return b"run_uuid:" in head or b"run_id:" in head


def mlflow_runs(place: Place, _: Options) -> Iterator[ImportedRun]:
    """Yield the one run; none of one that was deleted."""
    meta = read_yaml(place.below(META).text(_LARGEST_META))
    if meta.get("lifecycle_stage") == "deleted":
        return
    meta["run_id"] = meta.get("run_id") or meta.get("run_uuid")
    status = meta.get("status")
    if isinstance(status, int) and 0 < status < len(STATUSES):
        meta["status"] = STATUSES[status]
    run = ImportedRun(place.run_name(), str(place), "MLflow's file store", iter(()))
    describe(run, meta, _texts(place, "params"), _texts(place, "tags"), _experiment(place))
    run.rows = _rows(place, run)
    yield run


def _experiment(place: Place) -> str:
    above = Place(place.path.parent, place.root)
    if place.path == place.root:  # the source is the run itself
        above = Place(place.path.resolve().parent, place.path.resolve().parent)
    meta = above.below(META)
    return str(read_yaml(meta.text(_LARGEST_META)).get("name") or "") if meta.exists() else ""


def _texts(place: Place, folder: str) -> dict[str, str]:
    return {name: file.text(_LARGEST_VALUE) for name, file in _files(place.below(folder), "", 0)}


def _files(place: Place, prefix: str, depth: int) -> Iterator[tuple[str, Place]]:
    """Yield the files below a directory by their path in it."""
    if depth > _DEPTH:
        raise HeadwayError(f"{place}: nested deeper than {_DEPTH} directories")
    if depth == 0 and not place.is_directory:
        return
    for number, entry in zip(count(), place.entries(), strict=False):
        if number >= _MOST:
            raise HeadwayError(f"{place}: more than {_MOST} files")
        if entry.is_directory:
            yield from _files(entry, f"{prefix}{entry.name}/", depth + 1)
        else:
            yield prefix + entry.name, entry


def _rows(place: Place, run: ImportedRun) -> Iterator[Row]:
    for tag, file in _files(place.below("metrics"), "", 0):
        lines = Lines(file)
        torn: HeadwayError | None = None
        for line in lines:
            if torn is not None:
                raise torn
            if not line:
                continue
            words = line.split(" ")
            value = number_of(words[1]) if len(words) in (2, 3) else None
            step = whole(words[2]) if len(words) == 3 else 0
            if value is None or step is None:
                torn = HeadwayError(f"{lines.where}: not `milliseconds value step`: {line[:80]!r}")
                continue
            wall_time = as_wall_time(seconds(number_of(words[0])), run.started or file.modified)
            yield Row(step, wall_time, {tag: value})
        if torn is not None:
            run.left_out["torn last lines"] += 1


IMPORTER = Importer("a run of MLflow's file store", is_mlflow_run, mlflow_runs)
