"""Comparing messages that hold files: by pixels and samples, not by bytes."""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np
from PIL import Image, ImageSequence


def assert_same_summary(ours: Any, theirs: Any) -> None:
    """Fail unless two Summaries are equal, their pictures pixel for pixel."""
    for one, other in zip(ours.value, theirs.value, strict=True):
        if one.HasField("image"):
            assert_same_pixels(one.image.encoded_image_string, other.image.encoded_image_string)
            other.image.encoded_image_string = one.image.encoded_image_string
        elif one.HasField("audio"):
            assert_same_sound(one.audio.encoded_audio_string, other.audio.encoded_audio_string)
            other.audio.encoded_audio_string = one.audio.encoded_audio_string
    assert ours == theirs


def pixels(picture: bytes) -> list[Any]:
    with Image.open(io.BytesIO(picture)) as opened:
        return [np.asarray(frame.convert("RGBA")) for frame in ImageSequence.Iterator(opened)]


def assert_same_pixels(ours: bytes, theirs: bytes) -> None:
    for one, other in zip(pixels(ours), pixels(theirs), strict=True):
        assert one.shape == other.shape
        np.testing.assert_array_equal(one, other)


def assert_same_sound(ours: bytes, theirs: bytes) -> None:
    """They may differ by two steps of 65,536: torch's scale is another, and it rounds towards zero."""
    with wave.open(io.BytesIO(ours)) as one, wave.open(io.BytesIO(theirs)) as other:
        assert one.getparams() == other.getparams()
        samples = [np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(int) for sound in (one, other)]
    assert np.abs(samples[0] - samples[1]).max() <= 2
