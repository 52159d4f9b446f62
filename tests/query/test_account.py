from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch.utils.tensorboard
from hypothesis import given
from hypothesis import strategies as st

import headway
from headway.events.decode import Decoder
from headway.events.messages import text_value
from headway.events.stretches import scans
from headway.query.account import Account, State, account, block, flat, state_of
from headway.record.about.config import flat as recorded_flat
from headway.record.about.config import plain
from headway.record.about.markdown import fenced
from headway.record.kinds.hparams import session_end_value, session_start_value
from headway.store.rows import Told
from query.kinds import shared_data

KEPT = ("headway/state", "headway/config", "headway/run", "args/text_summary", "model_config/text_summary")
NAN = float("nan")


def told_by(directory: Path) -> list[Told]:
    """What the index keeps of the runs in `directory`, oldest first."""
    found = [one for path in sorted(directory.iterdir()) if "tfevents" in path.name for one in told_in(path)]
    return sorted(found, key=lambda one: one.wall_time)


def told_in(path: Path) -> Iterator[Told]:
    decoder, data, session = Decoder(), path.read_bytes(), 0
    with path.open("rb") as file:
        for scan in scans(file, decoder):
            for blob in scan.blobs:
                tag, kind = decoder.tag_names[blob.tag], decoder.kind_names[blob.kind]
                if kind == "hparams" or tag in KEPT:
                    content = data[blob.offset : blob.offset + blob.length]
                    yield Told(tag, kind, path.name, session, blob.step, blob.wall_time, content)
            session += scan.session is not None


def said(tag: str, text: str, wall_time: float = 1.0, path: str = "events.out.tfevents.1.h.2.0") -> Told:
    return Told(tag, "text", path, 0, 0, wall_time, text_value(tag, text))


def state(text: str, wall_time: float, rank: int | None = None, life: int = 1) -> Told:
    suffix = "" if rank is None else f".rank{rank}"
    return said("headway/state", text, wall_time, f"below/events.out.tfevents.{life}.host.rank9.2.0{suffix}")


def hparams(content: bytes, wall_time: float) -> Told:
    return Told("_hparams_/session", "hparams", "events.out.tfevents.1", 0, 0, wall_time, content)


# ---- what headway records


def test_a_run_that_finished(tmp_path: Path) -> None:
    config = {"lr": 0.1, "model": {"layers": 12, "heads": [1, 2], "name": "猫", "bias": None}, "on": True}
    with headway.init(tmp_path / "run", config=config, tags=["a", "b"], notes="why\n\n```\ncode\n```") as run:
        run.log({"loss": 1.0}, 3)
    found = account(told_by(tmp_path / "run"))
    assert found.state is not None
    assert (found.state.word, found.state.reason, found.state.trace) == ("finished", "", "")
    assert found.config == {
        "lr": 0.1,
        "model.layers": 12,
        "model.heads": "[1, 2]",
        "model.name": "猫",
        "model.bias": None,
        "on": True,
    }
    assert [type(found.config[key]) for key in ("model.layers", "on")] == [int, bool]
    assert found.id == run.id
    assert found.tags == ("a", "b")
    assert found.notes == "why\n\n```\ncode\n```"
    assert found.run["packages"]["numpy"]
    assert found.heartbeat == 30.0
    assert found.started == found.run["started"] > 1.7e9


def test_a_run_that_failed_and_went_on(tmp_path: Path) -> None:
    def fail() -> None:
        with headway.init(tmp_path / "run", config={"lr": 0.1, "old": 1}) as run:
            run.log({"loss": 1.0}, 3)
            raise RuntimeError("out of memory: 8 GiB")

    with pytest.raises(RuntimeError):
        fail()
    found = account(told_by(tmp_path / "run"))
    assert found.state is not None
    assert (found.state.word, found.state.reason) == ("failed", "RuntimeError: out of memory: 8 GiB")
    assert found.state.trace.startswith("Traceback (most recent call last):")
    assert found.state.trace.endswith("RuntimeError: out of memory: 8 GiB")

    run = headway.init(tmp_path / "run", config={"lr": 0.2}, resume=True)
    run.log({"loss": 1.0})
    run.flush()
    again = account(told_by(tmp_path / "run"))
    assert again.state is not None
    assert again.state.word == "running"
    assert again.config == {"lr": 0.2}
    assert again.id == found.id
    assert again.run["resumed"] is True
    run.close()


def test_secrets_and_no_config(tmp_path: Path) -> None:
    with headway.init(tmp_path / "run"):
        pass
    found = account(told_by(tmp_path / "run"))
    assert found.config == {}
    assert found.state is not None


# ---- states of several ranks


def test_each_rank_has_its_state_and_the_first_speaks_for_all() -> None:
    found = account([state("running", 1, 0), state("running", 2, 1), state("finished", 9, 1)])
    assert {rank: one.word for rank, one in found.states.items()} == {0: "running", 1: "finished"}
    assert found.state == State("running", "", "", 1, 0)


def test_a_rank_that_failed_first_is_why_the_run_did() -> None:
    found = account(
        [
            *(state("running", 1 + rank / 10, rank) for rank in range(3)),
            state("failed: RuntimeError: NaN\n\n```text\nTraceback\n  x\n```", 5, 2),
            state("failed: NCCL timeout", 6, 1),
            state("killed: SIGTERM", 7, 0),
        ]
    )
    assert found.state == State("failed", "RuntimeError: NaN", "Traceback\n  x", 5, 2)
    assert len(found.states) == 3


def test_ranks_of_an_earlier_life_do_not_count() -> None:
    earlier = [state("running", 1, 0), state("running", 1, 7), state("failed: x", 3, 7), state("killed: y", 4, 0)]
    found = account([*earlier, state("running", 100, 0, life=2)])
    assert found.state == State("running", "", "", 100, 0)
    assert found.states[7].word == "failed"


@pytest.mark.parametrize("text", ["", "sleeping", "finish", "Finished", "finishedly: x"])
def test_other_words_are_no_state(text: str) -> None:
    assert account([state(text, 1)]).state is None


# ---- what others record


def test_hyperparameters_of_torch(tmp_path: Path) -> None:
    with torch.utils.tensorboard.SummaryWriter(str(tmp_path)) as writer:
        writer.add_hparams({"lr": 0.1, "layers": 12, "opt": "adam", "on": True}, {"loss": 1.0}, run_name="trial")
    found = account(told_by(tmp_path / "trial"))
    assert found.config == {"lr": 0.1, "layers": 12, "opt": "adam", "on": True}
    assert type(found.config["layers"]) is int
    assert found.state is None  # it says at once that it has ended, in the middle of the training


def test_sessions_of_tensorboards_hyperparameters() -> None:
    start = hparams(session_start_value({"lr": 1.0}, start_time=50.0, group="seeds"), 50)
    begun = account([start])
    assert (begun.state, begun.started, begun.group) == (None, 50.0, "seeds")
    found = account([start, hparams(session_end_value("failure", 90.0), 90)])
    assert found.state == State("failed", "", "", 90)


@shared_data.needs_them
def test_the_texts_of_transformers_trainer() -> None:
    found = account(told_by(shared_data.EVENTS / "hf-trainer" / "run0"))
    assert found.config["output_dir"] == "./results"
    assert found.config["per_device_train_batch_size"] == 16
    assert found.config["model_config.hidden_act"] == "gelu"
    assert found.config["model_config.architectures"] == '["RobertaForMaskedLM"]'
    assert found.state is None


@shared_data.needs_them
def test_the_hyperparameters_of_lightning() -> None:
    found = account(told_by(shared_data.EVENTS / "lightning" / "version_136"))
    assert found.config["hidden_size"] == 64
    assert found.config["group_identifier"] == "gauge_id"


def test_the_runs_own_config_goes_before_what_others_wrote() -> None:
    trainer = said("args/text_summary", '{"lr": 1, "seed": 4}')
    own = said("headway/config", fenced('{"lr": 3}', "json"))
    one = hparams(session_start_value({"lr": 2.0, "x": 1.0}), 1)
    assert account([own, one, trainer]).config == {"lr": 3, "seed": 4}
    assert account([one, trainer]).config == {"lr": 2, "x": 1, "seed": 4}


# ---- how a run goes


@pytest.mark.parametrize(
    ("word", "live", "last_wall", "expected"),
    [
        (None, True, 1000.0, "running"),
        (None, False, 1000.0, "unknown"),
        ("running", True, NAN, "running"),
        ("running", False, 900.0, "running"),
        ("running", False, 700.0, "lost"),
        ("running", False, NAN, "lost"),
        ("finished", False, 500.0, "finished"),
        ("failed", True, 510.0, "failed"),
        ("killed", False, NAN, "killed"),
        ("finished", True, 990.0, "running"),  # it went on
    ],
)
def test_outcomes(word: Any, live: bool, last_wall: float, expected: str) -> None:
    said = None if word is None else State(word, "", "", 500.0)
    assert state_of(Account(said), live, last_wall, 0.0, 1000.0) == expected


def test_a_slow_heartbeat_is_waited_for() -> None:
    slow = Account(State("running", "", "", 500.0), run={"heartbeat": 200.0})
    assert state_of(slow, False, NAN, 0.0, 1000.0) == "running"
    assert state_of(slow, False, NAN, 0.0, 1400.0) == "lost"
    assert [Account(run={"heartbeat": odd}).heartbeat for odd in ("x", None, -1, math.inf)] == [30.0] * 4


def test_files_that_change_are_heartbeats_of_a_run_but_no_second_life() -> None:
    running, finished = (Account(State(word, "", "", 500.0)) for word in ("running", "finished"))
    assert state_of(running, False, 500.0, 900.0, 1000.0) == "running"  # it logs rarely
    assert state_of(running, False, 500.0, 700.0, 1000.0) == "lost"
    assert state_of(finished, True, 499.0, 999.0, 1000.0) == "finished"  # just copied


# ---- pure parts


@given(st.text(st.sampled_from("`\na ~")))
def test_a_fenced_block_is_found_again(text: str) -> None:
    assert block(fenced(text, "json")) == text
    assert block(f"notes\n\n```\nx\n```\n\n{fenced(text)}\n") == text


@pytest.mark.parametrize("text", ["", "```", "no block", "``\nx\n``", "```json\nx\n``` after", "x```"])
def test_there_may_be_none(text: str) -> None:
    assert block(text) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1), JSON))
def test_flat_is_as_the_recorder_makes_it_but_keeps_nothings(config: dict[str, Any]) -> None:
    found = flat(plain(config))
    assert {name: value for name, value in found.items() if value is not None} == recorded_flat(config)


@pytest.mark.parametrize(
    "text",
    [
        fenced("[" * 50_000, "json"),
        fenced("[1]", "json"),
        fenced("{", "json"),
        fenced('{"a": 1' + "0" * 10_000 + "}", "json"),
        "`" * 100_000,
        "```\n" * 30_000,
        '{"a": ' * 5000,
    ],
)
def test_hostile_texts_are_not_told(text: str) -> None:
    for tag in KEPT[1:]:
        found = account([said(tag, text)])
        assert (found.config, found.run) == ({}, {})


def test_hostile_configs_are_bounded() -> None:
    deep: Any = {"x" * 1000: dict.fromkeys(map(str, range(1000)), 1)}
    for _ in range(30):
        deep = {"k" * 1000: deep}
    found = account([said("headway/config", fenced(json.dumps(deep), "json"))])
    assert sum(map(len, found.config)) < 10_000
    odd = {"surrogate": "\ud800", "large": 2**80}
    assert account([said("args/text_summary", json.dumps(odd))]).config == {"surrogate": "?", "large": str(2**80)}


def test_damaged_contents_are_not_told() -> None:
    for tag in ("headway/state", "headway/run", "args/text_summary"):
        assert account([Told(tag, "text", "p", 0, 0, 1.0, b"\xff\xff")]) == Account()
    assert account([Told("_hparams_/x", "hparams", "p", 0, 0, 1.0, b"\xff")]) == Account()
    assert account([]) == Account()
