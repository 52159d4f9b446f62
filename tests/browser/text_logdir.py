"""Texts and generations as training leaves them."""

from __future__ import annotations

from pathlib import Path

import headway

PROMPTS = ("Why is the sky blue?", "What is 17 * 23?", "Translate: the loss has converged", "用一句话解释学习率")
RUNS = ("base", "tuned")
STEPS = (0, 100, 200, 300)
MANY = 10_000

NOTE = """# Step {step}

The **loss** of {run} is `{step}`. [Docs](https://example.com/), [no](javascript:alert(1))

| a | b |
|---|--:|
| 1 | <think>2 |

<script>alert("hacked")</script><img src="https://elsewhere.example/x.png" onerror="alert(1)">
![x](https://elsewhere.example/y.png)
"""
HTML = "<style>h3 {{ color: rgb(0, 128, 0) }}</style><h3>Report {step}</h3><p>of {run}</p>"


def answer(run: str, row: int, step: int) -> str:
    """The answer to a prompt; the second one is always the same."""
    if row == 1:
        return "17 * 23 = 391"
    return f"{run} says at {step}: blue light scatters {'more' if step > 100 else 'less'} than red {row}"


def reward(run: str, row: int, step: int) -> float:
    """Exactly a short decimal."""
    return (1 + row + step / 100) / 4 * (2 if run == "tuned" else 1)


def write(logdir: Path) -> None:
    """Two runs of notes, HTML, a table that gains a row, and one with very many rows."""
    for name in RUNS:
        with headway.init(logdir / name, console=False) as run:
            for step in STEPS:
                table = headway.Table(["prompt", "answer", "reward", "good"])
                for row, prompt in enumerate(PROMPTS[: 3 + (step >= 200)]):
                    table.add_row(prompt, answer(name, row, step), reward(name, row, step), step > 100)
                note = headway.Text(NOTE.format(run=name, step=step))
                page = headway.Html(HTML.format(run=name, step=step))
                run.log({"samples": table, "note": note, "page": page}, step)
            many = headway.Table(["question", "answer", "score"])
            for row in range(MANY):
                many.add_row(f"question {row}", f"{name} answer {row} " + "word " * (row % 40), row)
            run.log({"z/many": many}, STEPS[-1])
