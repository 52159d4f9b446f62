from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from PIL import Image as Pillow
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.util.tensor_util import make_ndarray

from headway.errors import HeadwayImportError, ShapeError
from headway.events.messages import HEADWAY_FIELD
from headway.events.wire import fields
from headway.record.kinds.image import png
from headway.record.values import Audio, Histogram, Html, Image, Mesh, Text, Value, Video
from record.kinds.shown import html, parsed, pixels, tensors

Array = np.ndarray[Any, Any]


def noise(*shape: int) -> Array:
    return np.random.default_rng(1).integers(0, 256, shape, np.uint8)


def seen(image: Image) -> Array:
    [value] = image.encode("t")
    shown = parsed(value).image
    array = pixels(shown.encoded_image_string)
    assert (shown.height, shown.width) == array.shape[:2]
    return array


def told(value: bytes) -> Any:
    """What headway's readers are told."""
    [field] = [
        bytes(told) for number, _, told in fields(value) if number == HEADWAY_FIELD and not isinstance(told, int)
    ]
    return json.loads(field)


# ---- all of them


def every_kind(array: Callable[[Array], Any]) -> list[tuple[Value, list[Any]]]:
    """One value of each kind that takes an array, with the arrays it was made from."""
    image, sound, clip = array(noise(8, 9, 3)), array(noise(50).astype(np.float32)), array(noise(2, 3, 4, 5))
    values = array(np.arange(5.0))
    mesh = [array(np.random.default_rng(i).random((4, 3))) for i in range(2)]
    return [
        (Image(image), [image]),
        (Audio(sound), [sound]),
        (Video(clip), [clip]),
        (Histogram(values), [values]),
        (Mesh(*mesh), mesh),
    ]


@pytest.mark.parametrize("array", [np.array, torch.tensor], ids=["numpy", "torch"])
def test_later_changes_of_an_array_change_nothing(array: Callable[[Array], Any]) -> None:
    for (value, sources), (untouched, _) in zip(every_kind(array), every_kind(array), strict=True):
        for source in sources:
            source[:] = 0
        assert value.encode("t") == untouched.encode("t")
        assert value.encode("t") == value.encode("t")  # as often as one likes
        assert value.nbytes == sum(source.nbytes for source in sources)
        assert value.frozen() is value


@pytest.mark.parametrize("kind", [Image, Audio, Video, Histogram, Mesh])
def test_what_holds_no_numbers_is_refused_at_once(kind: Any) -> None:
    for wrong in (None, object(), {"a": 1}, [["a"]]):
        with pytest.raises(TypeError, match=f"headway.{kind.__name__}"):
            kind(wrong)


# ---- Image


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((5, 7), "HW"),
        ((5, 7, 3), "HWC"),
        ((5, 7, 1), "HWC"),
        ((3, 5, 7), "CHW"),
        ((4, 5, 7), "CHW"),
        ((3, 4, 3), "HWC"),
        ((1, 5, 3), "HWC"),
        ((2, 5, 7, 4), "NHWC"),
        ((2, 3, 5, 7), "NCHW"),
    ],
)
def test_layouts_that_are_guessed(shape: tuple[int, ...], expected: str) -> None:
    array = noise(*shape)
    assert Image(array).encode("t") == Image(array, expected).encode("t")
    assert Image(array.tolist()).encode("t") == Image(array.astype(int)).encode("t")


def test_a_layout_that_is_told() -> None:
    array = noise(3, 4, 3)
    assert (seen(Image(array, "chw")) == array.transpose(1, 2, 0)).all()


@pytest.mark.parametrize("shape", [(5,), (2, 5, 7), (5, 7, 2), (1, 1, 1, 1, 1), (), (0, 5, 3)])
def test_shapes_that_are_no_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"headway\.Image"):
        Image(noise(*shape))


def test_captions() -> None:
    [value] = Image(noise(5, 5), caption="eine Wölfin 🐺").encode("t")
    assert told(value) == {"kind": "image", "caption": "eine Wölfin 🐺"}
    [value] = Audio([0.0], caption="silence").encode("t")
    assert told(value) == {"kind": "audio", "caption": "silence"}
    assert [number for number, _, _ in fields(Image(noise(5, 5)).encode("t")[0])] == [1, 4]
    for kind in (Image, Audio):
        with pytest.raises(TypeError, match="caption must be a str, not int"):
            kind(noise(5, 5), caption=3)  # type: ignore[arg-type]


def test_captions_do_not_disturb_tensorboard(tmp_path: Path) -> None:
    array = noise(5, 7, 3)
    [width, height, file] = tensors(tmp_path, Image(array, caption="what is it?").encode("t"))["t"]
    assert (width, height) == (b"7", b"5")
    assert (pixels(file) == array).all()


@pytest.mark.parametrize(
    ("mode", "shape"), [("L", (5, 7)), ("RGB", (5, 7, 3)), ("RGBA", (5, 7, 4))], ids=lambda value: str(value)
)
def test_images_of_pillow(mode: str, shape: tuple[int, ...]) -> None:
    array = noise(*shape)
    image = Pillow.fromarray(array)
    assert image.mode == mode
    taken = Image(image)
    image.paste(0, (0, 0, 7, 5))
    assert (seen(taken) == (array if array.ndim == 3 else array[..., None])).all()


def test_images_of_pillow_in_other_modes() -> None:
    colours = Pillow.fromarray(noise(5, 7, 3) // 64 * 64)
    for mode in ("P", "CMYK", "YCbCr", "HSV"):
        other = colours.convert(mode)
        assert (seen(Image(other)) == np.asarray(other.convert("RGB"))).all()
    grey = colours.convert("LA")
    assert (seen(Image(grey)) == np.asarray(grey.convert("RGBA"))).all()
    mask = Pillow.fromarray(np.array([[True, False]]))
    assert mask.mode == "1"
    assert seen(Image(mask))[..., 0].tolist() == [[255, 0]]
    deep = Pillow.fromarray(np.array([[0, 255, 256, 65535]], np.uint16))
    assert deep.mode.startswith("I;16")
    assert seen(Image(deep))[..., 0].tolist() == [[0, 0, 1, 255]]
    floats = Pillow.fromarray(np.array([[0, 0.5, 2]], np.float32))
    assert seen(Image(floats))[..., 0].tolist() == [[0, 127, 255]]


def test_figures() -> None:
    figure = Figure(figsize=(2, 1))
    axes = figure.add_subplot()
    axes.plot([1, 2])
    image = Image(figure)
    before = seen(image)
    assert before.shape == (100, 200, 3)
    axes.plot([2, 1])
    assert (seen(image) == before).all()
    assert (seen(Image(figure)) != before).any()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF"])
def test_files_that_browsers_show_are_logged_as_they_are(tmp_path: Path, form: str) -> None:
    path = tmp_path / "picture"
    Pillow.fromarray(noise(5, 7, 3)).save(path, form)
    for source in (path, str(path)):
        image = Image(source, caption="c")
        [value] = image.encode("t")
        assert parsed(value).image.encoded_image_string == path.read_bytes()
        assert (parsed(value).image.height, parsed(value).image.width) == (5, 7)
        assert image.nbytes == path.stat().st_size


def test_other_files(tmp_path: Path) -> None:
    array = noise(5, 7, 3)
    Pillow.fromarray(array).save(tmp_path / "a.bmp")
    [value] = Image(tmp_path / "a.bmp").encode("t")
    file = parsed(value).image.encoded_image_string
    assert file.startswith(b"\x89PNG")
    assert (pixels(file) == array).all()


def test_files_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Image(tmp_path / "missing.png")
    (tmp_path / "text.png").write_text("hello")
    with pytest.raises(ValueError, match=r"text\.png is no picture"):
        Image(tmp_path / "text.png")
    whole = png(noise(50, 50, 3))
    (tmp_path / "bad.png").write_bytes(whole[:500] + b"?" + whole[501:])
    with pytest.raises(ValueError, match=r"bad\.png is a damaged picture"):
        Image(tmp_path / "bad.png")
    file = io.BytesIO()
    Pillow.fromarray(noise(50, 50, 3)).save(file, "TIFF")
    (tmp_path / "half.tiff").write_bytes(file.getvalue()[:4000])
    with pytest.raises(ValueError, match=r"half\.tiff is (no|a damaged) picture"):
        Image(tmp_path / "half.tiff")
    (tmp_path / "good.png").write_bytes(whole)
    for source in (tmp_path / "good.png", Pillow.fromarray(noise(5, 5)), Figure()):
        with pytest.raises(ValueError, match="dataformats='CHW' is for arrays"):
            Image(source, "CHW")


# ---- the others


def test_sounds(tmp_path: Path) -> None:
    [file] = tensors(tmp_path, Audio(np.zeros((10, 2)), 8000).encode("s"))["s"]
    assert file.startswith(b"RIFF")
    with pytest.raises(ShapeError, match=r"headway\.Audio"):
        Audio(np.zeros((2, 3, 4)))
    with pytest.raises(ValueError, match="sample_rate"):
        Audio(np.zeros(3), 0)


def test_videos() -> None:
    clip = noise(3, 1, 4, 5)
    for frames, layout in ((clip, "TCHW"), (clip[None], "NTCHW"), (clip.transpose(0, 2, 3, 1), "thwc")):
        [value] = Video(frames, 10, layout).encode("v")
        assert value == Video(clip, 10).encode("v")[0]
        with Pillow.open(io.BytesIO(parsed(value).image.encoded_image_string)) as gif:
            assert (gif.n_frames, gif.info["duration"]) == (3, 100)  # type: ignore[attr-defined]
    with pytest.raises(ShapeError, match=r"headway\.Video"):
        Video(clip[None])
    with pytest.raises(ValueError, match="fps"):
        Video(clip, -1)


def test_texts(tmp_path: Path) -> None:
    assert tensors(tmp_path, Text("**bold** ü").encode("a b"))["a b"].item().decode() == "**bold** ü"
    for kind in (Text, Html):
        with pytest.raises(TypeError, match="must be a str, not int"):
            kind(3)  # type: ignore[arg-type]


def test_html_is_shown_without_what_is_dangerous(tmp_path: Path) -> None:
    page = "<h2>Title</h2><table><tr><td>cell</td></tr></table><script>alert(1)</script><p onclick='x()'>end</p>"
    [value] = Html(page).encode("page")
    assert told(value) == {"kind": "html"}
    shown = html(tensors(tmp_path, [value])["page"])
    assert "<h2>Title</h2>" in shown
    assert "<td>cell</td>" in shown
    assert "<script" not in shown
    assert "onclick" not in shown


@pytest.mark.parametrize("bins", ["tensorflow", "auto", 7, [0.0, 1.5, 4.0]])
def test_histograms(bins: Any) -> None:
    [value] = Histogram(torch.arange(5, dtype=torch.bfloat16), bins).encode("h")
    assert (parsed(value).histo.num, parsed(value).histo.sum) == (5, 10)
    with pytest.raises(ValueError, match=r"headway\.Histogram"):
        Histogram([])
    with pytest.raises(ValueError, match="bins"):
        Histogram([1.0], "no rule")


def test_edges_of_bins_are_copied() -> None:
    edges = [0.0, 1.0, 9.0]
    histogram = Histogram([0.5, 2.0], edges)
    before = histogram.encode("h")
    edges[1] = 5.0
    assert histogram.encode("h") == before


@pytest.mark.parametrize("batch", [False, True])
def test_meshes(batch: bool) -> None:
    vertices, colors, faces = noise(4, 3), noise(4, 3), noise(2, 3)
    arrays = [part[None] if batch else part for part in (vertices, colors, faces)]
    values = {
        read.tag: make_ndarray(read.tensor) for read in map(Summary.Value.FromString, Mesh(*arrays).encode("m"))
    }
    assert set(values) == {"m_VERTEX", "m_COLOR", "m_FACE"}
    np.testing.assert_array_equal(values["m_VERTEX"], vertices[None])
    np.testing.assert_array_equal(values["m_COLOR"], colors[None])
    np.testing.assert_array_equal(values["m_FACE"], faces[None])
    assert len(Mesh(vertices).encode("m")) == 1
    with pytest.raises(ShapeError, match=r"headway\.Mesh"):
        Mesh(vertices, colors[:2])


def test_a_video_without_pillow_says_so_when_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    with pytest.raises(HeadwayImportError, match="pip install pillow"):
        Video(np.zeros((2, 3, 4, 4)))
