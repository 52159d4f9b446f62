from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from headway.record.about.rank import Rank, find_rank, given_rank

SRUN = {
    "SLURM_JOB_ID": "9",
    "SLURM_STEP_ID": "0",
    "SLURM_PROCID": "5",
    "SLURM_NTASKS": "16",
    "SLURM_STEP_NUM_TASKS": "16",
}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"RANK": "3", "WORLD_SIZE": "64", "LOCAL_RANK": "3"}, Rank(3, 64, "environment")),
        ({"RANK": "0", "WORLD_SIZE": "1"}, None),
        ({"RANK": "0"}, None),  # such a name alone says too little
        ({"RANK": "64", "WORLD_SIZE": "64"}, None),
        ({"RANK": "-1", "WORLD_SIZE": "64"}, None),
        ({"RANK": "three", "WORLD_SIZE": "64"}, None),
        ({"RANK": "", "WORLD_SIZE": ""}, None),
        ({"RANK": "²", "WORLD_SIZE": "9" * 5000}, None),
        ({"OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "4"}, Rank(2, 4, "Open MPI")),
        ({"MV2_COMM_WORLD_RANK": "2", "MV2_COMM_WORLD_SIZE": "4"}, Rank(2, 4, "MVAPICH2")),
        ({"PMI_RANK": "2", "PMI_SIZE": "4"}, Rank(2, 4, "PMI")),
        ({"PMIX_RANK": "2"}, Rank(2, None, "PMIx")),
        (SRUN, Rank(5, 16, "Slurm")),
        (SRUN | {"SLURM_STEP_NUM_TASKS": "1", "SLURM_PROCID": "0", "PMIX_RANK": "0"}, None),
        # srun starts one torchrun a node, or mpirun's daemon: what is nearer to the process counts
        (SRUN | {"RANK": "9", "WORLD_SIZE": "128"}, Rank(9, 128, "environment")),
        (SRUN | {"OMPI_COMM_WORLD_RANK": "7", "OMPI_COMM_WORLD_SIZE": "8"}, Rank(7, 8, "Open MPI")),
        # the script that sbatch runs, which has tasks to give but is none of them
        ({"SLURM_JOB_ID": "9", "SLURM_PROCID": "0", "SLURM_NTASKS": "16"}, None),
        ({"SLURM_JOB_ID": "9", "SLURM_STEP_ID": "4294967291", "SLURM_PROCID": "0", "SLURM_NTASKS": "16"}, None),
        # a shell of salloc: no task, or an interactive step
        ({"SLURM_JOB_ID": "9", "SLURM_NTASKS": "16"}, None),
        (SRUN | {"SLURM_STEP_ID": "4294967290", "SLURM_PROCID": "0"}, None),
    ],
)
def test_what_the_environment_says(environ: dict[str, str], expected: Rank | None) -> None:
    assert find_rank(environ) == expected


def test_a_rank_that_is_given() -> None:
    assert given_rank(3) == Rank(3, None, "given")
    assert given_rank((3, 8)) == given_rank([np.int64(3), np.int32(8)]) == Rank(3, 8, "given")
    assert given_rank(0).is_first
    assert not given_rank(1).is_first


@pytest.mark.parametrize(
    ("rank", "error"),
    [
        (-1, ValueError),
        ((8, 8), ValueError),
        ("3", TypeError),
        (1.0, TypeError),
        ((1, 2, 3), TypeError),
        ((1, "2"), TypeError),
    ],
)
def test_what_is_no_rank(rank: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="rank"):
        given_rank(rank)


TORCH = """
import json, os, sys
from headway.record.about.rank import find_rank
assert find_rank() is None
import torch.distributed as dist
assert find_rank() is None, "imported, not initialised"
dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
assert find_rank({"RANK": "3", "WORLD_SIZE": "8"}) is None, "it is the only one"
dist.destroy_process_group()
dist.init_process_group("fake", rank=3, world_size=8)
found = find_rank({})
print(json.dumps([found.rank, found.world_size, found.source]))
"""


def test_torch_distributed_is_asked_when_it_is_there() -> None:
    script = TORCH.replace('"fake"', '"fake", store=FakeStore()').replace(
        "import torch.distributed as dist",
        "import torch.distributed as dist\nfrom torch.testing._internal.distributed.fake_pg import FakeStore",
    )
    environ = {name: value for name, value in os.environ.items() if name not in ("RANK", "WORLD_SIZE")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, env=environ, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [3, 8, "torch.distributed"]
