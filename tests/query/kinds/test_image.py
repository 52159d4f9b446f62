from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as Pillow
from tensorboard.compat.proto.summary_pb2 import Summary

import headway
from headway.query.kinds import Images, decode, media_type, plain
from headway.record.kinds.video import video_value
from query.kinds.samples import strings, value

PIXELS = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)


def read(content: bytes) -> Images:
    found = decode("images", content)
    assert isinstance(found, Images)
    return found


def file(form: str) -> bytes:
    made = io.BytesIO()
    Pillow.fromarray(PIXELS).save(made, form)
    return made.getvalue()


def test_the_old_form_with_headways_caption() -> None:
    found = read(headway.Image(PIXELS, caption="a 猫").encode("p")[0])
    assert (found.width, found.height, found.captions) == (7, 5, ("a 猫",))
    np.testing.assert_array_equal(np.asarray(Pillow.open(io.BytesIO(found.pictures[0]))), PIXELS)


def test_the_old_form_of_others() -> None:
    image = Summary.Image(height=5, width=7, colorspace=3, encoded_image_string=file("JPEG"))
    assert read(Summary.Value(tag="p", image=image).SerializeToString()) == Images(7, 5, (file("JPEG"),), ("",))


def test_the_new_form_has_several() -> None:
    found = read(value("images", strings(b"7", b"5", b"one", b"two"), b"\x10\x01"))
    assert found == Images(7, 5, (b"one", b"two"), ("", ""))
    assert read(value("images", strings(b"7", b"5"))) == Images(7, 5, (), ())
    assert read(value("images", np.zeros(0, object))) == Images(0, 0, (), ())


def test_rows_of_a_higher_rank_may_begin_with_the_size() -> None:
    rows = np.array([[b"7", b"5", b"one"], [b"7", b"5", b"two"]], object)
    assert read(value("images", rows)).pictures == (b"one", b"two")
    rows = np.array([[b"7", b"5", b"one"], [b"two", b"three", b"four"]], object)
    assert read(value("images", rows)).pictures == (b"one", b"two", b"three", b"four")


def test_a_size_that_is_none_is_not_told() -> None:
    assert read(value("images", strings(b"wide", b"", b"one"))) == Images(0, 0, (b"one",), ("",))


def test_a_tables_pictures_with_captions() -> None:
    table = headway.Table(["x"], [[headway.Image(PIXELS, caption="first")], [headway.Image(PIXELS[:2])]])
    found = read(table.encode("t")[1])
    assert (found.width, found.height, found.captions) == (7, 5, ("first", ""))
    assert [Pillow.open(io.BytesIO(picture)).size for picture in found.pictures] == [(7, 5), (7, 2)]


def test_a_video_is_a_gif() -> None:
    found = read(video_value("v", np.zeros((1, 3, 3, 4, 6), np.uint8)))
    assert media_type(found.pictures[0]) == "image/gif"
    assert (found.width, found.height) == (6, 4)


def test_numbers_are_no_pictures() -> None:
    with pytest.raises(ValueError, match="images at 'a tag': a tensor of strings is expected, not of float64"):
        read(value("images", np.zeros(3)))


def test_plain_tells_what_they_are_and_not_what_they_claim() -> None:
    page = b"<html><script>alert(1)</script>"
    told = plain(read(value("images", strings(b"7", b"5", file("PNG"), page))))
    assert told == {
        "kind": "images",
        "width": 7,
        "height": 5,
        "count": 2,
        "captions": ["", ""],
        "pictures": [
            {"media_type": "image/png", "bytes": len(file("PNG"))},
            {"media_type": "application/octet-stream", "bytes": len(page)},
        ],
    }
