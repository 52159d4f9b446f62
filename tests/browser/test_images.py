from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from playwright.sync_api import Locator, expect

import headway
from browser import media_logdir
from browser.board import Board
from browser.conftest import Visit
from browser.media_logdir import HOSTILE, MANY, PROMPTS, STEPS, pixels
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("media")
    media_logdir.write_media(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def figure(board: Board, tag: str, run: str) -> Locator:
    return board.page.locator(f'section[data-tag="{tag}"] figure[data-run="{run}"]')


def step_slider(board: Board, of: str) -> Locator:
    return board.page.get_by_role("slider", name=f"Step of {of}", exact=True)


def arrived(image: Locator) -> None:
    """Wait until it is there."""
    expect(image).not_to_have_js_property("naturalWidth", 0)


def middle(locator: Locator) -> tuple[int, ...]:
    """The pixel in the middle of what is on the screen there."""
    shot = Pillow.open(io.BytesIO(locator.screenshot())).convert("RGB")
    found = shot.getpixel((shot.width // 2, shot.height // 2))
    assert isinstance(found, tuple)
    return tuple(int(channel) for channel in found)


def canvas_pixels(canvas: Locator) -> NDArray[np.uint8]:
    """What a canvas holds, [height, width, 4]."""
    found = canvas.evaluate(
        "c => [c.height, c.width, [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]]"
    )
    return np.array(found[2], np.uint8).reshape(found[0], found[1], 4)


def test_runs_side_by_side_at_a_step(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample")
    expect(figure(board, "sample", "a")).to_have_attribute("data-step", str(STEPS[-1]))
    expect(figure(board, "sample", "a")).to_contain_text(f"{HOSTILE} 90")  # words, nothing that runs
    slider = step_slider(board, "all tags")
    slider.press("Home")
    expect(figure(board, "sample", "b")).to_have_attribute("data-step", "0")
    slider.press("ArrowRight")
    expect(figure(board, "sample", "a")).to_have_attribute("data-step", "10")
    expect(figure(board, "sample", "a")).to_contain_text("10")
    board.expect_address(r"images\.step=10")
    arrived(figure(board, "sample", "a").locator("img"))
    assert middle(figure(board, "sample", "a").locator("img")) == (20, 40, 60)


def test_every_tag_may_have_a_step_of_its_own(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample|resumed&images.link=0")
    expect(figure(board, "sample", "a")).to_have_attribute("data-step", str(STEPS[-1]))
    step_slider(board, "sample").press("Home")
    expect(figure(board, "sample", "a")).to_have_attribute("data-step", "0")
    expect(figure(board, "resumed", "c")).to_have_attribute("data-step", "55")
    board.expect_address(r"images\.steps=[0-9a-z]{8}\*0")
    board.reload()
    expect(figure(board, "sample", "a")).to_have_attribute("data-step", "0")


def test_brightness_and_contrast(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample&images.step=50")
    image = figure(board, "sample", "a").locator("img")
    arrived(figure(board, "sample", "a").locator("img"))
    assert middle(image) == (100, 40, 60)
    board.page.get_by_role("button", name="Adjust").click()
    board.page.get_by_role("slider", name="Brightness").fill("150")
    board.page.keyboard.press("Escape")
    assert middle(image) == (150, 60, 90)
    board.expect_address(r"images\.brightness=150")
    board.page.get_by_role("button", name="Adjust").click()
    board.page.get_by_role("button", name="Reset", exact=True).click()
    board.page.keyboard.press("Escape")
    assert middle(image) == (100, 40, 60)


def test_a_pixel_is_a_pixel(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample")
    image = figure(board, "sample", "a").locator("img")
    arrived(figure(board, "sample", "a").locator("img"))
    assert image.evaluate("i => i.clientWidth") > 100
    assert image.evaluate("i => getComputedStyle(i).imageRendering") == "pixelated"
    board.page.get_by_text("1:1", exact=True).click()
    expect(image).to_have_css("width", f"{media_logdir.WIDTH}px")


def test_the_viewer_goes_by_keys_and_reads_pixels(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample&images.step=50")
    figure(board, "sample", "a").get_by_role("button", name=re.compile("^Open")).click()
    viewer = board.page.get_by_role("dialog", name="Pictures")
    expect(viewer.get_by_role("slider", name="Step of a")).to_have_attribute("aria-valuetext", "50")
    viewer.press("ArrowRight")
    expect(viewer.get_by_role("slider", name="Step of a")).to_have_attribute("aria-valuetext", "60")
    viewer.press("ArrowDown")
    expect(viewer.get_by_role("slider", name="Step of b")).to_have_attribute("aria-valuetext", "60")
    stage = viewer.get_by_role("region", name=re.compile("^sample"))
    stage.hover()
    expect(viewer.locator("[data-pixel]")).to_have_attribute("data-pixel", "120 40 70 255")
    before = float(stage.get_attribute("data-scale") or 0)
    board.page.mouse.wheel(0, -500)
    expect(stage).not_to_have_attribute("data-scale", str(before))
    assert float(stage.get_attribute("data-scale") or 0) > before
    link = viewer.get_by_role("link", name="Download")
    assert link.get_attribute("download") == "b-sample-60.png"
    answer = board.page.request.get(media.url + (link.get_attribute("href") or ""))
    np.testing.assert_array_equal(np.asarray(Pillow.open(io.BytesIO(answer.body()))), pixels("b", 60))
    board.reload()  # the address opens the same picture
    expect(viewer.get_by_role("slider", name="Step of b")).to_have_attribute("aria-valuetext", "60")
    board.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_the_difference_of_two_runs(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample|small&images.step=0")
    for run in "ab":
        figure(board, "sample", run).get_by_role("button", name=re.compile("^Compare")).click()
    board.page.get_by_role("main").get_by_role("button", name="Compare", exact=True).click()
    viewer = board.page.get_by_role("dialog", name="Pictures")
    viewer.get_by_text("Difference", exact=True).click()
    canvas = viewer.locator("canvas[data-difference]")
    expect(viewer.locator("[data-differs]")).to_contain_text("98% of the pixels differ")
    found = canvas_pixels(canvas)
    wanted = np.zeros((media_logdir.HEIGHT, media_logdir.WIDTH, 4), np.uint8)
    wanted[..., 2] = 4 * 10
    wanted[..., 3] = 255
    wanted[0, 0, 2] = 0
    np.testing.assert_array_equal(found, wanted)
    viewer.get_by_role("slider", name="Amplified").fill("0")
    expect(viewer.get_by_text("1×", exact=True).first).to_be_visible()
    np.testing.assert_array_equal(canvas_pixels(canvas)[1, 1], (0, 0, 10, 255))
    viewer.get_by_role("combobox", name="Tag").nth(1).select_option("small")
    expect(viewer.locator("[data-differs]")).to_contain_text("8 × 6 and 8 × 2")
    assert canvas_pixels(canvas).shape == (2, media_logdir.WIDTH, 4)


def test_a_wipe_shows_one_beside_the_other(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample&images.step=0")
    for run in "ab":
        figure(board, "sample", run).get_by_role("button", name=re.compile("^Compare")).click()
    board.page.get_by_role("main").get_by_role("button", name="Compare", exact=True).click()
    viewer = board.page.get_by_role("dialog", name="Pictures")
    viewer.get_by_text("Wipe", exact=True).click()
    stage = viewer.get_by_role("region", name="Wipe")
    for image in viewer.locator("img").all():
        arrived(image)
    wipe = viewer.get_by_role("slider", name="Where the second picture begins")
    wipe.fill("10")
    assert middle(stage) == (0, 40, 70)
    wipe.fill("90")
    assert middle(stage) == (0, 40, 60)


def test_what_was_superseded_is_told(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=resumed")
    expect(figure(board, "resumed", "c")).to_have_attribute("data-step", "55")  # 55 to 95 were logged before
    figure(board, "resumed", "c").get_by_role("button", name=re.compile("^Open")).click()
    viewer = board.page.get_by_role("dialog", name="Pictures")
    expect(viewer.get_by_text("2 of 2 at this step")).to_be_visible()
    expect(viewer.get_by_text("superseded")).to_have_count(0)
    viewer.press("ArrowLeft")
    expect(viewer.get_by_text("1 of 2 at this step")).to_be_visible()
    expect(viewer.get_by_text("superseded")).to_be_visible()
    viewer.get_by_role("slider", name="Step of c").press("End")
    expect(viewer.get_by_role("slider", name="Step of c")).to_have_attribute("aria-valuetext", "95, Latest")
    expect(viewer.get_by_text("superseded")).to_be_visible()


def test_several_pictures_at_once(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=prompts")
    expect(figure(board, "prompts", "a")).to_contain_text("prompt 3")
    figure(board, "prompts", "a").get_by_role("button", name=re.compile(r"^Open.*prompt 1$")).click()
    viewer = board.page.get_by_role("dialog", name="Pictures")
    viewer.press("]")
    expect(viewer.get_by_text(f"3 of {PROMPTS}")).to_be_visible()
    expect(viewer.get_by_text("prompt 2")).to_be_visible()


def test_videos_stop_and_go_frame_by_frame(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=clip")
    canvas = figure(board, "clip", "a").locator("canvas")
    expect(canvas).to_have_attribute("data-frame", "0")  # who wants little motion starts it
    board.page.get_by_role("button", name="Next frame").click()
    expect(canvas).to_have_attribute("data-frame", "1")
    level = int(canvas_pixels(canvas)[0, 0, 0])
    assert abs(level - 60) < 4
    board.page.get_by_role("button", name="Previous frame").click()
    board.page.get_by_role("button", name="Previous frame").click()
    expect(canvas).to_have_attribute("data-frame", "3")
    board.page.get_by_role("button", name="Play: Videos").click()
    expect(canvas).not_to_have_attribute("data-frame", "3")


def test_what_is_no_picture_says_so(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=odd")
    board.forgive("Failed to load resource")
    expect(figure(board, "odd", "d")).to_contain_text("A browser cannot show application/octet-stream.")


def test_thousands_of_steps_in_a_grid(tmp_path: Path, visit: Visit) -> None:
    media_logdir.write_many(tmp_path)
    with viewing(tmp_path) as viewer:
        board = visit(viewer, "?view=images&images.grid=sample")
        expect(board.page.get_by_text(f"3 runs × {MANY:,} steps")).to_be_visible()
        cells = board.page.locator("button[data-column]")
        expect(board.page.locator(f'button[data-row="2"][data-column="{MANY - 1}"] img')).to_be_visible()
        assert cells.count() < 100
        board.page.get_by_role("region", name="sample: runs × steps").evaluate("s => s.scrollTo(0, 0)")
        expect(board.page.locator('button[data-row="0"][data-column="0"] img')).to_be_visible()
        assert cells.count() < 100
        cell = board.page.locator('button[data-row="1"][data-column="2"]')
        cell.focus()
        cell.press("ArrowRight")
        expect(board.page.locator('button[data-row="1"][data-column="3"]')).to_be_focused()
        board.page.keyboard.press("Enter")
        dialog = board.page.get_by_role("dialog", name="Pictures")
        expect(dialog.get_by_role("slider", name="Step of run1")).to_have_attribute("aria-valuetext", "3")


def test_the_latest_stays_the_latest(tmp_path: Path, visit: Visit) -> None:
    with headway.SummaryWriter(str(tmp_path / "live")) as writer:
        for step in range(3):
            writer.add_image("sample", pixels("a", step), step, dataformats="HWC")
            writer.add_image("other", pixels("a", step), step, dataformats="HWC")
        writer.flush()
        with viewing(tmp_path) as viewer:
            board = visit(viewer, "?view=images&images.link=0")
            expect(figure(board, "sample", "live")).to_have_attribute("data-step", "2")
            step_slider(board, "other").press("ArrowLeft")
            expect(figure(board, "other", "live")).to_have_attribute("data-step", "1")
            image = figure(board, "sample", "live").locator("img").element_handle()
            writer.add_image("sample", pixels("a", 9), 9, dataformats="HWC")
            writer.add_image("other", pixels("a", 9), 9, dataformats="HWC")
            writer.flush()
            expect(figure(board, "sample", "live")).to_have_attribute("data-step", "9")
            assert image.evaluate("i => i.isConnected")  # the same element: nothing flickered
            expect(step_slider(board, "other")).to_have_attribute("max", "3")
            expect(figure(board, "other", "live")).to_have_attribute("data-step", "1")


def test_no_pictures_says_how_to_log_some(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?view=images")
    expect(board.page.get_by_role("main").get_by_role("status")).to_contain_text("headway.Image(pixels)")


def test_on_a_phone_and_in_chinese(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=images&tags=sample", size=(390, 844), locale="zh-CN", scheme="dark", touch=True)
    expect(figure(board, "sample", "a")).to_contain_text("第 90 步")
    assert [part for part in board.overflowing() if not part.startswith("NAV")] == []  # the rail of views may scroll
