"""The retraining job: trains a challenger on given rows and scores it and the champion on the latest of them.

The challenger has not seen the hold-out, nor has the champion where the data is newer than its training: else the
comparison favours the champion. It is logged with MLflow; whether it is good enough is decided elsewhere.
Writes the challenger in every case.
"""

import argparse
import json
import math
import os
from pathlib import Path

import joblib
import mlflow
import numpy as np

from features import CATEGORIES, NUMBERS, encode, learn_categories
from gate import MIN_ROWS, absolute_errors, gate_metrics, loss_lines, slices_of
from load_data import TARGET, TIME
from train import make_estimator, save_model

SLICED_BY = "origin"
SEED = 1


def read_rows(path):
    """All rows of a file of JSON lines, or of every such file in a folder, in the order of time."""
    files = [path] if path.is_file() else sorted(path.rglob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines() if line.strip()]
    if not rows:
        raise SystemExit(f"There are no rows in {path}: expected JSON lines, or a folder with *.jsonl files.")
    missing = sorted({name for name in (*CATEGORIES, *NUMBERS, TARGET, TIME) if any(name not in row for row in rows)})
    if missing:
        raise SystemExit(f"Rows of {path} lack the columns {', '.join(missing)}.")
    return sorted(rows, key=lambda row: row[TIME])


def split(rows, holdout_share):
    """Earlier rows to train on, and the latest as the hold-out."""
    holdout_count = math.ceil(len(rows) * holdout_share)
    if holdout_count < MIN_ROWS or len(rows) - holdout_count < MIN_ROWS:
        raise SystemExit(f"{len(rows)} rows are too few to train on some and hold out others.")
    return rows[:-holdout_count], rows[-holdout_count:]


def labels_of(rows):
    return np.array([row[TARGET] for row in rows], dtype=float)


def losses(estimator, categories, rows):
    return absolute_errors(estimator.predict(np.array(encode(rows, categories))), labels_of(rows))


def load_model(folder):
    """The champion as it was registered: its files, or the folder that holds them."""
    found = next((path for path in (folder, *sorted(folder.glob("*"))) if (path / "model.joblib").exists()), None)
    if found is None:
        raise SystemExit(f"There is no model.joblib in {folder}: is the champion a version of this example's model?")
    return joblib.load(found / "model.joblib"), json.loads((found / "categories.json").read_text())


def retrain(rows, champion, holdout_share):
    """Returns the challenger, its category codes, and the comparison: its metrics, and its lines row by row."""
    earlier, holdout = split(rows, holdout_share)
    categories = learn_categories(earlier)
    challenger = make_estimator("boosting", SEED).fit(np.array(encode(earlier, categories)), labels_of(earlier))
    champion_losses = losses(*champion, holdout)
    challenger_losses = losses(challenger, categories, holdout)
    compared = champion_losses, challenger_losses, slices_of(holdout, SLICED_BY)
    return challenger, categories, gate_metrics(*compared) | {"training.rows": len(earlier)}, loss_lines(*compared)


def write_lines(lines, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines)


def lineage_tags(data_name):
    known = {"slipway.data": data_name, "slipway.code_commit": os.environ.get("SLIPWAY_CODE_COMMIT")}
    return {name: value for name, value in known.items() if value}


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, type=Path, help="JSON lines with features, label and time_hour, or a folder of them")
    parser.add_argument("--champion", required=True, type=Path, help="folder of the model that serves now")
    parser.add_argument("--data-name", help="what the data is called, recorded with the run")
    parser.add_argument("--holdout", type=float, default=0.2, help="share of the latest rows that nobody trains on")
    parser.add_argument("--output", required=True, type=Path, help="folder to write the challenger into")
    parser.add_argument("--losses", type=Path, help="file to write the losses of both into, as JSON lines")
    return parser.parse_args()


def main():
    given = _arguments()
    challenger, categories, metrics, lines = retrain(read_rows(given.data), load_model(given.champion), given.holdout)
    save_model(challenger, categories, given.output)
    if given.losses:
        write_lines(lines, given.losses)
    print(json.dumps(metrics))
    mlflow.set_tags(lineage_tags(given.data_name))
    mlflow.log_metrics(metrics)


if __name__ == "__main__":
    main()
