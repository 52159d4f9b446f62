"""The addresses of TensorBoard's read API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from headway.server.endpoint import FORM, Endpoint
from headway.server.tensorboard.about import About
from headway.server.tensorboard.blobs import AUDIO, IMAGES, Blobs
from headway.server.tensorboard.histograms import Histograms
from headway.server.tensorboard.pr_curves import PrCurves
from headway.server.tensorboard.scalars import Scalars
from headway.server.tensorboard.text import Texts

if TYPE_CHECKING:
    from headway.server.served import Served


class OfSeries(msgspec.Struct):
    """Which series."""

    run: str
    tag: str


class OfScalars(OfSeries):
    """Which series, and how."""

    format: str = "json"
    """`csv`: a header and a line a point."""


class OfText(OfSeries):
    """Which series, and how."""

    markdown: str = "true"
    """`false`: as it was written, but escaped."""


class OfBlobs(OfSeries):
    """Which series, and which picture or clip of each entry."""

    sample: int = 0


class OfBlob(msgspec.Struct):
    """Which picture or clip."""

    blob_key: str


class OfCurves(msgspec.Struct):
    """Which tag of which runs."""

    run: list[str]
    tag: str


class Multirun(msgspec.Struct):
    """Which tag of which runs."""

    tag: str
    runs: list[str]


class TagDescription(msgspec.Struct):
    """What a tag's first value said of it; `description` is HTML."""

    displayName: str  # noqa: N815 - TensorBoard's
    description: str


class BlobTag(TagDescription):
    """Likewise; `samples`: how many pictures or clips an entry has at most."""

    samples: int


class BlobRow(msgspec.Struct):
    """An entry, and the query of its picture or clip; `label` and `contentType` for clips."""

    wall_time: float
    step: int
    query: str


class TextRow(msgspec.Struct):
    """A text, as HTML."""

    wall_time: float
    step: int
    text: str


Tags = dict[str, dict[str, TagDescription]]
BlobTags = dict[str, dict[str, BlobTag]]
ScalarRows = list[tuple[float, int, float]]
HistogramRows = list[tuple[float, int, list[tuple[float, float, float]]]]
QuantileRows = list[tuple[float, int, list[tuple[int, float]]]]
BYTES = "application/octet-stream"


def endpoints(served: Served) -> list[Endpoint]:
    """All of them."""
    index = served.index
    about, scalars, histograms, texts = About(index, index.name), Scalars(index), Histograms(served), Texts(served)
    curves, images, audio = PrCurves(served), Blobs(served, IMAGES), Blobs(served, AUDIO)
    plugin = "/data/plugin"
    return [
        Endpoint("/data/runs", about.runs, "The runs' names, in order of time.", answer=list[str]),
        Endpoint("/data/environment", about.environment, "Where the data are.", answer=dict[str, str | float]),
        Endpoint("/data/logdir", about.logdir, "The log directory.", answer=dict[str, str]),
        Endpoint("/data/window_properties", about.window_properties, "The window's title.", answer=dict[str, str]),
        Endpoint("/data/experiments", about.nothing, "An empty list.", answer=list[str]),
        Endpoint("/data/plugins_listing", about.plugins_listing, "Which kinds of data there are."),
        Endpoint(f"{plugin}/scalars/tags", scalars.tags, "Scalar tags of all runs.", answer=Tags),
        Endpoint(
            f"{plugin}/scalars/scalars",
            scalars.scalars,
            "All points of a series: wall time, step, value.",
            query=OfScalars,
            answer=ScalarRows,
            details="NaN and infinities are strings.",
        ),
        Endpoint(
            f"{plugin}/scalars/scalars_multirun",
            scalars.multirun,
            "All points of a tag in several runs.",
            method="POST",
            body=Multirun,
            body_media=FORM,
            answer=dict[str, ScalarRows],
        ),
        Endpoint(f"{plugin}/histograms/tags", histograms.tags, "Histogram tags of all runs.", answer=Tags),
        Endpoint(
            f"{plugin}/histograms/histograms",
            histograms.histograms,
            "All histograms of a series: left, right, count.",
            query=OfSeries,
            answer=HistogramRows,
        ),
        Endpoint(f"{plugin}/distributions/tags", histograms.tags, "Histogram tags of all runs.", answer=Tags),
        Endpoint(
            f"{plugin}/distributions/distributions",
            histograms.distributions,
            "Quantiles of all histograms of a series: basis points, value.",
            query=OfSeries,
            answer=QuantileRows,
        ),
        Endpoint(f"{plugin}/text/tags", texts.tags, "Text tags of all runs.", answer=dict[str, list[str]]),
        Endpoint(f"{plugin}/text/text", texts.text, "All texts of a series.", query=OfText, answer=list[TextRow]),
        Endpoint(f"{plugin}/pr_curves/tags", curves.tags, "Tags of PR curves of all runs.", answer=Tags),
        Endpoint(f"{plugin}/pr_curves/pr_curves", curves.pr_curves, "All PR curves of a tag.", query=OfCurves),
        *_blobs(f"{plugin}/images", "images", "individualImage", images),
        *_blobs(f"{plugin}/audio", "audio", "individualAudio", audio),
    ]


def _blobs(below: str, many: str, one: str, blobs: Blobs) -> list[Endpoint]:
    return [
        Endpoint(f"{below}/tags", blobs.tags, f"Tags of {many} of all runs.", answer=BlobTags),
        Endpoint(f"{below}/{many}", blobs.list, f"All {many} of a series.", query=OfBlobs, answer=list[BlobRow]),
        Endpoint(f"{below}/{one}", blobs.one, "The bytes of one.", query=OfBlob, media=BYTES),
    ]
