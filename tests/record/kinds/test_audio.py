from __future__ import annotations

import io
import math
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy
from tensorboardX import summary as tbx
from torch.utils.tensorboard import summary as tb

from headway.errors import ShapeError
from headway.record.kinds.audio import audio_value, check_audio, to_int16
from record.kinds.shown import parsed, tensors

Array = np.ndarray[Any, Any]


def samples(file: bytes) -> Array:
    """int16 [frames, channels], as libsndfile decodes it."""
    decoded: Array = soundfile.read(io.BytesIO(file), dtype="int16", always_2d=True)[0]
    return decoded


def heard(sound: Array, sample_rate: float = 44100) -> Array:
    check_audio("t", sound.shape, sample_rate, kind=sound.dtype.kind)
    return samples(parsed(audio_value("t", sound, sample_rate)).audio.encoded_audio_string)


def noise(*shape: int, dtype: Any = np.float32) -> Array:
    return np.random.default_rng(1).uniform(-1, 1, shape).astype(dtype)


@pytest.mark.parametrize("shape", [(1000,), (1000, 1), (1000, 2), (2, 2), (1, 2), (1, 1), (1,)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tensorboardxs_samples(shape: tuple[int, ...], dtype: type) -> None:
    sound = noise(*shape, dtype=dtype)
    ours, [theirs] = parsed(audio_value("t", sound, 16000)).audio, tbx.audio("t", sound, 16000).value
    np.testing.assert_array_equal(
        samples(ours.encoded_audio_string), samples(theirs.audio.encoded_audio_string), strict=True
    )
    for what in ("sample_rate", "num_channels", "length_frames", "content_type"):
        assert getattr(ours, what) == getattr(theirs.audio, what)


@pytest.mark.parametrize("shape", [(1000,), (1, 1000), (1000, 1), (1, 1, 1000), (1, 1000, 1)])
def test_torchs_shapes_and_its_samples_but_for_rounding(shape: tuple[int, ...]) -> None:
    sound = noise(*shape)
    ours, [theirs] = parsed(audio_value("t", sound, 22050)).audio, tb.audio("t", torch.from_numpy(sound), 22050).value
    mine, yours = samples(ours.encoded_audio_string), samples(theirs.audio.encoded_audio_string)
    assert mine.shape == yours.shape == (1000, 1)
    assert np.abs(mine.astype(int) - yours).max() <= 2  # theirs is times 32767, and cut off towards 0
    for what in ("sample_rate", "num_channels", "length_frames", "content_type"):
        assert getattr(ours, what) == getattr(theirs.audio, what)


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 32])
def test_tensorboard_plays_exactly_the_samples(tmp_path: Path, channels: int) -> None:
    sound = np.random.default_rng(1).integers(-32768, 32768, (300, channels), np.int16)
    [file] = tensors(tmp_path, [audio_value("a/b c", sound, 8000)])["a/b c"]
    with wave.open(io.BytesIO(file)) as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth(), wav.getnframes()) == (
            8000,
            channels,
            2,
            300,
        )
        assert wav.readframes(300) == sound.tobytes()


def test_sixteen_bits_stay_as_they_are() -> None:
    sound = np.array([-32768, -1, 0, 1, 32767], np.int16)
    assert heard(sound)[:, 0].tolist() == sound.tolist()
    theirs = samples(tbx.audio("t", sound).value[0].audio.encoded_audio_string)
    assert theirs[:, 0].tolist() == [-1, -1, 0, 1, 1]  # clipped as if they were floats


def test_what_other_recordings_come_in() -> None:
    assert to_int16(np.array([0, 128, 255], np.uint8)).tolist() == [-32768, 0, 32512]
    assert to_int16(np.array([-(1 << 31), -1, 65536, (1 << 31) - 1], np.int32)).tolist() == [-32768, -1, 1, 32767]


def test_plain_numbers() -> None:
    for dtype in (np.int64, np.int8, np.float16):
        assert to_int16(np.array([-1, 0, 1, 2], dtype)).tolist() == [-32768, 0, 32767, 32767]
    assert to_int16(np.array([False, True])).tolist() == [0, 32767]


def test_sixteen_bits_survive_being_floats() -> None:
    every = np.arange(-32768, 32768, dtype=np.int16)
    for floats in (every / np.float32(32768), every / np.float64(32768)):
        assert (to_int16(floats) == every).all()
        theirs = tb.audio("t", floats).value[0].audio.encoded_audio_string
        assert (samples(theirs)[:, 0] != every).any()


@given(st_numpy.arrays(st.sampled_from([np.float16, np.float32, np.float64]), 5))
def test_any_float_is_clipped(sound: Array) -> None:
    expected = [
        0 if value != value else math.floor(min(max(value * 32768, -32768), 32767))
        for value in sound.astype(np.float64).tolist()
    ]
    assert to_int16(sound).tolist() == expected


def test_the_callers_array_is_left_alone() -> None:
    sound = np.array([0.5, np.nan, 3.0])
    before = sound.copy()
    to_int16(sound)
    np.testing.assert_array_equal(sound, before)


def test_channels_that_are_a_view() -> None:
    sound = np.random.default_rng(1).integers(-9, 9, (2, 50), np.int16)
    assert (heard(sound.T) == sound.T).all()


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((), r"'bell'.*not \(\)"),
        ((0,), r"shape \(0,\) has no samples"),
        ((5, 0), "no samples"),
        ((2, 3, 4), r"\[frames\] or \[frames, channels\], not \(2, 3, 4\)"),
        ((2, 44100), r"44100 channels of 2 frames: transpose it"),
        ((2, 3), "transpose"),
        ((40000, 40000), "transpose"),
        ((1 << 31,), "longer than a WAV file"),
    ],
)
def test_shapes_that_are_no_sound(shape: tuple[int, ...], said: str) -> None:
    for error in (ShapeError, ValueError, AssertionError):
        with pytest.raises(error, match=said):
            check_audio("bell", shape)


@pytest.mark.parametrize("rate", [0, -1, 0.4, float("nan"), float("inf"), 1 << 32, "44100", None])
def test_rates_that_cannot_be(rate: Any) -> None:
    with pytest.raises(ValueError, match="'bell': sample_rate must be frames a second, 1 to "):
        check_audio("bell", (10,), rate)


def test_other_arguments() -> None:
    check_audio("bell", (10, 2), 44100.0)
    check_audio("bell", (10,), np.int64(8000))  # type: ignore[arg-type]
    assert parsed(audio_value("bell", noise(10), 11025.4)).audio.sample_rate == 11025
    with pytest.raises(TypeError, match=r"'bell'.*kind 'c'"):
        check_audio("bell", (10,), kind="c")
