"""Many processes and threads that record one run, and the ways in which they begin and end."""

from __future__ import annotations

import json
import multiprocessing
import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import headway
from record.drive import finish, python
from record.observe import events, events_in, files, points, texts


def writer_of(file: Path) -> str:
    return str(events_in(file)[0].source_metadata.writer)


def described(directory: Path) -> list[Path]:
    """The files that say what the run is."""
    tags = {path: {v.tag for e in events_in(path) for v in e.summary.value} for path in files(directory)}
    return [path for path, found in tags.items() if "headway/run" in found]


def test_each_rank_has_its_file_and_says_which(tmp_path: Path) -> None:
    runs = [headway.init(tmp_path, {"lr": 1}, rank=(rank, 3), filename_suffix=".mine") for rank in range(3)]
    for step in range(10):
        for rank, run in enumerate(runs):
            run.log({"loss": float(rank), f"rank{rank}/time": 1.0}, step)
    for run in runs:
        run.close()
    found = {path.name.partition(".rank")[2]: path for path in files(tmp_path)}
    assert list(found) == ["0.mine", "1.mine", "2.mine"]
    assert writer_of(found["0.mine"]) == f"headway {headway.__version__} run={runs[0].id} rank=0 world_size=3"
    assert writer_of(found["2.mine"]) == f"headway {headway.__version__} rank=2 world_size=3"
    assert described(tmp_path) == [found["0.mine"]]
    assert texts(tmp_path, "headway/state") == ["running", "finished"] * 3
    assert len(texts(tmp_path, "headway/config")) == 1
    reader = EventAccumulator(str(tmp_path), {"scalars": 0}).Reload()
    assert len(reader.Scalars("loss")) == 30
    logs = headway.open(tmp_path, index=":memory:")
    assert len(logs["."].scalars("loss")) == 30, "parts of one run supersede nothing"
    assert len(logs["."].scalars("rank2/time")) == 10
    assert logs.problems == []


def test_a_rank_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "5")
    monkeypatch.setenv("WORLD_SIZE", "8")
    headway.init(tmp_path).close()
    headway.init(tmp_path, rank=0).close()
    assert [path.name.rpartition(".")[2] for path in files(tmp_path)] == ["rank5", "rank0"]
    assert len(described(tmp_path)) == 1


RACER = """
import sys, headway
print("ready", flush=True)
sys.stdin.readline()
with headway.init(sys.argv[1] + "/a/b/run", {"lr": 1}, rank=(int(sys.argv[2]), 8)) as run:
    for _ in range(500):
        run.log({"t": float(sys.argv[2])})
"""


def test_ranks_that_race_for_one_directory(tmp_path: Path) -> None:
    processes = [python(RACER, tmp_path, rank) for rank in range(8)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        assert finish(process) == ""
    directory = tmp_path / "a" / "b" / "run"
    assert len(files(directory)) == 8
    found = points(directory)
    assert {value: sum(v == value for _, _, v in found) for _, _, value in found} == dict.fromkeys(
        map(float, range(8)), 500
    )
    assert len(described(directory)) == 1


# workers


def work(directory: Path, number: int, ending: str) -> None:
    run = headway.init(directory / str(number), {"number": number})
    for _ in range(100):
        run.log({"t": float(number)})
    if ending == "raises":
        raise ValueError("in a worker")
    if ending == "exits":
        raise SystemExit(3)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_multiprocessing(tmp_path: Path, method: Any) -> None:
    context = multiprocessing.get_context(method)
    endings = {"returns": "finished", "raises": "failed: ValueError: in a worker", "exits": "failed: exit status 3"}
    workers = [context.Process(target=work, args=(tmp_path, number, ending)) for number, ending in enumerate(endings)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 1, 3]
    for number, state in enumerate(endings.values()):
        assert len(points(tmp_path / str(number))) == 100
        said = [text.split("\n")[0] for text in texts(tmp_path / str(number), "headway/state")]
        assert said == ["running", state]


def log_in_pool(number: int) -> int:
    _inherited[0].log({"worker": float(number)}, number)
    return number


_inherited: list[headway.Run] = []


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_pool_that_is_terminated(tmp_path: Path) -> None:
    with headway.init(tmp_path) as run:
        _inherited[:] = [run]
        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(log_in_pool, range(20))
            pool.close()
            pool.join()
        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(log_in_pool, range(20, 40))
        run.log({"parent": 1.0})
    _inherited.clear()
    assert sorted(step for tag, step, _ in points(tmp_path) if tag == "worker") == list(range(40))
    assert texts(tmp_path, "headway/state") == ["running", "finished"]


LOADER = """
import sys, torch, headway
run = headway.init(sys.argv[1])
class Data(torch.utils.data.Dataset):
    def __len__(self): return 40
    def __getitem__(self, index):
        run.log({"loaded": float(index)}, index)
        return index
if __name__ == "__main__":
    for keep in (False, True):
        loader = torch.utils.data.DataLoader(Data(), num_workers=2, persistent_workers=keep)
        for batch in loader:
            run.log({"t": 1.0})
    del loader
"""


def test_workers_of_a_data_loader(tmp_path: Path) -> None:
    process = python(LOADER, tmp_path, flags=("-W", "ignore"))
    assert finish(process) == ""
    found = points(tmp_path)
    assert sum(tag == "t" for tag, _, _ in found) == 80
    assert sorted(step for tag, step, _ in found if tag == "loaded") == sorted([*range(40), *range(40)])
    assert texts(tmp_path, "headway/state") == ["running", "finished"]
    assert len(described(tmp_path)) == 1
    reader = EventAccumulator(str(tmp_path), {"scalars": 0}).Reload()
    assert len(reader.Scalars("loaded")) == 80


def test_threads_share_a_run(tmp_path: Path) -> None:
    with headway.init(tmp_path) as run:

        def log(number: int) -> None:
            for step in range(500):
                run.log({f"t{number}": 1.0}, step)

        threads = [threading.Thread(target=log, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(set(points(tmp_path))) == 2000


SIGNALLED = """
import os, signal, sys, time, headway
run = headway.init(sys.argv[1])
print("ready", flush=True)
while True:
    run.log({"t": 1.0})
    time.sleep(0.0005)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_logging(tmp_path: Path, number: signal.Signals) -> None:
    process = python(SIGNALLED, tmp_path)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode == -number
    assert texts(tmp_path, "headway/state")[-1].startswith("killed")
    last = events(tmp_path)[-1].summary.value[0].tag
    assert last == "headway/state"


CELLS = """
import json, sys
from code import InteractiveConsole
console = InteractiveConsole()
sys.ps1 = ">>> "
for cell in json.loads(sys.argv[2]):
    console.runcode(compile(cell, "cell", "exec"))
"""


def test_cells_of_a_notebook(tmp_path: Path) -> None:
    cells = [
        f"import headway; run = headway.init({str(tmp_path)!r}, console=True)",
        "run.log({'t': 1.0}); print('hello')",
        "1 / 0",  # ends nothing
        "run.log({'t': 2.0})",
    ]
    process = python(CELLS, tmp_path, json.dumps(cells))
    _, said = process.communicate(timeout=30)
    assert "ZeroDivisionError" in said
    assert points(tmp_path) == [("t", 0, 1.0), ("t", 1, 2.0)]
    assert texts(tmp_path, "headway/state") == ["running", "finished"]
    assert "hello" in "".join(texts(tmp_path, "headway/console"))
