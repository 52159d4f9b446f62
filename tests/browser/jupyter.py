"""A real Jupyter server with jupyter-server-proxy, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

TOKEN = "jupyter-token"
BASE = "/user/someone/"


@contextmanager
def jupyter(home: Path) -> Iterator[str]:
    """A server for as long as the block; its address, which ends with `BASE`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "ServerApp.port": port,
        "ServerApp.port_retries": 0,
        "ServerApp.base_url": BASE,
        "ServerApp.root_dir": home,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": TOKEN,
    }
    command = [sys.executable, "-m", "jupyter_server", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    places = ("HOME", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    with (home / "jupyter.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=os.environ | {name: str(home) for name in places}, stdout=log, stderr=log
        )
    try:
        give_up = time.monotonic() + 60
        while not answers(port):
            assert process.poll() is None, (home / "jupyter.log").read_text()
            assert time.monotonic() < give_up
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}{BASE}"
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int) -> bool:
    """Is it there?"""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", f"{BASE}api")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
