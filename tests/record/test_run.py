from __future__ import annotations

import argparse
import gc
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.util.tensor_util import make_ndarray

import headway
from headway.record.values import Image, Text, Value
from record.observe import events, points, texts, warned


def test_one_event_a_call(tmp_path: Path) -> None:
    values = {"train/loss": 2.0, "optim": {"lr": np.float32(0.5), "groups": {"0": torch.tensor(1)}}}
    with headway.init(tmp_path) as run:
        run.log(values, step=3)
    assert points(tmp_path) == [("train/loss", 3, 2.0), ("optim/lr", 3, 0.5), ("optim/groups/0", 3, 1.0)]
    assert [len(e.summary.value) for e in events(tmp_path) if e.step == 3] == [3]
    assert run.logdir == str(tmp_path)
    assert run.config == {}


def test_tags_are_kept_as_they_are(tmp_path: Path) -> None:
    tags = ["/a b", "损失", "x(y)%", "a//b", " "]
    with headway.init(tmp_path) as run:
        run.log(dict.fromkeys(tags, 1.0))
    assert [tag for tag, _, _ in points(tmp_path)] == tags


def test_steps_count_up(tmp_path: Path) -> None:
    with headway.init(tmp_path) as run:
        for step in (None, None, 10, None, torch.tensor(20), None, "30", None, 5, None):
            run.log({"t": 1.0}, step=step)
    assert [step for _, step, _ in points(tmp_path)] == [0, 1, 10, 11, 20, 21, 30, 31, 5, 6]


def test_wall_times(tmp_path: Path) -> None:
    with headway.init(tmp_path) as run:
        run.log({"t": 1.0}, wall_time=5.0)
        run.log({"t": 1.0}, 1, 6.0)
    assert [e.wall_time for e in events(tmp_path) for v in e.summary.value if v.tag == "t"] == [5.0, 6.0]


def test_taking_a_run_up_again(tmp_path: Path) -> None:
    with headway.init(tmp_path) as run:
        for _ in range(10):
            run.log({"t": 1.0})
    with headway.init(tmp_path, purge_step=5, filename_suffix=".again") as run:
        run.log({"t": 2.0})
        run.log({"t": 2.0})
    reader = EventAccumulator(str(tmp_path), {"scalars": 0}).Reload()
    assert [(e.step, e.value) for e in reader.Scalars("t")] == [*((s, 1.0) for s in range(5)), (5, 2.0), (6, 2.0)]
    assert len(list(tmp_path.glob("*.again"))) == 1


def test_the_config_is_written(tmp_path: Path) -> None:
    config: dict[str, Any] = {"lr": 3e-4, "名": "模型", "nested": {"path": Path("/data"), "n": None}, "token": "abc"}
    with headway.init(tmp_path, config) as run:
        assert run.config == {"lr": 3e-4, "名": "模型", "nested": {"path": "/data", "n": None}, "token": "abc"}
        run.flush()
        reader = EventAccumulator(str(tmp_path)).Reload()
    [event] = reader.Tensors("headway/config")
    text = make_ndarray(event.tensor_proto).item().decode()
    assert text.startswith("```json\n")
    assert json.loads(text[8:-4]) == run.config | {"token": "***"}
    assert reader.SummaryMetadata("headway/config").plugin_data.plugin_name == "text"


def test_the_config_is_what_tensorboard_calls_hyperparameters(tmp_path: Path) -> None:
    with headway.init(
        tmp_path, argparse.Namespace(lr=3e-4, model={"depth": 2, "bias": True, "act": torch.relu}, no=None)
    ):
        pass
    reader = EventAccumulator(str(tmp_path)).Reload()
    start, end = (
        HParamsPluginData.FromString(reader.SummaryMetadata(f"_hparams_/session_{which}_info").plugin_data.content)
        for which in ("start", "end")
    )
    found = {name: value.WhichOneof("kind") for name, value in start.session_start_info.hparams.items()}
    assert found == {
        "lr": "number_value",
        "model.depth": "number_value",
        "model.bias": "bool_value",
        "model.act": "string_value",
    }
    assert start.session_start_info.hparams["lr"].number_value == 3e-4
    assert end.session_end_info.status == 1  # success
    assert [path for path in tmp_path.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("config", [1, "text", [1], {1, 2}], ids=repr)
def test_what_is_no_config(tmp_path: Path, config: Any) -> None:
    with pytest.raises(TypeError, match="config must be"):
        headway.init(tmp_path / "run", config)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("values", [{"a": "x"}, {"a": {"": 1.0}}, {1: 1.0}, {"a": None}, [1.0], 1.0], ids=repr)
def test_a_wrong_type_is_an_error_at_once(tmp_path: Path, values: Any) -> None:
    with headway.init(tmp_path) as run:
        with pytest.raises(TypeError):
            run.log({"good": 1.0, **values} if isinstance(values, dict) else values, step=1)
        with pytest.raises(TypeError):
            run.log({"good": 1.0}, step=[1, 2])
        assert run.lost == 0
    assert points(tmp_path) == []


def test_a_value_that_cannot_be_had_costs_its_event(tmp_path: Path) -> None:
    run = headway.init(tmp_path)
    with warned("'a/b' could not be converted"):
        run.log({"good": 1.0, "a": {"b": 10**400}})
    run.log({"good": 2.0})
    assert run.lost == 1
    with warned("1 of the events"):
        run.close()
    assert points(tmp_path) == [("good", 1, 2.0)]


def test_closing_and_going_on(tmp_path: Path) -> None:
    run = headway.init(tmp_path, {"a": 1})
    for _ in range(3):
        run.log({"t": 1.0})
        run.close()
        run.close()
    assert [step for tag, step, _ in points(tmp_path) if tag == "t"] == [0, 1, 2]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    with warned("cannot write"):
        run = headway.init(tmp_path / "run", {"a": 1})
    run.log({"t": 1.0})
    (tmp_path / "run").unlink()
    run.close()
    assert run.lost == 0
    assert texts(tmp_path / "run", "headway/config") == ['```json\n{\n  "a": 1\n}\n```']
    assert points(tmp_path / "run") == [("t", 0, 1.0)]


def test_a_run_that_is_dropped_leaves_nothing_behind(tmp_path: Path) -> None:
    threads = threading.active_count()
    run = headway.init(tmp_path)
    run.log({"t": 1.0})
    del run
    gc.collect()
    assert points(tmp_path) == [("t", 0, 1.0)]
    assert threading.active_count() == threads


# more than numbers


def test_values_beside_numbers(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    with headway.init(tmp_path) as run:
        run.log(
            {"loss": 1.0, "eval": {"text": Text("*hi*"), "deep": {"image": Image(pixels)}, "acc": 0.5}}, wall_time=9.0
        )
        run.log({"only": {"text": Text("more")}})
        run.log({"loss": 2.0})
    found = [
        (v.tag, e.step, e.wall_time == 9.0)
        for e in events(tmp_path)
        for v in e.summary.value
        if not v.tag.startswith("headway/")
    ]
    assert sorted(found) == [
        *(("eval/acc", 0, True), ("eval/deep/image", 0, True), ("eval/text", 0, True)),
        *(("loss", 0, True), ("loss", 2, False), ("only/text", 1, False)),
    ]
    assert texts(tmp_path, "eval/text") == ["*hi*"]


@pytest.mark.parametrize(
    "wrong", [{"a": "x"}, {"a": [1, 2]}, {"a": {"": 1.0}}, {"a": {"b": None}}, {3: Text("x")}], ids=repr
)
def test_beside_something_wrong_nothing_is_logged(tmp_path: Path, wrong: dict[Any, Any]) -> None:
    with headway.init(tmp_path) as run:
        for logged in ({"text": Text("hi"), "good": 1.0, **wrong}, {**wrong, "text": Text("hi")}):
            with pytest.raises(TypeError):
                run.log(logged)
        assert run.lost == 0
    assert points(tmp_path) == []
    assert texts(tmp_path, "text") == []


def test_a_text_is_to_be_called_one(tmp_path: Path) -> None:
    with headway.init(tmp_path) as run, pytest.raises(TypeError, match=r"'a/b' is a str.*headway\.Text"):
        run.log({"a": {"b": "hello"}})


def test_a_value_that_cannot_be_encoded_costs_itself(tmp_path: Path) -> None:
    class Broken(Value):
        nbytes = 0

        def encode(self, tag: str) -> list[bytes]:
            raise ValueError(f"{tag} is broken")

    run = headway.init(tmp_path)
    with warned("pic could not be written.*pic is broken"):
        run.log({"pic": Broken(), "t": 1.0, "text": Text("hi")})
        run.flush()
    assert run.lost == 1
    with warned("1 of the events"):
        run.close()
    assert points(tmp_path) == [("t", 0, 1.0)]
    assert texts(tmp_path, "text") == ["hi"]


def test_what_was_not_logged_counts_no_step(tmp_path: Path) -> None:
    run = headway.init(tmp_path)
    with pytest.raises(TypeError):
        run.log({"t": "text"})
    assert run.step == 0
    with warned("was not written: OverflowError"):
        run.log({"t": 1.0}, step=2**70)
    run.log({"t": 1.0})
    run.log({"t": 10**400})  # no double; its step has passed nevertheless
    assert run.step == 2
    run.log({"t": 2.0})
    with warned("2 of the events"):
        run.close()
    assert points(tmp_path) == [("t", 0, 1.0), ("t", 2, 2.0)]


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"notes": 5}, TypeError, "notes must be a str, not int"),
        ({"tags": 5}, TypeError, "tags must be a str or several, not 5"),
        ({"tags": ["a", 5]}, TypeError, "tags must be a str or several"),
        ({"when_behind": "later"}, ValueError, 'when_behind must be "wait" or "drop"'),
        ({"filename_suffix": 5}, TypeError, "filename_suffix must be a str"),
        ({"filename_suffix": "/x"}, ValueError, "filename_suffix ends the name of a file"),
        ({"purge_step": 1 << 63}, OverflowError, "'purge_step' does not fit"),
    ],
    ids=str,
)
def test_arguments_that_are_mistakes_begin_nothing(
    arguments: dict[str, Any], error: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=says):
        headway.init(tmp_path / "run", **arguments)
    assert not (tmp_path / "run").exists()


def test_a_working_directory_that_was_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with warned("events (to|for) run "), headway.init("run") as run:
        run.log({"loss": 1})
    assert run.lost
