from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Visit
from browser.space_logdir import POINTS, points, write_embeddings
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def embeddings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("embeddings")
    write_embeddings(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def space(page: Page) -> Locator:
    """What is drawn, once there is something."""
    found = page.get_by_role("application", name=f"Projection of {POINTS} points")
    expect(found).to_be_visible()
    return found


def details(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Points")


def test_the_page_offers_what_a_run_has_beside_its_events(embeddings: Viewer, visit: Visit) -> None:
    board = visit(embeddings)
    page = board.page
    page.get_by_role("link", name="Embeddings").or_(page.get_by_role("button", name="Embeddings")).first.click()
    space(page)
    expect(page.get_by_text("120 points × 8 dimensions")).to_be_visible()
    expect(page.get_by_role("button", name="red 40")).to_be_visible()  # the legend


def test_principal_components_explain_what_varies(embeddings: Viewer, visit: Visit) -> None:
    page = visit(embeddings, "?view=embeddings").page
    space(page)
    first = page.get_by_label("X", exact=True)
    expect(first.locator("option")).to_have_count(8)
    first.select_option("3")
    expect(page).to_have_url(re.compile(r"embeddings\.x=3"))
    page.get_by_text("3D", exact=True).click()
    expect(page.get_by_label("Z", exact=True)).to_be_visible()
    expect(page.get_by_text("of the variance")).to_be_visible()


def test_a_shared_point_has_its_nearest_neighbours(embeddings: Viewer, visit: Visit) -> None:
    page = visit(embeddings, "?view=embeddings&embeddings.point=4&embeddings.near=5&embeddings.metric=euclidean").page
    space(page)
    rows = details(page).get_by_role("listitem")
    expect(rows).to_have_count(5)
    found = points(20)
    order = np.argsort(np.linalg.norm(found - found[4], axis=1))[1:6]
    for row, i in zip(rows.all(), order.tolist(), strict=True):
        expect(row).to_contain_text(f"word {i}")
    details(page).get_by_role("button", name="Isolate").click()
    details(page).get_by_role("button", name="Show all").click()
    rows.first.get_by_role("button").click()
    expect(details(page).get_by_role("heading", name=f"word {order[0]}")).to_be_visible()


def test_a_click_chooses_a_point(embeddings: Viewer, visit: Visit) -> None:
    page = visit(embeddings, "?view=embeddings").page
    box = space(page).bounding_box()
    assert box is not None
    for x in np.linspace(0.1, 0.9, 30):  # a cloud is somewhere on the way
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * (1 - x))
        if page.locator(".pointing").count():
            break
    expect(page.locator(".tip")).to_contain_text("word")
    page.mouse.down()
    page.mouse.up()
    expect(details(page).get_by_role("heading", level=2)).to_contain_text("word")
    expect(page).to_have_url(re.compile(r"embeddings\.point="))


def test_search_lists_and_marks(embeddings: Viewer, visit: Visit) -> None:
    page = visit(embeddings, "?view=embeddings").page
    space(page)
    page.get_by_role("textbox", name="Search labels").fill("^word 1[01]$")
    expect(details(page).get_by_role("heading", name="2 points found")).to_be_visible()
    expect(details(page).get_by_role("listitem")).to_have_text(["word 10", "word 11"])


def test_a_box_selects_all_of_it(embeddings: Viewer, visit: Visit) -> None:
    page = visit(embeddings, "?view=embeddings").page
    box = space(page).bounding_box()
    assert box is not None
    page.get_by_text("Box", exact=True).click()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] - 4, steps=4)
    page.mouse.up()
    expect(details(page).get_by_role("heading", name="120 points selected")).to_be_visible()


@pytest.mark.parametrize("method", ["tsne", "umap"])
def test_layouts_run_beside_the_page(embeddings: Viewer, visit: Visit, method: str) -> None:
    page = visit(embeddings, f"?view=embeddings&embeddings.method={method}").page
    space(page)
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=20_000)
    page.get_by_text("3D", exact=True).click()
    space(page)


def test_a_layout_can_be_held(embeddings: Viewer, visit: Visit) -> None:
    page = visit(embeddings, "?view=embeddings&embeddings.method=tsne").page
    page.get_by_label("Run", exact=True).select_option(label="e many")
    page.get_by_role("application", name="Projection of 1,800 points").wait_for()
    page.get_by_role("button", name="Pause", exact=True).click()
    go_on = page.get_by_role("button", name="Go on")
    expect(go_on).to_be_visible()
    page.wait_for_timeout(300)
    told = page.get_by_text(re.compile(r"step [\d,]+ of 1,000")).inner_text()
    page.wait_for_timeout(300)
    expect(page.get_by_text(told)).to_be_visible()
    go_on.click()
    expect(page.get_by_text(told, exact=True)).to_be_hidden()


def test_steps_keep_their_places(embeddings: Viewer, visit: Visit) -> None:
    page = visit(embeddings, "?view=embeddings&embeddings.step=0&embeddings.point=4").page
    space(page)
    with page.expect_response(lambda answer: "api/embedding?" in answer.url and "00010" in answer.url):
        page.get_by_role("button", name="Next step: words").click()
    space(page)
    expect(page).to_have_url(re.compile(r"embeddings\.step=10"))


def test_hostile_labels_are_text_and_damage_is_told(embeddings: Viewer, visit: Visit) -> None:
    board = visit(embeddings, "?view=embeddings")
    page = board.page
    space(page)
    run = page.get_by_label("Run", exact=True)
    run.select_option(label="c torch")
    page.get_by_role("textbox", name="Search labels").fill("img")
    expect(details(page).get_by_role("listitem").first).to_contain_text("<img src=x onerror=alert(0)>")
    board.forgive("422")
    run.select_option(label="d damaged")
    expect(page.get_by_role("alert")).to_contain_text("line 2 has something that is no number")


def test_pictures_stand_in_for_points(embeddings: Viewer, visit: Visit) -> None:
    board = visit(embeddings, "?view=embeddings")
    page = board.page
    space(page)
    with page.expect_response(lambda answer: "sprite.png" in answer.url):
        page.get_by_label("Run", exact=True).select_option(label="b tensorboardX")
    page.get_by_role("switch", name="Pictures").wait_for()
    space(page)
    expect(page.get_by_role("switch", name="Pictures")).to_be_checked()


def test_without_webgl_points_are_drawn_all_the_same(embeddings: Viewer, visit: Visit) -> None:
    board = visit(embeddings)
    board.page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
            return kind === 'webgl2' ? null : real.call(this, kind, ...more);
        }"""
    )
    board.open("?view=embeddings")
    space(board.page)
    expect(board.page.get_by_text("no WebGL")).to_be_visible()
    painted: int = board.page.locator(".surface canvas").first.evaluate(
        """canvas => { const seen = new Set(), data = canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height).data;
            for (let i = 0; i < data.length; i += 4) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
            return seen.size }"""
    )
    assert painted > 3


def test_in_chinese_on_a_phone(embeddings: Viewer, visit: Visit) -> None:
    board = visit(embeddings, "?view=embeddings", locale="zh-CN", scheme="dark", size=(390, 844), touch=True)
    expect(board.page.get_by_role("application", name="120 个点的投影")).to_be_visible()
    assert board.overflowing() == []
