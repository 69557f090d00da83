/* Broken insurance contracts: more rows of bad_inputs.h. */
#ifndef HL_TESTS_BAD_CONTRACTS_H
#define HL_TESTS_BAD_CONTRACTS_H

#include "bad_inputs.h"

/* Terms in front of the others of the sample's insurance, on line 29 from column 17. */
#define TERMS(text)                                                                                                    \
    { Y, "insurance: {name: crime,", "insurance: {" text ", name: crime," }
#define LIMITED "limit: 5 bn, attachment: 0.5 bn"

static const struct bad_input bad_contracts[] = {
    {"an unknown form",
     {TERMS("form: marine")},
     "s.yaml:29:23: funds[2].insurance.form = marine: must be one of crime, specie, cyber; did you mean crime?\n"},
    {"an unknown tier",
     {TERMS("tiers: [hot, tepid]")},
     "s.yaml:29:30: funds[2].insurance.tiers[1] = tepid: must be one of hot, warm, cold\n"},
    {"third parties perhaps",
     {TERMS("third_parties: perhaps")},
     "s.yaml:29:32: funds[2].insurance.third_parties = perhaps: must be one of covered, excluded\n"},
    {"an unknown vendor",
     {TERMS("excluded_vendors: [keyca]")},
     "s.yaml:29:36: funds[2].insurance.excluded_vendors[0] = keyca: no such id in the table of vendors (vendors.csv); "
     "did you mean keyco?\n"},
    {"a negative deductible",
     {TERMS("deductible: -1 bn")},
     "s.yaml:29:29: funds[2].insurance.deductible = -1 bn: must be an amount of money such as 48.2 bn, at least 0\n"},
    {"hours without unit",
     {TERMS("hours: 72")},
     "s.yaml:29:24: funds[2].insurance.hours = 72: the unit is missing: write a duration such as 30 d, 2 w, 6 mo or "
     "1 y\n"},
    {"a trigger of nothing",
     {TERMS("trigger: 0")},
     "s.yaml:29:26: funds[2].insurance.trigger = 0: must be an amount of money such as 48.2 bn, above 0\n"},
    {"a trigger and an attachment",
     {TERMS("trigger: 1 bn")},
     "s.yaml:29:70: funds[2].insurance.attachment = 0.5 bn: does not go with a trigger\n"},
    {"a trigger and a deductible",
     {TERMS("trigger: 1 bn, deductible: 1 bn"), {Y, LIMITED, "limit: 5 bn"}},
     "s.yaml:29:44: funds[2].insurance.deductible = 1 bn: does not go with a trigger\n"},
    {"a trigger without limit",
     {TERMS("trigger: 1 bn"), {Y, LIMITED, "limit: unlimited"}},
     "s.yaml:29:26: funds[2].insurance.trigger = 1 bn: goes with a limit\n"},
    {"valued some day",
     {TERMS("valued_at: some_day")},
     "s.yaml:29:28: funds[2].insurance.valued_at = some_day: must be one of discovery, theft, payment\n"},
    {"net of a later insurance",
     {TERMS("net_of: crime2"), {Y, "  - own_capital\n", "  - insurance: {name: crime2, limit: 1 bn}\n"}},
     "s.yaml:29:25: funds[2].insurance.net_of = crime2: no insurance of this name stands before this one\n"},
    {"net of itself",
     {TERMS("net_of: [crime]")},
     "s.yaml:29:26: funds[2].insurance.net_of[0] = crime: no insurance of this name stands before this one\n"},
    {"net of a map",
     {TERMS("net_of: {name: crime}")},
     "s.yaml:29:25: funds[2].insurance.net_of = a map: must be the name of an insurance before this one, or a list of "
     "such names\n"},
    {"net of a reserve",
     {{Y, "  - own_capital\n", "  - insurance: {name: more, limit: 1 bn, net_of: [crima, reserve]}\n"}},
     "s.yaml:31:51: funds[4].insurance.net_of[0] = crima: no insurance of this name stands before this one; did you "
     "mean crime?\n"
     "s.yaml:31:58: funds[4].insurance.net_of[1] = reserve: no insurance of this name stands before this one\n"},
    {"denied as a number",
     {TERMS("denied: 10 %")},
     "s.yaml:29:25: funds[2].insurance.denied = 10 %: must be a map of keys\n"},
    {"denied more often than always",
     {TERMS("denied: {probability: 110 %}")},
     "s.yaml:29:39: funds[2].insurance.denied.probability = 110 %: must be a fraction such as 0.05 or 5 %, in [0, "
     "1]\n"},
    {"denied in an unknown climate",
     {TERMS("denied: {probability: 10 %, climate: mild}")},
     "s.yaml:29:54: funds[2].insurance.denied.climate = mild: no such name among the climates\n"},
    {"a premium of nothing",
     {TERMS("premium: 0")},
     "s.yaml:29:26: funds[2].insurance.premium = 0: must be an amount of money such as 48.2 bn, above 0\n"},
    {"a premium as a list",
     {TERMS("premium: [1 bn]")},
     "s.yaml:29:26: funds[2].insurance.premium = a list: must be an amount of money, or a map such as {load: 30 %, "
     "of_sd: 20 %}\n"},
    {"a premium by an unknown principle",
     {TERMS("premium: {loads: 30 %}")},
     "s.yaml:29:27: funds[2].insurance.premium.loads: unknown; did you mean load?\n"},
    {"reinstatements at no price",
     {TERMS("premium: 1 bn, reinstatement_price: []")},
     "s.yaml:29:53: funds[2].insurance.reinstatement_price = a list: must be a fraction such as 100 %, or a list of "
     "them, such as [100 %, 50 %]\n"},
    {"a price that is too high",
     {TERMS("premium: 1 bn, reinstatement_price: [100 %, 1100 %]")},
     "s.yaml:29:61: funds[2].insurance.reinstatement_price[1] = 1100 %: must be a fraction such as 0.05 or 5 %, in "
     "[0, 10]\n"},
    {"a price of what has no premium",
     {TERMS("reinstatement_price: 100 %")},
     "s.yaml:29:38: funds[2].insurance.reinstatement_price = 100 %: goes with a premium, given or priced\n"},
    {"a price of what has no limit",
     {TERMS("premium: 1 bn, reinstatement_price: 100 %"), {Y, LIMITED, "limit: unlimited"}},
     "s.yaml:29:53: funds[2].insurance.reinstatement_price = 100 %: goes with a limit\n"},
    {"more prices than reinstatements",
     {TERMS("premium: 1 bn, reinstatements: 1, reinstatement_price: [100 %, 50 %]")},
     "s.yaml:29:72: funds[2].insurance.reinstatement_price = a list: has more prices than there are reinstatements\n"},
};

#endif
