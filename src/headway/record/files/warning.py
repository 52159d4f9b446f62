"""How the recorder speaks: a warning that is seen, and that stops nothing whatever the filters say."""

from __future__ import annotations

import contextlib
import re
import sys
import warnings

from headway.errors import HeadwayWarning

_LONGEST = 2_000
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def warn(message: str) -> None:
    """Warn with `message`; where warnings are errors (`-W error`), print it on stderr instead.

    It may name a directory or tag of any length and content, so it is cut, and control characters are escaped.
    """
    if len(message) > _LONGEST:
        message = f"{message[: _LONGEST // 2]} ... {message[-_LONGEST // 2 :]}"
    message = _NOT_SHOWN.sub(lambda found: repr(found[0])[1:-1], message)
    try:
        warnings.warn(message, HeadwayWarning, stacklevel=2)
    except Exception:
        with contextlib.suppress(Exception):
            if sys.stderr is not None:
                print(f"HeadwayWarning: {message}", file=sys.stderr)
