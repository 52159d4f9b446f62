"""`python benchmarks/run.py [AREA ...]`, of `AREAS`: measure, print one table, keep it.

All of it when nothing is named. Every ratio is of numbers taken in the same run, headway's and the peer's in turn.
Each goes into results/: all repeats as JSON, and the table as latest.md.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import machine, table
from rich.console import Console

AREAS = ("record", "kinds", "decode", "open", "large", "browser", "hands", "latency", "traffic", "follow", "day")
WIDTH = 130
"""Characters that the table needs."""
RESULTS = Path(__file__).resolve().parent / "results"


def main(areas: list[str]) -> None:
    if unknown := [area for area in areas if area not in AREAS]:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(AREAS)}")
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    about = machine.describe()
    figures = []
    for area in areas or AREAS:
        with console.status(f"measuring: {area}"):
            figures += import_module(f"benchmarks.{area}").figures()
    about["load"] += f" at the beginning, {machine.load()} at the end"
    console.print(table.terminal(figures))
    for name, text in about.items():
        console.print(f"{name:>8}  {text}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.md").write_text(table.markdown(figures, about))
    (RESULTS / f"{time.strftime('%Y-%m-%dT%H-%M-%S')}.json").write_text(table.as_json(figures, about))
    console.print(f"{'kept in':>8}  {RESULTS}")


if __name__ == "__main__":
    main(sys.argv[1:])
