"""What one printed line says: a step, and numbers by name.

All patterns look at one place at a time, so that no line takes longer than its length.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import NamedTuple

from headway.importers.columns import sort_in, wall_time_of
from headway.importers.number import PLAIN, number_of, unwrapped, whole
from headway.importers.trainer_state import tag_of

LONGEST = 64 << 10
"""Characters of a line that is looked at; a longer one is no line of metrics."""
_LONGEST_NAME = 200

_COLOURS = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_MOMENT = r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_PREFIX = re.compile(
    rf"[ \t\r]+|\[(?P<boxed>{_MOMENT})\]|(?P<moment>{_MOMENT})|\[[^\[\]]{{0,100}}\]|\([^()]{{0,100}}\)"
    r"|(?:INFO|DEBUG|WARNING|NOTICE)\b|[-|:>*]",
)
"""What a logger may put before the message."""
_PREFIXES = 24
_STEP = r"(?P<name>global[_ ]step|train[_ ]step|training[_ ]step|step|iteration|iter|update|epoch|it|s)"
_HEADER = re.compile(
    rf"{_STEP}(?:[ \t]*[:=#][ \t]*|[ \t]+)(?P<step>\d{{1,19}})(?:\.0)?"
    r"(?:[ \t]*/[ \t]*\d+|[ \t]+of[ \t]+\d+)?(?![\w.%])",
    re.IGNORECASE | re.ASCII,
)
_INSIDE = re.compile(
    r"(?<![\w/.\-])(?:global_step|train_step|num_updates|step|iteration|iter)[ ]?[:=][ ]{0,8}(?P<step>\d{1,19})"
    r"(?:/\d+)?(?![\w.%])",
    re.IGNORECASE | re.ASCII,
)
_BEHIND_EPOCH = re.compile(
    r"(?<=[\s|,;\]])(?:global[_ ]step|step|iteration|iter)[ ]{1,8}(?P<step>\d{1,19})(?:/\d+)?(?=[\s|,;:\]]|$)",
    re.IGNORECASE | re.ASCII,
)
_THOUSANDS = re.compile(r"(?<![\w.,])(?<!\d:)[1-9]\d{0,2}(?:,\d{3}){1,6}(?![\d,])", re.ASCII)
"""1,234 as people read it; a list has spaces, or names between."""
_SPACES = re.compile(r" {2,}")
_BETWEEN = re.compile(r"[,|;\t]|\s-\s")
_UNIT = r"(?P<unit>%|(?<=[\d.])[A-Za-zµ][A-Za-zµ/]{0,11}|(?<=[nN])ms)?"
_PAIR = re.compile(
    rf"(?P<name>[^\s:=,|;]{{1,{_LONGEST_NAME}}})[:=][ ]?(?P<number>{PLAIN}){_UNIT}(?![\w:.=/%+-])", re.ASCII
)
_ONE = re.compile(
    rf"(?P<name>[^:=]{{1,{_LONGEST_NAME}}}?)[ ]?[:=][ ]*(?P<number>{PLAIN})[ ]?(?P<unit>%|[A-Za-zµ][\w/]{{0,15}})?"
    r"(?:[ ]?\([^()]*\))?",
    re.ASCII,
)
_SPACED = re.compile(
    rf"(?P<name>[^\s:=\d][^:=\d]{{0,{_LONGEST_NAME}}}?)[ ]+(?P<number>{PLAIN})[ ]?(?P<unit>%|[A-Za-zµ][\w/]{{0,15}})?"
    r"(?:[ ]?\([^()]*\))?",
    re.ASCII,
)
_ENTRY = re.compile(rf"'(?P<name>[^'\\]{{1,{_LONGEST_NAME}}})': ?'?(?P<number>{PLAIN})'?(?=[,}}\s])", re.ASCII)
_TRAINER = frozenset({"epoch", "loss", "eval_loss", "train_loss"})
_STEPS = ("step", "global_step", "_step", "iteration", "iter")

TAGS = {"trl": "train/loss", "tel": "val/loss", "train loss": "train/loss", "val loss": "val/loss"}
"""Tags for what llm.c and nanoGPT call otherwise."""


class Line(NamedTuple):
    """What a line says."""

    step: int | None
    """None where the Trainer's console says none."""
    wall_time: float | None
    values: dict[str, float]

    @property
    def is_evaluation(self) -> bool:
        """Whether nothing in it is of the training itself, or it is what the Trainer says in the end."""
        trained = any(tag.startswith("train/") and tag != "train/epoch" for tag in self.values)
        return not trained or "train/train_runtime" in self.values


def read_line(text: str) -> Line | None:
    """Return what a line says; None when it is not one of metrics."""
    if len(text) > LONGEST:
        return None
    text = _COLOURS.sub("", text) if "\x1b" in text else text
    stripped = text.strip()
    if stripped[:1] == "{" and stripped[-1:] == "}":
        return _of_json(stripped) if stripped[1:].lstrip()[:1] == '"' else _of_dict(stripped)
    if "," in text:
        text = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)
    at, wall_time = _after_prefix(text)
    header = _HEADER.match(text, at)
    if header is not None and header["name"] == "s" and text[header.end("name")] != ":":
        header = None
    if header is None or header["name"].lower() == "epoch":
        behind = _BEHIND_EPOCH.search(text, header.end()) if header is not None else None
        header = _INSIDE.search(text, at) or behind or header
    if header is None:
        return None
    step = whole(int(header["step"]))
    before = text[at : header.start()]
    values = pairs(before) | pairs(text[header.end() :])
    if step is None or not values:
        return None
    return Line(step, wall_time, values)


def pairs(text: str) -> dict[str, float]:
    """Return the numbers in `text` by their names: `a: 1, b=2 | c 3`, between commas, bars, semicolons or dashes."""
    values: dict[str, float] = {}
    for part in _BETWEEN.split(_SPACES.sub(" ", unwrapped(text))):
        part = part.strip(" :>")
        if not part:
            continue
        several = list(_PAIR.finditer(part)) if ":" in part or "=" in part else []
        if len(several) < 2:
            one = _ONE.fullmatch(part) or (_SPACED.fullmatch(part) if not several else None)
            several = several if one is None else [one]
        for found in several:
            _add(values, found["name"], found["number"], found["unit"])
    return values


def _add(values: dict[str, float], name: str, number: str, unit: str | None) -> None:
    name = name.strip(" \"'*-()[]{}") if name[-1:] != ")" else name.strip(" \"'*-")
    value = number_of(number)
    if value is None or not any(letter.isalpha() for letter in name):
        return
    tag = TAGS.get(name, name)
    if unit:
        tag += "_" + ("percent" if unit == "%" else unit.replace("/", "_per_"))
    values[tag] = value


def _after_prefix(text: str) -> tuple[int, float | None]:
    """Return where the message begins, and the moment before it."""
    at, wall_time = 0, None
    for _ in range(_PREFIXES):
        found = _PREFIX.match(text, at)
        if found is None:
            break
        at = found.end()
        moment = found["boxed"] or found["moment"]
        wall_time = wall_time if moment is None else wall_time_of(moment)
    return at, wall_time


def _of_json(text: str) -> Line | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    name = next((name for name in _STEPS if name in found), None)
    step = None if name is None else whole(found[name])
    if step is None:
        return None
    values: dict[str, float] = {}
    wall_time = None
    for key, value in found.items():
        if key in ("time", "timestamp", "wall_time") and (moment := wall_time_of(value)) is not None:
            wall_time = moment
        elif key != name:
            sort_in(key, value, values, {}, Counter())
    return Line(step, wall_time, values) if values else None


def _of_dict(text: str) -> Line | None:
    """Return what a printed dict says: that of transformers' Trainer, or one that has a step."""
    values = {
        found["name"]: number
        for found in _ENTRY.finditer(unwrapped(text))
        if (number := number_of(found["number"])) is not None
    }
    name = next((name for name in _STEPS if name in values), None)
    step = None if name is None else whole(values.pop(name))
    if "epoch" in values and {*values} & _TRAINER:
        values = {tag_of(key): value for key, value in values.items()}
    elif step is None:
        return None
    return Line(step, None, values) if values else None
