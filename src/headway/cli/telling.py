"""Which tags say most of a run, where nobody named any."""

from __future__ import annotations

import re
from collections.abc import Iterable

FEW = 3
_TELLING = re.compile(
    r"loss|acc(uracy)?(?![a-z])|nll|perplexity|reward|(?<![a-z])score|损失|准确|困惑度|奖励|得分", re.IGNORECASE
)
_FIRST = re.compile(r"val|eval|test|验证|评估|测试", re.IGNORECASE)


def telling(tags: Iterable[tuple[str, int]], most: int = FEW) -> list[str]:
    """Return a few of `tags` (each with the number of runs that have it): losses, accuracies and the like.

    Those that most runs have come first; of these, what was measured on held-out data; then short names.
    """
    there = list(tags)
    chosen = [(tag, runs) for tag, runs in there if _TELLING.search(tag)] or there
    chosen.sort(key=lambda one: (-one[1], _FIRST.search(one[0]) is None, len(one[0])))
    return [tag for tag, _ in chosen[:most]]
