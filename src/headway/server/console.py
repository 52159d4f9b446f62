"""What a run printed: lines of it by their numbers, and where something stands in it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from headway.query.console import KIND, TAG, is_error, lines_of, may_tell_errors
from headway.query.kinds import Text
from headway.server.answer import current
from headway.server.api import ConsoleFound, ConsoleLines, ConsoleQuery, ConsoleSearch
from headway.server.contents import Contents, name_of
from headway.server.endpoint import Endpoint, read_query
from headway.store.asker import go_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from headway.server.served import Served
    from headway.store.rows import Entries

MOST_FOUND = 10_000
"""Line numbers in an answer; all are counted."""
MOST_RUNS = 32
"""Whose line counts are kept: some 50 bytes for each 16 kB that were printed."""
MOST_BLOCKS = 64
"""Texts whose lines are kept, of 16 kB each: whoever scrolls asks for the same ones again."""


def endpoints(served: Served) -> list[Endpoint]:
    """`api/console` and `api/console/found`."""
    consoles = Consoles(served)

    def get_console(request: Request) -> Response:
        query = read_query(request, ConsoleQuery)
        return current(request, served, lambda: lines(served, consoles, query))

    def get_found(request: Request) -> Response:
        query = read_query(request, ConsoleSearch)
        return current(request, served, lambda: found(served, consoles, query))

    return [
        Endpoint(
            "/api/console",
            get_console,
            "Lines that a run printed, by their numbers.",
            query=ConsoleQuery,
            answer=ConsoleLines,
        ),
        Endpoint(
            "/api/console/found",
            get_found,
            "In which lines something stands.",
            query=ConsoleSearch,
            answer=ConsoleFound,
        ),
    ]


class Transcript:
    """All that one run printed, in order of time. Only the numbers of its lines are kept."""

    def __init__(self, contents: Contents, counts: dict[str, int]) -> None:
        self._contents = contents
        self._keys = contents.keys()
        self._order = np.argsort(contents.entries.wall_times, kind="stable")
        self._blocks: OrderedDict[int, list[str]] = OrderedDict()
        for i, key in enumerate(self._keys):
            if key not in counts:
                go_on()
                counts[key] = len(self._read(i))
        self.begins = np.cumsum([0, *(counts[self._keys[i]] for i in self._order.tolist())])
        """[texts + 1] the number of each text's first line, and that of all lines."""

    @property
    def total(self) -> int:
        """How many lines there are."""
        return int(self.begins[-1])

    def lines(self, start: int, stop: int) -> tuple[list[str], list[int], list[float]]:
        """Lines from `start` up to `stop`, and the step and wall time at which each was told."""
        texts: list[str] = []
        steps: list[int] = []
        walls: list[float] = []
        first = int(np.searchsorted(self.begins, start, side="right")) - 1
        for place in range(max(first, 0), len(self._order)):
            begin = int(self.begins[place])
            if begin >= stop:
                break
            i = int(self._order[place])
            part = self._block(i)[max(start - begin, 0) : stop - begin]
            texts += part
            steps += [int(self._contents.entries.steps[i])] * len(part)
            walls += [float(self._contents.entries.wall_times[i])] * len(part)
        return texts, steps, walls

    def matching(self, start: int, matches: Callable[[str], bool], holds: Callable[[str], bool]) -> Iterator[int]:
        """Yield the numbers of lines that match, from `start` on; `holds` says whether a text may have one."""
        first = max(int(np.searchsorted(self.begins, start, side="right")) - 1, 0)
        for place in range(first, len(self._order)):
            go_on()
            text = self._text(int(self._order[place]))
            if holds(text):
                begin = int(self.begins[place])
                yield from (
                    begin + n for n, line in enumerate(lines_of(text)) if begin + n >= start and matches(line)
                )

    def _block(self, i: int) -> list[str]:
        known = self._blocks.pop(i, None)
        block = self._read(i) if known is None else known
        self._blocks[i] = block
        while len(self._blocks) > MOST_BLOCKS:
            self._blocks.popitem(last=False)
        return block

    def _read(self, i: int) -> list[str]:
        text = self._text(i)
        return lines_of(text) if text else []

    def _text(self, i: int) -> str:
        value = self._contents.readable(i)
        return value.text if isinstance(value, Text) else ""


class Consoles:
    """The transcripts of a log directory's runs that were asked for lately. Any thread may ask."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._lock = threading.Lock()
        self._counts: dict[str, dict[str, int]] = {}
        self._known: OrderedDict[str, tuple[Entries, Transcript]] = OrderedDict()

    def of(self, run: str) -> Transcript | None:
        """What a run printed; None when it told nothing of that."""
        contents = Contents(self._served, run, TAG, KIND)
        if not len(contents):
            return None
        with self._lock:  # who comes second waits for what the first one reads
            before, transcript = self._known.pop(run, (None, None))
            if transcript is None or before is not contents.entries:
                transcript = Transcript(contents, self._counts.setdefault(run, {}))
            self._known[run] = (contents.entries, transcript)
            while len(self._known) > MOST_RUNS:
                self._counts.pop(self._known.popitem(last=False)[0], None)
            return transcript


def lines(served: Served, consoles: Consoles, query: ConsoleQuery) -> ConsoleLines:
    """Lines of a run; an HTTPException (404) when there is no such run."""
    revision = served.index.revision
    transcript = consoles.of(name_of(served.index, query.run))
    total = transcript.total if transcript else 0
    start = min(max(query.start + total if query.start < 0 else query.start, 0), total)
    told = transcript.lines(start, start + query.limit) if transcript else ([], [], [])
    return ConsoleLines(revision, total, start, *told)


def found(served: Served, consoles: Consoles, query: ConsoleSearch) -> ConsoleFound:
    """The lines in which something stands; an HTTPException (404) when there is no such run."""
    revision = served.index.revision
    transcript = consoles.of(name_of(served.index, query.run))
    numbers: list[int] = []
    total = 0
    for number in _matching(transcript, query) if transcript else ():
        total += 1
        if total <= MOST_FOUND:
            numbers.append(number)
    return ConsoleFound(revision, transcript.total if transcript else 0, total, numbers)


def _matching(transcript: Transcript, query: ConsoleSearch) -> Iterator[int]:
    if query.errors:
        return transcript.matching(query.start, is_error, may_tell_errors)
    wanted = query.q.casefold()
    if not wanted:
        return iter(())

    def has(text: str) -> bool:
        return wanted in text.casefold()

    return transcript.matching(query.start, has, has)
