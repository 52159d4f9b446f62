from __future__ import annotations

from pathlib import Path

import pytest

from headway.server import typescript

SOURCE = '''
"""The API.

- one
  two
"""

from typing import Annotated, Literal

import msgspec

Kind = Literal["a", "b"]
"""Which."""


class Answer(msgspec.Struct):
    """One."""

    kind: Kind
    values: list[int | None]
    """Two
    lines."""
    pair: tuple[float, str] | None
    column: bytes = b""


class Change(msgspec.Struct, omit_defaults=True):
    life: int
    pair: int | None = None


class Row(msgspec.Struct, array_like=True):
    run: int
    x: bytes


class Table(Answer):
    rows: dict[str, Any]


class Request(msgspec.Struct, forbid_unknown_fields=True):
    all: Annotated[list[Answer], msgspec.Meta(max_length=3)]
    on: bool = True

    def __post_init__(self) -> None: ...
'''

TYPES = """\
/**
 * The API.
 *
 * - one
 *   two
 */

/** Which. */
export type Kind = "a" | "b";

/** One. */
export interface Answer {
  kind: Kind;
  /**
   * Two
   * lines.
   */
  values: (number | null)[];
  pair: [number, string] | null;
  column: Uint8Array;
}

export interface Change {
  life: number;
  pair?: number | null;
}

export interface Row {
  run: number;
  x: Uint8Array;
}

export const RowFields = [
  "run",
  "x",
] as const;

export interface Table extends Answer {
  rows: Record<string, unknown>;
}

export interface Request {
  all: Answer[];
  on?: boolean;
}
"""


def test_types_docstrings_and_order_are_kept() -> None:
    assert typescript.generate(SOURCE) == f"{typescript.HEADER}\n{TYPES}"


@pytest.mark.parametrize("line", ["x: int = 1", "class A: ...", "A = set[int]", "A = dict[str]"])
def test_what_has_no_translation_is_an_error(line: str) -> None:
    with pytest.raises(ValueError, match="no TypeScript for"):
        typescript.generate(line)


def test_check_says_whether_the_file_is_up_to_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "api" / "types.ts"
    assert typescript.main(["--check", str(path)]) == 1
    assert typescript.main([str(path)]) == 0
    assert typescript.main(["--check", str(path)]) == 0
    path.write_text(path.read_text().replace("number", "string", 1))
    assert typescript.main(["--check", str(path)]) == 1
    assert f"python -m headway.server.typescript {path}" in capsys.readouterr().err
    assert typescript.main(["--check"]) == 2
