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
#include "models/climate.h"
#include "models/control.h"
#include "models/copula.h"
#include "models/deposit.h"
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
    double growth_per_year; /* of balances, and of amounts that are a share of a figure; 0 unless given */
    double age_years;
    double operating_expenses; /* of a year, fixed_overheads among them */
    double past_losses;        /* stolen from customers in the last ten years */
    double customers;          /* how many */
    const char *controls;      /* words: what security controls are in place */
    const char *source;
    const char *confidence;
};

/* A row of the table of volumes: what an exchange traded in one year of one class of Japan's article 175. */
struct hl_volume {
    size_t exchange;
    unsigned kind; /* place in hl_class_names */
    double value;
    double years_ago; /* 0 = the current year, 1, 2 */
    const char *source;
    const char *confidence;
};

/* A time: always the same, or drawn. */
struct hl_time {
    double days;
    struct hl_distribution law; /* of days; law.family NULL = always `days` */
};

/* The time in days for a uniform v in (0, 1): small v are long times, and none is longer than this. A law is prepared
 * before (hl_distribution_prepare). */
enum { HL_TIME_DAYS_MOST = 3650 };
double hl_time_days(const struct hl_time *t, double v);

struct hl_asset {
    const char *id;
    double price;               /* currency units (not quanta) per unit of the asset; NAN when not given */
    double volatility_per_year; /* NAN when not given */
    const char *loads_on;       /* as the table says it: "crypto:0.8 usd:0.1"; NULL when not given */
    const double *loadings;     /* [market.factor_count] correlation with each factor; NULL = 0 */
    size_t token_of;            /* the exchange whose own token it is; HL_NONE = nobody's */
    const char *source;
    const char *confidence;
};

struct hl_vendor {
    const char *id;
    const char *name;
    const char *service;
    const char *built_on; /* as written: ids separated by spaces; NULL = nothing */
    size_t *uses;         /* [use_count] vendors whose components it is built on: no circles */
    size_t use_count;
    const char *source;
    const char *confidence;
};

enum hl_owner {
    HL_OWNER_CUSTOMERS,
    HL_OWNER_GUARANTEE,
    HL_OWNER_HOUSE,
    HL_OWNER_RESERVE, /* what the reserve is held in */
    HL_OWNER_PROTECTION_FUND,
    HL_OWNER_COUNT
};

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

/* How fast coins go until the drain is detected; both 0 = no drain. */
struct hl_drain {
    double share_per_day;  /* of what is in reach when it begins */
    double amount_per_day; /* quanta */
    struct hl_time detected_after;
};

/* Figures of the profile that a rate may depend on. */
enum hl_covariate { HL_BY_CUSTOMER_ASSETS, HL_BY_ANNUAL_VOLUME, HL_BY_HOT_SHARE, HL_BY_AGE, HL_COVARIATE_COUNT };
struct hl_covariate_term {
    double beta; /* 0 = not used */
    double at;   /* the figure at which the stated rate holds: quanta, fraction or years */
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
    double hit_low; /* equal to `hit` when no interval is stated */
    double hit_high;
    double passes;           /* vendors: that it passes from a component to a vendor that uses it */
    struct hl_copula copula; /* of the damage among clients; family NULL = independent */
    size_t climate;          /* HL_NONE = none */
    double trend_per_year;   /* the rate is rate x e^(trend x years from the start) */
    struct hl_covariate_term covariates[HL_COVARIATE_COUNT];
    struct hl_time dwell;         /* from entry to theft */
    double found_per_year;        /* hazard of being found during the dwell */
    struct hl_time noticed_after; /* from theft to discovery */
    struct hl_drain drain;
    struct hl_copula by_asset; /* each asset in reach has a share of its own, tied by this; family NULL = one share */
    uint32_t tiers;            /* bit 1 << tier */
    bool *assets;              /* [asset_count] in reach; NULL = all */
    enum hl_reach reach;
    struct hl_distribution size; /* family->share says which: share of what is in reach, or amount in quanta; family
                                    NULL where `drain` says what is taken */
    double amount_most; /* of an amount: the most that one breach takes at one exchange, in quanta; INFINITY = no cap */
};

/* A link of the excitation: each event of one breach sets off others. */
enum hl_where { HL_WHERE_SAME, HL_WHERE_OTHERS, HL_WHERE_ALL, HL_WHERE_COUNT };
struct hl_excitation {
    size_t from; /* a breach, which stands for all of its name */
    size_t to;
    enum hl_where where;
    double ratio;      /* expected events set off at each place reached */
    double delay_days; /* mean of the exponential delay */
};

/* A factor of mean 1 that the rates of the sources that name it share, drawn for every policy year. */
struct hl_climate {
    const char *name;
    const struct hl_climate_family *family;
    double sd;
    double persistence; /* correlation of the latent shocks of successive years, in [0, 1) */
};

/* A security control at exchanges: multipliers, and what it costs. */
struct hl_control {
    enum hl_control_id kind;
    bool *at;       /* [exchange_count] */
    bool *breaches; /* [breach_count] */
    double rate;
    double hit;
    double taken;
    double detection;
    double throttle_per_day; /* quanta; INFINITY = none */
    double cost_per_year;    /* quanta */
    const char *source;      /* NULL = an assumption */
};

struct hl_factor {
    const char *name;
    double jump_rate; /* per year; 0 = none */
    double jump_mean; /* of the log jump */
    double jump_sd;
};

/* A price of the record, relative to the first of its asset. */
struct hl_told_price {
    double day;
    double price;
};

/* The prices of one asset as they were: linear between their days, and flat outside. */
struct hl_told_prices {
    const struct hl_told_price *points; /* [count] ascending days; none = the price stands still */
    size_t count;
};

/* How prices move; without factors, volatilities or jumps they do not. */
struct hl_market {
    bool moves; /* the scenario has a market */
    struct hl_told_prices
        *history; /* [asset_count] prices are told, and nothing of them is drawn; NULL = they are drawn */
    struct hl_factor *factors;
    size_t factor_count;
    double tail_nu;      /* degrees of freedom of the variance mixing; 0 = none */
    double tail_most;    /* the mixing variable's cap */
    double impact_above; /* quanta: gross loss of a breach from which on it moves prices; INFINITY = none */
    double impact_fall;  /* fraction */
    bool impact_of_all;  /* all assets fall; else those that were stolen */
    double token_fall;   /* of an exchange's own token when its breach is known */
};

/* How the claims of one asset are told: shares that add up to 1. */
enum hl_claim_basis { HL_IN_KIND, HL_AT_THEFT, HL_WINDOW_AVERAGE, HL_FIXED_PRICE, HL_CLAIM_BASIS_COUNT };
struct hl_claim_terms {
    double share[HL_CLAIM_BASIS_COUNT];
    double fixed_price; /* relative to the price of day 0; 1 unless given */
};

/* What customers do when a breach is known. */
struct hl_run_terms {
    bool any;
    double above;                /* share of the exchange's coins taken from which on there is a run */
    struct hl_distribution size; /* share of what is left that customers withdraw */
    double mean_days;
    uint32_t liquid;          /* bit 1 << tier */
    double from_cold_per_day; /* share of the other tiers' coins that can be brought up in a day */
    double suspends_at;       /* share of what was left withdrawn at which withdrawals stop; they also stop when they
                                 cannot be met */
    double suspension_days;
    double comes_back; /* share of what was withdrawn that is back at the next policy year */
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
    HL_BASE_RULE, /* what a rule or a formula asks for */
    HL_BASE_COUNT
};

struct hl_rule_use;

struct hl_amount {
    enum hl_base base;
    double value;                   /* quanta when fixed, else the fraction of the base; 1 of a rule */
    double floor;                   /* quanta; 0 unless given */
    double cap;                     /* quanta; INFINITY unless given */
    const struct hl_rule_use *rule; /* scenario/rules.h; NULL unless it is one */
};

/* A counterparty that fails for good, the same for all exchanges that count on it; rate 0 = never. */
struct hl_failure {
    double rate_per_year; /* times the climate of the year */
    size_t climate;       /* HL_NONE = none */
};

/* A probability of each breach, times the climate of the year, at most 1. */
struct hl_chance {
    double probability;
    size_t climate; /* HL_NONE = none */
};

/* A part of what a fund holds. */
struct hl_part {
    size_t asset; /* HL_NONE = cash */
    double share; /* of the amount; all parts add up to 1 */
};

/* At which day's prices an insured loss is told. */
enum hl_valuation { HL_VALUED_AT_DISCOVERY, HL_VALUED_AT_THEFT, HL_VALUED_AT_PAYMENT, HL_VALUATION_COUNT };

/* What an insurance contract says besides the arithmetic of its layer. A zeroed one says nothing. */
struct hl_contract {
    uint32_t tiers;              /* bit 1 << tier: where the coins were that are insured; 0 = everywhere */
    bool excludes_third_parties; /* losses through vendors are not insured */
    const bool *excluded;        /* [vendor_count] nor those through these vendors; NULL = none */
    double waiting_days;         /* thefts before this day of the trial are not insured */
    struct hl_chance denied;     /* a denied claim erodes nothing */
    enum hl_valuation valued_at;
    const bool *net_of; /* [fund_count or more] insurances whose payments come off the insured loss; NULL = none */
    enum hl_premium { HL_PREMIUM_NONE, HL_PREMIUM_GIVEN, HL_PREMIUM_PRICED } premium;
    double premium_amount; /* given: quanta a year, of the insurer's share */
    double premium_load;   /* priced: on what the layer is expected to pay */
    double premium_of_sd;  /* priced: times the standard deviation of it */
};

/* One entry of `funds`: a source of funds at some exchanges. The order of the entries is the order of payment. */
struct hl_fund {
    enum hl_fund_id kind;
    const char *name; /* the kind's unless given; unique */
    size_t *at;       /* [at_count] exchanges */
    size_t at_count;
    double after_days;           /* whole days from theft, or from insolvency, to availability */
    double probability;          /* that it answers, drawn once a year (recovery: once an event) */
    struct hl_amount amount;     /* stocks; of a pool the common fund, of an administrator the estate */
    double recovered_share;      /* recovery: of each event's claim */
    const struct hl_part *parts; /* [part_count] what the amount is held in; none = cash */
    size_t part_count;
    double discount;         /* share of the amount that is lost in raising it */
    double bounty_share;     /* recovery: of what comes back, that goes to who gives it back */
    double instalments;      /* the amount comes in so many equal parts; 0 = 1 */
    double every_days;       /* whole days between them */
    double top_up_below;     /* every 30 days it is filled up when it is worth less than this share; 0 = never */
    struct hl_amount income; /* of a year, a twelfth and a bit every 30 days, up to the amount; value 0 = none */
    struct hl_failure fails;
    double cost_per_year;             /* share of the amount */
    struct hl_amount calls;           /* pool: the most that each member pays in a policy year when called */
    struct hl_deposit_terms deposit;  /* deposit_insurance; customers NAN = the exchange's */
    struct hl_amount other_creditors; /* administrator: what others are owed out of the estate */
    bool pari_passu;                  /* administrator: customers share the estate with them, else they come first */
    struct hl_contract contract;      /* insurance */
    double start;                     /* share of the amount that is there on day 0 */
    double refill_per_year;           /* share of the amount that comes in at the start of each later policy year */
    struct hl_layer_terms layer;      /* insurance */
};

/* How what is unpaid in the end falls on customers: what the haircut is a share of. */
enum hl_haircut_rule {
    HL_HAIRCUT_ALL_COINS,      /* all who hold coins of any kind */
    HL_HAIRCUT_COINS_AND_FIAT, /* all customers */
    HL_HAIRCUT_BY_ASSET,       /* who holds the coin that was stolen; the coin that loses most is told */
    HL_HAIRCUT_RULE_COUNT
};

/* The most policy years of a horizon. */
enum { HL_YEARS_MOST = 30 };

/* The most levels that one list of the report holds. */
enum { HL_LEVELS_MOST = 100 };

/* What losses are told apart by, beside exchanges. */
enum hl_cause { HL_CAUSE_VENDORS, HL_CAUSE_VECTORS, HL_CAUSE_SOURCES, HL_CAUSE_COUNT };
extern const char *const hl_cause_names[HL_CAUSE_COUNT];

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
    double sized_at;  /* the confidence of the headline's reserve and insurance need; one of `confidence` */
    uint32_t without; /* bit 1 << hl_cause: losses are not told apart by it */
};

/* What came out in fact: what a replay is held against. */
struct hl_expected {
    bool any;
    double
        whole_after_days;  /* from the discovery to the last payment to customers; INFINITY = never, NAN = not given */
    double customers_lose; /* quanta; NAN = not given */
    const double *paid;    /* [fund_count] quanta, net of what was paid back; NAN = not given */
    double tolerance;      /* money may differ by this share of what customers were owed */
};

/* Something that happened, and who says so. */
struct hl_fact {
    const char *fact;
    const char *source;
    const char *confidence;
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
    const char *description;         /* "" unless given */
    char currency[4];                /* ISO 4217 */
    struct hl_currencies currencies; /* the rates that are stated */
    double quantum;                  /* currency units a quantum is worth */
    const char *starts_on;           /* the date of day 0; NULL = it has none */
    double horizon_days;             /* 1 to 365: one policy year or a part of one; or a whole number of years of 365 */
    bool fresh;                      /* several years: each begins as the first did */
    uint64_t trials;                 /* fixed number; with trials_auto the most */
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
    bool holdings_unlimited;   /* one hot wallet of the first asset at every exchange, of HL_MONEY_MOST quanta: how much
                                  is held is no figure */
    struct hl_volume *volumes; /* empty without the table */
    size_t volume_count;
    struct hl_breach *breaches;
    size_t breach_count;
    struct hl_climate *climates;
    size_t climate_count;
    struct hl_excitation *excitations;
    size_t excitation_count;
    struct hl_control *controls;
    size_t control_count;
    double refill_after_days; /* a drained hot or warm wallet is full again; INFINITY = never */
    bool wallets_restored;    /* what is taken is replaced at once from outside */
    struct hl_market market;
    struct hl_claim_terms *claim_terms; /* [asset_count] */
    double buy_back_after_days;
    double window_from_days; /* after the discovery */
    double window_to_days;
    struct hl_run_terms run;
    struct hl_fund *funds;
    size_t fund_count;
    enum hl_haircut_rule haircut;
    bool haircut_told; /* the scenario asks for it */
    struct hl_report report;
    struct hl_expected expected;
    struct hl_fact *facts;
    size_t fact_count;
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

/* What balances, and amounts that are a share of a figure, have come to in a policy year, relative to the first: grown
 * by the exchange's growth for each whole year, or 1 where every year begins as the first did. */
double hl_grown(const struct hl_scenario *s, size_t exchange, uint16_t year);

/* What a stated amount comes to for one exchange in a policy year, in quanta: a share of a figure grows with the
 * exchange. */
double hl_amount_of(const struct hl_scenario *s, const struct hl_amount *amount, size_t exchange, uint16_t year);

/* How many times as often as stated breach `breach` happens at an exchange: e^(the sum over covariates of
 * beta (ln x - ln at) for money, beta (x - at) for others, in the order of enum hl_covariate) times the rate of every
 * control there that concerns it, in their order. NAN when a figure is not given. */
double hl_rate_factor(const struct hl_scenario *s, size_t breach, size_t exchange);

/* What the controls of an exchange cost in a year, in quanta. */
double hl_controls_cost(const struct hl_scenario *s, size_t exchange);

/* Does a link reach a breach at the same place (exchange or vendor), or at another? */
bool hl_excitation_reaches(const struct hl_excitation *x, bool same_place);

/* Frees and zeroes; safe on a zeroed one. */
void hl_scenario_free(struct hl_scenario *s);

/* Writes the canonical form, field by field, one `key = value` a line: what the fingerprint is made of. */
void hl_scenario_print(const struct hl_scenario *s, FILE *out);

/* Writes the reference of all scenario keys and table columns, as plain text in 80 columns or as Markdown. */
enum hl_keys_format { HL_KEYS_TEXT, HL_KEYS_MARKDOWN };
void hl_keys_print(FILE *out, enum hl_keys_format format, const char *filter);

extern const char *const hl_reach_names[HL_REACH_COUNT];
extern const char *const hl_base_names[HL_BASE_COUNT];
extern const char *const hl_haircut_names[HL_HAIRCUT_RULE_COUNT];
extern const char *const hl_valuation_names[HL_VALUATION_COUNT];
extern const char *const hl_owner_names[HL_OWNER_COUNT];
extern const char *const hl_claim_basis_names[HL_CLAIM_BASIS_COUNT];
extern const char *const hl_where_names[HL_WHERE_COUNT];
extern const char *const hl_covariate_names[HL_COVARIATE_COUNT];

#endif
