"""Azure ML scoring script: `{"data": [{feature: value}]}` in, `{"predictions": [minutes in the air]}` out."""

import sys
from pathlib import Path

# The inference server loads this file by its path, without its folder on the import path.
sys.path.insert(0, str(Path(__file__).parent))

# First: it limits the threads before numpy loads.
from scoring import Model, answer
from collecting import Collecting

COLLECTING = None
MODEL = None


def init():
    """Once per process."""
    global COLLECTING, MODEL
    MODEL = Model()
    COLLECTING = Collecting()


def run(raw_data):
    """Answers 400 with all problems when the body is not scorable."""
    return answer(raw_data, _minutes)


def _minutes(rows):
    minutes = MODEL.minutes(rows)
    COLLECTING.collect(rows, minutes)
    return minutes
