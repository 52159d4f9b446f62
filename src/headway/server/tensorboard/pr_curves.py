"""`/data/plugin/pr_curves`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from headway.query.kinds import PrCurve
from headway.server.contents import Contents
from headway.server.tensorboard.answer import answered, invalid, plain, refused
from headway.server.tensorboard.tags import DescribedTags

if TYPE_CHECKING:
    from headway.server.served import Served

KIND = "pr_curves"
_COUNTS = ("true_positives", "false_positives", "true_negatives", "false_negatives")
_PRECISION, _RECALL = 4, 5


class PrCurves:
    """Answers from one log directory."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._tags = DescribedTags(served, KIND)

    def tags(self, _: Request) -> Response:
        """Run → tag → `{displayName, description}`."""
        return answered(self._tags.all())

    def pr_curves(self, request: Request) -> Response:
        """Run → its curves of one tag, oldest first. A curve ends where no sample is called positive any more."""
        runs, tag = request.query_params.getlist("run"), request.query_params.get("tag")
        if not runs or not tag:
            return invalid(f"Both run and tag must be specified: tag={tag!r}, run={runs!r}")
        found: dict[str, list[dict[str, Any]]] = {}
        for run in runs:
            contents = Contents(self._served, run, tag, KIND, current=True)
            if not contents:
                return refused(f"No PR curves could be found for run {run!r} and tag {tag!r}")
            values = ((wall, step, contents.readable(i)) for i, wall, step in contents.rows())
            found[run] = [curve(wall, step, v.values) for wall, step, v in values if isinstance(v, PrCurve)]
        return answered(found)


def curve(wall_time: float, step: int, values: NDArray[np.float64]) -> dict[str, Any]:
    """One curve as TensorBoard words it, of `values` float[6, thresholds]: TP, FP, TN, FN, precision, recall."""
    counts = np.nan_to_num(values[:4], nan=0.0, posinf=0.0, neginf=0.0).astype(np.int64)
    called = np.flatnonzero(counts[0] + counts[1])
    end = int(called[-1]) + 1 if len(called) else 1
    return {
        "wall_time": wall_time,
        "step": step,
        "precision": plain(values[_PRECISION, :end]),
        "recall": plain(values[_RECALL, :end]),
        **{name: counts[row, :end].tolist() for row, name in enumerate(_COUNTS)},
        "thresholds": np.linspace(0.0, 1.0, values.shape[1])[:end].tolist(),
    }
