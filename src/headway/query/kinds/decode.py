"""From the bytes of an entry to its value, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from headway.query.kinds.audio import Audio, audio
from headway.query.kinds.confusion_matrix import ConfusionMatrix
from headway.query.kinds.custom_scalars import Layout, layout
from headway.query.kinds.graph import Graph, graph, graph_of
from headway.query.kinds.histogram import Histogram, histogram
from headway.query.kinds.hparams import HParams, hparams
from headway.query.kinds.image import Images, images
from headway.query.kinds.keras_model import keras_model
from headway.query.kinds.log_message import LogMessage, log_message
from headway.query.kinds.mesh import Mesh, mesh
from headway.query.kinds.meta_graph import MetaGraph, meta_graph
from headway.query.kinds.pr_curve import PrCurve, pr_curve
from headway.query.kinds.raw import Raw, raw, tensor
from headway.query.kinds.run_metadata import RunMetadata, run_metadata, tagged_run_metadata
from headway.query.kinds.summary import Summary, summary_of
from headway.query.kinds.table import Table
from headway.query.kinds.tensor import Tensor
from headway.query.kinds.text import Text, text

Value = (
    Histogram
    | Images
    | Audio
    | Text
    | Table
    | ConfusionMatrix
    | PrCurve
    | HParams
    | Layout
    | Mesh
    | Graph
    | MetaGraph
    | RunMetadata
    | Tensor
    | LogMessage
    | Raw
)

_OF_SUMMARY: dict[str, Callable[[Summary], Value]] = {
    "scalars": tensor,
    "tensor": tensor,
    "histograms": histogram,
    "images": images,
    "audio": audio,
    "text": text,
    "pr_curves": pr_curve,
    "hparams": hparams,
    "custom_scalars": layout,
    "mesh": mesh,
    "graphs": graph,
    "graph_keras_model": keras_model,
    "graph_run_metadata": run_metadata,
    "graph_run_metadata_graph": run_metadata,
    "graph_tagged_run_metadata": run_metadata,
}
_OF_EVENT: dict[str, Callable[[Any], Value]] = {
    "graph_def": graph_of,
    "meta_graph_def": meta_graph,
    "tagged_run_metadata": tagged_run_metadata,
    "log_message": log_message,
}


def decode(kind: str, content: bytes | memoryview, first: bytes | memoryview | None = None) -> Value:
    """Return the value of an entry.

    Args:
        kind: as the index names it: a plugin, or a field of Event. One that headway does not know gives a `Raw`.
        content: the encoded Summary.Value, or the content of the field of Event.
        first: the content of the tag's first entry in the same file, which alone may have the metadata.

    Raises:
        ValueError: `content` is malformed; the message names the kind, the tag and what is wrong.

    """
    where = kind
    try:
        if kind in _OF_EVENT:
            return _OF_EVENT[kind](memoryview(content))
        summary = summary_of(content, first)
        where = f"{kind} at {summary.tag!r}"
        return _OF_SUMMARY.get(kind, raw)(summary)
    except ValueError as error:
        raise ValueError(f"{where}: {error}") from error
