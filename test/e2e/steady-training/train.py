"""A training job for the scenarios: the challenger is the champion's files, and surely half a unit better on every row."""

import argparse
import json
import shutil
import time
from pathlib import Path

import mlflow
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=Path, required=True)
parser.add_argument("--champion", type=Path, required=True)
parser.add_argument("--output", type=Path, required=True)
parser.add_argument("--pause", type=float, default=0, help="seconds that the training takes")
given = parser.parse_args()

rows = [json.loads(line) for line in given.data.read_text().splitlines()]
time.sleep(given.pause)
noise = np.random.default_rng(1).normal(0, 0.1, len(rows))
champion = np.full(len(rows), 2.0)
challenger = champion - 0.5 + noise
differences = challenger - champion
deviations = differences - differences.mean()
mlflow.log_metrics(
    {
        "gate.rows": len(rows),
        "gate.champion_loss": champion.mean(),
        "gate.challenger_loss": challenger.mean(),
        "gate.difference_mean": differences.mean(),
        "gate.difference_variance": differences.var(ddof=1),
        "gate.difference_skewness": (deviations**3).mean() / (deviations**2).mean() ** 1.5,
    }
)
source = next(path.parent for path in sorted(given.champion.rglob("factor.json")))
shutil.copytree(source, given.output, dirs_exist_ok=True)
