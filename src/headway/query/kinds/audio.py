"""Sounds.

Old: Summary.Audio  sample_rate=1 float · encoded_audio_string=4 · content_type=5
New: a tensor of strings [clips, 2]: the file, and a label in Markdown; or [clips], without labels.

headway's own: {"kind": "audio", "caption": ...}
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import unpack_from

from headway.query.kinds.media_type import UNKNOWN, media_type
from headway.query.kinds.message import Message, text_of
from headway.query.kinds.summary import Summary
from headway.query.kinds.tensor import strings_of

OLD = 6
_SAID = {"audio/aac", "audio/mp4", "audio/webm", "audio/opus", "audio/x-aiff", "audio/aiff"}
"""What `media_type` cannot tell, and a browser may be handed as what the log says it is."""


@dataclass(frozen=True, slots=True)
class Audio:
    """Sounds of one tag and step, as the files that were logged."""

    clips: tuple[bytes, ...]
    content_type: str
    """Of the first one, by its bytes."""
    sample_rate: float | None
    """Of the first one, frames a second."""
    labels: tuple[str, ...]
    """One a clip, Markdown; empty where there is none."""


def audio(summary: Summary) -> Audio:
    """Read sounds of either form.

    Raises:
        ValueError: malformed; a tensor of another form.

    """
    if not summary.message.has(OLD):
        return _new(summary)
    message = Message(summary.message.data(OLD))
    clip = bytes(message.data(4))
    caption = summary.told.get("caption") if summary.told.get("kind") == "audio" else None
    rate = message.number(1)
    return Audio(
        (clip,),
        _content_type(clip, message.text(5)),
        rate if 0 < rate < float("inf") else _wav_rate(clip),
        (caption if isinstance(caption, str) else "",),
    )


def _new(summary: Summary) -> Audio:
    array = strings_of(summary.tensor())
    if not array.size:
        return Audio((), UNKNOWN, None, ())
    if array.ndim > 2 or (array.ndim == 2 and array.shape[1] > 2):
        raise ValueError(f"sounds are a tensor [clips, 2], not {list(array.shape)}")
    rows = array.reshape(len(array), -1).tolist() if array.ndim else [[array.item()]]
    clips = tuple(row[0] for row in rows)
    labels = tuple(text_of(row[1]) if len(row) > 1 else "" for row in rows)
    return Audio(clips, _content_type(clips[0]), _wav_rate(clips[0]), labels)


def _content_type(clip: bytes, said: str = "") -> str:
    found = media_type(clip)
    if found.startswith("audio/"):
        return found
    return said if said in _SAID else UNKNOWN


def _wav_rate(clip: bytes) -> float | None:
    """Return the frames a second that the first chunk of a WAV file tells."""
    if clip[:4] != b"RIFF" or clip[8:16] != b"WAVEfmt " or len(clip) < 28:
        return None
    rate: int = unpack_from("<I", clip, 24)[0]
    return float(rate) or None
