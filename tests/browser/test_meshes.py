from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import Visit
from browser.space_logdir import write_meshes
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def meshes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("meshes")
    write_meshes(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def card(page: Page, name: str, run: str) -> Locator:
    return page.get_by_role("article", name=f"{name} {run}", exact=True)


def picture(card: Locator) -> str:
    """What its canvas shows now, once it shows anything."""
    canvas = card.locator("canvas")
    canvas.wait_for()
    shown: str = canvas.evaluate(
        """canvas => new Promise((done, fail) => {
            const began = performance.now();
            const look = () => {
                const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                const seen = new Set();
                for (let i = 0; i < data.length; i += 4) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
                if (seen.size > 10) done(canvas.toDataURL());
                else if (performance.now() - began > 8000) fail(new Error(`${seen.size} colours`));
                else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        })"""
    )
    return shown


def expect_other(card: Locator, before: str) -> str:
    """Wait until it shows another picture."""
    for _ in range(100):
        now = picture(card)
        if now != before:
            return now
        card.page.wait_for_timeout(50)
    raise AssertionError("the picture is still the same")


def test_runs_stand_side_by_side(meshes: Viewer, visit: Visit) -> None:
    page = visit(meshes, "?view=meshes", size=(1280, 1600)).page
    for run in ("ours", "torch"):
        found = card(page, "cube", run)
        expect(found).to_contain_text("8 vertices")
        expect(found).to_contain_text("12 faces")
        expect(found).to_contain_text("step 20")
    assert picture(card(page, "cube", "ours")) != ""
    expect(card(page, "broken", "theirs")).to_contain_text("1 face names no vertex")


def test_a_slider_goes_through_the_steps(meshes: Viewer, visit: Visit) -> None:
    page = visit(meshes, "?view=meshes&meshes.tags=cube&meshes.step=0").page
    found = card(page, "cube", "ours")
    expect(found).to_contain_text("step 0")
    before = picture(found)
    page.get_by_role("button", name="Next step: Step").click()
    expect(found).to_contain_text("step 10")
    expect(card(page, "cube", "torch")).to_contain_text("step 10")
    expect_other(found, before)


def test_cameras_are_linked_until_they_are_not(meshes: Viewer, visit: Visit) -> None:
    page = visit(meshes, "?view=meshes&meshes.tags=cube").page
    ours, other = card(page, "cube", "ours"), card(page, "cube", "torch")
    before = picture(ours), picture(other)
    ours.get_by_role("application").press("ArrowLeft")
    turned = expect_other(ours, before[0]), expect_other(other, before[1])
    expect(page).to_have_url(re.compile(r"meshes\.camera="))
    page.get_by_text("Linked cameras").click()
    apart = expect_other(other, turned[1]) if picture(other) != turned[1] else turned[1]
    ours.get_by_role("application").press("+")
    expect_other(ours, turned[0])
    assert picture(other) == apart


def test_how_it_looks_can_be_chosen(meshes: Viewer, visit: Visit) -> None:
    page = visit(meshes, "?view=meshes&meshes.tags=cube").page
    found = card(page, "cube", "ours")
    before = picture(found)
    page.get_by_text("Unlit").click()
    before = expect_other(found, before)
    page.get_by_text("Wireframe").click()
    expect_other(found, before)


def test_clouds_have_batches(meshes: Viewer, visit: Visit) -> None:
    page = visit(meshes, "?view=meshes&meshes.tags=cloud").page
    found = card(page, "cloud", "theirs")
    expect(found).to_contain_text("500 vertices")
    before = picture(found)
    page.get_by_label("Batch item").fill("1")
    page.get_by_label("Batch item").press("Enter")
    expect_other(found, before)


def test_a_picture_is_saved(meshes: Viewer, visit: Visit) -> None:
    page = visit(meshes, "?view=meshes&meshes.tags=cube").page
    found = card(page, "cube", "ours")
    picture(found)
    found.get_by_role("button").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save as PNG").click()
    assert download.value.suggested_filename == "cube-ours.png"


def test_without_webgl_it_is_said(meshes: Viewer, visit: Visit) -> None:
    board = visit(meshes)
    board.page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
            return kind === 'webgl2' ? null : real.call(this, kind, ...more);
        }"""
    )
    board.open("?view=meshes")
    expect(board.page.get_by_role("alert")).to_contain_text("Meshes need WebGL 2")
