"""Sounds: samples as a WAV file of 16 bits in Summary.Audio.

    Summary.Audio  sample_rate=1 float · num_channels=2 · length_frames=3 · encoded_audio_string=4 · content_type=5

A frame is one sample of every channel.
"""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Sequence
from struct import pack
from typing import Any

import numpy as np

from headway.errors import ShapeError
from headway.events.messages import summary_value
from headway.events.wire import FIXED32, key, message, number_field, string_field

Array = np.ndarray[Any, Any]

_STEPS = 32768
_SAMPLE = 2
"""Bytes."""
_MOST_CHANNELS = 0xFFFF // _SAMPLE
_LARGEST_FILE = (1 << 32) - 1
"""Bytes; a WAV file gives its length in 32 bits."""


def check_audio(tag: str, shape: Sequence[int], sample_rate: float = 44100, *, kind: str = "f") -> None:
    """Check what `audio_value` will be given.

    Args:
        tag: named in errors.
        shape: of the sound.
        sample_rate: frames a second.
        kind: of the samples' type, as `numpy.dtype.kind`.

    Raises:
        TypeError: samples that are complex; a rate that is no number.
        ShapeError: neither [frames] nor [frames, channels]; nothing to hear; more than a WAV file holds.
        ValueError: a rate that no WAV file can say.

    """
    if kind not in "biuf":
        raise TypeError(f"{tag!r}: samples are floats or integers, not of kind {kind!r}")
    if math.prod(shape) == 0:
        raise ShapeError(f"{tag!r}: a sound of shape {tuple(shape)} has no samples")
    frames, channels = _frames_and_channels(tag, shape)
    if frames * channels * _SAMPLE > _LARGEST_FILE - 36:
        raise ShapeError(f"{tag!r}: a sound of shape {tuple(shape)} is longer than a WAV file can be, 4 GiB")
    highest = _LARGEST_FILE // (channels * _SAMPLE)
    try:
        fits = 1 <= round(sample_rate) <= highest
    except (TypeError, OverflowError, ValueError):
        fits = False
    if not fits:
        raise ValueError(f"{tag!r}: sample_rate must be frames a second, 1 to {highest}, not {sample_rate!r}")


def audio_value(tag: str, sound: Array, sample_rate: float = 44100) -> bytes:
    """Return the Summary.Value of a sound.

    Args:
        tag: as it is to be written.
        sound: [frames] or [frames, channels]; [1, frames] is one channel too. See `to_int16` for its values.
        sample_rate: frames a second; a WAV file says it in whole numbers.

    """
    frames, channels = _frames_and_channels(tag, sound.shape)
    rate = round(sample_rate)
    samples = to_int16(sound).reshape(frames, channels)
    about = key(1, FIXED32) + pack("<f", rate) + number_field(2, channels) + number_field(3, frames)
    return summary_value(tag, message(6, about + message(4, wav(samples, rate)) + string_field(5, "audio/wav")))


def to_int16(sound: Array) -> Array:
    """Return samples as int16, of the same shape.

    Floats are in [-1, 1]: times 32768 and cut off downwards, as libsndfile does it (and by it tensorboardX), so that
    what came from 16 bits is the same again. What lies beyond is clipped, NaN is silence. Integers that recordings
    come in are taken as such: int16 as it is, uint8 around 128, of int32 the upper half. Others, and bools, are
    numbers in [-1, 1] like floats.
    """
    if sound.dtype == np.int16:
        return sound
    if sound.dtype == np.uint8:
        return (sound.astype(np.int16) - np.int16(128)) * np.int16(256)
    if sound.dtype == np.int32:
        return (sound >> np.int32(16)).astype(np.int16)
    wide = np.float64 if sound.dtype.itemsize > 4 else np.float32
    steps = np.floor(np.clip(sound.astype(wide), -1, 1) * _STEPS)
    steps[np.isnan(steps)] = 0
    highest: Array = np.minimum(steps, _STEPS - 1)
    return highest.astype(np.int16)


def wav(samples: Array, rate: int) -> bytes:
    """Return int16 [frames, channels] as a WAV file; `rate` is frames a second."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(samples.shape[1])
        writer.setsampwidth(_SAMPLE)
        writer.setframerate(rate)
        writer.writeframes(np.ascontiguousarray(samples, "<i2").data)
    return file.getvalue()


def _frames_and_channels(tag: str, shape: Sequence[int]) -> tuple[int, int]:
    """Return how many there are; sizes of 1 around a single long axis mean nothing, as in torch."""
    if len(shape) == 1 or (len(shape) > 2 and math.prod(shape) == max(shape)):
        return max(shape), 1
    if len(shape) != 2:
        raise ShapeError(f"{tag!r}: a sound has shape [frames] or [frames, channels], not {tuple(shape)}")
    frames, channels = shape
    if frames == 1 and channels > 2:
        return channels, 1
    if channels > min(max(frames, 2), _MOST_CHANNELS):
        raise ShapeError(
            f"{tag!r}: a sound has shape [frames, channels]; {tuple(shape)} would be {channels} channels of {frames} "
            "frames: transpose it"
        )
    return frames, channels
