from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from browser import raw_logdir
from browser.board import Board
from browser.conftest import Visit
from browser.viewer import Viewer, viewing


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewer]:
    logdir = tmp_path_factory.mktemp("odd")
    raw_logdir.write(logdir)
    with viewing(logdir) as viewer:
        yield viewer


def tags(board: Board) -> Locator:
    return board.page.get_by_role("navigation", name="Tags by kind")


def test_a_plugin_of_others_is_shown_as_it_is(odd: Viewer, visit: Visit) -> None:
    board = visit(odd, "?view=raw")
    tags(board).get_by_role("button", name="odd").click()
    main = board.page.get_by_role("main")
    expect(main.get_by_text('"somebody\'s"')).to_be_visible()
    expect(main.get_by_role("region", name="Tensor")).to_contain_text("float64")
    expect(main.get_by_role("region", name="Tensor")).to_contain_text("−2.5")
    main.get_by_text("metadata", exact=True).click()
    expect(main.get_by_text("<b>", exact=False).first).to_be_visible()
    board.expect_address("raw.tag=odd")


def test_a_tensor_has_statistics_and_entries_of_all_steps(odd: Viewer, visit: Visit) -> None:
    board = visit(odd, "?view=raw&raw.kind=tensor&raw.tag=weights")
    tensor = board.page.get_by_role("region", name="Tensor")
    expect(tensor).to_contain_text("[10 × 10]")
    expect(tensor).to_contain_text("53.5")
    expect(tensor.get_by_role("img", name="How the numbers are distributed")).to_be_visible()
    entries = board.page.get_by_role("group", name="Entries")
    expect(entries.get_by_role("button")).to_have_count(5)
    entries.get_by_role("button").last.click()
    expect(tensor).to_contain_text("49.5")
    board.page.get_by_text("values", exact=True).click()
    expect(board.page.get_by_text("100 items")).to_be_visible()


def test_bytes_are_shown_and_can_be_had(odd: Viewer, visit: Visit) -> None:
    board = visit(odd, "?view=raw&raw.kind=tensor&raw.tag=weights")
    board.page.get_by_role("radiogroup", name="How it is shown").get_by_text("Bytes").click()
    expect(board.page.get_by_role("row", name="0000")).to_contain_text("weights")
    with board.page.expect_download() as download:
        board.page.get_by_role("link", name="Download").click()
    assert b"weights" in download.value.path().read_bytes()


def test_hostile_messages_are_text(odd: Viewer, visit: Visit) -> None:
    board = visit(odd, "?view=raw&raw.kind=log_message")
    board.page.get_by_role("combobox", name="Kind").select_option("log_message")
    expect(board.page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()


def test_tags_are_searched(odd: Viewer, visit: Visit) -> None:
    board = visit(odd, "?view=raw")
    board.page.get_by_role("textbox", name="Search tags").fill("WEIGH")
    expect(tags(board).get_by_role("listitem")).to_have_count(1)
    board.page.get_by_role("textbox", name="Search tags").fill("nothing")
    expect(board.page.get_by_text("No tag has it.")).to_be_visible()
