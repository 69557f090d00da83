/* What the user wrote, checked, defaulted and resolved: units, currencies and references.
 *
 * Money is in quanta of the scenario's currency (base/money.h), whole numbers in doubles. Fractions are in [0, 1],
 * times in days, rates per year. A figure that the user did not give and that has no default is NAN ("not given").
 */
#ifndef HL_SCENARIO_SCENARIO_H
#define HL_SCENARIO_SCENARIO_H

#include "base/arena.h"
#include "base/quantity.h"
#include "base/status.h"
#include "models/frequency.h"
#include "models/fund.h"
#include "models/layer.h"
#include "models/severity.h"
#include "models/vector.h"

#include <stdint.h>

#define HL_NONE ((size_t)-1)

/* A row of the exchanges table. */
struct hl_exchange {
    const char *id;
    const char *name;
    const char *jurisdiction; /* ISO 3166 alpha-2 */
    const char *as_of;        /* ISO date */
    double customer_fiat;
    double annual_volume;
    double highest_volume; /* highest annual volume of three years */
    double revenue;
    double fees;
    double fixed_overheads;
    double own_capital;
    const char *controls; /* words: what security controls are in place */
    const char *source;
    const char *confidence;
};

struct hl_asset {
    const char *id;
    double price;               /* currency units (not quanta) per unit of the asset; NAN when not given */
    double volatility_per_year; /* NAN when not given */
    const char *source;
    const char *confidence;
};

struct hl_vendor {
    const char *id;
    const char *name;
    const char *service;
    const char *source;
    const char *confidence;
};

enum hl_owner { HL_OWNER_CUSTOMERS, HL_OWNER_GUARANTEE, HL_OWNER_HOUSE, HL_OWNER_COUNT };

/* Coins of one asset of one exchange in one tier with one custodian, for one owner. */
struct hl_holding {
    size_t exchange;
    size_t asset;
    enum hl_tier tier;
    size_t custodian; /* vendor; HL_NONE = the exchange itself */
    enum hl_owner owner;
    double units;         /* NAN when only a value was given */
    double value;         /* quanta */
    double wallets;       /* how many wallets, at least 1 */
    double largest_share; /* the largest wallet's share, in [1/wallets, 1] */
    const char *source;
    const char *confidence;
};

/* What of the coins in reach one breach takes. */
enum hl_reach {
    HL_REACH_ALL,            /* every wallet in reach */
    HL_REACH_ONE_ASSET,      /* all wallets of one asset, chosen in proportion to value */
    HL_REACH_ONE_WALLET,     /* one wallet, chosen in proportion to value */
    HL_REACH_LARGEST_WALLET, /* the wallet that holds most at the start */
    HL_REACH_COUNT
};

/* One entry of `breaches`: a vector at exchanges, or at vendors whose clients it reaches. */
struct hl_breach {
    enum hl_vector_id vector;
    const char *name; /* the vector's unless given; with an exchange or vendor it names a source */
    bool at_vendors;  /* `at` holds vendors, and what they keep is in reach; else exchanges and all their coins */
    size_t *at;       /* [at_count] */
    size_t at_count;
    struct hl_count count;
    double hit;     /* vendors: the probability that an event hits one client */
    uint32_t tiers; /* bit 1 << tier */
    bool *assets;   /* [asset_count] in reach; NULL = all */
    enum hl_reach reach;
    struct hl_distribution size; /* family->share says which: share of what is in reach, or amount in quanta */
};

/* How much a source of funds has: a fixed amount, or a share of a figure of the profile between a floor and a cap. */
enum hl_base {
    HL_BASE_FIXED,
    HL_BASE_ANNUAL_VOLUME,
    HL_BASE_HIGHEST_VOLUME,
    HL_BASE_CUSTOMER_CRYPTO, /* customers' coins in all tiers */
    HL_BASE_HOT,             /* customers' coins, hot */
    HL_BASE_COLD,            /* customers' coins, cold */
    HL_BASE_REVENUE,
    HL_BASE_FEES,
    HL_BASE_FIXED_OVERHEADS,
    HL_BASE_OWN_CAPITAL,
    HL_BASE_COUNT
};

struct hl_amount {
    enum hl_base base;
    double value; /* quanta when fixed, else the fraction of the base */
    double floor; /* quanta; 0 unless given */
    double cap;   /* quanta; INFINITY unless given */
};

/* One entry of `funds`: a source of funds at some exchanges. The order of the entries is the order of payment. */
struct hl_fund {
    enum hl_fund_id kind;
    const char *name; /* the kind's unless given; unique */
    size_t *at;       /* [at_count] exchanges */
    size_t at_count;
    double after_days;           /* whole days from theft to availability */
    double probability;          /* that it answers, drawn once a year (recovery: once an event) */
    struct hl_amount amount;     /* reserve, own_capital, parent */
    double recovered_share;      /* recovery: of each event's claim */
    struct hl_layer_terms layer; /* insurance */
};

/* The most levels that one list of the report holds. */
enum { HL_LEVELS_MOST = 100 };

struct hl_report {
    const double *confidence; /* [confidence_count] ascending, in (0, 1) */
    size_t confidence_count;
    const double *return_periods; /* [return_period_count] ascending years, > 1 */
    size_t return_period_count;
    const double *unpaid_after_days; /* [unpaid_after_count] ascending whole days */
    size_t unpaid_after_count;
    double deadline_days;
    const double *given_breach; /* [given_breach_count] ascending levels conditional on a breach */
    size_t given_breach_count;
    double sized_at; /* the confidence of the headline's reserve and insurance need; one of `confidence` */
};

/* One file that was read. */
struct hl_input {
    const char *name; /* as the scenario names it */
    const char *path; /* as it was opened */
    char sha256[65];
};

/* A zeroed struct is an empty scenario. */
struct hl_scenario {
    struct hl_arena arena;
    const char *path;
    const char *title;
    const char *description; /* "" unless given */
    char currency[4];        /* ISO 4217 */
    double quantum;          /* currency units a quantum is worth */
    double horizon_days;     /* 1 to 365: one policy year or a part of one */
    uint64_t trials;         /* fixed number; with trials_auto the most */
    bool trials_auto;
    double target_relative_error; /* of the headline probability: for the verdict and for trials: auto */
    uint64_t seed;
    struct hl_exchange *exchanges;
    size_t exchange_count;
    struct hl_asset *assets;
    size_t asset_count;
    struct hl_vendor *vendors;
    size_t vendor_count;
    struct hl_holding *holdings;
    size_t holding_count;
    struct hl_breach *breaches;
    size_t breach_count;
    struct hl_fund *funds;
    size_t fund_count;
    struct hl_report report;
    struct hl_input *inputs; /* the scenario file first, then the tables */
    size_t input_count;
    char fingerprint[65]; /* SHA-256 of the canonical scenario and the draw layout */
};

/* A change made on the command line: the dotted key and its new text. Applied to the text before it is read, so that it
 * is checked like the file's own. */
struct hl_setting {
    const char *key;
    const char *text;
};

/* Reads and checks a scenario and its tables. All faults of all files go into `err`. On anything but HL_OK the scenario
 * is empty. The caller frees with hl_scenario_free. */
HL_MUST_CHECK enum hl_status hl_scenario_load(struct hl_scenario *out, const char *path,
                                              const struct hl_setting *settings, size_t setting_count,
                                              struct hl_error *err);

/* A figure of an exchange's profile that an amount can be a share of, in quanta; NAN when it is not given. `crypto` is
 * its customers' coins by tier, in quanta. */
double hl_figure_of(const struct hl_exchange *e, enum hl_base base, const double crypto[HL_TIER_COUNT]);

/* Frees and zeroes; safe on a zeroed one. */
void hl_scenario_free(struct hl_scenario *s);

/* Writes the canonical form, field by field, one `key = value` a line: what the fingerprint is made of. */
void hl_scenario_print(const struct hl_scenario *s, FILE *out);

/* Writes the reference of all scenario keys and table columns, as plain text in 80 columns or as Markdown. */
enum hl_keys_format { HL_KEYS_TEXT, HL_KEYS_MARKDOWN };
void hl_keys_print(FILE *out, enum hl_keys_format format, const char *filter);

extern const char *const hl_reach_names[HL_REACH_COUNT];
extern const char *const hl_base_names[HL_BASE_COUNT];
extern const char *const hl_owner_names[HL_OWNER_COUNT];

#endif
