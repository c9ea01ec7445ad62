"""Answers with what it was given and who it is; `sleepMs`, `fail` and `exit` in the payload order trouble."""

import json
import os
import time

model = None


def init():
    global model
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.txt")) as file:
        model = file.read()
    print("model loaded")


def run(raw_data):
    asked = json.loads(raw_data)
    time.sleep(asked.get("sleepMs", 0) / 1000)
    if asked.get("fail"):
        raise ValueError("ordered to fail")
    if asked.get("exit"):
        # The worker's boot-error code: the whole server ends, not only this worker.
        os._exit(3)
    return {"asked": asked, "model": model, "pid": os.getpid(), "variables": sorted(os.environ)}
