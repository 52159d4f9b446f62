"""Whatever can be called on theirs can be called so on ours: names, order and defaults."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import tensorboardX
import torch.utils.tensorboard as torch_tensorboard

import headway
import headway.compat.torch as compat_torch

PAIRS = [
    (tensorboardX.SummaryWriter, headway.SummaryWriter),
    (tensorboardX.FileWriter, headway.FileWriter),
    (tensorboardX.GlobalSummaryWriter, headway.GlobalSummaryWriter),
    (tensorboardX.RecordWriter, headway.RecordWriter),
    (torch_tensorboard.SummaryWriter, compat_torch.SummaryWriter),
    (torch_tensorboard.FileWriter, compat_torch.FileWriter),
]
METHODS = [
    pytest.param(method, getattr(ours, name, None), id=f"{theirs.__module__.split('.')[0]}.{theirs.__name__}.{name}")
    for theirs, ours in PAIRS
    for name, method in inspect.getmembers(theirs, inspect.isfunction)
    if name == "__init__" or not name.startswith("_")
]
UNLIKE = {"comet_config"}  # a dictionary as default there, None here


@pytest.mark.parametrize(("theirs", "ours"), METHODS)
def test_signature(theirs: Any, ours: Any) -> None:
    assert ours is not None
    mine = list(inspect.signature(ours).parameters.values())
    for position, parameter in enumerate(inspect.signature(theirs).parameters.values()):
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        assert parameter.name in {own.name for own in mine}
        own = next(own for own in mine if own.name == parameter.name)
        if parameter.kind is not parameter.KEYWORD_ONLY:
            assert mine.index(own) == position
        assert own.default == parameter.default or parameter.name in UNLIKE
