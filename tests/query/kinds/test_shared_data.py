from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
from tensorboard.util.tensor_util import make_ndarray

from headway.query.kinds import Histogram, Text, decode, plain
from query.kinds import shared_data


@shared_data.needs_them
def test_every_entry_of_other_peoples_runs_is_read() -> None:
    found = Counter(kind for _, kind, _, content, first in shared_data.entries() if readable(kind, content, first))
    assert found == {"graph_def": 2, "meta_graph_def": 2, "histograms": 128, "text": 10, "hparams": 12}


def readable(kind: str, content: bytes, first: bytes) -> bool:
    return bool(json.dumps(plain(decode(kind, content, first)), allow_nan=False))


@shared_data.needs_them
def test_histograms_and_texts_are_as_tensorboard_loads_them() -> None:
    ours: dict[tuple[Path, str], list[object]] = {}
    for path, kind, tag, content, first in shared_data.entries():
        if kind in ("histograms", "text"):
            value = decode(kind, content, first)
            assert isinstance(value, (Histogram, Text))
            array = value.buckets.astype(np.float32) if isinstance(value, Histogram) else value.strings
            ours.setdefault((path, tag), []).append(array.tolist())
    for path in {path for path, _ in ours}:
        judge = EventAccumulator(str(path), tensor_size_guidance={"histograms": 0, "text": 0})
        judge.Reload()
        for tag in [tag for where, tag in ours if where == path]:
            theirs = [make_ndarray(event.tensor_proto) for event in judge.Tensors(tag)]
            texts = [
                [text.decode() for text in array] if array.dtype == object else array.tolist() for array in theirs
            ]
            assert texts == ours[path, tag]
