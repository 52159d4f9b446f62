"""Which kind of data a value is: TensorBoard's plugin names, and the old forms that have none.

A value says its plugin only the first time its tag is written to a file, so a decoder remembers it for each tag.
"""

from __future__ import annotations

SCALARS = "scalars"

PLUGINS = (
    SCALARS,
    "histograms",
    "images",
    "audio",
    "text",
    "pr_curves",
    "hparams",
    "custom_scalars",
    "mesh",
    "graphs",
)
"""Plugins that headway knows by name. Others are kept under the name they give themselves."""

TENSOR = "tensor"
"""A tensor whose tag never named a plugin."""

EVENT_FIELDS = {
    4: "graph_def",
    6: "log_message",
    8: "tagged_run_metadata",
    9: "meta_graph_def",
}
"""Fields of `Event` beside its summary that carry something worth keeping, by field number."""

OLD_FORMS = {
    3: "old_histogram",
    4: "images",
    5: "histograms",
    6: "audio",
}
"""Fields of `Summary.Value` that hold data themselves, without a tensor or a plugin, by field number."""

KINDS = (*PLUGINS, TENSOR, "old_histogram", *EVENT_FIELDS.values())
"""Every kind known beforehand. A decoder numbers kinds by their place here and appends unknown plugins."""

# TensorFlow's DataType numbers, for the numeric types a scalar may have, with numpy's name of each and its size.
# bfloat16 and the float8 types have no numpy type: they are widened by `headway.events.tensors`.
DTYPES = {
    1: "<f4",
    2: "<f8",
    3: "<i4",
    4: "|u1",
    5: "<i2",
    6: "|i1",
    9: "<i8",
    10: "|b1",
    11: "|i1",
    12: "|u1",
    13: "<i4",
    15: "<i2",
    16: "<u2",
    17: "<u2",
    19: "<f2",
    22: "<u4",
    23: "<u8",
}
BFLOAT16, FLOAT8_E5M2, FLOAT8_E4M3FN = 14, 24, 25
