from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

import headway
from headway.demo.worker import LEARNING_RATES, run_name

RUNS = [run_name(rate) for rate in LEARNING_RATES]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def demo(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "headway",
                "demo",
                "--no-open",
                "--logdir",
                str(tmp_path / "logs"),
                *arguments,
            ],
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield demo
    for process in started:
        process.kill()
        process.communicate()


def children(process: subprocess.Popen[str]) -> list[int]:
    """The training processes, which no longer than 20 s after the start are two or, on one core, one."""
    listing = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    end = time.monotonic() + 20
    while len(found := listing.read_text().split()) < min(2, os.cpu_count() or 1):
        assert time.monotonic() < end
        time.sleep(0.02)
    return [int(pid) for pid in found]


def address(process: subprocess.Popen[str]) -> str:
    """The address that it prints; reads its output as far as that."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError("no address was printed")


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_trains_to_the_end_and_says_how_it_went(start: Start, tmp_path: Path) -> None:
    process = start("--steps", "3", "--port", "0", "--exit")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert re.search(r"http://127\.0\.0\.1:\d+", output)
    assert str(tmp_path / "logs") in output.replace("\n", "")
    logs = headway.open(tmp_path / "logs", index=":memory:")
    assert sorted(logs.runs) == sorted(RUNS)
    for run in RUNS:
        # run, bar, step, the last train/loss and val/loss, tokens a second
        (row,) = re.findall(rf"^\s*{re.escape(run)}\b.*? 3 +(\S+) +(\S+) +([\d,]+)\s*$", output, re.MULTILINE)
        assert float(row[0]) == pytest.approx(logs[run].scalars("train/loss").values[-1], abs=6e-4)
        assert float(row[1]) == pytest.approx(logs[run].scalars("val/loss").values[-1], abs=6e-4)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the training processes in /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_it_is_stopped_and_takes_the_training_with_it(start: Start, how: signal.Signals) -> None:
    process = start("--steps", "100000", "--port", "0")
    with urlopen(address(process) + "api/overview", timeout=10) as answer:
        assert answer.status == 200
    training = children(process)
    process.send_signal(how)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0, output
    assert "headway view" in output
    assert all(map(gone, training))


@pytest.mark.skipif(sys.platform != "linux", reason="finds the training processes in /proc")
def test_training_does_not_outlive_a_demo_that_is_killed(start: Start) -> None:
    process = start("--steps", "100000", "--port", "0")
    training = children(process)
    process.kill()
    end = time.monotonic() + 20
    while not all(map(gone, training)):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="finds the training processes in /proc")
def test_a_training_process_that_dies_is_said(start: Start) -> None:
    process = start("--steps", "100000", "--port", "0", "--exit")
    training = children(process)
    os.kill(training[0], signal.SIGKILL)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1, output
    assert f"the training process {training[0]} was ended by signal 9" in output
    assert all(map(gone, training))


def test_a_port_in_use_is_named(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start("--steps", "3", "--port", str(port), "--exit")
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert str(port) in output
    assert f"PORT={port + 1}" in output
    assert "Traceback" not in output
