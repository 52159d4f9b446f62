"""`/data/plugin/scalars`: tags and points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from headway.events.kinds import SCALARS
from headway.query.scalars import scalars
from headway.query.series import Series
from headway.server.tensorboard.answer import answered, csv_points, invalid, json_points, not_found, streamed
from headway.server.tensorboard.form import read_form
from headway.server.tensorboard.tags import by_run, described

if TYPE_CHECKING:
    from headway.query.source import Source


class Scalars:
    """Answers from one log directory."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def tags(self, _: Request) -> Response:
        """Run → tag → `{displayName, description}`, both empty."""
        found = by_run(self._source, SCALARS)
        return answered({run: dict.fromkeys(tags, described()) for run, tags in found.items()})

    def scalars(self, request: Request) -> Response:
        """`[[wall time, step, value], …]` of one series, or CSV."""
        tag, run = request.query_params.get("tag"), request.query_params.get("run")
        if tag is None or run is None:
            return invalid(f"Both run and tag must be specified: tag={tag!r}, run={run!r}")
        series = self._series(run, tag)
        if series is None:
            return not_found(f"No scalar data for run={run!r}, tag={tag!r}")
        if request.query_params.get("format") == "csv":
            return streamed(csv_points(series), "text/csv")
        return streamed(json_points(series))

    async def multirun(self, request: Request) -> Response:
        """Run → points, of the runs that have the tag."""
        form = await read_form(request)
        if len(form.get("tag", [])) != 1:
            return invalid("tag must be specified exactly once")
        return streamed(self._runs(form["tag"][0], form.get("runs", [])))

    def _runs(self, tag: str, runs: list[str]) -> Iterator[bytes]:
        before = b"{"
        for run in dict.fromkeys(runs):
            series = self._series(run, tag)
            if series is not None:
                yield before + msgspec.json.encode(run) + b":"
                yield from json_points(series)
                before = b","
        yield b"{}" if before == b"{" else b"}"

    def _series(self, run: str, tag: str) -> Series | None:
        try:
            return scalars(self._source, run, tag)
        except KeyError:
            return None
