"""TensorBoard's own two loaders as judges: what its dashboards are given for a log directory, and its complaints."""

from __future__ import annotations

import logging
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import tensorboard_data_server
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext
from tensorboard.data import server_ingester
from tensorboard.util import grpc_util

SCALARS, TENSORS, BLOBS = "scalars", "tensors", "blobs"
BLOB_PLUGINS = ("images", "audio", "graphs")
TENSOR_PLUGINS = ("histograms", "text", "pr_curves", "hparams", "custom_scalars", "mesh", "tensor")


class Point(NamedTuple):
    step: int
    wall_time: float
    value: Any
    """A float, an array, or a list of bytes."""


class Verdict(NamedTuple):
    points: dict[str, dict[str, dict[str, list[Point]]]]
    """By run, plugin and tag."""
    content: dict[str, dict[str, bytes]]
    """What the plugin was told of a tag, by run and tag."""
    complaints: list[str]

    def of(self, plugin: str, tag: str, run: str = ".") -> list[Point]:
        return self.points[run][plugin][tag]


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


def judged(directory: Path, *, fast: bool) -> Verdict:
    """Return everything that TensorBoard's Python loader, or its `fast` one, reads below `directory`."""
    points: dict[str, dict[str, dict[str, list[Point]]]] = {}
    content: dict[str, dict[str, bytes]] = {}
    heard: list[str] = []
    with _fast(directory, heard) if fast else _slow(directory, heard) as provider:
        everything = {"ctx": RequestContext(), "experiment_id": ""}
        all_points = {"downsample": 10_000}
        for plugin, series in _listed(provider.list_scalars, "scalars", everything):
            read = provider.read_scalars(**everything, plugin_name=plugin, **all_points)
            _take(points, content, plugin, series, read, lambda datum: datum.value)
        for plugin in TENSOR_PLUGINS:
            for _, series in _listed(provider.list_tensors, plugin, everything):
                read = provider.read_tensors(**everything, plugin_name=plugin, **all_points)
                _take(points, content, plugin, series, read, lambda datum: datum.numpy)
        for plugin in BLOB_PLUGINS:
            for _, series in _listed(provider.list_blob_sequences, plugin, everything):
                read = provider.read_blob_sequences(**everything, plugin_name=plugin, **all_points)
                _take(points, content, plugin, series, read, lambda datum: _blobs(provider, datum.values))
    return Verdict(points, content, heard)


def _listed(ask: Any, plugin: str, everything: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    series = ask(**everything, plugin_name=plugin)
    if series:
        yield plugin, series


def _take(points: Any, content: Any, plugin: str, series: Any, read: Any, value_of: Any) -> None:
    for run, tags in series.items():
        for tag, described in tags.items():
            content.setdefault(run, {})[tag] = described.plugin_content
            kept = [Point(datum.step, datum.wall_time, value_of(datum)) for datum in read[run][tag]]
            points.setdefault(run, {}).setdefault(plugin, {})[tag] = kept


def _blobs(provider: Any, references: Any) -> list[bytes]:
    return [provider.read_blob(RequestContext(), blob_key=reference.blob_key) for reference in references]


@contextmanager
def _slow(directory: Path, heard: list[str]) -> Iterator[Any]:
    handler = _Complaints()
    loggers = [logging.getLogger(), logging.getLogger("tensorboard")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        sizes = {"compressedHistograms": 0, "images": 0, "audio": 0, "scalars": 0, "histograms": 0, "tensors": 0}
        multiplexer = EventMultiplexer(
            size_guidance={**sizes, "graph": 0, "meta_graph": 0},
            tensor_size_guidance=dict.fromkeys((*TENSOR_PLUGINS, *BLOB_PLUGINS, "scalars"), 0),
        )
        multiplexer.AddRunsFromDirectory(str(directory))
        multiplexer.Reload()
        yield MultiplexerDataProvider(multiplexer, str(directory))
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        heard += handler.heard


@contextmanager
def _fast(directory: Path, heard: list[str]) -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as scratch, (Path(scratch) / "stderr").open("w+") as told:
        port = Path(scratch) / "port"
        plugins = ",".join(f"{name}=all" for name in (*TENSOR_PLUGINS, *BLOB_PLUGINS, "scalars"))
        server = subprocess.Popen(
            [
                tensorboard_data_server.server_binary(),
                f"--logdir={directory}",
                "--reload=once",
                f"--samples-per-plugin={plugins}",
                "--port=0",
                f"--port-file={port}",
                "--die-after-stdin",
            ],
            stdin=subprocess.PIPE,
            stderr=told,
        )
        try:
            for _ in range(1000):
                if port.exists() and port.read_text().endswith("\n"):
                    break
                time.sleep(0.01)
            stub = server_ingester._make_stub(f"localhost:{int(port.read_text())}", grpc_util.ChannelCredsType.LOCAL)
            provider = server_ingester.grpc_provider.GrpcDataProvider("", stub)
            _wait_until_read(provider)
            yield provider
        finally:
            assert server.stdin is not None
            server.stdin.close()
            server.wait(10)
            told.seek(0)
            heard += told.read().splitlines()


def _wait_until_read(provider: Any) -> None:
    """`--reload=once` reads after it began to serve: wait until twice the same is there."""
    before = None
    for _ in range(500):
        plugins = provider.list_plugins(RequestContext(), experiment_id="") or ()
        found = [
            (plugin, run, tag, getattr(series, "max_step", 0))
            for plugin in plugins
            for ask in (provider.list_scalars, provider.list_tensors, provider.list_blob_sequences)
            for run, tags in (ask(RequestContext(), experiment_id="", plugin_name=plugin) or {}).items()
            for tag, series in tags.items()
        ]
        if found and sorted(found) == before:
            return
        before = sorted(found)
        time.sleep(0.03)


def pixels_of(blob: bytes) -> Any:
    """Return what an image file shows, as an array [height, width, channels]."""
    import io

    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(blob)))
