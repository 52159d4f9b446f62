"""Configurations of any kind as plain data: what JSON can hold, and what TensorBoard's hparams can."""

from __future__ import annotations

import dataclasses
import enum
import functools
import json
import math
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from types import BuiltinFunctionType, FunctionType, MethodType, SimpleNamespace
from typing import Any

import numpy as np

MAX_DEPTH = 32
MAX_NODES = 100_000
"""Values in one configuration; what comes after them is cut off."""
MAX_TEXT = 2_000
"""Characters of a description that stands for an object; texts in a configuration are kept whole."""
MAX_ARRAY = 64
"""Elements of an array that are listed; a larger one is described."""
_MAX_BITS = 4_096
"""Of an integer that is kept as one: a reader of JSON may take no more than 4,300 digits."""
CUT = "..."
"""Stands for what is nested too deep, holds itself, or came after too many others."""

Number = bool | int | float | str
_FUNCTIONS = (type, FunctionType, BuiltinFunctionType, MethodType)


def plain(value: Any) -> Any:
    """Return `value` as dicts with string keys, lists, strings, numbers, bools and None; never raises.

    Knows mappings, sequences, sets (sorted), dataclasses, attrs, named tuples, `Namespace`, OmegaConf (interpolations
    resolved where that works, else as text), and whatever offers `to_dict` (configurations of transformers) or
    `model_dump` (pydantic). Functions and classes become their names, NaN and infinities the strings "NaN",
    "Infinity" and "-Infinity", small arrays lists, everything else `str()` of it.
    """
    return _Plain().of(value, 0)


def as_config(value: Any) -> dict[str, Any]:
    """Return a run's configuration, plain.

    Raises:
        TypeError: `value` has no names: it is no mapping, dataclass, Namespace or the like.

    """
    found = plain(value)
    if not isinstance(found, dict) and not isinstance(value, (*_FUNCTIONS, str, bytes)):
        found = plain(_public(value))
    if not isinstance(found, dict):
        raise TypeError(f"config must be a mapping, a dataclass, a Namespace or the like, not {_class_name(value)}")
    return found


def flat(config: Any) -> dict[str, Number]:
    """Return `config` with dotted keys for nested ones, lists as JSON text, and without what is None."""
    found: dict[str, Number] = {}
    _flatten(plain(config), "", found)
    return found


def _flatten(value: Any, name: str, found: dict[str, Number]) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            _flatten(item, f"{name}.{key}" if name else key, found)
    elif isinstance(value, list):
        found[name] = json.dumps(value, ensure_ascii=False)
    elif value is not None:
        found[name] = value


class _Plain:
    """One conversion: it remembers on which objects it is at work, and how much it has seen."""

    def __init__(self) -> None:
        self._above: set[int] = set()
        self._nodes = 0

    def of(self, value: Any, depth: int) -> Any:
        """Return `value` as plain data."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            return CUT
        try:
            if value is None or type(value) in (bool, str):
                return value
            simple = _simple(value)
            if simple is not None:
                return simple
            return self._nested(value, depth)
        except Exception:
            return _text(value)

    def _nested(self, value: Any, depth: int) -> Any:
        if id(value) in self._above or depth >= MAX_DEPTH:
            return CUT
        self._above.add(id(value))
        try:
            inner = _inner(value)
            if isinstance(inner, Mapping):
                return dict(self._items(inner, depth + 1))
            if isinstance(inner, Set):
                return sorted(self._all(inner, depth + 1), key=_order)
            if isinstance(inner, Sequence) and not isinstance(inner, str):
                return list(self._all(inner, depth + 1))
            return _text(value) if inner is None else self.of(inner, depth + 1)
        finally:
            self._above.discard(id(value))

    def _items(self, inner: Mapping[Any, Any], depth: int) -> Iterator[tuple[str, Any]]:
        for key, item in inner.items():
            yield _key(key), self.of(item, depth)
            if self._nodes > MAX_NODES:  # the rest, which may never end, is not looked at
                return

    def _all(self, inner: Iterable[Any], depth: int) -> Iterator[Any]:
        for item in inner:
            yield self.of(item, depth)
            if self._nodes > MAX_NODES:
                return


def _simple(value: Any) -> Any:
    """Return what has no parts as a string or a number, and None for everything else."""
    if isinstance(value, enum.Enum):
        return value.value if isinstance(value.value, str) else value.name
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return _int(int(value))
    if isinstance(value, (float, np.floating)):
        return _float(float(value))
    if isinstance(value, str):
        return str(value)
    if isinstance(value, _FUNCTIONS):
        return _name(value)
    if isinstance(value, functools.partial):
        given = [*map(_short, value.args), *(f"{name}={_short(item)}" for name, item in value.keywords.items())]
        return f"partial({', '.join([_name(value.func), *given])})"
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    return None


def _inner(value: Any) -> Any:
    """Return the mapping, set or sequence that `value` is or stands for, or a number; None when it is none."""
    if isinstance(value, (Namespace, SimpleNamespace)):
        return vars(value)
    omegaconf = sys.modules.get("omegaconf")
    if omegaconf is not None and omegaconf.OmegaConf.is_config(value):
        return _of_omegaconf(omegaconf, value)
    if isinstance(value, (Mapping, Set)):
        return value
    if hasattr(value, "__array__") or hasattr(value, "__dlpack__"):
        return value.tolist() if math.prod(value.shape) <= MAX_ARRAY else None
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return value._asdict()
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview)):
        return value
    for method in ("to_dict", "model_dump"):
        found = _called(getattr(value, method, None))
        if isinstance(found, Mapping):
            return found
    if dataclasses.is_dataclass(value):
        return _attributes(value, [field.name for field in dataclasses.fields(value)])
    described = getattr(type(value), "__attrs_attrs__", None)
    return None if described is None else _attributes(value, [field.name for field in described])


def _of_omegaconf(omegaconf: Any, value: Any) -> Any:
    """Return one level of an OmegaConf container: what can be resolved, and the text of what cannot."""
    raw = omegaconf.OmegaConf.to_container(value, resolve=False)
    if not isinstance(raw, (dict, list, tuple)):  # nothing, missing, or an interpolation of the whole
        return None
    found: Any = raw if isinstance(raw, dict) else list(raw)
    for key in raw if isinstance(raw, dict) else range(len(raw)):
        try:
            found[key] = value[key]
        except Exception:  # it leads nowhere, or is missing: its text stays
            continue
    return found


def _called(method: Callable[[], Any] | None) -> Any:
    try:
        return method() if callable(method) else None
    except Exception:  # it wants arguments, or fails
        return None


def _attributes(value: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names if hasattr(value, name)}


def _public(value: Any) -> Any:
    """Return the attributes of an object that is a configuration of the user's own making."""
    attributes = getattr(value, "__dict__", None)
    if not isinstance(attributes, dict):
        return None
    return {name: item for name, item in attributes.items() if not name.startswith("_")}


def _order(item: Any) -> tuple[str, Any]:
    return ("", item) if isinstance(item, (bool, int, float)) else (type(item).__name__, str(item))


def _key(key: Any) -> str:
    if isinstance(key, str) and not isinstance(key, enum.Enum):
        return str(key)
    simple = _simple(key)
    return _text(key) if simple is None else str(simple)


def _float(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _int(number: int) -> int | str:
    """Return `number`, or its beginning as text where Python refuses to print it."""
    return number if number.bit_length() <= _MAX_BITS else hex(number)[:MAX_TEXT] + CUT


def _name(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or getattr(function, "__name__", None) or _class_name(function)
    module = getattr(function, "__module__", None)
    return name if module in (None, "builtins", "__main__") else f"{module}.{name}"


def _short(value: Any) -> str:
    simple = _simple(value)
    return (
        repr(value)
        if isinstance(simple, str) and isinstance(value, str)
        else _text(value if simple is None else simple)
    )


def _text(value: Any) -> str:
    """Return `str(value)`, cut; the class's name where that fails or says nothing but an address."""
    kind = type(value)
    try:
        if _says_nothing(kind):
            return _class_name(value)
        said = str(value)
        if hasattr(value, "shape") and hasattr(value, "dtype"):
            said = f"{kind.__name__} of shape {tuple(value.shape)}, {value.dtype}"
    except Exception:
        return _class_name(value)
    return said if len(said) <= MAX_TEXT else said[:MAX_TEXT] + CUT


def _says_nothing(kind: Any) -> bool:
    return kind.__str__ is object.__str__ and kind.__repr__ is object.__repr__


def _class_name(value: Any) -> str:
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
