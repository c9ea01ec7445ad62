"""A scoring script with a plausible bug: it corrects each prediction for air pressure, which some rows do not have.

It takes a station to be silent or not. But one real row in eleven has a temperature and no pressure: validation lets
it pass, the model copes with it, and then `_density_correction` subtracts from None and the server answers 500.
"""

import sys
from pathlib import Path

# The inference server loads this file by its path, without its folder on the import path.
sys.path.insert(0, str(Path(__file__).parent))

from scoring import Model, answer

STANDARD_PRESSURE_HPA = 1013.25

MODEL = None


def init():
    """Once per process."""
    global MODEL
    MODEL = Model()


def run(raw_data):
    """Answers 400 with all problems when the body is not scorable."""
    return answer(raw_data, _corrected)


def _corrected(rows):
    return [round(minutes * _density_correction(row), 2) for minutes, row in zip(MODEL.minutes(rows), rows)]


def _density_correction(row):
    """Denser air slows a climb a little; a silent station corrects nothing."""
    if row["temp"] is None:
        return 1
    return 1 + (row["pressure"] - STANDARD_PRESSURE_HPA) * 0.00001
