"""What an entry holds: from the bytes of each kind to a frozen dataclass, and from that to plain data.

Pure: nothing here reads a file. Twins of `headway.record.kinds`, for every writer's forms.
"""

from __future__ import annotations

from headway.query.kinds.audio import Audio
from headway.query.kinds.confusion_matrix import ConfusionMatrix
from headway.query.kinds.custom_scalars import Category, Chart, Layout, Margin
from headway.query.kinds.decode import Value, decode
from headway.query.kinds.graph import Argument, Function, Graph, Node
from headway.query.kinds.histogram import Histogram
from headway.query.kinds.hparams import Experiment, Hparam, HParams, Metric, SessionEnd, SessionStart
from headway.query.kinds.image import Images
from headway.query.kinds.log_message import LogMessage
from headway.query.kinds.media_type import media_type
from headway.query.kinds.mesh import Mesh
from headway.query.kinds.meta_graph import MetaGraph, Signature, TensorInfo
from headway.query.kinds.plain import plain
from headway.query.kinds.pr_curve import PrCurve
from headway.query.kinds.raw import Raw
from headway.query.kinds.run_metadata import FunctionGraphs, NodeCost, NodeStats, RunMetadata
from headway.query.kinds.summary import Metadata, Summary, metadata_of, summary_of
from headway.query.kinds.table import Column, Picture, Table
from headway.query.kinds.tensor import Tensor
from headway.query.kinds.text import Text

__all__ = [
    "Argument",
    "Audio",
    "Category",
    "Chart",
    "Column",
    "ConfusionMatrix",
    "Experiment",
    "Function",
    "FunctionGraphs",
    "Graph",
    "HParams",
    "Histogram",
    "Hparam",
    "Images",
    "Layout",
    "LogMessage",
    "Margin",
    "Mesh",
    "MetaGraph",
    "Metadata",
    "Metric",
    "Node",
    "NodeCost",
    "NodeStats",
    "Picture",
    "PrCurve",
    "Raw",
    "RunMetadata",
    "SessionEnd",
    "SessionStart",
    "Signature",
    "Summary",
    "Table",
    "Tensor",
    "TensorInfo",
    "Text",
    "Value",
    "decode",
    "media_type",
    "metadata_of",
    "plain",
    "summary_of",
]
