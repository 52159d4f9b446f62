from __future__ import annotations

import re
from functools import partial
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from browser.chart import Pixels, painted
from browser.conftest import Visit
from browser.viewer import Viewer

CONTRASTS = """() => {
    const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = colour => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return pen.getImageData(0, 0, 1, 1).data;
    };
    const linear = v => v <= 0.04045 * 255 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const behind = element => {
        for (let e = element; e; e = e.parentElement) {
            const colour = rgba(getComputedStyle(e).backgroundColor);
            if (colour[3] > 200) return colour;
        }
        return [255, 255, 255];
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const element = walker.currentNode.parentElement;
        if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const [low, high] = [rgba(getComputedStyle(element).color), behind(element)]
            .map(luminance).sort((a, b) => a - b);
        found.push([text, (high + 0.05) / (low + 0.05)]);
    }
    return found;
}"""
"""Each text on the page with the contrast ratio to what is behind it, by WCAG 2.2's formula."""

Scheme = Literal["light", "dark"]


def brightness(page: Page) -> int:
    """Of the page's background: 0 to 255."""
    colour = page.get_by_role("banner").locator("..").evaluate("app => getComputedStyle(app).backgroundColor")
    return max(int(part) for part in re.findall(r"\d+", colour)[:3])


def shows(colour: str, pixels: Pixels) -> bool:
    return bool(painted(pixels, colour).sum() > 50)


def test_it_speaks_chinese_and_english(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    page = board.page
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    page.get_by_role("button", name="Switch to Chinese").click()
    for _ in range(2):  # as chosen, and as remembered
        expect(html).to_have_attribute("lang", "zh-CN")
        expect(page.get_by_role("heading", name="运行")).to_be_visible()
        expect(board.status).to_have_text("实时")
        expect(page.get_by_role("switch", name="对数纵轴")).to_be_visible()
        expect(page.get_by_text("2 张图", exact=True)).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Smoothing")
        board.reload()
    page.get_by_role("button", name="切换到英文").click()
    expect(html).to_have_attribute("lang", "en")
    board.reload()
    expect(board.status).to_have_text("Live")


def test_it_begins_in_the_language_of_the_browser(training: Viewer, visit: Visit) -> None:
    board = visit(training, locale="zh-CN")
    expect(board.page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(board.page.get_by_role("textbox", name="筛选运行")).to_be_visible()
    chart = board.chart("train/loss")
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    expect(chart.readout.get_by_role("columnheader", name="平滑值")).to_be_visible()


def test_themes(training: Viewer, visit: Visit) -> None:
    board = visit(training, "?smoothing=0")
    page = board.page
    chart = board.chart("train/loss")
    expect(board.rows).to_have_count(4)
    light = board.colour("baseline")
    assert brightness(page) > 220
    page.get_by_role("button", name="Theme: System").click()
    page.get_by_role("button", name="Theme: Light").click()
    expect(page.get_by_role("button", name="Theme: Dark")).to_be_visible()
    for _ in range(2):  # as chosen, and as remembered
        expect(board.rows).to_have_count(4)
        assert brightness(page) < 40
        dark = board.colour("baseline")
        assert dark != light
        pixels = chart.until(partial(shows, dark))
        assert not painted(pixels, light).any()
        board.reload()
    page.get_by_role("button", name="Theme: Dark").click()
    expect(page.get_by_role("button", name="Theme: System")).to_be_visible()
    assert brightness(page) > 220
    page.emulate_media(color_scheme="dark")
    chart.until(partial(shows, dark))
    assert brightness(page) < 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(scheme: Scheme, training: Viewer, visit: Visit) -> None:
    board = visit(training, scheme=scheme)
    chart = board.chart("train/loss")
    chart.until(lambda pixels: bool(pixels.any()))
    chart.point_at(0.5)
    expect(chart.readout).to_be_visible()
    contrasts = board.page.evaluate(CONTRASTS)
    assert len(contrasts) > 40
    assert [(text, round(ratio, 2)) for text, ratio in contrasts if ratio < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_empty_page_can_be_read(scheme: Scheme, visit: Visit, empty: Viewer) -> None:
    board = visit(empty, scheme=scheme)
    expect(board.page.get_by_role("heading", name="No runs yet")).to_be_visible()
    contrasts = board.page.evaluate(CONTRASTS)
    assert [(text, round(ratio, 2)) for text, ratio in contrasts if ratio < 4.5] == []
