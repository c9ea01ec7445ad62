"""Trains a model of the time in the air on one period, judges it on a later one, and writes model and metrics."""

import argparse
import json
from pathlib import Path

import joblib
import numpy as np
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor

from features import CATEGORIES, encode, learn_categories
from load_data import TARGET, as_rows, load_flights


def make_estimator(kind, seed):
    """`boosting` is the model to use; `forest` is as good and far too heavy for one row at a time."""
    if kind == "boosting":
        return HistGradientBoostingRegressor(
            max_iter=200, categorical_features=list(range(len(CATEGORIES))), random_state=seed
        )
    return ExtraTreesRegressor(
        n_estimators=300,
        max_leaf_nodes=600,
        max_features=0.8,
        bootstrap=True,
        max_samples=20_000,
        random_state=seed,
        n_jobs=1,
    )


def train(first_day, last_day, kind, seed):
    """Returns the fitted estimator and the category codes it was fitted with."""
    flights = load_flights(first_day, last_day)
    rows = as_rows(flights)
    categories = learn_categories(rows)
    return make_estimator(kind, seed).fit(np.array(encode(rows, categories)), flights[TARGET]), categories


def judge(estimator, categories, first_day, last_day):
    """Mean absolute error, root mean squared error and bias (predicted minus flown), all in minutes."""
    flights = load_flights(first_day, last_day)
    errors = estimator.predict(np.array(encode(as_rows(flights), categories))) - flights[TARGET].to_numpy()
    return {
        "rows": len(flights),
        "maeMinutes": round(float(np.abs(errors).mean()), 3),
        "rmseMinutes": round(float(np.sqrt((errors**2).mean())), 3),
        "biasMinutes": round(float(errors.mean()), 3),
    }


def save_model(estimator, categories, folder):
    """Writes what score.py loads: the estimator and the category codes."""
    folder.mkdir(parents=True, exist_ok=True)
    joblib.dump(estimator, folder / "model.joblib", compress=3)
    (folder / "categories.json").write_text(json.dumps(categories, sort_keys=True))


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train-from", required=True, help="first day of training, for example 2013-01-01")
    parser.add_argument("--train-to", required=True, help="last day of training, inclusive")
    parser.add_argument("--judge-from", default="2013-07-01", help="first day of the judgement")
    parser.add_argument("--judge-to", default="2013-09-30", help="last day of the judgement, inclusive")
    parser.add_argument("--model", choices=["boosting", "forest"], default="boosting")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", required=True, type=Path, help="folder to write model/ and metrics.json into")
    return parser.parse_args()


def main():
    given = _arguments()
    estimator, categories = train(given.train_from, given.train_to, given.model, given.seed)
    metrics = {
        "model": given.model,
        "trainedFrom": given.train_from,
        "trainedTo": given.train_to,
        "judgedFrom": given.judge_from,
        "judgedTo": given.judge_to,
        **judge(estimator, categories, given.judge_from, given.judge_to),
    }
    save_model(estimator, categories, given.output / "model")
    (given.output / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(json.dumps(metrics))


if __name__ == "__main__":
    main()
