"""The builders of torch.utils.tensorboard: each returns a `Summary` message, for `FileWriter.add_summary`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from headway.compat.tensorboardX.proto.summary_pb2 import Summary, SummaryMetadata
from headway.compat.tensorboardX.proto.tensor_pb2 import TensorProto
from headway.compat.tensorboardX.proto.types_pb2 import DataType
from headway.compat.tensorboardX.summary import (
    audio,
    compute_curve,
    counted,
    custom_scalars,
    draw_boxes,
    histogram_raw,
    image_boxes,
    make_histogram,
    make_image,
    make_video,
    meshes,
    moving,
    number,
    picture,
    pr_curve,
    pr_curve_raw,
    summary,
    text,
)
from headway.events.messages import scalar_value
from headway.record.arrays import as_array
from headway.record.kinds.hparams import check_hparams, hparams_values
from headway.record.kinds.tensor import check_tensor, tensor_value

__all__ = [
    "audio",
    "compute_curve",
    "custom_scalars",
    "draw_boxes",
    "half_to_int",
    "histogram",
    "histogram_raw",
    "hparams",
    "image",
    "image_boxes",
    "int_to_half",
    "make_histogram",
    "make_image",
    "make_video",
    "mesh",
    "pr_curve",
    "pr_curve_raw",
    "scalar",
    "tensor_proto",
    "text",
    "video",
]


def scalar(
    name: str,
    tensor: Any,
    collections: Any = None,  # noqa: ARG001 - there for the signature's sake
    new_style: bool = False,
    double_precision: bool = False,
) -> Summary:
    """Return the Summary of one number; in the new style it is a tensor, of a float or a double."""
    given = number(tensor, name)
    if not new_style:
        return summary([scalar_value(name, given)])
    wide = TensorProto(dtype="DT_DOUBLE", double_val=[given])
    single = TensorProto(dtype="DT_FLOAT", float_val=[given])
    metadata = SummaryMetadata(plugin_data={"plugin_name": "scalars"})
    return Summary(value=[{"tag": name, "tensor": wide if double_precision else single, "metadata": metadata}])


def tensor_proto(tag: str, tensor: Any) -> Summary:
    """Return the Summary of all values of a tensor, of any type.

    Floats of 16 bits are held as torch does it, for `int_to_half`; no reader of event files knows that form. What
    `SummaryWriter.add_tensor` writes can be read.

    Raises:
        ValueError: it is too large for a message, 2 GiB.

    """
    array = as_array(tensor, tag)
    check_tensor(tag, array.nbytes)
    made = summary([tensor_value(tag, array, bfloat16="bfloat16" in str(getattr(tensor, "dtype", "")))])
    proto = made.value[0].tensor
    if proto.dtype in (DataType.DT_HALF, DataType.DT_BFLOAT16):
        proto.ClearField("half_val")
        proto.half_val.extend(map(half_to_int, array.reshape(-1).tolist()))
    return made


def half_to_int(f: float) -> int:
    """Return the bits of `f` as a float32, as an int32."""
    return int(np.float32(f).view(np.int32))


def int_to_half(i: int) -> float:
    """Return the float32 that has the bits of an int32."""
    return float(np.int32(i).view(np.float32))


def histogram(name: str, values: Any, bins: Any, max_bins: int | None = None) -> Summary:
    """Return the Summary of a histogram of `values`; `bins` as `numpy.histogram` takes them."""
    return summary([counted(name, values, bins, max_bins)])


def image(tag: str, tensor: Any, rescale: float = 1, dataformats: str = "NCHW") -> Summary:
    """Return the Summary of a picture; of a grid of several if there is an N in `dataformats`."""
    return summary([picture(tag, tensor, rescale, dataformats)])


def video(tag: str, tensor: Any, fps: float = 4) -> Summary:
    """Return the Summary of a video, an animated GIF."""
    return summary([moving(tag, tensor, fps, "NTCHW")])


def mesh(
    tag: str,
    vertices: Any,
    colors: Any,
    faces: Any,
    config_dict: Mapping[str, Any] | None,
    display_name: str | None = None,
    description: str | None = None,
) -> Summary:
    """Return the Summary of meshes or point clouds, [meshes, points, 3] each."""
    made = summary(meshes(tag, vertices, colors, faces, config_dict, "torch"))
    for value in made.value:
        value.metadata.MergeFrom(SummaryMetadata(display_name=display_name, summary_description=description))
    return made


def hparams(
    hparam_dict: Mapping[str, Any],
    metric_dict: Mapping[str, Any],
    hparam_domain_discrete: Mapping[str, Sequence[Any]] | None = None,
) -> tuple[Summary, Summary, Summary]:
    """Return three Summaries: the experiment, and the start and end of a session with these hyperparameters.

    Raises:
        TypeError: what is given are no dictionaries, or a domain is no list of its hyperparameter's type.

    """
    check_hparams(hparam_dict, metric_dict, hparam_domain_discrete)
    domains = {name: list(domain) for name, domain in (hparam_domain_discrete or {}).items()}
    experiment, start, end = (summary([value]) for value in hparams_values(hparam_dict, metric_dict, domains=domains))
    return experiment, start, end
