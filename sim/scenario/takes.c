/* What one breach takes: which wallets it reaches, and how much of what is there. */
#include "models/severity.h"
#include "models/vector.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const char *const hl_reach_names[HL_REACH_COUNT] = {[HL_REACH_ALL] = "all",
                                                    [HL_REACH_ONE_ASSET] = "one_asset",
                                                    [HL_REACH_ONE_WALLET] = "one_wallet",
                                                    [HL_REACH_LARGEST_WALLET] = "largest_wallet"};

static const char *tier_name(size_t place) { return place < HL_TIER_COUNT ? hl_tier_names[place] : NULL; }
static const char *reach_name(size_t place) { return place < HL_REACH_COUNT ? hl_reach_names[place] : NULL; }

/* The place-th family of shares, or of amounts. */
static const char *severity_name(size_t place, bool share) {
    for (size_t i = 0; hl_severities[i] != NULL; i++)
        if (hl_severities[i]->share == share && place-- == 0)
            return hl_severities[i]->name;
    return NULL;
}
static const char *share_name(size_t place) { return severity_name(place, true); }
static const char *amount_name(size_t place) { return severity_name(place, false); }

/* ---- keys -------------------------------------------------------------------------------------------------------- */

#define WHERE(type, member) .offset = offsetof(struct type, member)

struct takes {
    uint32_t tiers;
    struct hl_references assets;
    unsigned reach;
    const struct hl_node *share;
    const struct hl_node *amount;
    double at_most;
    const struct hl_node *drain;
    const struct hl_node *by_asset;
};
static const struct hl_key takes_keys[] = {
    {.name = "tiers",
     .kind = HL_KEY_CHOICES,
     .choice = tier_name,
     .standard_words = "the vector's",
     WHERE(takes, tiers),
     .doc = "Which tiers are in reach."},
    {.name = "assets",
     .kind = HL_KEY_REFERENCES,
     .catalog = HL_CATALOG_ASSETS,
     .standard_words = "all",
     WHERE(takes, assets),
     .doc = "Which assets are in reach."},
    {.name = "reach",
     .kind = HL_KEY_CHOICE,
     .choice = reach_name,
     .standard = "all",
     WHERE(takes, reach),
     .doc = "What of it one breach gets at: all wallets, those of one asset, one wallet, or the largest one."},
    {.name = "share",
     .kind = HL_KEY_NODE,
     .shape = "a fraction, or a map of one family of shares and perhaps everything",
     .standard_words = "none: give share, amount or drain",
     WHERE(takes, share),
     .doc = "The share of what is in reach that is taken; a fraction alone is the family fixed."},
    {.name = "amount",
     .kind = HL_KEY_NODE,
     .shape = "a map of one family of amounts, such as {lognormal: {median: 5 bn, sigma: 1.8}}",
     .standard_words = "none: give share, amount or drain",
     WHERE(takes, amount),
     .doc = "The amount that is taken, at most what is in reach."},
    {.name = "at_most",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_MONEY,
     .minimum_open = true,
     .maximum = INFINITY,
     .standard_words = "no cap",
     WHERE(takes, at_most),
     .doc = "With amount only: the most that one breach takes at one exchange, whatever the family says."},
    {.name = "drain",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {amount_per_day: 5 bn, detected_after: 54 min}",
     .standard_words = "none: give share, amount or drain",
     WHERE(takes, drain),
     .doc = "Coins flow out at a speed until it is detected, at most what is in reach."},
    {.name = "by_asset",
     .kind = HL_KEY_NODE,
     .shape = "a map of one copula, such as {gaussian: {rho: 50 %}}",
     .standard_words = "none: one share of all assets",
     WHERE(takes, by_asset),
     .doc = "With share only: each asset in reach has a share of its own, tied to the others by this."},
};
const struct hl_section hl_section_takes = HL_SECTION("breaches[].takes", "What one breach takes.", takes_keys);

/* A drain as read. */
struct drain {
    double share_per_day;
    double amount_per_day;
    const struct hl_node *detected_after;
};
static const struct hl_key drain_keys[] = {
    {.name = "share_per_day",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .minimum_open = true,
     .maximum = 1000,
     .standard_words = "none: give share_per_day or amount_per_day",
     WHERE(drain, share_per_day),
     .doc =
         "The speed, as a share of what is in reach when the drain begins; above 1 a wallet is empty within the day."},
    {.name = "amount_per_day",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_MONEY,
     .minimum_open = true,
     .maximum = INFINITY,
     .standard_words = "none: give share_per_day or amount_per_day",
     WHERE(drain, amount_per_day),
     .doc = "The speed, as an amount."},
    {.name = "detected_after",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = HL_TIME_SHAPE,
     WHERE(drain, detected_after),
     .doc = "How long it goes on; what is taken counts as known to all from then on."},
};
const struct hl_section hl_section_drain =
    HL_SECTION("breaches[].takes.drain", "Speed times the time to detection, a parcel every 30 days.", drain_keys);

/* A family's numbers as read. */
struct family {
    double p[HL_PARAMETERS_MOST];
    struct hl_numbers values;
    double everything;
};

static const struct hl_key everything_keys[] = {
    {.name = "everything",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 1,
     .standard = "0",
     WHERE(family, everything),
     .doc = "Beside the family: the probability that all that is in reach is taken, whatever the family says."},
};
const struct hl_section hl_section_everything =
    HL_SECTION("breaches[].takes.share", "A share may have an atom at everything.", everything_keys);

size_t hl_severity_keys(struct hl_key *out, char (*texts)[32], const struct hl_severity *family) {
    size_t count = family->parameter_count;
    hl_parameter_keys(out, texts, family->parameters, count, offsetof(struct family, p));
    if (family->sample)
        out[count++] = (struct hl_key){
            .name = "values",
            .kind = HL_KEY_NUMBERS,
            .required = true,
            .unit = HL_UNIT_MONEY,
            .maximum = INFINITY,
            WHERE(family, values),
            .doc = "The observed amounts.",
        };
    return count;
}

/* ---- families --------------------------------------------------------------------------------------------------- */

/* Shares and amounts have families of their own: one in the other's place is told where it belongs, if it has a place.
 */
static bool in_wrong_place(struct hl_reader *r, const struct hl_node *map, const char *path, bool share) {
    bool wrong = false;
    for (size_t i = 0; map->kind == HL_NODE_MAP && i < map->count; i++) {
        const struct hl_severity *family = hl_severity_find(map->keys[i]);
        if (family == NULL || family->share == share)
            continue;
        struct hl_place at = {map->key_lines[i] == 0 ? "--set" : r->file, map->key_lines[i], map->key_columns[i],
                              hl_path(r, path, map->keys[i])};
        if (!share)
            hl_fault(r, &at, NULL, "a family of shares: write it under share");
        else
            hl_fault(r, &at, NULL, "a family of amounts%s",
                     strstr(path, ".takes.") != NULL ? ": write it under amount" : ", and this is a share");
        wrong = true;
    }
    return wrong;
}

static void read_everything(struct hl_reader *r, const struct hl_node *map, const char *path, double *out) {
    struct family f;
    const struct hl_node *node = hl_node_get(map, everything_keys->name);
    *out = 0;
    if (node != NULL && hl_key_read(r, everything_keys, node, hl_path(r, path, everything_keys->name), &f))
        *out = f.everything;
}

static void finish_size(struct hl_reader *r, const struct hl_node *terms, const char *path,
                        const struct hl_severity *family, const struct family *f, struct hl_distribution *out) {
    struct hl_distribution d = {
        .family = family, .values = f->values.items, .value_count = f->values.count, .everything = out->everything};
    memcpy(d.p, f->p, sizeof d.p);
    const char *wrong = family->check == NULL ? NULL : family->check(&d);
    struct hl_place at = hl_node_place(r, terms, path);
    if (wrong != NULL)
        hl_fault(r, &at, NULL, "%s", wrong);
    *out = d;
}

void hl_size_read(struct hl_reader *r, const struct hl_node *node, const char *path, bool share,
                  struct hl_distribution *out) {
    struct hl_key keys[HL_FAMILY_KEYS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    struct family f;
    const struct hl_severity *fixed = hl_severity_find("fixed");
    if (share && node->kind == HL_NODE_SCALAR && !hl_node_is_empty(node)) { /* share: 40 % */
        hl_severity_keys(keys, texts, fixed);
        memset(&f, 0, sizeof f);
        if (hl_key_read(r, keys, node, path, &f))
            finish_size(r, node, path, fixed, &f, out);
        return;
    }
    if (share && node->kind == HL_NODE_MAP)
        read_everything(r, node, path, &out->everything);
    if (in_wrong_place(r, node, path, share))
        return;
    size_t place = hl_pick(r, node, path, share ? "family of shares" : "family of amounts",
                           share ? share_name : amount_name, share ? everything_keys->name : NULL);
    if (place == HL_NOT_PICKED)
        return;
    const struct hl_severity *family = hl_severity_find(node->keys[place]);
    path = hl_path(r, path, family->name);
    struct hl_section section = {.path = path, .keys = keys, .count = hl_severity_keys(keys, texts, family)};
    memset(&f, 0, sizeof f);
    if (hl_keys_read(r, node->items[place], path, &section, &f))
        finish_size(r, node->items[place], path, family, &f, out);
}

/* ---- what one breach takes --------------------------------------------------------------------------------------- */

static void read_drain(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_drain *out) {
    struct drain d;
    struct hl_place at = hl_node_place(r, node, path);
    hl_keys_read(r, node, path, &hl_section_drain, &d);
    if (d.detected_after != NULL)
        hl_time_read(r, d.detected_after, hl_path(r, path, "detected_after"), &out->detected_after);
    if (node->kind != HL_NODE_MAP)
        return;
    bool share = hl_node_get(node, "share_per_day") != NULL, amount = hl_node_get(node, "amount_per_day") != NULL;
    if (share == amount)
        hl_fault(r, &at, NULL,
                 share ? "give share_per_day or amount_per_day, not both"
                       : "missing; give share_per_day or amount_per_day");
    out->share_per_day = share ? d.share_per_day : 0;
    out->amount_per_day = amount ? d.amount_per_day : 0;
}

static void read_by_asset(struct hl_reader *r, const struct hl_node *node, const char *path, bool share,
                          struct hl_copula *out) {
    struct hl_place at = hl_node_place(r, node, path);
    hl_copula_read(r, node, path, out);
    if (!share)
        hl_fault(r, &at, hl_node_words(node), "goes with share only");
}

static void take_cap(struct hl_reader *r, const struct hl_node *node, const char *path, const struct takes *t,
                     struct hl_breach *out) {
    const struct hl_node *cap = hl_node_get(node, "at_most");
    struct hl_place at = hl_node_place(r, cap != NULL ? cap : node, hl_path(r, path, "at_most"));
    out->amount_most = isnan(t->at_most) ? INFINITY : t->at_most;
    if (cap != NULL && t->amount == NULL)
        hl_fault(r, &at, hl_node_words(cap), "goes with amount only");
}

void hl_takes_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_breach *out) {
    struct hl_reader *r = &l->reader;
    struct takes t;
    struct hl_place at = hl_node_place(r, node, path);
    hl_keys_read(r, node, path, &hl_section_takes, &t);
    out->tiers = t.tiers != 0 ? t.tiers : hl_vectors[out->vector].tiers;
    out->reach = (enum hl_reach)t.reach;
    if (t.assets.given && !t.assets.all) {
        out->assets = hl_reader_array(r, r->arena, l->scenario->asset_count, sizeof *out->assets);
        for (size_t i = 0; out->assets != NULL && i < t.assets.count; i++)
            out->assets[t.assets.items[i]] = true;
    }
    if (t.share != NULL)
        hl_size_read(r, t.share, hl_path(r, path, "share"), true, &out->size);
    if (t.amount != NULL)
        hl_size_read(r, t.amount, hl_path(r, path, "amount"), false, &out->size);
    if (t.drain != NULL)
        read_drain(r, t.drain, hl_path(r, path, "drain"), &out->drain);
    if (t.by_asset != NULL)
        read_by_asset(r, t.by_asset, hl_path(r, path, "by_asset"), t.share != NULL, &out->by_asset);
    take_cap(r, node, path, &t, out);
    hl_unlimited_check_takes(l, node, path, out);
    int ways = (t.share != NULL) + (t.amount != NULL) + (t.drain != NULL);
    if (node->kind == HL_NODE_MAP && ways != 1)
        hl_fault(r, &at, NULL,
                 ways == 0 ? "missing; give share, amount or drain" : "give one of share, amount and drain");
}
