"""What MLflow says of a run, in either of its stores, as a run of headway's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from headway.importers.name import safe_name
from headway.importers.number import literal_of
from headway.importers.run import ImportedRun
from headway.record.about.ending import FINISHED, RUNNING, State

STATUSES = ("", "RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")
"""By the numbers that the file store writes."""

_STATES = {
    "RUNNING": RUNNING,
    "FINISHED": FINISHED,
    "FAILED": State("failed"),
    "KILLED": State("killed"),
}
_OWN = "mlflow."


def describe(
    run: ImportedRun, meta: Mapping[str, Any], params: Mapping[str, str], tags: Mapping[str, str], experiment: str
) -> None:
    """Tell `run` what it is.

    Args:
        run: to be told.
        meta: run_id, run_name, status (its name), start_time, end_time (milliseconds since 1970), user_id.
        params: as texts, which all parameters are in MLflow.
        tags: as texts, MLflow's own among them.
        experiment: its name.
    """
    run.id = str(meta.get("run_id") or "")
    name = str(meta.get("run_name") or tags.get("mlflow.runName") or run.id)
    # A name may hold a slash; an experiment of Databricks' is a path, and stays one.
    run.name = f"{experiment}/{safe_name(name).replace('/', '_')}" if experiment else name
    run.notes = tags.get("mlflow.note.content", "")
    run.config = {key: literal_of(value) for key, value in params.items()}
    run.tags = [f"{key}={value}" if value else key for key, value in tags.items() if not key.startswith(_OWN)]
    run.state = _STATES.get(str(meta.get("status")))
    run.started, run.ended = seconds(meta.get("start_time")), seconds(meta.get("end_time"))
    commit = tags.get("mlflow.source.git.commit")
    about = {
        "user": tags.get("mlflow.user") or meta.get("user_id"),
        "command": tags.get("mlflow.source.name") or meta.get("source_name"),
        "experiment": experiment,
        "git": commit and {"commit": commit, "branch": tags.get("mlflow.source.git.branch", ""), "dirty": False},
        "parent": tags.get("mlflow.parentRunId"),
    }
    run.about = {key: value for key, value in about.items() if value}


def seconds(milliseconds: Any) -> float | None:
    """Return a moment of MLflow's as seconds since 1970; None where it has none."""
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float):
        return None
    return milliseconds / 1000 if 0 < milliseconds < 1e15 else None
