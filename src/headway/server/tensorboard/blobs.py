"""`/data/plugin/images` and `/data/plugin/audio`: lists of pictures and clips, and each by its key."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from headway.server.contents import Contents
from headway.server.media import bytes_answer, items_of, shown_as
from headway.server.tensorboard.answer import answered, invalid, not_found, streamed
from headway.server.tensorboard.tags import DescribedTags, items

if TYPE_CHECKING:
    from headway.server.served import Served

IMAGES, AUDIO = "images", "audio"


class Key(NamedTuple):
    """What a `blob_key` says: which item of which entry."""

    run: str
    tag: str
    entry: str
    """Its key, see `Contents.keys`."""
    item: int

    def written(self) -> str:
        """Return it as it stands in an address."""
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


def read_key(text: str) -> Key:
    """Undo `Key.written`; ValueError when it is no key."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Key)
    except (binascii.Error, msgspec.MsgspecError, UnicodeError) as error:
        raise ValueError(f"failed to parse blob key: {error}") from None


class Blobs:
    """Answers of one kind, images or audio, from one log directory."""

    def __init__(self, served: Served, kind: str) -> None:
        self._served = served
        self._tags = DescribedTags(served, kind)
        self._kind = kind
        self._word = "image" if kind == IMAGES else "audio"

    def tags(self, _: Request) -> Response:
        """Run → tag → `{displayName, description, samples}`; `samples`: how many an entry has at most."""
        return answered(self._tags.all())

    def list(self, request: Request) -> Response:
        """`[{wall_time, step, query}, …]` of the `sample`-th picture or clip of each entry that has so many."""
        query = request.query_params
        tag, run, sample = query.get("tag"), query.get("run"), query.get("sample", "0")
        if not sample.isascii() or not sample.isdigit() or len(sample) > 9:
            return invalid(f"sample must be a number from 0: {sample[:100]!r}")
        contents = Contents(self._served, run or "", tag or "", self._kind, current=True)
        if not contents:
            return not_found(f"No {self._word} data for run={run!r}, tag={tag!r}")
        return streamed(self._rows(contents, int(sample)))

    def one(self, request: Request) -> Response:
        """The bytes of a picture or clip, by the `blob_key` that `list` gave."""
        if "blob_key" not in request.query_params:
            return invalid("blob_key must be specified")
        try:
            key = read_key(request.query_params["blob_key"])
        except ValueError as error:
            return invalid(str(error))
        contents = Contents(self._served, key.run, key.tag, self._kind)
        i = contents.find(key.entry)
        if i is None:
            return not_found(f"No {self._word} data for run={key.run!r}, tag={key.tag!r}")
        found = items_of(contents.value(i))
        if not 0 <= key.item < len(found):
            return not_found(f"No {self._word} {key.item} for run={key.run!r}, tag={key.tag!r}")
        return bytes_answer(request, found[key.item], f"{key.entry}-{key.item}", immutable=True)

    def _rows(self, contents: Contents, sample: int) -> Iterator[bytes]:
        before = b"["
        keys = contents.keys()
        heard = shown_as(next(iter(items_of(contents.readable(0))), b"")) if self._kind == AUDIO else ""
        for i, wall, step in contents.rows():
            if items(self._served.index, *contents.place(i), self._kind) > sample:
                key = Key(contents.run, contents.tag, keys[i], sample).written()
                query = {"blob_key": key} | ({"content_type": heard} if heard else {})
                row = {"wall_time": wall, "step": step, "query": urlencode(query)}
                yield before + msgspec.json.encode(row | ({"label": "", "contentType": heard} if heard else {}))
                before = b","
        yield b"[]" if before == b"[" else b"]"
