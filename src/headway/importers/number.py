"""Numbers as texts show them."""

from __future__ import annotations

import re

_WORD = r"(?:[Nn][Aa][Nn]|[Ii]nf(?:inity)?|INF(?:INITY)?)(?!(?!ms\b)\w)"
PLAIN = rf"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|{_WORD})"
"""A number, for use in regular expressions."""
_WRAPPED = re.compile(
    rf"(?:np|numpy|torch|jnp)?\.?(?:float|int|uint|bfloat|double|half|tensor|array|Array)\d*\(\s*(?P<number>{PLAIN})\s*"
    r"(?:,[^()]*)?\)",
    re.ASCII,
)
"""As `repr` of numpy and torch shows one: np.float64(0.5), tensor(0.5, device='cuda:0')."""
_LONGEST = 400
_DIGITS = 20


def number_of(text: str) -> float | int | None:
    """Return the number that `text` shows, an int where it is one; None when it shows none."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    try:
        number = float(text)
    except ValueError:
        wrapped = _WRAPPED.fullmatch(text)
        return None if wrapped is None else number_of(wrapped["number"])
    if "_" in text or not text.isascii():  # what only Python takes for a number
        return None
    return int(text) if len(text) <= _DIGITS and text.lstrip("+-").isdigit() else number


def unwrapped(text: str) -> str:
    """Return `text` with numbers of numpy and torch as plain ones."""
    return _WRAPPED.sub(lambda found: found["number"], text) if "(" in text else text


def literal_of(text: str) -> bool | int | float | str | None:
    """Return what a parameter kept as text was: True, False, None, a number, or the text itself.

    Only an int that is written as Python writes it is one: 007 stays a text.
    """
    if text in ("True", "False"):
        return text == "True"
    if text in ("None", "null"):
        return None
    number = number_of(text) if text == text.strip() else None
    if number is None or (isinstance(number, int) and str(number) != text):
        return text
    if isinstance(number, float) and text.lstrip("+-").isdigit():
        return text
    return number


def whole(number: object) -> int | None:
    """Return `number` as a step: an int64; None when it is none."""
    if isinstance(number, str):
        number = number_of(number)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return None
    if isinstance(number, float) and not number.is_integer():  # NaN and infinities, too
        return None
    found = int(number)
    return found if -(1 << 63) <= found < 1 << 63 else None
