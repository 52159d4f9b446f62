"""Megatron-LM's record of a run as JSON: for each metric its values by step.

    {"lm loss": {"start_step": 1, "end_step": 51000, "step_interval": 5, "values": {"1": 12.9, ...}}, ...}

A step that was not written has the text "nan": that is left out. It does not say when a step was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from headway.errors import HeadwayError
from headway.importers.columns import step_of
from headway.importers.importer import Importer
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options, Row

_MARKS = (b'"start_step"', b'"step_interval"', b'"values"')


def is_megatron(place: Place) -> bool:
    """Say whether a JSON file is such a record."""
    return not place.is_directory and place.path.suffix == ".json" and all(mark in place.head for mark in _MARKS)


def megatron_runs(place: Place, _: Options) -> Iterator[ImportedRun]:
    """Yield the one run."""
    metrics = place.document()
    if not isinstance(metrics, dict):
        raise HeadwayError(f"{place}: a {type(metrics).__name__}, not an object of metrics")
    run = ImportedRun(place.run_name(), str(place), "Megatron-LM's JSON", iter(()))
    run.rows = _rows(place, metrics, run.left_out)
    yield run


def _rows(place: Place, metrics: dict[str, Any], left_out: Counter[str]) -> Iterator[Row]:
    for tag, metric in metrics.items():
        values = metric.get("values") if isinstance(metric, dict) else None
        if not isinstance(values, dict):
            raise HeadwayError(f"{place}: {tag!r} has no values by step")
        for number, value in values.items():
            where = f"{place}: {tag!r}"
            step = step_of(number, where)
            if step is None or isinstance(value, str):
                left_out["steps without a value"] += 1
            elif isinstance(value, float | int):
                yield Row(step, place.modified, {tag: value})
            else:
                raise HeadwayError(f"{where}: the value of step {step} is a {type(value).__name__}, not a number")


IMPORTER = Importer("Megatron-LM's JSON of metrics", is_megatron, megatron_runs)
