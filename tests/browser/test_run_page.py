from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from playwright.sync_api import Locator, Page, expect

import headway
from browser.about_logdir import HOSTILE, LINES, write_about
from browser.board import Board
from browser.conftest import Visit
from browser.viewer import Viewer, viewing

COPIED = """() => {
    window.copied = [];
    Object.defineProperty(navigator, "clipboard", { value: { writeText: async text => window.copied.push(text) } });
}"""


@pytest.fixture(scope="module")
def about(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("about")
    write_about(logdir)
    with viewing(logdir) as viewer:
        yield viewer


class RunPage:
    """The page of a run, chosen by its name as a person does."""

    def __init__(self, board: Board, run: str) -> None:
        self.board, self.page = board, board.page
        self.choose(run)

    @property
    def panel(self) -> Locator:
        return self.page.get_by_role("tabpanel")

    def choose(self, run: str) -> None:
        self.page.get_by_role("button", name=re.compile("^Choose a run")).click()
        self.page.get_by_role("combobox", name="Choose a run").fill(run)
        self.page.get_by_role("option", name=run, exact=True).click()
        expect(self.page.get_by_role("heading", name=run, exact=True)).to_be_visible()

    def open(self, tab: str) -> Locator:
        self.page.get_by_role("tab", name=re.compile(f"^{tab}")).click()
        expect(self.panel).to_have_attribute("data-tab", tab.lower())
        return self.panel

    def copied(self) -> str:
        """What was copied last."""
        return str(self.page.evaluate("() => window.copied.at(-1)"))


PageOf: TypeAlias = Callable[[str], RunPage]


@pytest.fixture
def page_of(about: Viewer, visit: Visit) -> PageOf:
    """Open the page of a run."""

    def page_of(run: str) -> RunPage:
        board = visit(about, "?view=run")
        board.page.evaluate(COPIED)
        return RunPage(board, run)

    return page_of


def test_an_overview_of_what_a_run_came_to(page_of: PageOf) -> None:
    run = page_of("sweep/base")
    expect(run.page.locator("[data-state]").first).to_have_attribute("data-state", "finished")
    metrics = run.panel.locator("[data-metric]")
    expect(metrics.first).to_have_attribute("data-metric", "eval/loss")
    loss = run.panel.locator('[data-metric="train/loss"]')
    expect(loss).to_contain_text("0.48495")
    expect(loss).to_contain_text("best 0.43759")
    expect(loss.locator("svg path").first).to_be_attached()
    expect(run.panel.locator('[data-metric="lr"]')).not_to_contain_text("best")
    facts = run.panel.get_by_role("region", name="Facts")
    for text in ("Last step", "59", "Points", "Host", "Commit"):
        expect(facts).to_contain_text(text)
    expect(run.panel.get_by_role("region", name="Note")).to_contain_text("A baseline for the sweep.")
    expect(run.panel.locator("strong", has_text="baseline")).to_be_visible()  # Markdown
    loss.click()
    expect(run.page.get_by_role("article", name="train/loss")).to_be_visible()
    run.board.expect_address("tags=")


def test_why_a_run_failed(page_of: PageOf) -> None:
    run = page_of("sweep/broken")
    why = run.panel.get_by_role("region", name="Why it failed")
    expect(why).to_contain_text("RuntimeError: CUDA error: an illegal memory access was encountered")
    expect(run.panel.get_by_role("region", name="Traceback")).to_contain_text("train.py")
    why.get_by_role("button", name="See the console").click()
    expect(run.panel).to_have_attribute("data-tab", "console")


def test_a_note_and_tags_are_written_and_stay(page_of: PageOf) -> None:
    run = page_of("sweep/wide")
    note = run.panel.get_by_role("region", name="Note")
    note.get_by_role("button", name=re.compile("^Write a note")).click()
    note.get_by_role("textbox").fill("Wider is **better**, r/? mean nothing here")
    note.get_by_role("button", name="Save").click()
    expect(note.locator("strong", has_text="better")).to_be_visible()
    tags = run.panel.get_by_role("region", name="Tags")
    tags.get_by_role("textbox", name="Add a tag").fill("keep")
    tags.get_by_role("textbox", name="Add a tag").press("Enter")
    expect(tags.get_by_role("button", name="Remove the tag keep")).to_be_visible()
    run.board.reload()
    expect(run.panel.get_by_role("region", name="Note").locator("strong", has_text="better")).to_be_visible()
    expect(tags.get_by_text("sweep", exact=True)).to_be_visible()  # the run's own
    tags.get_by_role("button", name="Remove the tag keep").click()
    expect(tags.get_by_text("keep")).to_have_count(0)


def test_previous_and_next_run(page_of: PageOf) -> None:
    run = page_of("plain")
    run.page.get_by_role("button", name="Next run: sweep/again").click()
    expect(run.page.get_by_role("heading", name="sweep/again")).to_be_visible()
    run.board.expect_address("run.name=gj3ltl4b")
    run.board.reload()
    expect(run.page.get_by_role("heading", name="sweep/again")).to_be_visible()
    run.page.get_by_role("button", name="Previous run: plain").click()
    expect(run.page.get_by_role("heading", name="plain")).to_be_visible()


def test_the_config_as_a_tree_and_flat(page_of: PageOf) -> None:
    run = page_of("sweep/base")
    config = run.open("Config")
    expect(config.locator('[data-key="model.attention.heads"]')).to_contain_text("8")
    expect(config.locator('[data-key="data.token"]')).to_contain_text("***")
    config.get_by_role("button", name="model", exact=True).click()
    expect(config.locator('[data-key="model.attention.heads"]')).to_have_count(0)
    config.get_by_text("Flat", exact=True).click()
    expect(config.locator('[data-key="model.attention.heads"]')).to_contain_text("model.attention.heads")
    config.get_by_role("textbox", name="Search keys and values").fill("adamw")
    expect(config.locator("[data-key]")).to_have_count(1)
    config.get_by_role("button", name="Copy JSON").click()
    assert json.loads(run.copied()) == {"optimizer": {"name": "adamw"}}
    config.get_by_role("button", name="Copy YAML").click()
    assert run.copied() == "optimizer:\n  name: adamw\n"
    run.board.expect_address("run.find=adamw.*run.shape=flat|run.shape=flat.*run.find=adamw")


def test_machine_program_and_packages(page_of: PageOf) -> None:
    environment = page_of("sweep/base").open("Environment")
    expect(environment.get_by_role("region", name="Program")).to_contain_text("train.py")
    packages = environment.get_by_role("region", name="Packages")
    packages.get_by_role("textbox").fill("numpy")
    expect(packages.get_by_text("numpy", exact=True)).to_be_visible()
    expect(packages.get_by_text("torch", exact=True)).to_have_count(0)


def test_uncommitted_changes_as_a_diff(page_of: PageOf) -> None:
    run = page_of("sweep/broken")
    code = run.open("Code")
    changes = code.get_by_role("region", name="Uncommitted changes")
    expect(changes).to_contain_text("2 files")
    expect(changes.locator(".added", has_text="layer_9 = 18")).to_be_visible()
    expect(changes.locator(".removed", has_text="layer_9 = 9")).to_be_visible()
    changes.locator("button.file", has_text="model.py").click()
    expect(changes.locator(".added", has_text="layer_9")).to_have_count(0)
    expect(changes.locator(".added", has_text="<img src=x onerror=alert(1)>")).to_be_visible()  # as text
    expect(code.get_by_text("1 untracked file")).to_be_visible()
    code.get_by_role("button", name="Copy diff").click()
    assert run.copied().startswith("diff --git a/model.py b/model.py\n")


def test_a_commit_without_changes(page_of: PageOf) -> None:
    expect(page_of("sweep/base").open("Code")).to_contain_text("exactly the commit")


def line(page: Page, number: int) -> Locator:
    return page.locator(f'[data-line="{number}"]')


def test_the_console_is_read_at_its_end_and_anywhere(page_of: PageOf) -> None:
    run = page_of("sweep/base")
    console = run.open("Console")
    last = LINES + 1 + 60
    expect(line(run.page, last)).to_contain_text("eval 59: 100%")  # the bar as it was left
    expect(line(run.page, 1)).to_have_count(0)
    assert run.page.locator("[data-line]").count() < 100
    console.get_by_role("group", name="What the run printed").evaluate("e => e.scrollTo(0, 0)")
    expect(line(run.page, 1)).to_contain_text("training with lr 0.003")
    expect(console.get_by_role("switch", name="Follow")).not_to_be_checked()
    line(run.page, 7).get_by_role("button").click()
    run.board.expect_address("run.line=7")
    run.board.reload()
    expect(line(run.page, 7)).to_be_visible()


def test_what_was_printed_is_searched(page_of: PageOf) -> None:
    run = page_of("sweep/base")
    console = run.open("Console")
    field = console.get_by_role("textbox", name="Search the console")
    field.fill("STEP   30 line  1")
    expect(console.get_by_text(re.compile("of 10$"))).to_be_visible()
    expect(console.locator("mark").first).to_have_text("step   30 line  1")
    field.press("Enter")
    first = run.page.url
    field.press("Enter")
    expect(run.page).not_to_have_url(first)
    field.fill("not there")
    expect(console.get_by_text("no match")).to_be_visible()


def test_errors_are_jumped_to(page_of: PageOf) -> None:
    run = page_of("sweep/broken")
    console = run.open("Console")
    console.get_by_role("group", name="What the run printed").evaluate("e => e.scrollTo(0, 0)")
    expect(run.page.locator(".fault")).to_have_count(0)
    console.get_by_role("button", name="1 error").click()
    expect(run.page.locator(".fault.chosen")).to_contain_text("ERROR the loss is not finite")


def test_charts_of_the_machine(page_of: PageOf) -> None:
    system = page_of("sweep/base").open("System")
    names = system.get_by_role("article")
    expect(names).to_have_count(3)
    memory = system.get_by_role("article", name="system/gpu.0.memory")
    expect(memory.locator("canvas.curves")).to_be_visible()
    expect(memory).to_have_attribute("data-painted", re.compile(r"\d"))
    system.get_by_role("textbox", name="Search tags").fill("tokens")
    expect(names).to_have_count(1)


def test_files_and_sessions(page_of: PageOf) -> None:
    files = page_of("plain").open("Files")
    table = files.get_by_role("region", name="Files of the run")
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table).to_contain_text("projector_config.pbtxt")
    expect(table).to_contain_text("Everything in its event files could be read.")
    expect(files.get_by_role("region", name="Sessions")).to_contain_text("0 – 58")


def test_sessions_that_were_done_again_and_where_a_run_comes_from(page_of: PageOf) -> None:
    run = page_of("sweep/again")
    lineage = run.open("Lineage")
    expect(lineage.get_by_role("listitem")).to_have_count(2)
    expect(lineage).to_contain_text("steps 25 to 39 were done again later")
    run.choose("sweep/fork")
    expect(lineage.get_by_role("region", name="Comes from")).to_contain_text("the same up to step 40")
    lineage.get_by_role("button", name="sweep/base").click()
    expect(run.page.get_by_role("heading", name="sweep/base")).to_be_visible()
    expect(lineage.get_by_role("region", name="Was gone on with in")).to_contain_text("sweep/fork")


@pytest.mark.parametrize("tab", ["Config", "Environment", "Code", "Console", "System"])
def test_a_run_that_says_nothing_of_itself_says_how(page_of: PageOf, tab: str) -> None:
    expect(page_of("plain").open(tab).locator("pre")).to_contain_text(
        "headway.init" if tab != "System" else "run.log"
    )


def test_hostile_words_are_words(page_of: PageOf) -> None:
    run = page_of("odd/x onerror=alert(3) 跑")
    expect(run.panel).to_contain_text("[x](javascript:alert(4))")
    expect(run.panel.locator('[data-metric="nan"]')).to_contain_text("NaN")
    expect(run.open("Config")).to_contain_text(HOSTILE)
    for tab in ("Environment", "Code", "Console", "System", "Files", "Lineage"):
        run.open(tab)
    assert run.page.evaluate("() => ({}).polluted") is None


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_nothing_is_wider_than_the_screen(about: Viewer, visit: Visit, size: tuple[int, int]) -> None:
    run = RunPage(visit(about, "?view=run", size=size), "sweep/broken")
    for tab in ("Overview", "Environment", "Lineage"):
        run.open(tab)
        found = [one for one in run.board.overflowing() if not re.search("tabs|rail|NAV|PRE", one)]
        assert found == [], tab


def test_a_run_that_grows_is_followed(tmp_path: Path, visit: Visit) -> None:
    with headway.init(tmp_path / "growing", {"lr": 1.0}) as run:
        run.log({"loss": 2.0}, 0)
        run.flush()
        with viewing(tmp_path) as viewer:
            board = visit(viewer, "?view=run")
            loss = board.page.locator('[data-metric="loss"]')
            expect(loss).to_contain_text("2 step 0")
            expect(board.page.locator("[data-state]")).to_have_attribute("data-state", "running")
            run.log({"loss": 0.5}, 7)
            run.flush()
            expect(loss).to_contain_text("0.5 step 7")
            run.close()
            expect(board.page.locator("[data-state]")).to_have_attribute("data-state", "finished")
            board.page.close()  # before its server is


def test_in_chinese(about: Viewer, visit: Visit) -> None:
    board = visit(about, "?view=run", locale="zh-CN")
    expect(board.page.get_by_role("tab", name="概览")).to_be_visible()
    board.page.get_by_role("tab", name="环境").click()
    expect(board.page.get_by_role("tabpanel")).to_contain_text("软件包")
