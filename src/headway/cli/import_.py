"""`headway import`: other tools' records as runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from headway.cli.output import console, many, printable, say, say_json
from headway.errors import HeadwayError
from headway.importers.bring import Outcome, bring
from headway.importers.run import ImportedRun, Options
from headway.urls import is_url, without_secrets


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--into",
    "logdir",
    required=True,
    type=click.Path(file_okay=False),
    help="The log directory; each run becomes a directory in it.",
)
@click.option("--as", "name", help="The name of the run, if SOURCE holds one.")
@click.option("--step", help="The column of steps of a CSV, JSON Lines or Parquet file.")
@click.option("--wall", help="The column of wall times of such a file.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead.")
def import_(source: Path, logdir: str, name: str | None, step: str | None, wall: str | None, as_json: bool) -> None:
    """Turn what other tools recorded into runs of headway, which every reader of event files shows.

    SOURCE is a file, or a directory with any number of runs: wandb's offline runs, trainer_state.json of
    transformers, trainer_log.jsonl of LLaMA-Factory, MLflow (its file store or SQLite), Lightning's metrics.csv, CSV,
    JSON Lines and Parquet with a column of steps, and logs with steps and numbers as nanoGPT, llm.c, Megatron-LM or
    verl print them.

    Every number is kept as it is. A run appears when it is whole, and none that is there is overwritten. The exit
    code is 1 when a run could not be imported; the others are.
    """
    if is_url(logdir):
        raise HeadwayError(f"{without_secrets(logdir)} is a URL: import into a directory, and copy that")
    outcomes = []
    with _Bar(console(stderr=True)) as bar:
        out = console()
        for outcome in bring(source, Path(logdir), Options(step, wall), name=name, progress=bar.show):
            outcomes.append(outcome)
            if not as_json:
                bar.say(out, outcome)
    if as_json:
        say_json({"logdir": _utf8(logdir), "runs": [_document(outcome) for outcome in outcomes]})
    failed = sum(outcome.error is not None for outcome in outcomes)
    if failed and not as_json and len(outcomes) > 1:
        say(console(stderr=True), f"{failed:,} of {many(len(outcomes), 'run')} could not be imported", "red")
    if failed:
        sys.exit(1)


class _Bar:
    """How far the run is that is read now; on a terminal alone."""

    def __init__(self, errors: Console) -> None:
        self._errors = errors
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            console=errors,
            transient=True,
            disable=not errors.is_terminal,
        )
        self._task: TaskID | None = None
        self._run: ImportedRun | None = None

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, run: ImportedRun, read: int) -> None:
        """Show that so many bytes of `run` were read."""
        if run is not self._run:
            self._clear()
            self._run = run
            self._task = self._progress.add_task(printable(run.name), total=run.size or None)
        if self._task is not None:
            self._progress.update(self._task, completed=read)

    def say(self, out: Console, outcome: Outcome) -> None:
        """Print what became of a run: what was imported, or to the other stream why not."""
        self._clear()
        for line in _told(outcome):
            if outcome.error is None:
                say(out, line)
            else:
                say(self._errors, line, "red")

    def _clear(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._run = None


def _told(outcome: Outcome) -> Iterator[str]:
    if outcome.written is None:
        yield f"{printable(outcome.name)}: not imported: {printable(outcome.error or '')}"
        return
    written = outcome.written
    counted = [f"{many(written.points, 'point')} of {many(len(written.series), 'series', 'series')}"]
    if written.texts:
        counted.append(many(written.texts, "text"))
    if written.others:
        counted.append(many(written.others, "other entry", "other entries"))
    yield f"{printable(outcome.name)}: {', '.join(counted)}, from {outcome.format} {printable(outcome.source)}"
    if outcome.left_out:
        left_out = ", ".join(f"{count:,} {what}" for what, count in outcome.left_out.items())
        yield f"  left out: {printable(left_out)}"


def _document(outcome: Outcome) -> dict[str, object]:
    written = outcome.written
    return {
        "run": outcome.name,
        "source": _utf8(outcome.source),
        "format": outcome.format,
        "points": written.points if written else 0,
        "series": len(written.series) if written else 0,
        "texts": written.texts if written else 0,
        "others": written.others if written else 0,
        "left_out": outcome.left_out,
        "error": None if outcome.error is None else _utf8(outcome.error),
    }


def _utf8(text: str) -> str:
    """Return `text` as UTF-8 can have it: a file's name may be no text."""
    return text.encode("utf-8", "replace").decode()
