"""Build hook: compile the Cython modules and build the dashboard before hatchling packs the wheel or sdist.

The compiled modules use the limited API, so that one wheel serves every Python from 3.11 on. An sdist carries the
built dashboard: whoever installs from it needs a C compiler but no Node.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
PACKAGE = ROOT / "src" / "headway"
WEB = ROOT / "web"
BUILT_PAGE = PACKAGE / "web" / "index.html"


class HeadwayBuildHook(BuildHookInterface[Any]):
    """Called by hatchling for each target."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build what `target_name` needs and name the wheel's platform."""
        build_page()
        if self.target_name == "wheel":
            compile_extensions()
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["pure_python"] = False
            build_data["tag"] = f"cp311-abi3-{platform}"


def compile_extensions() -> None:
    """Compile every `*.pyx` of the package in place, unless its binary is newer than its sources."""
    stale = [pyx for pyx in sorted(PACKAGE.rglob("*.pyx")) if _is_stale(pyx)]
    if not stale:
        return
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    windows = os.name == "nt"
    extensions = [
        Extension(
            ".".join(pyx.relative_to(ROOT / "src").with_suffix("").parts),
            [str(pyx.relative_to(ROOT))],
            include_dirs=[str(pyx.parent.relative_to(ROOT))],
            define_macros=[("Py_LIMITED_API", "0x030B0000"), ("CYTHON_LIMITED_API", "1")],
            py_limited_api=True,
            extra_compile_args=["/O2"] if windows else ["-O3", "-g0", "-fno-math-errno"],
        )
        for pyx in stale
    ]
    here = Path.cwd()
    os.chdir(ROOT)  # setuptools wants relative source paths
    try:
        modules = cythonize(extensions, build_dir="build/cython", language_level=3)
        command = Distribution({"ext_modules": modules, "package_dir": {"": "src"}}).get_command_obj("build_ext")
        command.inplace = True
        command.build_temp = "build/temp"
        command.ensure_finalized()
        command.run()
    finally:
        os.chdir(here)


def _is_stale(pyx: Path) -> bool:
    binaries = [*pyx.parent.glob(f"{pyx.stem}.*.so"), *pyx.parent.glob(f"{pyx.stem}.*.pyd")]
    sources = [pyx, *pyx.parent.glob("*.h"), *pyx.parent.glob("*.pxd")]
    return not binaries or max(s.stat().st_mtime for s in sources) > min(b.stat().st_mtime for b in binaries)


def build_page() -> None:
    """Build the dashboard into `src/headway/web`, unless it is there and newer than its sources."""
    if (ROOT / "PKG-INFO").exists():  # an sdist: built already
        return
    sources = [p for p in (WEB / "src").rglob("*") if p.is_file()]
    sources += [p for p in WEB.iterdir() if p.is_file()]
    if BUILT_PAGE.exists() and BUILT_PAGE.stat().st_mtime >= max(p.stat().st_mtime for p in sources):
        return
    npm = shutil.which("npm")
    if npm is None:
        raise RuntimeError("building headway from a clone needs Node.js 20 (npm was not found); an sdist needs none")
    lock, installed = WEB / "package-lock.json", WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=WEB, check=True, stdout=sys.stderr)
    subprocess.run([npm, "run", "build"], cwd=WEB, check=True, stdout=sys.stderr)


if __name__ == "__main__":  # `make dev` and `make build` rebuild in place with this
    build_page()
    compile_extensions()
