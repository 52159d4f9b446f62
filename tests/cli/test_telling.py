from __future__ import annotations

import pytest

from headway.cli.telling import telling


@pytest.mark.parametrize(
    ("tags", "chosen"),
    [
        ({"lr": 9, "train/loss": 5, "val/loss": 5, "train/acc": 2, "loss": 5}, ["val/loss", "loss", "train/loss"]),
        ({"accumulated_time": 3, "underscored": 3, "eval/accuracy": 1}, ["eval/accuracy"]),
        ({"b": 1, "a": 2, "grad_norm": 2, "lr": 2}, ["a", "lr", "grad_norm"]),
        ({"Loss": 1, "rewards": 1, "policy/NLL": 2}, ["policy/NLL", "Loss", "rewards"]),
        ({"学习率": 9, "训练/损失": 2, "验证/损失": 2, "准确率": 2}, ["验证/损失", "准确率", "训练/损失"]),
        ({}, []),
    ],
)
def test_losses_and_the_like_come_first(tags: dict[str, int], chosen: list[str]) -> None:
    assert telling(tags.items()) == chosen
