"""Hands what the model saw and answered to Azure ML's data collector; trouble with it is never a caller's trouble.

What azureml-ai-monitoring 1.0.0 does, read in the installed package and measured:
- The first Collector of a process reads the file that AZUREML_MDC_CONFIG_PATH names; later changes are not seen.
- Without an error handler the constructor raises where its collection is not enabled, which would end init().
- collect() queues the frame and returns; a thread posts it to http://AZUREML_MDC_HOST:AZUREML_MDC_PORT/modeldata/log,
  one connection per frame, without a time-out and without a second try. The queue takes 1500 frames.
- A full queue is told to the error handler. A sidecar that is away or that refuses is only logged: those rows are lost.
- Below a sampling rate of 1 each collection draws for itself: inputs and outputs then no longer pair up.
"""

import logging

import pandas
from azureml.ai.monitoring import Collector

from features import CATEGORIES, NUMBERS

LOG = logging.getLogger(__name__)
LOSSES_PER_LOG_LINE = 1000


class Collecting:
    """Collects `model_inputs` and `model_outputs`, each where the deployment enables it."""

    def __init__(self):
        self._lost = 0
        self._inputs = self._enabled_collector("model_inputs")
        self._outputs = self._enabled_collector("model_outputs")

    def collect(self, rows, predictions):
        """One frame of features and one of predictions, with the same correlation id.

        A caller that wants to tell later what became of a flight names it: `flight` is what its outcome is found by.
        """
        try:
            context = None
            if self._inputs:
                context = self._inputs.collect(pandas.DataFrame(rows, columns=[*CATEGORIES, *NUMBERS]))
            if self._outputs:
                flights = [row.get("flight") for row in rows]
                self._outputs.collect(pandas.DataFrame({"flight": flights, "prediction": predictions}), context)
        except Exception as error:
            self._lose(error)

    def _enabled_collector(self, name):
        refusals = []
        collector = Collector(name=name, on_error=refusals.append)
        # A collector that is not enabled calls its handler at once and would again at every row.
        return None if refusals else Collector(name=name, on_error=self._lose)

    def _lose(self, error):
        if self._lost % LOSSES_PER_LOG_LINE == 0:
            LOG.warning("Rows were not collected (%d times before): %s", self._lost, error)
        self._lost += 1
