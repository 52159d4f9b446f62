"""How the recorder speaks: a warning that is seen, and that stops nothing whatever the filters say."""

from __future__ import annotations

import contextlib
import sys
import warnings

from headway.errors import HeadwayWarning


def warn(message: str) -> None:
    """Warn with `message`; where warnings are errors (`-W error`), print it on stderr instead."""
    try:
        warnings.warn(message, HeadwayWarning, stacklevel=2)
    except Exception:
        with contextlib.suppress(Exception):
            if sys.stderr is not None:
                print(f"HeadwayWarning: {message}", file=sys.stderr)
