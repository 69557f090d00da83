/* Vendors: what they are built on, who has something to lose there, and how a breach spreads among clients. */
#include "base/number.h"
#include "models/copula.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define WHERE(type, member) .offset = offsetof(struct type, member)

/* ---- what vendors are built on ----------------------------------------------------------------------------------- */

/* The ids of one row's cell; a fault of one does not hide the others. */
static void read_uses(struct hl_loading *l, const struct hl_table *t, size_t row) {
    struct hl_reader *r = &l->reader;
    struct hl_vendor *v = &l->scenario->vendors[row];
    size_t before = hl_faults(r);
    const char *cell;
    struct hl_place at = hl_table_cell(t, row, "uses", &cell);
    bool *seen = hl_reader_array(r, r->scratch, t->count, sizeof *seen);
    v->uses = hl_reader_array(r, r->arena, t->count, sizeof *v->uses);
    for (const char *word = v->built_on; seen != NULL && v->uses != NULL && *(word += strspn(word, " ")) != '\0';) {
        int length = (int)strcspn(word, " ");
        const char *id = hl_arena_format(r->scratch, "%.*s", length, word);
        word += length;
        size_t used = id == NULL ? HL_NONE : hl_reference(r, HL_CATALOG_VENDORS, &at, id);
        if (used == HL_NONE)
            continue;
        if (used == row)
            hl_fault(r, &at, id, "a vendor is not built on itself");
        else if (seen[used])
            hl_fault(r, &at, id, "stands twice");
        else
            v->uses[v->use_count++] = used;
        seen[used] = true;
    }
    t->faulty[row] = t->faulty[row] || hl_faults(r) > before;
}

/* Goes down from one vendor; `state` is 1 on the way down, 2 when all below is done. A link that leads back up would
 * close a circle. */
static void find_circles(struct hl_loading *l, const struct hl_table *t, size_t row, char *state) {
    const struct hl_vendor *v = &l->scenario->vendors[row];
    state[row] = 1;
    for (size_t i = 0; i < v->use_count; i++) {
        const struct hl_vendor *below = &l->scenario->vendors[v->uses[i]];
        if (state[v->uses[i]] == 1) {
            const char *cell;
            struct hl_place at = hl_table_cell(t, row, "uses", &cell);
            hl_fault(&l->reader, &at, below->id, "a circle: %s is built on %s already", below->id, v->id);
        } else if (state[v->uses[i]] == 0) {
            find_circles(l, t, v->uses[i], state);
        }
    }
    state[row] = 2;
}

void hl_vendors_link(struct hl_loading *l, const struct hl_table *t) {
    struct hl_reader *r = &l->reader;
    char *state = hl_reader_array(r, r->scratch, t->count, sizeof *state);
    for (size_t i = 0; i < t->count; i++)
        if (l->scenario->vendors[i].built_on != NULL)
            read_uses(l, t, i);
    for (size_t i = 0; i < t->count && state != NULL; i++)
        if (state[i] == 0)
            find_circles(l, t, i, state);
}

/* Marks what a vendor is built on, down to the last component. */
static void mark_below(const struct hl_scenario *s, size_t vendor, bool *marked) {
    for (size_t i = 0; i < s->vendors[vendor].use_count; i++) {
        size_t below = s->vendors[vendor].uses[i];
        if (!marked[below]) {
            marked[below] = true;
            mark_below(s, below, marked);
        }
    }
}

/* Vendors with clients, of their own or of vendors built on them: [vendor_count]. */
static bool *find_custodians(struct hl_loading *l) {
    const struct hl_scenario *s = l->scenario;
    bool *keeps = hl_reader_array(&l->reader, l->reader.scratch, s->vendor_count, sizeof *keeps);
    for (size_t i = 0; keeps != NULL && i < s->holding_count; i++) {
        size_t custodian = s->holdings[i].custodian;
        if (custodian != HL_NONE && !keeps[custodian]) {
            keeps[custodian] = true;
            mark_below(s, custodian, keeps);
        }
    }
    return keeps;
}

void hl_vendors_keep_custodians(struct hl_loading *l, const struct hl_node *node, const char *path,
                                struct hl_references *vendors) {
    struct hl_reader *r = &l->reader;
    const bool *keeps = find_custodians(l);
    const struct hl_catalog *known = &r->catalogs[HL_CATALOG_VENDORS];
    size_t count = 0;
    bool judged = keeps != NULL && !l->holdings.broken;
    for (size_t i = 0; i < l->holdings.count; i++)
        judged = judged && !l->holdings.faulty[i];
    for (size_t i = 0; i < known->count; i++)
        judged = judged && !known->faulty[i];
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

/* ---- how a breach spreads ---------------------------------------------------------------------------------------- */

struct hit {
    double value;
    double low;
    double high;
};
#define HIT .kind = HL_KEY_NUMBER, .required = true, .unit = HL_UNIT_FRACTION, .maximum = 1
static const struct hl_key hit_keys[] = {
    {.name = "value",
     HIT,
     .minimum_open = true,
     WHERE(hit, value),
     .doc = "The probability that a breach at the vendor hits one client; hit: 50 % alone is this."},
    {.name = "low",
     HIT,
     .minimum_open = true,
     WHERE(hit, low),
     .doc = "The low end: the run is repeated with it, and with a rate that leaves each client's own rate as it is."},
    {.name = "high", HIT, WHERE(hit, high), .doc = "The high end, likewise."},
};
const struct hl_section hl_section_hit =
    HL_SECTION("breaches[].hit",
               "A probability that is little known: as a number alone, or with the interval it lies in.", hit_keys);

/* At an end of `hit` the rate becomes rate x value / end, and must still be one that is allowed. */
static void check_rate(struct hl_reader *r, const struct hl_node *node, const char *path, const struct hl_breach *b) {
    const struct hl_parameter *rate = &b->count.family->parameters[0];
    double most = b->count.p[0] * (b->hit / b->hit_low);
    char told[32], allowed[32];
    if (most <= rate->maximum)
        return;
    struct hl_place at = hl_node_place(r, hl_node_get(node, "low"), hl_path(r, path, "low"));
    hl_number_text(told, sizeof told, most);
    hl_number_text(allowed, sizeof allowed, rate->maximum);
    hl_fault(r, &at, hl_node_get(node, "low")->text, "with this end the %s would be %s, and at most %s is allowed",
             rate->key, told, allowed);
}

void hl_hit_read(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_breach *out) {
    struct hit h = {1, 1, 1};
    if (node->kind != HL_NODE_MAP) {
        struct hl_key key = hit_keys[0];
        key.minimum_open = false;
        if (hl_key_read(r, &key, node, path, &h))
            h.low = h.high = h.value;
    } else if (hl_keys_read(r, node, path, &hl_section_hit, &h)) {
        hl_interval_check(r, node, path, "value", h.value, h.low, h.high);
    } else {
        h = (struct hit){1, 1, 1};
    }
    out->hit = h.value;
    out->hit_low = h.low;
    out->hit_high = h.high;
    if (out->count.family != NULL && !out->count.family->dated && h.low < h.value)
        check_rate(r, node, path, out);
}

static const char *copula_name(size_t place) { return hl_copulas[place] == NULL ? NULL : hl_copulas[place]->name; }

size_t hl_copula_keys(struct hl_key *out, char (*texts)[32], const struct hl_copula_family *family) {
    hl_parameter_keys(out, texts, family->parameters, family->parameter_count, offsetof(struct hl_copula, p));
    return family->parameter_count;
}

void hl_copula_read(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_copula *out) {
    struct hl_key keys[HL_FAMILY_KEYS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    struct hl_copula c = {0};
    size_t place = hl_pick(r, node, path, "copula", copula_name, NULL);
    if (place == HL_NOT_PICKED)
        return;
    c.family = hl_copula_find(node->keys[place]);
    path = hl_path(r, path, c.family->name);
    struct hl_section section = {.path = path, .keys = keys, .count = hl_copula_keys(keys, texts, c.family)};
    if (hl_keys_read(r, node->items[place], path, &section, &c))
        *out = c;
}
