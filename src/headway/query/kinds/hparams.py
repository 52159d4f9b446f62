"""Hyperparameters: what stands in the metadata of values without data.

HParamsPluginData  experiment=2 | session_start_info=3 | session_end_info=4
Experiment         description=1 · user=2 · time_created_secs=3 · hparam_infos=4 · metric_infos=5 · name=6
HParamInfo         name=1 · display_name=2 · description=3 · type=4 · domain_discrete=5 ListValue
                   · domain_interval=6 {min=1 · max=2}
MetricInfo         name=1 {group=1 · tag=2} · display_name=3 · description=4 · dataset_type=5
SessionStartInfo   hparams=1 map of str to Value · model_uri=2 · monitor_url=3 · group_name=4 · start_time_secs=5
SessionEndInfo     status=1 · end_time_secs=2
Value              null=1 | number=2 double | string=3 | bool=4 | struct=5 {fields=1 map} | list=6 {values=1}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from headway.query.kinds.message import DEEPEST, Message, each, entries, filled
from headway.query.kinds.summary import Summary

Status = Literal["unknown", "success", "failure", "running"]
STATUSES: tuple[Status, ...] = ("unknown", "success", "failure", "running")
TYPES = ("unset", "string", "bool", "number")
DATASETS = ("unknown", "training", "validation")


@dataclass(frozen=True, slots=True)
class Hparam:
    """A hyperparameter that an experiment says there is."""

    name: str
    display_name: str
    description: str
    type: str
    """One of `TYPES`."""
    domain: tuple[Any, ...] | None
    """The values that it may have, when they are listed."""
    interval: tuple[float, float] | None
    """Or the least and the greatest."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that an experiment says there is."""

    group: str
    """The run below a session's in which its tag stands."""
    tag: str
    display_name: str
    description: str
    dataset: str
    """One of `DATASETS`."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """What several runs have in common."""

    name: str
    description: str
    user: str
    created: float
    """Seconds since 1970; 0 when it does not say."""
    hparams: tuple[Hparam, ...]
    metrics: tuple[Metric, ...]


@dataclass(frozen=True, slots=True)
class SessionStart:
    """With what a run began."""

    hparams: dict[str, Any]
    """Numbers (floats), texts, bools, None, or lists and dicts of these."""
    group: str
    started: float
    """Seconds since 1970; 0 when it does not say."""
    model_uri: str
    monitor_url: str


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """How a run ended."""

    status: Status
    ended: float
    """Seconds since 1970; 0 when it does not say."""


@dataclass(frozen=True, slots=True)
class HParams:
    """One of the three."""

    experiment: Experiment | None = None
    start: SessionStart | None = None
    end: SessionEnd | None = None


def hparams(summary: Summary) -> HParams:
    """Read what a value's metadata say.

    Raises:
        ValueError: malformed; lists within lists beyond reason.

    """
    message = Message(summary.metadata.content)
    match message.which(2, 3, 4):
        case 2:
            return HParams(experiment=_experiment(message.data(2)))
        case 3:
            return HParams(start=_start(message.data(3)))
        case 4:
            return HParams(end=_end(message.message(4)))
    return HParams()


def _experiment(encoded: memoryview) -> Experiment:
    message = Message(encoded)
    return Experiment(
        message.text(6),
        message.text(1),
        message.text(2),
        message.number(3),
        tuple(_hparam(Message(info)) for info in filled(encoded, 4)),
        tuple(_metric(Message(info)) for info in filled(encoded, 5)),
    )


def _hparam(info: Message) -> Hparam:
    interval = info.message(6) if info.has(6) else None
    return Hparam(
        info.text(1),
        info.text(2),
        info.text(3),
        _named(TYPES, info.integer(4)),
        tuple(_value(value, 0) for value in each(info.data(5), 1)) if info.has(5) else None,
        (interval.number(1), interval.number(2)) if interval else None,
    )


def _metric(info: Message) -> Metric:
    name = info.message(1)
    return Metric(name.text(1), name.text(2), info.text(3), info.text(4), _named(DATASETS, info.integer(5)))


def _start(encoded: memoryview) -> SessionStart:
    message = Message(encoded)
    given = {name: _value(value, 0) for name, value in entries(encoded, 1)}
    return SessionStart(given, message.text(4), message.number(5), message.text(2), message.text(3))


def _end(message: Message) -> SessionEnd:
    status = message.integer(1)
    return SessionEnd(STATUSES[status] if 0 <= status < len(STATUSES) else "unknown", message.number(2))


def _value(encoded: memoryview, depth: int) -> Any:
    """Return a google.protobuf.Value."""
    if depth > DEEPEST:
        raise ValueError(f"a hyperparameter is nested deeper than {DEEPEST} levels")
    message = Message(encoded)
    match message.which(1, 2, 3, 4, 5, 6):
        case 2:
            return message.number(2)
        case 3:
            return message.text(3)
        case 4:
            return bool(message.integer(4))
        case 5:
            return {name: _value(value, depth + 1) for name, value in entries(message.data(5), 1)}
        case 6:
            return [_value(value, depth + 1) for value in each(message.data(6), 1)]
    return None


def _named(names: tuple[str, ...], number: int) -> str:
    return names[number] if 0 <= number < len(names) else names[0]
