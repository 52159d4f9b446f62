"""What the columns of a table, or the keys of JSON lines, mean: which is the step, the wall time, a metric."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from headway.errors import HeadwayError
from headway.importers.encode import YEAR_10000
from headway.importers.number import number_of, whole
from headway.importers.run import Options, Row

STEPS = (
    "step",
    "global_step",
    "_step",
    "trainer/global_step",
    "current_steps",
    "iteration",
    "iter",
    "update",
    "epoch",
)
"""Names of a column of steps, the likeliest first; upper and lower case do not matter."""
WALLS = ("wall_time", "wall time", "_timestamp", "timestamp", "wall", "time", "created_at", "datetime", "date")
_YEAR_2000 = 946_684_800.0
"""In seconds since 1970; a smaller number is a duration."""
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From which number on a moment is in units of which there are so many a second."""
_NOTHING = frozenset({"", "none", "null", "na", "n/a", "<na>", "-", "--"})
_DEPTH = 32
_INT64 = 1 << 63
_SHOWN = 12


class Columns(NamedTuple):
    """Which column is which."""

    step: str
    wall: str | None
    run: str | None = None
    tag: str | None = None
    value: str | None = None
    """In the long form, which has a row for each point; None in the wide one, where each other column is a tag."""
    small_walls: bool = False
    """Whether a number before the year 2000 is a wall time, too, and no duration: where it is sure what it is."""

    def wall_time(self, cells: Mapping[str, Any]) -> float | None:
        """Return a row's wall time; None where it has none."""
        cell = cells.get(self.wall) if self.wall is not None else None
        found = wall_time_of(cell)
        if found is None and self.small_walls:
            number = number_of(cell) if isinstance(cell, str) else cell
            if isinstance(number, (float, int)) and -YEAR_10000 < number < YEAR_10000:
                return float(number)
        return found


def columns_of(names: Iterable[str], options: Options, where: str) -> Columns:
    """Return what the columns `names` are.

    Raises:
        HeadwayError: there is no column of steps, or none that the user named.
    """
    there = list(names)
    lower = {name.strip().lower(): name for name in reversed(there)}
    for asked in filter(None, options):
        if asked not in there:
            raise HeadwayError(f"{where}: there is no column {asked!r}; there are {_shown(there)}")
    step = options.step or next((lower[name] for name in STEPS if name in lower), None)
    if step is None:
        raise HeadwayError(f"{where}: no column of steps among {_shown(there)}; name it with --step")
    wall = options.wall or next((lower[name] for name in WALLS if name in lower and lower[name] != step), None)
    if (
        "value" in lower
        and len(there) <= 5
        and {*lower} - {"run", "tag", "value"} == {name.strip().lower() for name in (step, wall) if name is not None}
    ):
        return Columns(step, wall, lower.get("run"), lower.get("tag"), lower["value"], True)
    return Columns(step, wall, lower.get("run"), small_walls=options.wall is not None)


def has_steps(names: Iterable[str]) -> bool:
    """Say whether a column among `names` is called as those of steps are."""
    return bool({name.strip().lower() for name in names} & {*STEPS})


def wall_time_of(value: Any) -> float | None:
    """Return a moment as seconds since 1970: of seconds, milli-, micro- or nanoseconds, or ISO 8601 (UTC if unsaid).

    None of what is no moment: a smaller number, which may be a duration, among others.
    """
    if isinstance(value, str):
        number = number_of(value)
        value = _parsed(value) if number is None else number
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp()
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    if value < _YEAR_2000:
        return None
    seconds = next((value / unit for least, unit in _UNITS if value >= least), float(value))
    return seconds if seconds < YEAR_10000 else None


def row_of(
    cells: Mapping[str, Any], columns: Columns, modified: float, where: str, left_out: Counter[str]
) -> Row | None:
    """Return a row of the wide form: a number or text for each other column; None for what has no step.

    `modified` stands for an unknown wall time. What cannot be kept is counted in `left_out`.

    Raises:
        HeadwayError: the step is no whole number.
    """
    step = step_of(cells.get(columns.step), where)
    if step is None:
        left_out["rows without a step"] += 1
        return None
    values: dict[str, float] = {}
    texts: dict[str, str] = {}
    wall_time = columns.wall_time(cells)
    own = (columns.step, columns.run, None if wall_time is None else columns.wall)
    for name, cell in cells.items():
        if name in own:
            continue
        if type(cell) is float:
            values[name] = cell
        else:
            sort_in(name, cell, values, texts, left_out)
    return Row(step, modified if wall_time is None else wall_time, values, texts)


def step_of(cell: Any, where: str) -> int | None:
    """Return a step; None where there is nothing."""
    if type(cell) is int and -_INT64 <= cell < _INT64:
        return cell
    if cell is None or (isinstance(cell, str) and cell.strip().lower() in _NOTHING):
        return None
    step = whole(float(cell) if isinstance(cell, Decimal) else cell)
    if step is None:
        raise HeadwayError(
            f"{where}: the step {str(cell)[:40]!r} is no whole number; name another column with --step"
        )
    return step


def sort_in(
    name: str, cell: Any, values: dict[str, float], texts: dict[str, str], left_out: Counter[str], depth: int = 0
) -> None:
    """Put a cell where it belongs: numbers in `values`, texts in `texts`, parts of a mapping under "name/part"."""
    if isinstance(cell, (float, int)):
        values[name] = cell
    elif isinstance(cell, str):
        number = number_of(cell)
        if number is not None:
            values[name] = number
        elif cell.strip().lower() not in _NOTHING:
            texts[name] = cell
    elif isinstance(cell, Mapping):
        if depth >= _DEPTH:
            left_out["values nested too deep"] += 1
            return
        for key, part in cell.items():
            sort_in(f"{name}/{key}" if name else str(key), part, values, texts, left_out, depth + 1)
    elif isinstance(cell, Decimal):
        values[name] = float(cell)
    elif isinstance(cell, date):  # a datetime is one
        texts[name] = cell.isoformat()
    elif cell is not None:
        left_out["lists" if isinstance(cell, list | tuple) else f"values of type {type(cell).__name__}"] += 1


def points_of(cells: Mapping[str, Any], columns: Columns, tag: str, modified: float, where: str) -> Row | None:
    """Return a row of the long form, or None where it holds nothing; `tag` where no column says one."""
    step = step_of(cells.get(columns.step), where)
    if step is None:
        raise HeadwayError(f"{where}: a row without a step")
    name = str(cells.get(columns.tag) or "") if columns.tag else tag
    if not name:
        raise HeadwayError(f"{where}: a row without a tag")
    wall_time = columns.wall_time(cells)
    values: dict[str, float] = {}
    texts: dict[str, str] = {}
    sort_in(name, cells.get(columns.value or ""), values, texts, Counter())
    return Row(step, modified if wall_time is None else wall_time, values, texts)


def _parsed(text: str) -> datetime | None:
    text = text.strip()
    if not re.match(r"\d{4}-?\d\d-?\d\d", text) or len(text) > 40:
        return None
    try:
        return datetime.fromisoformat(text.replace(",", "."))
    except ValueError:
        return None


def _shown(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(repr(name[:60]) for name in names[:_SHOWN]) + more
