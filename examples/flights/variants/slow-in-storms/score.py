"""A scoring script with a plausible bug: it asks a weather service for the readings that a row lacks.

The service cannot be reached from the endpoint's network, and a second attempt follows after a pause. Few rows have no
weather at all, so nobody notices: until a storm silences the stations.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# Before scikit-learn loads: one row at a time gains nothing from threads, and instances share the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
from azureml_inference_server_http.api.aml_response import AMLResponse

# The inference server loads this file by its path, without its folder on the import path.
sys.path.insert(0, str(Path(__file__).parent))

from features import encode, problems_of

WEATHER_SERVICE = "http://127.0.0.1:9/readings"
TIMEOUT_S = 0.1
PAUSE_S = 0.08

MODEL = None
CATEGORIES = None


def init():
    """Loads the model once per process; a missing file stops the process, so the instance never becomes ready."""
    global MODEL, CATEGORIES
    folder = _model_folder(Path(os.environ["AZUREML_MODEL_DIR"]))
    MODEL = joblib.load(folder / "model.joblib")
    CATEGORIES = json.loads((folder / "categories.json").read_text())


def run(raw_data):
    """Answers 400 with all problems when the body is not scorable."""
    try:
        payload = json.loads(raw_data)
    except ValueError:
        return AMLResponse({"problems": ["The body is not JSON."]}, 400, json_str=True)
    problems = problems_of(payload)
    if problems:
        return AMLResponse({"problems": problems[:20]}, 400, json_str=True)
    rows = [row if row["temp"] is not None else row | _readings() for row in payload["data"]]
    return {"predictions": [round(float(minutes), 2) for minutes in MODEL.predict(encode(rows, CATEGORIES))]}


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


def _model_folder(root):
    # Azure ML mounts a registered folder under its own name below AZUREML_MODEL_DIR.
    return next(path.parent for path in (root / "model.joblib", *sorted(root.glob("*/model.joblib"))) if path.exists())
