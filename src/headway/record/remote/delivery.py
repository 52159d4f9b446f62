"""What carries a spool to its destination: everything that is new, each byte once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from headway.record.remote.destination import Destination
from headway.record.remote.pieces import is_event_file, new_records, piece_name
from headway.record.remote.spool import Mark, Spool

_APPENDED = "projector_config.pbtxt"  # grows over a run's sessions, and only the last one's lies in the spool


class Delivery:
    """Delivers `spool`; the destination is opened when it is first needed. Used by one thread."""

    def __init__(self, spool: Spool, open_destination: Callable[[], Destination]) -> None:
        self.spool = spool
        self._open = open_destination
        self._destination: Destination | None = None
        self._seen: dict[str, Mark] = {}
        self._failed = ""

    def waiting(self) -> int:
        """Return how many bytes wait, those of a record that is still being written included."""
        return sum(self._waiting(name) for name in self.spool.names())

    def round(self, everything: bool) -> bool:
        """Deliver what is new and say whether anything was; `everything`: also what goes on, perhaps, later.

        Raises whatever the destination's client raises; the next round goes on where this one stopped.
        """
        names = self.spool.names()
        # A file that cannot be delivered must not hold up the others: the next round begins behind it.
        later = [name for name in names if name > self._failed]
        delivered = False
        for name in later + names[: len(names) - len(later)]:
            self._failed = name
            if not self._waiting(name):
                continue
            delivered |= (
                self._deliver_records(name, everything)
                if is_event_file(name)
                else self._deliver_whole(name, everything)
            )
        self._failed = ""
        return delivered

    def close(self) -> None:
        """Let go of the destination; files that were being streamed there are complete then."""
        if self._destination is not None:
            self._destination.close()
            self._destination = None

    def _deliver_records(self, name: str, everything: bool) -> bool:
        destination = self._there()
        mark = self.spool.mark(name)
        offset, number = destination.resume(name, mark.offset), mark.number
        while True:
            version, records = new_records(self._path(name), offset, everything=everything)
            if not records:
                return number > mark.number
            destination.add(name, piece_name(name, self.spool.name, number), version, records)
            offset, number = offset + len(records), number + 1
            self.spool.set_mark(name, Mark(offset, number))

    def _deliver_whole(self, name: str, everything: bool) -> bool:
        now = self._state(name)
        quiet = self._seen.get(name) == now
        self._seen[name] = now
        if not (quiet or everything):
            return False
        data = self._path(name).read_bytes()
        if name.rpartition("/")[2] == _APPENDED:
            data = self._before(name) + data
        self._there().put(name, data)
        self.spool.set_mark(name, now)
        return True

    def _before(self, name: str) -> bytes:
        """Return what the destination had before this spool: earlier sessions' entries, which must stay."""
        kept = self.spool.before / name
        if not kept.exists():
            data = self._there().get(name)
            kept.parent.mkdir(parents=True, exist_ok=True)
            temporary = kept.with_name(kept.name + ".new")
            temporary.write_bytes(data if not data or data.endswith(b"\n") else data + b"\n")
            temporary.replace(kept)
        return kept.read_bytes()

    def _there(self) -> Destination:
        if self._destination is None:
            self._destination = self._open()
        return self._destination

    def _path(self, name: str) -> Path:
        return self.spool.files / name

    def _waiting(self, name: str) -> int:
        state, mark = self._state(name), self.spool.mark(name)
        if is_event_file(name):
            return max(state.offset - mark.offset, 0)
        return 0 if state == mark else state.offset + 1  # an empty file is one, too

    def _state(self, name: str) -> Mark:
        """Return the mark of a file, other than an event file, that is there as it is now."""
        try:
            state = self._path(name).stat()
        except FileNotFoundError:  # deleted since it was listed
            return self.spool.mark(name)
        return Mark(state.st_size, state.st_mtime_ns)
