"""transformers' trainer_state.json: what its Trainer has logged, written with each checkpoint.

Tags are those of its TensorBoardCallback: train/, eval/ and test/. The file does not say when a step was; all points
get the time at which the file was last written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from headway.errors import HeadwayError
from headway.importers.columns import sort_in, step_of
from headway.importers.importer import Importer
from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options, Row
from headway.record.about.ending import FINISHED

FILE = "trainer_state.json"
ARGUMENTS = "training_args.json"
_CHECKPOINT = re.compile(r"checkpoint-(\d{1,18})")
_PREFIXES = (("eval_", "eval/"), ("test_", "test/"))
_NO_CONFIG = ("log_history", "stateful_callbacks")
_LAST = "train_runtime"
"""The Trainer logs it once, when its training is over."""


def is_trainer_state(place: Place) -> bool:
    """Say whether a file is a trainer's state, or a directory has one: its own, or those of checkpoints."""
    if place.is_directory:
        return bool(_states(place))
    if place.path.suffix != ".json" or not place.exists():
        return False
    return place.name.endswith(FILE) or (b'"log_history"' in place.head and b'"global_step"' in place.head)


def trainer_runs(place: Place, _: Options) -> Iterator[ImportedRun]:
    """Yield the one run; of a directory's checkpoints, the newest that can be read, for it holds all before."""
    if not place.is_directory:
        name = place.run_name()
        yield _run(place, name, _state(place))
        return
    states = _states(place)
    failure: HeadwayError | None = None
    for found in states:
        try:
            state = _state(found)
        except HeadwayError as error:  # its writer was killed: the one before is whole
            failure = failure or error
            continue
        run = _run(found, place.run_name(), state)
        if failure is not None:
            run.left_out["damaged checkpoints"] += states.index(found)
        yield run
        return
    assert failure is not None
    raise failure


def _states(place: Place) -> list[Place]:
    """Return the states below a directory, the newest first; its own is that of the end."""
    numbered = sorted(
        (
            (int(found[1]), entry)
            for entry in place.entries()
            if (found := _CHECKPOINT.fullmatch(entry.name)) and entry.is_directory
        ),
        key=lambda pair: -pair[0],
    )
    files = [place.below(FILE), *(entry.below(FILE) for _, entry in numbered)]
    there = [file for file in files if file.exists()]
    if len(there) > 1 and there[0].path.parent == place.path and _steps(there[0]) < numbered[0][0]:
        there.append(there.pop(0))  # of an earlier training in the same directory
    return there


def _steps(place: Place) -> int:
    found = re.search(rb'"global_step":\s*(\d{1,18})', place.head)
    return int(found[1]) if found else 1 << 63


def _state(place: Place) -> Mapping[str, Any]:
    state = place.document()
    if not isinstance(state, dict) or not isinstance(state.get("log_history"), list):
        raise HeadwayError(f"{place}: no list log_history, so this is no trainer's state")
    return state


def _run(place: Place, name: str, state: Mapping[str, Any]) -> ImportedRun:
    history = state["log_history"]
    run = ImportedRun(name, str(place), "transformers' trainer_state.json", iter(()))
    run.rows = _rows(place, history, run.left_out)
    run.config = {"trainer": {key: value for key, value in state.items() if key not in _NO_CONFIG}}
    arguments = place.beside(ARGUMENTS)
    if arguments.exists() and isinstance(found := arguments.document(), dict):
        run.config |= {"args": found}
    if any(isinstance(entry, dict) and _LAST in entry for entry in history):
        run.state = FINISHED
    return run


def _rows(place: Place, history: list[Any], left_out: Counter[str]) -> Iterator[Row]:
    for number, entry in enumerate(history):
        where = f"{place}: log_history[{number}]"
        if not isinstance(entry, dict):
            raise HeadwayError(f"{where}: a {type(entry).__name__}, not an object")
        step = step_of(entry.get("step"), where)
        if step is None:
            left_out["rows without a step"] += 1
            continue
        values: dict[str, float] = {}
        texts: dict[str, str] = {}
        for name, value in entry.items():
            if name != "step":
                sort_in(tag_of(name), value, values, texts, left_out)
        yield Row(step, place.modified, values, texts)


def tag_of(name: str) -> str:
    """Return the tag that transformers' TensorBoardCallback writes for a name in the logs."""
    for prefix, instead in _PREFIXES:
        if name.startswith(prefix):
            return instead + name[len(prefix) :]
    return f"train/{name}"


IMPORTER = Importer("transformers' trainer_state.json or its checkpoints", is_trainer_state, trainer_runs)
