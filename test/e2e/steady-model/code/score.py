"""Answers each row with its own x; `sleepMs` in the request makes the answer wait."""

import json
import os
import time
from pathlib import Path


def init():
    global factor
    factor = json.loads((Path(os.environ["AZUREML_MODEL_DIR"]) / "model" / "factor.json").read_text())


def run(raw_data):
    asked = json.loads(raw_data)
    time.sleep(asked.get("sleepMs", 0) / 1000)
    return {"predictions": [factor * row["x"] for row in asked["data"]]}
