from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboardX.summary import audio as tensorboardx_audio

import headway
from headway.query.kinds import Audio, decode, plain
from query.kinds.samples import value

SOUND = np.sin(np.arange(4000) / 20)


def read(content: bytes) -> Audio:
    found = decode("audio", content)
    assert isinstance(found, Audio)
    return found


def clip(form: str = "WAV", rate: int = 16000) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, SOUND, rate, format=form)
    return file.getvalue()


def test_the_old_form_with_headways_caption() -> None:
    found = read(headway.Audio(SOUND, 8000, caption="a beep").encode("s")[0])
    assert (found.content_type, found.sample_rate, found.labels) == ("audio/wav", 8000, ("a beep",))
    samples, rate = soundfile.read(io.BytesIO(found.clips[0]))
    assert rate == 8000
    np.testing.assert_allclose(samples, SOUND, atol=1e-4)


def test_the_old_form_of_tensorboardx() -> None:
    value = tensorboardx_audio("s", SOUND[:, None], 44100).value[0]
    assert read(value.SerializeToString()) == Audio((value.audio.encoded_audio_string,), "audio/wav", 44100, ("",))


def test_the_new_form_has_clips_and_labels() -> None:
    clips = np.array([[clip(rate=22050), b"*one*"], [clip("FLAC"), b"\xff"]], object)
    found = read(value("audio", clips, b"\x10\x0b"))
    assert (found.content_type, found.sample_rate, found.labels) == ("audio/wav", 22050, ("*one*", "\ufffd"))
    assert found.clips == (clip(rate=22050), clip("FLAC"))


def test_the_new_form_without_labels() -> None:
    ogg = clip("OGG")  # each is another
    assert read(value("audio", np.array([ogg], object))) == Audio((ogg,), "audio/ogg", None, ("",))
    assert read(value("audio", np.zeros((0, 2), object))).clips == ()


def test_what_a_log_says_of_a_clip_is_believed_only_where_that_does_no_harm() -> None:
    for said, believed in (("text/html", "application/octet-stream"), ("audio/aac", "audio/aac")):
        audio = Summary.Audio(sample_rate=float("nan"), encoded_audio_string=b"<html>", content_type=said)
        found = read(Summary.Value(tag="s", audio=audio).SerializeToString())
        assert (found.content_type, found.sample_rate) == (believed, None)
    audio = Summary.Audio(encoded_audio_string=clip("FLAC"), content_type="audio/wav")
    assert read(Summary.Value(tag="s", audio=audio).SerializeToString()).content_type == "audio/flac"


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"sounds are a tensor \[clips, 2\], not \[1, 3\]"):
        read(value("audio", np.array([[b"a", b"b", b"c"]], object)))


def test_plain_has_no_bytes() -> None:
    told = plain(read(value("audio", np.array([[clip(), b"x"]], object))))
    assert told["clips"] == [{"media_type": "audio/wav", "bytes": len(clip())}]
    assert (told["kind"], told["count"], told["labels"]) == ("audio", 1, ["x"])
