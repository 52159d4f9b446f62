"""Runs that say much of themselves, of a program in a git repository; and some that say nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from tensorboardX import SummaryWriter

STEPS = 60
LINES = 3000
"""Lines that `sweep/base` prints."""

PROGRAM = """
import math, sys
import headway

def main(name, lr, layers, seed, fail):
    config = {
        "lr": lr, "seed": seed, "optimizer": {"name": "adamw", "betas": [0.9, 0.95], "weight_decay": 0.1},
        "model": {"layers": layers, "width": 512, "attention": {"heads": 8, "rope": True}},
        "data": {"path": "/data/corpus", "mix": "web:0.7,code:0.3", "token": "hf_abcdefghijklmnop1234"},
    }
    notes = "A **baseline** for the sweep." if name.endswith("base") else ""
    with headway.init(name, config=config, notes=notes, tags=["sweep", f"seed{seed}"], console=True) as run:
        print(f"training with lr {lr}")
        lines = int(sys.argv[6])
        for step in range(int(sys.argv[7])):
            loss = (1 + 40 * lr) * math.exp(-step / 20) + 0.4 + 0.03 * math.sin(3 * step + seed)
            run.log({"train/loss": loss, "lr": lr * (1 - step / 100), "system/gpu.0.utilization": 90 + step % 7,
                     "system/gpu.0.memory": 41.5 + step / 50, "train/tokens_per_second": 1e5 - layers + step}, step)
            if step % 10 == 9:
                run.log({"eval/loss": loss + 0.05, "eval/accuracy": 1 - loss / 3}, step)
                run.log({"samples": headway.Text(f"Step {step}: lr {lr} says *hello*"),
                         "pictures": headway.Image(__import__("numpy").full((24, 32, 3), 4 * step, "uint8"))}, step)
            for line in range(lines // int(sys.argv[7])):
                print(f"step {step:4} line {line:3} loss {loss:.4f}")
            print(f"eval {step}:  10%", end="\\\\r"); print(f"eval {step}: 100%")
        if fail:
            print("ERROR the loss is not finite")
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5] == "fail")
""".replace("\\\\r", "\\r")

CHANGED = PROGRAM.replace("0.03 * math.sin", "0.05 * math.sin").replace(
    "import math, sys\n", "import math, sys  # <img src=x onerror=alert(1)>\n"
)


def write_about(logdir: Path) -> None:
    """`sweep/base`, `sweep/wide` with other settings and code, `sweep/broken` that failed, and four more.

    `sweep/again` went on twice; `sweep/fork` goes on from `sweep/base`; `plain` is by tensorboardX; `odd` is hostile.
    """
    code = logdir.parent / f"{logdir.name}-code"
    code.mkdir()
    program = code / "train.py"
    program.write_text(PROGRAM)
    (code / "model.py").write_text("".join(f"layer_{n} = {n}\n" for n in range(40)))
    _git(code, "init", "-q", "-b", "main")
    _git(code, "add", ".")
    _git(code, "commit", "-q", "-m", "first")
    _train(program, logdir / "sweep/base", "3e-3", "12", "1", "", LINES)
    program.write_text(CHANGED)
    _train(program, logdir / "sweep/wide", "1e-3", "24", "2", "", 60)
    (code / "model.py").write_text("".join(f"layer_{n} = {n if n % 9 else n * 2}\n" for n in range(40)))
    (code / "new.txt").write_text("not tracked\n")
    _train(program, logdir / "sweep/broken", "1e-1", "12", "3", "fail", 300, check=False)
    _write_lives(logdir)
    _write_plain(logdir)
    _write_odd(logdir)


def _train(program: Path, run: Path, *arguments: object, check: bool = True) -> None:
    command = [sys.executable, str(program), str(run), *map(str, arguments), str(STEPS)]
    done = subprocess.run(command, cwd=program.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, done.stderr


def _git(code: Path, *arguments: str) -> None:
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    names = {
        f"GIT_{role}_{what}": "somebody@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    subprocess.run(["git", *arguments], cwd=code, env={**os.environ, **who, **names}, check=True)


def _write_lives(logdir: Path) -> None:
    import headway

    for first, last in ((0, 40), (25, 60)):
        with headway.init(logdir / "sweep/again", {"lr": 1e-3}, resume=first > 0, purge_step=first or None) as run:
            for step in range(first, last):
                run.log({"train/loss": 2.0 / (1 + step)}, step)
    with headway.init(logdir / "sweep/fork", {"lr": 1e-4}, fork_from=f"{logdir / 'sweep/base'}@40") as run:
        for step in range(41, 60):
            run.log({"train/loss": 1.0 / step}, step)


def _write_plain(logdir: Path) -> None:
    with SummaryWriter(str(logdir / "plain")) as writer:
        for step in range(0, STEPS, 2):
            writer.add_scalar("train/loss", 3 / (1 + step), step)
            writer.add_scalar("accuracy", step / STEPS, step)
        writer.add_embedding(np.eye(4), global_step=1)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def _write_odd(logdir: Path) -> None:
    import headway

    config = {HOSTILE: HOSTILE, "__proto__": 1, "a.b": 2, "a": {"b": 3}, "nothing": None, "list": [1, {"x": HOSTILE}]}
    with headway.init(
        logdir / "odd" / "x onerror=alert(3) 跑", config, notes=f"[x](javascript:alert(4)) {HOSTILE}"
    ) as run:
        run.log({HOSTILE: 1.0, "nan": float("nan")}, 0)
