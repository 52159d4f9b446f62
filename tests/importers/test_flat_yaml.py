from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from headway.importers.flat_yaml import read_yaml


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: 0.5\nc: text here\nd: null\ne: true\nf: ''\n",
        "a:\n  b:\n    c: 1\n  d: x\ne: 2\n",
        "a:\n- 1\n- x\nb:\n  - 2\n  - y: 1\n    z: 2\n",
        "a: [1, 2, x]\nb: {}\nc: []\n",
        "'quoted key': 'it''s'\n\"other\": \"\\u00e4\\n\\x41\"\n",
        "a: long text that\n  goes on here\nb: 1\n",
        "# comment\na: 1 # more\n\nb: -.inf\nc: 'x # y'\n",
        "a: |\n  one\n  two\nb: 1\n",
        "experiment_id: '0'\nname: 实验\nstart_time: 1795526022162\nstatus: 3\ntags: []\n",
    ],
)
def test_as_yaml_reads_it(text: str) -> None:
    theirs = yaml.safe_load(text)
    ours = read_yaml(text)
    if "|" in text:
        theirs["a"] = theirs["a"].rstrip("\n")
    assert ours == theirs


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "text", "a", ":", "a: !!python/object/apply:os.system ['exit 1']\n"]
)
def test_what_is_not_understood_is_left_out(text: str) -> None:
    assert set(read_yaml(text)) <= {"a"}


def test_nothing_expands() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert len(str(read_yaml("\n".join(lines)))) < 10_000
    assert isinstance(read_yaml("a:\n" + "\n".join(" " * n + "b:" for n in range(1, 5000))), dict)


_SETTINGS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False)
    | st.text("abc xyz:#'\"-äöü\n", max_size=40),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcdef_ ", min_size=1).map(str.strip).filter(bool), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.text("abcdef_", min_size=1), _SETTINGS, max_size=4))
def test_what_machines_write_comes_back(settings: dict[str, Any]) -> None:
    ours = read_yaml(yaml.safe_dump(settings, allow_unicode=True))
    for key, value in settings.items():
        if isinstance(value, str | int | float | None) and "\n" not in str(value):
            assert ours.get(key) == value
