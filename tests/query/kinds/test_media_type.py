from __future__ import annotations

import io
import time

import numpy as np
import pytest
import soundfile
from PIL import Image

from headway.query.kinds import media_type


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WebP", "BMP"])
def test_pictures(form: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 3)).save(file, form)
    assert media_type(file.getvalue()) == f"image/{form.lower()}"


@pytest.mark.parametrize(("form", "named"), [("WAV", "wav"), ("FLAC", "flac"), ("OGG", "ogg"), ("MP3", "mpeg")])
def test_sounds(form: str, named: str) -> None:
    file = io.BytesIO()
    soundfile.write(file, np.zeros(4000), 16000, format=form)
    assert media_type(file.getvalue()) == f"audio/{named}"


@pytest.mark.parametrize(
    "text",
    [
        "<svg></svg>",
        "  \n<svg xmlns='http://www.w3.org/2000/svg'/>",
        '\ufeff<?xml version="1.0"?>\n<!-- drawn by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<svg>',
    ],
)
def test_svg(text: str) -> None:
    assert media_type(text.encode()) == "image/svg+xml"


@pytest.mark.parametrize(
    "file",
    [b"", b"\xff", b"RIFF", b"RIFF1234", b"hi", b"<svgs>", b"<html><svg></svg>", b"<!DOCTYPE html><svg>", b"%PDF-1"],
)
def test_anything_else_is_bytes(file: bytes) -> None:
    assert media_type(file) == "application/octet-stream"


def test_a_hostile_head_takes_no_time() -> None:
    begin = time.perf_counter()
    for hostile in (b"<!--" * 5000, b" " * 100_000, b"<?xml " * 5000, b"<!DOCTYPE svg " * 2000, b" <!---->" * 2000):
        assert media_type(hostile) == "application/octet-stream"
    assert time.perf_counter() - begin < 1
