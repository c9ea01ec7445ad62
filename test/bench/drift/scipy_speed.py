"""Prints the best time in seconds that numpy and scipy take for the numbers of one feature: bins, JS, PSI, Wasserstein."""

import sys
import time

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import chi2, wasserstein_distance


def compare(before, now):
    bins = int(np.ceil(np.log2(min(len(before), len(now))) + 1))
    edges = np.linspace(min(before.min(), now.min()), max(before.max(), now.max()), bins + 1)
    left, right = np.histogram(before, edges)[0], np.histogram(now, edges)[0]
    distance = jensenshannon(left, right, base=2)
    normalized = wasserstein_distance(before, now) / max(before.std(ddof=1), 0.001)
    deciles = np.quantile(before, np.arange(1, 10) / 10)
    counts = [np.bincount(np.searchsorted(deciles, column), minlength=10) + 0.5 for column in (before, now)]
    p, q = counts[0] / counts[0].sum(), counts[1] / counts[1].sum()
    index = ((q - p) * np.log(q / p)).sum()
    return distance, normalized, chi2.sf(index / (1 / len(before) + 1 / len(now)), 9)


before, now = (np.fromfile(path, dtype=np.float64) for path in sys.argv[1:3])
best = np.inf
for _ in range(int(sys.argv[3])):
    started = time.perf_counter()
    compare(before, now)
    best = min(best, time.perf_counter() - started)
print(best)
