from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from google.protobuf import text_format
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.context import RequestContext
from tensorboard.plugins.base_plugin import TBContext
from torch import nn
from torch.utils.tensorboard import _pytorch_graph

from headway.events.framing import frame
from headway.events.messages import event, file_version
from headway.events.wire import message
from headway.record.kinds.graph import torch_graph

ONES = torch.ones(2, 3)


class Parameters(nn.Module):  # type: ignore[misc]
    """A parameter and a buffer of its own, beside what modules below it have; constants, an unused input."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.ReLU(), nn.Dropout(0.5)))
        self.scale = nn.Parameter(torch.ones(4))
        self.register_buffer("shift", torch.zeros(4))

    def forward(self, x: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
        return self.body(x) * self.scale + self.shift + torch.arange(4) + 2


class Many(nn.Module):  # type: ignore[misc]
    """Several inputs and outputs, one module used twice, an operation with several outputs."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 3)
        self.again = self.layer

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        first, second = torch.split(self.layer(x) + self.again(y), 1)
        return first, second, x


class Named(nn.Module):  # type: ignore[misc]
    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        return {"double": x * 2, "sum": x.sum()}


class Constant(nn.Module):  # type: ignore[misc]
    def forward(self, _: torch.Tensor) -> torch.Tensor:
        return torch.full((2, 2), 7)


class Branch(nn.Module):  # type: ignore[misc]
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for _ in range(3):
            x = torch.sigmoid(x) if bool(x.sum() > 0) else -x
        return x


def convolutions() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 5)
    )


def scripted() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return nn.Sequential(nn.Linear(3, 3), torch.jit.script(Branch()))


def recurrent() -> nn.Module:
    return nn.LSTM(3, 4, num_layers=2, bidirectional=True)


MODELS: dict[str, tuple[Callable[[], Any], Any, bool]] = {
    "linear": (lambda: nn.Linear(3, 2), ONES, True),
    "identity": (lambda: nn.Identity(), ONES, True),
    "sequential": (lambda: nn.Sequential(nn.Linear(3, 4), nn.Sequential(nn.Tanh(), nn.Linear(4, 1))), (ONES,), True),
    "parameters": (Parameters, (ONES, ONES), True),
    "many": (Many, (ONES, ONES), True),
    "convolutions": (convolutions, torch.ones(1, 1, 8, 8), True),
    "dict": (Named, ONES, False),
    "constant": (Constant, ONES, True),
    "transformer": (lambda: nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), torch.ones(1, 4, 8), True),
    "encoder": (
        lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, enable_nested_tensor=False),
        torch.ones(4, 1, 8),
        True,
    ),
    "recurrent": (recurrent, torch.ones(4, 1, 3), True),
    "embedding": (
        lambda: nn.Sequential(nn.Embedding(9, 4), nn.LayerNorm(4)),
        torch.ones(2, 3, dtype=torch.long),
        True,
    ),
    "scripted": (scripted, ONES, True),
}


def ours(*arguments: Any) -> tuple[GraphDef, RunMetadata]:
    graph, run = torch_graph(*arguments)
    return GraphDef.FromString(graph), RunMetadata.FromString(run)


def theirs(model: Any, inputs: Any, strict: bool) -> tuple[GraphDef, RunMetadata]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        graph, run = _pytorch_graph.graph(model, inputs, use_strict_trace=strict)
    return graph, run


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_the_graph_is_the_one_torch_makes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, inputs, strict = MODELS[name]
    monkeypatch.setattr(torch.backends.mha, "_is_fastpath_enabled", False)  # torch's cannot trace it, see below
    model = make()
    graph, run = ours(model, inputs, False, strict)
    expected, expected_run = theirs(model, inputs, strict)
    assert [node.name for node in graph.node] == [node.name for node in expected.node]
    for node, peer in zip(graph.node, expected.node, strict=True):
        assert node == peer
    assert graph.versions == expected.versions
    assert run == expected_run
    assert len(graph.node) > 1


@pytest.mark.filterwarnings("ignore:html5lib:DeprecationWarning")
def test_tensorboards_plugin_reads_it(tmp_path: Path) -> None:
    from tensorboard.plugins.graph.graphs_plugin import GraphsPlugin

    graph, run = torch_graph(nn.Linear(3, 1), ONES)
    tagged = message(8, message(1, b"step1") + message(2, run))
    events = [file_version(1.0), event(message(4, graph), 1.0), event(tagged, 1.0)]
    (tmp_path / "events.out.tfevents.1").write_bytes(b"".join(map(frame, events)))
    multiplexer = EventMultiplexer().AddRunsFromDirectory(str(tmp_path))
    multiplexer.Reload()
    provider = MultiplexerDataProvider(multiplexer, str(tmp_path))
    plugin = GraphsPlugin(TBContext(logdir=str(tmp_path), data_provider=provider))
    context = RequestContext()
    told = plugin.info_impl(context, experiment="")["."]
    assert told["run_graph"] is True
    assert told["tags"]["step1"]["profile"] is True
    text, _ = plugin.graph_impl(context, ".", None, False, experiment="")
    assert text_format.Parse(text, GraphDef()) == GraphDef.FromString(graph)
    text, _ = plugin.run_metadata_impl(context, "", ".", "step1")
    assert text_format.Parse(text, RunMetadata()).step_stats.dev_stats[0].device == "/device:CPU:0"


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_a_model_that_goes_another_way_without_gradients() -> None:
    model, inputs = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), torch.ones(1, 4, 8)
    model.eval()
    with pytest.raises(torch.jit.TracingCheckError):
        theirs(model, inputs, True)
    graph, _ = ours(model, inputs)
    assert "TransformerEncoderLayer/MultiheadAttention[self_attn]" in {
        node.name.rpartition("/")[0] for node in graph.node
    }


@pytest.mark.parametrize("fails", [False, True])
def test_every_module_keeps_its_mode(fails: bool) -> None:
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Sequential(nn.Dropout(), nn.Linear(3, 1)))
    model.train()
    model[0].eval()  # frozen
    before = [module.training for module in model.modules()]
    if fails:
        with pytest.raises(RuntimeError, match="4 elements not 3"):
            torch_graph(model, torch.ones(2, 4))
    else:
        torch_graph(model, ONES)
    assert [module.training for module in model.modules()] == before


def test_it_is_traced_in_evaluation_mode() -> None:
    graph, _ = ours(nn.Sequential(nn.Dropout(), nn.Linear(3, 1)).train(), ONES)
    [dropout] = [node for node in graph.node if node.op == "aten::dropout"]
    values = {node.name: node.attr["attr"].s for node in graph.node}
    assert values[dropout.input[2]] == b"{ value : 0}"  # its argument `train`


def test_what_the_model_raises_is_raised(capsys: pytest.CaptureFixture[str]) -> None:
    class Wrong(nn.Module):  # type: ignore[misc]
        def forward(self, _: torch.Tensor) -> torch.Tensor:
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        torch_graph(Wrong(), ONES)
    with pytest.raises(RuntimeError, match="strict"):
        torch_graph(Named(), ONES)
    assert capsys.readouterr().out == ""


def test_verbose_prints_the_graph(capsys: pytest.CaptureFixture[str]) -> None:
    torch_graph(nn.Linear(3, 1), ONES, True)
    assert "aten::linear" in capsys.readouterr().out


def test_functions_have_graphs_too() -> None:
    graph, _ = ours(lambda x: x + 1, ONES)
    assert [node.op for node in graph.node].count("aten::add") == 1


def test_a_value_that_is_called_as_an_output_is() -> None:
    class Outputs(nn.Module):  # type: ignore[misc]
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            output = x + 1
            output = output * 2
            return output - 3

    graph, _ = ours(Outputs(), ONES)
    names = [node.name for node in graph.node]
    assert len({*names}) == len(names)
    assert "output/output.1" in names
    for node in graph.node:
        assert {*node.input} <= {*names}
