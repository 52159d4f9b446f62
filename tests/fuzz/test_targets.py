"""A little of what `make fuzz` does a million times."""

from __future__ import annotations

import random

import pytest

from fuzz.mutate import mutated
from fuzz.targets import TARGETS

INPUTS = 150
SLOW = {"parquet": 20}
"""Each opens a database: these get so much fewer."""


@pytest.mark.parametrize("name", TARGETS)
def test_anything_may_come(name: str) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    source = random.Random(name)
    for seed in seeds:
        target.check(seed)
    for _ in range(INPUTS // SLOW.get(name, 1)):
        target.check(mutated(source.choice(seeds), source))
