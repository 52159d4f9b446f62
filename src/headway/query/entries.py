"""The entries of a series: where its pictures, texts, histograms … lie, in the order that counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headway.query.lives import arrange
from headway.query.source import Source
from headway.store.rows import Entries


def entries(source: Source, run: str, tag: str, kind: str) -> Entries:
    """All entries of `tag`, session after session; those that a later one replaced are flagged, not left out.

    Where writers wrote at once they are in order of steps.

    Raises:
        KeyError: the run has nothing of that kind under this tag.
    """
    segments = source.series(run, tag, kind)
    if not segments:
        raise KeyError(f"run {run!r} has no {kind} {tag!r}")
    found = arrange(segments, source.sessions(run))
    columns = source.blobs([segment for segment, _ in segments])
    paths = sorted({segment.path for segment, _ in segments})
    file_of = {segment.id: paths.index(segment.path) for segment, _ in segments}
    place = {segments[i][0].id: n for n, i in enumerate(i for life in found.lives for i in life.segments)}
    cut = {segments[i][0].id: life.cut or 0 for life in found.lives for i in life.segments}
    is_cut = {segments[i][0].id: life.cut is not None for life in found.lives for i in life.segments}
    ids, steps = columns["segment"], columns["step"]
    order = np.argsort(_mapped(ids, place), kind="stable")
    if found.at_once:
        order = order[np.argsort(steps[order], kind="stable")]
    ids, steps = ids[order], steps[order]
    return Entries(
        steps,
        columns["wall_time"][order],
        paths,
        _mapped(ids, file_of).astype(np.int32),
        columns["offset"][order],
        columns["length"][order],
        (steps >= _mapped(ids, cut)) & _mapped(ids, is_cut).astype(np.bool_),
    )


def _mapped(ids: np.ndarray, table: Mapping[int, int]) -> np.ndarray:
    known, places = np.unique(ids, return_inverse=True)
    return np.array([table[i] for i in known.tolist()], dtype=np.int64)[places]
