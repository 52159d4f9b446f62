"""One scalar series, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headway.query.series import Series

if TYPE_CHECKING:
    import pandas
    import polars


class Scalars:
    """The points of one scalar series, or of an expression, in the order they were logged."""

    def __init__(
        self, steps: NDArray[np.int64], wall_times: NDArray[np.float64], values: NDArray[np.float64]
    ) -> None:
        self.steps = steps
        """[n] int64."""
        self.wall_times = wall_times
        """[n] float64, seconds since 1970."""
        self.values = values
        """[n] float64."""

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"<Scalars: {len(self)} points>"

    def to_pandas(self) -> pandas.DataFrame:
        """Return a DataFrame with the columns step, wall_time and value. Needs pandas."""
        import pandas

        return pandas.DataFrame(self._columns())

    def to_polars(self) -> polars.DataFrame:
        """Return a polars DataFrame with the same columns. Needs polars."""
        import polars

        return polars.DataFrame(self._columns())

    def _columns(self) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
        return {"step": self.steps, "wall_time": self.wall_times, "value": self.values}


def own(series: Series) -> Scalars:
    """Return `series` in columns of the caller's own: others share what was read."""
    return Scalars(series.steps.copy(), series.wall_times.copy(), series.values.copy())
