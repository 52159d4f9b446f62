"""Runs: those that a filter lets through, with values of tags; and all that is known of one but its data."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.events.kinds import SCALARS
from headway.marks import Mark
from headway.query.facts import outcome
from headway.query.filter import parse_filter
from headway.server.answer import current
from headway.server.api import (
    ConfigColumn,
    ConfigKey,
    ConfigKeys,
    KindCount,
    Matches,
    MatchQuery,
    RunDetail,
    RunList,
    RunQuery,
    RunRow,
    RunsQuery,
    SessionInfo,
    TagColumn,
)
from headway.server.contents import name_of
from headway.server.endpoint import Endpoint, read_query
from headway.server.kin import Family
from headway.server.known import Values
from headway.server.marks import mark_of

if TYPE_CHECKING:
    from headway.query.account import Setting
    from headway.query.source import Run, Source
    from headway.server.served import Served

UNMARKED = Mark()
SETTLED = 15.0
"""Seconds after which an answer is not taken to be the same any more: a run may be lost by then."""


def endpoints(served: Served) -> list[Endpoint]:
    """`api/runs`, `api/matches`, `api/config` and `api/run`."""

    def get_runs(request: Request) -> Response:
        query, now = read_query(request, RunsQuery), time.time()
        return current(request, served, lambda: runs(served, query, now), *_changing(served, now))

    def get_matches(request: Request) -> Response:
        query, now = read_query(request, MatchQuery), time.time()
        return current(request, served, lambda: matching(served, query.filter, now), *_changing(served, now))

    def get_config(request: Request) -> Response:
        return current(request, served, lambda: config_keys(served))

    def get_run(request: Request) -> Response:
        query, now = read_query(request, RunQuery), time.time()
        return current(request, served, lambda: detail(served, query, now), *_changing(served, now))

    return [
        Endpoint(
            "/api/runs",
            get_runs,
            "The runs that a filter lets through, with last, least and greatest values of tags.",
            query=RunsQuery,
            answer=RunList,
        ),
        Endpoint("/api/matches", get_matches, "Which runs a filter lets through.", query=MatchQuery, answer=Matches),
        Endpoint("/api/config", get_config, "The keys of the runs' configurations.", answer=ConfigKeys),
        Endpoint("/api/run", get_run, "All that is known of a run but its data.", query=RunQuery, answer=RunDetail),
    ]


def _changing(served: Served, now: float) -> tuple[object, ...]:
    """What the answers change with beside the index: marks, and time, by which a silent run is lost."""
    return served.marks.revision, int(now // SETTLED)


def runs(served: Served, query: RunsQuery, now: float) -> RunList:
    """The runs that the filter lets through, at `now`, seconds since 1970.

    Raises:
        HeadwayError: the filter cannot be understood.
    """
    revision = served.index.revision
    every = served.index.runs()
    marks = served.marks.all()
    found = _filtered(served, query.filter, every, marks, now)
    rows = [_row(served, run, marks.get(run.name), now) for run in found]
    if query.since is not None:
        kept = [_is_new(run, row, query.since) for run, row in zip(found, rows, strict=True)]
        found, rows = list(compress(found, kept)), list(compress(rows, kept))
    return RunList(
        revision=revision,
        total=len(every),
        runs=rows,
        columns=[column(served, tag, found) for tag in query.tag],
        config=[config_column(served, key, found) for key in query.config],
    )


def _is_new(run: Run, row: RunRow, since: int) -> bool:
    return run.revision > since or row.state in ("running", "lost")


def matching(served: Served, text: str, now: float) -> Matches:
    """Which runs the filter lets through, at `now`, seconds since 1970.

    Raises:
        HeadwayError: the filter cannot be understood.
    """
    revision = served.index.revision
    found = _filtered(served, text, served.index.runs(), served.marks.all(), now)
    return Matches(revision, [run.id for run in found])


def _filtered(
    served: Served, text: str, every: Sequence[Run], marks: Mapping[str, Mark], now: float
) -> Sequence[Run]:
    if not text.strip():
        return every
    wanted = parse_filter(text)
    return [run for run in every if wanted.matches(served.known.facts(run, marks.get(run.name, UNMARKED), now))]


def _row(served: Served, run: Run, mark: Mark | None, now: float) -> RunRow:
    told = served.known.accounts.of(run.name, run.revision)
    return RunRow(
        id=run.id,
        name=run.name,
        state=outcome(run, told, now),
        live=run.live,
        points=run.points,
        series=run.series,
        entries=run.entries,
        last_step=run.last_step,
        first_wall=run.first_wall,
        last_wall=run.last_wall,
        started=run.first_wall if told.started is None else told.started,
        group=(mark.group if mark else "") or told.group,
        own_group=told.group,
        tags=[*told.tags, *(mark.tags if mark else ())],
        mark=None if mark is None else mark_of(mark),
    )


def column(served: Served, tag: str, found: Sequence[Run]) -> TagColumn:
    """A tag's last, least and greatest values in these runs."""
    rows = [served.known.values(run, tag) for run in found]
    return TagColumn(tag, *(map(list, zip(*rows, strict=True)) if rows else ([] for _ in Values._fields)))


def config_column(served: Served, key: str, found: Sequence[Run]) -> ConfigColumn:
    """What these runs' configurations have under a key."""
    return ConfigColumn(key, [served.known.accounts.of(run.name, run.revision).config.get(key) for run in found])


def config_keys(served: Served) -> ConfigKeys:
    """The keys that the configurations have."""
    revision = served.index.revision
    counts: Counter[str] = Counter()
    values: dict[str, set[tuple[type, Setting]]] = defaultdict(set)
    for run in served.index.runs():
        for key, value in served.known.accounts.of(run.name, run.revision).config.items():
            counts[key] += 1
            values[key].add((type(value), value))
    keys = [ConfigKey(key, runs, len(values[key]), _numeric(values[key])) for key, runs in sorted(counts.items())]
    return ConfigKeys(revision, keys)


def _numeric(values: Iterable[tuple[type, Setting]]) -> bool:
    return all(kind in (int, float) for kind, _ in values)


def detail(served: Served, query: RunQuery, now: float) -> RunDetail:
    """All that is known of one run but its data.

    Raises:
        HTTPException: (404) there is no such run.
    """
    source = served.index
    name = name_of(source, query.run)
    run = next((run for run in source.runs() if run.id == query.run), None)
    if run is None:
        raise HTTPException(404, f"There is no run {query.run}.\n")
    told = served.known.accounts.of(run.name, run.revision)
    kinds, sessions = _data(source, name)
    family = Family(served)
    return RunDetail(
        run=_row(served, run, served.marks.all().get(name), now),
        reason=told.state.reason if told.state else "",
        traceback=told.state.trace if told.state else "",
        config=dict(told.config),
        about=dict(told.run),
        ranks={str(rank): state.word for rank, state in sorted(told.states.items())} if len(told.states) > 1 else {},
        kinds=kinds,
        sessions=sessions,
        parents=family.parents(name),
        children=family.children(name),
    )


def _data(source: Source, run: str) -> tuple[list[KindCount], list[SessionInfo]]:
    """Count what a run has, by kind and by session."""
    points: Counter[tuple[str, int]] = Counter()
    kinds = []
    for kind, tags in source.run_kinds(run).items():
        total = 0
        for tag in tags:
            for segment, extent in source.series(run, tag, kind):
                total += extent.points
                if kind == SCALARS:
                    points[segment.path, segment.session] += extent.points
        kinds.append(KindCount(kind, len(tags), total))
    sessions = [
        SessionInfo(
            file=path,
            session=number,
            start=session.start,
            first_wall=_finite(session.first_wall),
            last_wall=_finite(session.last_wall),
            rank=session.rank,
            points=points[path, number],
            first_step=session.min_step if session.min_step <= session.max_step else None,
            last_step=session.max_step if session.min_step <= session.max_step else None,
        )
        for (path, number), session in source.all_sessions(run).items()
    ]
    return kinds, sorted(sessions, key=lambda one: (one.first_wall or math.inf, one.file, one.session))


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
