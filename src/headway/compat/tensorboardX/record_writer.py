"""Files of records, and where they may lie."""

from __future__ import annotations

import re

from headway.events.crc import masked as masked_crc32c
from headway.record.record_writer import RecordWriter
from headway.record.remote.destination import FACTORIES as REGISTERED_FACTORIES
from headway.record.remote.destination import register_writer_factory

__all__ = ["REGISTERED_FACTORIES", "RecordWriter", "make_valid_tf_name", "masked_crc32c", "register_writer_factory"]

_VALID_START = re.compile(r"[A-Za-z0-9.]")
_VALID_PART = re.compile(r"[A-Za-z0-9_.\-/]+")


def make_valid_tf_name(name: str) -> str:
    """Return a name that TensorFlow accepts: other characters become "_", and a bad first one stands behind a "."."""
    if not _VALID_START.match(name):
        name = "." + name
    return "_".join(_VALID_PART.findall(name))
