from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import headway
from headway import HeadwayError
from headway.cli import VERBS, main


def test_the_version_is_quick() -> None:
    code = (
        "import sys\n"
        "from headway.cli import main\n"
        "try: main(['--version'])\n"
        "finally: print(*sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    version, modules = output.splitlines()
    assert version == f"headway, version {headway.__version__}"
    assert not {"numpy", "duckdb", "starlette", "uvicorn", "msgspec", "rich"} & {*modules.split()}


def test_help_lists_the_verbs() -> None:
    output = CliRunner().invoke(main, ["--help"]).output
    for verb in VERBS:
        assert f"\n  {verb} " in output


def test_an_unknown_verb_is_an_error() -> None:
    result = CliRunner().invoke(main, ["vieww"])
    assert (result.exit_code, "No such command" in result.output) == (2, True)


def test_a_headway_error_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def fail() -> None:
        raise HeadwayError("it cannot be done; do this instead")

    monkeypatch.setattr(type(main), "get_command", lambda *_: fail)
    result = CliRunner().invoke(main, ["view"])
    assert (result.exit_code, result.output) == (1, "Error: it cannot be done; do this instead\n")


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "Error: No space left on device\n"),
        (
            PermissionError(errno.EACCES, "Permission denied", "a\x1b/b"),
            "Error: a\N{REPLACEMENT CHARACTER}/b: Permission denied\n",
        ),
        (RuntimeError("Query interrupted"), "Aborted!\n"),
    ],
)
def test_what_the_system_refuses_is_one_line(monkeypatch: pytest.MonkeyPatch, raised: Exception, said: str) -> None:
    @click.command()
    def fail() -> None:
        raise raised

    monkeypatch.setattr(type(main), "get_command", lambda *_: fail)
    result = CliRunner().invoke(main, ["view"])
    assert (result.exit_code, result.output) == (1, said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("more", [["ls"], ["ls", "--json"], ["tail", "base"], ["sql", "FROM points", "--csv"]])
def test_a_full_disk(logdir: Path, more: list[str]) -> None:
    verb, *rest = more
    with Path("/dev/full").open("w") as full:
        line = [sys.executable, "-m", "headway", verb, str(logdir), *rest]
        result = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (result.returncode, result.stderr) == (1, "Error: No space left on device\n")


def test_a_query_is_interrupted(logdir: Path) -> None:
    query = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
    line = [sys.executable, "-m", "headway", "sql", str(logdir), query, "--index", str(logdir.parent / "index")]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (logdir.parent / "index").exists():
        time.sleep(0.01)
    time.sleep(1.0)  # now it counts
    os.kill(process.pid, signal.SIGINT)
    assert (process.communicate(timeout=30), process.returncode) == (("", "Aborted!\n"), 1)
