"""What a run says of itself: its state, its configuration, what it is. Read from the texts that it logged.

What headway records under the tags of docs/format.md goes before the hyperparameters of TensorBoard's dashboard, and
these before the texts of transformers' Trainer. Of the same kind, what was told last wins.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from headway.query.kinds.decode import decode
from headway.query.kinds.hparams import HParams
from headway.query.kinds.message import Message, texts
from headway.query.kinds.summary import TENSOR, read_json, summary_of
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
_STRINGS = 8  # of a TensorProto
_START, _END = 3, 4  # of HParamsPluginData
_ENDS: dict[str, Word] = {"success": "finished", "failure": "failed"}
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
    """Return the account of a run out of what it told, oldest first. What is malformed counts as not told.

    Of what is told again and again only the newest is read: thousands of runs are listed at once.
    """
    states, begun = _states(told)
    sessions = _Sessions(told)
    run = _newest(told, RUN, block) or {}
    return Account(
        _whole(states, begun) if states else sessions.ending(),
        states,
        _config(told, sessions),
        run,
        sessions.group,
        _time(run.get("started")) or _time(sessions.started),
    )


def state_of(account: Account, live: bool, last_wall: float, grew_at: float, now: float) -> Outcome:
    """Return how a run goes.

    Args:
        account: what it says.
        live: whether its files grew lately.
        last_wall: of its last point, seconds since 1970; NaN when it has none.
        grew_at: when a file of it last changed, seconds since 1970: by a point, or by a heartbeat without one.
        now: seconds since 1970.

    """
    said = account.state
    if said is None:
        return "running" if live else "unknown"
    # A run that goes on after that says nothing until it closes again. Files that merely changed may be a copy.
    if said.word != "running":
        return "running" if live and last_wall > said.wall_time + account.heartbeat else said.word
    heard = max(said.wall_time, grew_at, -math.inf if math.isnan(last_wall) else last_wall)
    return "running" if live or now - heard <= MISSED * account.heartbeat else "lost"


class _Sessions:
    """The newest beginning and end that the hyperparameters' dashboard was told of."""

    def __init__(self, told: Sequence[Told]) -> None:
        self._start: Told | None = None
        self._end: Told | None = None
        self.group, self.started = "", 0.0
        for one in reversed(told):
            if one.kind == "hparams" and (self._start is None or self._end is None):
                self._take(one)

    def _take(self, told: Told) -> None:
        try:
            data = Message(summary_of(told.content).metadata.content)
            which = data.which(_START, _END)
            if which == _START and self._start is None:
                start = data.message(_START)
                self._start, self.group, self.started = told, start.text(4), start.number(5)
            elif which == _END and self._end is None:
                self._end = told
        except ValueError:
            return

    def hparams(self) -> dict[str, Any]:
        """Return with what the session began."""
        start = None if self._start is None else _decoded(self._start).start
        return {} if start is None else start.hparams

    def ending(self) -> State | None:
        """Return the state that only this dashboard is told of, if it is told in earnest."""
        if self._end is None or (self._start is not None and self._end.wall_time <= self._start.wall_time + _AT_ONCE):
            return None
        end = _decoded(self._end).end
        word = _ENDS.get(end.status) if end else None
        return None if word is None else State(word, "", "", self._end.wall_time)


def _decoded(told: Told) -> HParams:
    try:
        found = decode("hparams", told.content)
    except ValueError:
        return HParams()
    assert isinstance(found, HParams)
    return found


def _config(told: Sequence[Told], sessions: _Sessions) -> dict[str, Setting]:
    """Return all that was told of it, flat; the run's own word goes before what others wrote."""
    model = _newest(told, MODEL)
    config = flat(_newest(told, TRAINER) or {}) | flat({MODEL_PREFIX: model} if model else {})
    own = _newest(told, CONFIG, block)
    if own is not None:
        return config | flat(own)
    return config | {name: _whole_number(value) for name, value in flat(sessions.hparams()).items()}


def _newest(told: Sequence[Told], tag: str, part: Callable[[str], str] = str) -> dict[str, Any] | None:
    """Return the newest object in JSON that stands under `tag`, in the `part` of a text that has it."""
    for one in reversed(told):
        if one.tag == tag:
            found = read_json(part(_text(one)))
            if isinstance(found, dict):
                return found
    return None


def _time(said: Any) -> float | None:
    """Return a time in seconds since 1970, if it is one."""
    is_time = isinstance(said, (int, float)) and not isinstance(said, bool) and math.isfinite(said) and said > 0
    return float(said) if is_time else None


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


def _states(told: Sequence[Told]) -> tuple[dict[int, State], dict[int, float]]:
    """Return what each rank said last, and when it said last that it begins."""
    states: dict[int, State] = {}
    begun: dict[int, float] = {}
    for one in told:
        state = _state(one) if one.tag == STATE else None
        if state is not None:
            rank = state.rank or 0
            states[rank] = state
            if state.word == "running":
                begun[rank] = one.wall_time
    return states, begun


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
        return "\n\n".join(texts(Message(told.content).data(TENSOR), _STRINGS))
    except ValueError:
        return ""


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole_number(value: Setting) -> Setting:
    """Return a number without a fraction as an int: in hyperparameters all numbers are doubles."""
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < _EXACT
    return int(cast("float", value)) if is_whole else value
