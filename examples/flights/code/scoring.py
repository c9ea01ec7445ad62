"""What every scoring script here does in the same way: load the registered model, read a request, shape the answer."""

import json
import os
from pathlib import Path

# Before scikit-learn loads: one row at a time gains nothing from threads, and instances share the cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import joblib
from azureml_inference_server_http.api.aml_response import AMLResponse

from features import encode, problems_of

MAX_PROBLEMS = 20


class Model:
    """A model as `train.py` saved it; a missing file stops the process, so the instance never becomes ready."""

    def __init__(self):
        folder = model_folder()
        self._estimator = joblib.load(folder / "model.joblib")
        self._categories = json.loads((folder / "categories.json").read_text())

    def minutes(self, rows):
        return [round(float(minutes), 2) for minutes in self._estimator.predict(encode(rows, self._categories))]


def model_folder():
    # Azure ML mounts a registered folder under its own name below AZUREML_MODEL_DIR.
    root = Path(os.environ["AZUREML_MODEL_DIR"])
    return next(path.parent for path in (root / "model.joblib", *sorted(root.glob("*/model.joblib"))) if path.exists())


def answer(raw_data, minutes_of):
    """Predictions of `minutes_of(rows)`; 400 with the problems when the body is not scorable."""
    try:
        payload = json.loads(raw_data)
    except ValueError:
        return _refused(["The body is not JSON."])
    problems = problems_of(payload)
    if problems:
        return _refused(problems[:MAX_PROBLEMS])
    return {"predictions": minutes_of(payload["data"])}


def _refused(problems):
    return AMLResponse({"problems": problems}, 400, json_str=True)
