"""What a program prints, kept with its run: a copy of standard output and error as text, about once a second."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from headway.record.about import markdown
from headway.record.about.screen import Screen

CONSOLE_TAG = "headway/console"
INTERVAL = 1.0
"""Seconds between two looks at what was printed."""
BATCH = 16 << 10
"""Characters of one text."""
BURST, RATE = 256 << 10, 8 << 10
"""Characters that may come at once, and a second in the long run; what is beyond is dropped, and that is said."""
MAX_WAITING = 1 << 20
"""Characters that wait to be looked at."""


class Console:
    """Copies what is printed to `sys.stdout` and `sys.stderr` to `say`, as Markdown, from `start` until `stop`.

    The streams are the same objects as before, only their `write` is watched, so what holds them already (handlers
    of `logging`) is heard too. Nothing here raises, prints or waits; a forked process is not listened to.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._process = os.getpid()
        self._pieces: deque[tuple[int, str]] = deque()
        self._waiting = self._dropped = 0
        self._screens: dict[int, Screen] = {}
        self._allowance, self._measured = float(BURST), time.monotonic()
        self._reading = threading.RLock()
        self._bell = threading.Condition()
        self._stopped = False
        self._streams: list[tuple[Any, Any, Any]] = []  # with their `write` of ours, and an earlier listener's

    def start(self) -> None:
        """Begin to listen."""
        for number, stream in enumerate((sys.stdout, sys.stderr)):
            if stream is not None:
                with contextlib.suppress(Exception):  # a stream that takes no attributes
                    self._listen(number, stream)
        thread = threading.Thread(target=self._work, name="headway-console", daemon=True)
        with contextlib.suppress(RuntimeError):  # no more threads: all of it is told in the end
            thread.start()

    def stop(self) -> None:
        """Give the streams back as they were, and tell what is left."""
        for stream, write, before in self._streams:
            with contextlib.suppress(Exception):
                if vars(stream).get("write") is not write:
                    continue  # somebody listens above us, and goes on
                if before is None:
                    del stream.write
                else:
                    stream.write = before
        self._streams.clear()
        if os.getpid() == self._process and not self._stopped:
            self._read(at_end=True)
        with self._bell:
            self._stopped = True
            self._bell.notify_all()

    def _listen(self, number: int, stream: Any) -> None:
        original, before = stream.write, vars(stream).get("write")

        def write(text: Any) -> Any:
            written = original(text)
            self._take(number, text)
            return written

        stream.write = write
        self._streams.append((stream, write, before))

    def _take(self, number: int, text: Any) -> None:
        # A signal handler may print in the middle of this: no locks.
        if not isinstance(text, str) or self._stopped or os.getpid() != self._process:
            return
        if self._waiting + len(text) > MAX_WAITING:
            self._dropped += len(text)
            return
        self._waiting += len(text)
        self._pieces.append((number, text))

    def _work(self) -> None:
        while not self._stopped:
            with self._bell:
                self._bell.wait(INTERVAL)
            self._read()

    def _read(self, at_end: bool = False) -> None:
        if not self._reading.acquire(timeout=INTERVAL):
            return
        try:
            lines: list[str] = []
            while self._pieces:
                number, text = self._pieces.popleft()
                screen = self._screens.setdefault(number, Screen())
                screen.feed(text)
                lines += screen.take()
            self._waiting = 0
            if at_end:
                for screen in self._screens.values():
                    lines += screen.rest()
            self._tell(lines)
        except Exception:  # whatever it is, it must not end the program that prints
            self._pieces.clear()
        finally:
            self._reading.release()

    def _tell(self, lines: list[str]) -> None:
        batch: list[str] = []
        size = 0
        for line in self._affordable(lines):
            if size + len(line) > BATCH and batch:
                self._say(markdown.fenced("\n".join(batch), "text"))
                batch, size = [], 0
            batch.append(line)
            size += len(line) + 1
        if batch:
            self._say(markdown.fenced("\n".join(batch), "text"))

    def _affordable(self, lines: list[str]) -> list[str]:
        now = time.monotonic()
        self._allowance = min(self._allowance + (now - self._measured) * RATE, BURST)
        self._measured = now
        kept: list[str] = []
        for line in lines:
            self._allowance -= len(line) + 1
            if self._allowance >= 0:
                kept.append(line)
            else:
                self._allowance += len(line) + 1
                self._dropped += len(line) + 1
        if self._dropped:
            kept.append(f"[{self._dropped} characters left out: too much is printed]")
            self._dropped = 0
        return kept
