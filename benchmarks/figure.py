"""One figure: what was measured, of headway and perhaps of a peer, and whether it reaches its target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A row of the table. Numbers are in `unit`; each value is one repeat, and what counts is the median."""

    what: str
    unit: str
    values: Sequence[float]
    peer: str = ""
    peer_values: Sequence[float] = ()
    times: float | None = None
    """Target: the peer takes at least so many times as much."""
    at_most: float | None = None
    """Target for headway's number alone."""
    at_least: float | None = None
    note: str = ""

    @property
    def value(self) -> float:
        """The median of headway's repeats."""
        return median(self.values)

    @property
    def peer_value(self) -> float | None:
        """The median of the peer's repeats, None without a peer."""
        return median(self.peer_values) if self.peer_values else None

    @property
    def ratio(self) -> float | None:
        """How many times headway's number the peer takes."""
        return None if self.peer_value is None else self.peer_value / self.value

    @property
    def target(self) -> str:
        """All that is asked of this figure, in words."""
        asked = [
            f"≥ {self.times:g} ×" if self.times is not None else "",
            f"≤ {self.at_most:g} {self.unit}" if self.at_most is not None else "",
            f"≥ {self.at_least:g} {self.unit}" if self.at_least is not None else "",
        ]
        return ", ".join(filter(None, asked))

    @property
    def reached(self) -> bool:
        """Whether all of it is reached."""
        return (
            (self.times is None or (self.ratio or 0) >= self.times)
            and (self.at_most is None or self.value <= self.at_most)
            and (self.at_least is None or self.value >= self.at_least)
        )
