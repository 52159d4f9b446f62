"""Sources damaged at random, by a seed: nothing but a HeadwayError, nothing half imported, no end of time."""

from __future__ import annotations

import random
import shutil
import time
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from struct import pack

import duckdb
import pytest

from headway.errors import HeadwayError
from headway.importers.bring import bring
from headway.importers.flat_yaml import read_yaml
from headway.importers.log_line import read_line
from headway.importers.wandb_log import BLOCK, MARK, Log
from importers.readback import Read

MUTANTS = 200
"""Of each source."""
TOKENS = (
    b"\0 \xff \xf0\x9f \n \r\n \" ' { } [ ] , : - NaN -Infinity 1e999 99999999999999999999 -1 null true ../../x "
    b"/etc/passwd "
    b"step loss \\ud800 \\u0000 %s \x80\x80\x80\x80\x80\x80\x80\x80\x80\x80 \xff\xff\xff\x7f"
).split(b" ")
TEXTS = {
    "a.csv": b"step,loss,note,wall_time\n" + b"".join(b"%d,%r,x,17000000%02d\n" % (n, n / 7, n) for n in range(20)),
    "long.csv": b"run,tag,step,wall_time,value\n"
    + b"".join(b"r%d,a,%d,1.7e9,%r\n" % (n // 5, n, n / 7) for n in range(20)),
    "a.jsonl": b"".join(b'{"step": %d, "loss": %r, "deep": {"a": [1], "b": "x"}}\n' % (n, n / 7) for n in range(20)),
    "trainer_log.jsonl": b"".join(
        b'{"current_steps": %d, "total_steps": 20, "loss": %r, "percentage": %d, "elapsed_time": "0:00:%02d"}\n'
        % (n, n / 7, 5 * n, n)
        for n in range(20)
    ),
    "trainer_state.json": b'{"global_step": 20, "log_history": ['
    + b",".join(b'{"step": %d, "loss": %r, "eval_x": 1}' % (n, n / 7) for n in range(20))
    + b"]}",
    "megatron.json": b'{"lm loss": {"start_step": 1, "end_step": 20, "step_interval": 1, "values": {'
    + b",".join(b'"%d": %r' % (n, n / 7) for n in range(20))
    + b"}}}",
    "metrics.csv": b"epoch,step,loss\n" + b"".join(b"0,%d,%r\n" % (n, n / 7) for n in range(20)),
    "a.log": b"".join(
        b"step:%d/20 train_loss:%r - lr=1e-4, time 5ms | x: np.float64(1.5)\n" % (n, n / 7) for n in range(20)
    ),
    "b.log": b"".join(
        b"{'loss': %r, 'epoch': %d}\n[2024-05-01 10:00:00] iter %d: loss 5\n" % (n / 7, n, n) for n in range(20)
    ),
}


def mutants(data: bytes, seed: int) -> Iterator[bytes]:
    """Flip, cut out, double, cut off, and put in what parsers stumble over."""
    chance = random.Random(seed)
    for _ in range(MUTANTS):
        mutant = bytearray(data)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(mutant) + 1)
            length = chance.choice((1, 2, 8, 64))
            match chance.randrange(6):
                case 0 if at < len(mutant):
                    mutant[at] ^= 1 << chance.randrange(8)
                case 1:
                    del mutant[at : at + length]
                case 2:
                    mutant[at:at] = mutant[at : at + length] * chance.choice((1, 3))
                case 3 if chance.random() < 0.3:
                    del mutant[at:]
                case 4:
                    mutant[at : at + chance.choice((0, length))] = chance.choice(TOKENS)
                case _:
                    other = chance.randrange(len(mutant) + 1)
                    mutant[at:at] = mutant[other : other + length]
        yield bytes(mutant)


def survives(source: Path, place: Path) -> None:
    """Import `source`, and look at what was written and what was not."""
    logdir = place / "logs"
    try:
        outcomes = list(bring(source, logdir))
    except HeadwayError:
        outcomes = []
    found = {path.parent.relative_to(logdir).as_posix() for path in logdir.rglob("*tfevents*")}
    assert found == {outcome.name for outcome in outcomes if outcome.written is not None}
    assert {path.name for path in place.iterdir()} <= {source.name, "logs"}  # nothing outside of it
    shutil.rmtree(logdir, ignore_errors=True)


@pytest.mark.parametrize("name", TEXTS)
def test_texts(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    begun = time.process_time()
    for mutant in mutants(TEXTS[name], 1):
        source.write_bytes(mutant)
        survives(source, tmp_path)
    assert time.process_time() - begun < 20


def test_parquet(tmp_path: Path) -> None:
    source = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT range AS step, range / 7 AS loss FROM range(20)) TO '{source}'")
    for mutant in islice(mutants(source.read_bytes(), 2), MUTANTS // 4):  # a DuckDB is begun for each
        source.write_bytes(mutant)
        survives(source, tmp_path)


def test_wandb(wandb_runs: Path, tmp_path: Path) -> None:
    directory = next(path for path in wandb_runs.iterdir() if (path / "files" / "media").is_dir())
    copy = tmp_path / "run"
    shutil.copytree(directory, copy)
    (source,) = copy.glob("*.wandb")
    for mutant in mutants(source.read_bytes(), 3):
        source.write_bytes(mutant)
        survives(copy, tmp_path)


def test_the_messages_of_wandb_below_their_checksums(wandb_runs: Path, tmp_path: Path) -> None:
    directory = next(path for path in wandb_runs.iterdir() if (path / "files" / "media").is_dir())
    (original,) = directory.glob("*.wandb")
    with original.open("rb") as file:
        records = list(Log(file).records())
    source = tmp_path / "a.wandb"
    mangled = [list(mutants(record, number)) for number, record in enumerate(records)]
    chance = random.Random(4)
    for number in range(MUTANTS):
        data = MARK
        for record, others in zip(records, mangled, strict=True):
            data += framed(others[number] if chance.random() < 0.1 else record, len(data))
        source.write_bytes(data)
        survives(source, tmp_path)


def framed(record: bytes, at: int) -> bytes:
    """One whole record, in the next block where this one has no room; a longer one than a block is cut."""
    left = BLOCK - at % BLOCK
    if len(record) + 7 > left:
        return bytes(left) + framed(record[: BLOCK - 7], 0)
    return pack("<IHB", zlib.crc32(record, zlib.crc32(b"\x01")), len(record), 1) + record


@pytest.mark.parametrize("store", ["mlruns", "mlflow.db"])
def test_mlflow(store: str, mlflow_stores: Path, tmp_path: Path) -> None:
    copy = tmp_path / store
    if store.endswith("db"):
        data = (mlflow_stores / store).read_bytes()
        for mutant in mutants(data, 5):
            copy.write_bytes(mutant)
            survives(copy, tmp_path)
        return
    shutil.copytree(mlflow_stores / store, copy)
    files = [path for path in sorted(copy.rglob("*")) if path.is_file()]
    sources = {path: list(mutants(path.read_bytes(), number)) for number, path in enumerate(files)}
    for number in range(MUTANTS // 3):
        for path in random.Random(number).sample(files, 3):
            path.write_bytes(sources[path][number])
        survives(copy, tmp_path)


def test_yaml_and_lines_alone() -> None:
    text = (
        b'a: 1\nb:\n  c: \'x\'\n  d: [1, 2]\n- e\nf: |\n  g\n"h": "\\u00e4"\ni:\n- j: 1\n  k: 2\n- l\nm: !!python/x\n'
    )
    for mutant in mutants(text * 3, 6):
        assert isinstance(read_yaml(mutant.decode("utf-8", "replace")), dict)
    for line in TEXTS["a.log"].splitlines() + TEXTS["b.log"].splitlines():
        for mutant in mutants(line, 7):
            read_line(mutant.decode("utf-8", "replace"))


def test_an_import_that_survives_damage_is_read_by_tensorboard(tmp_path: Path) -> None:
    for number, mutant in enumerate(mutants(TEXTS["a.jsonl"], 8)):
        source = tmp_path / f"{number}.jsonl"
        source.write_bytes(mutant)
        try:
            outcomes = list(bring(source, tmp_path / "logs"))
        except HeadwayError:
            continue
        for outcome in outcomes:
            if outcome.written is not None and number % 10 == 0:
                Read(tmp_path / "logs" / outcome.name)
