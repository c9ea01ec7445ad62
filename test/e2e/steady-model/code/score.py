"""Answers each row with its own x times the model's factor; `sleepMs` in the request makes the answer wait."""

import json
import os
import time
from pathlib import Path


def init():
    global factor, collect
    root = Path(os.environ["AZUREML_MODEL_DIR"])
    factor = json.loads(next(root.glob("*/factor.json")).read_text())
    collect = _collector() if "AZUREML_MDC_CONFIG_PATH" in os.environ else lambda rows, predictions: None


def run(raw_data):
    asked = json.loads(raw_data)
    time.sleep(asked.get("sleepMs", 0) / 1000)
    predictions = [factor * row["x"] for row in asked["data"]]
    collect(asked["data"], predictions)
    return {"predictions": predictions}


def _collector():
    # Loaded where something is collected only: pandas takes a second.
    import pandas
    from azureml.ai.monitoring import Collector

    outputs = Collector(name="model_outputs", on_error=print)
    return lambda rows, predictions: outputs.collect(pandas.DataFrame({"id": [row.get("id") for row in rows], "y": predictions}))
