"""Several runs at once: a process that takes turns with its runs, and the parent's end of it.

The child is `python -m headway.demo.worker LOGDIR STEPS LEARNING_RATE…`. It prints one line of JSON after
each step of each run, and ends when nobody reads them any more.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

import headway
from headway.demo import corpus
from headway.demo.train import Progress, Recipe, train

LEARNING_RATES = ("3e-4", "1e-3", "3e-3", "7e-1")
"""As they stand in the names of the runs. The last is too high: Adam moves every weight by about the learning
rate, whatever the gradient's length: clipping is no help, and weights begin with a deviation of 0.02."""

_ENVIRONMENT = {
    # One core a process: small matrices gain nothing from more threads.
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"),
    # glibc: keep freed memory. Each step needs the same arrays again, and fresh pages cost 40 % of its time.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 28),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
}


def run_name(learning_rate: str) -> str:
    """Name a run by its learning rate."""
    return f"lr-{learning_rate}"


class Worker:
    """A started child process and how far its runs have come."""

    def __init__(self, logdir: Path, steps: int, learning_rates: Sequence[str]) -> None:
        self.progress: dict[str, Progress] = {}
        """By run name, from its first step on."""
        self._last_words: deque[str] = deque(maxlen=30)
        # -P: what lies in the current directory is no module of ours
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "headway.demo.worker", str(logdir), str(steps), *learning_rates],
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, name="headway-demo-progress", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether there is more to come from it."""
        return self._reader.is_alive() or self._process.poll() is None

    @property
    def failure(self) -> str | None:
        """Why it ended too early, with its last words; None while it runs, and when all went well."""
        if self.running or self._process.returncode == 0:
            return None
        code = self._process.returncode
        how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
        return "\n".join([f"the training process {self.pid} {how}", *self._last_words])

    def stop(self) -> None:
        """End it, if it has not ended: what its runs have logged is kept."""
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                if line.startswith("{"):
                    message = json.loads(line)
                    run = message.pop("run")
                    self.progress[run] = Progress(**message)
                else:
                    self._last_words.append(line.rstrip())


@contextmanager
def workers(logdir: Path, steps: int, learning_rates: Sequence[str] = LEARNING_RATES) -> Iterator[list[Worker]]:
    """Train one run for each learning rate, on two cores where there are two, no longer than the `with`."""
    count = min(2, os.cpu_count() or 1, len(learning_rates))
    started: list[Worker] = []
    try:
        for i in range(count):
            started.append(Worker(logdir, steps, learning_rates[i::count]))
        yield started
    finally:
        for worker in started:
            worker.stop()


def main(logdir: str, steps: str, *learning_rates: str) -> None:
    """Train one run for each learning rate, a step of each in turn."""
    if hasattr(os, "nice"):
        os.nice(5)  # the page stays quick while every core trains
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal: the parent decides
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    text = corpus.load()
    with ExitStack() as runs:
        trainings = []
        for rate in learning_rates:
            recipe = Recipe(learning_rate=float(rate), steps=int(steps))
            run = runs.enter_context(headway.init(Path(logdir) / run_name(rate), config=recipe.config()))
            trainings.append(train(recipe, text, run))
        for after_step in zip(*trainings, strict=True):
            for rate, progress in zip(learning_rates, after_step, strict=True):
                print(json.dumps({"run": run_name(rate), **asdict(progress)}))
            sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BrokenPipeError:
        os._exit(1)  # the parent is gone
