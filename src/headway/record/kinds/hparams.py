"""Hyperparameters: what TensorBoard's dashboard of them reads, in the metadata of values without data.

HParamsPluginData  experiment=2 | session_start_info=3 | session_end_info=4
Experiment         hparam_infos=4 {name=1 · type=4 · domain_discrete=5 {values=1 repeated Value}}
                   · metric_infos=5 {name=1 {tag=2}}
SessionStartInfo   hparams=1 map of str to Value · group_name=4 · start_time_secs=5
SessionEndInfo     status=1 · end_time_secs=2
Value              number_value=2 double | string_value=3 | bool_value=4
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from struct import pack
from typing import Any, Literal

from headway.events.messages import summary_metadata, summary_value
from headway.events.number import as_double
from headway.events.wire import FIXED64, VARINT, double_field, key, message, number_field, string_field

Hparam = bool | float | str
Status = Literal["unknown", "success", "failure", "running"]
STATUSES: tuple[Status, ...] = ("unknown", "success", "failure", "running")
"""In the order of their numbers."""

_STRING, _BOOL, _NUMBER = 1, 2, 3
_BOOL_TYPES = {"bool", "torch.bool", "<dtype: 'bool'>"}


def check_hparams(hparams: Any, metrics: Any, domains: Any = None) -> None:
    """Raise unless these are what `hparams_values` takes.

    Raises:
        TypeError: one is no mapping of strings, or a domain is no list of values of its hyperparameter's type.
    """
    domains = domains or {}
    for name, given in (("hparam_dict", hparams), ("metric_dict", metrics), ("hparam_domain_discrete", domains)):
        if not isinstance(given, Mapping):
            raise TypeError(f"{name} should be a dictionary, not {type(given).__name__}")
        if not all(isinstance(word, str) for word in given):
            raise TypeError(f"{name}: all keys should be strings, not {[*given]}")
    for name, domain in domains.items():
        if name not in hparams:
            raise TypeError(f"hparam_domain_discrete[{name!r}]: there is no such hyperparameter")
        kind = type(hparams[name])
        if not isinstance(domain, list) or not all(isinstance(value, kind) for value in domain):
            raise TypeError(f"hparam_domain_discrete[{name!r}] should be a list of {kind.__name__}, not {domain!r}")


def hparams_values(
    hparams: Mapping[str, Any],
    metric_names: Iterable[str],
    *,
    domains: Mapping[str, list[Any]] | None = None,
    status: Status = "success",
) -> list[bytes]:
    """Return the three Summary.Values of a session: experiment, start and end.

    The experiment names every hyperparameter and metric. TensorBoard believes the first experiment that it finds
    among its runs, and works it out by itself where there is none.
    """
    experiment = _experiment_value(hparams, metric_names, domains or {})
    return [experiment, session_start_value(hparams), session_end_value(status)]


def session_start_value(hparams: Mapping[str, Any], *, start_time: float = 0.0, group: str = "") -> bytes:
    """Return the Summary.Value that says with what a run began, at `start_time` (seconds since 1970).

    See `plain` for what is written of a value; None is left out. Runs of the same `group`, seeds for instance, are
    one row in TensorBoard, with the mean of their metrics.
    """
    entries = (
        message(1, string_field(1, str(name)) + message(2, _value(plain(value))))
        for name, value in hparams.items()
        if value is not None
    )
    return _plugin_value(
        "session_start_info", 3, b"".join(entries) + string_field(4, group) + double_field(5, start_time)
    )


def session_end_value(status: Status = "success", end_time: float = 0.0) -> bytes:
    """Return the Summary.Value that says how a run ended, at `end_time` (seconds since 1970).

    Raises:
        ValueError: there is no such status.
    """
    if status not in STATUSES:
        raise ValueError(f"status must be one of {', '.join(STATUSES)}, not {status!r}")
    content = number_field(1, STATUSES.index(status)) + double_field(2, end_time)
    return _plugin_value("session_end_info", 4, content)


def plain(value: Any) -> Hparam:
    """Return a hyperparameter as a bool, a number or a text.

    numpy's and tensors' scalars are bools or numbers as Python's are; a function or class is its name; anything else,
    an integer beyond a double as well, is what `str` makes of it.
    """
    if isinstance(value, str | bool):
        return value
    if callable(value):
        return str(getattr(value, "__name__", None) or _text(value))
    if isinstance(value, list | tuple):
        return _text(value)
    try:
        number = as_double(value, "hyperparameter")
    except Exception:  # whatever a foreign type raises: it is no number
        return _text(value)
    return bool(number) if str(getattr(value, "dtype", "")) in _BOOL_TYPES else number


def _text(value: Any) -> str:
    try:
        return str(value)
    except Exception:  # a foreign type again, or an integer of more digits than Python prints
        return type(value).__qualname__


def _experiment_value(
    hparams: Mapping[str, Any], metric_names: Iterable[str], domains: Mapping[str, list[Any]]
) -> bytes:
    infos = [
        message(4, _info(str(name), plain(value), domains.get(name)))
        for name, value in hparams.items()
        if value is not None
    ]
    metrics = [message(5, message(1, string_field(2, name))) for name in metric_names]
    return _plugin_value("experiment", 2, b"".join(infos + metrics))


def _info(name: str, value: Hparam, domain: list[Any] | None) -> bytes:
    kind = _STRING if isinstance(value, str) else _BOOL if isinstance(value, bool) else _NUMBER
    info = string_field(1, name) + number_field(4, kind)
    if domain is None:
        return info
    return info + message(5, b"".join(message(1, _value(plain(value))) for value in domain))


def _value(value: Hparam) -> bytes:
    """Return a Value: in a `oneof` even a zero is written."""
    if isinstance(value, str):
        return message(3, value.encode("utf-8", "replace"))
    if isinstance(value, bool):
        return key(4, VARINT) + bytes([value])
    return key(2, FIXED64) + pack("<d", value)


def _plugin_value(name: str, field: int, content: bytes) -> bytes:
    return summary_value(f"_hparams_/{name}", b"", summary_metadata("hparams", content=message(field, content)))
