/* Broken replays: more rows of bad_inputs.h. */
#ifndef HL_TESTS_BAD_REPLAY_H
#define HL_TESTS_BAD_REPLAY_H

#include "bad_market.h"

/* Other keys of the file, behind its last line. */
#define LAST(text)                                                                                                     \
    { Y, "deadline: 30 d}\n", "deadline: 30 d}\n" text "\n" }
#define ON(text)                                                                                                       \
    { Y, "at_most_once: {probability: 0.4 %}", "on: " text }
#define ASSETS(text)                                                                                                   \
    { Y, "assets: assets.csv", "assets: " text }
#define GOOD_ROW "{asset: BTC, price: 10 m, source: s, confidence: high}"

static const struct bad_input bad_replay[] = {
    /* a breach on a day */
    {"a day and a half",
     {ON("{day: 36 h}")},
     "s.yaml:20:23: breaches[1].count.on.day = 36 h: must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 10949] "
     "days, whole\n"},
    {"no day",
     {ON("{}")},
     "s.yaml:20:17: breaches[1].count.on.day: missing; must be a duration such as 30 d, 2 w, 6 mo "
     "or 1 y, in [0, 10949] days, whole\n"},
    {"a day with an interval",
     {ON("{day: 3 d, low: 1 d, high: 4 d}")},
     "s.yaml:20:28: breaches[1].count.on.low: unknown; known here: day\n"
     "s.yaml:20:38: breaches[1].count.on.high: unknown; known here: day\n"},
    {"the first day that is not in the horizon",
     {ON("{day: 365 d}")},
     "s.yaml:20:23: breaches[1].count.on.day = 365 d: must be within the horizon, whose first day is 0 d\n"},
    {"a day with an interval of hits",
     {ON("{day: 3 d}"), {Y, "hit: 50 %", "hit: {value: 50 %, low: 20 %, high: 80 %}"}},
     "s.yaml:19:10: breaches[1].hit = a map: goes with a rate, and a count of on has none\n"},
    {"a day with a trend",
     {ON("{day: 3 d}"), {Y, "hit: 50 %", "trend: 5 % / y"}},
     "s.yaml:19:12: breaches[1].trend = 5 % / y: goes with a count of poisson only\n"},
    {"a day with covariates",
     {{Y, "poisson: {rate: 1.2 % / y, low: 0.5 % / y, high: 2 % / y}}",
       "on: {day: 0 d}}\n"
       "    covariates: {age: {beta: 1, at: 2}}"}},
     "s.yaml:16:17: breaches[0].covariates = a map: goes with a rate, and a count of on has none\n"},

    /* the first day */
    {"a first day that does not exist",
     {{Y, "seed: 7", "starts_on: 2023-02-29"}},
     "s.yaml:7:12: starts_on = 2023-02-29: must be a day such as 2024-05-30\n"},

    /* rows in the scenario */
    {"a table that is a map",
     {ASSETS("{asset: BTC}")},
     "s.yaml:11:11: tables.assets = a map: must be the name of a CSV file, or its rows as a list of maps\n"},
    {"a table of no rows", {ASSETS("[]")}, "s.yaml:11:11: tables.assets = an empty list: the table has no rows\n"},
    {"a row that is no map",
     {ASSETS("[BTC, " GOOD_ROW "]")},
     "s.yaml:11:12: tables.assets[0] = BTC: must be a map of columns to values\n"},
    {"a cell of two values",
     {ASSETS("[{asset: [BTC, ETH], source: s, confidence: high}]")},
     "s.yaml:11:20: tables.assets[0].asset = a list: must be one value\n"},
    {"a column that no table has",
     {ASSETS("[{asset: BTC, prize: 10 m, source: s, confidence: high}]")},
     "s.yaml:11:25: prize: unknown; did you mean price?\n"},
    {"a column that no row has",
     {ASSETS("[{asset: BTC, price: 10 m, source: s}]")},
     "s.yaml:11: confidence: the table has no such column, and it is required\n"},
    {"a column that a row lacks, and an id that stands twice",
     {ASSETS("[" GOOD_ROW ", {asset: BTC, source: s}]")},
     "s.yaml:11:68: confidence: missing; must be one of high, medium, low, assumption\n"
     "s.yaml:11:76: asset = BTC: stands in line 11 already; an id names one row\n"
     "holdings.csv:4:5: asset = XRP: no such id in the table of assets (s.yaml)\n"
     "holdings.csv:5:5: asset = ETH: no such id in the table of assets (s.yaml); did you mean BTC?\n"
     "holdings.csv:6:5: asset = ETH: no such id in the table of assets (s.yaml); did you mean BTC?\n"},
    {"a value that is wrong",
     {ASSETS("[{asset: BTC, price: ten, source: s, confidence: high}]")},
     "s.yaml:11:32: price = ten: not a number: write an amount of money such as 48.2 bn\n"
     "holdings.csv:4:5: asset = XRP: no such id in the table of assets (s.yaml)\n"
     "holdings.csv:5:5: asset = ETH: no such id in the table of assets (s.yaml); did you mean BTC?\n"
     "holdings.csv:6:5: asset = ETH: no such id in the table of assets (s.yaml); did you mean BTC?\n"},

    /* prices of the record */
    {"prices that are told and drawn",
     {MORE("market: {history: {BTC: [{day: 0 d, price: 1}]}, token_fall: 3 %, tails: {nu: 4}}")},
     "s.yaml:26:62: market.token_fall = 3 %: does not go with history, which tells every price\n"
     "s.yaml:26:74: market.tails = a map: does not go with history, which tells every price\n"},
    {"a history that is a list",
     {MORE("market: {history: [BTC]}")},
     "s.yaml:26:19: market.history = a list: must be a map such as {BTC: [{day: 0 d, price: 10.6 m}, {day: 14 d, "
     "price: "
     "10.4 m}]}\n"},
    {"a history of an unknown asset",
     {MORE("market: {history: {BTX: [{day: 0 d, price: 1}]}}")},
     "s.yaml:26:20: market.history.BTX = BTX: no such id in the table of assets (assets.csv); did you mean BTC?\n"},
    {"one price that is no list",
     {MORE("market: {history: {BTC: 10 m}}")},
     "s.yaml:26:25: market.history.BTC = 10 m: must be a list of prices, such as [{day: 0 d, price: 10.6 m}]\n"},
    {"days that do not ascend",
     {MORE("market: {history: {BTC: [{day: 2 d, price: 1}, {day: 2 d, price: 2}]}}")},
     "s.yaml:26:48: market.history.BTC[1]: must be later than the price before it: days are ascending\n"},
    {"a price of nothing",
     {MORE("market: {history: {BTC: [{day: 2 d, price: 0}]}}")},
     "s.yaml:26:44: market.history.BTC[0].price = 0: must be an amount of money such as 48.2 bn, above 0\n"},

    /* what happened in fact */
    {"something expected of an unknown fund",
     {LAST("expected: {paid: {parents: 1 bn}}")},
     "s.yaml:34:19: expected.paid.parents = 1 bn: no source of funds has this name; did you mean parent?\n"},
    {"payments that are a list",
     {LAST("expected: {paid: [parent]}")},
     "s.yaml:34:18: expected.paid = a list: must be a map of names of funds to amounts, such as {parent: 48.2 bn, "
     "own_capital: 0}\n"},
    {"whole, and yet a loss",
     {LAST("expected: {whole_after: 3 d, customers_lose: 1 bn}")},
     "s.yaml:34:11: expected: who loses something is never whole: write whole_after: never\n"},
    {"never whole, and no loss",
     {LAST("expected: {whole_after: never, customers_lose: 0}")},
     "s.yaml:34:11: expected: who is never whole loses something: whole_after is never, and customers_lose is 0\n"},
    {"a fact without a source",
     {LAST("facts: [{fact: x, confidence: sure}]")},
     "s.yaml:34:9: facts[0].source: missing; must be text\n"
     "s.yaml:34:31: facts[0].confidence = sure: must be one of high, medium, low, assumption\n"},
    {"facts that are a map", {LAST("facts: {fact: x}")}, "s.yaml:34:8: facts = a map: must be a list of facts\n"},
};

#endif
