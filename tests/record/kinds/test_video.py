from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageSequence
from tensorboardX.utils import _prepare_video, convert_to_NTCHW

from headway.errors import ShapeError
from headway.record.kinds.gif import delays, gif
from headway.record.kinds.video import check_video, tile, video_value
from record.kinds.shown import parsed, tensors

Array = np.ndarray[Any, Any]


def noise(*shape: int, levels: int = 256) -> Array:
    return np.random.default_rng(1).integers(0, levels, shape, np.uint8)


def decoded(file: bytes, mode: str = "RGB") -> Array:
    """The frames as pillow shows them, [frames, height, width, channels]."""
    with Image.open(io.BytesIO(file)) as image:
        return np.stack([np.asarray(frame.convert(mode)) for frame in ImageSequence.Iterator(image)])


def durations(file: bytes) -> list[int]:
    """Milliseconds of each frame."""
    with Image.open(io.BytesIO(file)) as image:
        return [frame.info.get("duration", 0) for frame in ImageSequence.Iterator(image)]


def shown(frames: Array, fps: float = 4, dataformats: str = "NTCHW") -> Array:
    check_video("t", frames.shape, fps, dataformats, kind=frames.dtype.kind)
    return decoded(parsed(video_value("t", frames, fps, dataformats)).image.encoded_image_string)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 20])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_peers_tiles(number: int, channels: int) -> None:
    clips = noise(number, 3, channels, 4, 5)
    theirs = _prepare_video(clips.astype(np.float64))
    np.testing.assert_array_equal(tile(clips), theirs)
    if channels == 1 or theirs[0, ..., 0].size <= 256:  # few enough colours
        np.testing.assert_array_equal(shown(clips), np.broadcast_to(theirs, (*theirs.shape[:3], 3)))


@pytest.mark.parametrize("dataformats", ["NTCHW", "ntchw", "NTHWC", "TNHWC", "WHCTN"])
def test_any_order_of_axes(dataformats: str) -> None:
    sizes = {"N": 2, "T": 3, "C": 3, "H": 4, "W": 5}
    frames = noise(*(sizes[letter] for letter in dataformats.upper()))
    expected = _prepare_video(convert_to_NTCHW(frames, dataformats).astype(np.float64))
    np.testing.assert_array_equal(shown(frames, dataformats=dataformats), expected)


@pytest.mark.parametrize("dataformats", ["TCHW", "THWC", "hwct"])
def test_one_video_needs_no_n(dataformats: str) -> None:
    sizes = {"T": 3, "C": 3, "H": 4, "W": 5}
    frames = noise(*(sizes[letter] for letter in dataformats.upper()))
    expected = frames.transpose([dataformats.upper().index(letter) for letter in "THWC"])
    np.testing.assert_array_equal(shown(frames, dataformats=dataformats), expected)


def test_tensorboard_shows_exactly_the_frames(tmp_path: Path) -> None:
    clip = noise(1, 5, 3, 16, 16)
    value = video_value("a/b c", clip, 10)
    [width, height, file] = tensors(tmp_path, [value])["a/b c"]
    assert (int(width), int(height)) == (16, 16)
    assert file[:6] == b"GIF89a"  # by which TensorBoard knows its type
    np.testing.assert_array_equal(decoded(file), clip[0].transpose(0, 2, 3, 1))
    assert parsed(value).image.colorspace == 3


def test_every_shade_of_grey() -> None:
    clip = np.arange(2 * 256, dtype=np.uint8).reshape(1, 2, 1, 16, 16)
    np.testing.assert_array_equal(shown(clip), np.repeat(clip[0].transpose(0, 2, 3, 1), 3, axis=3))
    assert parsed(video_value("t", clip)).image.colorspace == 1


def test_floats_are_clipped() -> None:
    clip = np.array([0, 0.5, 1, 1.5, -1, np.nan]).reshape(1, 1, 1, 2, 3)
    assert shown(clip)[0, ..., 0].tolist() == [[0, 127, 255], [255, 0, 0]]


def test_more_colours_than_a_gif_has() -> None:
    ramp = np.linspace(0, 255, 64, dtype=np.uint8)
    picture = np.stack([*np.meshgrid(ramp, ramp), np.full((64, 64), 90, np.uint8)])
    seen = shown(picture[None, None])[0].transpose(2, 0, 1).astype(int)
    assert np.sqrt(((seen - picture) ** 2).mean()) < 10


@given(st.data())
def test_only_what_changes_is_drawn_again(data: Any) -> None:
    frames = np.zeros((5, 6, 7, 3), np.uint8)
    for frame, before in zip(frames[1:], frames, strict=False):
        frame[:] = before
        for _ in range(data.draw(st.integers(0, 2))):
            row, column = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 6))
            frame[row, column] = data.draw(st.integers(0, 255))
    np.testing.assert_array_equal(decoded(gif(frames, 5)), frames)


def test_a_still_video_costs_one_frame_but_has_them_all() -> None:
    still = np.repeat(noise(1, 64, 64, 3, levels=6), 20, axis=0)
    file = gif(still, 10)
    assert len(file) < len(gif(still[:1], 10)) + 19 * 50
    np.testing.assert_array_equal(decoded(file), still)
    assert durations(file) == [100] * 20


def test_transparency() -> None:
    frames = noise(4, 8, 9, 4, levels=4) * np.uint8(80)
    frames[..., 3] = noise(4, 8, 9, levels=2) * np.uint8(200)
    seen = decoded(gif(frames, 5), "RGBA")
    visible = frames[..., 3] > 0
    assert (seen[..., 3] == 255 * visible).all()
    assert (seen[visible][:, :3] == frames[visible][:, :3]).all()
    many = noise(1, 64, 64, 4)
    np.testing.assert_array_equal(decoded(gif(many, 5), "RGBA")[..., 3] == 255, many[..., 3] >= 128)


# ---- time


@given(st.integers(1, 200), st.floats(0.01, 200))
def test_no_frame_is_early_or_late(number: int, fps: float) -> None:
    begins = np.cumsum([0, *delays(number, fps)])
    assert np.abs(begins - np.arange(number + 1) * 100 / fps).max() <= 0.5 + 1e-6


def test_fifteen_seconds_last_fifteen_seconds() -> None:
    assert durations(gif(noise(15 * 30, 2, 2, 3), 30))[:3] == [30, 40, 30]
    assert sum(durations(gif(noise(15 * 30, 2, 2, 3), 30))) == 15000


def test_a_frame_lasts_eleven_minutes_at_most() -> None:
    assert delays(2, 1e-300) == [65535, 65535]
    assert durations(gif(noise(2, 2, 2, 3), 0.001)) == [655350, 655350]


def test_it_is_repeated_for_ever() -> None:
    with Image.open(io.BytesIO(gif(noise(3, 2, 2, 3), 4))) as image:
        assert image.info["loop"] == 0


# ---- what cannot be


@pytest.mark.parametrize(
    ("shape", "dataformats", "said"),
    [
        ((1, 2, 3, 4, 5), "TCHW", r"'clip'.*shape \(1, 2, 3, 4, 5\).*names 4 axes"),
        ((2, 3, 4, 5), "NTCHW", "names 5 axes"),
        ((2, 3, 4, 5), "NCHW", "expected the letters of TCHW or NTCHW"),
        ((1, 2, 3, 4, 5), "NTCHH", "each once"),
        ((1, 2, 2, 4, 5), "NTCHW", "2 channels"),
        ((1, 0, 3, 4, 5), "NTCHW", "no pixels"),
        ((3, 1, 3, 4, 20000), "NTCHW", "at most 65535 × 65535 pixels, not 80000 × 4"),
    ],
)
def test_shapes_that_are_no_video(shape: tuple[int, ...], dataformats: str, said: str) -> None:
    for error in (ShapeError, ValueError, AssertionError):
        with pytest.raises(error, match=said):
            check_video("clip", shape, 4, dataformats)


@pytest.mark.parametrize("fps", [0, -4, float("nan"), float("inf"), "4", None])
def test_speeds_that_cannot_be(fps: Any) -> None:
    with pytest.raises(ValueError, match="'clip': fps must be frames a second, above 0"):
        check_video("clip", (1, 2, 3, 4, 5), fps, "NTCHW")


def test_complex_pixels() -> None:
    with pytest.raises(TypeError, match="'clip'"):
        check_video("clip", (1, 2, 3, 4, 5), 4, "NTCHW", kind="c")
