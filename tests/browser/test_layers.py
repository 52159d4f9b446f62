from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from browser.conftest import Visit
from browser.layers_logdir import EXPLODES, hole, layer_of, write_layers
from browser.test_looks import CONTRASTS
from browser.viewer import Viewer, viewing

LAYERS, POINTS = 12, 60
BROKEN = EXPLODES.format(layer=layer_of(LAYERS))


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """Two runs of a model of 12 layers: the gradients of one tensor explode, one is NaN once."""
    logdir = tmp_path_factory.mktemp("layers")
    write_layers(logdir, layers=LAYERS, points=POINTS, runs=("a", "b"))
    with viewing(logdir) as viewer:
        yield viewer


def heat_map(page: Page) -> Locator:
    return page.get_by_role("application", name=re.compile("a heat map of"))


def asks_heat(request: Request) -> bool:
    return request.url.endswith("api/heat")


def test_a_family_is_one_request_and_a_row_a_module(model: Viewer, visit: Visit) -> None:
    board = visit(model, "?view=charts")
    page = board.page
    with page.expect_request(asks_heat) as asked:
        page.get_by_role("link", name="Layers").or_(page.get_by_role("button", name="Layers")).first.click()
    body = json.loads(asked.value.post_data or "")
    assert len(body["tags"]) == 6 * LAYERS + 2
    assert body["tags"][0] == "grad_norm/embed_tokens"
    expect(page.get_by_text(f"{6 * LAYERS + 2} rows", exact=True)).to_be_visible()
    expect(heat_map(page)).to_be_visible()
    with page.expect_request(asks_heat) as asked:
        page.get_by_role("combobox", name="Measure").select_option("update_ratio")
    assert json.loads(asked.value.post_data or "")["tags"][0].startswith("update_ratio/")
    board.expect_address("layers.family=update_ratio")


def test_the_cells_are_read_by_pointer_and_keys(model: Viewer, visit: Visit) -> None:
    board = visit(model, f"?view=layers&layers.find={BROKEN}")
    page = board.page
    expect(page.get_by_text("1 row", exact=True)).to_be_visible()
    heat_map(page).focus()
    page.keyboard.press("ArrowRight")
    tip = page.get_by_role("status").filter(has_text="grad_norm")
    expect(tip).to_contain_text(BROKEN)
    expect(tip).to_contain_text(f"{(POINTS - 1) * 10}")
    page.keyboard.press("Enter")
    panel = page.get_by_role("region", name=f"Curve of grad_norm/{BROKEN}")
    expect(panel).to_be_visible()
    board.expect_address("layers.tag=grad_norm")
    panel.get_by_role("button", name="Open in charts").click()
    board.expect_address(r"tags=%5Egrad_norm")
    expect(board.cards).to_have_count(1)


def test_what_is_not_finite_is_said(model: Viewer, visit: Visit) -> None:
    page = visit(model, f"?view=layers&layers.find={hole(LAYERS)}").page
    expect(page.get_by_text("NaN or ∞", exact=True)).to_be_visible()
    heat_map(page).focus()
    for _ in range(POINTS - 1 - POINTS // 2):  # from the last column on
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("◆ NaN", exact=True)).to_be_visible()


def test_a_drag_zooms_into_steps_and_rows_and_a_double_click_out(model: Viewer, visit: Visit) -> None:
    board = visit(model, "?view=layers")
    page = board.page
    expect(heat_map(page)).to_be_visible()
    box = heat_map(page).bounding_box()
    assert box is not None
    with page.expect_request(asks_heat) as asked:
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.6 * box["height"], steps=3)
        page.mouse.up()
    body = json.loads(asked.value.post_data or "")
    assert 0 < body["start"] < body["stop"] < POINTS * 10
    board.expect_address("layers.steps=")
    page.get_by_role("button", name="Reset zoom").click()
    expect(page).not_to_have_url(re.compile("layers.steps"))


def test_the_module_that_explodes_changed_most(model: Viewer, visit: Visit) -> None:
    board = visit(model, "?view=layers&layers.mode=changed")
    page = board.page
    items = page.get_by_role("list", name="Changed most").get_by_role("listitem")
    expect(items.nth(0)).to_contain_text(hole(LAYERS))
    expect(items.nth(0)).to_contain_text("◆ 1 column with NaN or ∞")
    expect(items.nth(1)).to_contain_text(BROKEN)
    expect(page.get_by_text("log₂(after ÷ before)")).to_be_visible()
    items.nth(1).get_by_role("button").click()
    expect(page.get_by_role("region", name=f"Curve of grad_norm/{BROKEN}")).to_be_visible()
    # After half of the run there is no NaN between the steps any more.
    board.open(f"?view=layers&layers.mode=changed&layers.step={POINTS // 2 * 10 + 20}")
    expect(items.nth(0)).to_contain_text(BROKEN)


def test_a_profile_over_the_depth(model: Viewer, visit: Visit) -> None:
    board = visit(model, "?view=layers&layers.mode=profile&layers.find=down_proj")
    page = board.page
    page.get_by_role("button", name="Add step").click()
    board.expect_address("layers.at=590")
    page.get_by_role("button", name="Previous step").click()
    board.expect_address("layers.step=580")
    expect(page.get_by_role("listitem").filter(has_text="range over the run")).to_be_visible()
    profile = page.get_by_role("application", name="grad_norm by layer")
    profile.focus()
    for _ in range(layer_of(LAYERS)):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status").filter(has_text=BROKEN)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name=f"Curve of grad_norm/{BROKEN}")).to_be_visible()


def test_the_tree_is_opened_where_somebody_looks(model: Viewer, visit: Visit) -> None:
    board = visit(model, "?view=layers&layers.mode=tree")
    page = board.page
    tree = page.get_by_role("tree")
    expect(tree.get_by_role("treeitem").first).to_contain_text("embed_tokens")
    layer = tree.get_by_role("treeitem").filter(has_text=re.compile(rf"^\s*{layer_of(LAYERS)}\.\s"))
    expect(layer).to_have_attribute("aria-expanded", "false")
    layer.get_by_role("button").first.click()
    expect(layer).to_have_attribute("aria-expanded", "true")
    page.get_by_text("All tags", exact=True).click()
    expect(tree.get_by_role("treeitem")).to_have_count(5)
    page.get_by_role("textbox", name="Search tags").fill(BROKEN.replace(".", r"\."))
    expect(page.get_by_text("4 tags", exact=True)).to_be_visible()
    tree.get_by_role("treeitem").filter(has_text="grad_norm").get_by_role("button").click()
    board.expect_address("tags=%5Egrad_norm")
    expect(board.cards).to_have_count(1)


def test_numbers_of_histograms_are_families_too(model: Viewer, visit: Visit) -> None:
    page = visit(model, "?view=layers&layers.family=weights%3Ah").page
    expect(page.get_by_role("combobox", name="Number")).to_have_value("norm")
    with page.expect_request(asks_heat) as asked:
        page.get_by_role("combobox", name="Number").select_option("std")
    body = json.loads(asked.value.post_data or "")
    assert (body["kind"], body["stat"]) == ("histograms", "std")


@pytest.mark.parametrize("mode", ["heat", "profile", "changed", "tree"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(mode: str, scheme: str, model: Viewer, visit: Visit) -> None:
    page = visit(model, f"?view=layers&layers.mode={mode}", scheme="dark" if scheme == "dark" else "light").page
    expect(page.get_by_role("combobox", name="Measure")).to_be_visible()
    page.wait_for_timeout(300)
    found = page.evaluate(CONTRASTS)
    assert [(text, round(ratio, 2)) for text, ratio in found if ratio < 4.5 and text not in "◀▶"] == []


def test_without_layers_it_says_how_to_log_them(training: Viewer, visit: Visit) -> None:
    page = visit(training, "?view=layers", locale="zh-CN").page
    expect(page.get_by_text("还没有多层的标签")).to_be_visible()
    expect(page.get_by_text("named_parameters")).to_be_visible()
