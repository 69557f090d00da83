/* Broken drains, days, refills and runs: more rows of bad_inputs.h. */
#ifndef HL_TESTS_BAD_TAKES_H
#define HL_TESTS_BAD_TAKES_H

#include "bad_inputs.h"

static const struct bad_input bad_takes[] = {
    {"a drain without speed",
     {{Y, "share: 100 %}", "drain: {detected_after: 1 d}}"}},
     "s.yaml:21:43: breaches[1].takes.drain: missing; give share_per_day or amount_per_day\n"},
    {"a drain of two speeds",
     {{Y, "share: 100 %}", "drain: {share_per_day: 1, amount_per_day: 1 bn, detected_after: 1 d}}"}},
     "s.yaml:21:43: breaches[1].takes.drain: give share_per_day or amount_per_day, not both\n"},
    {"a drain that nobody detects",
     {{Y, "share: 100 %}", "drain: {amount_per_day: 1 bn}}"}},
     "s.yaml:21:43: breaches[1].takes.drain.detected_after: missing; must be a duration such as 54 min, 6 h or 3 d, or "
     "a map of one family of times, such as {lognormal: {median: 3 d, sigma: 1}}\n"},
    {"a drain at no speed",
     {{Y, "share: 100 %}", "drain: {amount_per_day: 0, detected_after: 1 d}}"}},
     "s.yaml:21:60: breaches[1].takes.drain.amount_per_day = 0: must be an amount of money such as 48.2 bn, above 0\n"},
    {"a drain and a share",
     {{Y, "share: 100 %}", "share: 1, drain: {amount_per_day: 1 bn, detected_after: 1 d}}"}},
     "s.yaml:21:12: breaches[1].takes: give one of share, amount and drain\n"},
    {"a drain noticed later",
     {{Y, "share: 100 %}", "drain: {amount_per_day: 1 bn, detected_after: 1 d}}\n    noticed_after: 3 d"}},
     "s.yaml:22:20: breaches[1].noticed_after = 3 d: a drain is discovered when it is detected: leave this out\n"},
    {"shares of assets of an amount",
     {{Y, "assets: [BTC], amount", "by_asset: {gaussian: {rho: 0.5}}, amount"}},
     "s.yaml:25:23: breaches[2].takes.by_asset = a map: goes with share only\n"},
    {"an unknown copula of assets",
     {{Y, "share: 100 %}", "share: 100 %, by_asset: {gauss: {rho: 0.5}}}"}},
     "s.yaml:21:61: breaches[1].takes.by_asset.gauss: no copula; must be one of gaussian, t\n"},
    {"found without dwell",
     {{Y, "at: ape", "found: 2 / y"}},
     "s.yaml:23:12: breaches[2].found = 2 / y: goes with dwell only\n"},
    {"a dwell without unit",
     {{Y, "at: ape", "dwell: 3"}},
     "s.yaml:23:12: breaches[2].dwell = 3: the unit is missing: write a duration such as 30 d, 2 w, 6 mo or 1 y\n"},
    {"a dwell of a family of shares",
     {{Y, "at: ape", "dwell: {beta: {a: 1, b: 1}}"}},
     "s.yaml:23:13: breaches[2].dwell.beta: no family of times; must be one of lognormal, generalized_pareto, pareto, "
     "weibull, gamma, burr, spliced\n"},
    {"refill after a negative time",
     {{Y, "funds:\n", "wallets: {refill_after: -1 d}\nfunds:\n"}},
     "s.yaml:26:25: wallets.refill_after = -1 d: must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] days, "
     "or never\n"},
    {"a run without share",
     {{Y, "funds:\n", "run: {over: 3 d}\nfunds:\n"}},
     "s.yaml:26:6: run.share: missing; must be a fraction, or a map of one family of shares, such as {beta: {a: 2, b: "
     "5}}\n"},
    {"a run of amounts",
     {{Y, "funds:\n", "run: {over: 3 d, share: {lognormal: {median: 1 bn, sigma: 1}}}\nfunds:\n"}},
     "s.yaml:26:26: run.share.lognormal: a family of amounts, and this is a share\n"},
    {"a run without time",
     {{Y, "funds:\n", "run: {share: 30 %}\nfunds:\n"}},
     "s.yaml:26:6: run.over: missing; must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 365] days\n"},
    {"a suspension of half days",
     {{Y, "funds:\n", "run: {share: 30 %, over: 1 d, suspension: 12 h}\nfunds:\n"}},
     "s.yaml:26:43: run.suspension = 12 h: must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] days, "
     "whole\n"},
    {"more than everything comes back",
     {{Y, "funds:\n", "run: {share: 30 %, over: 1 d, comes_back: 110 %}\nfunds:\n"}},
     "s.yaml:26:43: run.comes_back = 110 %: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
    {"a cap of nothing",
     {{Y, "sigma: 1.5}}", "sigma: 1.5}}, at_most: 0"}},
     "s.yaml:25:86: breaches[2].takes.at_most = 0: must be an amount of money such as 48.2 bn, above 0\n"},
    {"a cap of a share",
     {{Y, "share: 100 %}", "share: 100 %, at_most: 1 bn}"}},
     "s.yaml:21:59: breaches[1].takes.at_most = 1 bn: goes with amount only\n"},
    {"wallets restored perhaps",
     {{Y, "funds:\n", "wallets: {restored: perhaps}\nfunds:\n"}},
     "s.yaml:26:21: wallets.restored = perhaps: must be one of false, true\n"},
    {"restored and refilled",
     {{Y, "funds:\n", "wallets: {restored: true, refill_after: 3 d}\nfunds:\n"}},
     "s.yaml:26:41: wallets.refill_after = 3 d: goes with wallets that stay empty, and these are restored\n"},
};

#endif
