from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.graph_pb2 import GraphDef
from torch import nn, zeros

from browser.board import Board
from browser.conftest import Visit
from browser.viewer import Viewer, viewing
from events.frames import write
from headway import SummaryWriter
from headway.events.framing import frame

LAYERS, OPERATIONS = 100, 100


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """A model of ten thousand operations, in TensorFlow's form."""
    logdir = tmp_path_factory.mktemp("graphs")
    write_large(logdir / "large")
    with viewing(logdir) as viewer:
        yield viewer


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """A small model of torch's."""
    logdir = tmp_path_factory.mktemp("small")
    with SummaryWriter(str(logdir / "small")) as writer:
        writer.add_graph(nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2)), zeros(1, 4))
    with viewing(logdir) as viewer:
        yield viewer


def write_large(directory: Path) -> None:
    graph = GraphDef()
    before = ""
    for layer in range(LAYERS):
        for i in range(OPERATIONS):
            node = graph.node.add(name=f"layer_{layer}/op_{i}", op="VariableV2" if i == 0 else "MatMul")
            if i == 0:
                for size in (16, 4):
                    node.attr["shape"].shape.dim.add(size=size)
            if before:
                node.input.append(before)
            before = node.name
    event = Event(wall_time=1.0, graph_def=graph.SerializeToString())
    write(directory / "events.out.tfevents.1.host", [frame(event.SerializeToString())])


def boxes(board: Board) -> int:
    drawing = board.page.get_by_role("application")
    expect(drawing).to_be_visible()
    return int(drawing.get_attribute("data-boxes") or 0)


def test_modules_are_opened_and_an_operation_is_looked_at(small: Viewer, visit: Visit) -> None:
    board = visit(small, "?view=graph")
    page = board.page
    outline = page.get_by_role("group", name="Modules")
    expect(outline.get_by_role("button", name="Sequential", exact=True)).to_be_visible()
    before = boxes(board)
    page.get_by_role("button", name="Close all").click()
    expect(page.get_by_role("application")).to_have_attribute("data-boxes", "3")  # input, model, output
    assert before > 3
    page.get_by_role("button", name="Open: Sequential").click()
    page.get_by_role("button", name="Open: Linear[0]").click()
    page.get_by_role("textbox", name="Search operations and modules").fill("aten::linear")
    page.get_by_role("button", name=re.compile("2 matches")).click()
    details = page.get_by_role("region", name="Chosen")
    expect(details).to_contain_text("aten::linear")
    expect(details).to_contain_text("1×8")
    board.expect_address(r"graph\.chosen=")
    board.reload()
    expect(details).to_contain_text("aten::linear")


def test_ten_thousand_operations(graphs: Viewer, visit: Visit) -> None:
    board = visit(graphs, "?view=graph")
    page = board.page
    expect(page.get_by_text("10,000 operations")).to_be_visible()
    expect(page.get_by_text(f"{LAYERS * 64:,} parameters")).to_be_visible()
    page.get_by_role("button", name="Open all").click()
    expect(page.get_by_role("application")).to_have_attribute("data-boxes", f"{LAYERS * OPERATIONS + LAYERS}")
    frames = page.evaluate(
        """async () => {
            const hand = document.querySelector("[role=application]");
            const frames = [];
            let last = await new Promise(requestAnimationFrame);
            for (let i = 0; i < 12; i++) {
                hand.dispatchEvent(new WheelEvent("wheel", { deltaY: -40, clientX: 700, clientY: 400 }));
                const now = await new Promise(requestAnimationFrame);
                frames.push(now - last);
                last = now;
            }
            return frames;
        }"""
    )
    assert len(frames) == 12
    assert len(page.get_by_role("group", name="Modules").get_by_role("button").all()) < 120  # only what is seen


def test_a_click_on_a_module_closes_it(small: Viewer, visit: Visit) -> None:
    board = visit(small, "?view=graph&graph.open=-")
    page = board.page
    page.get_by_role("button", name="Close all").click()
    drawing = page.get_by_role("application")
    expect(drawing).to_have_attribute("data-boxes", "3")
    box = drawing.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*middle)
    expect(drawing).to_have_attribute("data-boxes", re.compile(r"^[4-9]|\d\d"))
    expect(page.get_by_role("region", name="Chosen")).to_contain_text("Sequential")


def test_no_graph(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?view=graph")
    expect(board.page.get_by_role("main")).to_contain_text("No graph here")
