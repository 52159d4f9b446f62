from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest

from headway import GlobalSummaryWriter
from headway.record import global_writer
from record.observe import events, files, points

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")


def test_each_tag_of_each_kind_counts_its_steps(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(tmp_path)
    for value in (1.0, 2.0, 3.0):
        writer.add_scalar("a", value, walltime=5.0)
    writer.add_scalar("b", 4.0)
    writer.add_image("a", np.zeros((1, 2, 2)))
    writer.add_text("a", "text")
    writer.close()
    assert points(tmp_path) == [("a", 0, 1.0), ("a", 1, 2.0), ("a", 2, 3.0), ("b", 0, 4.0)]
    assert {
        event.step
        for event in events(tmp_path)
        if event.summary.value[:1] and not event.summary.value[0].simple_value
    } == {0}
    assert events(tmp_path)[1].wall_time == 5.0


def test_one_for_all_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(global_writer, "_writer", None)
    writer = GlobalSummaryWriter.getSummaryWriter()
    assert GlobalSummaryWriter.getSummaryWriter() is writer
    writer.close()
    assert len(list((tmp_path / "runs").iterdir())) == 1


@needs_fork
def test_forked_processes_write_to_the_one_file(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(tmp_path)
    fork = multiprocessing.get_context("fork")

    def work() -> None:
        for _ in range(200):
            writer.add_scalar("a", float(os.getpid()))
            if not np.random.randint(20):
                writer.flush()

    workers = [fork.Process(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    work()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 4
    writer.close()
    assert len(files(tmp_path)) == 1
    found = points(tmp_path)
    assert sorted(step for _, step, _ in found) == list(range(1000))
    assert len({value for _, _, value in found}) == 5
