"""What queries ask of an index: `headway.ingest.index.Index` is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from headway.store.rows import Extent, Points, Segment, Sessions, Told

if TYPE_CHECKING:
    import duckdb

    from headway.store.columns import Columns


class Run(Protocol):
    """One run as a list shows it; see `headway.ingest.catalogue.RunState`. Wall times are seconds since 1970."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def points(self) -> int: ...  # noqa: D102
    @property
    def last_step(self) -> int | None: ...  # noqa: D102
    @property
    def first_wall(self) -> float | None: ...  # noqa: D102
    @property
    def last_wall(self) -> float | None: ...  # noqa: D102
    @property
    def grew_at(self) -> float: ...  # noqa: D102
    @property
    def live(self) -> bool: ...  # noqa: D102
    @property
    def revision(self) -> int: ...  # noqa: D102
    @property
    def series(self) -> int: ...  # noqa: D102
    @property
    def entries(self) -> int: ...  # noqa: D102


class Source(Protocol):
    """An index, asked from any thread. A kind is as in `headway.events.kinds`; a run is named, not numbered."""

    revision: int

    def runs(self) -> Sequence[Run]:
        """All runs, in alphabetical order."""

    def run_names(self) -> list[str]:
        """Their names alone."""

    def run_id(self, name: str) -> int | None:
        """The id of the run of this name."""

    def run_name(self, run_id: int) -> str | None:
        """The name of the run with this id."""

    def tags(self, kind: str = "scalars") -> dict[str, list[int]]:
        """Tag → ids of the runs that have it as `kind`."""

    def kinds(self) -> dict[str, int]:
        """Kind → how many series of it there are."""

    def run_tags(self, run: str, kind: str = "scalars") -> list[str]:
        """The tags of `run` of one kind, in the order they appeared."""

    def run_kinds(self, run: str) -> dict[str, list[str]]:
        """Kind → tags of `run`."""

    def series(self, run: str, tag: str, kind: str = "scalars") -> list[tuple[Segment, Extent]]:
        """The segments of one series; of entries as of scalars."""

    def summary(self, run: str, tag: str) -> Extent | None:
        """What is known of a scalar series without reading it; None: there is none, or its points must be read."""

    def sessions(self, run: str) -> Sessions:
        """What is known of each session; empty when there is but one."""

    def all_sessions(self, run: str) -> Sessions:
        """The same, also of a single one."""

    def ranks(self, run: str) -> dict[str, int | None]:
        """Event file → the rank that its writer said."""

    def first_wall(self, run: str) -> float:
        """Wall time of the run's first point, NaN when it has none."""

    def told(self, run: str) -> list[Told]:
        """What `run` says of itself, in order of time; see `headway.query.account`."""

    def points(self, segments: list[tuple[Segment, Extent]]) -> list[Points]:
        """All points of each of these segments, as `series` gave them, best of one tag. Nobody may change them."""

    def blobs(self, segments: list[Segment]) -> Columns:
        """Where entries lie; see `headway.query.entries`, which resolves sessions."""

    def content(self, path: str, offset: int, length: int) -> bytes:
        """An entry's bytes; a HeadwayError when its file is gone or another one."""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection to the index' tables; see `headway.query.sql`."""
