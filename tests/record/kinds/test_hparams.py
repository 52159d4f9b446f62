from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX.summary
import torch
import torch.utils.tensorboard.summary
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from headway.events.messages import scalar_value
from headway.record.kinds.hparams import (
    STATUSES,
    check_hparams,
    hparams_values,
    plain,
    session_end_value,
    session_start_value,
)
from record.kinds.peers import HParamsPlugin, context, get, ours, theirs
from record.kinds.shown import event_file

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.one_of(st.floats(allow_nan=False), st.integers(-(1 << 60), 1 << 60))


def said(values: list[Any]) -> list[tuple[str, str, Any]]:
    """Tag, plugin and message of each value; a serialized message is compared as what it says."""
    plugins = [(value.tag, value.metadata.plugin_data) for value in values]
    return [(tag, data.plugin_name, HParamsPluginData.FromString(data.content)) for tag, data in plugins]


def start_of(value: bytes) -> Any:
    [(_, _, data)] = said(ours([value]))
    return data.session_start_info


def shown(logdir: Path) -> tuple[Any, list[Any]]:
    """The experiment and the session groups that TensorBoard's dashboard gets."""
    routes = HParamsPlugin(context(logdir)).get_plugin_apps()
    wanted = {
        "allowed_statuses": [f"STATUS_{status.upper()}" for status in STATUSES],
        "start_index": 0,
        "slice_size": 100,
        "col_params": [],
    }
    experiment = get(routes["/experiment"], request=json.dumps({}))
    return experiment, get(routes["/session_groups"], request=json.dumps(wanted))["sessionGroups"]


@given(
    st.dictionaries(TEXT, st.one_of(NUMBER, TEXT, st.booleans(), st.none()), max_size=6), st.lists(TEXT, max_size=3)
)
def test_equal_to_tensorboardx(hparams: dict[str, Any], metrics: list[str]) -> None:
    metrics = [*dict.fromkeys(metrics)]
    expected = theirs(*tensorboardX.summary.hparams(hparams, dict.fromkeys(metrics, 0.5)))
    assert said(ours(hparams_values(hparams, metrics))) == said(expected)


@given(st.dictionaries(TEXT, st.one_of(NUMBER, TEXT, st.none()), max_size=6), st.lists(TEXT, max_size=3))
def test_equal_to_torch(hparams: dict[str, Any], metrics: list[str]) -> None:
    metrics = [*dict.fromkeys(metrics)]
    expected = theirs(*torch.utils.tensorboard.summary.hparams(hparams, dict.fromkeys(metrics, 0.5)))
    assert said(ours(hparams_values(hparams, metrics))) == said(expected)


def test_the_domains_of_torch() -> None:
    hparams = {"lr": 0.1, "layers": 2, "kind": "a", "free": 1}
    domains: dict[str, list[Any]] = {"lr": [0.1, 0.01], "layers": [2, 4], "kind": ["a", "b"]}
    check_hparams(hparams, {"loss": 1}, domains)
    expected = theirs(*torch.utils.tensorboard.summary.hparams(hparams, {"loss": 1}, domains))
    assert said(ours(hparams_values(hparams, ["loss"], domains=domains))) == said(expected)


def test_bools_stay_bools_in_domains_too() -> None:
    [(_, _, data), *_] = said(ours(hparams_values({"bn": True}, [], domains={"bn": [True, False]})))
    assert [value.bool_value for value in data.experiment.hparam_infos[0].domain_discrete.values] == [True, False]
    assert [value.WhichOneof("kind") for value in data.experiment.hparam_infos[0].domain_discrete.values] == [
        "bool_value"
    ] * 2


@pytest.mark.parametrize(
    ("value", "becomes"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3.0),
        (np.bool_(True), True),
        (np.array([7]), 7.0),
        (torch.tensor(0.25), 0.25),
        (torch.tensor([2]), 2.0),
        (torch.tensor(True), True),
        (Decimal("1.5"), 1.5),
        ([1, 2], "[1, 2]"),
        ([3], "[3]"),
        ((0.9, 0.999), "(0.9, 0.999)"),
        ({"a": 1}, "{'a': 1}"),
        (10**400, str(10**400)),
        (np.arange(3), "[0 1 2]"),
        (torch.nn.functional.relu, "relu"),
        (torch.optim.SGD, "SGD"),
        (Path("data/x"), "data/x"),
        (torch.float16, "torch.float16"),
    ],
    ids=str,
)
def test_what_becomes_of_a_value(value: Any, becomes: Any) -> None:
    assert plain(value) == becomes
    assert type(plain(value)) is type(becomes)
    written = start_of(session_start_value({"h": value})).hparams["h"]
    field = {bool: "bool_value", float: "number_value", str: "string_value"}[type(becomes)]
    assert written.WhichOneof("kind") == field
    assert getattr(written, field) == becomes


def test_zeros_and_empty_texts_are_values() -> None:
    written = start_of(session_start_value({"n": 0, "b": False, "s": "", "none": None})).hparams
    kinds = {name: value.WhichOneof("kind") for name, value in written.items()}
    assert kinds == {"n": "number_value", "b": "bool_value", "s": "string_value"}


def test_times_groups_and_ends() -> None:
    start = start_of(session_start_value({}, start_time=12.5, group="seeds"))
    assert (start.start_time_secs, start.group_name) == (12.5, "seeds")
    for number, status in enumerate(STATUSES):
        [(tag, _, data)] = said(ours([session_end_value(status, 99.5)]))
        assert tag == "_hparams_/session_end_info"
        assert (data.session_end_info.status, data.session_end_info.end_time_secs) == (number, 99.5)
        [(_, _, data)] = said(ours([session_end_value(status)]))
        assert data.HasField("session_end_info")
    with pytest.raises(ValueError, match="status must be one of unknown, success, failure, running, not 'ok'"):
        session_end_value("ok")  # type: ignore[arg-type]


def test_tensorboard_shows_sub_runs_with_an_experiment_each(tmp_path: Path) -> None:
    for name, rate in (("a", 0.1), ("b", 0.01)):
        (tmp_path / name).mkdir()
        values = hparams_values({"lr": rate, "bn": name == "a", "opt": "sgd"}, ["loss"])
        event_file(tmp_path / name, [*values, scalar_value("loss", rate * 2)])
    experiment, groups = shown(tmp_path)
    assert {info["name"]: info["type"] for info in experiment["hparamInfos"]} == {
        "lr": "DATA_TYPE_FLOAT64",
        "bn": "DATA_TYPE_BOOL",
        "opt": "DATA_TYPE_STRING",
    }
    assert {group["name"]: group["hparams"] for group in groups} == {
        "a": {"lr": 0.1, "bn": True, "opt": "sgd"},
        "b": {"lr": 0.01, "bn": False, "opt": "sgd"},
    }
    assert {group["name"]: group["metricValues"][0]["value"] for group in groups} == pytest.approx(
        {"a": 0.2, "b": 0.02}
    )
    assert {group["sessions"][0]["status"] for group in groups} == {"STATUS_SUCCESS"}


def test_tensorboard_shows_a_run_that_has_only_its_start(tmp_path: Path) -> None:
    """No sub-run and no experiment: the metrics are the run's own scalars."""
    for name, rate in (("a", 0.1), ("b", 0.01)):
        (tmp_path / name).mkdir()
        start = session_start_value({"lr": rate, "depth": 12}, start_time=5.0)
        event_file(tmp_path / name, [start, scalar_value("train/loss", rate * 2), scalar_value("acc", 0.5)])
    experiment, groups = shown(tmp_path)
    assert {info["name"]["tag"] for info in experiment["metricInfos"]} == {"train/loss", "acc"}
    assert {group["name"]: group["hparams"] for group in groups} == {
        "a": {"lr": 0.1, "depth": 12},
        "b": {"lr": 0.01, "depth": 12},
    }
    found = {group["name"]: {m["name"]["tag"]: m["value"] for m in group["metricValues"]} for group in groups}
    assert found == {
        "a": pytest.approx({"train/loss": 0.2, "acc": 0.5}),
        "b": pytest.approx({"train/loss": 0.02, "acc": 0.5}),
    }
    assert groups[0]["sessions"][0]["startTimeSecs"] == 5.0


def test_tensorboard_groups_seeds(tmp_path: Path) -> None:
    for seed in range(3):
        (tmp_path / str(seed)).mkdir()
        start = session_start_value({"lr": 0.1}, group="lr=0.1")
        event_file(tmp_path / str(seed), [start, session_end_value("failure"), scalar_value("loss", seed)])
    _, [group] = shown(tmp_path)
    assert group["name"] == "lr=0.1"
    assert [session["status"] for session in group["sessions"]] == ["STATUS_FAILURE"] * 3
    assert group["metricValues"][0]["value"] == 1.0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([], {}), "hparam_dict should be a dictionary"),
        (({}, 3), "metric_dict should be a dictionary"),
        (({"a": 1}, {}, [1]), "hparam_domain_discrete should be a dictionary"),
        (({"a": 1}, {}, {"b": [1]}), r"hparam_domain_discrete\['b'\]: there is no"),
        (({"a": 1}, {}, {"a": (1, 2)}), r"hparam_domain_discrete\['a'\] should be a list of int"),
        (({"a": 1}, {}, {"a": [1, "2"]}), "should be a list of int"),
    ],
    ids=str,
)
def test_refused_as_torch_does(arguments: tuple[Any, ...], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        check_hparams(*arguments)
    with pytest.raises(TypeError):
        torch.utils.tensorboard.summary.hparams(*arguments)


def test_names_are_strings() -> None:
    with pytest.raises(TypeError, match=r"hparam_dict: all keys should be strings, not \['a', 5\]"):
        check_hparams({"a": 1, 5: 2}, {})


def test_a_value_that_cannot_be_printed() -> None:
    class Silent:
        def __str__(self) -> str:
            raise RuntimeError

    assert str(plain(Silent())).endswith("Silent")
    assert plain(10**5000) == "int"
