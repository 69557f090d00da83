/* Broken scenarios, each with every line that is said about it. */
#include "base/csv.h"
#include "base/yaml.h"
#include "scenario_fixture.h"

#define Y "s.yaml"
#define X "exchanges.csv"
#define H "holdings.csv"
#define A "assets.csv"
#define V "vendors.csv"

static const struct {
    const char *what;
    struct fixture_edit edits[FIXTURE_EDITS];
    const char *want;
} rows[] = {
    /* the top of the file */
    {"an unknown key", {{Y, "horizon:", "horizn:"}}, "s.yaml:5:1: horizn: unknown; did you mean horizon?\n"},
    {"an unknown key near nothing",
     {{Y, "seed: 7", "zzz: 7"}},
     "s.yaml:7:1: zzz: unknown; known here: format, title, description, currency, currencies, horizon, trials, "
     "most_trials, target_relative_error, seed, tables, breaches, funds, report\n"},
    {"a required key misspelt is named once",
     {{Y, "currency: JPY", "curency: JPY"}},
     "s.yaml:3:1: curency: unknown; did you mean currency?\n"},
    {"no title", {{Y, "title: Two exchanges\n", ""}}, "s.yaml:1:1: title: missing; must be text\n"},
    {"an empty title", {{Y, "title: Two exchanges", "title:"}}, "s.yaml:2:7: title = nothing: must be text\n"},
    {"a title that is a list",
     {{Y, "title: Two exchanges", "title: [a, b]"}},
     "s.yaml:2:8: title = a list: must be text\n"},
    {"another format", {{Y, "format: 1", "format: 2"}}, "s.yaml:1:9: format = 2: must be 1\n"},
    {"no format", {{Y, "format: 1\n", ""}}, "s.yaml:1:1: format: missing; must be 1\n"},
    {"an unknown currency",
     {{Y, "currency: JPY", "currency: YEN"}},
     "s.yaml:3:11: currency = YEN: must be a currency code of ISO 4217 such as JPY\n"},
    {"a rate for an unknown currency",
     {{Y, "{USD: 150}", "{USD: 150, DOL: 2}"}},
     "s.yaml:4:29: currencies.DOL: no currency code of ISO 4217\n"},
    {"a rate of 0",
     {{Y, "{USD: 150}", "{USD: 150, EUR: 0}"}},
     "s.yaml:4:29: currencies.EUR = 0: must be a number such as 0.8, above 0\n"},
    {"a rate for the own currency",
     {{Y, "{USD: 150}", "{USD: 150, JPY: 1}"}},
     "s.yaml:4:29: currencies.JPY = 1: the scenario's own currency needs no rate\n"},
    {"rates that are no map",
     {{Y, "currencies: {USD: 150}", "currencies: 150"}, {Y, "12 m USD", "1 bn"}},
     "s.yaml:4:13: currencies = 150: must be a map of currency codes to rates, such as {USD: 157.2}\n"},
    {"an amount in a currency without rate",
     {{Y, "12 m USD", "12 m EUR"}},
     "s.yaml:32:22: funds[5].parent.amount = 12 m EUR: this currency has no rate: add it to `currencies`, such as "
     "currencies: {USD: 157.2}\n"},
    {"a horizon over a year",
     {{Y, "horizon: 1 y", "horizon: 2 y"}},
     "s.yaml:5:10: horizon = 2 y: must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [1, 365] days\n"},
    {"a horizon without unit",
     {{Y, "horizon: 1 y", "horizon: 365"}},
     "s.yaml:5:10: horizon = 365: the unit is missing: write a duration such as 30 d, 2 w, 6 mo or 1 y\n"},
    {"half a trial",
     {{Y, "100_000", "0.5"}},
     "s.yaml:6:9: trials = 0.5: must be a whole number such as 1_000_000 or 1 m\n"},
    {"no trials",
     {{Y, "100_000", "0"}},
     "s.yaml:6:9: trials = 0: must be a whole number such as 1_000_000 or 1 m, in [1, 1000000000000], or auto\n"},
    {"trials with a thousands comma",
     {{Y, "trials: 100_000", "trials: \"100,000\""}},
     "s.yaml:6:9: trials = 100,000: no commas in numbers: write 1_000_000 or 1 m for a million, and a point before "
     "decimals (1.5)\n"},
    {"a misspelt word for trials",
     {{Y, "100_000", "automatic"}},
     "s.yaml:6:9: trials = automatic: not a number: write a whole number such as 1_000_000 or 1 m\n"},
    {"most_trials without auto",
     {{Y, "seed: 7", "most_trials: 1 m"}},
     "s.yaml:7:14: most_trials = 1 m: goes with trials: auto only\n"},
    {"a seed past 2^53",
     {{Y, "seed: 7", "seed: 9007199254740993"}},
     "s.yaml:7:7: seed = 9007199254740993: too large: whole numbers stay below 2^53 (9_007_199_254_740_992)\n"},
    {"a negative seed",
     {{Y, "seed: 7", "seed: -1"}},
     "s.yaml:7:7: seed = -1: must not be negative: write a whole number such as 1_000_000\n"},
    {"a target of 0",
     {{Y, "seed: 7", "target_relative_error: 0 %"}},
     "s.yaml:7:24: target_relative_error = 0 %: must be a fraction such as 0.05 or 5 %, in (0, 1]\n"},
    {"not a map at all", {{Y, NULL, "- format: 1\n"}}, "s.yaml:1:1: a list: must be a map of keys\n"},
    {"an empty file",
     {{Y, NULL, ""}},
     "s.yaml:1:1: format: missing; must be 1\n"
     "s.yaml:1:1: title: missing; must be text\n"
     "s.yaml:1:1: currency: missing; must be a currency code of ISO 4217 such as JPY\n"
     "s.yaml:1:1: tables: missing; must be a map of tables to files\n"
     "s.yaml:1:1: breaches: missing; must be a list of at least one breach\n"
     "s.yaml:1:1: funds: missing; must be a list of funds; [] when nobody pays\n"},
    /* numbers */
    {"an overflow",
     {{Y, "1.2 % / y", "1e400 / y"}},
     "s.yaml:15:29: breaches[0].count.poisson.rate = 1e400 / y: the number is too large\n"},
    {"NaN",
     {{Y, "a: 0.8", "a: nan"}},
     "s.yaml:16:45: breaches[0].takes.share.beta.a = nan: not a number: write a number such as 0.8\n"},
    {"infinity",
     {{Y, "sigma: 1.5", "sigma: .inf"}},
     "s.yaml:25:70: breaches[2].takes.amount.lognormal.sigma = .inf: not a number: write a number such as 0.8\n"},
    {"an infinity in a table",
     {{X, "900 bn", "inf"}},
     "exchanges.csv:2:19: highest_volume = inf: not a number: write an amount of money such as 48.2 bn\n"},
    {"an overflow in a table", {{A, "10 m", "1e400"}}, "assets.csv:2:5: price = 1e400: the number is too large\n"},
    {"a thousands comma in a table",
     {{X, "900 bn", "\"900,000,000,000\""}},
     "exchanges.csv:2:19: highest_volume = 900,000,000,000: no commas in numbers: write 1_000_000 or 1 m for a "
     "million, and a point before decimals (1.5)\n"},
    {"negative money",
     {{X, "6 bn", "-6 bn"}},
     "exchanges.csv:2:26: own_capital = -6 bn: must be an amount of money such as 48.2 bn, at least 0\n"},
    {"money without end",
     {{X, "6 bn", "6e15"}},
     "exchanges.csv:2:26: own_capital = 6e15: too much: money is exact below 4503599627370496 JPY only\n"},
    {"money that rounds to nothing",
     {{Y, "attachment: 0.5 bn", "attachment: 0.2"}},
     "s.yaml:29:55: funds[2].insurance.attachment = 0.2: rounds to nothing: money is counted in steps of 1 JPY\n"},
    {"a unit of another kind",
     {{Y, "after: 180 d", "after: 180 %"}},
     "s.yaml:27:35: funds[0].recovery.after = 180 %: \"%\" does not belong here: write a duration such as 30 d, 2 w, 6 "
     "mo or 1 y\n"},
    {"half a day",
     {{Y, "after: 180 d", "after: 1.5 d"}},
     "s.yaml:27:35: funds[0].recovery.after = 1.5 d: must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] "
     "days, whole\n"},
    {"a quantity with a tail",
     {{Y, "limit: 5 bn", "limit: 5 bn yen"}},
     "s.yaml:29:37: funds[2].insurance.limit = 5 bn yen: \"yen\" does not belong here: write an amount of money such "
     "as 48.2 bn\n"},
    /* YAML */
    {"a doubled key",
     {{Y, "seed: 7\n", "seed: 7\nseed: 8\n"}},
     "s.yaml:8:1: seed: given twice; the first is at line 7, column 1\n"},
    {"an alias",
     {{Y, "title: Two exchanges", "title: &t Two exchanges\ndescription: *t"}},
     "s.yaml:2:8: title: anchors (&name) are not allowed: write the value out\n"
     "s.yaml:3:14: description: aliases (*name) are not allowed: write the value out\n"},
    {"broken YAML",
     {{Y, "count: {poisson: {rate", "count: {poisson: rate"}},
     "s.yaml:15:26: breaches[0].count: not valid YAML: while parsing a flow mapping from line 15: did not find "
     "expected ',' or '}'\n"},
    {"a second document",
     {{Y, "report:", "---\nreport:"}},
     "s.yaml:33:1: a second document (---): one file holds one scenario\n"},
    {"a tab",
     {{Y, "    vendor: keyco", "\t vendor: keyco"}},
     "s.yaml:18:1: breaches[1].vector: not valid YAML: while scanning a plain scalar from line 17: found a tab "
     "character that violates indentation\n"},
    /* tables */
    {"no tables",
     {{Y,
       "tables:\n  exchanges: exchanges.csv\n  holdings: holdings.csv\n  assets: assets.csv\n  vendors: vendors.csv\n",
       ""}},
     "s.yaml:1:1: tables: missing; must be a map of tables to files\n"},
    {"a table not named",
     {{Y, "  assets: assets.csv\n", ""}},
     "s.yaml:9:3: tables.assets: missing; must be the name of a CSV file\n"},
    {"an unknown table",
     {{Y, "  vendors: vendors.csv", "  vendor: vendors.csv"}},
     "s.yaml:12:3: tables.vendor: unknown; did you mean vendors?\n"},
    {"a file that is not there",
     {{Y, "assets: assets.csv", "assets: asets.csv"}},
     "s.yaml:11:11: tables.assets = asets.csv: asets.csv: cannot be read: No such file or directory\n"},
    {"a folder for a file",
     {{Y, "assets: assets.csv", "assets: /tmp"}},
     "s.yaml:11:11: tables.assets = /tmp: /tmp: is a folder, not a file\n"},
    {"custodians without a table of vendors",
     {{Y, "  vendors: vendors.csv\n", ""}},
     "holdings.csv:3:14: custodian = keyco: the scenario has no table of vendors; name one at tables.vendors\n"
     "s.yaml:17:13: breaches[1].vendor = keyco: the scenario has no table of vendors; name one at tables.vendors\n"},
    {"an unknown column",
     {{A, "volatility", "volatilty"}},
     "assets.csv:1:13: volatilty: unknown; did you mean volatility?\n"},
    {"a required column misspelt is named once",
     {{A, "confidence", "confidense"}},
     "assets.csv:1:31: confidense: unknown; did you mean confidence?\n"},
    {"a missing column",
     {{V, NULL, "vendor,name,service,confidence\nkeyco,K,w,high\n"}},
     "vendors.csv:1: source: the table has no such column, and it is required\n"},
    {"a doubled column",
     {{V, "name,service", "name,name"}},
     "vendors.csv:1:13: name: the column is given twice; the first is at line 1, column 8\n"},
    {"an empty table", {{V, NULL, ""}}, "vendors.csv: the table has no header row\n"},
    {"a header alone",
     {{V, NULL, "vendor,name,service,source,confidence\n"}},
     "vendors.csv:1: the table has no rows\n"},
    {"a row too short", {{V, ",its site,medium", ""}}, "vendors.csv:2:1: the row has 3 cells where the header has 5\n"},
    {"an unbalanced quote", {{V, "Key Company", "\"Key Company"}}, "vendors.csv:2:7: a quote that is never closed\n"},
    {"an empty cell that is needed",
     {{X, "filing,high", "filing,"}},
     "exchanges.csv:2:38: confidence: missing; must be one of high, medium, low, assumption\n"},
    {"an unknown confidence",
     {{X, "filing,high", "filing,hihg"}},
     "exchanges.csv:2:38: confidence = hihg: must be one of high, medium, low, assumption; did you mean high?\n"},
    {"an id with a blank",
     {{X, "ape,JP", "the ape,JP"},
      {H, NULL,
       "exchange,asset,tier,custodian,units,source,confidence\nbee,ETH,hot,,1,f,high\nbee,BTC,hot,keyco,1,f,high\n"},
      {Y, "    at: ape\n", ""},
      {Y, ", at: [ape]", ", at: [bee]"}},
     "exchanges.csv:2:1: exchange = the ape: must be an id: 1 to 63 letters, digits, - _ .\n"},
    {"an id that is too long",
     {{V, "vault", "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"}},
     "vendors.csv:3:1: vendor = vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv: must be an id: 1 to "
     "63 letters, digits, - _ .\n"},
    {"an id with a meaning of its own",
     {{V, "vault", "all"}},
     "vendors.csv:3:1: vendor = all: all and self have a meaning of their own and are no ids\n"},
    {"a doubled id",
     {{V, "vault", "keyco"}},
     "vendors.csv:3:1: vendor = keyco: stands in line 2 already; an id names one row\n"},
    {"a country in words",
     {{X, "ape,JP", "ape,Japan"}},
     "exchanges.csv:2:5: jurisdiction = Japan: must be a country code of ISO 3166 such as JP\n"},
    {"a day that does not exist",
     {{X, "2024-02-29", "2023-02-29"}},
     "exchanges.csv:3:8: as_of = 2023-02-29: must be a day such as 2024-05-30\n"},
    {"a date in another order",
     {{X, "2024-03-31", "31/03/2024"}},
     "exchanges.csv:2:8: as_of = 31/03/2024: must be a day such as 2024-05-30\n"},
    {"a price of 0",
     {{A, "10 m", "0"}},
     "assets.csv:2:5: price = 0: must be an amount of money such as 48.2 bn, above 0\n"},
    {"a volatility that is none",
     {{A, "60 %", "high"}},
     "assets.csv:2:10: volatility = high: not a number: write a fraction such as 0.05 or 5 %\n"},
    /* holdings */
    {"an unknown exchange",
     {{H, "ape,BTC,hot", "abe,BTC,hot"}},
     "holdings.csv:2:1: exchange = abe: no such id in the table of exchanges (exchanges.csv); did you mean ape?\n"},
    {"an unknown asset",
     {{H, "ape,BTC,hot", "ape,BTCC,hot"}},
     "holdings.csv:2:5: asset = BTCC: no such id in the table of assets (assets.csv); did you mean BTC?\n"},
    {"an unknown tier",
     {{H, "ape,BTC,hot", "ape,BTC,hto"}},
     "holdings.csv:2:9: tier = hto: must be one of hot, warm, cold; did you mean hot?\n"},
    {"an unknown custodian",
     {{H, "keyco", "kyeco"}, {Y, "vendor: keyco", "vendor: all"}},
     "holdings.csv:3:14: custodian = kyeco: no such id in the table of vendors (vendors.csv); did you mean keyco?\n"},
    {"an unknown owner",
     {{H, "customers", "customer"}},
     "holdings.csv:5:18: owner = customer: must be one of customers, guarantee, house; did you mean customers?\n"},
    {"units without a price",
     {{H, ",,2.5 bn", ",25,"}},
     "holdings.csv:4:16: units = 25: XRP has no price: give one in line 4 of assets.csv, or a value here\n"},
    {"neither units nor value", {{H, ",,2.5 bn", ",,"}}, "holdings.csv:4:17: value: missing; give units or value\n"},
    {"both units and value",
     {{H, ",100,,", ",100,1 bn,"}},
     "holdings.csv:2:19: value = 1 bn: give units or value, not both\n"},
    {"units that are worth too much",
     {{H, ",100,,", ",1e200,,"}},
     "holdings.csv:2:15: units = 1e200: worth too much at the price of BTC: money is exact below 4503599627370496 JPY "
     "only\n"},
    {"units that are worth nothing",
     {{H, ",100,,", ",0.00000001,,"}},
     "holdings.csv:2:15: units = 0.00000001: worth nothing at the price of BTC, after rounding\n"},
    {"negative units",
     {{H, ",100,,", ",-100,,"}},
     "holdings.csv:2:15: units = -100: must be a number such as 0.8, at least 0\n"},
    {"no wallet",
     {{H, ",4,40 %", ",0,40 %"}},
     "holdings.csv:3:27: wallets = 0: must be a whole number such as 1_000_000 or 1 m, in [1, 1000000000]\n"},
    {"a largest wallet below the average",
     {{H, ",4,40 %", ",4,20 %"}},
     "holdings.csv:3:29: largest_share = 20 %: the largest of 4 wallets holds at least 1/4; leave it empty for equal "
     "ones\n"},
    {"a share over 1",
     {{H, ",4,40 %", ",4,140 %"}},
     "holdings.csv:3:29: largest_share = 140 %: must be a fraction such as 0.05 or 5 %, in (0, 1]\n"},
    {"a doubled holding",
     {{H, "bee,ETH,hot,self,guarantee", "bee,ETH,hot,,customers"}},
     "holdings.csv:6:1: exchange = bee: the same exchange, asset, tier, custodian and owner as line 5: add them up in "
     "one row\n"},
    {"more money than can be counted",
     {{H, "2.5 bn", "4e15"}, {X, "6 bn", "4e14"}, {X, "1.5 bn", "2e14"}},
     "s.yaml: currency = JPY: all amounts of the tables and funds together come to 5.2010466e+15; money is exact below "
     "4503599627370496 only\n"},
    /* breaches */
    {"no breaches",
     {{Y,
       "breaches:\n  - vector: hot_wallet_drain\n    count: {poisson: {rate: 1.2 % / y, low: 0.5 % / y, high: 2 % / "
       "y}}\n    takes: {tiers: [hot], share: {beta: {a: 0.8, b: 0.6}, everything: 30 %}}\n  - vector: "
       "third_party_compromise\n    vendor: keyco\n    hit: 50 %\n    count: {at_most_once: {probability: 0.4 %}}\n    "
       "takes: {reach: largest_wallet, share: 100 %}\n  - vector: insider\n    at: ape\n    count: {negative_binomial: "
       "{mean: 1 % / y, shape: 2}}\n    takes: {assets: [BTC], amount: {lognormal: {median: 2 bn, sigma: 1.5}}}\n",
       "breaches: []\n"}},
     "s.yaml:13:11: breaches = an empty list: must be a list of at least one breach\n"},
    {"breaches that are a map",
     {{Y,
       "breaches:\n  - vector: hot_wallet_drain\n    count: {poisson: {rate: 1.2 % / y, low: 0.5 % / y, high: 2 % / "
       "y}}\n    takes: {tiers: [hot], share: {beta: {a: 0.8, b: 0.6}, everything: 30 %}}\n  - vector: "
       "third_party_compromise\n    vendor: keyco\n    hit: 50 %\n    count: {at_most_once: {probability: 0.4 %}}\n    "
       "takes: {reach: largest_wallet, share: 100 %}\n  - vector: insider\n    at: ape\n    count: {negative_binomial: "
       "{mean: 1 % / y, shape: 2}}\n    takes: {assets: [BTC], amount: {lognormal: {median: 2 bn, sigma: 1.5}}}\n",
       "breaches: {vector: insider}\n"}},
     "s.yaml:13:11: breaches = a map: must be a list of at least one breach\n"},
    {"an unknown vector",
     {{Y, "hot_wallet_drain\n", "hot_walet_drain\n"}},
     "s.yaml:14:13: breaches[0].vector = hot_walet_drain: must be one of hot_wallet_drain, third_party_compromise, "
     "cold_wallet_compromise, insider, key_leak, smart_contract, account_takeover; did you mean hot_wallet_drain?\n"},
    {"no vector",
     {{Y, "vector: insider\n    at", "at"}},
     "s.yaml:22:5: breaches[2].vector: missing; must be one of hot_wallet_drain, third_party_compromise, "
     "cold_wallet_compromise, insider, key_leak, smart_contract, account_takeover\n"},
    {"an entry that is a word",
     {{Y,
       "  - vector: insider\n    at: ape\n    count: {negative_binomial: {mean: 1 % / y, shape: 2}}\n    takes: "
       "{assets: [BTC], amount: {lognormal: {median: 2 bn, sigma: 1.5}}}\n",
       "  - insider\n"}},
     "s.yaml:22:5: breaches[2] = insider: must be a map of keys\n"},
    {"an unknown exchange in at",
     {{Y, "at: ape\n", "at: [ape, bea]\n"}},
     "s.yaml:23:15: breaches[2].at[1] = bea: no such id in the table of exchanges (exchanges.csv); did you mean "
     "bee?\n"},
    {"an exchange twice in at",
     {{Y, "at: ape\n", "at: [ape, ape]\n"}},
     "s.yaml:23:15: breaches[2].at[1] = ape: stands twice\n"},
    {"an empty list of exchanges",
     {{Y, "at: ape\n", "at: []\n"}},
     "s.yaml:23:9: breaches[2].at = an empty list: must be an id or a list of ids of the table of exchanges, or all\n"},
    {"no count",
     {{Y, "    count: {at_most_once: {probability: 0.4 %}}\n", ""}},
     "s.yaml:17:5: breaches[1].count: missing; must be a map of one frequency family, such as {poisson: {rate: 1.2 % / "
     "y}}\n"},
    {"an unknown family of counts",
     {{Y, "{at_most_once: {probability: 0.4 %}}", "{posson: {rate: 1 / y}}"}},
     "s.yaml:20:13: breaches[1].count.posson: no frequency family; must be one of poisson, negative_binomial, "
     "at_most_once; did you mean poisson?\n"},
    {"two families of counts",
     {{Y, "{at_most_once: {probability: 0.4 %}}", "{poisson: {rate: 1 / y}, at_most_once: {probability: 1 %}}"}},
     "s.yaml:20:37: breaches[1].count.at_most_once: a second frequency family beside poisson; one is allowed\n"},
    {"an empty family of counts",
     {{Y, "{at_most_once: {probability: 0.4 %}}", "{}"}},
     "s.yaml:20:12: breaches[1].count = an empty map: must be a map of a frequency family: one of poisson, "
     "negative_binomial, at_most_once\n"},
    {"a rate without its time",
     {{Y, "rate: 1.2 % / y", "rate: 1.2 %"}},
     "s.yaml:15:29: breaches[0].count.poisson.rate = 1.2 %: the unit is missing: write a rate such as 1.2 % / y or 1 "
     "in 244 y\n"},
    {"a parameter that is missing",
     {{Y, "{mean: 1 % / y, shape: 2}", "{mean: 1 % / y}"}},
     "s.yaml:24:32: breaches[2].count.negative_binomial.shape: missing; must be a number such as 0.8, in [0.01, "
     "1000]\n"},
    {"an unknown parameter",
     {{Y, "{mean: 1 % / y, shape: 2}", "{mean: 1 % / y, shpe: 2}"}},
     "s.yaml:24:48: breaches[2].count.negative_binomial.shpe: unknown; did you mean shape?\n"},
    {"a probability over 1",
     {{Y, "probability: 0.4 %", "probability: 104 %"}},
     "s.yaml:20:41: breaches[1].count.at_most_once.probability = 104 %: must be a fraction such as 0.05 or 5 %, in [0, "
     "1]\n"},
    {"low above the rate",
     {{Y, "low: 0.5 % / y", "low: 1.5 % / y"}},
     "s.yaml:15:45: breaches[0].count.poisson.low = 1.5 % / y: must be low <= rate <= high, here 1.5 % / y <= 1.2 % / "
     "y <= 2 % / y\n"},
    {"high below the rate",
     {{Y, "high: 2 % / y", "high: 1 % / y"}},
     "s.yaml:15:62: breaches[0].count.poisson.high = 1 % / y: must be low <= rate <= high, here 0.5 % / y <= 1.2 % / y "
     "<= 1 % / y\n"},
    {"low without high",
     {{Y, ", high: 2 % / y", ""}},
     "s.yaml:15:22: breaches[0].count.poisson.high: missing; low and high come together\n"},
    {"hit without vendor",
     {{Y, "at: ape", "hit: 50 %"}},
     "s.yaml:23:10: breaches[2].hit = 50 %: goes with vendor only\n"},
    {"a hit over 1",
     {{Y, "hit: 50 %", "hit: 1.5"}},
     "s.yaml:19:10: breaches[1].hit = 1.5: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
    {"at and vendor",
     {{Y, "vendor: keyco", "vendor: keyco\n    at: ape"}},
     "s.yaml:19:9: breaches[1].at = ape: give at or vendor, not both\n"},
    {"an unknown vendor",
     {{Y, "vendor: keyco", "vendor: keycoo"}},
     "s.yaml:18:13: breaches[1].vendor = keycoo: no such id in the table of vendors (vendors.csv); did you mean "
     "keyco?\n"},
    {"a vendor with whom nobody keeps coins",
     {{Y, "vendor: keyco", "vendor: vault"}},
     "s.yaml:18:13: breaches[1].vendor = vault: nobody keeps coins with it: no row of holdings.csv has it as "
     "custodian\n"},
    {"a vendor without a table of vendors",
     {{Y, "  vendors: vendors.csv\n", ""}, {H, "keyco", "self"}},
     "s.yaml:17:13: breaches[1].vendor = keyco: the scenario has no table of vendors; name one at tables.vendors\n"},
    {"one name twice at one exchange",
     {{Y, "vector: insider\n    at: ape", "vector: insider\n    name: hot_wallet_drain"}},
     "s.yaml:22:5: breaches[2]: every exchange has hot_wallet_drain from breaches[0] already; give this entry a name "
     "of its own\n"},
    {"one name twice at a named exchange",
     {{Y, "  - vector: insider\n",
       "  - {vector: insider, at: [bee, ape], count: {poisson: {rate: 0 / y}}, takes: {share: 1}}\n  - vector: "
       "insider\n"}},
     "s.yaml:23:5: breaches[3]: ape has insider from breaches[2] already; give this entry a name of its own\n"},
    {"a name with a slash",
     {{Y, "vector: insider\n", "vector: insider\n    name: ape/insider\n"}},
     "s.yaml:23:11: breaches[2].name = ape/insider: must be an id: 1 to 63 letters, digits, - _ .\n"},
    {"no takes",
     {{Y, "    takes: {reach: largest_wallet, share: 100 %}\n", ""}},
     "s.yaml:17:5: breaches[1].takes: missing; must be a map such as {tiers: [hot], share: {beta: {a: 0.8, b: "
     "0.6}}}\n"},
    {"neither share nor amount",
     {{Y, ", share: 100 %}", "}"}},
     "s.yaml:21:12: breaches[1].takes: missing; give share or amount\n"},
    {"both share and amount",
     {{Y, ", share: 100 %}", ", share: 100 %, amount: {pareto: {minimum: 1 bn, alpha: 2}}}"}},
     "s.yaml:21:12: breaches[1].takes: give share or amount, not both\n"},
    {"an unknown tier in reach",
     {{Y, "tiers: [hot]", "tiers: [hot, cool]"}},
     "s.yaml:16:26: breaches[0].takes.tiers[1] = cool: must be one of hot, warm, cold; did you mean cold?\n"},
    {"no tier in reach",
     {{Y, "tiers: [hot]", "tiers: []"}},
     "s.yaml:16:20: breaches[0].takes.tiers = an empty list: must be a list, each one of hot, warm, cold\n"},
    {"an unknown asset in reach",
     {{Y, "assets: [BTC]", "assets: [BCT]"}},
     "s.yaml:25:22: breaches[2].takes.assets[0] = BCT: no such id in the table of assets (assets.csv); did you mean "
     "BTC?\n"},
    {"an unknown reach",
     {{Y, "reach: largest_wallet", "reach: largest"}},
     "s.yaml:21:20: breaches[1].takes.reach = largest: must be one of all, one_asset, one_wallet, largest_wallet\n"},
    {"a share over 1 that is taken",
     {{Y, "share: 100 %}", "share: 1.01}"}},
     "s.yaml:21:43: breaches[1].takes.share = 1.01: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
    {"a family of shares for an amount",
     {{Y, "amount: {lognormal: {median: 2 bn, sigma: 1.5}}", "amount: {beta: {a: 1, b: 1}}"}},
     "s.yaml:25:37: breaches[2].takes.amount.beta: a family of shares: write it under share\n"},
    {"a family of amounts for a share",
     {{Y, "share: 100 %}", "share: {lognormal: {median: 2 bn, sigma: 1.5}}}"}},
     "s.yaml:21:44: breaches[1].takes.share.lognormal: a family of amounts: write it under amount\n"},
    {"an amount without a family",
     {{Y, "amount: {lognormal: {median: 2 bn, sigma: 1.5}}", "amount: 2 bn"}},
     "s.yaml:25:36: breaches[2].takes.amount = 2 bn: must be a map of a family of amounts: one of lognormal, "
     "generalized_pareto, pareto, weibull, gamma, empirical\n"},
    {"an atom alone",
     {{Y, "share: 100 %}", "share: {everything: 30 %}}"}},
     "s.yaml:21:43: breaches[1].takes.share: missing a family of shares: one of beta, uniform, fixed\n"},
    {"an atom over 1",
     {{Y, "everything: 30 %", "everything: 130 %"}},
     "s.yaml:16:71: breaches[0].takes.share.everything = 130 %: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
    {"bounds in the wrong order",
     {{Y, "share: 100 %}", "share: {uniform: {from: 80 %, to: 20 %}}}"}},
     "s.yaml:21:53: breaches[1].takes.share.uniform: `from` must be below `to`; for one value write fixed\n"},
    {"a sigma of 0",
     {{Y, "sigma: 1.5", "sigma: 0"}},
     "s.yaml:25:70: breaches[2].takes.amount.lognormal.sigma = 0: must be a number such as 0.8, in (0, 10]\n"},
    {"an empty sample",
     {{Y, "{lognormal: {median: 2 bn, sigma: 1.5}}", "{empirical: {values: []}}"}},
     "s.yaml:25:57: breaches[2].takes.amount.empirical.values = an empty list: must be a list, each an amount of money "
     "such as 48.2 bn, at least 0\n"},
    {"a sample with a negative value",
     {{Y, "{lognormal: {median: 2 bn, sigma: 1.5}}", "{empirical: {values: [1 bn, -2 bn]}}"}},
     "s.yaml:25:64: breaches[2].takes.amount.empirical.values[1] = -2 bn: must be an amount of money such as 48.2 bn, "
     "at least 0\n"},
    {"a family that is a number",
     {{Y, "{beta: {a: 0.8, b: 0.6}, everything: 30 %}", "{beta: 0.8}"}},
     "s.yaml:16:41: breaches[0].takes.share.beta = 0.8: must be a map of keys\n"},
    /* funds */
    {"no funds",
     {{Y,
       "funds:\n  - recovery: {share: 3 %, after: 180 d, probability: 50 %}\n  - guarantee_crypto\n  - insurance: "
       "{name: crime, limit: 5 bn, attachment: 0.5 bn, covers: [insider, key_leak]}\n  - reserve: {amount: {share: 20 "
       "bp, of: highest_volume, floor: 1 bn, cap: 40 bn}}\n  - own_capital\n  - parent: {amount: 12 m USD, after: 10 "
       "d, at: [ape]}\n",
       ""}},
     "s.yaml:1:1: funds: missing; must be a list of funds; [] when nobody pays\n"},
    {"an unknown kind of funds",
     {{Y, "- guarantee_crypto", "- guarantee_cripto"}},
     "s.yaml:28:5: funds[1] = guarantee_cripto: must be one of recovery, guarantee_crypto, reserve, insurance, "
     "own_capital, parent; did you mean guarantee_crypto?\n"},
    {"an unknown kind with terms",
     {{Y, "parent: {", "parents: {"}},
     "s.yaml:32:5: funds[5].parents: no kind of funds; must be one of recovery, guarantee_crypto, reserve, insurance, "
     "own_capital, parent; did you mean parent?\n"},
    {"two kinds in one entry",
     {{Y, "- own_capital", "- {own_capital: {}, guarantee_crypto: {}}"}},
     "s.yaml:31:23: funds[4].guarantee_crypto: a second kind of funds beside own_capital; one is allowed\n"},
    {"a name alone that needs terms",
     {{Y, "  - own_capital\n", "  - own_capital\n  - insurance\n"}},
     "s.yaml:32:5: funds[5].insurance.limit: missing; must be an amount of money such as 48.2 bn, at least 0, or "
     "unlimited\n"},
    {"a limit that is missing",
     {{Y, "limit: 5 bn, ", ""}},
     "s.yaml:29:16: funds[2].insurance.limit: missing; must be an amount of money such as 48.2 bn, at least 0, or "
     "unlimited\n"},
    {"an unknown term",
     {{Y, "attachment: 0.5 bn", "atachment: 0.5 bn"}},
     "s.yaml:29:43: funds[2].insurance.atachment: unknown; did you mean attachment?\n"},
    {"an insured share of 0",
     {{Y, "limit: 5 bn", "share: 0, limit: 5 bn"}},
     "s.yaml:29:37: funds[2].insurance.share = 0: must be a fraction such as 0.05 or 5 %, in (0, 1]\n"},
    {"half a reinstatement",
     {{Y, "limit: 5 bn", "limit: 5 bn, reinstatements: 1.5"}},
     "s.yaml:29:59: funds[2].insurance.reinstatements = 1.5: must be a whole number such as 1_000_000 or 1 m\n"},
    {"an unknown peril",
     {{Y, "key_leak]", "key_leek]"}},
     "s.yaml:29:81: funds[2].insurance.covers[1] = key_leek: must be one of hot_wallet_drain, third_party_compromise, "
     "cold_wallet_compromise, insider, key_leak, smart_contract, account_takeover; did you mean key_leak?\n"},
    {"one name for two funds",
     {{Y, "name: crime", "name: parent"}},
     "s.yaml:32:5: funds[5] = parent: funds[2] has this name already; give each a name of its own\n"},
    {"two reserves at one exchange",
     {{Y, "- own_capital", "- reserve: {name: second, amount: 1 bn, at: bee}"}},
     "s.yaml:31:5: funds[4]: bee has a reserve from funds[3] already; it can have one\n"},
    {"the share of a figure that is not there",
     {{X, "100 bn", ""}},
     "exchanges.csv:3: highest_volume: bee has none, and the amount of funds[3] (reserve) is a share of it\n"},
    {"own capital that is not there",
     {{X, "6 bn", ""}},
     "exchanges.csv:2: own_capital: ape has none, and the amount of funds[4] (own_capital) is a share of it\n"},
    {"an unknown figure",
     {{Y, "of: highest_volume", "of: highest_volumes"}},
     "s.yaml:30:42: funds[3].reserve.amount.of = highest_volumes: must be one of annual_volume, highest_volume, "
     "customer_crypto, hot, cold, revenue, fees, fixed_overheads, own_capital; did you mean highest_volume?\n"},
    {"a share without its figure",
     {{Y, ", of: highest_volume", ""}},
     "s.yaml:30:23: funds[3].reserve.amount.of: missing; must be one of annual_volume, highest_volume, "
     "customer_crypto, hot, cold, revenue, fees, fixed_overheads, own_capital\n"},
    {"a floor above the cap",
     {{Y, "floor: 1 bn", "floor: 50 bn"}},
     "s.yaml:30:65: funds[3].reserve.amount.floor = 50 bn: must not be above the cap\n"},
    {"an amount that is a list",
     {{Y, "amount: 12 m USD", "amount: [12 m USD]"}},
     "s.yaml:32:22: funds[5].parent.amount = a list: must be an amount of money, or a map such as {share: 20 bp, of: "
     "highest_volume, floor: 2 bn, cap: 40 bn}\n"},
    {"a recovery over everything",
     {{Y, "recovery: {share: 3 %", "recovery: {share: 300 %"}},
     "s.yaml:27:23: funds[0].recovery.share = 300 %: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
    {"an unknown exchange of a fund",
     {{Y, "at: [ape]}", "at: [aep]}"}},
     "s.yaml:32:50: funds[5].parent.at[0] = aep: no such id in the table of exchanges (exchanges.csv); did you mean "
     "ape?\n"},
    /* report */
    {"a confidence of 1",
     {{Y, "[99 %, 95 %]", "[99 %, 100 %]"}},
     "s.yaml:33:29: report.confidence[1] = 100 %: must be a fraction such as 0.05 or 5 %, in (0, 1)\n"},
    {"a confidence twice",
     {{Y, "[99 %, 95 %]", "[99 %, 0.99]"}},
     "s.yaml:33:29: report.confidence[1] = 0.99: stands twice\n"},
    {"a confidence that is a map",
     {{Y, "[99 %, 95 %]", "[99 %, {a: 1}]"}},
     "s.yaml:33:29: report.confidence[1] = a map: must be a list, each a fraction such as 0.05 or 5 %, in (0, 1), none "
     "twice\n"},
    {"a sized_at that is not reported",
     {{Y, "deadline: 30 d", "sized_at: 99.5 %"}},
     "s.yaml:33:46: report.sized_at = 99.5 %: must be one of report.confidence\n"},
    {"a return period of a year",
     {{Y, "deadline: 30 d", "return_periods: [1, 10]"}},
     "s.yaml:33:53: report.return_periods[0] = 1: must be a number such as 0.8, in (1, 1000000000]\n"},
    {"a deadline of half a day",
     {{Y, "deadline: 30 d", "deadline: 0.5 d"}},
     "s.yaml:33:46: report.deadline = 0.5 d: must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] days, "
     "whole\n"},
    {"a report that is a list",
     {{Y, "report: {confidence: [99 %, 95 %], deadline: 30 d}", "report: [99 %]"}},
     "s.yaml:33:9: report = a list: must be a map of keys\n"},
    /* many */
    {"five different mistakes",
     {{Y, "horizon: 1 y", "horizn: 1 y"},
      {Y, "rate: 1.2 % / y", "rate: 1.2 %"},
      {X, "2024-02-29", "2024-02-30"},
      {H, ",4,40 %", ",4,140 %"},
      {Y, "limit: 5 bn, ", ""}},
     "s.yaml:5:1: horizn: unknown; did you mean horizon?\n"
     "exchanges.csv:3:8: as_of = 2024-02-30: must be a day such as 2024-05-30\n"
     "holdings.csv:3:29: largest_share = 140 %: must be a fraction such as 0.05 or 5 %, in (0, 1]\n"
     "s.yaml:15:29: breaches[0].count.poisson.rate = 1.2 %: the unit is missing: write a rate such as 1.2 % / y or 1 "
     "in 244 y\n"
     "s.yaml:29:16: funds[2].insurance.limit: missing; must be an amount of money such as 48.2 bn, at least 0, or "
     "unlimited\n"},
};

Test(bad_input, every_fault_is_named_at_its_place) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s;
        char *printed = fixture_run(&s, rows[i].edits, NULL, 0);
        cr_expect_str_eq(printed, rows[i].want, "%s\n%s", rows[i].what, printed);
        free(printed);
        hl_scenario_free(&s);
    }
}

/* Loads the sample with other bytes for one of its files; the caller frees what is printed. */
static char *faults_of_bytes(const char *name, const char *bytes, size_t size) {
    char folder[64];
    struct hl_scenario s;
    fixture_make(folder, NULL);
    fixture_write(folder, name, bytes, size);
    char *printed = fixture_load(&s, folder, NULL, 0);
    fixture_remove(folder);
    hl_scenario_free(&s);
    return printed;
}

/* The first line begins with `want`. */
static void expect_beginning(const char *name, const char *bytes, size_t size, const char *want) {
    char *printed = faults_of_bytes(name, bytes, size);
    cr_expect_eq(strncmp(printed, want, strlen(want)), 0, "%.200s", printed);
    free(printed);
}

Test(bad_input, bombs_are_refused_soon, .timeout = 20) {
    enum { BRACKETS = 100000, LINES = 30 };
    char *brackets = malloc(2 * BRACKETS + 8);
    strcpy(brackets, "title: ");
    memset(brackets + 7, '[', BRACKETS);
    memset(brackets + 7 + BRACKETS, ']', BRACKETS);
    expect_beginning(Y, brackets, 7 + 2 * BRACKETS, "s.yaml:1:");
    free(brackets);

    char laughs[4096] = "a0: &a0 [x, x]\n";
    for (int i = 1; i < LINES; i++)
        sprintf(laughs + strlen(laughs), "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
    expect_beginning(Y, laughs, strlen(laughs), "s.yaml:1:");
}

Test(bad_input, files_that_are_too_large_are_refused) {
    static const struct {
        const char *file, *want;
        long bytes;
    } cases[] = {{Y, "s.yaml: is too large: 4194305 bytes, where 4194304 are allowed\n", HL_YAML_BYTES + 1},
                 {A,
                  "s.yaml:11:11: tables.assets = assets.csv: assets.csv: is too large: 67108865 bytes, where 67108864 "
                  "are allowed\n",
                  HL_CSV_BYTES + 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char folder[64], path[128];
        struct hl_scenario s;
        fixture_make(folder, NULL);
        snprintf(path, sizeof path, "%s/%s", folder, cases[i].file);
        cr_assert_eq(truncate(path, cases[i].bytes), 0); /* grows by a hole */
        char *printed = fixture_load(&s, folder, NULL, 0);
        cr_expect_str_eq(printed, cases[i].want);
        free(printed);
        fixture_remove(folder);
    }
}

Test(bad_input, bytes_that_are_no_text_are_refused_at_their_place) {
    static const struct {
        const char *file, *bytes, *want;
        size_t size;
    } cases[] = {
        {Y, "format: 1\ntitle: a\0b\n", "s.yaml:2:9: ", 21},
        {Y, "format: 1\ntitle: a\xff\n", "s.yaml:2:9: ", 20},
        {A, "asset,price\nB\0C,1\n", "assets.csv:2:2: ", 18},
        {A, "asset,price\nB\xc0\x80,1\n", "assets.csv:2:2: ", 18},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_beginning(cases[i].file, cases[i].bytes, cases[i].size, cases[i].want);
}

/* A byte-order mark and CRLF in every file change no more than the digests of the files. */
Test(bad_input, marks_and_line_ends_of_windows_are_accepted) {
    char folder[64];
    struct hl_scenario plain, windows;
    fixture_make(folder, NULL);
    free(fixture_load(&plain, folder, NULL, 0));
    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        char bytes[8192] = "\xef\xbb\xbf";
        size_t size = 3;
        for (const char *c = fixture_files[i].text; *c != '\0'; c++) {
            if (*c == '\n')
                bytes[size++] = '\r';
            bytes[size++] = *c;
        }
        fixture_write(folder, fixture_files[i].name, bytes, size);
    }
    char *printed = fixture_load(&windows, folder, NULL, 0);
    cr_expect_str_eq(printed, "");
    cr_expect_str_eq(windows.fingerprint, plain.fingerprint);
    cr_expect_str_neq(windows.inputs[0].sha256, plain.inputs[0].sha256);
    free(printed);
    fixture_remove(folder);
    hl_scenario_free(&plain);
    hl_scenario_free(&windows);
}

/* A table of nothing but faults: the first are told, the others counted. */
Test(bad_input, thousands_of_faults_are_counted, .timeout = 20) {
    enum { ROWS = 20000 };
    char *text = malloc(64 * ROWS);
    size_t size = (size_t)sprintf(text, "exchange,asset,tier,value,source,confidence\n");
    for (int i = 0; i < ROWS; i++)
        size += (size_t)sprintf(text + size, "abe,BTC,hot,%d,s,high\n", i);
    char *printed = faults_of_bytes(H, text, size), want[32];
    snprintf(want, sizeof want, "and %d more\n", ROWS - HL_ERROR_MOST);
    cr_expect_eq(strncmp(printed, "holdings.csv:2:1: exchange = abe: ", 34), 0);
    cr_expect_str_eq(printed + strlen(printed) - strlen(want), want);
    free(printed);
    free(text);
}
