"""Messages of tensorboardX's and torch's builders, and TensorBoard's own plugins over files of ours."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.base_plugin import TBContext
from werkzeug.test import Client

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of a package inside of TensorBoard
    from tensorboard.plugins.custom_scalar.custom_scalars_plugin import CustomScalarsPlugin
    from tensorboard.plugins.hparams.hparams_plugin import HParamsPlugin
    from tensorboard.plugins.mesh.mesh_plugin import MeshPlugin
    from tensorboard.plugins.pr_curve.pr_curves_plugin import PrCurvesPlugin

__all__ = ["CustomScalarsPlugin", "HParamsPlugin", "MeshPlugin", "PrCurvesPlugin", "context", "get", "ours", "theirs"]


def theirs(*summaries: Any) -> list[Any]:
    """The Summary.Values of a peer's Summaries, as TensorBoard's classes parse them."""
    return [value for summary in summaries for value in Summary.FromString(summary.SerializeToString()).value]


def ours(values: Iterable[bytes]) -> list[Any]:
    return [Summary.Value.FromString(value) for value in values]


def context(logdir: Path) -> TBContext:
    """What TensorBoard gives its plugins: the runs below `logdir`, loaded."""
    multiplexer = EventMultiplexer().AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    return TBContext(data_provider=MultiplexerDataProvider(multiplexer, str(logdir)), logdir=str(logdir))


def get(route: Callable[..., Any], **query: object) -> Any:
    """The answer of a plugin's route: JSON read, anything else as bytes."""
    answer = Client(route).get("/", query_string={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return json.loads(answer.data) if answer.mimetype == "application/json" else answer.data
