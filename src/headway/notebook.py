"""The page in a notebook: `%load_ext headway`, then `%headway view runs`; `%headway stop` ends it.

The server runs in a thread of the kernel, on the loopback interface, with a token. Where its page can be reached from
is known by the browser alone, so a few lines in the cell's output look: through jupyter-server-proxy, if the Jupyter
server has that, else at the port itself, which is right on one machine, and in VS Code, which forwards ports.
"""

from __future__ import annotations

import atexit
import json
import os
import shlex
from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import uuid4

import click

from headway.errors import HeadwayError
from headway.ingest.index import Index
from headway.server.address import ANY_TOKEN, token_path
from headway.server.serve import Server

HEIGHT = 800

FRAME = """\
<iframe id="{id}" title="headway: {logdir}" width="100%" height="{height}" style="border: 0"></iframe>
<p><a id="{id}-link" href="{address}" target="_blank" rel="noopener">headway: {logdir}</a> <small></small></p>
<script>({script})({facts})</script>
"""

SCRIPT = """\
async ({ id, port, path, base, hint }) => {
  const frame = document.getElementById(id);
  const link = document.getElementById(`${id}-link`);
  const config = document.getElementById("jupyter-config-data");
  const root = document.body.dataset.baseUrl ?? (config && JSON.parse(config.textContent).baseUrl) ?? base;
  let address = `http://127.0.0.1:${port}/${path}`;
  let isReached = /^(localhost|127\\..*|\\[::1\\])$/.test(location.hostname);
  if (location.protocol.startsWith("http") && root) {
    const proxied = new URL(`${root.replace(/\\/?$/, "/")}proxy/${port}/${path}`, location.origin).href;
    try {
      const answer = await fetch(`${proxied}api/openapi.json`);
      if ((await answer.json()).info.title === "headway") {
        address = proxied;
        isReached = true;
      }
    } catch {} // another answer, or none: there is no proxy
    if (!isReached) link.nextElementSibling.textContent = hint;
  }
  link.href = address;
  frame.src = address;
}"""

HINT = (
    "The kernel seems to be on another machine: the page needs jupyter-server-proxy beside the Jupyter server, "
    "or port {port} forwarded to yours."
)


@dataclass
class Frame:
    """A log directory's page as a cell's output; `server` serves it."""

    logdir: str
    server: Server
    height: int

    def __repr__(self) -> str:
        return f"headway: {self.logdir} at {self.server.url}"

    def _repr_html_(self) -> str:
        assert self.server.token is not None
        port, path = self.server.port, token_path(self.server.token)
        name = f"headway-{uuid4().hex}"
        facts = {
            "id": name,
            "port": port,
            "path": path,
            "base": os.environ.get("JUPYTERHUB_SERVICE_PREFIX"),
            "hint": HINT.format(port=port),
        }
        return FRAME.format(
            id=name,
            logdir=escape(self.logdir),
            height=self.height,
            address=f"http://127.0.0.1:{port}/{path}",
            script=SCRIPT,
            facts=json.dumps(facts).replace("<", "\\u003c"),
        )


@dataclass
class Served:
    """A log directory that is served from this process."""

    index: Index
    server: Server

    def stop(self) -> None:
        """End it."""
        self.server.__exit__()
        self.index.close()


_served: dict[str, Served] = {}


def view(logdir: str, port: int | None = None, height: int = HEIGHT) -> Frame:
    """Serve `logdir` from a thread of this process, if it is not yet, at `port` (None: any). Returns its page."""
    key = _key(logdir)
    if port is not None and key in _served and _served[key].server.port != port:
        stop(logdir)
    if key not in _served:
        index = Index(logdir)
        try:
            server = Server(index, port=port or 0, token=ANY_TOKEN)
            server.__enter__()
        except BaseException:
            index.close()
            raise
        _served[key] = Served(index, server)
    return Frame(logdir, _served[key].server, height)


def stop(logdir: str | None = None) -> None:
    """End the server of `logdir`, or of every one; those that are not served are none."""
    for key in [*_served] if logdir is None else [_key(logdir)]:
        if key in _served:
            _served.pop(key).stop()


def _key(logdir: str) -> str:
    return logdir if "://" in logdir else os.path.realpath(logdir)


@click.group(name="%headway")
def magic() -> None:
    """See where your training is going, right here."""


@magic.command("view")
@click.argument("logdir", default="runs")
@click.option("--port", type=click.IntRange(1, 65535), help="Of the server; any free one if not given.")
@click.option("--height", type=click.IntRange(min=1), default=HEIGHT, show_default=True, help="In CSS pixels.")
def _view(logdir: str, port: int | None, height: int) -> None:
    """Show the runs of LOGDIR (default: runs), live. The server stays until `%headway stop`."""
    from IPython.display import display

    display(view(logdir, port, height))


@magic.command("stop")
@click.argument("logdir", required=False)
def _stop(logdir: str | None) -> None:
    """End the server of LOGDIR, or all of this kernel's."""
    stop(logdir)


def _run(line: str) -> None:
    from IPython.core.error import UsageError

    try:
        magic.main(shlex.split(line), prog_name="%headway", standalone_mode=False)
    except click.ClickException as error:
        raise UsageError(error.format_message()) from None
    except (HeadwayError, ValueError) as error:
        raise UsageError(str(error)) from None


def load_ipython_extension(ipython: Any) -> None:
    """What `%load_ext headway` calls."""
    ipython.register_magic_function(_run, "line", "headway")
    atexit.register(stop)


def unload_ipython_extension(_: Any) -> None:
    """What `%unload_ext headway` calls."""
    stop()
