from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from PIL import Image
from tensorboardX import summary as tbx
from torch.utils.tensorboard import summary as tb

from headway.errors import ShapeError
from headway.record.kinds.image import check_image, image_value, make_grid, png, to_uint8
from record.kinds.shown import parsed, pixels, tensors

Array = np.ndarray[Any, Any]

SHAPES = [
    ("CHW", (1, 5, 7)),
    ("CHW", (3, 5, 7)),
    ("CHW", (4, 5, 7)),
    ("chw", (3, 5, 7)),
    ("HWC", (5, 7, 1)),
    ("hwc", (5, 7, 3)),
    ("HWC", (5, 7, 4)),
    ("WHC", (7, 5, 3)),
    ("HW", (5, 7)),
    ("wh", (7, 5)),
    ("NCHW", (2, 1, 5, 7)),
    ("NCHW", (1, 3, 5, 7)),
    ("nchw", (11, 3, 5, 7)),
    ("NHWC", (9, 5, 7, 3)),
    ("NHWC", (3, 5, 7, 1)),
]


def floats(shape: tuple[int, ...]) -> Array:
    return np.random.default_rng(1).random(shape, np.float32)


def bytes_of(shape: tuple[int, ...]) -> Array:
    return np.random.default_rng(2).integers(0, 256, shape, np.uint8)


def same_picture(ours: bytes, theirs: Any) -> None:
    mine, [yours] = parsed(ours), theirs.value
    assert mine.tag == yours.tag
    for size in ("height", "width", "colorspace"):
        assert getattr(mine.image, size) == getattr(yours.image, size), size
    np.testing.assert_array_equal(
        pixels(mine.image.encoded_image_string), pixels(yours.image.encoded_image_string), strict=True
    )


@pytest.mark.parametrize(("dataformats", "shape"), SHAPES)
@pytest.mark.parametrize("make", [floats, bytes_of])
def test_the_peers_pixels(dataformats: str, shape: tuple[int, ...], make: Any) -> None:
    array = make(shape)
    check_image("t", shape, dataformats)
    ours = image_value("t", array, dataformats)
    same_picture(ours, tbx.image("t", array, dataformats=dataformats))
    same_picture(ours, tb.image("t", torch.from_numpy(array), dataformats=dataformats))


def test_four_channels_in_a_grid_as_tensorboardx_does_it() -> None:
    array = bytes_of((3, 4, 5, 7))
    same_picture(image_value("t", array, "NCHW"), tbx.image("t", array, dataformats="NCHW"))


@pytest.mark.parametrize(("dataformats", "shape"), [*SHAPES, ("NCHW", (3, 4, 5, 7))])
def test_tensorboard_shows_exactly_the_pixels(tmp_path: Path, dataformats: str, shape: tuple[int, ...]) -> None:
    array = bytes_of(shape)
    [width, height, file] = tensors(tmp_path, [image_value("a b/ü", array, dataformats)])["a b/ü"]
    shown = pixels(file)
    assert shown.shape[:2] == (int(height), int(width))
    assert shown[-5:, :7].shape[:2] == (5, 7)
    letters = dataformats.upper()
    first = array[(0,) if letters[0] == "N" else ()]
    order = [letters.replace("N", "").index(letter) for letter in "HWC" if letter in letters]
    expected = np.broadcast_to(
        first.transpose(order) if "C" in letters else first.transpose(order)[..., None], (5, 7, shown.shape[2])
    )
    np.testing.assert_array_equal(shown[:5, :7], expected)


def test_floats_beyond_one_are_clipped_and_do_not_wrap_round() -> None:
    array = np.array([[[0.0, 0.5, 1.0, 1.5, -0.25, 2.0, 1e38, 1e30]]], np.float32).repeat(3, axis=0)
    expected = [0, 127, 255, 255, 0, 255, 255, 255]
    assert pixels(parsed(image_value("t", array)).image.encoded_image_string)[0, :, 0].tolist() == expected
    with np.errstate(all="ignore"):
        theirs = pixels(tbx.image("t", array).value[0].image.encoded_image_string)[0, :, 0]
    assert theirs[3] == 126
    same_picture(image_value("t", array[..., :6]), tb.image("t", array[..., :6], dataformats="CHW"))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_not_a_number_is_black_and_infinity_is_the_end_of_the_range(dtype: type) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert to_uint8(np.array([np.nan, np.inf, -np.inf, np.finfo(dtype).max], dtype)).tolist() == [0, 255, 0, 255]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_eight_bits_survive_being_floats(dtype: type) -> None:
    levels = np.arange(256, dtype=np.uint8)
    assert (to_uint8(levels.astype(dtype) / dtype(255)) == levels).all()


def test_torch_darkens_half_precision() -> None:
    levels = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16)
    theirs = pixels(tb.image("t", levels.half() / 255, dataformats="CHW").value[0].image.encoded_image_string)
    assert (theirs[..., 0] != levels.numpy()[0]).sum() > 100


@given(st_numpy.arrays(st.sampled_from([np.int8, np.int16, np.int32, np.int64, np.uint16, np.uint64]), 5))
def test_integers_are_levels_of_grey(array: Array) -> None:
    if array.max() <= 1:
        expected = [255 * (level == 1) for level in array.tolist()]
    else:
        expected = [min(max(level, 0), 255) for level in array.tolist()]
    assert to_uint8(array).tolist() == expected


def test_masks_are_black_and_white() -> None:
    for dtype in (np.bool_, np.int64, np.int32, np.uint16):
        assert to_uint8(np.array([0, 1, 1, 0], dtype)).tolist() == [0, 255, 255, 0]
    assert to_uint8(np.array([0, 1], np.uint8)).tolist() == [0, 1]
    mask = np.array([[True, False]])
    same_picture(image_value("t", mask, "HW"), tbx.image("t", mask, dataformats="HW"))


def test_the_callers_array_is_left_alone() -> None:
    array = floats((3, 4, 4))
    before = array.copy()
    image_value("t", array, boxes=np.array([[0, 0, 3, 3]]))
    assert (array == before).all()


# ---- boxes

BOXES = np.array([[2, 3, 20, 28], [10.5, 9.25, 60, 70]])


@pytest.mark.parametrize("labels", [None, ["cat", "dog"], ["only one"], ["a", "b", "c"], ["", "ö"], []])
@pytest.mark.parametrize("shape", [(3, 48, 64), (1, 48, 64), (4, 48, 64)])
def test_boxes_as_the_peers_draw_them(tmp_path: Path, labels: list[str] | None, shape: tuple[int, ...]) -> None:
    array = floats(shape)
    check_image("t", shape, "CHW", boxes=BOXES.shape)
    ours = image_value("t", array, boxes=BOXES, labels=labels)
    fitting = labels if labels is not None and len(labels) == len(BOXES) else None  # their writers' rule
    same_picture(ours, tbx.image_boxes("t", array, BOXES, labels=fitting))
    same_picture(ours, tb.image_boxes("t", torch.from_numpy(array), torch.from_numpy(BOXES), labels=fitting))
    assert (pixels(parsed(ours).image.encoded_image_string)[10, 2, :3] == (255, 0, 0)).all()


def test_one_label_may_be_a_string() -> None:
    array = bytes_of((48, 64, 3))
    ours = image_value("t", array, "HWC", boxes=BOXES[:1], labels="cat")
    same_picture(ours, tbx.image_boxes("t", array, BOXES[:1], dataformats="HWC", labels=["cat"]))


def test_boxes_that_are_nowhere_are_left_out() -> None:
    array = bytes_of((48, 64, 3))
    boxes = np.concatenate([[[np.nan, 0, 5, 5], [0, 0, np.inf, 5]], BOXES])
    assert image_value("t", array, "HWC", boxes=boxes) == image_value("t", array, "HWC", boxes=BOXES)


@pytest.mark.parametrize("rescale", [2, 0.5, 1.7])
def test_another_size(rescale: float) -> None:
    array = bytes_of((3, 10, 15))
    ours = parsed(image_value("t", array, boxes=BOXES, rescale=rescale)).image
    theirs = tb.image_boxes("t", array, BOXES, rescale=rescale).value[0].image
    shown = pixels(ours.encoded_image_string)
    np.testing.assert_array_equal(shown, pixels(theirs.encoded_image_string), strict=True)
    assert (ours.height, ours.width) == shown.shape[:2]  # theirs gives the size before
    assert (theirs.height, theirs.width) == (10, 15)


# ---- what cannot be


@pytest.mark.parametrize(
    ("shape", "dataformats", "said"),
    [
        ((3, 4), "CHW", r"'pic'.*shape \(3, 4\).*'CHW' names 3 axes"),
        ((3, 4, 4), "NCHW", "names 4 axes"),
        ((3, 4, 4), "CHH", "'CHH'.*each once"),
        ((3, 4, 4), "CHX", "expected the letters of HW or CHW or NCHW"),
        ((4, 4, 4), "NHW", "each once"),
        ((3, 4, 4), "", "dataformats is ''"),
        ((5, 4, 4), "CHW", "5 channels; expected 1 .grey., 3"),
        ((4, 4, 3), "CHW", None),
        ((5, 4, 3), "CHW", "5 channels"),
        ((3, 0, 4), "CHW", r"shape \(3, 0, 4\) has no pixels"),
        ((0, 3, 4, 4), "NCHW", "has no pixels"),
    ],
)
def test_shapes_that_are_no_picture(shape: tuple[int, ...], dataformats: str, said: str | None) -> None:
    if said is None:
        return check_image("pic", shape, dataformats)
    for error in (ShapeError, ValueError, AssertionError):
        with pytest.raises(error, match=said):
            check_image("pic", shape, dataformats)
    return None


def test_other_arguments_that_cannot_be() -> None:
    with pytest.raises(TypeError, match="'pic': dataformats must be a string"):
        check_image("pic", (3, 4, 4), None)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"'pic'.*kind 'c'"):
        check_image("pic", (3, 4, 4), "CHW", kind="c")
    for shape in ((4,), (2, 5), (1, 2, 4)):
        with pytest.raises(ShapeError, match=r"'pic': boxes.*expected \[boxes, 4\]"):
            check_image("pic", (3, 4, 4), "CHW", boxes=shape)
    for rescale in (0, 0.1, -1, float("nan"), float("inf")):
        with pytest.raises(ShapeError, match="no pixels left"):
            check_image("pic", (3, 4, 4), "CHW", rescale=rescale)


# ---- PNG


@given(st_numpy.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3, 4]))))
def test_png_keeps_every_pixel(array: Array) -> None:
    assert pixels(png(array)).reshape(array.shape).tolist() == array.tolist()


def test_png_of_views() -> None:
    array = bytes_of((3, 30, 20))
    assert (pixels(png(array.transpose(1, 2, 0))) == array.transpose(1, 2, 0)).all()
    assert (pixels(png(array.transpose(2, 1, 0)[::-2, ::3])) == array.transpose(2, 1, 0)[::-2, ::3]).all()


@pytest.mark.parametrize("number", [1, 3, 8, 9, 16, 17])
def test_grids_as_the_peers_make_them(number: int) -> None:
    array = bytes_of((number, 3, 4, 5))
    np.testing.assert_array_equal(make_grid(array), tbx.convert_to_HWC(array, "NCHW").transpose(2, 0, 1), strict=True)


def test_two_channels_are_grey_with_alpha() -> None:
    array = np.random.default_rng(0).integers(0, 256, (2, 5, 4), np.uint8)
    check_image("t", array.shape, "CHW")
    ours = parsed(image_value("t", array))
    theirs = tbx.image("t", array).value[0].image.encoded_image_string
    shown = np.asarray(Image.open(io.BytesIO(theirs)).convert("RGBA"))
    assert (pixels(ours.image.encoded_image_string) == shown).all()
