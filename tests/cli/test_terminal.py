"""On a terminal: colour, what fits, and a bar while much is read."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from events.frames import scalar, version, write

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals here", allow_module_level=True)

import fcntl
import pty
import termios

from headway.cli.terminal_chart import BRAILLE


def on_terminal(width: int, *arguments: object) -> str:
    """What `headway` writes to a terminal of this width, with its escapes."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    process = subprocess.Popen(
        [sys.executable, "-m", "headway", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"},
    )
    os.close(theirs)
    told = b""
    try:
        while piece := _read(ours):
            told += piece
        assert process.wait(30) == 0, told
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return told.decode("utf-8").replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other side is closed
        return b""


def plain(text: str) -> list[str]:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).splitlines()


@pytest.mark.parametrize("width", [70, 160])
def test_a_table_fits(logdir: Path, width: int) -> None:
    text = on_terminal(width, "ls", logdir)
    lines = plain(text)
    assert all(cell_len(line) <= width for line in lines if not line.startswith("no room for: "))
    assert "\x1b[31mfailed" in text
    assert "\x1b[1m" in text
    assert lines[-1] == "4 runs"
    assert any(re.match(r"sweep/fork +finished +79 +0.605 +0.605", line) for line in lines)
    assert any(line.startswith("no room for: ") for line in lines) == (width == 70)


def test_a_chart_is_as_wide_as_the_terminal(logdir: Path) -> None:
    lines = plain(on_terminal(100, "show", logdir, "base"))
    curves = [line for line in lines if any(BRAILLE <= ord(c) < BRAILLE + 256 for c in line)]
    assert {len(line) for line in curves} == {100}


def test_a_bar_while_much_is_read(tmp_path: Path) -> None:
    frames = b"".join([version(), *(scalar("loss", i / 7, i, 1.7e9 + i) for i in range(20_000))])
    for i in range(60):
        write(tmp_path / "logs" / f"run{i}" / "events.out.tfevents.1.a", [frames])
    code = "from headway.cli import main, source; source.SHOW_AFTER = 0.0; main()"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", code, "ls", str(tmp_path / "logs"), "--index", ":memory:", "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env=os.environ | {"TERM": "xterm"}
    ) as process:
        os.close(theirs)
        told = b""
        while piece := _read(ours):
            told += piece
        os.close(ours)
        assert process.stdout is not None
        assert process.stdout.read().startswith(b'{\n  "logdir"')
    assert any("reading" in line for line in plain(told.decode()))
