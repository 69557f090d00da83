/* What makes breaches more or less frequent than their stated rate: climates that sources share, trends, figures of the
 * exchange, and breaches that set off others. */
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const char *const hl_where_names[HL_WHERE_COUNT] = {
    [HL_WHERE_SAME] = "same", [HL_WHERE_OTHERS] = "others", [HL_WHERE_ALL] = "all"};
const char *const hl_covariate_names[HL_COVARIATE_COUNT] = {[HL_BY_CUSTOMER_ASSETS] = "customer_assets",
                                                            [HL_BY_ANNUAL_VOLUME] = "annual_volume",
                                                            [HL_BY_HOT_SHARE] = "hot_share",
                                                            [HL_BY_AGE] = "age"};

static const char *where_name(size_t place) { return place < HL_WHERE_COUNT ? hl_where_names[place] : NULL; }

/* ---- keys -------------------------------------------------------------------------------------------------------- */

#define WHERE(type, member) .offset = offsetof(struct type, member)

enum climate_id {
#define HL_CLIMATE(name) CLIMATE_##name,
#include "models/model.def"
    CLIMATE_COUNT
};

/* An entry of `climates` as written. */
struct climate {
    const char *name;
    double persistence;
    const struct hl_node *families[CLIMATE_COUNT];
};
static const struct hl_key climate_keys[] = {
    {.name = "name", .kind = HL_KEY_ID, .required = true, WHERE(climate, name), .doc = "What breaches call it by."},
    {.name = "persistence",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 1,
     .maximum_open = true,
     .standard = "0",
     WHERE(climate, persistence),
     .doc = "Correlation of a policy year's shock with the one before, with a horizon of several years."},
};
const struct hl_section hl_section_climate =
    HL_SECTION("climates[]",
               "Bad years: a factor of mean 1, drawn for each policy year, that multiplies the rates of all breaches "
               "which name it. Exactly one family.",
               climate_keys);

/* The parameter of every family of climates. */
static const struct hl_key spread_keys[] = {
    {.name = "sd",
     .kind = HL_KEY_NUMBER,
     .required = true,
     .unit = HL_UNIT_FRACTION,
     .minimum = 0.01,
     .maximum = 3,
     WHERE(hl_climate, sd),
     .doc = "Standard deviation of the factor, whose mean is 1."},
};
const struct hl_section hl_section_climate_family =
    HL_SECTION("climates[].<family>", "A family of climates.", spread_keys);

struct covariate {
    double beta;
    double at;
};
#define BETA                                                                                                           \
    {                                                                                                                  \
        .name = "beta", .kind = HL_KEY_NUMBER, .required = true, .minimum = -100, .maximum = 100,                      \
        WHERE(covariate, beta), .doc = "The rate is multiplied by e^(beta (x - at)); of money by (x / at)^beta."       \
    }
#define AT(...)                                                                                                        \
    {                                                                                                                  \
        .name = "at", .kind = HL_KEY_NUMBER, .required = true, WHERE(covariate, at),                                   \
        .doc = "The figure at which the stated rate holds.", __VA_ARGS__                                               \
    }
static const struct hl_key money_covariate[] = {BETA,
                                                AT(.unit = HL_UNIT_MONEY, .minimum_open = true, .maximum = INFINITY)};
static const struct hl_key share_covariate[] = {BETA, AT(.unit = HL_UNIT_FRACTION, .maximum = 1)};
static const struct hl_key years_covariate[] = {BETA, AT(.unit = HL_UNIT_NUMBER, .maximum = 200)};
const struct hl_section hl_section_covariates[HL_COVARIATE_COUNT] = {
    [HL_BY_CUSTOMER_ASSETS] =
        HL_SECTION("breaches[].covariates.customer_assets", "Customers' coins, all tiers.", money_covariate),
    [HL_BY_ANNUAL_VOLUME] =
        HL_SECTION("breaches[].covariates.annual_volume", "Trading volume of the last year.", money_covariate),
    [HL_BY_HOT_SHARE] =
        HL_SECTION("breaches[].covariates.hot_share", "The hot part of customers' coins.", share_covariate),
    [HL_BY_AGE] = HL_SECTION("breaches[].covariates.age", "Years since the exchange opened.", years_covariate),
};

/* An entry of `excitation` as written. */
struct link {
    const char *from;
    const char *to;
    unsigned where;
    double ratio;
    double delay_days;
};
static const struct hl_key excitation_keys[] = {
    {.name = "from", .kind = HL_KEY_ID, .required = true, WHERE(link, from), .doc = "The name of breaches."},
    {.name = "to",
     .kind = HL_KEY_ID,
     .required = true,
     WHERE(link, to),
     .doc = "The name of the breaches that they set off, perhaps the same."},
    {.name = "where",
     .kind = HL_KEY_CHOICE,
     .choice = where_name,
     .standard = "same",
     WHERE(link, where),
     .doc = "At the exchange or vendor that was breached, at all others, or at all."},
    {.name = "ratio",
     .kind = HL_KEY_NUMBER,
     .required = true,
     .unit = HL_UNIT_FRACTION,
     .maximum = 10,
     WHERE(link, ratio),
     .doc = "Expected number of breaches that one sets off directly, at each place that is reached."},
    {.name = "delay",
     .kind = HL_KEY_NUMBER,
     .required = true,
     .unit = HL_UNIT_DAYS,
     .maximum = 3650,
     WHERE(link, delay_days),
     .doc = "Mean time from the one to the other; times are exponential."},
};
const struct hl_section hl_section_excitation =
    HL_SECTION("excitation[]",
               "Breaches that set off others, and these again others. Stated rates are of those that come by "
               "themselves.",
               excitation_keys);

/* ---- names ------------------------------------------------------------------------------------------------------- */

/* The place of a name in a list, or HL_NONE after adding the fault. `what` is the list: "breaches". */
static size_t find_name(struct hl_reader *r, const struct hl_place *at, const char *text, const char *what,
                        const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (names[i] != NULL && strcmp(names[i], text) == 0)
            return i;
    hl_fault(r, at, text, "no such name among the %s%s", what, hl_suggestion(r, text, names, count));
    return HL_NONE;
}

size_t hl_breach_named(struct hl_loading *l, const struct hl_place *at, const char *text) {
    const struct hl_scenario *s = l->scenario;
    const char **names = hl_reader_array(&l->reader, l->reader.scratch, s->breach_count, sizeof *names);
    if (names == NULL || l->breaches_broken)
        return HL_NONE;
    for (size_t i = 0; i < s->breach_count; i++)
        names[i] = s->breaches[i].name;
    return find_name(&l->reader, at, text, "breaches", names, s->breach_count);
}

bool hl_list_is_good(struct hl_reader *r, const struct hl_node *list, const char *key, const char *what) {
    struct hl_place at = hl_node_place(r, list, key);
    if (list->kind != HL_NODE_LIST)
        hl_fault(r, &at, hl_node_is_empty(list) ? "nothing" : hl_node_words(list), "must be a list of %s", what);
    return list->kind == HL_NODE_LIST;
}

/* ---- climates ---------------------------------------------------------------------------------------------------- */

/* The one family of an entry; `good` is that its keys had no fault. */
static void read_family(struct hl_reader *r, const struct hl_node *node, const char *path, const struct climate *given,
                        bool good, struct hl_climate *out) {
    struct hl_place at = hl_node_place(r, node, path);
    size_t count = 0;
    for (size_t i = 0; i < CLIMATE_COUNT; i++) {
        if (given->families[i] == NULL)
            continue;
        count++;
        out->family = hl_climates[i];
        hl_keys_read(r, given->families[i], hl_path(r, path, out->family->name), &hl_section_climate_family, out);
    }
    if (count > 1 || (count == 0 && good))
        hl_fault(r, &at, NULL, count == 0 ? "missing a family of climates" : "give one family of climates");
}

static void read_climate(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_climate *out) {
    struct hl_key keys[2 + CLIMATE_COUNT];
    memcpy(keys, climate_keys, sizeof climate_keys);
    for (size_t i = 0; i < CLIMATE_COUNT; i++)
        keys[2 + i] = (struct hl_key){.name = hl_climates[i]->name,
                                      .kind = HL_KEY_NODE,
                                      .shape = "a map such as {sd: 60 %}",
                                      .offset = offsetof(struct climate, families) + i * sizeof(struct hl_node *)};
    const struct hl_section section = {.path = path, .keys = keys, .count = 2 + CLIMATE_COUNT};
    struct climate given;
    bool good = hl_keys_read(r, node, path, &section, &given);
    out->name = given.name;
    out->persistence = given.persistence;
    if (node->kind == HL_NODE_MAP)
        read_family(r, node, path, &given, good, out);
}

void hl_climates_read(struct hl_loading *l, const struct hl_node *list) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    size_t before = hl_faults(r);
    if (hl_list_is_good(r, list, "climates", "climates"))
        s->climates = hl_reader_array(r, r->arena, list->count, sizeof *s->climates);
    for (size_t i = 0; s->climates != NULL && i < list->count; i++) {
        struct hl_climate *c = &s->climates[i];
        const char *path = hl_path_item(r, "climates", i);
        read_climate(r, list->items[i], path, c);
        struct hl_place at = hl_node_place(r, list->items[i], path);
        for (size_t k = 0; k < i && c->name != NULL; k++)
            if (s->climates[k].name != NULL && strcmp(s->climates[k].name, c->name) == 0)
                hl_fault(r, &at, c->name, "climates[%zu] has this name already", k);
        s->climate_count++;
    }
    l->climates_broken = hl_faults(r) != before;
}

/* ---- a breach's own ---------------------------------------------------------------------------------------------- */

static void read_covariates(struct hl_loading *l, const struct hl_node *map, const char *path, struct hl_breach *out) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *nodes[HL_COVARIATE_COUNT];
    struct hl_key keys[HL_COVARIATE_COUNT];
    struct hl_place at = hl_node_place(r, map, path);
    if (out->at_vendors)
        hl_fault(r, &at, hl_node_words(map), "goes with at only: the figures are the exchange's");
    for (size_t i = 0; i < HL_COVARIATE_COUNT; i++)
        keys[i] = (struct hl_key){.name = hl_covariate_names[i],
                                  .kind = HL_KEY_NODE,
                                  .shape = "a map of beta and at",
                                  .offset = i * sizeof *nodes};
    const struct hl_section section = {.path = path, .keys = keys, .count = HL_COVARIATE_COUNT};
    hl_keys_read(r, map, path, &section, nodes);
    for (size_t i = 0; i < HL_COVARIATE_COUNT && map->kind == HL_NODE_MAP; i++) {
        struct covariate c;
        if (nodes[i] != NULL &&
            hl_keys_read(r, nodes[i], hl_path(r, path, hl_covariate_names[i]), &hl_section_covariates[i], &c))
            out->covariates[i] = (struct hl_covariate_term){c.beta, c.at};
    }
}

size_t hl_climate_named(struct hl_loading *l, const struct hl_place *at, const char *text) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    const char **names = hl_reader_array(r, r->scratch, s->climate_count, sizeof *names);
    for (size_t i = 0; names != NULL && i < s->climate_count; i++)
        names[i] = s->climates[i].name;
    return names == NULL || l->climates_broken ? HL_NONE : find_name(r, at, text, "climates", names, s->climate_count);
}

void hl_breach_threats_read(struct hl_loading *l, const struct hl_node *entry, const char *path,
                            const struct hl_threat_terms *t, struct hl_breach *out) {
    struct hl_reader *r = &l->reader;
    out->climate = HL_NONE;
    out->trend_per_year = isnan(t->trend_per_year) ? 0 : t->trend_per_year;
    const char *const keys[] = {"climate", "trend"};
    for (size_t i = 0; i < 2; i++) {
        const struct hl_node *node = hl_node_get(entry, keys[i]);
        if (node == NULL || out->count.family == NULL || out->count.family == &hl_frequency_poisson)
            continue;
        struct hl_place at = hl_node_place(r, node, hl_path(r, path, keys[i]));
        hl_fault(r, &at, hl_node_words(node), "goes with a count of poisson only");
    }
    if (t->climate != NULL) {
        struct hl_place at = hl_node_place(r, hl_node_get(entry, "climate"), hl_path(r, path, "climate"));
        out->climate = hl_climate_named(l, &at, t->climate);
    }
    if (t->covariates != NULL)
        read_covariates(l, t->covariates, hl_path(r, path, "covariates"), out);
}

/* ---- excitation -------------------------------------------------------------------------------------------------- */

bool hl_excitation_reaches(const struct hl_excitation *x, bool same_place) {
    return x->where == HL_WHERE_ALL || (x->where == HL_WHERE_SAME) == same_place;
}

/* A place where breaches happen: exchanges first, then vendors. */
static size_t place_of(const struct hl_scenario *s, const struct hl_breach *b, size_t k) {
    return b->at_vendors ? s->exchange_count + b->at[k] : b->at[k];
}

static bool is_named(const struct hl_scenario *s, const struct hl_breach *b, size_t named) {
    return strcmp(b->name, s->breaches[named].name) == 0;
}

/* One number for each source and room for one for each place: what the powers of the matrix are taken of. */
struct vectors {
    double *now;  /* [sources] */
    double *next; /* [sources] */
    double *at;   /* [places] */
};

/* next = (1 + transposed matrix) now, link by link. */
static void multiply(const struct hl_scenario *s, struct vectors *v, size_t sources, size_t places) {
    memcpy(v->next, v->now, sources * sizeof *v->next);
    for (size_t x = 0; x < s->excitation_count; x++) {
        const struct hl_excitation *link = &s->excitations[x];
        double total = 0;
        memset(v->at, 0, places * sizeof *v->at);
        for (size_t i = 0, source = 0; i < s->breach_count; i++)
            for (size_t k = 0; k < s->breaches[i].at_count; k++, source++)
                if (is_named(s, &s->breaches[i], link->from)) {
                    v->at[place_of(s, &s->breaches[i], k)] += v->now[source];
                    total += v->now[source];
                }
        for (size_t i = 0, source = 0; i < s->breach_count; i++)
            for (size_t k = 0; k < s->breaches[i].at_count; k++, source++) {
                if (!is_named(s, &s->breaches[i], link->to))
                    continue;
                double own = v->at[place_of(s, &s->breaches[i], k)];
                double reached = hl_excitation_reaches(link, true) ? own : 0;
                if (hl_excitation_reaches(link, false))
                    reached += total - own;
                v->next[source] += link->ratio * reached;
            }
    }
}

static double sum_of(const double *x, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i];
    return sum;
}

/* The power iteration of 1 + the matrix, whose largest eigenvalue is simple in modulus whatever cycles there are. */
enum { POWERS_LEAST = 100, POWERS_MOST = 2000 };

static double radius_of(const struct hl_scenario *s, struct hl_arena *scratch) {
    size_t sources = 0, places = s->exchange_count + s->vendor_count;
    for (size_t i = 0; i < s->breach_count; i++)
        sources += s->breaches[i].at_count;
    struct vectors v = {hl_arena_array(scratch, sources, sizeof(double)),
                        hl_arena_array(scratch, sources, sizeof(double)),
                        hl_arena_array(scratch, places, sizeof(double))};
    if (v.now == NULL || v.next == NULL || v.at == NULL || sources == 0)
        return NAN;
    for (size_t i = 0; i < sources; i++)
        v.now[i] = 1 / (double)sources;
    double growth = 0, before = -1;
    for (size_t n = 0; n < POWERS_LEAST || (n < POWERS_MOST && fabs(growth - before) > 1e-15); n++) {
        before = growth;
        multiply(s, &v, sources, places);
        growth = sum_of(v.next, sources);
        for (size_t i = 0; i < sources; i++)
            v.now[i] = v.next[i] / growth;
    }
    return growth - 1;
}

/* Does any breach of the one name set off one of the other? */
static bool reaches_any(const struct hl_scenario *s, const struct hl_excitation *x) {
    for (size_t i = 0; i < s->breach_count; i++)
        for (size_t j = 0; j < s->breach_count; j++) {
            const struct hl_breach *from = &s->breaches[i], *to = &s->breaches[j];
            if (!is_named(s, from, x->from) || !is_named(s, to, x->to))
                continue;
            for (size_t k = 0; k < from->at_count; k++)
                for (size_t m = 0; m < to->at_count; m++)
                    if (hl_excitation_reaches(x, place_of(s, from, k) == place_of(s, to, m)))
                        return true;
        }
    return false;
}

static void check_link(struct hl_loading *l, const struct hl_node *node, const char *path, size_t index) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    const struct hl_excitation *x = &s->excitations[index];
    struct hl_place at = hl_node_place(r, node, path);
    const char *from = s->breaches[x->from].name, *to = s->breaches[x->to].name;
    for (size_t i = 0; i < s->breach_count; i++)
        if (s->breaches[i].count.family != &hl_frequency_poisson &&
            (is_named(s, &s->breaches[i], x->from) || is_named(s, &s->breaches[i], x->to))) {
            hl_fault(r, &at, s->breaches[i].name, "goes with a count of poisson only");
            return;
        }
    if (!reaches_any(s, x))
        hl_fault(r, &at, hl_where_names[x->where], "%s sets off nothing: %s happens at no such place", from, to);
    for (size_t i = 0; i < index; i++) {
        const struct hl_excitation *other = &s->excitations[i];
        bool apart = other->where != x->where && other->where != HL_WHERE_ALL && x->where != HL_WHERE_ALL;
        if (other->from == x->from && other->to == x->to && !apart)
            hl_fault(r, &at, NULL, "from %s to %s at the same places is excitation[%zu] already", from, to, i);
    }
}

static void read_link(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_excitation *out) {
    struct hl_reader *r = &l->reader;
    struct link given;
    hl_keys_read(r, node, path, &hl_section_excitation, &given);
    if (node->kind != HL_NODE_MAP)
        return;
    *out = (struct hl_excitation){HL_NONE, HL_NONE, (enum hl_where)given.where, given.ratio, given.delay_days};
    const char *const names[] = {given.from, given.to}, *const keys[] = {"from", "to"};
    size_t *const found[] = {&out->from, &out->to};
    for (size_t i = 0; i < 2; i++) {
        if (names[i] == NULL)
            continue;
        struct hl_place at = hl_node_place(r, hl_node_get(node, keys[i]), hl_path(r, path, keys[i]));
        *found[i] = hl_breach_named(l, &at, names[i]);
    }
}

void hl_excitation_read(struct hl_loading *l, const struct hl_node *list) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    size_t before = hl_faults(r);
    if (!hl_list_is_good(r, list, "excitation", "links between breaches"))
        return;
    s->excitations = hl_reader_array(r, r->arena, list->count, sizeof *s->excitations);
    if (s->excitations == NULL)
        return;
    for (size_t i = 0; i < list->count; i++) {
        const char *path = hl_path_item(r, "excitation", i);
        size_t until = hl_faults(r);
        read_link(l, list->items[i], path, &s->excitations[i]);
        s->excitation_count++;
        if (hl_faults(r) == until && hl_faults(r) == before && !l->breaches_broken)
            check_link(l, list->items[i], path, i);
    }
    if (hl_faults(r) != before || l->breaches_broken || list->count == 0)
        return;
    double radius = radius_of(s, r->scratch);
    struct hl_place at = hl_node_place(r, list, "excitation");
    if (!(radius < 1 - 1e-9))
        hl_fault(r, &at, NULL,
                 "breaches set off others without end: the spectral radius of their expected numbers is %.3g; it must "
                 "be below 1",
                 radius);
}
