"""What a run says of itself: its state, its configuration, what it is. Read from the texts that it logged.

What headway records under the tags of docs/format.md goes before the hyperparameters of TensorBoard's dashboard, and
these before the texts of transformers' Trainer. Of the same kind, what was told last wins.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from headway.query.kinds.decode import decode
from headway.query.kinds.hparams import HParams, SessionEnd, SessionStart
from headway.query.kinds.summary import read_json
from headway.query.kinds.text import Text
from headway.store.rows import Told

Word = Literal["running", "finished", "failed", "killed"]
Outcome = Literal["running", "finished", "failed", "killed", "lost", "unknown"]
Setting = bool | int | float | str | None

STATE, CONFIG, RUN = "headway/state", "headway/config", "headway/run"
TRAINER, MODEL = "args/text_summary", "model_config/text_summary"
MODEL_PREFIX = "model_config"

HEARTBEAT = 30.0
"""Seconds between two, where the run does not say."""
MISSED = 4
"""Heartbeats that stay away before a run counts as lost."""

_WORDS = ("running", "finished", "failed", "killed")
_RANK = re.compile(r"\.\d+(?:\.[0-9a-f]{8}\.p\d{6,})?\.rank(\d{1,9})(?!\d)")
"""In a file's name, behind its counter and what makes it a piece; a host may be called so, too."""
_LONGEST = 200
"""Characters of a dotted key below which nothing nests further: a hostile one must not stand before thousands."""
_EXACT = 2.0**53
_AT_ONCE = 1.0  # seconds; tensorboardX and torch say that a session has ended when it begins


@dataclass(frozen=True, slots=True)
class State:
    """What one process said last of how it goes."""

    word: Word
    reason: str
    """Why it failed or was killed, in a line; empty when it does not say."""
    trace: str
    """The traceback, or nothing."""
    wall_time: float
    """When it was said, seconds since 1970."""
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """What a run says of itself. Everything is empty where it says nothing."""

    state: State | None = None
    """Of the whole run: failed or killed when a process of its newest life is, else what its first process says."""
    states: dict[int, State] = field(default_factory=dict)
    """The last of each rank, 0 where none is told, also of ranks that only an earlier life had."""
    config: dict[str, Setting] = field(default_factory=dict)
    """With dotted keys for nested ones; lists are JSON text."""
    run: dict[str, Any] = field(default_factory=dict)
    """`id`, `notes`, `tags`, `lineage`, `git`, `packages`, ...: see "headway/run" in docs/format.md."""
    group: str = ""
    """Runs of the same group are seeds of one experiment, say."""
    started: float | None = None
    """When its newest life began, seconds since 1970."""

    @property
    def id(self) -> str:
        """The run's own, the same in all its lives; empty where it has none."""
        return _word(self.run.get("id"))

    @property
    def notes(self) -> str:
        """What was noted when it began."""
        return _word(self.run.get("notes"))

    @property
    def tags(self) -> tuple[str, ...]:
        """How it was tagged when it began."""
        said = self.run.get("tags")
        return tuple(tag for tag in said if isinstance(tag, str)) if isinstance(said, list) else ()

    @property
    def heartbeat(self) -> float:
        """Seconds after which a run that lives has said something."""
        said = self.run.get("heartbeat")
        return float(said) if isinstance(said, (int, float)) and 0 < said < math.inf else HEARTBEAT


def account(told: Sequence[Told]) -> Account:
    """Return the account of a run out of what it told, oldest first. What is malformed counts as not told."""
    states: dict[int, State] = {}
    begun: dict[int, float] = {}
    found = _Found()
    for one in told:
        if one.tag == STATE:
            state = _state(one)
            if state is not None:
                rank = state.rank or 0
                states[rank] = state
                if state.word == "running":
                    begun[rank] = one.wall_time
        else:
            found.take(one)
    first = states[min(states)] if states else found.ending()
    return Account(
        _whole(states, begun) if states else first,
        states,
        found.config(),
        found.run,
        found.start.group if found.start else "",
        found.started(),
    )


def state_of(account: Account, live: bool, last_wall: float, now: float) -> Outcome:
    """Return how a run goes.

    Args:
        account: what it says.
        live: whether its files grew lately.
        last_wall: of its last point, seconds since 1970; NaN when it has none.
        now: seconds since 1970.

    """
    said = account.state
    if said is None:
        return "running" if live else "unknown"
    if said.word != "running":  # a run that goes on after that says nothing until it closes again
        return "running" if live and last_wall > said.wall_time + account.heartbeat else said.word
    heard = said.wall_time if math.isnan(last_wall) else max(last_wall, said.wall_time)
    return "running" if live or now - heard <= MISSED * account.heartbeat else "lost"


class _Found:
    """What has been told so far, of what is no state."""

    def __init__(self) -> None:
        self.run: dict[str, Any] = {}
        self.start: SessionStart | None = None
        self._end: tuple[SessionEnd, float] | None = None
        self._start_wall = math.nan
        self._own: dict[str, Any] | None = None
        self._trainer: dict[str, Any] = {}
        self._model: dict[str, Any] = {}

    def take(self, told: Told) -> None:
        """Take in one thing told."""
        if told.kind == "hparams":
            self._take_hparams(told)
            return
        text = _text(told)
        if told.tag in (TRAINER, MODEL):
            given = read_json(text)
            if isinstance(given, dict):
                if told.tag == TRAINER:
                    self._trainer = given
                else:
                    self._model = given
        elif told.tag in (CONFIG, RUN):
            given = read_json(block(text))
            if isinstance(given, dict):
                if told.tag == CONFIG:
                    self._own = given
                else:
                    self.run = given

    def _take_hparams(self, told: Told) -> None:
        try:
            found = decode("hparams", told.content)
        except ValueError:
            return
        assert isinstance(found, HParams)
        if found.start is not None:
            self.start, self._start_wall = found.start, told.wall_time
        if found.end is not None:
            self._end = found.end, told.wall_time

    def config(self) -> dict[str, Setting]:
        """Return all that was told of it, flat; the run's own word goes before what others wrote."""
        config = flat(self._trainer) | flat({MODEL_PREFIX: self._model} if self._model else {})
        if self._own is not None:
            return config | flat(self._own)
        if self.start is not None:
            config |= {name: _whole_number(value) for name, value in flat(self.start.hparams).items()}
        return config

    def started(self) -> float | None:
        """Return when the newest life began."""
        said = self.run.get("started")
        if isinstance(said, (int, float)) and not isinstance(said, bool) and math.isfinite(said):
            return float(said)
        return self.start.started if self.start and math.isfinite(self.start.started) and self.start.started else None

    def ending(self) -> State | None:
        """Return the state that only the hyperparameters' dashboard is told of, if it is told in earnest."""
        if self._end is None:
            return None
        end, when = self._end
        if not when > self._start_wall + _AT_ONCE or end.status not in ("success", "failure"):
            return None
        return State("finished" if end.status == "success" else "failed", "", "", when)


def flat(config: Mapping[str, Any]) -> dict[str, Setting]:
    """Return `config` with dotted keys for nested ones and lists as JSON text."""
    return dict(_flat(config, ""))


def _flat(config: Mapping[str, Any], above: str) -> Iterator[tuple[str, Setting]]:
    for key, value in config.items():
        name = f"{above}.{key}" if above else key
        if isinstance(value, dict) and value and len(name) <= _LONGEST:
            yield from _flat(value, name)
        else:
            yield name, _setting(value)


def _setting(value: Any) -> Setting:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:  # for whoever reads it with 64 bits
        return str(value)
    return cast("Setting", value)


def block(text: str) -> str:
    """Return what stands in the fenced block at the end of `text`; nothing where there is none.

    headway's fences are longer than any backticks inside of them.
    """
    text = text.rstrip()
    body = text.rstrip("`")
    fence = text[len(body) :]
    begin = f"\n{body}".rfind(f"\n{fence}")
    if len(fence) < 3 or not body.endswith("\n") or begin < 0:
        return ""
    return body[begin:-1].partition("\n")[2]


def _whole(states: Mapping[int, State], begun: Mapping[int, float]) -> State:
    """Return the state of the run whose ranks are in these `states`, and began at these wall times."""
    first = states[min(states)]
    since = begun.get(min(states), -math.inf)
    newest = [state for state in states.values() if state.wall_time >= since]  # others are of an earlier life
    for word in ("failed", "killed"):
        ends = [state for state in newest if state.word == word]
        if ends:
            return min(ends, key=lambda state: state.wall_time)
    return first


def _state(told: Told) -> State | None:
    text = _text(told)
    headline, _, rest = text.partition("\n")
    word, _, reason = headline.partition(":")
    if word.strip() not in _WORDS:
        return None
    rank = _RANK.search(told.path.rpartition("/")[2])
    return State(
        cast("Word", word.strip()), reason.strip(), block(rest), told.wall_time, int(rank[1]) if rank else None
    )


def _text(told: Told) -> str:
    """Return the text that was told; nothing when it is none."""
    try:
        found = decode("text", told.content)
    except ValueError:
        return ""
    return found.text if isinstance(found, Text) else ""


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole_number(value: Setting) -> Setting:
    """Return a number without a fraction as an int: in hyperparameters all numbers are doubles."""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return int(cast("float", value)) if is_whole else value
