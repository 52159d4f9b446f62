"""Several series of several runs beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError

if TYPE_CHECKING:
    import pandas
    import polars

Key = tuple[str, str]
"""(run, tag), or the expression instead of the tag."""


class Frame:
    """Columns of several runs and tags, by step. `frame[run, tag]` is one of them, [n] float64."""

    def __init__(self, steps: NDArray[np.int64], columns: dict[Key, NDArray[np.float64]]) -> None:
        self.steps = steps
        """[n] int64, ascending."""
        self.columns = columns
        """(run, tag) → [n] float64; NaN where it has nothing."""

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, key: Key) -> NDArray[np.float64]:
        return self.columns[key]

    def __repr__(self) -> str:
        return f"<Frame: {len(self)} steps, {len(self.columns)} columns>"

    def to_pandas(self) -> pandas.DataFrame:
        """Return a DataFrame: its index is the step, its columns have two levels, run and tag. Needs pandas."""
        import pandas

        index = pandas.Index(self.steps, name="step")
        names = pandas.MultiIndex.from_tuples(list(self.columns), names=["run", "tag"])
        table = np.column_stack(list(self.columns.values())) if self.columns else np.empty((len(self), 0))
        return pandas.DataFrame(table, index=index, columns=names)

    def to_polars(self) -> polars.DataFrame:
        """Return a polars DataFrame: the column `step`, and one named `run:tag` for each. Needs polars.

        Raises:
            HeadwayError: two columns would have the same name.
        """
        import polars

        columns: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {"step": self.steps}
        for (run, tag), column in self.columns.items():
            name = f"{run}:{tag}"
            if name in columns:
                raise HeadwayError(f"two columns would be called {name!r}; to_pandas keeps them apart")
            columns[name] = column
        return polars.DataFrame(columns)
