from __future__ import annotations

import argparse
import dataclasses
import enum
import functools
import itertools
import json
import math
import time
from collections import OrderedDict, deque, namedtuple
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import attrs
import numpy as np
import omegaconf
import pydantic
import pytest
import torch
import transformers
from hypothesis import given
from hypothesis import strategies as st

from headway.record.about import config
from headway.record.about.config import as_config, flat, plain


class Colour(enum.Enum):
    RED = enum.auto()
    BLUE = "blue"


class Speed(enum.StrEnum):
    FAST = "fast"


@dataclasses.dataclass
class Optimiser:
    lr: float = 3e-4
    betas: tuple[float, float] = (0.9, 0.95)


@dataclasses.dataclass
class Training:
    optimiser: Optimiser = dataclasses.field(default_factory=Optimiser)
    where: Path = Path("/data")


@attrs.define
class Sampling:
    top_k: int = 5
    stop: list[str] = attrs.Factory(lambda: ["\n"])


class Served(pydantic.BaseModel):
    port: int = 80
    sampling: dict[str, float] = {"t": 0.5}


class Silent:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class Nothing:
    pass


Pair = namedtuple("Pair", ["left", "right"])


def activation(x: float) -> float:
    return x


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (np.bool_(True), True),
        (7, 7),
        (np.int64(7), 7),
        (10**30, 10**30),
        (0.5, 0.5),
        (np.float32(0.5), 0.5),
        (math.nan, "NaN"),
        (np.float16("inf"), "Infinity"),
        (-math.inf, "-Infinity"),
        ("损失", "损失"),
        (Colour.RED, "RED"),
        (Colour.BLUE, "blue"),
        (Speed.FAST, "fast"),
        (Path("/a/b"), "/a/b"),
        (b"x", "b'x'"),
        (np.dtype("float32"), "float32"),
        (np.float32, "numpy.float32"),
        (torch.bfloat16, "torch.bfloat16"),
        (torch.device("cuda:0"), "cuda:0"),
        (torch.tensor(2.5, dtype=torch.bfloat16, requires_grad=True), 2.5),
        (np.arange(3), [0, 1, 2]),
        (torch.ones(2, 1), [[1.0], [1.0]]),
        (np.zeros((50, 50), np.float32), "ndarray of shape (50, 50), float32"),
        ((1, [2.0, {"a": None}]), [1, [2.0, {"a": None}]]),
        (range(3), [0, 1, 2]),
        (deque([1]), [1]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a", 1}), [1, "a", "b"]),
        ({1: "a", None: 2, (1, 2): 3, Colour.RED: 4}, {"1": "a", "None": 2, "(1, 2)": 3, "RED": 4}),
        (OrderedDict(a=1), {"a": 1}),
        (MappingProxyType({"a": 1}), {"a": 1}),
        (argparse.Namespace(lr=0.1, layers=[1]), {"lr": 0.1, "layers": [1]}),
        (SimpleNamespace(a=1), {"a": 1}),
        (Pair(1, "b"), {"left": 1, "right": "b"}),
        (Training(), {"optimiser": {"lr": 3e-4, "betas": [0.9, 0.95]}, "where": "/data"}),
        (Sampling(), {"top_k": 5, "stop": ["\n"]}),
        (Served(), {"port": 80, "sampling": {"t": 0.5}}),
        (Training, f"{__name__}.Training"),
        (activation, f"{__name__}.activation"),
        (torch.nn.functional.gelu, "torch._C._nn.gelu"),
        (torch.nn.Linear, "torch.nn.modules.linear.Linear"),
        (functools.partial(activation, 1), f"partial({__name__}.activation, 1)"),
        (functools.partial(dict, a="b"), "partial(dict, a='b')"),
        (Silent(), f"{__name__}.Silent"),
        (Nothing(), f"{__name__}.Nothing"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_values_become(value: Any, expected: Any) -> None:
    found = plain(value)
    assert found == expected
    assert type(found) is type(expected)
    assert plain({"a": [value]}) == {"a": [expected]}


def test_omegaconf_is_resolved_where_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH_VARIABLE", raising=False)
    made = omegaconf.OmegaConf.create(
        {
            "lr": 0.1,
            "twice": "${lr}",
            "nested": {"name": "model-${lr}", "nowhere": "${not.there}", "missing": "???"},
            "env": "${oc.env:NO_SUCH_VARIABLE}",
            "list": [1, "${lr}", {"a": "${nested.name}"}],
            "empty": None,
        }
    )
    assert plain({"cfg": made})["cfg"] == {
        "lr": 0.1,
        "twice": 0.1,
        "nested": {"name": "model-0.1", "nowhere": "${not.there}", "missing": "???"},
        "env": "${oc.env:NO_SUCH_VARIABLE}",
        "list": [1, 0.1, {"a": "model-0.1"}],
        "empty": None,
    }
    structured = omegaconf.OmegaConf.structured(Optimiser)
    assert plain(structured) == {"lr": 3e-4, "betas": [0.9, 0.95]}


def test_configurations_of_transformers() -> None:
    made = transformers.GPT2Config(n_layer=3, dtype=torch.bfloat16)
    found = plain({"model": made})["model"]
    assert found["n_layer"] == 3
    assert found["dtype"] == "bfloat16"
    assert found["model_type"] == "gpt2"
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_what_goes_round_in_circles_ends() -> None:
    circle: dict[str, Any] = {"a": 1, "shared": (pair := [1, 2]), "again": pair}
    circle["self"] = circle
    assert plain(circle) == {"a": 1, "shared": [1, 2], "again": [1, 2], "self": "..."}
    deep: Any = 1
    for _ in range(5_000):
        deep = [deep]
    assert str(plain(deep)).count("[") == config.MAX_DEPTH


def test_what_doubles_with_each_level_ends() -> None:
    node: Any = [1]
    for _ in range(31):
        node = [node, node]
    started = time.perf_counter()
    plain(node)
    assert time.perf_counter() - started < 5


class Hostile:
    """Raises at whatever is asked of it."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)


class Unfinished(dict[str, Any]):
    def items(self) -> Any:
        raise KeyError("gone")

    def __repr__(self) -> str:
        return "unfinished"


@pytest.mark.parametrize("make", [Hostile, lambda: Unfinished(a=1), Silent, lambda: torch.nn.Linear(2, 2), object])
def test_nothing_raises(make: Callable[[], Any]) -> None:
    odd = make()
    found = plain({"odd": odd, "list": [odd], "set": (1, odd), "good": 1})
    assert found["good"] == 1
    assert isinstance(found["odd"], str)
    json.dumps(found, allow_nan=False)


def test_objects_are_described_briefly() -> None:
    assert len(plain(torch.nn.Sequential(*(torch.nn.Linear(2, 2) for _ in range(500))))) < 2_100


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_plain_data_stays_as_it_is(value: Any) -> None:
    assert plain(value) == value


def test_a_configuration_has_names() -> None:
    made = SimpleNamespace()
    assert as_config({}) == {}
    assert as_config(argparse.Namespace(a=1)) == {"a": 1}
    assert as_config(made) == {}

    class Mine:
        def __init__(self) -> None:
            self.lr = 0.1
            self._hidden = 1

    assert as_config(Mine()) == {"lr": 0.1}
    for wrong in (1, "text", [1], None, Mine, activation, {1, 2}):
        with pytest.raises(TypeError, match="config must be"):
            as_config(wrong)


def test_flat_names_for_hparams() -> None:
    nested = {
        "a": {"b": 1, "c": {"d": "x"}},
        "list": [1, {"k": "值"}],
        "none": None,
        "on": True,
        "lr": math.nan,
        "e": {},
    }
    assert flat(nested) == {"a.b": 1, "a.c.d": "x", "list": '[1, {"k": "值"}]', "on": True, "lr": "NaN"}
    assert flat(Training())["optimiser.betas"] == "[0.9, 0.95]"


def test_what_never_ends_is_cut() -> None:
    class Endless(dict[str, int]):
        def items(self) -> Any:
            return ((str(number), number) for number in itertools.count())

    found = plain(Endless())
    assert len(found) == config.MAX_NODES
    assert [*found.values()][-1] == "..."


def test_sets_of_numbers_are_in_their_order() -> None:
    assert plain({10, 9, 1.5, True}) == [True, 1.5, 9, 10]


def test_an_integer_that_python_does_not_print() -> None:
    number = 10**5000
    assert as_config({"a": number, "b": 2**70})["b"] == 2**70
    assert plain(number).startswith("0x31e2")
    json.dumps(plain(number))
