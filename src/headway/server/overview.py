"""What the index knows, apart from the points, in the types of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway import __version__
from headway.server.api import FileProblem, Overview, Progress, RunInfo, TagInfo

if TYPE_CHECKING:
    from headway.ingest.catalogue import RunState
    from headway.ingest.index import Index


def overview(index: Index, matrices: int = 0) -> Overview:
    """Everything but the points. The revision is read first: what comes meanwhile is told again.

    `matrices`: how many tags of texts are confusion matrices.
    """
    return Overview(
        revision=index.revision,
        life=index.life,
        version=__version__,
        logdir=index.name,
        index=index.place,
        notice=index.notice,
        progress=progress(index),
        runs=[run_info(run) for run in index.runs()],
        tags=[TagInfo(name, runs) for name, runs in index.tags().items()],
        problems=problems(index),
        kinds=index.kinds() | ({"confusion_matrix": matrices} if matrices else {}),
        projectors=index.projectors(),
    )


def run_info(run: RunState) -> RunInfo:
    """One run."""
    return RunInfo(
        id=run.id,
        name=run.name,
        points=run.points,
        last_step=run.last_step,
        first_wall=run.first_wall,
        last_wall=run.last_wall,
        live=run.live,
        entries=run.entries,
    )


def progress(index: Index) -> Progress:
    """How far the first reading is."""
    state = index.progress()
    return Progress(state.files_done, state.files_total, state.bytes_done, state.bytes_total)


def problems(index: Index) -> list[FileProblem]:
    """Everything that could not be read."""
    return [FileProblem(p.run, p.file, p.kind, p.records, p.bytes, p.message) for p in index.problems()]
