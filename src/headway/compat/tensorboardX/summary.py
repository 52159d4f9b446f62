"""tensorboardX's builders: each returns a `Summary` message, for `FileWriter.add_summary`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from headway.compat.tensorboardX.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from headway.compat.tensorboardX.proto.tensor_pb2 import TensorProto
from headway.compat.tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto
from headway.errors import ShapeError
from headway.events.messages import scalar_value
from headway.events.wire import message
from headway.record.arrays import as_array
from headway.record.kinds.audio import audio_value, check_audio
from headway.record.kinds.boxes import check_boxes, with_boxes
from headway.record.kinds.custom_scalars import layout_value
from headway.record.kinds.histogram import DEFAULT, check_histogram, histogram_value, raw_histogram_value
from headway.record.kinds.hparams import check_hparams, hparams_values
from headway.record.kinds.image import check_image, image_value
from headway.record.kinds.mesh import check_mesh, mesh_values
from headway.record.kinds.pr_curve import check_pr_curve, pr_curve_value, raw_pr_curve_value
from headway.record.kinds.pr_curve import compute_curve as _compute_curve
from headway.record.kinds.text import check_text, text_value
from headway.record.kinds.video import check_video, video_value
from headway.record.lazy import need
from headway.record.tag import clean_tag as _clean_tag

__all__ = [
    "HistogramProto",
    "Summary",
    "SummaryMetadata",
    "TensorProto",
    "TensorShapeProto",
    "audio",
    "compute_curve",
    "custom_scalars",
    "draw_boxes",
    "histogram",
    "histogram_raw",
    "hparams",
    "image",
    "image_boxes",
    "make_histogram",
    "make_image",
    "make_video",
    "mesh",
    "pr_curve",
    "pr_curve_raw",
    "scalar",
    "text",
    "video",
]


def summary(values: Iterable[bytes]) -> Summary:
    """Return the Summary of encoded Summary.Values."""
    return Summary.FromString(b"".join(message(1, value) for value in values))


def number(value: Any, name: str) -> float:
    """Return the one number in an array or tensor of any framework; ShapeError if there are more or none."""
    array = as_array(value, name)
    if array.size != 1:
        raise ShapeError(f"{name!r}: a scalar is one number; the shape is {array.shape}")
    return float(array.reshape(())[()])


def scalar(name: str, scalar: Any, display_name: str = "", summary_description: str = "") -> Summary:
    """Return the Summary of one number."""
    name = _clean_tag(name)
    given = number(scalar, name)
    return summary([scalar_value(name, given, display_name=display_name, description=summary_description)])


def histogram(name: str, values: Any, bins: Any, max_bins: int | None = None) -> Summary:
    """Return the Summary of a histogram of `values`; `bins` as `numpy.histogram` takes them."""
    return summary([counted(_clean_tag(name), values, bins, max_bins)])


def counted(tag: str, values: Any, bins: Any, max_bins: int | None) -> bytes:
    """Return the encoded Summary.Value of a histogram.

    Raises:
        ValueError: `bins` is "tensorflow", a word of `SummaryWriter.add_histogram` that the builders never knew.

    """
    if isinstance(bins, str) and bins == DEFAULT:
        raise ValueError(f"{tag!r}: give the edges themselves as bins, SummaryWriter.default_bins, not {DEFAULT!r}")
    array = as_array(values, tag)
    check_histogram(tag, array.shape, bins, max_bins, kind=array.dtype.kind)
    return histogram_value(tag, array, bins, max_bins)


def make_histogram(values: Any, bins: Any, max_bins: int | None = None) -> HistogramProto:
    """Return the histogram of `values` alone."""
    made: HistogramProto = summary([counted("", values, bins, max_bins)]).value[0].histo
    return made


def histogram_raw(
    name: str,
    min: float,
    max: float,
    num: float,
    sum: float,
    sum_squares: float,
    bucket_limits: Any,
    bucket_counts: Any,
) -> Summary:
    """Return the Summary of a histogram that was counted already."""
    limits, counts = as_array(bucket_limits, name).reshape(-1), as_array(bucket_counts, name).reshape(-1)
    return summary([raw_histogram_value(name, min, max, num, sum, sum_squares, limits, counts)])


def image(tag: str, tensor: Any, rescale: float = 1, dataformats: str = "CHW") -> Summary:
    """Return the Summary of a picture; of a grid of several if there is an N in `dataformats`."""
    return summary([picture(_clean_tag(tag), tensor, rescale, dataformats)])


def image_boxes(
    tag: str,
    tensor_image: Any,
    tensor_boxes: Any,
    rescale: float = 1,
    dataformats: str = "CHW",
    labels: Sequence[str] | None = None,
) -> Summary:
    """Return the Summary of a picture with boxes, [boxes, 4] of xmin, ymin, xmax, ymax in pixels."""
    return summary([picture(tag, tensor_image, rescale, dataformats, tensor_boxes, labels)])


def picture(
    tag: str,
    tensor: Any,
    rescale: float,
    dataformats: str,
    rois: Any = None,
    labels: Sequence[str] | None = None,
) -> bytes:
    """Return the encoded Summary.Value of a picture."""
    pixels = as_array(tensor, tag)
    boxes = None if rois is None else as_array(rois, tag)
    shape = None if boxes is None else boxes.shape
    check_image(tag, pixels.shape, dataformats, kind=pixels.dtype.kind, boxes=shape, rescale=rescale)
    return image_value(tag, pixels, dataformats, boxes=boxes, labels=labels, rescale=rescale)


def make_image(tensor: Any, rescale: float = 1, rois: Any = None, labels: Sequence[str] | None = None) -> Any:
    """Return the Summary.Image of [height, width, channels], with boxes if there are `rois`."""
    return summary([picture("", tensor, rescale, "HWC", rois, labels)]).value[0].image


def draw_boxes(disp_image: Any, boxes: Any, labels: Sequence[str] | None = None) -> Any:
    """Return a copy of a PIL image with boxes on it."""
    corners = as_array(boxes, "boxes")
    check_boxes("boxes", corners.shape)
    pillow = need("PIL.Image", "pillow", "pictures with boxes")
    return pillow.fromarray(with_boxes(np.asarray(disp_image), corners, labels))


def video(tag: str, tensor: Any, fps: float = 4, dataformats: str = "NTCHW") -> Summary:
    """Return the Summary of a video, an animated GIF."""
    return summary([moving(_clean_tag(tag), tensor, fps, dataformats)])


def moving(tag: str, tensor: Any, fps: float, dataformats: str) -> bytes:
    """Return the encoded Summary.Value of a video."""
    frames = as_array(tensor, tag)
    check_video(tag, frames.shape, fps, dataformats, kind=frames.dtype.kind)
    return video_value(tag, frames, fps, dataformats)


def make_video(tensor: Any, fps: float) -> Any:
    """Return the Summary.Image of a video of uint8 [frames, height, width, channels]."""
    return summary([moving("", tensor, fps, "THWC")]).value[0].image


def audio(tag: str, tensor: Any, sample_rate: int = 44100) -> Summary:
    """Return the Summary of a sound: [frames] or [frames, channels] in [-1, 1]."""
    sound = as_array(tensor, tag)
    check_audio(tag, sound.shape, sample_rate, kind=sound.dtype.kind)
    return summary([audio_value(tag, sound, sample_rate)])


def custom_scalars(layout: Mapping[str, Mapping[str, Sequence[Any]]]) -> Summary:
    """Return the Summary of a layout of charts; see `SummaryWriter.add_custom_scalars`."""
    return summary([layout_value(layout)])


def text(tag: str, text: str) -> Summary:
    """Return the Summary of a text."""
    check_text(tag, text)
    return summary([text_value(tag, text)])


def pr_curve(tag: str, labels: Any, predictions: Any, num_thresholds: int = 127, weights: Any = None) -> Summary:
    """Return the Summary of precision and recall of `predictions`, in [0, 1]."""
    arrays = [as_array(values, tag) for values in (labels, predictions)]
    weighed = None if weights is None else as_array(weights, tag)
    check_pr_curve(tag, arrays[0], arrays[1], num_thresholds, weighed)
    return summary([pr_curve_value(tag, arrays[0], arrays[1], num_thresholds, weighed)])


def pr_curve_raw(
    tag: str,
    tp: Any,
    fp: Any,
    tn: Any,
    fn: Any,
    precision: Any,
    recall: Any,
    num_thresholds: int = 127,
    weights: Any = None,  # noqa: ARG001 - there for the signature's sake
) -> Summary:
    """Return the Summary of precision and recall that were counted already."""
    tp, fp, tn, fn = (as_array(counts, tag) for counts in (tp, fp, tn, fn))
    precision, recall = as_array(precision, tag), as_array(recall, tag)
    return summary([raw_pr_curve_value(tag, tp, fp, tn, fn, precision, recall, num_thresholds)])


def compute_curve(labels: Any, predictions: Any, num_thresholds: int = 127, weights: Any = None) -> Any:
    """Return [6, thresholds]: true and false positives, true and false negatives, precision and recall."""
    return _compute_curve(as_array(labels, "labels"), as_array(predictions, "predictions"), num_thresholds, weights)


def mesh(tag: str, vertices: Any, colors: Any, faces: Any, config_dict: Mapping[str, Any] | None = None) -> Summary:
    """Return the Summary of meshes or point clouds, [meshes, points, 3] each."""
    return summary(meshes(tag, vertices, colors, faces, config_dict, "tensorboardX"))


def meshes(
    tag: str,
    vertices: Any,
    colors: Any,
    faces: Any,
    config: Mapping[str, Any] | None,
    names: Literal["tensorboardX", "torch"],
) -> list[bytes]:
    """Return the encoded Summary.Values of meshes, under tensorboardX's or torch's tags."""
    points = as_array(vertices, tag)
    colours, triangles = (None if part is None else as_array(part, tag) for part in (colors, faces))
    shapes = [None if part is None else part.shape for part in (colours, triangles)]
    check_mesh(tag, points.shape, shapes[0], shapes[1], config)
    return mesh_values(tag, points, colours, triangles, config, names=names)


def hparams(hparam_dict: Mapping[str, Any], metric_dict: Mapping[str, Any]) -> tuple[Summary, Summary, Summary]:
    """Return three Summaries: the experiment, and the start and end of a session with these hyperparameters."""
    check_hparams(hparam_dict, metric_dict)
    experiment, start, end = (summary([value]) for value in hparams_values(hparam_dict, metric_dict))
    return experiment, start, end
