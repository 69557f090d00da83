/* The breaches: vectors at exchanges or vendors, how often, and what one takes. */
#include "models/frequency.h"
#include "models/severity.h"
#include "models/vector.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const char *const hl_reach_names[HL_REACH_COUNT] = {[HL_REACH_ALL] = "all",
                                                    [HL_REACH_ONE_ASSET] = "one_asset",
                                                    [HL_REACH_ONE_WALLET] = "one_wallet",
                                                    [HL_REACH_LARGEST_WALLET] = "largest_wallet"};

static const char *vector_name(size_t place) { return place < HL_VECTOR_COUNT ? hl_vectors[place].name : NULL; }
static const char *tier_name(size_t place) { return place < HL_TIER_COUNT ? hl_tier_names[place] : NULL; }
static const char *reach_name(size_t place) { return place < HL_REACH_COUNT ? hl_reach_names[place] : NULL; }
static const char *frequency_name(size_t place) {
    return hl_frequencies[place] == NULL ? NULL : hl_frequencies[place]->name;
}

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

/* An entry as written. */
struct entry {
    unsigned vector;
    const char *name;
    struct hl_references at;
    struct hl_references vendor;
    const struct hl_node *count;
    double hit;
    const struct hl_node *takes;
};
static const struct hl_key breach_keys[] = {
    {.name = "vector",
     .kind = HL_KEY_CHOICE,
     .required = true,
     .choice = vector_name,
     WHERE(entry, vector),
     .doc = "How the coins are reached."},
    {.name = "name",
     .kind = HL_KEY_ID,
     .standard_words = "the vector's name",
     WHERE(entry, name),
     .doc = "With an exchange or a vendor it names one source of breaches: \"dmm/hot_wallet_drain\"."},
    {.name = "at",
     .kind = HL_KEY_REFERENCES,
     .catalog = HL_CATALOG_EXCHANGES,
     .standard_words = "all",
     WHERE(entry, at),
     .doc = "The exchanges where it can happen; an entry that names exchanges takes, for them, the place of the entry "
            "of the same name that stands for all."},
    {.name = "vendor",
     .kind = HL_KEY_REFERENCES,
     .catalog = HL_CATALOG_VENDORS,
     .standard_words = "none",
     WHERE(entry, vendor),
     .doc = "Instead of at: the vendors where it can happen; what their clients keep with them is in reach. `all` are "
            "those with clients."},
    {.name = "count",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a map of one frequency family, such as {poisson: {rate: 1.2 % / y}}",
     WHERE(entry, count),
     .doc = "How many in a year."},
    {.name = "hit",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 1,
     .standard = "100 %",
     WHERE(entry, hit),
     .doc = "With vendor only: the probability that a breach at the vendor hits one client."},
    {.name = "takes",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a map such as {tiers: [hot], share: {beta: {a: 0.8, b: 0.6}}}",
     WHERE(entry, takes),
     .doc = "What one breach takes."},
};
const struct hl_section hl_section_breach =
    HL_SECTION("breaches[]", "How coins can be stolen: a list of at least one entry.", breach_keys);

struct takes {
    uint32_t tiers;
    struct hl_references assets;
    unsigned reach;
    const struct hl_node *share;
    const struct hl_node *amount;
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
     .standard_words = "none: give share or amount",
     WHERE(takes, share),
     .doc = "The share of what is in reach that is taken; a fraction alone is the family fixed."},
    {.name = "amount",
     .kind = HL_KEY_NODE,
     .shape = "a map of one family of amounts, such as {lognormal: {median: 5 bn, sigma: 1.8}}",
     .standard_words = "none: give share or amount",
     WHERE(takes, amount),
     .doc = "The amount that is taken, at most what is in reach."},
};
const struct hl_section hl_section_takes = HL_SECTION("breaches[].takes", "What one breach takes.", takes_keys);

/* A family's numbers as read. */
struct family {
    double p[HL_PARAMETERS_MOST];
    double low;
    double high;
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

size_t hl_frequency_keys(struct hl_key *out, char (*texts)[32], const struct hl_frequency *family) {
    size_t count = family->parameter_count;
    hl_parameter_keys(out, texts, family->parameters, count, offsetof(struct family, p));
    struct hl_key end = out[0];
    end.required = false;
    end.standard = NULL;
    end.standard_words = "none stated";
    end.name = "low";
    end.offset = offsetof(struct family, low);
    end.doc = "The low end of the first parameter's interval; low and high come together.";
    out[count++] = end;
    end.name = "high";
    end.offset = offsetof(struct family, high);
    end.doc = "The high end of the first parameter's interval.";
    out[count++] = end;
    return count;
}

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

/* ---- families ---------------------------------------------------------------------------------------------------- */

/* Reads the numbers of a family; what has no row there stays "not given". */
static bool read_family(struct hl_reader *r, const struct hl_node *terms, const char *path, const struct hl_key *keys,
                        size_t count, struct family *out) {
    struct hl_section section = {.path = path, .keys = keys, .count = count};
    *out = (struct family){.low = NAN, .high = NAN};
    return hl_keys_read(r, terms, path, &section, out);
}

static void check_interval(struct hl_reader *r, const struct hl_node *terms, const char *path, const char *first,
                           const struct family *f) {
    struct hl_place at = hl_node_place(r, terms, path);
    if (isnan(f->low) && isnan(f->high))
        return;
    if (isnan(f->low) || isnan(f->high)) {
        at.key = hl_path(r, path, isnan(f->low) ? "low" : "high");
        hl_fault(r, &at, NULL, "missing; low and high come together");
        return;
    }
    if (f->low <= f->p[0] && f->p[0] <= f->high)
        return;
    const char *wrong = f->low > f->p[0] ? "low" : "high";
    const char *low = hl_node_get(terms, "low")->text, *high = hl_node_get(terms, "high")->text;
    at = hl_node_place(r, hl_node_get(terms, wrong), hl_path(r, path, wrong));
    const struct hl_node *node = hl_node_get(terms, first);
    hl_fault(r, &at, f->low > f->p[0] ? low : high, "must be low <= %s <= high, here %s <= %s <= %s", first, low,
             node == NULL ? "the default" : node->text, high);
}

static void read_count(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_count *out) {
    struct hl_key keys[HL_FAMILY_KEYS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    struct family f;
    size_t place = hl_pick(r, node, path, "frequency family", frequency_name, NULL);
    if (place == HL_NOT_PICKED)
        return;
    const struct hl_frequency *family = hl_frequency_find(node->keys[place]);
    path = hl_path(r, path, family->name);
    size_t count = hl_frequency_keys(keys, texts, family);
    if (!read_family(r, node->items[place], path, keys, count, &f))
        return;
    check_interval(r, node->items[place], path, family->parameters[0].key, &f);
    *out = (struct hl_count){
        .family = family, .low = isnan(f.low) ? f.p[0] : f.low, .high = isnan(f.high) ? f.p[0] : f.high};
    memcpy(out->p, f.p, sizeof out->p);
}

/* Shares and amounts have families of their own: one in the other's place is told where it belongs. */
static bool in_wrong_place(struct hl_reader *r, const struct hl_node *map, const char *path, bool share) {
    bool wrong = false;
    for (size_t i = 0; map->kind == HL_NODE_MAP && i < map->count; i++) {
        const struct hl_severity *family = hl_severity_find(map->keys[i]);
        if (family == NULL || family->share == share)
            continue;
        struct hl_place at = {map->key_lines[i] == 0 ? "--set" : r->file, map->key_lines[i], map->key_columns[i],
                              hl_path(r, path, map->keys[i])};
        hl_fault(r, &at, NULL,
                 share ? "a family of amounts: write it under amount" : "a family of shares: write it under share");
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

static void read_size(struct hl_reader *r, const struct hl_node *node, const char *path, bool share,
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
    size_t count = hl_severity_keys(keys, texts, family);
    if (read_family(r, node->items[place], path, keys, count, &f))
        finish_size(r, node->items[place], path, family, &f, out);
}

/* ---- entries ----------------------------------------------------------------------------------------------------- */

static void read_takes(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_breach *out) {
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
        read_size(r, t.share, hl_path(r, path, "share"), true, &out->size);
    if (t.amount != NULL)
        read_size(r, t.amount, hl_path(r, path, "amount"), false, &out->size);
    if (node->kind == HL_NODE_MAP && (t.share == NULL) == (t.amount == NULL))
        hl_fault(r, &at, NULL, t.share == NULL ? "missing; give share or amount" : "give share or amount, not both");
}

/* Vendors that keep coins: [vendor_count]. */
static bool *find_custodians(struct hl_loading *l) {
    bool *keeps = hl_reader_array(&l->reader, l->reader.scratch, l->scenario->vendor_count, sizeof *keeps);
    for (size_t i = 0; keeps != NULL && i < l->scenario->holding_count; i++)
        if (l->scenario->holdings[i].custodian != HL_NONE)
            keeps[l->scenario->holdings[i].custodian] = true;
    return keeps;
}

/* A vendor without clients has nothing to lose; `all` leaves such vendors out. */
static void keep_custodians(struct hl_loading *l, const struct hl_node *node, const char *path,
                            struct hl_references *vendors) {
    struct hl_reader *r = &l->reader;
    const bool *keeps = find_custodians(l);
    size_t count = 0;
    bool judged = keeps != NULL && !l->holdings.broken;
    for (size_t i = 0; i < l->holdings.count; i++)
        judged = judged && !l->holdings.faulty[i];
    if (!judged)
        return;
    struct hl_place at = hl_node_place(r, node, path);
    for (size_t i = 0; i < vendors->count; i++) {
        size_t vendor = vendors->items[i];
        if (keeps[vendor])
            vendors->items[count++] = vendor;
        else if (!vendors->all)
            hl_fault(r, &at, l->scenario->vendors[vendor].id,
                     "nobody keeps coins with it: no row of %s has it as custodian", l->holdings.file);
    }
    if (vendors->all && vendors->count > 0 && count == 0)
        hl_fault(r, &at, "all", "no row of %s has a vendor as custodian", l->holdings.file);
    vendors->count = count;
}

/* Where the entry stands. Returns true when it stands for all. */
static bool resolve_at(struct hl_loading *l, const struct hl_node *node, const char *path, const struct entry *e,
                       struct hl_breach *out) {
    struct hl_reader *r = &l->reader;
    struct hl_references refs = e->at;
    out->at_vendors = hl_node_get(node, "vendor") != NULL;
    if (out->at_vendors) {
        const struct hl_node *at_node = hl_node_get(node, "at"), *vendor_node = hl_node_get(node, "vendor");
        if (at_node != NULL) {
            struct hl_place at = hl_node_place(r, at_node, hl_path(r, path, "at"));
            hl_fault(r, &at, hl_node_words(at_node), "give at or vendor, not both");
        }
        refs = e->vendor;
        keep_custodians(l, vendor_node, hl_path(r, path, "vendor"), &refs);
    } else if (hl_node_get(node, "at") == NULL) {
        refs.all = true;
        refs.count = l->scenario->exchange_count;
        refs.items = hl_reader_array(r, r->arena, refs.count, sizeof *refs.items);
        for (size_t i = 0; refs.items != NULL && i < refs.count; i++)
            refs.items[i] = i;
    }
    out->at = refs.items;
    out->at_count = refs.items == NULL ? 0 : refs.count;
    const struct hl_node *hit = hl_node_get(node, "hit");
    if (hit != NULL && !out->at_vendors) {
        struct hl_place at = hl_node_place(r, hit, hl_path(r, path, "hit"));
        hl_fault(r, &at, hl_node_words(hit), "goes with vendor only");
    }
    return refs.all;
}

/* The entry's name; NULL when the text that it would come from has a fault. */
static const char *name_of(const struct hl_node *entry, const struct entry *e) {
    const struct hl_node *vector = hl_node_get(entry, "vector");
    if (hl_node_get(entry, "name") != NULL)
        return e->name;
    const char *name = hl_vectors[e->vector].name;
    return vector != NULL && vector->kind == HL_NODE_SCALAR && strcmp(vector->text, name) == 0 ? name : NULL;
}

/* Reads one entry. Returns true when it stands for all exchanges or vendors. */
static bool read_entry(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_breach *out) {
    struct hl_reader *r = &l->reader;
    struct entry e;
    hl_keys_read(r, node, path, &hl_section_breach, &e);
    if (node->kind != HL_NODE_MAP)
        return false;
    out->vector = (enum hl_vector_id)e.vector;
    out->name = name_of(node, &e);
    out->hit = out->hit_low = out->hit_high = e.hit;
    out->passes = 1;
    out->climate = HL_NONE;
    bool all = resolve_at(l, node, path, &e, out);
    if (e.count != NULL)
        read_count(r, e.count, hl_path(r, path, "count"), &out->count);
    if (e.takes != NULL)
        read_takes(l, e.takes, hl_path(r, path, "takes"), out);
    return all;
}

/* ---- entries of one name ----------------------------------------------------------------------------------------- */

/* An entry with its place in the list, while those of one name are sorted out. */
struct named {
    struct hl_breach *breach;
    size_t index;
    const struct hl_node *node;
    bool all;
};

static int compare_named(const void *a, const void *b) {
    const struct named *x = a, *y = b;
    if (x->breach->at_vendors != y->breach->at_vendors)
        return x->breach->at_vendors ? 1 : -1;
    int order = strcmp(x->breach->name, y->breach->name);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

static void fault_taken(struct hl_loading *l, const struct named *n, const char *where, size_t earlier) {
    struct hl_reader *r = &l->reader;
    struct hl_place at = hl_node_place(r, n->node, hl_path_item(r, "breaches", n->index));
    hl_fault(r, &at, NULL, "%s has %s from breaches[%zu] already; give this entry a name of its own", where,
             n->breach->name, earlier);
}

/* Entries of one name: those that name exchanges go before the one for all, which keeps the rest. */
static void settle_name(struct hl_loading *l, struct named *entries, size_t count) {
    struct hl_reader *r = &l->reader;
    const struct hl_catalog *c = &r->catalogs[entries->breach->at_vendors ? HL_CATALOG_VENDORS : HL_CATALOG_EXCHANGES];
    size_t *owner = hl_reader_array(r, r->scratch, c->count, sizeof *owner); /* place in the list + 1; 0 = none yet */
    size_t all = HL_NONE;
    for (size_t i = 0; owner != NULL && i < count; i++) {
        struct hl_breach *b = entries[i].breach;
        if (entries[i].all && all != HL_NONE)
            fault_taken(l, &entries[i], entries->breach->at_vendors ? "every vendor" : "every exchange", all);
        if (entries[i].all)
            all = all == HL_NONE ? entries[i].index : all;
        for (size_t k = 0; k < b->at_count && !entries[i].all; k++) {
            if (owner[b->at[k]] != 0)
                fault_taken(l, &entries[i], c->ids[b->at[k]], owner[b->at[k]] - 1);
            owner[b->at[k]] = entries[i].index + 1;
        }
    }
    for (size_t i = 0; owner != NULL && i < count; i++) {
        struct hl_breach *b = entries[i].breach;
        size_t left = 0;
        for (size_t k = 0; k < b->at_count; k++)
            if (!entries[i].all || owner[b->at[k]] == 0)
                b->at[left++] = b->at[k];
        b->at_count = left;
    }
}

static void settle_names(struct hl_loading *l, struct named *entries, size_t count) {
    qsort(entries, count, sizeof *entries, compare_named);
    for (size_t i = 0, next; i < count; i = next) {
        next = i + 1;
        while (next < count && entries[next].breach->at_vendors == entries[i].breach->at_vendors &&
               strcmp(entries[next].breach->name, entries[i].breach->name) == 0)
            next++;
        if (next - i > 1)
            settle_name(l, entries + i, next - i);
    }
}

void hl_breaches_read(struct hl_loading *l, const struct hl_node *list) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    struct hl_place at = hl_node_place(r, list, "breaches");
    if (list->kind != HL_NODE_LIST || list->count == 0) {
        hl_fault(r, &at, list->kind == HL_NODE_LIST ? "an empty list" : hl_node_words(list),
                 "must be a list of at least one breach");
        return;
    }
    s->breaches = hl_reader_array(r, r->arena, list->count, sizeof *s->breaches);
    struct named *entries = hl_reader_array(r, r->scratch, list->count, sizeof *entries);
    size_t count = 0;
    if (s->breaches == NULL || entries == NULL)
        return;
    for (size_t i = 0; i < list->count; i++) {
        bool all = read_entry(l, list->items[i], hl_path_item(r, "breaches", i), &s->breaches[i]);
        if (s->breaches[i].name != NULL)
            entries[count++] = (struct named){&s->breaches[i], i, list->items[i], all};
    }
    settle_names(l, entries, count);
    for (size_t i = 0; i < list->count; i++)
        if (s->breaches[i].at_count > 0)
            s->breaches[s->breach_count++] = s->breaches[i];
}
