"""What is fuzzed: each target takes bytes that may be anything, and raises where headway does not do as it says."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from headway.events._decode import Decoder as CompiledDecoder

from headway.errors import HeadwayError
from headway.events.decode import PythonDecoder
from headway.events.framing import frame
from headway.events.kinds import KINDS
from headway.events.wire import message, number_field, string_field
from headway.examine.file import examine
from headway.importers.claims import IMPORTERS
from headway.importers.importer import Importer
from headway.importers.place import Place
from headway.importers.run import Options
from headway.importers.wandb_log import MARK, _checksum
from headway.ingest.local import LocalDirectory
from headway.marks.journal import parsed
from headway.query.account import account
from headway.query.expression import parse
from headway.query.filter import parse_filter
from headway.query.kinds.decode import decode
from headway.query.kinds.pbtxt import parse_pbtxt
from headway.query.kinds.plain import plain
from headway.store.rows import Told


class Target(NamedTuple):
    """Something that reads what others wrote."""

    seeds: Callable[[], list[bytes]]
    """Well-formed inputs to begin with."""
    check: Callable[[bytes], object]


def twins(data: bytes) -> None:
    """Both decoders say the same, and no record that is whole is missing."""
    compiled, plain_one = CompiledDecoder(), PythonDecoder()
    one, other = compiled.decode(data), plain_one.decode(data)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_equal(a, b)
    assert (compiled.tag_names, compiled.kind_names) == (plain_one.tag_names, plain_one.kind_names)
    assert 0 <= one.consumed <= len(data)


NUMBERED = [
    frame(number_field(2, i) + message(5, message(1, string_field(1, f"tag/{i}") + b"\x15\0\0\x80?")))
    for i in range(20)
]
"""Records that tell each other apart by their step."""


def undamaged(data: bytes) -> None:
    """The input says how to damage a file: every record that is left whole is found.

    Four bytes an injury: what is done, where (two bytes), and with what.
    """
    file = b"".join(NUMBERED)
    for i in range(0, min(len(data), 40) - 3, 4):
        how, at, with_what = data[i] % 4, int.from_bytes(data[i + 1 : i + 3], "little") % len(file), data[i + 3]
        if how == 0:
            file = file[:at] + bytes([with_what]) + file[at + 1 :]
        elif how == 1:
            file = file[:at] + bytes([with_what]) * with_what + file[at:]
        elif how == 2:
            file = file[:at] + file[at + with_what :]
        else:
            file = file[:at] + b"\0" * with_what + file[at + with_what :]
        file = file or b"\0"
    steps = set(CompiledDecoder().decode(file).steps.tolist())
    missing = [i for i, whole in enumerate(NUMBERED) if whole in file and i not in steps]
    assert not missing, f"records {missing} are whole and were not found"


ALL_KINDS = (*KINDS, "graph_keras_model", "graph_run_metadata", "unknown")


def entry(data: bytes) -> None:
    """The first byte chooses the kind."""
    kind = (
        [*KINDS, "graph_keras_model", "graph_run_metadata", "unknown"][data[0] % (len(KINDS) + 3)] if data else "text"
    )
    try:
        value = decode(kind, data[1:])
    except ValueError:
        return
    plain(value)


def said(data: bytes) -> None:
    """What a run says of itself: the first byte chooses the tag."""
    tags = ("headway/state", "headway/config", "headway/run", "args/text_summary", "_hparams_/session_start_info")
    tag = tags[data[0] % len(tags)] if data else tags[0]
    account([Told(tag, "hparams" if tag.startswith("_") else "text", "a/f", 0, 0, 1.0, data[1:])])


def pbtxt(data: bytes) -> None:
    """A projector's config."""
    try:
        parse_pbtxt(data)
    except ValueError:
        return


def expression(data: bytes) -> None:
    """An expression that parses is the same when it is written out and parsed again."""
    text = data.decode("utf-8", "surrogateescape")
    try:
        found = parse(text)
    except HeadwayError:
        return
    assert parse(str(found)) == found


def condition(data: bytes) -> None:
    """A filter over runs."""
    try:
        parse_filter(data.decode("utf-8", "surrogateescape"))
    except HeadwayError:
        return


def examined(data: bytes) -> None:
    """`headway doctor` of a file."""
    path = _file("events.out.tfevents.1", data)
    examine(LocalDirectory(path.parent), str(path), path.name, 2e9)


def mark(data: bytes) -> None:
    """A line of the journal of marks."""
    parsed(data)


def imported(importer: Importer, name: str) -> Callable[[bytes], None]:
    """An importer, on a file of this name."""

    def check(data: bytes) -> None:
        path = _file(name, data)
        place = Place(path, path.parent)
        try:
            if importer.claims(place):
                for run in importer.runs(place, Options()):
                    for _ in run.rows:
                        pass
        except HeadwayError:
            return

    return check


@cache
def _directory() -> Path:
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="headway-fuzz-", dir=memory if os.access(memory, os.W_OK) else None))


def _file(name: str, data: bytes) -> Path:
    directory = _directory() / name.replace(".", "_")
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_bytes(data)
    return path


def _event_files() -> list[bytes]:
    import headway

    logdir = Path(tempfile.mkdtemp())
    with headway.SummaryWriter(str(logdir)) as writer:
        writer.add_scalar("a", 1.0, 1)
        writer.add_text("t", "hello", 2)
        writer.add_histogram("h", np.arange(9.0), 3)
    found = [path.read_bytes() for path in logdir.iterdir()]
    return [*found, b"".join(NUMBERED[:3])]


def _entries() -> list[bytes]:
    from query.kinds.samples import samples

    return [bytes([ALL_KINDS.index(kind)]) + content for kind, content in samples() if kind in ALL_KINDS]


def _accounts() -> list[bytes]:
    return [bytes([i]) + content for i in range(5) for kind, content in _told() if (kind == "hparams") == (i == 4)]


@cache
def _told() -> list[tuple[str, bytes]]:
    import headway
    from headway.ingest.index import Index

    logdir = Path(tempfile.mkdtemp())
    with headway.init(logdir / "run", config={"lr": 1e-3, "nested": {"list": [1, 2]}}, notes="n", tags=["t"]) as run:
        run.log({"x": 1.0})
    index = Index(logdir, ":memory:")
    index.refresh()
    found = [(one.kind, one.content) for one in index.told("run")]
    index.close()
    return found


LOGS = [
    b"iter 0: loss 10.9, time 1000.00ms, mfu -100.00%\nstep 0: train loss 4.2, val loss 4.3\n",
    b"s:0 tel:11.0\ns:1 trl:10.5 lr:1e-4 norm:0.5\n",
    b"step:1/9536 val_loss:10.8 train_time:12ms\nstep:2 - actor/entropy:0.3 - critic/score:-1.0\n",
    b"{'loss': 0.4, 'learning_rate': 5e-05, 'epoch': 1.0}\n",
]
TABLES = [b"step,loss,acc\n1,0.5,0.1\n2,nan,\n", b"run,tag,step,wall_time,value\na,x,1,2.0,3.0\n"]
JSONL = [b'{"step": 1, "loss": 0.5}\n{"step": 2, "loss": NaN, "text": "hi"}\n']
FACTORY = [
    b'{"current_steps": 5, "total_steps": 10, "loss": 1.5, "lr": 1e-4, "epoch": 0.5, "elapsed_time": "0:00:10"}\n'
]
STATE = [
    b'{"global_step": 2, "log_history": [{"loss": 1.0, "step": 1, "epoch": 0.1}, {"eval_loss": 2.0, "step": 2}]}'
]
MEGATRON = [b'{"lm loss": {"start_step": 1, "end_step": 9, "step_interval": 5, "values": {"1": 10.8, "6": "nan"}}}']


def _parquet() -> list[bytes]:
    import polars

    file = io.BytesIO()
    polars.DataFrame({"step": [1, 2], "loss": [0.5, 0.25], "note": ["a", "b"]}).write_parquet(file)
    return [file.getvalue()]


def _sqlite() -> list[bytes]:
    import sqlite3

    path = Path(tempfile.mkdtemp()) / "mlflow.db"
    with sqlite3.connect(path) as made:
        made.executescript(
            """
            create table experiments(experiment_id integer, name text, lifecycle_stage text);
            create table runs(run_uuid text, name text, status text, start_time integer, end_time integer,
                lifecycle_stage text, experiment_id integer);
            create table metrics(key text, value double, timestamp integer, run_uuid text, step integer,
                is_nan boolean);
            create table params(key text, value text, run_uuid text);
            create table tags(key text, value text, run_uuid text);
            insert into experiments values (1, 'e', 'active');
            insert into runs values ('r', 'n', 'FINISHED', 1700000000000, 1700000001000, 'active', 1);
            insert into metrics values ('loss', 0.5, 1700000000500, 'r', 1, false);
            insert into params values ('lr', '0.1', 'r');
            """
        )
    made.close()
    return [path.read_bytes()]


def _wandb_records() -> list[bytes]:
    """Records of a run, two rows and an end, each behind its length of one byte."""
    row = message(1, string_field(2, "loss") + string_field(16, "0.5")) + message(2, number_field(1, 3))
    odd = message(1, string_field(1, "t") + string_field(16, '{"_type": "html", "path": "a"}'))
    run = string_field(1, "abc") + string_field(8, "a name") + message(4, message(1, string_field(1, "lr")))
    records = [message(17, run), message(2, row), message(2, odd), message(18, number_field(1, 1))]
    return [b"".join(bytes([len(record)]) + record for record in records)]


def wandb(data: bytes) -> None:
    """The records of a `.wandb` file: their framing is right, what they hold is not."""
    file = MARK
    while data:
        record, data = data[1 : 1 + data[0]], data[1 + data[0] :]
        file += _checksum(1, record).to_bytes(4, "little") + len(record).to_bytes(2, "little") + b"\1" + record
    CHECK_WANDB(file)


FILES: dict[str, tuple[str, Callable[[], list[bytes]]]] = {
    "wandb_offline": ("run-1.wandb", lambda: [MARK + b"\0" * 20]),
    "mlflow_sqlite": ("mlflow.db", _sqlite),
    "parquet": ("table.parquet", _parquet),
    "trainer_state": ("trainer_state.json", lambda: STATE),
    "megatron": ("golden.json", lambda: MEGATRON),
    "llama_factory": ("trainer_log.jsonl", lambda: FACTORY),
    "lightning": ("metrics.csv", lambda: TABLES),
    "csv_table": ("table.csv", lambda: TABLES),
    "jsonl": ("rows.jsonl", lambda: JSONL),
    "text_log": ("train.log", lambda: LOGS),
}

CHECK_WANDB = imported(IMPORTERS[0], "run-2.wandb")

TARGETS: dict[str, Target] = {
    "wandb_records": Target(_wandb_records, wandb),
    "twins": Target(_event_files, twins),
    "undamaged": Target(lambda: [bytes(40), bytes(range(40))], undamaged),
    "entry": Target(_entries, entry),
    "account": Target(_accounts, said),
    "pbtxt": Target(lambda: [b'embeddings { tensor_name: "a" tensor_path: "a.tsv" }'], pbtxt),
    "expression": Target(lambda: [b"ema(train/loss, 0.9) - `a b` * 2", b"rate(tokens, wall) / 1e6"], expression),
    "filter": Target(
        lambda: [b"config.lr < 1e-3 and last(val/loss) < 2", b"name matches /a.*/ or not live"], condition
    ),
    "examine": Target(_event_files, examined),
    "mark": Target(lambda: [b'{"time": 1, "run": "a", "field": "note", "value": "hi"}'], mark),
} | {
    module: Target(FILES[module][1], imported(importer, FILES[module][0]))
    for importer in IMPORTERS
    if (module := importer.runs.__module__.rsplit(".", 1)[-1]) in FILES
}
