"""A scoring script with a plausible bug: it asks a weather service for the readings that a row lacks.

The service cannot be reached from the endpoint's network, and a second attempt follows after a pause. Few rows have no
weather at all, so nobody notices: until a storm silences the stations.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# The inference server loads this file by its path, without its folder on the import path.
sys.path.insert(0, str(Path(__file__).parent))

from scoring import Model, answer

WEATHER_SERVICE = "http://127.0.0.1:9/readings"
TIMEOUT_S = 0.1
PAUSE_S = 0.15

MODEL = None


def init():
    """Once per process."""
    global MODEL
    MODEL = Model()


def run(raw_data):
    """Answers 400 with all problems when the body is not scorable."""
    return answer(raw_data, _minutes)


def _minutes(rows):
    return MODEL.minutes([row if row["temp"] is not None else row | _readings() for row in rows])


def _readings():
    """What the service says; nothing when it does not answer."""
    for pause in (0, PAUSE_S):
        time.sleep(pause)
        try:
            with urllib.request.urlopen(WEATHER_SERVICE, timeout=TIMEOUT_S) as reply:
                return json.load(reply)
        except (urllib.error.URLError, TimeoutError):
            continue
    return {}
