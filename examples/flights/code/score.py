"""Azure ML scoring script: `{"data": [{feature: value}]}` in, `{"predictions": [minutes in the air]}` out."""

import json
import os
import sys
from pathlib import Path

# Before scikit-learn loads: one row at a time gains nothing from threads, and instances share the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
from azureml_inference_server_http.api.aml_response import AMLResponse

# The inference server loads this file by its path, without its folder on the import path.
sys.path.insert(0, str(Path(__file__).parent))

from collecting import Collecting
from features import encode, problems_of

COLLECTING = None
MODEL = None
CATEGORIES = None


def init():
    """Loads the model once per process; a missing file stops the process, so the instance never becomes ready."""
    global COLLECTING, MODEL, CATEGORIES
    folder = _model_folder(Path(os.environ["AZUREML_MODEL_DIR"]))
    MODEL = joblib.load(folder / "model.joblib")
    CATEGORIES = json.loads((folder / "categories.json").read_text())
    COLLECTING = Collecting()


def run(raw_data):
    """Answers 400 with all problems when the body is not scorable."""
    try:
        payload = json.loads(raw_data)
    except ValueError:
        return AMLResponse({"problems": ["The body is not JSON."]}, 400, json_str=True)
    problems = problems_of(payload)
    if problems:
        return AMLResponse({"problems": problems[:20]}, 400, json_str=True)
    rows = payload["data"]
    predictions = [round(float(minutes), 2) for minutes in MODEL.predict(encode(rows, CATEGORIES))]
    COLLECTING.collect(rows, predictions)
    return {"predictions": predictions}


def _model_folder(root):
    # Azure ML mounts a registered folder under its own name below AZUREML_MODEL_DIR.
    return next(path.parent for path in (root / "model.joblib", *sorted(root.glob("*/model.joblib"))) if path.exists())
