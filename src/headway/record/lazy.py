"""Packages that only some methods need, imported when they are called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from headway.errors import HeadwayImportError


def need(module: str, package: str, purpose: str) -> Any:
    """Return `module`.

    Raises:
        HeadwayImportError: it cannot be imported; the message says that `package` is what `purpose` needs.

    """
    try:
        return import_module(module)
    except ImportError as error:
        raise HeadwayImportError(f"{purpose} need {package}: pip install {package} ({error})") from error
