"""Imports flow one way, recording needs numpy alone, and importing headway costs milliseconds."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import headway

PACKAGE = Path(headway.__file__).parent
MODULES = {
    ".".join(("headway", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}

EVERYTHING = {name.split(".")[1] for name in MODULES if name != "headway"}
# What an area may import, besides itself and `errors`.
MAY_IMPORT = {
    "errors": set[str](),
    "urls": set[str](),
    "events": set[str](),
    "record": {"events", "urls"},
    "compat": {"events", "record"},
    "store": {"events", "urls"},
    "ingest": {"events", "store", "urls"},
    "query": {"events", "store"},
    "marks": {"store", "urls"},
    "examine": {"events", "ingest"},
    "importers": {"events", "record"},
    "insight": {"query"},
    "evaluate": {"query"},
    "tune": {"query"},
    "export": {"events", "store", "query"},
    "logs": {"events", "ingest", "store", "query", "export", "marks", "urls"},
    "server": EVERYTHING - {"cli"},
    "demo": EVERYTHING - {"cli"},
    "notebook": {"ingest", "server"},
    "cli": EVERYTHING,
    "__main__": {"cli"},
}


def imports(body: list[ast.stmt], deferred: bool) -> Iterator[str]:
    """What statements import; with `deferred`, also inside of functions. Not what is for types alone."""
    for node in body:
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.ImportFrom():
                raise AssertionError(f"a relative import: {ast.unparse(node)}")
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=orelse):
                yield from imports(orelse, deferred)
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not deferred:
                pass
            case _:
                blocks = [getattr(node, name, []) for name in ("body", "orelse", "finalbody", "handlers", "cases")]
                for block in blocks:
                    yield from imports(block, deferred)


def imported_by(path: Path, deferred: bool) -> set[str]:
    return set(imports(ast.parse(path.read_text(encoding="utf-8")).body, deferred))


@pytest.mark.parametrize("module", [name for name in MODULES if name != "headway"])
def test_imports_flow_one_way(module: str) -> None:
    area = module.split(".")[1]
    for name in imported_by(MODULES[module], deferred=True):
        first, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if first == "headway" and other in EVERYTHING:
            assert other in {area, "errors"} | MAY_IMPORT[area], f"{module} imports {name}"


@pytest.mark.parametrize(
    "module", [name for name in MODULES if name.split(".")[1:2] in (["events"], ["record"], ["compat"])]
)
def test_recording_needs_numpy_and_the_standard_library(module: str) -> None:
    needed = {name.partition(".")[0] for name in imported_by(MODULES[module], deferred=False)}
    assert needed <= {"headway", "numpy"} | sys.stdlib_module_names


def test_a_writer_loads_no_encoder_and_no_framework() -> None:
    code = "import sys, headway; headway.SummaryWriter; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "headway.record.summary_writer" in loaded
    assert not {"torch", "PIL", "matplotlib", "fsspec", "headway.record.kinds.image", "socket", "json"} & {*loaded}


def test_importing_headway_loads_next_to_nothing() -> None:
    code = "import sys; before = {*sys.modules}; import headway; print(*sorted({*sys.modules} - before))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = output.split()
    assert "headway" in loaded
    assert not {"numpy", "duckdb", "starlette", "msgspec"} & {*loaded}
    assert len(loaded) < 30, loaded
