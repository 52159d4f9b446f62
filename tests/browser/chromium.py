"""The Chromium that the browser tests drive: the system's.

As a program it prints nothing when there is one. When there is none it installs Debian's package, if it may;
otherwise it says in one line what to install, and fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "HEADWAY_CHROMIUM"
"""Environment variable: the browser to use, a path or a name on PATH."""

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

PACKAGES = ("chromium", "fonts-noto-cjk")

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-accelerated-2d-canvas",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""No window, no graphics card, nothing sent anywhere by the browser itself."""


def find() -> str | None:
    """Path of the browser, or None. `HEADWAY_CHROMIUM` comes first, and alone when it is set."""
    chosen = os.environ.get(VARIABLE)
    for name in (chosen,) if chosen else NAMES:
        if path := shutil.which(name):
            return path
    return None


def install() -> None:
    """Install Debian's package, quietly. Raises OSError or CalledProcessError when that does not work."""
    for command in (("update",), ("install", "--yes", "--no-install-recommends", *PACKAGES)):
        subprocess.run(
            ["apt-get", "--quiet=2", *command],
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )


def may_install() -> bool:
    """Is this root, on a system whose packages come by apt-get?"""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return is_root and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def main() -> None:
    """See the module."""
    if find():
        return
    if os.environ.get(VARIABLE):
        sys.exit(f"{VARIABLE} is set to {os.environ[VARIABLE]!r}, which is no program: correct it, or unset it")
    reason = ""
    if may_install():
        try:
            install()
        except (OSError, subprocess.CalledProcessError) as error:
            reason = f" (apt-get did not: {error})"
    if not find():
        sys.exit(f"the browser tests need Chromium: install it, or set {VARIABLE} to its path{reason}")


if __name__ == "__main__":
    main()
