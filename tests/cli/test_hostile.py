"""Log directories of somebody who means harm: no verb crashes, hangs, or lets them steer the terminal."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.util import tensor_util

from cli.command import run
from events.frames import scalar, version, write
from headway.events.framing import frame

EVIL = "\x1b]0;owned\x07\x1b[2J\r\u202e<b>[red]x[/red]{{}}'\"; rm -rf\n\u2028" + "é" * 50
READING = ["ls", "show", "tail", "diff", "sql", "mark"]


def text(tag: str, said: str, step: int = 0) -> bytes:
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="text"))
    value = Summary.Value(tag=tag, tensor=tensor_util.make_tensor_proto(said), metadata=metadata)
    return frame(Event(wall_time=2.0, step=step, summary=Summary(value=[value])).SerializeToString())


def fenced(value: object) -> str:
    return f"```json\n{json.dumps(value)}\n```"


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    name = EVIL.replace("/", "_").replace("\n", "\v")
    account = {"id": 3, "tags": [EVIL, 7, None], "notes": EVIL, "git": {"commit": EVIL}, "lineage": {"run": EVIL}}
    account |= {"packages": {EVIL: EVIL}, "command": [EVIL], EVIL: {EVIL: [1e308]}, "started": "yesterday"}
    frames = [
        version(),
        scalar(EVIL, 1.0, 1),
        scalar(EVIL, float("nan"), 2, 1e300),
        scalar("loss", -1e38, -(2**63), -5.0),
        scalar("loss", 1e38, 2**63 - 1, float("inf")),
        scalar("", 1.0, 0, float("nan")),
        text("headway/state", f"failed: {EVIL}\n\n```text\n{EVIL}\n```"),
        text("headway/config", fenced({EVIL: {EVIL: EVIL}, "deep": [[[[]]]], "big": 10**400, "n": None})),
        text("headway/run", fenced(account)),
        text("headway/git_diff", f"```diff\n+{EVIL}\n```"),
        text(EVIL, EVIL),
    ]
    write(tmp_path / "logs" / name / "events.out.tfevents.1.a", frames)
    others = [version(), scalar("loss", 2.0, 0), scalar(EVIL, 3.0, 1), text("headway/state", "no such word")]
    others += [text("headway/config", fenced([1])), text("headway/run", "```json\n{"), text("headway/git_diff", "x")]
    write(tmp_path / "logs" / "b" / "events.out.tfevents.1.a", others)
    return tmp_path / "logs"


def arguments(verb: str) -> Sequence[object]:
    more: dict[str, Sequence[object]] = {
        "show": ["*owned*", "--tag", EVIL, "--tag", "loss"],
        "tail": ["*owned*", "-n", 100],
        "diff": ["*owned*", "b"],
        "sql": ["SELECT * FROM points, config WHERE points.run = config.run"],
        "mark": ["*"],
    }
    return more.get(verb, [])


@pytest.mark.parametrize("verb", READING)
def test_names_and_texts(logdir: Path, verb: str) -> None:
    result = run(verb, logdir, *arguments(verb))
    assert (result.exit_code, result.stderr) == (0, "")
    assert not {c for c in result.stdout if not c.isprintable()} - {"\n"}
    told = run(verb, logdir, *arguments(verb), "--json")
    assert told.exit_code == 0
    assert not {c for c in told.stdout if not c.isprintable()} - {"\n"}
    for document in told.stdout.splitlines() if verb == "tail" else [told.stdout]:
        json.loads(document)


def test_other_verbs(logdir: Path, tmp_path: Path) -> None:
    for code, line in (
        (0, ["doctor", logdir]),
        (0, ["export", logdir, tmp_path / "out.csv"]),
        (0, ["export", logdir, tmp_path / "out"]),
        (0, ["index", logdir, "status"]),
        (1, ["show", logdir, EVIL]),
        (1, ["show", logdir, "b", "--tag", EVIL + "?"]),
        (1, ["ls", logdir, EVIL]),
        (1, ["ls", logdir, "--sort", EVIL + "?"]),
        (0, ["rm", logdir, "*owned*", "--yes", "--force"]),
    ):
        result = run(*line)
        assert result.exit_code == code, result.output
        assert not {c for c in result.output if not c.isprintable()} - {"\n"}, line


@pytest.mark.parametrize("seed", range(6))
def test_damaged_files(logdir: Path, seed: int) -> None:
    random_ = random.Random(seed)
    for path in logdir.rglob("*tfevents*"):
        data = bytearray(path.read_bytes())
        for _ in range(20):
            data[random_.randrange(len(data))] = random_.randrange(256)
        path.write_bytes(data)
    assert run("doctor", logdir).exit_code == 1
    for verb in ("ls", "sql", "mark"):
        assert run(verb, logdir, *arguments(verb)).exit_code == 0
    assert run("show", logdir, "b").exit_code in (0, 1)  # nothing may be left of it
