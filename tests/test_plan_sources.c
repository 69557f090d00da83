/* Where breaches come from: sources, what they reach, the ways to draw them. */
#include "tests/engine_fixture.h"

static const struct hl_source *source_named(const struct hl_plan *p, const char *name) {
    for (size_t i = 0; i < p->source_count; i++)
        if (strcmp(p->sources[i].name, name) == 0)
            return &p->sources[i];
    cr_assert_fail("no source %s", name);
    return NULL;
}

Test(plan_sources, sources_and_what_they_reach) {
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0.01, HL_NONE)->tiers = 1u << HL_HOT;
    engine_breach(&f, HL_VECTOR_third_party_compromise, 0.01, 0);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_insider, 0.01, HL_NONE);
    bool only_eth[] = {false, true};
    b->assets = only_eth;
    b->name = "eth_desk";
    engine_plan(&p, &f);
    const struct {
        const char *source;
        size_t target;
        double total; /* of what is in reach */
        uint32_t cells;
    } rows[] = {
        {"ape/hot_wallet_drain", 0, 100, 1},
        {"bee/hot_wallet_drain", 0, 10, 1},
        {"vendor:keyco/third_party_compromise", 0, 4000, 2},
        {"vendor:keyco/third_party_compromise", 1, 20, 1},
        {"ape/eth_desk", 0, 50, 1},
        {"bee/eth_desk", 0, 30, 2},
    };
    cr_expect_eq(p.source_count, 5);
    cr_expect_eq(p.target_count, 6);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_source *src = source_named(&p, rows[i].source);
        cr_assert(rows[i].target < src->target_count, "%s", rows[i].source);
        const struct hl_target *t = &src->targets[rows[i].target];
        cr_assert_eq(t->cell_count, rows[i].cells, "%s: %u cells", rows[i].source, t->cell_count);
        cr_expect(t->upto[t->cell_count - 1] == rows[i].total, "%s: %g", rows[i].source, t->upto[t->cell_count - 1]);
        cr_expect_eq(t->exchange, rows[i].source[0] == 'b' ? 1 : rows[i].target);
    }
    const struct hl_source *vendor = source_named(&p, "vendor:keyco/third_party_compromise");
    cr_expect(vendor->vendor == 0 && vendor->target_count == 2);
    cr_expect(vendor->targets[0].key != vendor->targets[1].key && vendor->targets[0].key != vendor->stream);
    cr_expect(source_named(&p, "ape/eth_desk")->vendor == HL_NONE);
    hl_plan_free(&p);
}

Test(plan_sources, equal_laws_share_a_table) {
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    static const double shapes[] = {0.9, 0.9, 0.8};
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        engine_breach(&f,
                      i == 0   ? HL_VECTOR_hot_wallet_drain
                      : i == 1 ? HL_VECTOR_insider
                               : HL_VECTOR_key_leak,
                      0.01, HL_NONE)
            ->size = (struct hl_distribution){.family = &hl_severity_beta, .p = {shapes[i], 3}};
    engine_plan(&p, &f);
    const struct hl_quantile_table *tables[COUNT_OF(shapes)];
    static const char *const names[] = {"ape/hot_wallet_drain", "ape/insider", "ape/key_leak"};
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        tables[i] = source_named(&p, names[i])->breach->size.table;
    cr_expect(tables[0] != NULL && tables[0] == tables[1]);
    cr_expect(tables[2] != NULL && tables[2] != tables[0], "another shape");
    hl_plan_free(&p);
}

Test(plan_sources, the_largest_wallet) {
    const struct {
        double hot, cold, cold_wallets, largest_share, want; /* value of the cell whose wallet holds most */
    } rows[] = {
        {100, 4000, 4, 0.4, 1600},
        {1700, 4000, 4, 0.4, 1700},
        {900, 4000, 4, 0.25, 1000}, /* equal wallets: the first */
        {0, 10, 1, 1, 10},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine f;
        struct hl_plan p;
        engine_start(&f);
        engine_exchange(&f, "ape");
        engine_asset(&f, "BTC");
        engine_holding(&f, 0, 0, HL_HOT, rows[i].hot);
        struct hl_holding *h = engine_holding(&f, 0, 0, HL_COLD, rows[i].cold);
        h->wallets = rows[i].cold_wallets;
        h->largest_share = rows[i].largest_share;
        engine_breach(&f, HL_VECTOR_insider, 0.01, HL_NONE);
        engine_plan(&p, &f);
        const struct hl_target *t = &p.sources[0].targets[0];
        cr_expect(p.cells[t->cells[t->largest]].value == rows[i].want, "row %zu", i);
        hl_plan_free(&p);
    }
}

Test(plan_sources, ends_of_the_rates) {
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    engine_breach(&f, HL_VECTOR_insider, 0.02, HL_NONE);
    engine_plan(&p, &f);
    cr_expect_eq(p.sampling_count, 1, "no rate has an interval");
    cr_expect_eq(p.run_count, 1);
    hl_plan_free(&p);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_key_leak, 0.03, HL_NONE);
    b->count.low = 0.01;
    b->count.high = 0.05;
    engine_fund(&f, HL_FUND_insurance, 5);
    engine_plan(&p, &f);
    cr_assert_eq(p.sampling_count, 3);
    const double rates[3][2] = {{0.02, 0.03}, {0.02, 0.01}, {0.02, 0.05}}; /* insider, key_leak */
    const char *const names[] = {"stated", "rates_low", "rates_high"};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_str_eq(p.samplings[i].name, names[i]);
        for (size_t k = 0; k < p.source_count; k++)
            cr_expect(p.samplings[i].counts[k].p[0] == rates[i][k / 2], "%s, source %zu", names[i], k);
    }
    const struct hl_plan_run runs[] = {{0, 0}, {0, 1}, {1, 0}, {2, 0}};
    cr_assert_eq(p.run_count, COUNT_OF(runs));
    for (size_t i = 0; i < COUNT_OF(runs); i++)
        cr_expect(p.runs[i].sampling == runs[i].sampling && p.runs[i].policy == runs[i].policy, "run %zu", i);
    cr_expect_str_eq(p.policies[0].name, "as_stated");
    cr_expect_str_eq(p.policies[1].name, "no_insurance");
    hl_plan_free(&p);
}

/* Two breaches of one name at one exchange would share their draws. */
Test(plan_sources, sources_of_one_name_are_refused) {
    struct engine f;
    struct hl_plan p;
    struct hl_error err = {0};
    engine_ape_and_bee(&f);
    engine_breach(&f, HL_VECTOR_insider, 0.01, HL_NONE);
    engine_breach(&f, HL_VECTOR_insider, 0.01, HL_NONE);
    cr_expect(hl_plan_make(&p, &f.s, &err) == HL_INVALID);
    cr_assert_eq(err.count, 1);
    cr_expect(strstr(err.faults[0].message, "ape/insider") != NULL, "%s", err.faults[0].message);
    cr_expect(p.cells == NULL && p.arena.chunks == NULL, "empty");
    hl_error_free(&err);
}

/* A cloud below two wallet makers, of which one is below a shop: each vendor stands after all that it is built on. */
static void make_graph(struct engine *f) {
    engine_start(f);
    size_t shop = engine_vendor(f, "shop"), left = engine_vendor(f, "left"), right = engine_vendor(f, "right"),
           cloud = engine_vendor(f, "cloud"), btc = engine_asset(f, "BTC");
    static size_t both[2];
    both[0] = left;
    both[1] = right;
    f->vendors[shop].uses = both;
    f->vendors[shop].use_count = 2;
    f->vendors[left].uses = f->vendors[right].uses = &f->every[cloud];
    f->vendors[left].use_count = f->vendors[right].use_count = 1;
    static const char *const ids[] = {"ape", "bee", "cat", "dog"};
    for (size_t v = 0; v < 4; v++)
        engine_holding(f, engine_exchange(f, ids[v]), btc, HL_COLD, 100)->custodian = v;
    engine_holding(f, 0, btc, HL_HOT, 50)->custodian = right; /* ape has two ways to lose */
}

Test(plan_sources, vendors_built_on_vendors) {
    struct engine f;
    struct hl_plan p;
    make_graph(&f);
    for (size_t v = 0; v < 4; v++)
        engine_breach(&f, HL_VECTOR_third_party_compromise, 0.01, v);
    engine_plan(&p, &f);
    const struct {
        const char *source, *first;
        size_t reached, links, targets;
    } rows[] = {
        {"vendor:shop/third_party_compromise", "shop", 1, 0, 1},
        {"vendor:left/third_party_compromise", "left", 2, 1, 2},
        {"vendor:right/third_party_compromise", "right", 2, 1, 3},
        {"vendor:cloud/third_party_compromise", "cloud", 4, 4, 5},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_source *src = source_named(&p, rows[i].source);
        cr_expect_str_eq(f.vendors[src->reached[0]].id, rows[i].first);
        cr_expect(src->reached_count == rows[i].reached && src->link_count == rows[i].links, "%s", src->name);
        cr_assert_eq(src->target_count, rows[i].targets, "%s: %zu", src->name, src->target_count);
        for (size_t k = 0; k < src->link_count; k++)
            cr_expect(src->links[k].from < src->links[k].to && (k == 0 || src->links[k - 1].to <= src->links[k].to));
        for (size_t k = 0; k < src->target_count; k++) {
            const struct hl_target *t = &src->targets[k];
            cr_expect(src->reached[t->reached] == t->vendor && t->hit_factor == 1);
            if (k == 0)
                continue;
            cr_expect(src->targets[k - 1].exchange < t->exchange ||
                          (src->targets[k - 1].exchange == t->exchange && src->targets[k - 1].vendor < t->vendor),
                      "%s: by exchange, then vendor", src->name);
            cr_expect(src->targets[k - 1].key != t->key);
            cr_expect_eq(src->targets[k - 1].apart == t->apart, src->targets[k - 1].exchange == t->exchange);
        }
    }
    hl_plan_free(&p);
}

Test(plan_sources, reaching_through_open_links) {
    struct engine f;
    struct hl_plan p;
    make_graph(&f);
    engine_breach(&f, HL_VECTOR_third_party_compromise, 0.01, 3);
    engine_plan(&p, &f);
    const struct hl_source *src = &p.sources[0];
    /* Links by `to`: to the first wallet maker, to the second, to the shop from each. */
    const struct {
        bool open[4], reached[4];
    } rows[] = {
        {{0, 0, 0, 0}, {1, 0, 0, 0}}, {{1, 1, 1, 1}, {1, 1, 1, 1}}, {{1, 0, 0, 0}, {1, 1, 0, 0}},
        {{0, 0, 1, 1}, {1, 0, 0, 0}}, {{1, 0, 1, 0}, {1, 1, 0, 1}}, {{1, 0, 0, 1}, {1, 1, 0, 0}},
        {{0, 1, 0, 1}, {1, 0, 1, 1}},
    };
    cr_assert(src->reached_count == 4 && src->link_count == 4);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool reached[4];
        hl_source_reach(src, rows[i].open, reached);
        cr_expect(memcmp(reached, rows[i].reached, sizeof reached) == 0, "row %zu", i);
    }
    hl_plan_free(&p);
}

/* At an end of `hit` the rate is such that each client's own, rate x hit, stays. */
Test(plan_sources, ends_of_hit_and_vendors_apart) {
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    engine_breach(&f, HL_VECTOR_insider, 0.02, HL_NONE);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_third_party_compromise, 0.03, 0);
    b->hit = 0.5;
    b->hit_low = 0.25;
    engine_plan(&p, &f);
    cr_expect_eq(hl_plan_sampling(&p, HL_RATES_LOW), HL_NONE);
    const struct {
        enum hl_sampling_kind kind;
        const char *name;
        double rate, hit;
    } rows[] = {{HL_STATED, "stated", 0.03, 0.5},
                {HL_HIT_LOW, "hit_low", 0.06, 0.25},
                {HL_HIT_HIGH, "hit_high", 0.015, 1},
                {HL_VENDORS_APART, "vendors_apart", 0.03, 0.5}};
    cr_assert_eq(p.sampling_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_sampling *s = &p.samplings[i];
        cr_expect_eq(hl_plan_sampling(&p, rows[i].kind), i);
        cr_expect_str_eq(s->name, rows[i].name);
        cr_expect(s->counts[2].p[0] == rows[i].rate && s->hits[2] == rows[i].hit, "%s", s->name);
        cr_expect(s->counts[0].p[0] == 0.02, "%s leaves an exchange's own source alone", s->name);
        cr_expect_eq(hl_run_tells_together(&p, i), i > 0);
    }
    hl_plan_free(&p);
    f.s.holdings[5].custodian = HL_NONE; /* bee is no client any more: nothing comes together */
    engine_plan(&p, &f);
    cr_expect_eq(hl_plan_sampling(&p, HL_VENDORS_APART), HL_NONE);
    hl_plan_free(&p);
}
