"""All runs of a source into a log directory: each one whole or not at all, and one that fails stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from headway.errors import HeadwayError
from headway.importers.claims import claimed
from headway.importers.importer import Importer
from headway.importers.name import safe_name
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options
from headway.importers.write import Written, write

Progress = Callable[[ImportedRun, int], None]
"""Is told of a run that is being read, and how many of its bytes were."""


@dataclass(slots=True)
class Outcome:
    """What became of one run, or of a source whose runs could not be told."""

    name: str
    source: str
    format: str
    written: Written | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    error: str | None = None


def bring(
    source: Path,
    logdir: Path,
    options: Options | None = None,
    *,
    name: str | None = None,
    progress: Progress = lambda _run, _read: None,
) -> Iterator[Outcome]:
    """Import the runs of `source`, and yield what became of each.

    Args:
        source: a file, or a directory of any number of runs.
        logdir: where each becomes a directory; it is made.
        options: what a user says of tables.
        name: of the run, instead of its own; the second that comes under it is refused.
        progress: is called now and then.

    Raises:
        HeadwayError: there is nothing to import.
    """
    taken: set[str] = set()
    for place, importer in claimed(source):
        try:
            for run in importer.runs(place, options or Options()):
                outcome = _brought(run, logdir, name, taken, progress)
                yield outcome
        except HeadwayError as error:
            yield Outcome(_name_of(place, importer), str(place), importer.what, error=str(error))


def _brought(run: ImportedRun, logdir: Path, name: str | None, taken: set[str], progress: Progress) -> Outcome:
    called = safe_name(name if name is not None else run.name, safe_name(run.id))
    if name is None and called in taken:
        called = _another(called, run.id, taken)
    outcome = Outcome(called, run.source, run.format)
    try:
        if name is not None and taken:
            raise HeadwayError(f"{run.source}: there are several runs, and one name for them; leave out --as")
        taken.add(called)
        outcome.written = write(run, logdir, called, lambda read: progress(run, read))
    except HeadwayError as error:
        outcome.error = str(error)
    outcome.left_out = dict(run.left_out)
    return outcome


def _another(name: str, run_id: str, taken: set[str]) -> str:
    """Return a name for a run whose own an earlier one of this import has."""
    named = f"{name}-{safe_name(run_id).replace('/', '_')}" if run_id else name
    number = 2
    found = named
    while found in taken:
        found, number = f"{named}-{number}", number + 1
    return found


def _name_of(place: Place, importer: Importer) -> str:
    return safe_name(place.run_name(), importer.what)
