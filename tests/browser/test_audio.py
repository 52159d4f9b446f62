from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from browser import media_logdir
from browser.board import Board
from browser.conftest import Visit
from browser.media_logdir import RATE, TONE
from browser.test_images import canvas_pixels
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("media")
    media_logdir.write_media(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def clip(board: Board, run: str) -> Locator:
    return board.page.locator(f'article[data-run="{run}"]')


def test_a_clip_is_drawn(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=audio&audio.step=0&tags=speech")
    canvas = clip(board, "a").locator("canvas")
    expect(canvas).to_have_attribute("data-drawn", "outline")
    expect(clip(board, "a").locator(".caption strong")).to_have_text("tone")  # Markdown
    expect(clip(board, "a")).to_contain_text("8 kHz · mono")
    expect(clip(board, "b")).to_contain_text("/ 1s")
    alpha = canvas_pixels(canvas)[..., 3]
    covered = (alpha > 0).mean(axis=0)
    assert np.all(np.abs(covered - 0.5) < 0.1)  # from −0.5 to 0.5, all along
    colour = board.colour("a")
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    found = canvas_pixels(canvas)
    np.testing.assert_array_equal(found[found.shape[0] // 2, 10], (red, green, blue, 255))


def test_the_spectrogram_shows_the_tone(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=audio&audio.step=0&tags=speech")
    board.flip("Spectrogram")
    canvas = clip(board, "a").locator("canvas")
    expect(canvas).to_have_attribute("data-drawn", "spectrum")
    loudness = canvas_pixels(canvas)[..., 3].astype(int)
    bands = loudness.shape[0]
    loudest = bands - 1 - int(loudness[:, loudness.shape[1] // 2].argmax())
    assert abs(loudest * (RATE / 2) / bands - TONE) < 40
    board.expect_address(r"audio\.spectrogram=1")


def test_one_clip_plays_at_a_time(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=audio&audio.step=0&tags=speech")
    board.flip("Loop")
    board.page.get_by_role("button", name="Play: speech, a, step 0").click()
    expect(board.page.get_by_role("button", name="Pause: speech, a, step 0")).to_be_visible()
    position = clip(board, "a").get_by_role("slider", name=re.compile("^Position"))
    expect(position).not_to_have_value("0")
    board.page.get_by_role("button", name="Play: speech, b, step 0").click()
    expect(board.page.get_by_role("button", name="Pause: speech, b, step 0")).to_be_visible()
    expect(board.page.get_by_role("button", name=re.compile("^Pause"))).to_have_count(1)
    board.page.get_by_role("button", name="Pause: speech, b, step 0").click()
    expect(board.page.get_by_role("button", name=re.compile("^Pause"))).to_have_count(0)


def test_seeking(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=audio&audio.step=0&tags=speech")
    position = clip(board, "a").get_by_role("slider", name=re.compile("^Position"))
    expect(position).to_have_attribute("max", "1")
    position.fill("0.5")
    expect(clip(board, "a")).to_contain_text("0.5s / 1s")
    position.press("ArrowRight")
    expect(position).to_have_value(re.compile(r"0\.50"))


def test_other_steps(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=audio&tags=speech")
    expect(clip(board, "a")).to_have_attribute("data-step", "50")
    expect(clip(board, "a")).to_contain_text("/ 0.5s")
    board.page.get_by_role("slider", name="Step of all tags").press("ArrowLeft")
    expect(clip(board, "a")).to_contain_text("/ 1s")
    link = clip(board, "a").get_by_role("link", name=re.compile("^Download"))
    assert link.get_attribute("download") == "a-speech-0.wav"
    answer = board.page.request.get(media.url + (link.get_attribute("href") or ""))
    assert (answer.headers["content-type"], answer.body()[:4]) == ("audio/wav", b"RIFF")


def test_what_cannot_be_decoded_says_so_and_can_be_kept(media: Viewer, visit: Visit) -> None:
    board = visit(media, "?view=audio&tags=broken")
    expect(clip(board, "d").get_by_role("status")).to_have_text("This clip cannot be decoded")
    expect(clip(board, "d").get_by_role("link", name=re.compile("^Download"))).to_be_visible()
    expect(clip(board, "d").get_by_role("button", name=re.compile("^Play"))).to_be_disabled()


def test_no_sounds_says_how_to_log_some(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?view=audio")
    expect(board.page.get_by_role("main").get_by_role("status")).to_contain_text("headway.Audio(samples, 16000)")
