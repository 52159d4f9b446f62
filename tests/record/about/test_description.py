from __future__ import annotations

import importlib.metadata
import json
import os
import re
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from headway.record.about import description, machine, markdown
from headway.record.about.description import describe, diff_text, packages, process, run_text
from headway.record.about.git import Checkout

CHECKOUT = Checkout("0" * 40, "trunk", "+a\n```\n+b", ["new.py"])


def test_for_people_and_for_programs() -> None:
    told: dict[str, Any] = {
        **{"id": "x", "started": 0.0, "step": 0, "resumed": False, "rank": None, "world_size": None},
        **{"notes": "Longer *warm-up*", "tags": ["a|b", "c"]},
    }
    found = describe(told | process(), CHECKOUT)
    text = run_text(found)
    notes, table, code = text.split("\n\n", 2)
    assert notes == "Longer *warm-up*"
    assert "| tags | a\\|b, c |" in table
    assert "| started | 1970-01-01 00:00:00 UTC |" in table
    assert f"| git | {'0' * 40} (trunk, with changes) |" in table
    assert "| rank |" not in table
    assert "| resumed |" not in table
    assert "| step | 0 |" in table
    assert re.fullmatch(r"```json\n.*\n```", code, re.DOTALL)
    assert json.loads(code[8:-4]) == found
    assert found["git"] == {"commit": "0" * 40, "branch": "trunk", "dirty": True, "untracked": ["new.py"]}
    assert found["pid"] == os.getpid()
    assert found["directory"] == str(Path.cwd())
    assert found["cpus"] >= 1
    assert found["memory"] > 1 << 28


def test_a_diff_cannot_end_its_own_block() -> None:
    assert diff_text(CHECKOUT) == "````diff\n+a\n```\n+b\n````"


def test_the_command_line_keeps_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", "train.py", "--api-key", "abc", "--name", "a b"])
    assert process()["command"] == "python train.py --api-key '***' --name 'a b'"


def test_a_directory_that_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert process()["directory"] is None
    assert run_text(describe(process(), None))
    description.code_directories()


def test_packages_are_those_that_their_metadata_name() -> None:
    def plain(name: str) -> str:
        return re.sub("[._-]+", "-", name).lower()

    expected = {
        plain(found.metadata["Name"]): found.version for found in reversed([*importlib.metadata.distributions()])
    }
    assert {plain(name): version for name, version in packages().items()} == expected
    assert packages(["/nowhere", __file__]) == {}


def test_accelerators_are_named_without_waking_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Devices:
        awake = False

        def is_initialized(self) -> bool:
            return self.awake

        def device_count(self) -> int:
            assert self.awake, "this would begin a context"
            return 2

        def get_device_name(self, number: int) -> str:
            return f"GPU {number}"

    cuda = Devices()
    mps = SimpleNamespace(is_available=lambda: False)
    torch: Any = SimpleNamespace(cuda=cuda, backends=SimpleNamespace(mps=mps))
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.delitem(sys.modules, "jax._src.xla_bridge", raising=False)
    monkeypatch.setattr(machine, "NVIDIA", tmp_path)
    assert machine.accelerators() == []
    (tmp_path / "0000:00:04.0").mkdir()
    (tmp_path / "0000:00:04.0" / "information").write_text("Model: \t\t NVIDIA H100\nIRQ: 5\n")
    assert machine.accelerators() == ["NVIDIA H100"]
    cuda.awake = True
    assert machine.accelerators() == ["GPU 0", "GPU 1"]
    monkeypatch.setitem(sys.modules, "torch", None)
    assert machine.accelerators() == ["NVIDIA H100"]


def test_tables_hold_what_is_put_into_them() -> None:
    assert markdown.table({"a": "x\ny | z", "b": "<b>"}) == "| | |\n|---|---|\n| a | x y \\| z |\n| b | &lt;b> |"
