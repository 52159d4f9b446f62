"""`python docs/gallery.py` (`make gallery`): the pictures of the documentation, taken of the page.

It trains the demo's models, adds what they have no use for (a sound, a graph of torch), opens every view in Chromium
in both themes, and writes `docs/images/NAME-light.png` and `-dark.png`, of 256 colours, and `docs/gallery.md`.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

import headway
from headway.demo.worker import workers
from headway.ingest.index import Index
from headway.server.serve import Server

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent / "tests"))
from browser import chromium  # noqa: E402 - the tests know where Chromium is

STEPS = 1500
SIZE = (1440, 900)
SETTLED_MS = 2500
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """One picture."""

    name: str
    title: str
    text: str
    query: str
    locale: str = "en-US"
    prepare: Callable[[Page], None] = lambda _: None


def _hover(page: Page) -> None:
    box = page.locator("article .u-over").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.5 * box["height"])


def _palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("loss")


def _open_run(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type(RUN)
    page.keyboard.press("Enter")
    page.wait_for_timeout(SETTLED_MS)


RUN = "lr-3e-3"
SHOTS = (
    Shot("charts", "Charts", "Every point of every run, live; the table follows the pointer.", "", prepare=_hover),
    Shot("charts-zh", "图表", "The same page in Chinese.", "", "zh-CN"),
    Shot(
        "runs", "Runs", "A table of up to 10,000 runs: values of any tag, any key of the configuration.", "?view=runs"
    ),
    Shot("layers", "Layers", "Layer by step, for models that nobody can read tensor by tensor.", "?view=layers"),
    Shot("histograms", "Histograms", "How weights and gradients are spread, step by step.", "?view=histograms"),
    Shot("text", "Generations", "What the model writes, and what it wrote before.", "?view=text"),
    Shot("images", "Images", "Any step of any picture; here, where each head looks.", "?view=images"),
    Shot("audio", "Audio", "Waveforms, spectra, and a player.", "?view=audio"),
    Shot("evaluation", "Evaluation", "Precision and recall over steps, confusion matrices.", "?view=evaluation"),
    Shot("hparams", "HParams", "Which setting goes with which result.", "?view=hparams"),
    Shot("embeddings", "Embeddings", "PCA, t-SNE and UMAP, in two and three dimensions.", "?view=embeddings"),
    Shot("meshes", "3D", "Meshes and clouds of points; here, the loss around the weights.", "?view=meshes"),
    Shot("graph", "Graph", "A model by its modules, with shapes and counts.", "?view=graph"),
    Shot("run", "A run", "What one run says of itself.", "", prepare=_open_run),
    Shot("compare", "Compare", "What differs between runs.", "?view=compare"),
    Shot("palette", "Commands", "Ctrl K finds any view, run, chart or action.", "", prepare=_palette),
)


def main() -> None:
    """Take all pictures, or those that are named."""
    wanted = [shot for shot in SHOTS if not sys.argv[1:] or shot.name in sys.argv[1:]]
    with (
        _logdir() as logdir,
        closing(Index(logdir, ":memory:")) as index,
        Server(index, port=0) as server,
        _chromium() as browser,
    ):
        index.refresh()
        for shot in wanted:
            for theme in THEMES:
                _take(browser, server.url, shot, theme)
    (DOCS / "gallery.md").write_text(_page())


@contextmanager
def _logdir() -> Iterator[Path]:
    """Train, once: what was trained before is used again."""
    kept = DOCS.parent / "build" / "gallery"
    if not kept.is_dir():
        with tempfile.TemporaryDirectory() as place:
            logdir = Path(place, "gallery")
            with workers(logdir, STEPS) as training:
                while any(worker.running for worker in training):
                    time.sleep(1)
                assert not any(worker.failure for worker in training)
            _add_the_rest(logdir / RUN)
            kept.parent.mkdir(exist_ok=True)
            logdir.rename(kept)
    yield kept


def _add_the_rest(directory: Path) -> None:
    seconds = np.arange(3 * 16_000) / 16_000
    with headway.SummaryWriter(str(directory)) as writer:
        for step in range(0, STEPS, 300):
            chord = sum(np.sin(2 * np.pi * tone * seconds) for tone in (220 + step / 10, 277, 330))
            writer.add_audio("chord", chord * np.exp(-2 * seconds) / 3, step, sample_rate=16_000)
        block = torch.nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
        model = torch.nn.Sequential(torch.nn.Embedding(256, 32), block, torch.nn.Linear(32, 256))
        writer.add_graph(model.eval(), torch.zeros(1, 16, dtype=torch.long))


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = chromium.find()
    assert path is not None, "no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(chromium.ARGUMENTS))
        yield browser
        browser.close()


def _take(browser: Browser, url: str, shot: Shot, theme: Literal["light", "dark"]) -> None:
    context = browser.new_context(
        viewport={"width": SIZE[0], "height": SIZE[1]},
        locale=shot.locale,
        color_scheme=theme,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.add_init_script("localStorage.setItem('headway:toured', '1')")
    page.goto(url + shot.query)
    page.wait_for_timeout(SETTLED_MS)
    shot.prepare(page)
    page.wait_for_timeout(500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    target = DOCS / "images" / f"{shot.name}-{theme}.png"
    picture.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    print(f"{target}  {target.stat().st_size / 1e3:.0f} kB")


def _page() -> str:
    parts = [
        "# Gallery",
        "Runs of `headway demo`, with a sound and a graph that it has no use for. `make gallery` takes the pictures.",
    ]
    for shot in SHOTS:
        light, dark = (f"images/{shot.name}-{theme}.png" for theme in THEMES)
        picture = (
            f'<source media="(prefers-color-scheme: dark)" srcset="{dark}"><img alt="{shot.title}" src="{light}">'
        )
        parts += [f"## {shot.title}", shot.text, f"<picture>{picture}</picture>"]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
