from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter

from headway.cli.view import open_browser

COMMAND = [sys.executable, "-m", "headway", "view"]


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    logdir = tmp_path / "logs"
    with SummaryWriter(str(logdir / "a")) as writer:
        for step in range(1500):
            writer.add_scalar("loss", 0.5, step)
    return logdir


@contextmanager
def viewing(*arguments: str | Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`headway view`, and its port, once it says where the page is."""
    command = [*COMMAND, *map(str, arguments), "--port", "0", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        address = re.fullmatch(r"    page  http://127\.0\.0\.1:(\d+)/\n", line)
        assert address is not None, line + process.stdout.read()
        yield process, int(address[1])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def read_until(process: subprocess.Popen[str], start: str) -> list[str]:
    lines = []
    assert process.stdout is not None
    for line in process.stdout:
        lines.append(line.strip())
        if line.strip().startswith(start):
            return lines
    raise AssertionError(lines)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_and_what_and_ends_quickly(logdir: Path, stop: signal.Signals) -> None:
    with viewing(logdir, "--index", ":memory:") as (process, port):
        assert read_until(process, "read")[-1].startswith("read  1,500 points of 1 run, in ")
        page = HTTPConnection("127.0.0.1", port, timeout=5)
        page.request("GET", "/api/changes")
        assert page.getresponse().readline().startswith(b"data: ")
        began = time.monotonic()
        process.send_signal(stop)
        assert process.wait(5) == 0
        assert time.monotonic() - began < 2
        assert process.stdout is not None
        assert process.stdout.read() == ""
        page.close()


def test_the_index_is_kept_where_it_is_told(logdir: Path, tmp_path: Path) -> None:
    place = tmp_path / "index.duckdb"
    with viewing(logdir, "--index", place) as (process, _):
        lines = read_until(process, "read")
        assert lines[:2] == [f"runs  {logdir}", "index  on disk, kept for the next time"]
        with viewing(logdir, "--index", place) as (second, _):
            assert read_until(second, "index")[-1].startswith("index  in memory: ")
    assert place.exists()


def test_a_log_directory_may_come_later(tmp_path: Path) -> None:
    with viewing(tmp_path / "later", "--index", ":memory:") as (process, _):
        assert read_until(process, "runs")[-1].endswith("later (not there yet; what comes will be shown)")


def test_what_cannot_be_read_is_said(logdir: Path) -> None:
    (events,) = (logdir / "a").iterdir()
    content = bytearray(events.read_bytes())
    content[1000] ^= 255
    events.write_bytes(content)
    (logdir / "pointer\x1b[31m").mkdir()
    (logdir / "pointer\x1b[31m" / "events.out.tfevents.1.a").write_text(
        "version https://git-lfs.github.com/spec/v1\n"
    )
    with viewing(logdir, "--index", ":memory:") as (process, _):
        read_until(process, "read")
        said = read_until(process, "problem") + read_until(process, "problem")
        assert any(line.startswith(f"problem  a/{events.name}: 1 damaged record skipped") for line in said)
        assert any(line.startswith("problem  pointer�[31m/events.out.tfevents.1.a: ") for line in said)


def test_a_file_is_no_log_directory(logdir: Path) -> None:
    (events,) = (logdir / "a").iterdir()
    result = subprocess.run([*COMMAND, str(events)], capture_output=True, text=True, timeout=20)
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(r"Error: .* is a file.*\n", result.stderr)


def test_a_port_in_use_is_one_line(logdir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*COMMAND, str(logdir), "--port", port, "--index", ":memory:", "--no-open"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(rf"Error: port {port} of 127\.0\.0\.1 is in use.*\n", result.stderr)


@pytest.mark.parametrize(
    ("environment", "opened"),
    [
        ({}, []),
        ({"DISPLAY": ":0"}, ["http://localhost/"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["http://localhost/"]),
        ({"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "::1 1 ::1 22"}, []),
    ],
)
def test_a_browser_is_opened_where_there_is_a_display(
    environment: dict[str, str], opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    got: list[str] = []
    monkeypatch.setattr("webbrowser.open", got.append)
    monkeypatch.setattr(sys, "platform", "linux")
    open_browser("http://localhost/")
    for thread in threading.enumerate():
        if thread.name == "headway-browser":
            thread.join()
    assert got == opened


@pytest.mark.parametrize(
    ("options", "environment", "address"),
    [
        (["--token"], {}, r"/\?token=[\w-]{24}"),
        (["--token", "my-own-token"], {}, r"/\?token=my-own-token"),
        ([], {"HEADWAY_TOKEN": "from-the-environment"}, r"/\?token=from-the-environment"),
        (["--prefix", "/a b/", "--token=my-own-token"], {}, r"/a%20b/\?token=my-own-token"),
    ],
)
def test_a_token_and_a_prefix(logdir: Path, options: list[str], environment: dict[str, str], address: str) -> None:
    command = [*COMMAND, str(logdir), "--port", "0", "--no-open", "--index", ":memory:", *options]
    with subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.kill()
    assert re.fullmatch(rf"    page  http://127\.0\.0\.1:\d+{address}\n", line)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--token", "short"], "at least 8"),
        (["--token", "no/slashes/in/it"], "at least 8"),
        (["--prefix", "api"], "begin with /"),
        (["--prefix", "/data"], "choose another"),
    ],
)
def test_what_cannot_be_in_an_address_is_one_line(logdir: Path, options: list[str], says: str) -> None:
    command = [*COMMAND, str(logdir), "--no-open", "--index", ":memory:", *options]
    result = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert (result.returncode, result.stdout) == (1, "")
    assert re.fullmatch(rf"Error: .*{says}.*\n", result.stderr)
