/* The market: how prices move, and which factors each asset loads on. */
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define WHERE(type, member) .offset = offsetof(struct type, member)
#define FRACTION .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION

#define HISTORY_SHAPE "a map such as {BTC: [{day: 0 d, price: 10.6 m}, {day: 14 d, price: 10.4 m}]}"

struct market_terms {
    const struct hl_node *factors;
    const struct hl_node *tails;
    const struct hl_node *impact;
    double token_fall;
    const struct hl_node *history;
};
static const struct hl_key market_keys[] = {
    {.name = "factors",
     .kind = HL_KEY_NODE,
     .shape = "a list of factors, such as [{name: crypto}]",
     .standard_words = "none: each asset moves on its own",
     WHERE(market_terms, factors),
     .doc = "What moves several prices at once; the column loadings of the assets names them."},
    {.name = "tails",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {nu: 4, most: 10}",
     .standard_words = "none: lognormal prices",
     WHERE(market_terms, tails),
     .doc = "Calm and wild times: a factor of mean 1 on the variance of all prices, drawn every 128 days."},
    {.name = "impact",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {above: 10 bn, fall: 5 %, of: all}",
     .standard_words = "none: a breach moves no price",
     WHERE(market_terms, impact),
     .doc = "How far prices fall for good on the day that a large breach becomes known."},
    {.name = "token_fall",
     FRACTION,
     .maximum = 1,
     .maximum_open = true,
     .standard = "0 %",
     WHERE(market_terms, token_fall),
     .doc = "How far an exchange's own token falls when a breach of it becomes known."},
    {.name = "history",
     .kind = HL_KEY_NODE,
     .shape = HISTORY_SHAPE,
     .standard_words = "none: prices are drawn",
     WHERE(market_terms, history),
     .doc = "Prices as they were, instead of all else here: linear between the days, flat before and after, and only "
            "their ratio to the first counts. Assets that are not named stand still."},
};
const struct hl_section hl_section_market = HL_SECTION(
    "market",
    "How prices move; without this map they stand still. Geometric Brownian motion with the assets' volatilities, mean "
    "1 at every time.",
    market_keys);

struct factor_terms {
    const char *name;
    const struct hl_node *jumps;
};
static const struct hl_key factor_keys[] = {
    {.name = "name", .kind = HL_KEY_ID, .required = true, WHERE(factor_terms, name), .doc = "Its name; none twice."},
    {.name = "jumps",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {rate: 1 / y, mean: -10 %, sd: 15 %}",
     .standard_words = "none",
     WHERE(factor_terms, jumps),
     .doc = "Sudden moves; an asset takes its loading's part of each."},
};
const struct hl_section hl_section_factor =
    HL_SECTION("market.factors[]", "A factor that several prices share.", factor_keys);

static const struct hl_key jump_keys[] = {
    {.name = "rate",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_RATE,
     .maximum = 100,
     .required = true,
     WHERE(hl_factor, jump_rate),
     .doc = "How many in a year on average."},
    {.name = "mean",
     FRACTION,
     .minimum = -2,
     .maximum = 2,
     .required = true,
     WHERE(hl_factor, jump_mean),
     .doc = "Mean of a jump of the logarithm; the drift makes up for it."},
    {.name = "sd",
     FRACTION,
     .maximum = 2,
     .required = true,
     WHERE(hl_factor, jump_sd),
     .doc = "Standard deviation of a jump of the logarithm."},
};
const struct hl_section hl_section_jumps =
    HL_SECTION("market.factors[].jumps", "Jumps of a factor's logarithm.", jump_keys);

static const struct hl_key tail_keys[] = {
    {.name = "nu",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_NUMBER,
     .minimum = 2,
     .minimum_open = true,
     .maximum = 1000,
     .required = true,
     WHERE(hl_market, tail_nu),
     .doc = "Degrees of freedom: the less, the wilder; above 30 hardly any effect."},
    {.name = "most",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_NUMBER,
     .minimum = 1,
     .maximum = 1000,
     .standard = "10",
     WHERE(hl_market, tail_most),
     .doc = "The cap of nu / chi-square, which keeps the prices' means finite."},
};
const struct hl_section hl_section_tails = HL_SECTION("market.tails", "How wild prices can get.", tail_keys);

enum { IMPACT_ALL, IMPACT_STOLEN, IMPACT_COUNT };
static const char *impact_name(size_t place) {
    static const char *const names[IMPACT_COUNT] = {[IMPACT_ALL] = "all", [IMPACT_STOLEN] = "stolen"};
    return place < IMPACT_COUNT ? names[place] : NULL;
}

struct impact_terms {
    double above;
    double fall;
    unsigned of;
};
static const struct hl_key impact_keys[] = {
    {.name = "above",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_MONEY,
     .maximum = INFINITY,
     .required = true,
     WHERE(impact_terms, above),
     .doc = "The loss of one exchange in one breach above which prices fall."},
    {.name = "fall",
     FRACTION,
     .maximum = 1,
     .maximum_open = true,
     .required = true,
     WHERE(impact_terms, fall),
     .doc = "How far they fall."},
    {.name = "of",
     .kind = HL_KEY_CHOICE,
     .choice = impact_name,
     .standard = "all",
     WHERE(impact_terms, of),
     .doc = "Which prices: all, or those of the coins that were stolen."},
};
const struct hl_section hl_section_impact =
    HL_SECTION("market.impact", "What a large breach does to prices.", impact_keys);

struct told_price {
    double day;
    double price; /* currency units */
};
static const struct hl_key told_price_keys[] = {
    {.name = "day",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 36500,
     .whole = true,
     .required = true,
     WHERE(told_price, day),
     .doc = "Days from the start, ascending."},
    {.name = "price",
     .kind = HL_KEY_PRICE,
     .unit = HL_UNIT_MONEY,
     .minimum_open = true,
     .maximum = INFINITY,
     .required = true,
     WHERE(told_price, price),
     .doc = "Price of one unit on that day."},
};
const struct hl_section hl_section_told_price =
    HL_SECTION("market.history.<asset>[]", "Prices of one asset as they were.", told_price_keys);

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void read_factor(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_market *m) {
    struct factor_terms t = {0};
    struct hl_factor factor = {0};
    hl_keys_read(r, node, path, &hl_section_factor, &t);
    if (t.jumps != NULL)
        hl_keys_read(r, t.jumps, hl_path(r, path, "jumps"), &hl_section_jumps, &factor);
    factor.name = t.name;
    for (size_t i = 0; i < m->factor_count && t.name != NULL; i++) {
        struct hl_place at = hl_node_place(r, hl_node_get(node, "name"), hl_path(r, path, "name"));
        if (m->factors[i].name != NULL && strcmp(m->factors[i].name, t.name) == 0)
            hl_fault(r, &at, t.name, "market.factors[%zu] has this name already", i);
    }
    m->factors[m->factor_count++] = factor;
}

static void read_factors(struct hl_reader *r, const struct hl_node *list, struct hl_market *m) {
    struct hl_place at = hl_node_place(r, list, "market.factors");
    if (list->kind != HL_NODE_LIST || list->count > HL_FACTORS_MOST) {
        hl_fault(r, &at, hl_node_words(list), "must be a list of at most %d factors, such as [{name: crypto}]",
                 (int)HL_FACTORS_MOST);
        return;
    }
    m->factors = hl_reader_array(r, r->arena, list->count, sizeof *m->factors);
    for (size_t i = 0; i < list->count && m->factors != NULL; i++)
        read_factor(r, list->items[i], hl_path_item(r, "market.factors", i), m);
}

void hl_market_read(struct hl_loading *l, const struct hl_node *node) {
    struct hl_reader *r = &l->reader;
    struct hl_market *m = &l->scenario->market;
    struct market_terms t;
    *m = (struct hl_market){.impact_above = INFINITY};
    if (node == NULL)
        return;
    m->moves = true;
    hl_keys_read(r, node, "market", &hl_section_market, &t);
    l->prices_told = t.history != NULL;
    m->token_fall = t.token_fall;
    if (t.factors != NULL)
        read_factors(r, t.factors, m);
    if (t.tails != NULL)
        hl_keys_read(r, t.tails, "market.tails", &hl_section_tails, m);
    struct impact_terms impact = {0};
    if (t.impact != NULL && hl_keys_read(r, t.impact, "market.impact", &hl_section_impact, &impact)) {
        m->impact_above = impact.above;
        m->impact_fall = impact.fall;
        m->impact_of_all = impact.of == IMPACT_ALL;
    }
}

/* ---- history ----------------------------------------------------------------------------------------------------- */

/* The prices of one asset, relative to the first. */
static void read_told_prices(struct hl_reader *r, const struct hl_node *list, const char *path,
                             struct hl_told_prices *out) {
    struct hl_place at = hl_node_place(r, list, path);
    if (list->kind != HL_NODE_LIST || list->count == 0) {
        hl_fault(r, &at, list->kind == HL_NODE_LIST ? "an empty list" : hl_node_words(list),
                 "must be a list of prices, such as [{day: 0 d, price: 10.6 m}]");
        return;
    }
    struct hl_told_price *points = hl_reader_array(r, r->arena, list->count, sizeof *points);
    double first = NAN;
    for (size_t i = 0; i < list->count && points != NULL; i++) {
        struct told_price t;
        const char *item = hl_path_item(r, path, i);
        if (!hl_keys_read(r, list->items[i], item, &hl_section_told_price, &t))
            return;
        first = i == 0 ? t.price : first;
        points[i] = (struct hl_told_price){t.day, t.price / first};
        at = hl_node_place(r, list->items[i], item);
        if (i > 0 && t.day <= points[i - 1].day)
            hl_fault(r, &at, NULL, "must be later than the price before it: days are ascending");
    }
    *out = (struct hl_told_prices){points, points == NULL ? 0 : list->count};
}

/* What is drawn, or falls at a breach, does not go with prices that are told. */
static void refuse_drawn(struct hl_reader *r, const struct hl_node *market) {
    for (size_t i = 0; i < market->count; i++) {
        const char *key = market->keys[i];
        struct hl_place at = hl_node_place(r, market->items[i], hl_path(r, "market", key));
        bool known = false;
        for (size_t k = 0; k < hl_section_market.count; k++)
            known = known || strcmp(hl_section_market.keys[k].name, key) == 0;
        if (known && strcmp(key, "history") != 0)
            hl_fault(r, &at, hl_node_words(market->items[i]), "does not go with history, which tells every price");
    }
}

void hl_history_read(struct hl_loading *l, const struct hl_node *market) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    if (!l->prices_told)
        return;
    const struct hl_node *map = hl_node_get(market, "history");
    struct hl_place at = hl_node_place(r, map, "market.history");
    refuse_drawn(r, market);
    if (map->kind != HL_NODE_MAP || map->count == 0) {
        hl_fault(r, &at, map->kind == HL_NODE_MAP ? "an empty map" : hl_node_words(map), "must be " HISTORY_SHAPE);
        return;
    }
    s->market.history = hl_reader_array(r, r->arena, s->asset_count, sizeof *s->market.history);
    for (size_t i = 0; i < map->count && s->market.history != NULL; i++) {
        const char *path = hl_path(r, "market.history", map->keys[i]);
        at = hl_key_place(r, map, i, "market.history");
        struct hl_told_prices prices = {0};
        size_t asset = hl_reference(r, HL_CATALOG_ASSETS, &at, map->keys[i]);
        read_told_prices(r, map->items[i], path, &prices);
        if (asset != HL_NONE)
            s->market.history[asset] = prices;
    }
}

/* ---- loadings ---------------------------------------------------------------------------------------------------- */

static size_t find_factor(struct hl_loading *l, const struct hl_place *at, const char *name) {
    const struct hl_market *m = &l->scenario->market;
    const char *names[HL_FACTORS_MOST];
    size_t count = 0;
    for (size_t f = 0; f < m->factor_count; f++) {
        if (m->factors[f].name == NULL)
            continue;
        if (strcmp(m->factors[f].name, name) == 0)
            return f;
        names[count++] = m->factors[f].name;
    }
    hl_fault(&l->reader, at, name, "no factor of market.factors%s", hl_suggestion(&l->reader, name, names, count));
    return HL_NONE;
}

/* One "factor:loading"; it is cut in two in place. */
static bool read_loading(struct hl_loading *l, const struct hl_place *at, char *word, double *loadings) {
    static const struct hl_key loading_key = {
        .kind = HL_KEY_NUMBER, .unit = HL_UNIT_NUMBER, .minimum = -1, .maximum = 1};
    char *colon = strchr(word, ':');
    if (colon == NULL) {
        hl_fault(&l->reader, at, word, "must be factors with their loadings, such as crypto:0.8 usd:0.1");
        return false;
    }
    *colon = '\0';
    size_t factor = find_factor(l, at, word);
    double loading = NAN;
    if (!hl_key_read_text(&l->reader, &loading_key, at, colon + 1, &loading) || factor == HL_NONE)
        return false;
    if (loadings[factor] != 0) {
        hl_fault(&l->reader, at, word, "stands twice");
        return false;
    }
    loadings[factor] = loading;
    return true;
}

const double *hl_loadings_read(struct hl_loading *l, const struct hl_place *at, const char *text) {
    struct hl_reader *r = &l->reader;
    const struct hl_market *m = &l->scenario->market;
    double *loadings = hl_reader_array(r, r->arena, m->factor_count, sizeof *loadings);
    char *words = hl_arena_text(r->scratch, text), *rest = NULL;
    if (loadings == NULL || words == NULL) {
        hl_fail_memory(r->err);
        return NULL;
    }
    double squares = 0;
    for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        if (!read_loading(l, at, word, loadings))
            return NULL;
    for (size_t f = 0; f < m->factor_count; f++)
        squares += loadings[f] * loadings[f];
    if (squares > 1 + 1e-12)
        hl_fault(r, at, text, "the squares of the loadings come to more than 1: they are correlations");
    return loadings;
}
