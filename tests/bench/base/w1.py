"""Baseline of W1 in numpy: w1.yaml says what it is."""
import sys

import numpy as np

from baseline import print_metrics

n = int(sys.argv[1])
rng = np.random.default_rng(1)
counts = rng.poisson(0.3, n)
sizes = rng.lognormal(17, 2, counts.sum())
print_metrics("w1", np.bincount(np.repeat(np.arange(n), counts), weights=sizes, minlength=n), 2e9)
