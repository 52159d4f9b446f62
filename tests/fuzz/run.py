"""`make fuzz`: every target on many inputs, guided by coverage: `python tests/fuzz/run.py [--inputs N] [TARGET ...]`.

Each target runs in a process of its own, which is stopped when one input takes 10 seconds or the process 2 GB. What
fails is printed with the input that did it, and kept in fuzz-findings/.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SLOW = {"twins": 4, "entry": 2, "examine": 4, "mlflow_sqlite": 20, "parquet": 20, "csv_table": 4, "lightning": 4}
"""How many times as long as the others an input takes: these get so much fewer of them."""


def main() -> None:
    """Fuzz, in turn."""
    sys.path.insert(0, str(HERE.parent))
    from fuzz.targets import TARGETS

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}")
    arguments.add_argument("--inputs", type=int, default=1_000_000, help="all together")
    given = arguments.parse_args()
    chosen = given.targets or list(TARGETS)
    shares = {name: 1 / SLOW.get(name, 1) for name in chosen}
    failed = []
    for name in chosen:
        began = time.monotonic()
        inputs = int(given.inputs * shares[name] / sum(shares.values()))
        with tempfile.TemporaryDirectory() as corpus:
            for i, seed in enumerate(TARGETS[name].seeds()):
                (Path(corpus) / f"seed{i}").write_bytes(seed)
            findings = Path("fuzz-findings") / name
            findings.mkdir(parents=True, exist_ok=True)
            limits = ["-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={findings}/", "-max_len=65536"]
            command = [sys.executable, __file__, "--one", name, f"-runs={inputs}", "-seed=1", *limits, corpus]
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        verdict = "FAILED" if done.returncode else "ok"
        print(f"{name:16} {inputs:9,} inputs {time.monotonic() - began:7.1f} s  {verdict}", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stderr[-4000:])
    sys.exit(bool(failed))


def one(name: str, arguments: list[str]) -> None:
    """Fuzz one target in this process, until its inputs are through."""
    import atheris

    sys.path.insert(0, str(HERE.parent))
    with atheris.instrument_imports(include=["headway"]):
        from fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name].check)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], sys.argv[3:])
    else:
        main()
