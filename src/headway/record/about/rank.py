"""Which of a run's processes this one is, as the launcher says it."""

from __future__ import annotations

import operator
import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from headway import __version__

_FIRST_SPECIAL_STEP = 0xFFFFFFF0
"""Slurm's steps from here on are no `srun` of the user's: a batch script, an interactive shell, ..."""
# The names of rank and number of processes; MPI before Slurm, whose tasks may be what started MPI's daemons.
_LAUNCHERS = {
    "environment": ("RANK", "WORLD_SIZE"),
    "Open MPI": ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    "MVAPICH2": ("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE"),
    "PMI": ("PMI_RANK", "PMI_SIZE"),
}


class Rank(NamedTuple):
    """One of the processes that record a run together."""

    rank: int
    world_size: int | None
    """How many there are; None where only the rank is known."""
    source: str
    """Who said so."""

    @property
    def is_first(self) -> bool:
        """Whether it is the one that describes the run."""
        return self.rank == 0


def find_rank(environ: Mapping[str, str] = os.environ) -> Rank | None:
    """Return this process's rank, or None when it is alone or nobody says that it is not.

    The first of these that knows: `torch.distributed`, if it is initialised; torchrun's `RANK` and `WORLD_SIZE`;
    Open MPI; MVAPICH2; PMI; a task of Slurm's `srun` (a batch script or an `salloc` shell is none); PMIx.
    """
    for found in (_of_torch(), *_of_launchers(environ), _of_slurm(environ), _of_pmix(environ)):
        if found is not None:
            return None if found.world_size == 1 else found
    return None


def given_rank(rank: Any) -> Rank:
    """Return the rank that a caller names, as a number or as (rank, number of processes).

    Raises:
        TypeError: it is neither.
        ValueError: the rank is negative, or not below the number of processes.

    """
    number, size = rank if isinstance(rank, (tuple, list)) and len(rank) == 2 else (rank, None)
    try:
        number, size = operator.index(number), None if size is None else operator.index(size)
    except TypeError:
        raise TypeError(f"rank must be an int, or (rank, world_size), not {rank!r}") from None
    if number < 0 or (size is not None and number >= size):
        raise ValueError(f"no rank {number}" + ("" if size is None else f" among {size} processes"))
    return Rank(number, size, "given")


def writer_name(rank: Rank | None, run_id: str | None = None) -> str:
    """Return what the first record of a file says of its writer."""
    said = [f"headway {__version__}"]
    if run_id is not None:
        said.append(f"run={run_id}")
    if rank is not None:
        said.append(f"rank={rank.rank}")
        if rank.world_size is not None:
            said.append(f"world_size={rank.world_size}")
    return " ".join(said)


def file_suffix(rank: Rank | None, ending: str = "") -> str:
    """Return what ends the name of a rank's file, for people who list a directory: the rank, and their own `ending`.

    Raises:
        TypeError: `ending` is no str.
        ValueError: no name of a file can end so.

    """
    if not isinstance(ending, str):
        raise TypeError(f"filename_suffix must be a str, not {type(ending).__name__}")
    if {"/", "\0", os.sep} & {*ending}:
        raise ValueError(f"filename_suffix ends the name of a file, which cannot have {ending!r}")
    return ending if rank is None else f".rank{rank.rank}{ending}"


def _of_torch() -> Rank | None:
    distributed = sys.modules.get("torch.distributed")
    try:
        if distributed is None or not (distributed.is_available() and distributed.is_initialized()):
            return None
        return Rank(int(distributed.get_rank()), int(distributed.get_world_size()), "torch.distributed")
    except Exception:  # half imported, or being torn down
        return None


def _of_launchers(environ: Mapping[str, str]) -> list[Rank | None]:
    return [
        _checked(_number(environ, rank), _number(environ, size), source)
        for source, (rank, size) in _LAUNCHERS.items()
    ]


def _of_slurm(environ: Mapping[str, str]) -> Rank | None:
    step = _number(environ, "SLURM_STEP_ID")
    if step is None or step >= _FIRST_SPECIAL_STEP:
        return None
    size = _number(environ, "SLURM_STEP_NUM_TASKS") or _number(environ, "SLURM_NTASKS")
    return _checked(_number(environ, "SLURM_PROCID"), size, "Slurm")


def _of_pmix(environ: Mapping[str, str]) -> Rank | None:
    rank = _number(environ, "PMIX_RANK")
    return None if rank is None else Rank(rank, None, "PMIx")


def _checked(rank: int | None, size: int | None, source: str) -> Rank | None:
    return Rank(rank, size, source) if rank is not None and size is not None and rank < size else None


def _number(environ: Mapping[str, str], name: str) -> int | None:
    text = environ.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
