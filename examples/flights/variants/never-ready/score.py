"""A scoring script that never becomes ready: it waits for a file that this model does not carry, without a limit."""

import sys
import time
from pathlib import Path

# The inference server loads this file by its path, without its folder on the import path.
sys.path.insert(0, str(Path(__file__).parent))

from scoring import Model, answer, model_folder

MODEL = None


def init():
    """Waits for the runway table before loading: meant for a slow mount, endless when the file was never packed."""
    global MODEL
    while not (model_folder() / "runways.json").exists():
        time.sleep(0.5)
    MODEL = Model()


def run(raw_data):
    """Answers 400 with all problems when the body is not scorable."""
    return answer(raw_data, MODEL.minutes)
