from __future__ import annotations

import platform
import subprocess
import sys

import pytest

CODE = """
import resource, numpy as np
from headway.server.memory import keep_freed_memory
if {keep}:
    assert keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def columns():
    [np.ones(1 << 19) for _ in range(12)]
columns()
before = faults()
for _ in range(20):
    columns()
print(faults() - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
def test_the_columns_of_a_chart_stop_faulting_in_fresh_pages() -> None:
    faults = {
        keep: int(subprocess.check_output([sys.executable, "-c", CODE.format(keep=keep)], text=True))
        for keep in (True, False)
    }
    assert faults[True] < faults[False] / 4
