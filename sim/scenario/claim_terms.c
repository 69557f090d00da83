/* How customers' claims are told: coins, or money at the price of some day. */
#include "base/money.h"
#include "base/number.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const char *const hl_claim_basis_names[HL_CLAIM_BASIS_COUNT] = {
    [HL_IN_KIND] = "in_kind",
    [HL_AT_THEFT] = "at_theft",
    [HL_WINDOW_AVERAGE] = "window_average",
    [HL_FIXED_PRICE] = "fixed",
};

static const char *basis_name(size_t place) {
    return place < HL_CLAIM_BASIS_COUNT ? hl_claim_basis_names[place] : NULL;
}

#define WHERE(type, member) .offset = offsetof(struct type, member)
#define WHOLE_DAYS .kind = HL_KEY_NUMBER, .unit = HL_UNIT_DAYS, .maximum = 3650, .whole = true

struct claims_terms {
    unsigned basis;
    double buy_back_after;
    const struct hl_node *window;
    const struct hl_node *assets;
};
static const struct hl_key claims_keys[] = {
    {.name = "basis",
     .kind = HL_KEY_CHOICE,
     .choice = basis_name,
     .standard = "at_theft",
     WHERE(claims_terms, basis),
     .doc = "What customers are owed: the coins, or their price at the theft, on average over the window, or fixed."},
    {.name = "buy_back_after",
     WHOLE_DAYS,
     .standard = "0 d",
     WHERE(claims_terms, buy_back_after),
     .doc = "Whole days from the discovery until coins are bought back: money pays claims in kind from then on."},
    {.name = "window",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {from: 0 d, to: 10 d}",
     .standard_words = "the day of the discovery",
     WHERE(claims_terms, window),
     .doc = "Over which days window_average takes the mean price; money pays from its last day on."},
    {.name = "assets",
     .kind = HL_KEY_NODE,
     .shape = "a map of asset ids to shares, such as {MONA: {in_kind: 60 %, at_theft: 40 %}}",
     .standard_words = "none: all on the basis",
     WHERE(claims_terms, assets),
     .doc = "Assets whose claims are told in another way."},
};
const struct hl_section hl_section_claims = HL_SECTION("claims", "What customers are owed.", claims_keys);

struct window_terms {
    double from;
    double to;
};
static const struct hl_key window_keys[] = {
    {.name = "from",
     WHOLE_DAYS,
     .standard = "0 d",
     WHERE(window_terms, from),
     .doc = "Its first day, from the discovery."},
    {.name = "to", WHOLE_DAYS, .required = true, WHERE(window_terms, to), .doc = "Its last day, from the discovery."},
};
const struct hl_section hl_section_window =
    HL_SECTION("claims.window", "The days of window_average, each counted once.", window_keys);

struct asset_terms {
    double share[HL_CLAIM_BASIS_COUNT];
    double price;
};
#define SHARE(basis, words)                                                                                            \
    {                                                                                                                  \
        .name = words, .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1, .standard = "0 %",               \
        WHERE(asset_terms, share[basis]), .doc = "The share of each claim that is told like this."                     \
    }
static const struct hl_key asset_keys[] = {
    SHARE(HL_IN_KIND, "in_kind"),
    SHARE(HL_AT_THEFT, "at_theft"),
    SHARE(HL_WINDOW_AVERAGE, "window_average"),
    SHARE(HL_FIXED_PRICE, "fixed"),
    {.name = "price",
     .kind = HL_KEY_PRICE,
     .unit = HL_UNIT_MONEY,
     .minimum_open = true,
     .maximum = INFINITY,
     .standard_words = "the asset's price on the day of the scenario",
     WHERE(asset_terms, price),
     .doc = "The fixed price of one unit."},
};
const struct hl_section hl_section_claim_shares =
    HL_SECTION("claims.assets.<asset>", "How one asset's claims are told: shares that add up to 1.", asset_keys);

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* The fixed price relative to that of day 0. */
static double relative_price(struct hl_loading *l, const struct hl_node *node, const char *path, size_t asset,
                             const struct asset_terms *t) {
    struct hl_reader *r = &l->reader;
    const struct hl_asset *a = &l->scenario->assets[asset];
    if (isnan(t->price))
        return 1;
    struct hl_place at = hl_node_place(r, hl_node_get(node, "price"), hl_path(r, path, "price"));
    if (t->share[HL_FIXED_PRICE] == 0)
        hl_fault(r, &at, hl_node_words(hl_node_get(node, "price")), "goes with a share that is fixed only");
    else if (isnan(a->price) && !r->catalogs[HL_CATALOG_ASSETS].faulty[asset])
        hl_fault(r, &at, hl_node_words(hl_node_get(node, "price")), "%s has no price of its own to compare with",
                 a->id);
    return t->price / a->price;
}

static void read_asset(struct hl_loading *l, const struct hl_node *map, size_t place, const char *path) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *node = map->items[place];
    struct hl_place at = hl_key_place(r, map, place, path);
    path = at.key;
    size_t asset = hl_reference(r, HL_CATALOG_ASSETS, &at, map->keys[place]);
    struct asset_terms t;
    if (!hl_keys_read(r, node, path, &hl_section_claim_shares, &t) || asset == HL_NONE)
        return;
    struct hl_claim_terms *out = &l->scenario->claim_terms[asset];
    double sum = 0;
    for (size_t i = 0; i < HL_CLAIM_BASIS_COUNT; i++)
        sum += out->share[i] = t.share[i];
    if (fabs(sum - 1) > 1e-9) {
        char text[32];
        hl_number_text(text, sizeof text, sum);
        hl_fault(r, &at, NULL, "the shares must add up to 1, and come to %s", text);
    }
    out->fixed_price = relative_price(l, node, path, asset, &t);
}

/* Money that is always late would make every claim a shortfall. */
static void check_in_time(struct hl_loading *l, const struct hl_node *map, const char *path, const char *key,
                          double days) {
    if (!(days > l->scenario->report.deadline_days))
        return;
    const struct hl_node *node = hl_node_get(map, key);
    struct hl_place at = hl_node_place(&l->reader, node, hl_path(&l->reader, path, key));
    hl_fault(&l->reader, &at, hl_node_words(node), "must not be after report.deadline: money would always be late");
}

static void read_window(struct hl_loading *l, const struct hl_node *node) {
    struct hl_reader *r = &l->reader;
    struct window_terms t;
    if (!hl_keys_read(r, node, "claims.window", &hl_section_window, &t))
        return;
    check_in_time(l, node, "claims.window", "to", t.to);
    l->scenario->window_from_days = t.from;
    l->scenario->window_to_days = t.to;
    if (t.from > t.to) {
        struct hl_place at = hl_node_place(r, hl_node_get(node, "from"), "claims.window.from");
        hl_fault(r, &at, hl_node_words(hl_node_get(node, "from")), "must not be after the window's last day");
    }
}

void hl_claim_terms_read(struct hl_loading *l, const struct hl_node *node) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    struct hl_node none = {.kind = HL_NODE_SCALAR, .text = ""};
    struct claims_terms t;
    hl_keys_read(r, node != NULL ? node : &none, "claims", &hl_section_claims, &t);
    s->claim_terms = hl_reader_array(r, r->arena, s->asset_count, sizeof *s->claim_terms);
    if (s->claim_terms == NULL)
        return;
    s->buy_back_after_days = t.buy_back_after;
    check_in_time(l, node, "claims", "buy_back_after", t.buy_back_after);
    for (size_t a = 0; a < s->asset_count; a++) {
        s->claim_terms[a].share[t.basis] = 1;
        s->claim_terms[a].fixed_price = 1;
    }
    if (t.window != NULL)
        read_window(l, t.window);
    if (t.assets == NULL)
        return;
    struct hl_place at = hl_node_place(r, t.assets, "claims.assets");
    if (t.assets->kind != HL_NODE_MAP)
        hl_fault(r, &at, hl_node_words(t.assets), "must be a map of asset ids to shares");
    for (size_t i = 0; i < t.assets->count && t.assets->kind == HL_NODE_MAP; i++)
        read_asset(l, t.assets, i, "claims.assets");
}
