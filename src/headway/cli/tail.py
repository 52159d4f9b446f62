"""`headway tail`: what a run logs, as it comes."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click
from rich.console import Console

from headway.cli.listing import Listing, known_tag
from headway.cli.output import console, json_text, moment, number, printable, say
from headway.cli.source import opened, reads_logdir
from headway.ingest.index import Index
from headway.query.series import loaded
from headway.store.rows import Extent, Segment

WAIT = 1.0
"""Seconds to sleep at most when nothing comes."""
AT_ONCE = 100_000
"""Points of one segment that are looked at in one go."""


class Point(NamedTuple):
    """A point of some tag; points sort by the time at which they were logged."""

    wall_time: float
    order: int
    """Of points of one wall time: the order of their tags, then that of the file."""
    step: int
    tag: str
    value: float


@click.command()
@reads_logdir
@click.argument("run")
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Only this tag; may be given several times.")
@click.option("-n", "--lines", type=click.IntRange(min=0), default=10, show_default=True, help="Steps to begin with.")
@click.option("--json", "as_json", is_flag=True, help="A JSON document a line, for each point, every number exact.")
def tail(
    logdir: str, place: str | None, run: str, follow: bool, tags: tuple[str, ...], lines: int, as_json: bool
) -> None:
    """Print the last steps that RUN has logged, and with -f those that it logs.

    A line is a step: all that was logged of it at once. Points come in the order in which they were logged, also
    those that a later session replaced.
    """
    with opened(logdir, place, keep_reading=follow) as index:
        name = Listing(index, logdir).one(run)
        for tag in tags:
            known_tag(tag, index.run_tags(name))
        printer = _Printer(console(), as_json)
        following = _Following(index, name, tags)
        printer.print(_last_steps(following.news(lines), lines))
        revision = index.revision
        try:
            while follow:
                revision = index.wait(revision, WAIT)
                printer.print(following.news())
        except KeyboardInterrupt:
            return


class _Following:
    """Which points of a run were taken already."""

    def __init__(self, index: Index, run: str, tags: Sequence[str]) -> None:
        self._index = index
        self._run = run
        self._tags = tags
        self._taken: dict[int, int] = {}

    def news(self, most: int | None = None) -> Iterator[Point]:
        """Yield the points that are new, in the order in which they were logged; of a segment, the last `most`."""
        tags = self._tags or self._index.run_tags(self._run)
        streams = []
        for order, tag in enumerate(tags):
            for segment, extent in self._index.series(self._run, tag):
                begin = self._taken.get(segment.id, 0)
                if extent.points > begin:
                    self._taken[segment.id] = extent.points
                    begin = begin if most is None else max(begin, extent.points - most)
                    streams.append(self._points(segment, extent, begin, order))
        return heapq.merge(*streams)

    def _points(self, segment: Segment, extent: Extent, begin: int, order: int) -> Iterator[Point]:
        (found,) = loaded([(segment, extent)], self._index.points([(segment, extent)]))
        points = found.points
        for first in range(begin, extent.points, AT_ONCE):
            rows = slice(first, min(first + AT_ONCE, extent.points))
            columns = (points.wall_times[rows], points.steps[rows], points.values[rows])
            for wall, step, value in zip(*(column.tolist() for column in columns), strict=True):
                yield Point(wall, order, step, segment.tag, value)


def _last_steps(points: Iterator[Point], lines: int) -> list[Point]:
    """Return the points of the last `lines` steps: of each tag, so many at most."""
    groups: deque[list[Point]] = deque(maxlen=lines)
    for group in grouped(points):
        groups.append(group)
    return [point for group in groups for point in group]


def grouped(points: Iterator[Point]) -> Iterator[list[Point]]:
    """Yield the points that follow each other and are of one step, each tag at most once."""
    group: list[Point] = []
    for point in points:
        if group and (point.step != group[0].step or any(point.tag == other.tag for other in group)):
            yield group
            group = []
        group.append(point)
    if group:
        yield group


class _Printer:
    def __init__(self, out: Console, as_json: bool) -> None:
        self._out = out
        self._as_json = as_json

    def print(self, points: Iterator[Point] | Sequence[Point]) -> None:
        """Print points, and have them on their way."""
        if self._as_json:
            for point in points:
                told = {"wall_time": point.wall_time, "step": point.step, "tag": point.tag, "value": point.value}
                click.echo(json_text(told).encode())
            return
        for group in grouped(iter(points)):
            values = "  ".join(f"{printable(point.tag)} {number(point.value)}" for point in group)
            say(self._out, f"{moment(group[0].wall_time)}  step {group[0].step:,}  {values}")
