"""The machine that a run is on, told by the operating system and by frameworks that are there already."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
import socket
import sys
from pathlib import Path
from typing import Any

NVIDIA = Path("/proc/driver/nvidia/gpus")


def machine() -> dict[str, Any]:
    """Return host, user, platform, number of processors that may be used, memory in bytes, accelerators."""
    return {
        "host": socket.gethostname(),
        "user": _user(),
        "platform": platform.platform(),
        "cpus": _cpus(),
        "memory": _memory(),
        "accelerators": accelerators(),
    }


def accelerators() -> list[str]:
    """Return the names of the accelerators in sight. No framework is imported, and no device woken."""
    for find in (_of_torch, _of_jax, _of_driver):
        try:
            found = find()
        except Exception:  # not the driver, the version or the file that was thought of
            continue
        if found:
            return found
    return []


def _of_torch() -> list[str]:
    torch = sys.modules.get("torch")
    if torch is None:
        return []
    for kind in ("cuda", "xpu"):
        devices = getattr(torch, kind, None)
        # Asking earlier would make a context on a device, and a fork impossible.
        if devices is not None and devices.is_initialized():
            return [str(devices.get_device_name(number)) for number in range(devices.device_count())]
    return ["Apple MPS"] if torch.backends.mps.is_available() else []


def _of_jax() -> list[str]:
    bridge = sys.modules.get("jax._src.xla_bridge")
    if bridge is None or not bridge.backends_are_initialized():
        return []
    return [str(device.device_kind) for device in sys.modules["jax"].local_devices() if device.platform != "cpu"]


def _of_driver() -> list[str]:
    found = []
    for file in sorted(NVIDIA.glob("*/information")):
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "Model":
                found.append(value.strip())
    return found


def _user() -> str | None:
    with contextlib.suppress(Exception):  # a container's user may have no name
        return getpass.getuser()
    return None


def _cpus() -> int | None:
    with contextlib.suppress(AttributeError, OSError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _memory() -> int | None:
    with contextlib.suppress(AttributeError, OSError, ValueError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return None
