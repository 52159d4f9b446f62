"""Passwords, tokens and keys are not for a log: found by the names of arguments, or by their own looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

MASK = "***"

_SECRET_WORD = re.compile("passwords?|passwd|passphrases?|pwd|secrets?|credentials?|apikeys?")
_KIND_OF_KEY = re.compile("api|access|secret|private|auth|encryption|signing|ssh|account|license")
# Tokens that a tokenizer has, or a budget counts, are no secrets.
_KIND_OF_TOKEN_IN_TEXT = re.compile(
    "pad|[be]os|unk|sep|cls|mask|special|begin|start|end|stop|image|audio|video|think|prompt|text|decoder"
    "|per|first|last|next|new|max|min|num|each"
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LOOKS_SECRET = re.compile(
    r"\b(?:hf_[A-Za-z0-9]{16,}|sk-[A-Za-z0-9_-]{16,}|gh[opusr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|xox[abprs]-[\w-]{10,}|A(?:KIA|SIA)[A-Z0-9]{16}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)"
)
_IN_URL = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_NAMED = re.compile(r"(?P<name>[-+~]*[A-Za-z_][\w.\-]*)=(?P<value>.*)", re.DOTALL)


def is_secret(name: str) -> bool:
    """Say whether a value of this name (`--hf-token`, `apiKey`, `db.password`) should not be shown."""
    words = [word.lower() for word in _WORD.findall(name)]
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last == "token":
        return not _KIND_OF_TOKEN_IN_TEXT.fullmatch(before)
    return bool(_SECRET_WORD.fullmatch(last) or (last == "key" and _KIND_OF_KEY.fullmatch(before)))


def masked_text(text: str) -> str:
    """Return `text` without what looks like a key of a well-known service, or a password in a URL."""
    return _IN_URL.sub(MASK, _LOOKS_SECRET.sub(MASK, text))


def masked_arguments(arguments: Sequence[str]) -> list[str]:
    """Return a command line's `arguments` without secret values: `--token=x`, `--token x`, `a.token=x`."""
    found: list[str] = []
    hide_next = False
    for argument in arguments:
        named = _NAMED.fullmatch(argument)
        if hide_next and not argument.startswith("-"):
            found.append(MASK)
        elif named and is_secret(named["name"]):
            found.append(f"{named['name']}={MASK}")
        else:
            found.append(masked_text(argument))
        hide_next = argument.startswith("-") and not named and is_secret(argument)
    return found


def masked_config(config: Any) -> Any:
    """Return plain data (see `config.plain`) with the strings masked that look secret, or stand below such a name."""
    if isinstance(config, dict):
        return {key: _masked(item) if is_secret(key) else masked_config(item) for key, item in config.items()}
    if isinstance(config, list):
        return [masked_config(item) for item in config]
    return masked_text(config) if isinstance(config, str) else config


def _masked(secret: Any) -> Any:
    """Return plain data with all strings masked but empty ones."""
    if isinstance(secret, dict):
        return {key: _masked(item) for key, item in secret.items()}
    if isinstance(secret, list):
        return [_masked(item) for item in secret]
    return MASK if isinstance(secret, str) and secret else secret
