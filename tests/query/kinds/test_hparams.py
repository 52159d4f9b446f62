from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.plugins.hparams import plugin_data_pb2, summary_v2
from tensorboardX.summary import hparams as tensorboardx_hparams
from torch.utils.tensorboard.summary import hparams as torch_hparams

from headway.query.kinds import Experiment, Hparam, HParams, Metric, SessionEnd, SessionStart, decode, plain
from headway.record.kinds.hparams import hparams_values, session_end_value, session_start_value
from query.kinds.samples import experiment, value

GIVEN = {"lr": 0.1, "on": False, "opt": "adam", "zero": 0.0}


def read(content: bytes) -> HParams:
    found = decode("hparams", content)
    assert isinstance(found, HParams)
    return found


def start_of(content: bytes) -> SessionStart:
    start = read(content).start
    assert start is not None
    return start


TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(TEXTS, st.one_of(st.booleans(), st.floats(allow_nan=False), TEXTS)))
def test_what_headway_writes_comes_back(given: dict[str, Any]) -> None:
    found = start_of(session_start_value(given, start_time=12.5, group="seeds"))
    assert found == SessionStart(given, "seeds", 12.5, "", "")
    assert {name: type(value) for name, value in found.hparams.items()} == {n: type(v) for n, v in given.items()}


def test_the_three_values_of_a_session() -> None:
    first, start, end = hparams_values(GIVEN, ["loss"], domains={"lr": [0.1, 0.2]})
    assert read(first).experiment == Experiment(
        "",
        "",
        "",
        0.0,
        (
            Hparam("lr", "", "", "number", (0.1, 0.2), None),
            Hparam("on", "", "", "bool", None, None),
            Hparam("opt", "", "", "string", None, None),
            Hparam("zero", "", "", "number", None, None),
        ),
        (Metric("", "loss", "", "", "unknown"),),
    )
    assert start_of(start).hparams == GIVEN
    assert read(end) == HParams(end=SessionEnd("success", 0.0))
    assert read(session_end_value("failure", 7.0)).end == SessionEnd("failure", 7.0)


@pytest.mark.parametrize("writer", [tensorboardx_hparams, torch_hparams])
def test_the_values_of_others(writer: Any) -> None:
    values = [summary.value[0].SerializeToString() for summary in writer({"lr": 0.1, "opt": "adam"}, {"loss": 1})]
    assert [bool(read(one).experiment) for one in values] == [True, False, False]
    assert start_of(values[1]).hparams == {"lr": 0.1, "opt": "adam"}


def test_tensorboards_own_values() -> None:
    summary = summary_v2.hparams_pb({"units": 32, "opt": "adam", "on": True}, trial_id="t1", start_time_secs=3.0)
    found = start_of(summary.value[0].SerializeToString())
    assert found == SessionStart({"units": 32.0, "opt": "adam", "on": True}, "t1", 3.0, "", "")

    config = summary_v2.hparams_config_pb(
        [
            summary_v2.HParam("lr", summary_v2.RealInterval(0.1, 1.0)),
            summary_v2.HParam("n", summary_v2.Discrete([1, 2])),
        ],
        [summary_v2.Metric("loss", group="eval", display_name="Loss", dataset_type=summary_v2.Metric.VALIDATION)],
    )
    told = read(config.value[0].SerializeToString()).experiment
    assert told is not None
    assert [(one.interval, one.domain) for one in told.hparams] == [((0.1, 1.0), None), (None, (1.0, 2.0))]
    assert told.metrics == (Metric("eval", "loss", "Loss", "", "validation"),)


def test_domains_of_protobufs_own() -> None:
    told = read(value("hparams", content=experiment())).experiment
    assert told is not None
    assert told.name == "sweep"
    assert told.hparams == (
        Hparam("lr", "", "", "number", None, (0.1, 1.0)),
        Hparam("opt", "", "", "string", ("adam", "sgd"), None),
    )


def test_lists_and_structs_and_nothing() -> None:
    data = plugin_data_pb2.HParamsPluginData()
    nested = data.session_start_info.hparams["nested"]
    nested.struct_value.update({"a": [1, "x", None, {"b": True}]})
    data.session_start_info.hparams["nothing"].null_value = struct_pb2.NULL_VALUE
    found = start_of(value("hparams", content=data.SerializeToString()))
    assert found.hparams == {"nested": {"a": [1.0, "x", None, {"b": True}]}, "nothing": None}


def test_lists_in_lists_beyond_reason_are_refused() -> None:
    data = plugin_data_pb2.HParamsPluginData()
    one = data.session_start_info.hparams["deep"]
    for _ in range(90):
        one = one.list_value.values.add()
    with pytest.raises(ValueError, match="nested deeper than 64 levels"):
        read(value("hparams", content=data.SerializePartialToString()))


def test_the_first_value_of_a_tag_tells_what_later_ones_do_not() -> None:
    first = session_start_value(GIVEN)
    assert decode("hparams", value("", tag="_hparams_/session_start_info"), first) == read(first)


def test_an_unknown_status_is_unknown() -> None:
    content = plugin_data_pb2.HParamsPluginData()
    content.session_end_info.status = 17
    assert read(value("hparams", content=content.SerializeToString())).end == SessionEnd("unknown", 0.0)


def test_plain() -> None:
    told = plain(read(session_start_value({"lr": float("nan")})))
    assert told["start"]["hparams"] == {"lr": "NaN"}
    assert (told["kind"], told["experiment"], told["end"]) == ("hparams", None, None)
