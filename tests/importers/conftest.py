from __future__ import annotations

from pathlib import Path

import pytest

from importers import peers

DATA = Path(__file__).parents[3] / "shared" / "data" / "logs"

WANDB = """
import math
import numpy as np
import wandb

pixels = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
run = wandb.init(project="proj", name="a/name", group="seeds", tags=["x", "y"], notes="Some *notes*.",
                 config={"lr": 1e-3, "model": {"depth": 4}, "sizes": [1, 2], "none": None, "api_key": "sk-secret"})
for step in range(3):
    run.log({"train/loss": 0.1 * step, "nest": {"a": step, "b": {"c": 0.5}}, "big": 2**60 + 1, "odd": 2**53 + 1,
             "nan": math.nan, "inf": -math.inf, "flag": step > 0, "words": f"step {step}", "list": [1, 2]})
run.log({"one": wandb.Image(pixels, caption="a cat"),
         "two": [wandb.Image(pixels), wandb.Image(pixels, caption="second")],
         "dist": wandb.Histogram([1, 2, 3, 3]), "page": wandb.Html("<b>hi</b>"),
         "rows": wandb.Table(columns=["a", "b"], data=[[1, "x"], [2.5, None]])}, step=10)
run.log({"long": "word " * 30_000}, step=11)
print("said on the console")
run.summary["best"] = 0.25
run.config.update({"later": "yes"})
run.finish()
"""
FAILED = """
import wandb
run = wandb.init(project="proj", name="broken", id="abc123")
run.log({"loss": 1.5})
run.finish(exit_code=3)
run = wandb.init(project="proj", name="broken", id="abc124")
run.log({"loss": 2.5}, step=7)
run.finish()
"""
MLFLOW = """
import json
from mlflow.tracking import MlflowClient

for store, experiment in (("mlruns", "/Users/me/exp"), ("mlflow.db", "sql \\u5b9e\\u9a8c")):
    client = MlflowClient(tracking_uri=f"sqlite:///{store}" if store.endswith("db") else store)
    number = client.create_experiment(experiment, artifact_location="artifacts")
    for status in ("FINISHED", "FAILED"):
        tags = {"mlflow.note.content": "A note.\\nIn two lines.", "team": "red", "mlflow.user": "me",
                "mlflow.source.name": "train.py", "mlflow.source.git.commit": "abc"}
        name = "a/b \\u03b1" + "long " * 30
        run = client.create_run(number, run_name=name, tags=tags, start_time=1_700_000_000_000)
        name = run.info.run_id
        for key, value in {"lr": 0.001, "flag": True, "opt/beta": "0.9", "zip": "007", "text": "a: b"}.items():
            client.log_param(name, key, value)
        for step in range(3):
            moment = 1_700_000_000_123 + step
            client.log_metric(name, "train/loss", 0.1 * step, timestamp=moment, step=step)
            client.log_metric(name, "acc", step, timestamp=moment, step=step)
        for step, value in ((5, float("nan")), (6, float("inf")), (-7, float("-inf"))):
            client.log_metric(name, "odd", value, timestamp=1_700_000_001_000, step=step)
        client.set_terminated(name, status, end_time=1_700_000_002_500)
    gone = client.create_run(number, run_name="deleted")
    client.log_metric(gone.info.run_id, "acc", 1.0)
    client.delete_run(gone.info.run_id)
    said = {}
    for run in client.search_runs([number]):
        history = {}
        for key in run.data.metrics:
            found = client.get_metric_history(run.info.run_id, key)
            history[key] = [(m.step, m.timestamp / 1000, m.value) for m in found]
        said[run.info.run_id] = [run.info.status, history, run.data.params]
    with open(f"{store}.json", "w") as file:
        json.dump(said, file)
"""


@pytest.fixture(scope="session")
def wandb_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with one run of every kind of value, and two of one name that ended otherwise."""
    directory = tmp_path_factory.mktemp("wandb")
    peers.run(WANDB + FAILED, directory)
    return directory / "wandb"


@pytest.fixture(scope="session")
def mlflow_stores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with `mlruns` and `mlflow.db`: an experiment each, with two runs and a deleted one.

    Beside each stands what MLflow itself says of it: mlruns.json and mlflow.db.json.
    """
    directory = tmp_path_factory.mktemp("mlflow")
    peers.run(MLFLOW, directory)
    return directory


@pytest.fixture
def real_logs() -> Path:
    if not DATA.is_dir():
        pytest.skip("other people's logs are not here")
    return DATA
