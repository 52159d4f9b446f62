from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from headway.importers.bring import bring
from headway.importers.trainer_state import tag_of
from importers import peers
from importers.readback import Read, imported, points_of_one, read_one

TRAINER = """
import json
from pathlib import Path
from transformers.integrations.integration_utils import rewrite_logs
from transformers.trainer_callback import TrainerState

logs = [{"loss": 0.1 * n, "grad_norm": float("nan"), "learning_rate": 5e-5, "epoch": n / 3, "step": n}
        for n in range(1, 5)]
logs += [{"eval_loss": 0.3, "eval_runtime": 1.25, "epoch": 1.0, "step": 4}, {"test_acc": 0.5, "step": 4},
         {"train_runtime": 12.5, "train_loss": 0.25, "epoch": 1.3, "step": 4}]
for number in (2, 4):
    place = Path("output", f"checkpoint-{number}")
    place.mkdir(parents=True)
    history = logs[: number if number < 4 else None]
    state = TrainerState(global_step=number, max_steps=4, epoch=number / 3, log_history=history)
    state.save_to_json(str(place / "trainer_state.json"))
json.dump([rewrite_logs({k: v for k, v in log.items() if k != "step"}) for log in logs], open("tags.json", "w"))
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("trainer")
    peers.run(TRAINER, directory)
    return directory / "output"


def test_tags_are_those_of_the_tensorboard_callback(output: Path) -> None:
    state = json.loads((output / "checkpoint-4" / "trainer_state.json").read_text())
    theirs = json.loads((output.parent / "tags.json").read_text())
    for entry, tags in zip(state["log_history"], theirs, strict=True):
        assert [tag_of(name) for name in entry if name != "step"] == list(tags) or {*map(tag_of, entry)} - {
            "train/step"
        } == {*tags}


def test_the_newest_checkpoint_tells_the_run(output: Path, tmp_path: Path) -> None:
    read = read_one(output, tmp_path)
    assert read.file.parent.name == "output"
    assert read.scalars["train/loss"] == [
        (n, (output / "checkpoint-4" / "trainer_state.json").stat().st_mtime, 0.1 * n) for n in range(1, 5)
    ]
    assert all(map(math.isnan, read.values("train/grad_norm")))
    assert (read.values("eval/loss"), read.values("test/acc")) == ([0.3], [0.5])
    assert read.account.config["trainer.max_steps"] == 4
    assert read.account.state is not None
    assert read.account.state.word == "finished"


def test_a_damaged_checkpoint_gives_way_to_the_one_before(output: Path, tmp_path: Path) -> None:
    copy = tmp_path / "output"
    for number, cut in ((2, None), (4, 100)):
        place = copy / f"checkpoint-{number}" / "trainer_state.json"
        place.parent.mkdir(parents=True)
        place.write_text((output / f"checkpoint-{number}" / "trainer_state.json").read_text()[:cut])
    (outcome,) = imported(copy, tmp_path / "logs")
    assert outcome.left_out == {"damaged checkpoints": 1}
    assert Read(tmp_path / "logs" / "output").steps("train/loss") == [1, 2]


def test_arguments_beside_it_are_configuration(output: Path, tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.mkdir()
    (place / "trainer_state.json").write_text((output / "checkpoint-2" / "trainer_state.json").read_text())
    (place / "training_args.json").write_text('{"learning_rate": 5e-05, "hub_token": "hf_secret"}')
    (place / "training_args.bin").write_bytes(b"cposix\nsystem\n(S'exit 1'\ntR.")  # a pickle: never opened
    read = read_one(place / "trainer_state.json", tmp_path / "logs")
    assert read.file.parent.name == "run"
    assert read.account.config["args.learning_rate"] == 5e-5
    assert read.account.config["args.hub_token"] == "***"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"log_history": [\n{"step": 1, "loss": }]}', "trainer_state.json:2: not JSON"),
        ('{"log_history": 5}', "no list log_history"),
        ("[]", "no list log_history"),
        ('{"log_history": [{"step": 1}, 7]}', "log_history[1]: a int, not an object"),
        ('{"log_history": [{"step": 1.5, "loss": 1}]}', "log_history[0]: the step '1.5' is no whole number"),
        ("[" * 100_000, "not JSON that can be read"),
        ('{"log_history": [], "x": ' + "9" * 5000 + "}", "not JSON that can be read"),
    ],
)
def test_damage_is_named_and_leaves_nothing(text: str, message: str, tmp_path: Path) -> None:
    source = tmp_path / "trainer_state.json"
    source.write_text(text)
    (outcome,) = bring(source, tmp_path / "logs")
    assert outcome.error is not None
    assert message in outcome.error
    assert not [*tmp_path.rglob("*tfevents*")]


def test_real_histories(real_logs: Path, tmp_path: Path) -> None:
    for source in sorted((real_logs / "hf-trainer").glob("*.json")):
        history = json.loads(source.read_text())["log_history"]
        read = points_of_one(source, tmp_path / source.stem)
        for name in ("loss", "learning_rate", "eval_loss"):
            there = [(entry["step"], entry[name]) for entry in history if name in entry]
            assert [(step, value) for step, _, value in read.get(tag_of(name), [])] == there
        assert sum(map(len, read.values())) == sum(len(entry) - 1 for entry in history)
