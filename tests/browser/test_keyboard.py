from __future__ import annotations

from playwright.sync_api import expect

from browser.conftest import Visit
from browser.viewer import Viewer

FOCUS = """() => {
    const element = document.activeElement;
    if (element === document.body) return ["", true];
    const shows = [element, element.nextElementSibling, element.parentElement].some(e => {
        const style = e && getComputedStyle(e);
        return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    });
    const accent = document.createElement("i");
    accent.style.color = "var(--accent)";
    document.body.append(accent);
    const framed = getComputedStyle(element.parentElement).borderTopColor === getComputedStyle(accent).color;
    accent.remove();
    const label = element.closest("label")?.innerText ?? element.innerText;
    return [element.getAttribute("aria-label") ?? label.trim(), shows || framed];
}"""
"""The element that has the focus: what it is called, and whether it, or what stands for it, is outlined."""


def test_shortcuts(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.rows).to_have_count(4)
    board.page.keyboard.press("/")
    expect(board.tag_search).to_be_focused()
    board.page.keyboard.type("r/l")  # neither key is a shortcut in here
    expect(board.tag_search).to_have_value("r/l")
    board.page.keyboard.press("Escape")
    expect(board.tag_search).to_have_value("")
    board.page.keyboard.press("Escape")
    expect(board.tag_search).not_to_be_focused()
    board.page.keyboard.press("r")
    expect(board.run_filter).to_be_focused()
    expect(board.run_filter).to_have_value("")


def test_the_run_list_opens_for_its_shortcut(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    board.page.get_by_role("banner").get_by_role("button", name="Hide the run list").click()
    expect(board.run_filter).to_be_hidden()
    board.page.keyboard.press("r")
    expect(board.run_filter).to_be_focused()


def test_tab_reaches_every_control_and_shows_where_it_is(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    expect(board.cards).to_have_count(4)
    seen: dict[str, bool] = {}
    for _ in range(90):
        board.page.keyboard.press("Tab")
        name, shows = board.page.evaluate(FOCUS)
        if name in ("Hide the run list", "") and len(seen) > 20:  # round, or out of the page
            break
        seen[name] = shows
    controls = {
        "Hide the run list", "Live. Pause updates", "中文: Switch to Chinese", "Theme: System",
        "All", "None", "Filter runs", "Show baseline", "Show only baseline", "Show protos",
        "Search tags", "Step", "Smoothing", "Log y", "New chart", "Settings", "Collapse all",
        "Draw wide: train/loss", "train/loss", "Draw wide: epoch", "epoch",
    }  # fmt: skip
    assert controls <= set(seen)
    assert [name for name, shows in seen.items() if not shows] == []


def test_controls_obey_the_keyboard(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    board.tick("baseline").focus()
    board.page.keyboard.press("Space")
    expect(board.tick("baseline")).not_to_be_checked()
    board.axis("Step").focus()
    board.page.keyboard.press("ArrowRight")
    expect(board.axis("Relative")).to_be_checked()
    expect(board.axis("Relative")).to_be_focused()
    board.smoothing.focus()
    board.page.keyboard.press("ArrowRight")
    board.expect_address("smoothing=0.601")
    board.switch("Log y").focus()
    board.page.keyboard.press("Space")
    expect(board.switch("Log y")).to_be_checked()


def test_charts_are_read_with_arrows(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    chart = board.chart("train/loss")
    chart.until(lambda pixels: bool(pixels.any()))
    board.page.get_by_role("button", name="Options of train/loss").focus()
    board.page.keyboard.press("Tab")
    steps = []
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowLeft"):
        board.page.keyboard.press(key)
        expect(chart.readout).to_be_visible()
        steps.append(int(chart.rows()["baseline"][2]))
    assert 98 <= steps[0] < steps[1]
    assert steps[2] == steps[0]
    board.page.keyboard.press("Tab")
    expect(chart.readout).to_be_hidden()


def test_the_keys_are_explained(training: Viewer, visit: Visit) -> None:
    board = visit(training)
    dialog = board.page.get_by_role("dialog")
    expect(board.rows).to_have_count(4)
    board.page.keyboard.press("?")
    expect(dialog).to_contain_text("filter runs")
    board.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
