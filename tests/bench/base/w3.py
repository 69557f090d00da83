"""Baseline of W3 in numpy: w3.yaml says what it is."""
import sys

import numpy as np

EXCHANGES = 30
n = int(sys.argv[1])
rng = np.random.default_rng(1)
held = 1e8 * 1.12 ** np.arange(EXCHANGES)
sums = np.zeros((EXCHANGES + 1, n))
largest = np.zeros((EXCHANGES + 1, n))
for vendor, rate in enumerate([0.02, 0.04, 0.06, 0.08, 0.1]):
    clients = np.array([e for e in range(EXCHANGES) if (e + 3 * vendor) % 5 < 2])
    counts = rng.poisson(rate, n)
    years = np.repeat(np.arange(n), counts)
    hit = rng.random((len(years), len(clients))) < 0.35
    x = np.zeros(hit.shape)
    x[hit] = rng.beta(0.9, 3, hit.sum())
    x *= held[clients]
    together = x.sum(1)
    sums[EXCHANGES] += np.bincount(years, weights=together, minlength=n)
    np.maximum.at(largest[EXCHANGES], years, together)
    for place, e in enumerate(clients):
        m = hit[:, place]
        sums[e] += np.bincount(years[m], weights=x[m, place], minlength=n)
        np.maximum.at(largest[e], years[m], x[m, place])
for e in range(EXCHANGES):
    counts = rng.poisson(0.04, n)
    years = np.repeat(np.arange(n), counts)
    x = np.minimum(rng.lognormal(16, 1.8, len(years)), held[e])
    year_sums = np.bincount(years, weights=x, minlength=n)
    sums[e] += year_sums
    sums[EXCHANGES] += year_sums
    np.maximum.at(largest[e], years, x)
    np.maximum.at(largest[EXCHANGES], years, x)
periods = np.array([10, 20, 50, 100, 200, 250, 500, 1000, 5000, 10000])
for name, years in (("AEP", sums), ("OEP", largest)):
    losses = np.quantile(years, 1 - 1 / periods, axis=1, method="inverted_cdf")
    for e in range(EXCHANGES + 1):
        print(name, e, *("%.4e" % x for x in losses[:, e]))
