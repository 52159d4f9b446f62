from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect

from browser.board import Board
from browser.conftest import Visit
from browser.layers_logdir import write_layers
from browser.test_looks import CONTRASTS
from browser.viewer import Viewer, viewing

TAG = "gradients/layers.0.mlp.up_proj"
DRAWN = ["ridge", "overlay", "heat", "distribution"]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    """Two runs with histograms of 8 layers at 12 steps; of one, a step has NaN and infinities."""
    logdir = tmp_path_factory.mktemp("histograms")
    write_layers(logdir, layers=8, points=60, runs=("a", "b"))
    with viewing(logdir) as viewer:
        yield viewer


def asks(request: Request) -> bool:
    return "api/histograms" in request.url


def card(page: Page, tag: str = TAG, run: str = "a") -> Locator:
    return page.get_by_role("article", name=f"{tag} · {run}", exact=True)


def picture(within: Locator) -> Locator:
    return within.get_by_role("application")


def is_painted(board: Board, within: Locator) -> bool:
    found: bool = within.locator("canvas").evaluate(
        """canvas => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
            .some((value, i) => i % 4 === 3 && value > 0)"""
    )
    return found


def test_a_tag_is_one_request_for_all_runs_and_a_picture_for_each(model: Viewer, visit: Visit) -> None:
    board = visit(model)
    page = board.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if asks(request) else None)
    page.get_by_role("button", name="Histograms").click()
    expect(card(page, "activations/layers.0", "a")).to_be_visible()
    expect(card(page, "activations/layers.0", "b")).to_be_visible()
    expect(picture(card(page, "activations/layers.0", "b"))).to_be_visible()
    tags = [parse_qs(urlsplit(url).query)["tag"][0] for url in asked]
    assert len(tags) == len(set(tags)) < 24  # of those on the screen
    assert all(len(parse_qs(urlsplit(url).query)["run"]) == 2 for url in asked)


@pytest.mark.parametrize("drawn", DRAWN)
def test_each_drawing_is_painted_and_read(drawn: str, model: Viewer, visit: Visit) -> None:
    board = visit(model, f"?view=histograms&histograms.search=^{TAG}$&histograms.drawn={drawn}&histograms.symlog=1")
    page = board.page
    canvas = picture(card(page))
    expect(canvas).to_be_visible()
    page.wait_for_timeout(100)
    assert is_painted(board, canvas)
    canvas.hover()
    tip = page.get_by_role("status").filter(has_text="Median")
    expect(tip).to_contain_text("/ 4,00")
    expect(tip).to_contain_text("±")
    page.mouse.move(0, 0)
    expect(tip).to_be_hidden()


def test_a_step_is_read_by_keys_and_shown_alone(model: Viewer, visit: Visit) -> None:
    board = visit(model, f"?view=histograms&histograms.search=^{TAG}$")
    page = board.page
    picture(card(page)).focus()
    for _ in range(5):
        page.keyboard.press("ArrowUp")  # from step 550 to 300, which has a NaN
    tip = page.get_by_role("status").filter(has_text="Median")
    expect(tip).to_contain_text("300")
    expect(tip).to_contain_text("1 NaN, 2 +∞")
    page.keyboard.press("Enter")
    board.expect_address("histograms.step=300")
    one = page.get_by_role("region", name=f"One step of {TAG}")
    expect(one.get_by_role("term").filter(has_text="NaN")).to_be_visible()
    expect(one.get_by_role("definition").filter(has_text="4,000")).to_be_visible()
    with page.expect_response(lambda response: re.search(r"api/entry\?.*&i=7", response.url) is not None) as answered:
        one.get_by_role("button", name="Next step").click()
    assert answered.value.json()["step"] == 350
    board.expect_address("histograms.step=350")
    board.reload()
    expect(one).to_be_visible()
    one.get_by_role("button", name="Close").click()
    expect(one).to_be_hidden()


def test_a_drag_asks_for_bins_of_that_range(model: Viewer, visit: Visit) -> None:
    board = visit(model, f"?view=histograms&histograms.search=^{TAG}$")
    page = board.page
    expect(picture(card(page))).to_be_visible()
    box = picture(card(page)).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    with page.expect_request(asks) as asked:
        page.mouse.move(box["x"] + 0.3 * box["width"], y)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.5 * box["width"], y, steps=4)
        page.mouse.up()
    query = parse_qs(urlsplit(asked.value.url).query)
    assert float(query["low"][0]) < float(query["high"][0])
    card(page).get_by_role("button", name="Reset zoom").click()
    expect(card(page).get_by_role("button", name="Reset zoom")).to_be_hidden()


def test_runs_are_laid_over_each_other(model: Viewer, visit: Visit) -> None:
    board = visit(model, f"?view=histograms&histograms.search=^{TAG}$&histograms.drawn=distribution")
    page = board.page
    expect(card(page, run="b")).to_be_visible()
    page.get_by_role("toolbar").get_by_text("Overlay runs", exact=True).click()
    both = page.get_by_role("article", name=TAG, exact=True)
    picture(both).hover()
    tip = page.get_by_role("status").filter(has_text="Median")
    expect(tip.get_by_role("term").filter(has_text="Median")).to_have_count(2)
    board.expect_address("histograms.together=1")


def test_sections_are_closed_and_searched(model: Viewer, visit: Visit) -> None:
    board = visit(model, "?view=histograms")
    page = board.page
    page.get_by_role("button", name=re.compile("activations")).click()
    expect(page.get_by_role("article").first).to_have_attribute("aria-label", re.compile("^gradients/"))
    board.expect_address("histograms.closed=activations")
    page.get_by_role("textbox", name="Search tags").fill("weights.*7")
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("textbox", name="Search tags").fill("nothing of that name")
    page.get_by_role("button", name="Clear").last.click()
    expect(page.get_by_role("article").first).to_be_visible()


@pytest.mark.parametrize("drawn", DRAWN)
def test_every_text_can_be_read(drawn: str, model: Viewer, visit: Visit) -> None:
    page = visit(model, f"?view=histograms&histograms.drawn={drawn}", scheme="dark").page
    expect(page.get_by_role("article").first).to_be_visible()
    found = page.evaluate(CONTRASTS)
    assert [(text, round(ratio, 2)) for text, ratio in found if ratio < 4.5] == []


def test_without_histograms_it_says_how_to_log_them(training: Viewer, visit: Visit) -> None:
    page = visit(training, "?view=histograms", locale="zh-CN").page
    expect(page.get_by_text("还没有直方图")).to_be_visible()
    expect(page.get_by_text("headway.Histogram")).to_be_visible()
