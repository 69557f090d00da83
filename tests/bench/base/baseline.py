"""What the numpy baselines share."""
import numpy as np

LEVELS = [0.99, 0.995, 0.999]


def print_metrics(name, a, reserve):
    """Mean, VaR and TVaR at three levels, P(> reserve); atoms are told apart by a sort."""
    print(name, "mean %.6e" % a.mean(), end=" ")
    for p, q in zip(LEVELS, np.quantile(a, LEVELS, method="inverted_cdf")):
        atom = (a == q).sum() > 1
        tail = np.sort(a)[int(np.ceil(p * len(a))) :].mean() if atom else a[a >= q].mean()
        print("VaR %.5e TVaR %.5e" % (q, tail), end=" ")
    print("P(>R) %.6e" % (a > reserve).mean())
