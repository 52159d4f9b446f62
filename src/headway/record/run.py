"""headway's own way to record: one run, many values a call, nested keys."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from headway.errors import HeadwayError
from headway.events.messages import summary_event
from headway.events.number import INT64, as_double, as_int64
from headway.record.about.account import Account
from headway.record.about.config import as_config
from headway.record.about.lineage import Fork, Past, process_start, read_fork, read_past
from headway.record.about.rank import Rank, file_suffix, find_rank, given_rank, writer_name
from headway.record.files.background import is_dropping
from headway.record.files.event_file import EventFile
from headway.record.files.place import Place

HEARTBEAT = 30.0
"""Seconds after which a run that has nothing to log says that it is alive."""


def init(
    logdir: str | os.PathLike[str],
    config: Any = None,
    *,
    resume: bool = False,
    fork_from: str | os.PathLike[str] | None = None,
    purge_step: int | None = None,
    rank: int | tuple[int, int] | None = None,
    notes: str = "",
    tags: Iterable[str] = (),
    console: bool = False,
    when_behind: Literal["wait", "drop"] = "wait",
    filename_suffix: str = "",
) -> Run:
    """Begin to record a run.

    Args:
        logdir: its directory; its name is its path below the log directory that is viewed.
        config: what the run is started with: a mapping of any depth, a dataclass, a Namespace, a configuration of
            OmegaConf or transformers, ... What looks like a password or key is masked in the file.
        resume: go on with the run that is in `logdir`, with the step after its last; begin it if there is none.
        fork_from: the run that this one goes on from, as its directory, or "directory@step" for an earlier step.
        purge_step: the run is taken up again at this step; readers drop it and later ones from earlier files.
        rank: which of several processes this is that record the run together, with their number if it is known. It
            is recognised where torch.distributed, torchrun, Slurm or MPI say it. Each process has a file of its own,
            the first describes the run.
        notes: Markdown, for people.
        tags: words to find the run by.
        console: keep what is printed, too.
        when_behind: what to do while pictures and the like come faster than they can be encoded: "wait" for them, or
            "drop" them and count these in `lost`. Numbers are never dropped.
        filename_suffix: ends the names of event files.

    Raises:
        TypeError: `config` has no names, `tags` are no strings, `rank` is none.
        ValueError: there can be no such rank.
        HeadwayError: there is no run to fork from; or both `resume` and `fork_from` are given.

    """
    return Run(
        logdir,
        config,
        resume=resume,
        fork_from=fork_from,
        purge_step=purge_step,
        rank=rank,
        notes=notes,
        tags=tags,
        console=console,
        when_behind=when_behind,
        filename_suffix=filename_suffix,
    )


class Run:
    """A run that is being recorded; made by `headway.init`.

    Logging never raises because of the disk: what cannot be written is kept for a time, counted in the end.
    Everything is in the file a fraction of a second after it was logged, or when `flush` or `close` returns.

    As a context manager it notes whether its block failed. Without, the state is that of the program: finished when
    it ends or calls `close`, failed when an exception goes through that, killed when SIGTERM comes.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        config: Any = None,
        *,
        resume: bool = False,
        fork_from: str | os.PathLike[str] | None = None,
        purge_step: int | None = None,
        rank: int | tuple[int, int] | None = None,
        notes: str = "",
        tags: Iterable[str] = (),
        console: bool = False,
        when_behind: Literal["wait", "drop"] = "wait",
        filename_suffix: str = "",
    ) -> None:
        if resume and fork_from is not None:
            raise HeadwayError("a run is either resumed or forked from another, not both")
        self.logdir = os.fsdecode(logdir)
        self.config: dict[str, Any] = {} if config is None else as_config(config)
        """The configuration as plain data."""
        drops = is_dropping(when_behind)
        here = find_rank() if rank is None else given_rank(rank)
        past = read_past(self.logdir, None if here is None else process_start()) if resume else None
        fork = None if fork_from is None else read_fork(fork_from, self.logdir)
        is_first = here is None or here.is_first
        self.id = past.id if past and past.id else os.urandom(8).hex() if is_first else None
        """Names the run for good; None in a process that is not the first of a new one."""
        self._next_step = _first_step(purge_step, past, fork)
        account = Account(
            _told(self.id, self._next_step, past, fork, here, notes, tags),
            None if config is None else self.config,
            describes=is_first,
            console=console,
        )
        self._place = Place(self.logdir)
        self._file = EventFile(
            self._place.path,
            file_suffix(here, filename_suffix),
            None if purge_step is None else self._next_step,
            writer=writer_name(here, self.id),
            begun=self._place.begin,
            farewell=account.farewell,
            heartbeat=HEARTBEAT,
            drop=drops,
        )
        self._account = account
        self._add_scalars = self._file.buffer.add_scalars
        # A run that is dropped and never closed must not leave its thread behind.
        weakref.finalize(self, _leave, self._file, self._place).atexit = False
        account.begin(self._file, self._next_step, _step_of(weakref.ref(self)))

    @property
    def step(self) -> int:
        """The step that is next logged when none is given."""
        return self._next_step

    @property
    def lost(self) -> int:
        """How many events could not be kept: no room, no such number, not to be encoded, the file vanished."""
        return self._file.lost

    def log(self, values: Mapping[str, Any], step: Any = None, wall_time: float | None = None) -> None:
        """Log numbers as one event, and whatever else there is.

        Args:
            values: tags and numbers, or arrays or tensors of one, or `headway.Image`, `Text`, `Table` and the like;
                the keys of nested mappings join with "/".
            step: what `int()` takes; when left out, one more than the last, beginning at 0.
            wall_time: seconds since 1970; now when left out.

        Raises:
            TypeError: a value is no single number and none of headway's, or a key no string; nothing was logged.

        """
        try:
            at = self._next_step if step is None else step if type(step) is int else as_int64(step, "step")
        except Exception as error:
            self._file.refuse(error)
            return
        try:
            if not self._add_scalars(values, at, wall_time):
                self._file.add_again(self._add_scalars, values, at, wall_time)
        except TypeError as error:
            self._log_mixture(values, at, wall_time, error)
        except Exception as error:
            self._file.refuse(error)
            if at not in INT64:
                return
        self._next_step = at + 1

    def rewind(self, step: int) -> None:
        """Go back: what was logged for `step` and later is superseded, and `step` is the next one.

        Readers drop it; the files keep it.
        """
        at = as_int64(step, "step")
        self._file.rewind(at)
        self._next_step = at
        self._account.rewound(at)

    def flush(self) -> None:
        """Return when everything logged before is in the file."""
        self._file.flush()
        self._place.flush()

    def close(self) -> None:
        """Write everything and close the file. Logging more begins a new one."""
        self._file.close()
        self._place.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._account.life.ends(error)
        self.close()

    def _log_mixture(self, logged: Mapping[str, Any], at: int, wall_time: Any, error: TypeError) -> None:
        """Log what the encoder of numbers has refused with `error`."""
        from headway.record.mixture import sort_out

        numbers, values = sort_out(logged)
        if not values:
            raise error
        try:
            when = time.time() if wall_time is None else as_double(wall_time, "wall_time")
            if not self._add_scalars(numbers, at, when):
                self._file.add_again(self._add_scalars, numbers, at, when)
        except Exception as refused:
            self._file.refuse(refused)
            return
        for tag, value in values.items():
            self._file.defer(_encoder(value.encode, tag, at, when), value.nbytes, tag)


def _leave(file: EventFile, place: Place) -> None:
    file.close()
    place.leave()


def _encoder(encode: Callable[[str], list[bytes]], tag: str, step: int, wall_time: float) -> Callable[[], bytes]:
    return lambda: summary_event(encode(tag), wall_time, step)


def _step_of(run: weakref.ref[Run]) -> Callable[[], int]:
    def step() -> int:
        alive = run()
        return 0 if alive is None else alive.step

    return step


def _first_step(purge_step: int | None, past: Past | None, fork: Fork | None) -> int:
    if purge_step is not None:
        return as_int64(purge_step, "purge_step")
    return past.next_step if past is not None else 0 if fork is None else fork.step + 1


def _told(
    run_id: str | None,
    step: int,
    past: Past | None,
    fork: Fork | None,
    rank: Rank | None,
    notes: str,
    tags: Iterable[str],
) -> dict[str, Any]:
    if not isinstance(notes, str):
        raise TypeError(f"notes must be a str, not {type(notes).__name__}")
    words = [tags] if isinstance(tags, str) else list(tags) if isinstance(tags, Iterable) else [tags]
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"tags must be a str or several, not {tags!r}")
    return {
        "id": run_id,
        "started": time.time(),
        "step": step,
        "resumed": past is not None,
        "lineage": fork and fork._asdict(),
        "notes": notes,
        "tags": words,
        "rank": rank and rank.rank,
        "world_size": rank and rank.world_size,
        "heartbeat": HEARTBEAT,
    }
