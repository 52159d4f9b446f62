"""tensorboardX's and torch's `SummaryWriter`, for those who change one import."""

from __future__ import annotations

import contextlib
import os
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from headway.events.messages import scalar_value, summary_event
from headway.events.number import as_double, as_int64
from headway.events.wire import message
from headway.record.distributions import Distributions
from headway.record.file_writer import FileWriter
from headway.record.files.appender import host_name
from headway.record.files.background import is_dropping
from headway.record.files.event_file import EventFile
from headway.record.files.nowhere import Nowhere
from headway.record.files.place import Place
from headway.record.media import Media
from headway.record.structures import Structures
from headway.record.tag import TagCleaner, checked_tag

if TYPE_CHECKING:
    from headway.record.export import Points

_MAX_DESCRIBED = 100_000


class SummaryWriter(Media, Distributions, Structures):
    """Writes event files that headway and TensorBoard show; the signatures are tensorboardX's.

    Logging never raises because of the disk: what cannot be written is kept for a time, counted in the end.
    Everything is in the file a fraction of a second after it was logged, or when `flush` or `close` returns.

    Args:
        logdir: directory of the run, or a URL. Default: `runs/` and the date, time, host name and `comment`.
        comment: ends the default directory's name.
        purge_step: the run is taken up again at this step; readers drop it and later ones from earlier files.
        max_queue: accepted for compatibility; the buffer is bounded by bytes.
        flush_secs: accepted for compatibility; ten times a second.
        filename_suffix: ends the names of event files.
        write_to_disk: False writes nothing at all.
        log_dir: torch's name of `logdir`.
        comet_config: accepted for compatibility.
        when_behind: what happens to an image, histogram or other expensive value when 256 MiB of them wait to be
            encoded: the caller waits ("wait"), or it is dropped and counted in `lost` ("drop"). Never to scalars.
        kwargs: accepted for compatibility.

    """

    _shares_files = False  # with forked processes

    def __init__(
        self,
        logdir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        log_dir: str | os.PathLike[str] | None = None,
        comet_config: Mapping[str, Any] | None = None,  # noqa: ARG002 - this and others are for the signature's sake
        *,
        when_behind: Literal["wait", "drop"] = "wait",
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        from headway.record.about.rank import file_suffix, find_rank, writer_name

        self.logdir = logdir or log_dir or _default_directory(comment)
        self.log_dir = self.logdir
        self._max_queue, self._flush_secs, self._filename_suffix = max_queue, flush_secs, filename_suffix
        self.purge_step = None if purge_step is None else as_int64(purge_step, "purge_step")
        self._clean = self._tag_cleaner()
        self._place = Place(self.logdir, is_written=write_to_disk)
        rank = find_rank()
        self._begin = _Beginning(
            file_suffix(rank, filename_suffix),
            self._clean,
            write_to_disk,
            is_dropping(when_behind),
            writer_name(rank) if rank else "",
            self._shares_files,
        )
        self._file = self._begin(self._place, self.purge_step)
        self._writers = {self._place.name: FileWriter(self._place.name, event_writer=self._file)}
        self._sub_runs: dict[tuple[str, ...], FileWriter] = {}
        self._described: set[str] = set()
        self._add_scalar: Callable[..., bool] = self._file.buffer.add_scalar
        # A writer that is dropped and never closed must not leave its thread behind.
        weakref.finalize(self, _leave, self._writers, self._place).atexit = False

    def get_logdir(self) -> str:
        """Return the directory of the event files."""
        return self._place.name

    @property
    def file_writer(self) -> FileWriter | None:
        """The writer of this run's event file; None after `close`, until something is logged."""
        return self._writers[self._place.name] if self._file.is_open else None

    @file_writer.setter
    def file_writer(self, writer: FileWriter | None) -> None:
        """Go on in another file. Old subclasses set it themselves, and to None once they have closed it."""
        if writer is not None and writer.event_writer is not self._file:
            self._file.close()
            self._file = writer.event_writer
            self._add_scalar = self._file.buffer.add_scalar
            self._writers[self._place.name] = writer

    @property
    def all_writers(self) -> dict[str, FileWriter] | None:
        """That writer and those of sub-runs, by directory; None after `close`, until something is logged."""
        return self._writers if self._file.is_open else None

    @all_writers.setter
    def all_writers(self, writers: dict[str, FileWriter] | None) -> None:
        self._writers |= writers or {}  # in place: whoever looks after them holds this dictionary

    @property
    def lost(self) -> int:
        """How many events could not be kept: no room, no such number, not to be encoded, the file vanished."""
        return sum(writer.event_writer.lost for writer in self._writers.values())

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: Any = None,
        walltime: float | None = None,
        display_name: str = "",
        summary_description: str = "",
        *,
        new_style: bool = False,  # noqa: ARG002
        double_precision: bool = False,
    ) -> None:
        """Log one number.

        Args:
            tag: name of the series. Characters other than letters, digits, `_-./` become `_`.
            scalar_value: a number, or an array or tensor of one, of any framework.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.
            display_name: title in TensorBoard, taken from the first value of a tag.
            summary_description: description (Markdown) in TensorBoard, likewise.
            new_style: torch's; the form makes no difference to any reader.
            double_precision: torch's; keep all of a double's digits.

        Raises:
            TypeError: `scalar_value` is no single number; nothing was logged.

        """
        if display_name or summary_description or double_precision:
            self._add_described(
                tag, scalar_value, global_step, walltime, display_name, summary_description, double_precision
            )
            return
        try:
            if not self._add_scalar(tag, scalar_value, global_step, walltime):
                self._file.add_again(self._add_scalar, tag, scalar_value, global_step, walltime)
        except Exception as error:
            self._file.refuse(error)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: Mapping[str, Any],
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log several numbers, each to a run of its own: tag `main_tag` of the run `logdir/main_tag/key`.

        That is tensorboardX's layout. To log many values into one run, see `headway.init` and `Run.log`.

        Raises:
            TypeError: a value is no single number or a key no string; nothing was logged.

        """
        checked_tag(main_tag)
        if not isinstance(tag_scalar_dict, Mapping):
            raise TypeError(f"tag_scalar_dict must be a mapping, not {type(tag_scalar_dict).__name__}")
        try:
            step, wall_time = self._moment(global_step, walltime)
        except Exception as error:
            self._file.refuse(error)
            return
        numbers: dict[str, float] = {}
        for key, value in tag_scalar_dict.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of tag_scalar_dict must be a str, not {type(key).__name__}")
            try:
                numbers[key] = as_double(value, f"{main_tag}/{key}")
            except Exception as error:
                self._file.refuse(error)
        for key, number in numbers.items():
            file = self._sub_run(*self._sub_run_of(main_tag, key)).event_writer
            add = file.buffer.add_scalar
            if not add(main_tag, number, step, wall_time):
                file.add_again(add, main_tag, number, step, wall_time)

    def add_hparams(
        self,
        hparam_dict: dict[str, Any],
        metric_dict: dict[str, Any],
        name: str | None = None,
        global_step: Any = None,
        *,
        hparam_domain_discrete: dict[str, list[Any]] | None = None,
        run_name: str | None = None,
    ) -> None:
        """Log hyperparameters and what they led to, as a run of its own: `logdir/name`.

        That is the layout of tensorboardX and torch. To log them in the run itself, see `headway.init`.

        Args:
            hparam_dict: numbers, bools and strings by name; what is none of these is written as `str()` of it.
            metric_dict: numbers by name; they are logged as scalars of the new run.
            name: of the new run; the time when left out.
            global_step: of the metrics; what `int()` takes, 0 when left out.
            hparam_domain_discrete: torch's: the values that a hyperparameter may have.
            run_name: torch's name of `name`.

        Raises:
            TypeError: what is given are no dictionaries.

        """
        from headway.record.kinds.hparams import check_hparams, hparams_values

        check_hparams(hparam_dict, metric_dict, hparam_domain_discrete)
        numbers = {tag: as_double(value, tag) for tag, value in metric_dict.items()}
        values = hparams_values(hparam_dict, list(numbers), domains=hparam_domain_discrete)
        place = self._place.below(checked_tag(name or run_name or str(time.time())))
        writer = FileWriter(place.name, event_writer=self._begin(place))
        for value in values:
            writer.add_summary(message(1, value), self._step_of_hparams(global_step))
        step, wall_time = self._moment(global_step, None)
        for tag, number in numbers.items():
            event = summary_event([scalar_value(self._clean(tag), number)], wall_time, step)
            writer.event_writer.append(event)
        writer.close()
        self._place.flush()

    @property
    def scalar_dict(self) -> dict[str, Points]:
        """Every scalar that this writer wrote: wall time, step and value of each, by run and tag ("run/tag").

        It is read back from the files: nothing of it is kept in memory.
        """
        from headway.record.export import exported_scalars

        self.flush()
        files = {name: writer.event_writer.paths for name, writer in self._writers.items()}
        return exported_scalars(self._place.name, files.pop(self._place.name), files.items())

    def export_scalars_to_json(self, path: str | os.PathLike[str]) -> None:
        """Write `scalar_dict` as JSON to `path`; NaN and infinities as strings."""
        import json

        Path(path).write_text(json.dumps(self.scalar_dict), encoding="utf-8")

    @contextlib.contextmanager
    def use_metadata(self, *, global_step: Any = None, walltime: float | None = None) -> Iterator[Self]:
        """Give step and wall time to everything logged within that says none itself; may be nested."""
        before = self._default_step, self._default_wall_time, self._add_scalar
        step = self._default_step = before[0] if global_step is None else global_step
        wall_time = self._default_wall_time = before[1] if walltime is None else walltime
        add = self._file.buffer.add_scalar

        def add_with_defaults(tag: str, value: Any, at: Any, when: Any) -> bool:
            return add(tag, value, step if at is None else at, wall_time if when is None else when)

        self._add_scalar = add_with_defaults  # so that the common way pays nothing for this
        try:
            with self._writers[self._place.name].use_metadata(global_step=global_step, walltime=walltime):
                yield self
        finally:
            self._default_step, self._default_wall_time, self._add_scalar = before

    def flush(self) -> None:
        """Return when everything logged before is in the files; those of a URL are copied there soon."""
        for writer in list(self._writers.values()):
            writer.flush()
        self._place.flush()

    def close(self) -> None:
        """Write everything and close the files. Logging more begins new ones."""
        _close_all(self._writers)
        self._described.clear()
        self._place.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _get_file_writer(self) -> FileWriter:
        """Return the writer of this run's event file; those who extend tensorboardX's or torch's writer call it."""
        return self._writers[self._place.name]

    # what torch does otherwise

    def _tag_cleaner(self) -> Callable[[str], str]:
        return TagCleaner()

    def _sub_run_of(self, main_tag: str, key: str) -> tuple[str, ...]:
        return main_tag, key

    def _step_of_hparams(self, step: Any) -> Any:  # noqa: ARG002
        return None

    def _sub_run(self, *parts: str) -> FileWriter:
        writer = self._sub_runs.get(parts)
        if writer is None:
            place = self._place.below(*parts)
            writer = self._writers.get(place.name) or FileWriter(place.name, event_writer=self._begin(place))
            self._sub_runs[parts] = self._writers[place.name] = writer
        return writer

    def _add_described(
        self, tag: str, value: Any, step: Any, wall_time: Any, name: str, description: str, double: bool
    ) -> None:
        """Add a scalar that says more than its number: what is said of the tag is written once a file."""
        file = self._file
        try:
            tag = self._clean(tag)
            first = tag not in self._described
            written = scalar_value(
                tag,
                as_double(value, tag),
                display_name=name if first and isinstance(name, str) else "",  # torch's new_style stands there
                description=description if first else "",
                double=double,
            )
            at, when = self._moment(step, wall_time)
            file.append(summary_event([written], when, at))
        except Exception as error:
            file.refuse(error)
            return
        if len(self._described) >= _MAX_DESCRIBED:
            self._described.clear()
        self._described.add(tag)


@dataclass(frozen=True)
class _Beginning:
    """How the files of a writer are begun; knows nothing of the writer, which would then never be collected."""

    filename_suffix: str
    clean: Callable[[str], str]
    write_to_disk: bool
    drop: bool
    writer: str
    shared: bool

    def __call__(self, place: Place, purge_step: int | None = None) -> EventFile | Nowhere:
        if not self.write_to_disk:
            return Nowhere(place.path)
        return EventFile(
            place.path,
            self.filename_suffix,
            purge_step,
            clean=self.clean,
            writer=self.writer,
            begun=place.begin,
            drop=self.drop,
            shared=self.shared,
        )


def _default_directory(comment: str) -> str:
    moment = datetime.now().strftime("%b%d_%H-%M-%S")
    return str(Path("runs", f"{moment}_{host_name()}{comment}"))


def _close_all(writers: dict[str, FileWriter]) -> None:
    for writer in list(writers.values()):
        writer.close()


def _leave(writers: dict[str, FileWriter], place: Place) -> None:
    _close_all(writers)
    place.leave()
