/* Broken markets and claims: more rows of bad_inputs.h. */
#ifndef HL_TESTS_BAD_MARKET_H
#define HL_TESTS_BAD_MARKET_H

#include "bad_inputs.h"

/* Another map in front of the funds of the sample; prices that move need every volatility. */
#define MORE(text)                                                                                                     \
    { Y, "funds:\n", text "\nfunds:\n" }
#define ALL_VOLATILE                                                                                                   \
    { A, "XRP,,,", "XRP,,90 %," }

static const struct bad_input bad_market[] = {
    {"a market that is a list",
     {MORE("market: [usd]"), ALL_VOLATILE},
     "s.yaml:26:9: market = a list: must be a map of keys\n"},
    {"an asset without volatility in a market",
     {MORE("market: {}")},
     "assets.csv:4:6: volatility: XRP has none, and the scenario has a market; 0 % is a price that stands still\n"},
    {"two factors of one name",
     {MORE("market: {factors: [{name: usd}, {name: usd}]}"), ALL_VOLATILE},
     "s.yaml:26:40: market.factors[1].name = usd: market.factors[0] has this name already\n"},
    {"factors that are no list",
     {MORE("market: {factors: usd}"), ALL_VOLATILE},
     "s.yaml:26:19: market.factors = usd: must be a list of at most 50 factors, such as [{name: crypto}]\n"},
    {"jumps without sd",
     {MORE("market: {factors: [{name: usd, jumps: {rate: 1 / y, mean: -5 %}}]}"), ALL_VOLATILE},
     "s.yaml:26:39: market.factors[0].jumps.sd: missing; must be a fraction such as 0.05 or 5 %, in [0, 2]\n"},
    {"tails without a mean",
     {MORE("market: {tails: {nu: 2}}"), ALL_VOLATILE},
     "s.yaml:26:22: market.tails.nu = 2: must be a number such as 0.8, in (2, 1000]\n"},
    {"an impact that leaves nothing",
     {MORE("market: {impact: {above: 1 bn, fall: 100 %}}"), ALL_VOLATILE},
     "s.yaml:26:38: market.impact.fall = 100 %: must be a fraction such as 0.05 or 5 %, in [0, 1)\n"},
    {"a loading on an unknown factor",
     {MORE("market: {factors: [{name: crypto}]}"),
      ALL_VOLATILE,
      {A, "source,confidence\nBTC,10 m,60 %", "loadings,source,confidence\nBTC,10 m,60 %,cripto:0.8"},
      {A, "500 k,75 %", "500 k,75 %,"},
      {A, "90 %", "90 %,"}},
     "assets.csv:2:15: loadings = cripto: no factor of market.factors; did you mean crypto?\n"},
    {"loadings that are correlated too much",
     {MORE("market: {factors: [{name: crypto}, {name: usd}]}"),
      ALL_VOLATILE,
      {A, "source,confidence\nBTC,10 m,60 %", "loadings,source,confidence\nBTC,10 m,60 %,crypto:0.8 usd:0.61"},
      {A, "500 k,75 %", "500 k,75 %,"},
      {A, "90 %", "90 %,"}},
     "assets.csv:2:15: loadings = crypto:0.8 usd:0.61: the squares of the loadings come to more than 1: they are "
     "correlations\n"},
    {"a loading without a number",
     {MORE("market: {factors: [{name: crypto}]}"),
      ALL_VOLATILE,
      {A, "source,confidence\nBTC,10 m,60 %", "loadings,source,confidence\nBTC,10 m,60 %,crypto"},
      {A, "500 k,75 %", "500 k,75 %,crypto:2"},
      {A, "90 %", "90 %,crypto:0.1 crypto:0.2"}},
     "assets.csv:2:15: loadings = crypto: must be factors with their loadings, such as crypto:0.8 usd:0.1\n"
     "assets.csv:3:16: loadings = 2: must be a number such as 0.8, in [-1, 1]\n"
     "assets.csv:4:11: loadings = crypto: stands twice\n"},
    {"a token of an unknown exchange",
     {{A, "source,confidence\nBTC,10 m,60 %", "token_of,source,confidence\nBTC,10 m,60 %,appe"},
      {A, "500 k,75 %", "500 k,75 %,"},
      {A, "XRP,,", "XRP,,,"}},
     "assets.csv:2:15: token_of = appe: no such id in the table of exchanges (exchanges.csv); did you mean ape?\n"},
    {"an unknown basis of claims",
     {MORE("claims: {basis: in_coins}")},
     "s.yaml:26:17: claims.basis = in_coins: must be one of in_kind, at_theft, window_average, fixed; did you mean "
     "in_kind?\n"},
    {"shares of a claim that miss 1",
     {MORE("claims: {assets: {BTC: {in_kind: 50 %, at_theft: 25 %}}}")},
     "s.yaml:26:19: claims.assets.BTC: the shares must add up to 1, and come to 0.75\n"},
    {"a claim of an unknown asset",
     {MORE("claims: {assets: {BTX: {in_kind: 100 %}}}")},
     "s.yaml:26:19: claims.assets.BTX = BTX: no such id in the table of assets (assets.csv); did you mean BTC?\n"},
    {"a price of what is not fixed",
     {MORE("claims: {assets: {BTC: {in_kind: 100 %, price: 1 m}}}")},
     "s.yaml:26:48: claims.assets.BTC.price = 1 m: goes with a share that is fixed only\n"},
    {"a fixed price of what has none",
     {MORE("claims: {assets: {XRP: {fixed: 100 %, price: 80}}}")},
     "s.yaml:26:46: claims.assets.XRP.price = 80: XRP has no price of its own to compare with\n"},
    {"a window that ends before it begins",
     {MORE("claims: {basis: window_average, window: {from: 3 d, to: 2 d}}")},
     "s.yaml:26:48: claims.window.from = 3 d: must not be after the window's last day\n"},
    {"a purchase after the deadline",
     {MORE("claims: {buy_back_after: 31 d}")},
     "s.yaml:26:26: claims.buy_back_after = 31 d: must not be after report.deadline: money would always be late\n"},
    {"a window that ends after the deadline",
     {MORE("claims: {window: {to: 31 d}}")},
     "s.yaml:26:23: claims.window.to = 31 d: must not be after report.deadline: money would always be late\n"},
    {"claims by asset that are a list",
     {MORE("claims: {assets: [BTC]}")},
     "s.yaml:26:18: claims.assets = a list: must be a map of asset ids to shares\n"},
    {"a fund in an unknown asset",
     {{Y, "amount: 12 m USD", "amount: 12 m USD, held_in: BTX"}},
     "s.yaml:32:41: funds[5].parent.held_in = BTX: no such id in the table of assets (assets.csv); did you mean "
     "BTC?\n"},
};

#endif
