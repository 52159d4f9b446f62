"""`headway demo`: a real training run to watch."""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import click
from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table

from headway.cli.view import open_browser
from headway.demo.model import Parameters, Shape
from headway.demo.worker import LEARNING_RATES, Worker, run_name, workers
from headway.errors import HeadwayError
from headway.ingest.index import Index
from headway.server.serve import Server


@click.command()
@click.option("--steps", type=click.IntRange(min=1), default=2000, show_default=True, help="Steps of each run.")
@click.option(
    "--logdir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the event files go.  [default: runs/demo/ and the time]",
)
@click.option("--port", type=click.IntRange(0, 65535), default=6006, show_default=True, help="0: any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve on; 0.0.0.0: all.")
@click.option("--exit", "leave", is_flag=True, help="End when the training is over, instead of serving on.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
def demo(steps: int, logdir: Path | None, port: int, host: str, leave: bool, no_open: bool) -> None:
    """Train small language models right here, and watch them learn.

    Transformers in plain numpy learn the source of Python's standard library, side by side. They differ in
    learning rate alone, and one of them is too high. Ctrl-C ends.
    """
    logdir = logdir or Path("runs", "demo", time.strftime("%Y-%m-%d_%H-%M-%S"))
    logdir.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # like Ctrl-C, it ends the training processes too
    console = Console(highlight=False, soft_wrap=True)
    trained = False
    with (
        closing(Index(logdir)) as index,
        _serve(index, host, port) as server,
        workers(logdir, steps) as training,
    ):
        try:
            _introduce(console, server, logdir, steps)
            if not no_open:
                open_browser(server.url)
            trained = _watch(console, training, steps)
            if not leave:
                console.print(f"Still serving {server.url} until Ctrl-C.")
                threading.Event().wait()
        except KeyboardInterrupt:
            console.print(f"Stopped. To look again: headway view {logdir}")
    if leave and not trained:
        sys.exit(1)


def _serve(index: Index, host: str, port: int) -> Server:
    try:
        return Server(index, host, port)
    except HeadwayError as error:
        raise HeadwayError(f"{error}; or: make demo PORT={port + 1}") from error


def _introduce(console: Console, server: Server, logdir: Path, steps: int) -> None:
    weights = Parameters(Shape()).flat.size
    console.print(
        f"[bold]{len(LEARNING_RATES)} transformers[/] of {weights:,} weights learn Python from its library, "
        f"{steps:,} steps each.\nThey differ in learning rate alone; {LEARNING_RATES[-1]} is too high.\n"
    )
    for url in server.urls:
        console.print(f"  page         [bold cyan]{url}[/]")
    console.print(f"  event files  {logdir}\n")


def _watch(console: Console, training: list[Worker], steps: int) -> bool:
    """Show how the runs go until all are over or one fails; whether all went to their end."""
    try:
        with Live(_table(training, steps), console=console, auto_refresh=False, transient=True) as live:
            while any(worker.running for worker in training) and not any(worker.failure for worker in training):
                time.sleep(0.25)
                live.update(_table(training, steps), refresh=console.is_terminal)
    finally:
        console.print(_table(training, steps))
    failures = [worker.failure for worker in training if worker.failure]
    for failure in failures:
        console.print(failure, style="red", markup=False)
    return not failures


def _table(training: list[Worker], steps: int) -> Table:
    table = Table("run", "", box=None, padding=(0, 2))
    for heading in ("step", "train/loss", "val/loss", "tokens/s"):
        table.add_column(heading, justify="right")
    progress = {run: last for worker in training for run, last in worker.progress.copy().items()}
    for run in map(run_name, LEARNING_RATES):
        if last := progress.get(run):
            bar = ProgressBar(steps, last.step, width=20, complete_style="cyan", finished_style="green")
            losses = f"{last.train_loss:.3f}", f"{last.validation_loss:.3f}"
            table.add_row(run, bar, f"{last.step:,}", *losses, f"{last.tokens_per_second:,.0f}")
        else:
            table.add_row(run, "starting")
    return table
