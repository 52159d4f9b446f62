"""A Chromium that paints with the processor alone, so that machines with and without a screen measure the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-accelerated-2d-canvas",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium, or the one that playwright installed."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page of a profile of its own: nothing cached."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        yield context.new_page()
    finally:
        context.close()


def until_marked(page: Page, mark: str, cap: float) -> float:
    """Return when the page set a performance mark, in seconds since its navigation; `cap` if it had not by then."""
    for _ in range(int(cap / 0.1)):
        at = page.evaluate("name => performance.getEntriesByName(name).at(0)?.startTime ?? null", mark)
        if at is not None:
            return float(at) / 1e3
        page.wait_for_timeout(100)
    return cap
