from __future__ import annotations

import pytest
from tensorboard.compat.proto.event_pb2 import LogMessage as Proto

from headway.query.kinds import LogMessage, decode, plain


@pytest.mark.parametrize("level", Proto.Level.keys())
def test_levels(level: str) -> None:
    content = Proto(level=Proto.Level.Value(level), message="héllo").SerializeToString()
    assert decode("log_message", content) == LogMessage(level.lower(), "héllo")


def test_an_unknown_level_is_a_number() -> None:
    found = decode("log_message", Proto(level=7, message="x").SerializeToString())
    assert plain(found) == {"kind": "log_message", "level": "7", "message": "x"}
