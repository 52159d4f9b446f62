"""What TensorBoard's page asks before it asks for data: runs, environment, plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from headway.server.tensorboard.answer import answered

if TYPE_CHECKING:
    from headway.query.source import Source

VERSION = "2.21.0"
"""The TensorBoard whose answers these are: tools compare it."""

_PLUGINS = {
    # plugin: the kind that it shows, the name of its tab, its element in TensorBoard's page
    "scalars": ("scalars", "scalars", "tf-scalar-dashboard"),
    "images": ("images", "images", "tf-image-dashboard"),
    "audio": ("audio", "audio", "tf-audio-dashboard"),
    "distributions": ("histograms", "distributions", "tf-distribution-dashboard"),
    "histograms": ("histograms", "histograms", "tf-histogram-dashboard"),
    "text": ("text", "text", "tf-text-dashboard"),
    "pr_curves": ("pr_curves", "PR Curves", "tf-pr-curve-dashboard"),
}


class About:
    """Answers of one log directory."""

    def __init__(self, source: Source, logdir: str) -> None:
        self._source = source
        self._logdir = logdir

    def runs(self, _: Request) -> Response:
        """Names of the runs, those that began first before the others."""
        begun = sorted((run.first_wall or float("inf"), run.name) for run in self._source.runs())
        return answered([name for _, name in begun])

    def environment(self, _: Request) -> Response:
        """Where the data are, and which TensorBoard to take this for."""
        return answered(
            {
                "version": VERSION,
                "data_location": self._logdir,
                "window_title": "",
                "experiment_name": "",
                "experiment_description": "",
                "creation_time": 0.0,
            }
        )

    def logdir(self, _: Request) -> Response:
        """The log directory."""
        return answered({"logdir": self._logdir})

    def window_properties(self, _: Request) -> Response:
        """No title."""
        return answered({"window_title": ""})

    def nothing(self, _: Request) -> Response:
        """An empty list: there are no experiments but this one."""
        return answered([])

    def plugins_listing(self, _: Request) -> Response:
        """Which plugins are served here, and which of them have data."""
        kinds = self._source.kinds()
        return answered({name: _listed(kind in kinds, *shown) for name, (kind, *shown) in _PLUGINS.items()})


def _listed(enabled: bool, tab: str, element: str) -> dict[str, Any]:
    return {
        "disable_reload": False,
        "enabled": enabled,
        "remove_dom": False,
        "tab_name": tab,
        "loading_mechanism": {"type": "CUSTOM_ELEMENT", "element_name": element},
    }
