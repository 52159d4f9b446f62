"""SQL over an index, read-only. There are five views.

- `runs`: run, state, live, points, series, entries, first_step, last_step, first_wall, last_wall
- `config`: run, key (dotted), value (as text), number (null where it is none)
- `series`: run, tag, kind, points, first_step, last_step, first_wall, last_wall, last, low, low_step, high, high_step
- `points`: run, tag, step, wall_time, value, session, rank, superseded
- `events`, what is no scalar: run, tag, kind, step, wall_time, session, rank, superseded, file, offset, length

Steps are integers, wall times seconds since 1970. `superseded`: a later session replaced it. Of a series of scalars,
`last`, `low` and `high` are of what counts, least and greatest among finite values, null where there are none; of
others they are null.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable, Iterator, Sequence

import duckdb

from headway.errors import HeadwayError
from headway.events.kinds import SCALARS
from headway.query.account import account
from headway.query.facts import outcome
from headway.query.lives import arrange
from headway.query.scalars import extremes
from headway.query.source import Source
from headway.store.columns import insert, of_tuples
from headway.store.rows import Extent
from headway.store.schema import ALL_POINTS, ODD

READS = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


def select(source: Source, query: str, parameters: Sequence[object] = ()) -> duckdb.DuckDBPyConnection:
    """Run one statement that reads, and return the cursor that has its rows. The caller closes it.

    It sees the five views and no file. Its tables are those of this moment, whatever is read meanwhile.

    Raises:
        HeadwayError: it is not one statement, it would change something, or it is wrong.
    """
    cursor = source.cursor()
    try:
        statements = duckdb.extract_statements(query)
        if len(statements) != 1 or statements[0].type not in READS:
            raise HeadwayError("one SELECT is wanted: the index is read-only here")
        cursor.execute("begin transaction")
        for name, make in _VIEWS.items():
            if re.search(rf"\b{name}\b", query, re.IGNORECASE):
                make(source, cursor)
        return cursor.execute(statements[0], list(parameters))
    except duckdb.Error as error:
        cursor.close()
        raise failure(error) from None
    except BaseException:
        cursor.close()
        raise


def failure(error: duckdb.Error) -> HeadwayError:
    """What to say of a query that failed, when it was begun or when its rows were fetched."""
    if "'pytz'" in str(error):  # for to_timestamp(first_wall), say
        return HeadwayError("the query failed: a time with a zone needs the package pytz; or ask for it ::timestamp")
    return HeadwayError(f"the query failed: {error}")


def _runs(source: Source, cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        """create temp table runs(run varchar, state varchar, live boolean, points bigint, series bigint,
        entries bigint, first_step bigint, last_step bigint, first_wall double, last_wall double)"""
    )
    _fill(cursor, "runs", _run_rows(source))


def _run_rows(source: Source) -> Iterator[tuple[object, ...]]:
    now = time.time()
    for run in source.runs():
        state = outcome(run, account(source.told(run.name)), now)
        steps = [e.min_step for tag in source.run_tags(run.name) for _, e in source.series(run.name, tag)]
        counts, first_step = (run.points, run.series, run.entries), min(steps, default=None)
        yield run.name, state, run.live, *counts, first_step, run.last_step, run.first_wall, run.last_wall


def _config(source: Source, cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute("create temp table config(run varchar, key varchar, value varchar, number double)")
    _fill(cursor, "config", _config_rows(source))


def _config_rows(source: Source) -> Iterator[tuple[object, ...]]:
    for run in source.run_names():
        for key, value in account(source.told(run)).config.items():
            number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
            yield run, key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), number


def _series(source: Source, cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(
        """create temp table series(run varchar, tag varchar, kind varchar, points bigint, first_step bigint,
        last_step bigint, first_wall double, last_wall double, "last" double, low double, low_step bigint,
        high double, high_step bigint)"""
    )
    _fill(cursor, "series", _series_rows(source))
    # A NaN among objects has become null, which `last` never is of scalars.
    cursor.execute("""update series set "last" = 'nan' where kind = ? and "last" is null""", [SCALARS])


def _series_rows(source: Source) -> Iterator[tuple[object, ...]]:
    for run in source.run_names():
        for kind, tags in source.run_kinds(run).items():
            for tag in tags:
                known = extremes(source, run, tag) if kind == SCALARS else _sum(source, run, tag, kind)
                if known is None:
                    continue
                times = (known.first_wall, known.last_wall) if math.isfinite(known.first_wall) else (None, None)
                span = (known.points, known.min_step, known.max_step, *times)
                values: tuple[object, ...] = (None,) * 5
                if kind == SCALARS:
                    is_finite = math.isfinite(known.low)
                    steps = (known.low_step, known.high_step) if is_finite else (None, None)
                    values = (known.last, known.low, steps[0], known.high, steps[1])
                yield run, tag, kind, *span, *values


def _sum(source: Source, run: str, tag: str, kind: str) -> Extent | None:
    total = Extent()
    for _, extent in source.series(run, tag, kind):
        total.add(extent)
    return total if total.points else None


def _points(source: Source, cursor: duckdb.DuckDBPyConnection) -> None:
    _cuts(source, cursor)
    cursor.execute(
        f"""
        create temp view points as with {ODD}
        select run, tag, step, wall_time, value, segment.session, rank, coalesce(step >= cut, false) superseded
        from {ALL_POINTS} p join segment on segment.id = p.segment join file using (path, run)
        left join cuts on cuts.segment = p.segment
        """
    )


def _events(source: Source, cursor: duckdb.DuckDBPyConnection) -> None:
    _cuts(source, cursor)
    cursor.execute(
        """
        create temp view events as
        select run, tag, kind, step, wall_time, segment.session, rank, coalesce(step >= cut, false) superseded,
            path as file, blob."offset", length
        from blob join segment on segment.id = blob.segment join file using (path, run)
        left join cuts on cuts.segment = blob.segment
        """
    )


def _cuts(source: Source, cursor: duckdb.DuckDBPyConnection) -> None:
    """The step from which on a segment is superseded, for those that are."""
    if cursor.execute("select 1 from duckdb_tables() where table_name = 'cuts' and temporary").fetchone():
        return
    cursor.execute("create temp table cuts(segment bigint, cut bigint)")
    _fill(cursor, "cuts", _cut_rows(source))


def _cut_rows(source: Source) -> Iterator[tuple[object, ...]]:
    for run in source.run_names():
        sessions = source.sessions(run)
        if not sessions:
            continue
        for kind, tags in source.run_kinds(run).items():
            for tag in tags:
                segments = source.series(run, tag, kind)
                for life in arrange(segments, sessions).lives:
                    if life.cut is not None:
                        yield from ((segments[i][0].id, life.cut) for i in life.segments)


def _fill(cursor: duckdb.DuckDBPyConnection, table: str, rows: Iterator[tuple[object, ...]]) -> None:
    there = list(rows)
    if there:
        names = tuple(name for name, *_ in cursor.execute(f"describe {table}").fetchall())
        insert(cursor, table, of_tuples(there, names))


_VIEWS: dict[str, Callable[[Source, duckdb.DuckDBPyConnection], None]] = {
    "runs": _runs,
    "config": _config,
    "series": _series,
    "points": _points,
    "events": _events,
}
