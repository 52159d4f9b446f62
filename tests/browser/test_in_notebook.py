"""The output of `%headway view` of a real kernel in a real browser, with and without a real Jupyter server.

JupyterLab itself is not here: a page with its settings and the output stands for it, below the server's address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tensorboardX import SummaryWriter

from browser.jupyter import BASE, TOKEN, jupyter
from browser.other_site import other_site
from kernel import Kernel, kernel


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("notebook")
    with SummaryWriter(str(home / "runs" / "a")) as writer:
        for step in range(50):
            writer.add_scalar("loss", 1 / (1 + step), step)
    return home


@pytest.fixture(scope="module")
def notebook(home: Path) -> Iterator[Kernel]:
    with kernel(home, JUPYTERHUB_SERVICE_PREFIX="/of/the/hub/") as running:
        running.run("%load_ext headway")
        yield running


@pytest.fixture
def output(notebook: Kernel) -> str:
    (output,) = notebook.run("%headway view runs --height 600").displayed
    return output["text/html"]


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[str]:
    with jupyter(home) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with closing(browser.new_context(viewport={"width": 1100, "height": 800})) as context:
        yield context.new_page()


def show(page: Page, address: str, body: str) -> None:
    """Show `body` as the page at `address`; all that it asks for goes to the real servers."""
    page.route(address, lambda route: route.fulfill(body=f"<!doctype html>{body}", content_type="text/html"))
    page.goto(address)


def expect_alive(page: Page, address: str) -> None:
    """The frame shows `address`, and the page there works."""
    expect(page.locator("iframe")).to_have_attribute("src", address)
    expect(page.get_by_role("link", name="headway: runs")).to_have_attribute("href", address)
    frame = page.frame_locator("iframe")
    expect(frame.locator("[data-connection]")).to_have_text("Live")
    expect(frame.get_by_role("article", name="loss")).to_be_visible()
    expect(frame.locator("canvas.curves")).to_be_visible()
    expect(page.locator("small")).to_be_empty()


def direct(output: str) -> str:
    return output.partition('href="')[2].partition('"')[0]


def proxied(output: str, server: str) -> str:
    port, _, path = direct(output).removeprefix("http://127.0.0.1:").partition("/")
    return f"{server}proxy/{port}/{path}"


def settings(base: str) -> str:
    """As JupyterLab and Notebook have them in their page."""
    return f'<script id="jupyter-config-data" type="application/json">{json.dumps({"baseUrl": base})}</script>'


def test_through_jupyters_proxy(server: str, output: str, page: Page, home: Path) -> None:
    page.goto(f"{server}?token={TOKEN}")  # as a person logs in: Jupyter's cookie
    show(page, f"{server}lab/tree/a.ipynb", settings(BASE) + output)
    expect_alive(page, proxied(output, server))
    with SummaryWriter(str(home / "runs" / "later")) as writer:
        writer.add_scalar("loss", 1.0, 0)
    expect(page.frame_locator("iframe").locator("li[data-run]")).to_have_count(2)  # the live stream goes through
    assert not [cookie for cookie in page.context.cookies() if "headway" in cookie["name"]]


def test_in_the_old_notebook(server: str, output: str, page: Page) -> None:
    page.goto(f"{server}?token={TOKEN}")
    show(page, f"{server}notebooks/a.ipynb", f'<body data-base-url="{BASE}">{output}')
    expect_alive(page, proxied(output, server))


@pytest.mark.parametrize("body", ["", settings("/")])
def test_at_the_port_itself(output: str, page: Page, body: str) -> None:
    with other_site(body + output) as address:  # no proxy there: all its pages are this one
        page.goto(address)
        expect_alive(page, direct(output))


def test_whoever_has_not_logged_in_is_not_let_through(server: str, output: str, page: Page) -> None:
    show(page, f"{server}lab", settings(BASE) + output)
    expect(page.locator("iframe")).to_have_attribute("src", direct(output))
    page.goto(proxied(output, server))
    expect(page).to_have_url(re.compile("/login"))


def test_a_kernel_on_another_machine_says_what_is_missing(output: str, page: Page) -> None:
    page.route("http://hub.example/**", lambda route: route.fulfill(status=404))
    show(page, "http://hub.example/lab", output)
    expect(page.locator("small")).to_contain_text("jupyter-server-proxy")
    expect(page.locator("iframe")).to_have_attribute("src", direct(output))
