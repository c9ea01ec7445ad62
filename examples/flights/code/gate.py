"""Compares challenger and champion on the same rows: their losses row by row, and the statistics of them all.

A loss belongs to one row (here the absolute error in minutes), a difference is challenger minus champion on that row,
and a variance is the sample variance. Names are the ones that Slipway's policy reads from the run's metrics.
"""

import json

import numpy as np

# A variance needs two rows.
MIN_ROWS = 2


def absolute_errors(predictions, labels):
    return np.abs(np.asarray(predictions, dtype=float) - np.asarray(labels, dtype=float))


def gate_metrics(champion_losses, challenger_losses, slices):
    """Metrics of all rows, then of each slice: `slices` maps a name to the indexes of its rows."""
    everything = _metrics("gate.", champion_losses, challenger_losses)
    of_slices = [
        _metrics(f"gate.slice.{name}.", champion_losses[rows], challenger_losses[rows])
        for name, rows in sorted(slices.items())
        if len(rows) >= MIN_ROWS
    ]
    return everything | {name: value for metrics in of_slices for name, value in metrics.items()}


def slices_of(rows, column):
    """Rows by the value of a column: `{"origin-EWR": [0, 3, ...]}`; MLflow allows letters, digits and dashes in names."""
    found = {}
    for index, row in enumerate(rows):
        found.setdefault(f"{column}-{row[column]}", []).append(index)
    return found


def loss_lines(champion_losses, challenger_losses, slices):
    """One line of JSON for each row: both losses, and the names of the slices that the row is in."""
    names = [[] for _ in champion_losses]
    for name, rows in sorted(slices.items()):
        for row in rows:
            names[row].append(name)
    pairs = zip(champion_losses.tolist(), challenger_losses.tolist(), names, strict=True)
    for champion, challenger, of_row in pairs:
        yield json.dumps({"champion": champion, "challenger": challenger, "slices": of_row}, allow_nan=False)


def _metrics(prefix, champion_losses, challenger_losses):
    differences = challenger_losses - champion_losses
    return {
        f"{prefix}rows": len(differences),
        f"{prefix}champion_loss": float(champion_losses.mean()),
        f"{prefix}challenger_loss": float(challenger_losses.mean()),
        f"{prefix}difference_mean": float(differences.mean()),
        f"{prefix}difference_variance": float(differences.var(ddof=1)),
        f"{prefix}difference_skewness": _skewness(differences),
    }


def _skewness(values):
    """Third standardised moment; 0 where nothing varies."""
    deviations = values - values.mean()
    spread = float((deviations**2).mean())
    return float((deviations**3).mean()) / spread**1.5 if spread > 0 else 0.0
