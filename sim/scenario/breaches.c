/* The breaches: vectors at exchanges or vendors, how often, and what one takes. */
#include "models/frequency.h"
#include "models/vector.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *vector_name(size_t place) { return place < HL_VECTOR_COUNT ? hl_vectors[place].name : NULL; }
static const char *frequency_name(size_t place) {
    return hl_frequencies[place] == NULL ? NULL : hl_frequencies[place]->name;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

#define WHERE(type, member) .offset = offsetof(struct type, member)

/* An entry as written. */
struct entry {
    unsigned vector;
    const char *name;
    struct hl_references at;
    struct hl_references vendor;
    const struct hl_node *count;
    struct hl_threat_terms threats;
    const struct hl_node *hit;
    double passes;
    const struct hl_node *copula;
    const struct hl_node *dwell;
    double found;
    const struct hl_node *noticed_after;
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
            "those with clients, of their own or of vendors built on them."},
    {.name = "count",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a map of one frequency family, such as {poisson: {rate: 1.2 % / y}}",
     WHERE(entry, count),
     .doc = "How many in a year, or on which day."},
    {.name = "climate",
     .kind = HL_KEY_ID,
     .standard_words = "none",
     WHERE(entry, threats.climate),
     .doc = "The name of the climate whose factor multiplies the rate in each policy year; poisson only."},
    {.name = "trend",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_RATE,
     .minimum = -2,
     .maximum = 2,
     .standard = "0",
     WHERE(entry, threats.trend_per_year),
     .doc = "g: t years from the start the rate is e^(g t) times the stated one; poisson only."},
    {.name = "covariates",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {hot_share: {beta: 2, at: 5 %}}",
     .standard_words = "none",
     WHERE(entry, threats.covariates),
     .doc = "How the rate differs between exchanges by their figures."},
    {.name = "hit",
     .kind = HL_KEY_NODE,
     .shape = "a fraction, or a map such as {value: 50 %, low: 25 %, high: 100 %}",
     .standard = "100 %",
     WHERE(entry, hit),
     .doc = "With vendor only: the probability that a breach at the vendor hits one client."},
    {.name = "passes",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 1,
     .standard = "100 %",
     WHERE(entry, passes),
     .doc = "With vendor only: the probability that a breach passes from a vendor to one that is built on it."},
    {.name = "copula",
     .kind = HL_KEY_NODE,
     .shape = "a map of one copula, such as {gaussian: {rho: 40 %}}",
     .standard_words = "none: independent",
     WHERE(entry, copula),
     .doc = "With vendor only: ties how badly the clients are hurt that one breach hits."},
    {.name = "dwell",
     .kind = HL_KEY_NODE,
     .shape = HL_TIME_SHAPE,
     .standard = "0 d",
     WHERE(entry, dwell),
     .doc = "From the entry of the intruder to the theft."},
    {.name = "found",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_RATE,
     .maximum = 1000,
     .standard = "0 / y",
     WHERE(entry, found),
     .doc = "With dwell only: how often in a year an intruder is found out before the theft; then nothing is taken."},
    {.name = "noticed_after",
     .kind = HL_KEY_NODE,
     .shape = HL_TIME_SHAPE,
     .standard = "0 d",
     WHERE(entry, noticed_after),
     .doc = "From the theft to its discovery, from when on customers wait; not with drain, which is discovered when it "
            "is detected."},
    {.name = "takes",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a map such as {tiers: [hot], share: {beta: {a: 0.8, b: 0.6}}}",
     WHERE(entry, takes),
     .doc = "What one breach takes."},
};
const struct hl_section hl_section_breach =
    HL_SECTION("breaches[]", "How coins can be stolen: a list of at least one entry.", breach_keys);

/* A family of counts as read. */
struct family {
    double p[HL_PARAMETERS_MOST];
    double low;
    double high;
};

size_t hl_frequency_keys(struct hl_key *out, char (*texts)[32], const struct hl_frequency *family) {
    size_t count = family->parameter_count;
    hl_parameter_keys(out, texts, family->parameters, count, offsetof(struct family, p));
    if (family->dated) {
        out[0].whole = true;
        return count;
    }
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

/* ---- families ---------------------------------------------------------------------------------------------------- */

void hl_interval_check(struct hl_reader *r, const struct hl_node *terms, const char *path, const char *first,
                       double value, double low_end, double high_end) {
    struct hl_place at = hl_node_place(r, terms, path);
    if (isnan(low_end) && isnan(high_end))
        return;
    if (isnan(low_end) || isnan(high_end)) {
        at.key = hl_path(r, path, isnan(low_end) ? "low" : "high");
        hl_fault(r, &at, NULL, "missing; low and high come together");
        return;
    }
    if (low_end <= value && value <= high_end)
        return;
    const char *wrong = low_end > value ? "low" : "high";
    const char *low = hl_node_get(terms, "low")->text, *high = hl_node_get(terms, "high")->text;
    at = hl_node_place(r, hl_node_get(terms, wrong), hl_path(r, path, wrong));
    const struct hl_node *node = hl_node_get(terms, first);
    hl_fault(r, &at, low_end > value ? low : high, "must be low <= %s <= high, here %s <= %s <= %s", first, low,
             node == NULL ? "the default" : node->text, high);
}

static void read_count(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_count *out) {
    struct hl_key keys[HL_FAMILY_KEYS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    struct family f = {.low = NAN, .high = NAN};
    size_t place = hl_pick(r, node, path, "frequency family", frequency_name, NULL);
    if (place == HL_NOT_PICKED)
        return;
    const struct hl_frequency *family = hl_frequency_find(node->keys[place]);
    path = hl_path(r, path, family->name);
    struct hl_section section = {.path = path, .keys = keys, .count = hl_frequency_keys(keys, texts, family)};
    if (!hl_keys_read(r, node->items[place], path, &section, &f))
        return;
    hl_interval_check(r, node->items[place], path, family->parameters[0].key, f.p[0], f.low, f.high);
    *out = (struct hl_count){
        .family = family, .low = isnan(f.low) ? f.p[0] : f.low, .high = isnan(f.high) ? f.p[0] : f.high};
    memcpy(out->p, f.p, sizeof out->p);
}

/* ---- entries ----------------------------------------------------------------------------------------------------- */

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
        hl_vendors_keep_custodians(l, vendor_node, hl_path(r, path, "vendor"), &refs);
    } else if (hl_node_get(node, "at") == NULL) {
        refs.all = true;
        refs.count = l->scenario->exchange_count;
        refs.items = hl_reader_array(r, r->arena, refs.count, sizeof *refs.items);
        for (size_t i = 0; refs.items != NULL && i < refs.count; i++)
            refs.items[i] = i;
    }
    out->at = refs.items;
    out->at_count = refs.items == NULL ? 0 : refs.count;
    static const char *const at_vendors[] = {"hit", "passes", "copula"};
    for (size_t i = 0; i < sizeof at_vendors / sizeof *at_vendors && !out->at_vendors; i++) {
        const struct hl_node *given = hl_node_get(node, at_vendors[i]);
        if (given == NULL)
            continue;
        struct hl_place at = hl_node_place(r, given, hl_path(r, path, at_vendors[i]));
        hl_fault(r, &at, hl_node_words(given), "goes with vendor only");
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

/* The way from the entry to the theft and to its discovery; after what is taken. */
static void read_days(struct hl_reader *r, const struct hl_node *node, const char *path, const struct entry *e,
                      struct hl_breach *out) {
    const struct hl_node *found = hl_node_get(node, "found"), *noticed = hl_node_get(node, "noticed_after");
    hl_time_read(r, e->dwell, hl_path(r, path, "dwell"), &out->dwell);
    hl_time_read(r, e->noticed_after, hl_path(r, path, "noticed_after"), &out->noticed_after);
    out->found_per_year = e->found;
    if (found != NULL && hl_node_get(node, "dwell") == NULL) {
        struct hl_place at = hl_node_place(r, found, hl_path(r, path, "found"));
        hl_fault(r, &at, hl_node_words(found), "goes with dwell only");
    }
    if (noticed != NULL && e->takes != NULL && e->takes->kind == HL_NODE_MAP &&
        hl_node_get(e->takes, "drain") != NULL) {
        struct hl_place at = hl_node_place(r, noticed, hl_path(r, path, "noticed_after"));
        hl_fault(r, &at, hl_node_words(noticed), "a drain is discovered when it is detected: leave this out");
    }
}

/* A breach on a day happens within the horizon, and what would change how often it happens is refused. */
static void check_dated(struct hl_loading *l, const struct hl_node *node, const char *path, const struct hl_breach *b) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *on = hl_node_get(hl_node_get(node, "count"), "on"), *day = hl_node_get(on, "day");
    if (b->count.p[0] >= l->scenario->horizon_days) {
        struct hl_place at = hl_node_place(r, day, hl_path(r, path, "count.on.day"));
        hl_fault(r, &at, hl_node_words(day), "must be within the horizon, whose first day is 0 d");
    }
    const char *const others[] = {"covariates", "hit"};
    const bool wrong[] = {hl_node_get(node, "covariates") != NULL, b->hit_low < b->hit_high};
    for (size_t i = 0; i < 2; i++) {
        const struct hl_node *other = hl_node_get(node, others[i]);
        struct hl_place at = hl_node_place(r, other != NULL ? other : node, hl_path(r, path, others[i]));
        if (wrong[i])
            hl_fault(r, &at, hl_node_words(other), "goes with a rate, and a count of on has none");
    }
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
    out->passes = e.passes;
    bool all = resolve_at(l, node, path, &e, out);
    if (e.count != NULL)
        read_count(r, e.count, hl_path(r, path, "count"), &out->count);
    hl_breach_threats_read(l, node, path, &e.threats, out);
    hl_hit_read(r, e.hit, hl_path(r, path, "hit"), out);
    if (out->count.family != NULL && out->count.family->dated)
        check_dated(l, node, path, out);
    if (e.copula != NULL)
        hl_copula_read(r, e.copula, hl_path(r, path, "copula"), &out->copula);
    if (e.takes != NULL)
        hl_takes_read(l, e.takes, hl_path(r, path, "takes"), out);
    read_days(r, node, path, &e, out);
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
