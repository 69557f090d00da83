/* A scenario being loaded: what its parts, one file each, share. */
#ifndef HL_SCENARIO_LOADING_H
#define HL_SCENARIO_LOADING_H

#include "base/csv.h"
#include "scenario/keys.h"
#include "scenario/scenario.h"

/* Rows of a table, each in the struct that its section fills. */
struct hl_table {
    const char *file; /* as opened; NULL when the scenario names no such table */
    void *rows;       /* [count] */
    size_t count;
    bool *faulty; /* [count] the row has a fault */
    bool broken;  /* the file or its header has a fault, or there are no rows: what is missing is not judged */
    struct hl_csv csv;
    const struct hl_section *section;
    const size_t *places; /* [section->count] the cell of each key; csv.column_count when it has no column */
};

struct hl_loading {
    struct hl_reader reader;
    struct hl_scenario *scenario;
    struct hl_table holdings;
    bool climates_broken; /* names of climates, of breaches are not judged */
    bool breaches_broken;
    bool prices_told; /* market.history: no volatility is needed */
};

/* load.c: reads a file that the scenario names at `at` and notes it among the inputs. NULL after adding the fault. */
const char *hl_input_read(struct hl_loading *l, const struct hl_place *at, const char *name, const char *path,
                          size_t most, size_t *size);

/* Reads the parts of the scenario, each after those before it, collecting every fault. */
void hl_tables_read(struct hl_loading *l, const struct hl_node *tables, const char *folder);
void hl_breaches_read(struct hl_loading *l, const struct hl_node *list);
void hl_wallets_read(struct hl_loading *l, const struct hl_node *node);
void hl_run_read(struct hl_loading *l, const struct hl_node *node);
void hl_takes_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_breach *out);
void hl_funds_read(struct hl_loading *l, const struct hl_node *list);

/* The place of a row's cell and its text; the row's place where the table has no such column, and NULL. */
struct hl_place hl_table_cell(const struct hl_table *t, size_t row, const char *key, const char **text);

/* unlimited.c: `tables.holdings: unlimited`. Makes the holdings and returns true when `node`, maybe NULL, says so. */
bool hl_unlimited_make(struct hl_loading *l, const struct hl_node *node);

/* unlimited.c: refuses what goes by how much is held where holdings are unlimited, in what one breach takes and, last
 * of all, in the other parts of the scenario. */
void hl_unlimited_check_takes(struct hl_loading *l, const struct hl_node *node, const char *path,
                              const struct hl_breach *b);
void hl_unlimited_check(struct hl_loading *l, const struct hl_node *root);

/* volumes.c: refuses two rows of the same exchange, class and year. */
void hl_volumes_check(struct hl_loading *l, const struct hl_table *t);

/* vendors.c: what each vendor is built on, once the table's ids are known. */
void hl_vendors_link(struct hl_loading *l, const struct hl_table *t);

/* Refuses vendors without clients, whose breach could take nothing; `all` leaves them out. */
void hl_vendors_keep_custodians(struct hl_loading *l, const struct hl_node *node, const char *path,
                                struct hl_references *vendors);

/* Reads `hit`, after the count that its ends are weighed against. */
void hl_hit_read(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_breach *out);

/* Reads a copula; it stays as it was after a fault. */
void hl_copula_read(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_copula *out);

/* breaches.c: adds the fault of an interval of which an end is missing (NAN) or on the wrong side of the value that
 * the key `first` of `terms` says. */
void hl_interval_check(struct hl_reader *r, const struct hl_node *terms, const char *path, const char *first,
                       double value, double low_end, double high_end);

/* threats.c: the climates, before the breaches; what an entry of the breaches says of them; and, after the breaches,
 * which set off which. */
struct hl_threat_terms {
    const char *climate;
    double trend_per_year;
    const struct hl_node *covariates;
};
void hl_climates_read(struct hl_loading *l, const struct hl_node *list);
void hl_breach_threats_read(struct hl_loading *l, const struct hl_node *entry, const char *path,
                            const struct hl_threat_terms *t, struct hl_breach *out);
void hl_excitation_read(struct hl_loading *l, const struct hl_node *list);

/* threats.c: the climate of a name, or HL_NONE, after adding the fault unless climates have faults themselves. */
size_t hl_climate_named(struct hl_loading *l, const struct hl_place *at, const char *text);

/* threats.c: the first breach of a name, or HL_NONE, after adding the fault unless breaches have faults themselves. */
size_t hl_breach_named(struct hl_loading *l, const struct hl_place *at, const char *text);

/* threats.c: true, or false after adding the fault of a value that is no list of `what`. */
bool hl_list_is_good(struct hl_reader *r, const struct hl_node *list, const char *key, const char *what);

/* controls.c: the controls, after the breaches; and whether the rates that come of everything can be drawn. */
void hl_controls_read(struct hl_loading *l, const struct hl_node *list);
void hl_rates_check(struct hl_loading *l);

/* inline.c: rows of a table that stand in the scenario itself, as a list of maps: a table whose columns are the keys of
 * all rows, and whose cells are empty where a row does not have a key. False after adding a fault. */
bool hl_inline_read(struct hl_reader *r, const struct hl_node *list, const char *path, struct hl_csv *out);

/* market.c: the prices of the record, once the assets are known; `market` is the map, or NULL. */
void hl_history_read(struct hl_loading *l, const struct hl_node *market);

/* record.c: what happened in fact, after the funds; the nodes may be NULL. */
void hl_record_read(struct hl_loading *l, const struct hl_node *expected, const struct hl_node *facts);

/* tables.c: the names of a confidence. */
const char *hl_confidence_name(size_t place);

/* market.c: NULL when the scenario has no such map. The loadings of an asset, such as "crypto:0.8 usd:0.1", are
 * [market.factor_count] numbers; NULL after a fault. */
void hl_market_read(struct hl_loading *l, const struct hl_node *node);
const double *hl_loadings_read(struct hl_loading *l, const struct hl_place *at, const char *text);
enum { HL_FACTORS_MOST = 50 };

/* claim_terms.c: how the claims of every asset are told; NULL when the scenario has no such map. */
void hl_claim_terms_read(struct hl_loading *l, const struct hl_node *node);

/* amounts.c: reads an amount, which is money or made of the exchange's profile; its value is NAN after a fault. Its key
 * is of the kind HL_KEY_NODE and has this shape. */
#define HL_AMOUNT_SHAPE                                                                                                \
    "an amount of money, or a map such as {share: 20 bp, of: highest_volume, floor: 2 bn, cap: 40 bn}, {rule: jp_a2} " \
    "or {formula: 0.5 * C}"
void hl_amount_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_amount *out);

/* rule_use.c: the same of a map with `rule` or `formula`. */
void hl_rule_amount_read(struct hl_loading *l, const struct hl_node *map, const char *path, struct hl_amount *out);

/* A waterfall with more entries than this is a slip of the pen. */
enum { HL_FUNDS_MOST = 1000 };

/* check.c: what holds between the parts. */
void hl_scenario_check(struct hl_loading *l);

/* canonical.c: the fingerprint of a scenario without faults. */
void hl_fingerprint_make(struct hl_loading *l);

/* breaches.c, takes.c, vendors.c: the rows of a family's parameters and of what stands beside them. `out` has room for
 * HL_FAMILY_KEYS_MOST rows; returns how many there are. */
enum { HL_FAMILY_KEYS_MOST = HL_PARAMETERS_MOST + 2 };
size_t hl_frequency_keys(struct hl_key *out, char (*texts)[32], const struct hl_frequency *family);
size_t hl_severity_keys(struct hl_key *out, char (*texts)[32], const struct hl_severity *family);
size_t hl_copula_keys(struct hl_key *out, char (*texts)[32], const struct hl_copula_family *family);

/* durations.c: reads a value that is a time; out is untouched after a fault. Its key is of the kind HL_KEY_NODE and has
 * this shape. */
#define HL_TIME_SHAPE                                                                                                  \
    "a duration such as 54 min, 6 h or 3 d, or a map of one family of times, such as {lognormal: {median: 3 d, "       \
    "sigma: 1}}"
void hl_time_read(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_time *out);

/* The name of the place-th family that times can be drawn from, NULL after the last; and the rows of its parameters,
 * stored in a struct hl_distribution. `out` has room for HL_PARAMETERS_MOST rows; returns how many there are. */
const char *hl_time_family_name(size_t place);
size_t hl_time_keys(struct hl_key *out, char (*texts)[32], const struct hl_severity *family);

/* takes.c: a value that is one family of shares, or of amounts. */
void hl_size_read(struct hl_reader *r, const struct hl_node *node, const char *path, bool share,
                  struct hl_distribution *out);

/* Every section of the format, for the reference, in the order of reading; the funds' kinds come apart. */
extern const struct hl_section hl_section_scenario;
extern const struct hl_section hl_section_tables;
extern const struct hl_section hl_section_breach;
extern const struct hl_section hl_section_hit;
extern const struct hl_section hl_section_takes;
extern const struct hl_section hl_section_everything;
extern const struct hl_section hl_section_climate;
extern const struct hl_section hl_section_climate_family;
extern const struct hl_section hl_section_covariates[HL_COVARIATE_COUNT];
extern const struct hl_section hl_section_excitation;
extern const struct hl_section hl_section_control;
extern const struct hl_section hl_section_drain;
extern const struct hl_section hl_section_wallets;
extern const struct hl_section hl_section_run;
extern const struct hl_section hl_section_fund;
extern const struct hl_section *const hl_section_fund_kinds[HL_FUND_COUNT];
extern const struct hl_section hl_section_failure;
extern const struct hl_section hl_section_denied;
extern const struct hl_section hl_section_priced;
extern const struct hl_section hl_section_amount;
extern const struct hl_section hl_section_rule;
extern const struct hl_section hl_section_formula;
extern const struct hl_section hl_section_in_lieu;
extern const struct hl_section hl_section_report;
extern const struct hl_section hl_section_market;
extern const struct hl_section hl_section_told_price;
extern const struct hl_section hl_section_expected;
extern const struct hl_section hl_section_fact;
extern const struct hl_section hl_section_factor;
extern const struct hl_section hl_section_jumps;
extern const struct hl_section hl_section_tails;
extern const struct hl_section hl_section_impact;
extern const struct hl_section hl_section_claims;
extern const struct hl_section hl_section_window;
extern const struct hl_section hl_section_claim_shares;
extern const struct hl_section hl_section_exchanges;
extern const struct hl_section hl_section_assets;
extern const struct hl_section hl_section_vendors;
extern const struct hl_section hl_section_holdings;
extern const struct hl_section hl_section_volumes;

/* A section of keys that are all in one array. */
#define HL_SECTION(dotted, about, rows)                                                                                \
    { .path = (dotted), .doc = (about), .keys = (rows), .count = sizeof(rows) / sizeof *(rows) }

#endif
