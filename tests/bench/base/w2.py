"""Baseline of W2 in numpy: w2.yaml says what it is."""
import sys

import numpy as np

from baseline import print_metrics

n = int(sys.argv[1])
rng = np.random.default_rng(1)
sources = [
    (lambda: rng.poisson(0.2, n), lambda m: np.minimum(rng.lognormal(17, 1.8, m), 1.5e9)),
    (lambda: rng.poisson(0.05, n), lambda m: 3e9 * rng.beta(0.8, 2.5, m)),
    (
        lambda: rng.negative_binomial(0.8, 0.8 / 1.1, n),
        lambda m: np.minimum(1e6 + 1.5e7 / 0.75 * (rng.random(m) ** -0.75 - 1), 2e9),
    ),
    (lambda: rng.poisson(0.1, n), lambda m: np.minimum(rng.lognormal(15.5, 1.5, m), 5e8)),
    (lambda: rng.poisson(0.5, n), lambda m: np.minimum(rng.lognormal(13.5, 1.6, m), 3e8)),
]
gross = np.zeros(n)
kept = np.zeros(n)
first = second = 0.0
for draw_counts, draw_sizes in sources:
    counts = draw_counts()
    x = draw_sizes(counts.sum())
    years = np.repeat(np.arange(n), counts)
    l1 = np.clip(x - 5e7, 0, 2e8)
    l2 = np.clip(x - 2.5e8, 0, 5e8)
    gross += np.bincount(years, weights=x, minlength=n)
    kept += np.bincount(years, weights=x - l1 - l2, minlength=n)
    first += l1.sum()
    second += l2.sum()
third = np.clip(kept - 1e8, 0, 1e9)
print_metrics("w2 gross", gross, 2e9)
print_metrics("w2 net", kept - third, 2e9)
print("w2 layers %.6e %.6e %.6e" % (first / n, second / n, third.mean()))
