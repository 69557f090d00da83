/* Security controls, and how often everything together makes a breach happen at an exchange. */
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define WHERE(type, member) .offset = offsetof(struct type, member)

static const char *control_name(size_t place) { return place < HL_CONTROL_COUNT ? hl_control_kinds[place].name : NULL; }

/* An entry of `controls` as written. */
struct entry {
    unsigned kind;
    struct hl_references at;
    const struct hl_node *breaches;
    struct hl_control terms; /* the numbers */
    const char *source;
};

#define FACTOR(key, what)                                                                                              \
    {                                                                                                                  \
        .name = #key, .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1, .standard = "100 %",              \
        WHERE(entry, terms.key), .doc = what                                                                           \
    }
static const struct hl_key control_keys[] = {
    {.name = "control",
     .kind = HL_KEY_CHOICE,
     .required = true,
     .choice = control_name,
     WHERE(entry, kind),
     .doc = "What kind of control."},
    {.name = "at",
     .kind = HL_KEY_REFERENCES,
     .catalog = HL_CATALOG_EXCHANGES,
     .standard = "all",
     WHERE(entry, at),
     .doc = "The exchanges that have it."},
    {.name = "breaches",
     .kind = HL_KEY_NODE,
     .shape = "the name of breaches, a list of names, or all",
     .standard_words = "all",
     WHERE(entry, breaches),
     .doc = "What it is a control of."},
    FACTOR(rate, "Multiplies the rate of the exchange's own breaches."),
    FACTOR(hit, "Multiplies the probability that a breach at a vendor hits the exchange."),
    FACTOR(taken, "Multiplies the share or amount that a breach takes at the exchange."),
    FACTOR(detection, "Multiplies the time after which a drain is detected."),
    {.name = "throttle_per_day",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_MONEY,
     .minimum_open = true,
     .maximum = INFINITY,
     .word = "none",
     .word_value = INFINITY,
     .standard = "none",
     WHERE(entry, terms.throttle_per_day),
     .doc = "A drain takes no more than this in a day."},
    {.name = "cost_per_year",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_MONEY,
     .maximum = INFINITY,
     .standard = "0",
     WHERE(entry, terms.cost_per_year),
     .doc = "What it costs each exchange in a year."},
    {.name = "source",
     .kind = HL_KEY_TEXT,
     .standard_words = "none: the control is reported as an assumption",
     WHERE(entry, source),
     .doc = "Where its numbers are from."},
};
const struct hl_section hl_section_control =
    HL_SECTION("controls[]", "What an exchange does about breaches; controls of one breach multiply.", control_keys);

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Marks the breaches of one name. */
static void mark_name(struct hl_loading *l, const struct hl_node *node, const char *path, bool *breaches) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    struct hl_place at = hl_node_place(r, node, path);
    if (node->kind != HL_NODE_SCALAR || hl_node_is_empty(node)) {
        hl_fault(r, &at, hl_node_is_empty(node) ? "nothing" : hl_node_words(node), "must be the name of breaches");
        return;
    }
    size_t found = hl_breach_named(l, &at, node->text);
    for (size_t i = 0; found != HL_NONE && i < s->breach_count; i++)
        breaches[i] = breaches[i] || strcmp(s->breaches[i].name, s->breaches[found].name) == 0;
}

static void mark_breaches(struct hl_loading *l, const struct hl_node *node, const char *path, bool *breaches) {
    bool all = node == NULL || (node->kind == HL_NODE_SCALAR && strcmp(node->text, "all") == 0);
    for (size_t i = 0; all && i < l->scenario->breach_count; i++)
        breaches[i] = true;
    if (all)
        return;
    if (node->kind != HL_NODE_LIST || node->count == 0)
        mark_name(l, node, path, breaches);
    else
        for (size_t i = 0; i < node->count; i++)
            mark_name(l, node->items[i], hl_path_item(&l->reader, path, i), breaches);
}

static void read_control(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_control *out) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    struct entry e;
    hl_keys_read(r, node, path, &hl_section_control, &e);
    *out = e.terms;
    out->kind = (enum hl_control_id)e.kind;
    out->source = e.source;
    out->at = hl_reader_array(r, r->arena, s->exchange_count, sizeof *out->at);
    out->breaches = hl_reader_array(r, r->arena, s->breach_count, sizeof *out->breaches);
    if (node->kind != HL_NODE_MAP || out->at == NULL || out->breaches == NULL)
        return;
    for (size_t i = 0; i < e.at.count; i++)
        out->at[e.at.items[i]] = true;
    mark_breaches(l, e.breaches, hl_path(r, path, "breaches"), out->breaches);
}

void hl_controls_read(struct hl_loading *l, const struct hl_node *list) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    if (!hl_list_is_good(r, list, "controls", "controls"))
        return;
    s->controls = hl_reader_array(r, r->arena, list->count, sizeof *s->controls);
    for (size_t i = 0; s->controls != NULL && i < list->count; i++) {
        read_control(l, list->items[i], hl_path_item(r, "controls", i), &s->controls[i]);
        s->control_count++;
    }
}

/* ---- rates ------------------------------------------------------------------------------------------------------- */

/* An exchange's figure; NAN when it is not given, or is 0 where its logarithm is asked for. */
static double figure_of(const struct hl_scenario *s, enum hl_covariate which, size_t exchange) {
    double coins = 0, hot = 0, x = NAN;
    for (size_t i = 0; i < s->holding_count; i++) {
        const struct hl_holding *h = &s->holdings[i];
        if (h->exchange != exchange || h->owner != HL_OWNER_CUSTOMERS)
            continue;
        coins += s->holdings_unlimited ? NAN : h->value;
        hot += h->tier == HL_HOT ? h->value : 0;
    }
    switch (which) {
    case HL_BY_CUSTOMER_ASSETS:
        x = coins > 0 ? coins : NAN;
        break;
    case HL_BY_ANNUAL_VOLUME:
        x = s->exchanges[exchange].annual_volume > 0 ? s->exchanges[exchange].annual_volume : NAN;
        break;
    case HL_BY_HOT_SHARE:
        x = coins > 0 ? hot / coins : NAN;
        break;
    case HL_BY_AGE:
        x = s->exchanges[exchange].age_years;
        break;
    case HL_COVARIATE_COUNT:
        break;
    }
    return x;
}

double hl_rate_factor(const struct hl_scenario *s, size_t breach, size_t exchange) {
    const struct hl_breach *b = &s->breaches[breach];
    double exponent = 0;
    for (enum hl_covariate i = 0; i < HL_COVARIATE_COUNT; i++) {
        const struct hl_covariate_term *t = &b->covariates[i];
        if (t->beta == 0)
            continue;
        double x = figure_of(s, i, exchange);
        bool money = i == HL_BY_CUSTOMER_ASSETS || i == HL_BY_ANNUAL_VOLUME;
        exponent += t->beta * (money ? log(x) - log(t->at) : x - t->at);
    }
    double controls = 1;
    for (size_t i = 0; i < s->control_count; i++)
        if (s->controls[i].at[exchange] && s->controls[i].breaches[breach])
            controls *= s->controls[i].rate;
    return exp(exponent) * controls;
}

double hl_controls_cost(const struct hl_scenario *s, size_t exchange) {
    double cost = 0;
    for (size_t i = 0; i < s->control_count; i++)
        cost += s->controls[i].at[exchange] ? s->controls[i].cost_per_year : 0;
    return cost;
}

/* A covariate that the exchange has no figure for is a fault of its row in the table. */
static bool has_figures(struct hl_loading *l, const struct hl_breach *b, size_t exchange) {
    struct hl_reader *r = &l->reader;
    const struct hl_catalog *exchanges = &r->catalogs[HL_CATALOG_EXCHANGES];
    bool has = true;
    for (enum hl_covariate i = 0; i < HL_COVARIATE_COUNT; i++) {
        if (b->covariates[i].beta == 0 || !isnan(figure_of(l->scenario, i, exchange)))
            continue;
        struct hl_place at = {exchanges->file, exchanges->lines[exchange], 0, hl_covariate_names[i]};
        hl_fault(r, &at, NULL, "%s has none, and the rate of %s depends on it", exchanges->ids[exchange], b->name);
        has = false;
    }
    return has;
}

/* With a climate a block of trials can come by many times its expected breaches: less is allowed. */
static const double rate_most_with_climate = 100;

void hl_rates_check(struct hl_loading *l) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    for (size_t i = 0; i < s->breach_count; i++) {
        const struct hl_breach *b = &s->breaches[i];
        const struct hl_parameter *first = &b->count.family->parameters[0];
        double most = b->climate == HL_NONE ? first->maximum : rate_most_with_climate;
        double grown = exp(fmax(b->trend_per_year * s->horizon_days / 365, 0));
        for (size_t k = 0; k < b->at_count && !b->count.family->dated; k++) {
            double factor = 1;
            if (!b->at_vendors) {
                if (!has_figures(l, b, b->at[k]))
                    continue;
                factor = hl_rate_factor(s, i, b->at[k]);
            }
            double rate = b->count.family->scaled(b->count.high, factor * grown);
            struct hl_place at = {s->path, 0, 0, "breaches"};
            if (!(rate <= most))
                hl_fault(r, &at, NULL,
                         "the %s of %s at %s becomes %.3g a year, with all that multiplies it; at most %g", first->key,
                         b->name, b->at_vendors ? s->vendors[b->at[k]].id : s->exchanges[b->at[k]].id, rate, most);
        }
    }
}
