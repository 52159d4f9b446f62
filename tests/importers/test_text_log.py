from __future__ import annotations

import json
import math
import os
import re
from pathlib import Path

import pytest

from headway.errors import HeadwayError
from headway.importers.bring import bring
from headway.importers.log_line import LONGEST, read_line
from importers.readback import points_of_one, read_one

LINES = {
    # nanoGPT
    "iter 0: loss 10.9886, time 31972.85ms, mfu -100.00%": (
        0,
        {"loss": 10.9886, "time_ms": 31972.85, "mfu_percent": -100},
    ),
    "step 250: train loss 1.9651, val loss 2.0636": (250, {"train/loss": 1.9651, "val/loss": 2.0636}),
    # llm.c: main.log, and what it prints
    "s:0 tel:11.0092": (0, {"val/loss": 11.0092}),
    "s:1 trl:10.9598 lr:0.000002 norm:15.24": (1, {"train/loss": 10.9598, "lr": 0.000002, "norm": 15.24}),
    "step    1/19560 | loss 11.009 (+nanz)| norm 15.37 (+nanz)| lr 8.57e-07 | 3056.36 ms | 42% bf16 MFU | 9 tok/s": (
        1,
        {"loss": 11.009, "norm": 15.37, "lr": 8.57e-07},
    ),
    # modded-nanogpt
    "step:1/9536 val_loss:10.8258 train_time:253ms step_avg:nanms": (
        1,
        {"val_loss": 10.8258, "train_time_ms": 253, "step_avg_ms": math.nan},
    ),
    # transformers' Trainer
    "{'loss': 0.4, 'grad_norm': nan, 'learning_rate': 5e-05, 'epoch': 1.0}": (
        None,
        {"train/loss": 0.4, "train/grad_norm": math.nan, "train/learning_rate": 5e-05, "train/epoch": 1},
    ),
    "{'eval_loss': '0.4', 'eval_runtime': '1.5', 'epoch': '1.0'}": (
        None,
        {"eval/loss": 0.4, "eval/runtime": 1.5, "train/epoch": 1},
    ),
    # verl, by ray
    "\x1b[36m(TaskRunner pid=12)\x1b[0m step:1 - actor/entropy:0.3 - a/b@2:np.float64(-0.5) - training/global_step"
    ":1": (
        1,
        {"actor/entropy": 0.3, "a/b@2": -0.5, "training/global_step": 1},
    ),
    # Megatron-LM
    " [2024-05-01 10:00:00] iteration        1/     500 | elapsed time per iteration (ms): 12345.6 | learning rate: "
    "1.500E-06 | lm loss: 1.083042E+01 | number of skipped iterations:   0 |": (
        1,
        {
            "elapsed time per iteration (ms)": 12345.6,
            "learning rate": 1.5e-6,
            "lm loss": 10.83042,
            "number of skipped iterations": 0,
        },
    ),
    # others
    "2024-05-01 10:00:00,250 INFO train: step=5 loss=3.25 lr=1e-4": (5, {"loss": 3.25, "lr": 1e-4}),
    "Epoch 3: train_loss=0.5, val_acc: 93.1%": (3, {"train_loss": 0.5, "val_acc_percent": 93.1}),
    "[rank0]: step 7 of 10, loss = tensor(0.5, device='cuda:0')": (7, {"loss": 0.5}),
    '{"step": 4, "loss": NaN, "deep": {"a": 1}, "name": "x"}': (4, {"loss": math.nan, "deep/a": 1}),
    "[titan] 2024-05-01 10:00:00,000 - root - INFO - step:  1,010  loss: 12.25  memory: 27.5GiB(28.6%)  tps: 1,234": (
        1010,
        {"loss": 12.25, "memory_GiB": 27.5, "tps": 1234},
    ),
    "Epoch 1 | iter 10 step 2 | loss train: 2.5, val: n/a | iter time: 100.5 ms (step)": (
        10,
        {"Epoch": 1, "step": 2, "loss train": 2.5, "iter time_ms": 100.5},
    ),
    "2021-05-01 10:00:00 | INFO | train_inner | epoch 001: 100 / 5000 loss=9.5, ppl=400, num_updates=1200, lr=1e-4": (
        1200,
        {"loss": 9.5, "ppl": 400, "lr": 1e-4},
    ),
    "global step 12 | epoch: 3 | loss: -Infinity": (12, {"epoch": 3, "loss": -math.inf}),
}


@pytest.mark.parametrize("text", LINES)
def test_a_line(text: str) -> None:
    line = read_line(text)
    assert line is not None
    step, values = LINES[text]
    assert line.step == step
    assert line.values.keys() == values.keys()
    assert all(line.values[tag] == value or math.isnan(value) for tag, value in values.items())


@pytest.mark.parametrize(
    "text",
    ["", "step = 0", "    step:int = 3", "the loss is 5", "level: info step: 3", "{'a': 1}", '{"loss": 1}', "{'loss'",
     "steps: 5, loss: 3", "step 5", "time: 12:30:01", "{" * 10_000 + '"step"}', "step 1: " + "x" * LONGEST,
     "s 5: a b: c 3d", "step 99999999999999999999: loss 5", "step 9223372036854775808: loss 5"],
)  # fmt: skip
def test_no_line_of_metrics(text: str) -> None:
    assert read_line(text) is None


def test_moments_of_lines(tmp_path: Path) -> None:
    source = tmp_path / "a.log"
    source.write_text("starting\n[2024-05-01 10:00:00.5] step 1: loss 2.5\nstep 2: loss 2.25\n")
    os.utime(source, (1.7e9, 1.7e9))
    read = read_one(source, tmp_path / "logs")
    assert read.scalars["loss"] == [(1, 1714557600.5, 2.5), (2, 1.7e9, 2.25)]


def test_the_trainers_console_is_counted(tmp_path: Path) -> None:
    source = tmp_path / "console.out"
    source.write_text(
        "  1%|▏  | 1/100 [00:01<01:40]\r{'loss': 2.5, 'epoch': 0.5}\n{'loss': 2.0, 'epoch': 1.0}\n"
        "{'eval_loss': 1.5, 'epoch': 1.0}\n{'loss': 1.0, 'epoch': 1.5}\n"
        "{'train_runtime': 5.0, 'train_loss': 1.8, 'epoch': 1.5}\n"
    )
    read = read_one(source, tmp_path / "logs")
    assert (read.steps("train/loss"), read.steps("eval/loss")) == ([1, 2, 3], [2])
    assert read.steps("train/train_loss") == [3]


def test_what_powershell_writes(tmp_path: Path) -> None:
    source = tmp_path / "a.log"
    source.write_text("step 1: loss 2.5\r\nstep 2: loss 2.25\r\n", encoding="utf-16")
    assert read_one(source, tmp_path / "logs").values("loss") == [2.5, 2.25]


def test_code_before_the_log_is_passed_over(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("import torch\nx = {'step': 5}\n" * 5000 + "=" * 100 + "\nstep:0/5 val_loss:10.5\n")
    read = read_one(source, tmp_path / "logs")
    assert read.scalars.keys() == {"val_loss"}


@pytest.mark.parametrize("content", [b"", b"hello\n", b"\x00\x01step 1: loss 2\n", b"\xff\xfe\x00"])
def test_what_is_no_log_says_what_there_could_be(content: bytes, tmp_path: Path) -> None:
    source = tmp_path / "a.log"
    source.write_bytes(content)
    with pytest.raises(HeadwayError, match=r"a\.log: not known to headway, which imports: .*; a log with"):
        list(bring(source, tmp_path / "logs"))


def test_long_lines_do_not_take_long() -> None:
    for filler in (
        "a" * 60_000,
        "a:" * 30_000,
        " " * 60_000,
        "1" * 60_000,
        "a 1" * 20_000,
        "(" * 60_000,
        "tensor(1," * 6000,
    ):
        read_line(f"step 1: {filler} loss: 5")
        read_line(f"{filler} step=1 loss: 5")


def test_real_logs(real_logs: Path, tmp_path: Path) -> None:
    source = real_logs / "llmc" / "main.log"
    read = points_of_one(source, tmp_path)
    for tag, pattern in (("train/loss", r"s:(\d+) trl:(\S+)"), ("val/loss", r"s:(\d+) tel:(\S+)")):
        there = [(int(step), float(value)) for step, value in re.findall(pattern, source.read_text())]
        assert [(step, value) for step, _, value in read[tag]] == there
    for source in sorted((real_logs / "verl").iterdir()):
        read = points_of_one(source, tmp_path / "verl")
        for tag in ("actor/entropy", "response_length/mean"):
            there = [
                (int(line.split(" - ")[0].split("step:")[1]), float(found[1].removeprefix("np.float64(")))
                for line in source.read_text().splitlines()
                if (found := re.search(rf"step:\d+ - .*\b{tag}:((?:np\.float64\()?[-\d.e]+)", line))
            ]
            assert len(there) > 10
            assert [(step, value) for step, _, value in read[tag]] == there


def test_megatrons_json(real_logs: Path, tmp_path: Path) -> None:
    source = next((real_logs / "megatron").iterdir())
    read = points_of_one(source, tmp_path)
    for tag, metric in json.loads(source.read_text()).items():
        there = [(int(step), value) for step, value in metric["values"].items() if value != "nan"]
        assert [(step, value) for step, _, value in read.get(tag, [])] == there
