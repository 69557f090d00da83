/* Events: sorted, a prefix of longer runs, and deaf to everything that is not theirs. */
#include "engine/events.h"
#include "tests/engine_fixture.h"

#include <stdlib.h>

/* Two exchanges, four kinds of breaches, a vendor of both; and what a test changes. */
struct variant {
    bool another_exchange; /* first of all, and a client too */
    bool exchanges_swapped;
    bool breaches_reversed;
    bool another_vendor; /* first of all, with a breach of its own */
    bool another_asset;  /* first of all */
    bool graph; /* keyco is built on another vendor, which is breached too, and another one on it, with a client */
    bool holdings_changed;
    bool funds_changed;
    double factor; /* of every rate; 0 = 1 */
};

static void make_exchange(struct engine *f, const char *id, size_t keyco, size_t btc, bool changed) {
    size_t e = engine_exchange(f, id);
    engine_holding(f, e, btc, HL_HOT, changed ? 77 : 1000);
    engine_holding(f, e, btc, HL_COLD, 5000)->custodian = keyco;
    engine_holding(f, e, btc + 1, HL_HOT, 400);
}

static void set_rate(struct hl_count *c, const struct hl_frequency *family, double rate, double shape, double factor) {
    *c = (struct hl_count){.family = family, .p = {rate * factor, shape}};
    c->low = c->high = c->p[0];
}

static void make_breach(struct engine *f, size_t which, size_t keyco, double factor) {
    struct hl_breach *b;
    switch (which) {
    case 0:
        b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.3 * factor, HL_NONE);
        b->reach = HL_REACH_ONE_WALLET;
        b->size = (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.6}, .everything = 0.3};
        break;
    case 1:
        b = engine_breach(f, HL_VECTOR_insider, 0, HL_NONE);
        set_rate(&b->count, &hl_frequency_negative_binomial, 0.2, 0.5, factor);
        b->reach = HL_REACH_ONE_ASSET;
        b->size = (struct hl_distribution){.family = &hl_severity_lognormal, .p = {300, 1.5}};
        break;
    case 2:
        b = engine_breach(f, HL_VECTOR_key_leak, 0, HL_NONE);
        set_rate(&b->count, &hl_frequency_at_most_once, 0.1, 0, factor);
        break;
    default:
        b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.2 * factor, keyco);
        b->hit = 0.4;
        b->passes = 0.6;
        b->copula = (struct hl_copula){.family = &hl_copula_t, .p = {0.5, 4}};
        b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0.1, 0.9}};
        break;
    }
}

static void make_graph(struct engine *f, size_t keyco, size_t btc) {
    size_t cloud = engine_vendor(f, "cloud"), shop = engine_vendor(f, "shop"), fox = engine_exchange(f, "fox");
    f->vendors[keyco].uses = &f->every[cloud];
    f->vendors[shop].uses = &f->every[keyco];
    f->vendors[keyco].use_count = f->vendors[shop].use_count = 1;
    engine_holding(f, fox, btc, HL_COLD, 900)->custodian = shop;
    engine_breach(f, HL_VECTOR_third_party_compromise, 0.1, cloud)->passes = 0.5;
}

static void make(struct engine *f, struct hl_plan *p, struct variant v) {
    engine_start(f);
    size_t other = v.another_vendor ? engine_vendor(f, "acme") : 0;
    size_t keyco = engine_vendor(f, "keyco");
    if (v.another_asset)
        engine_asset(f, "ADA");
    size_t btc = engine_asset(f, "BTC");
    engine_asset(f, "ETH");
    if (v.another_exchange)
        make_exchange(f, "ant", keyco, btc, false);
    make_exchange(f, v.exchanges_swapped ? "bee" : "ape", keyco, btc, v.holdings_changed);
    make_exchange(f, v.exchanges_swapped ? "ape" : "bee", keyco, btc, v.holdings_changed);
    if (v.another_vendor) {
        engine_holding(f, 0, btc, HL_COLD, 10)->custodian = other;
        engine_breach(f, HL_VECTOR_third_party_compromise, 0.5, other);
    }
    if (v.graph)
        make_graph(f, keyco, btc);
    for (size_t i = 0; i < 4; i++)
        make_breach(f, v.breaches_reversed ? 3 - i : i, keyco, v.factor > 0 ? v.factor : 1);
    if (v.funds_changed) {
        engine_fund(f, HL_FUND_insurance, 50);
        engine_fund(f, HL_FUND_reserve, 5);
    }
    engine_plan(p, f);
}

static void sample(struct hl_events *e, const struct hl_plan *p, uint32_t block, uint32_t trials) {
    struct hl_error err = {0};
    cr_assert(hl_events_sample(e, p, 0, block, trials, &err) == HL_OK);
}

static const char *exchange_of(const struct hl_plan *p, const struct hl_hit *h) {
    return p->scenario->exchanges[p->sources[h->source].targets[h->target].exchange].id;
}

static bool same_event(const struct hl_hit *a, const struct hl_hit *b) {
    return a->trial == b->trial && a->stream == b->stream && a->index == b->index && a->day == b->day &&
           a->size == b->size && a->pick == b->pick;
}

/* The next hit of a source at an exchange from `from` on; e->count when there is none. */
static size_t next(const struct hl_events *e, const struct hl_plan *p, size_t from, const char *source,
                   const char *exchange) {
    while (from < e->count &&
           (e->hits[from].target == HL_NO_TARGET || strcmp(p->sources[e->hits[from].source].name, source) != 0 ||
            strcmp(exchange_of(p, &e->hits[from]), exchange) != 0))
        from++;
    return from;
}

static const char *const sources[] = {"ape/hot_wallet_drain",
                                      "bee/hot_wallet_drain",
                                      "ape/insider",
                                      "bee/insider",
                                      "ape/key_leak",
                                      "bee/key_leak",
                                      "vendor:keyco/third_party_compromise"};
static const char *const exchanges[] = {"ape", "bee"};

/* Every source's hits at ape and bee are the same in both; returns how many. */
static size_t expect_same(const struct hl_events *a, const struct hl_plan *p, const struct hl_events *b,
                          const struct hl_plan *q, size_t variant) {
    size_t count = 0;
    for (size_t s = 0; s < COUNT_OF(sources); s++) {
        for (size_t x = 0; x < 2; x++) {
            size_t i = next(a, p, 0, sources[s], exchanges[x]), k = next(b, q, 0, sources[s], exchanges[x]);
            for (; i < a->count && k < b->count; count++) {
                cr_assert(same_event(&a->hits[i], &b->hits[k]), "variant %zu: %s", variant, sources[s]);
                i = next(a, p, i + 1, sources[s], exchanges[x]);
                k = next(b, q, k + 1, sources[s], exchanges[x]);
            }
            cr_assert(i == a->count && k == b->count, "variant %zu: %s has other events", variant, sources[s]);
        }
    }
    return count;
}

Test(events, nothing_else_moves_an_event) {
    const struct variant variants[] = {
        {.another_exchange = true},
        {.exchanges_swapped = true},
        {.breaches_reversed = true},
        {.another_vendor = true},
        {.another_asset = true},
        {.graph = true},
        {.holdings_changed = true},
        {.funds_changed = true},
        {.another_exchange = true,
         .exchanges_swapped = true,
         .breaches_reversed = true,
         .another_vendor = true,
         .another_asset = true,
         .graph = true,
         .funds_changed = true},
    };
    static struct engine f, g;
    static struct hl_events a, b;
    struct hl_plan p, q;
    make(&f, &p, (struct variant){0});
    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        make(&g, &q, variants[i]);
        size_t count = 0;
        for (uint32_t block = 0; block < 3; block++) {
            sample(&a, &p, block, HL_BLOCK_TRIALS);
            sample(&b, &q, block, HL_BLOCK_TRIALS);
            count += expect_same(&a, &p, &b, &q, i);
        }
        cr_expect(count > 15000, "only %zu events", count);
        hl_plan_free(&q);
    }
    hl_plan_free(&p);
    hl_events_free(&a);
    hl_events_free(&b);
}

Test(events, sorted_and_indexed_by_trial) {
    static struct engine f;
    static struct hl_events e;
    struct hl_plan p;
    make(&f, &p, (struct variant){0});
    sample(&e, &p, 5, HL_BLOCK_TRIALS);
    cr_assert(e.count > 4000);
    cr_expect(e.first[0] == 0 && e.first[HL_BLOCK_TRIALS] == e.count);
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++) {
        for (uint32_t i = e.first[t]; i < e.first[t + 1]; i++) {
            const struct hl_hit *h = &e.hits[i];
            cr_assert_eq(h->trial, t);
            cr_assert(h->day > 0 && h->day < 365 && h->size >= 0 && h->pick >= 0 && h->pick < 1);
            cr_assert(i == e.first[t] || e.hits[i - 1].day <= h->day, "trial %u", t);
            if (i > e.first[t] && e.hits[i - 1].day == h->day)
                cr_assert(e.hits[i - 1].source == h->source && e.hits[i - 1].target < h->target, "clients in order");
        }
    }
    hl_plan_free(&p);
    hl_events_free(&e);
}

Test(events, a_partial_block_is_a_prefix) {
    static struct engine f;
    static struct hl_events whole, part;
    struct hl_plan p;
    make(&f, &p, (struct variant){0});
    sample(&whole, &p, 2, HL_BLOCK_TRIALS);
    const uint32_t trials[] = {1, 2, 999, 4095};
    for (size_t i = 0; i < COUNT_OF(trials); i++) {
        sample(&part, &p, 2, trials[i]);
        cr_assert_eq(part.count, whole.first[trials[i]]);
        cr_expect_eq(memcmp(part.first, whole.first, (trials[i] + 1) * sizeof *part.first), 0);
        for (size_t k = 0; k < part.count; k++)
            cr_assert(same_event(&part.hits[k], &whole.hits[k]) && part.hits[k].source == whole.hits[k].source &&
                      part.hits[k].target == whole.hits[k].target);
    }
    hl_plan_free(&p);
    hl_events_free(&whole);
    hl_events_free(&part);
}

/* Memory that another block used leaves no trace; other blocks and seeds have other events. */
Test(events, blocks_are_drawn_alone) {
    static struct engine f, g;
    static struct hl_events fresh, used;
    struct hl_plan p, q;
    make(&f, &p, (struct variant){0});
    sample(&fresh, &p, 1, HL_BLOCK_TRIALS);
    sample(&used, &p, 0, HL_BLOCK_TRIALS);
    cr_expect(used.hits[0].day != fresh.hits[0].day);
    sample(&used, &p, 1, HL_BLOCK_TRIALS);
    cr_assert_eq(used.count, fresh.count);
    cr_expect_eq(memcmp(used.hits, fresh.hits, fresh.count * sizeof *fresh.hits), 0);
    make(&g, &q, (struct variant){0});
    q.seed = 8;
    sample(&used, &q, 1, HL_BLOCK_TRIALS);
    cr_expect(used.hits[0].day != fresh.hits[0].day);
    hl_plan_free(&p);
    hl_plan_free(&q);
    hl_events_free(&fresh);
    hl_events_free(&used);
}

/* The event of `e` that is the same as this one by source, index, member and exchange; NULL when there is none. */
static const struct hl_hit *twin_of(const struct hl_events *e, const struct hl_hit *h) {
    for (size_t i = e->first[h->trial]; i < e->first[h->trial + 1]; i++)
        if (e->hits[i].source == h->source && e->hits[i].index == h->index && e->hits[i].stream == h->stream &&
            e->hits[i].target == h->target)
            return &e->hits[i];
    return NULL;
}

Test(events, a_raised_rate_keeps_the_common_events) {
    static struct engine f, g;
    static struct hl_events low, high;
    struct hl_plan p, q;
    make(&f, &p, (struct variant){0});
    make(&g, &q, (struct variant){.factor = 1.5});
    for (uint32_t block = 0; block < 3; block++) {
        sample(&low, &p, block, HL_BLOCK_TRIALS);
        sample(&high, &q, block, HL_BLOCK_TRIALS);
        cr_expect(high.count > low.count + low.count / 4);
        for (size_t i = 0; i < low.count; i++) {
            const struct hl_hit *twin = twin_of(&high, &low.hits[i]);
            cr_assert(twin != NULL && same_event(&low.hits[i], twin), "%s", p.sources[low.hits[i].source].name);
        }
    }
    hl_plan_free(&p);
    hl_plan_free(&q);
    hl_events_free(&low);
    hl_events_free(&high);
}

/* A vendor's event hits each client with probability 0.4, one client regardless of the other. */
Test(events, a_vendor_hits_as_often_as_stated) {
    enum { BLOCKS = 40 };
    static struct engine f;
    static struct hl_events e;
    struct hl_plan p;
    engine_start(&f);
    size_t keyco = engine_vendor(&f, "keyco");
    engine_asset(&f, "BTC");
    engine_asset(&f, "ETH");
    make_exchange(&f, "ape", keyco, 0, false);
    make_exchange(&f, "bee", keyco, 0, false);
    make_breach(&f, 3, keyco, 1);
    engine_plan(&p, &f);
    double events = 0, hits[2] = {0}, both = 0, nobody = 0;
    for (uint32_t block = 0; block < BLOCKS; block++) {
        sample(&e, &p, block, HL_BLOCK_TRIALS);
        for (size_t i = 0; i < e.count; i++) {
            bool second = i > 0 && e.hits[i].index == e.hits[i - 1].index && e.hits[i].trial == e.hits[i - 1].trial;
            events += !second;
            both += second;
            nobody += e.hits[i].target == HL_NO_TARGET;
            if (e.hits[i].target != HL_NO_TARGET)
                hits[e.hits[i].target]++;
        }
    }
    double mean = 0.2 * BLOCKS * HL_BLOCK_TRIALS;
    cr_expect(fabs(events - mean) < 4 * sqrt(mean), "%g events, %g expected", events, mean);
    const struct {
        const char *what;
        double got, p;
    } rows[] = {{"ape", hits[0], 0.4}, {"bee", hits[1], 0.4}, {"both", both, 0.16}, {"nobody", nobody, 0.36}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(fabs(rows[i].got / events - rows[i].p) < 4 * sqrt(rows[i].p * (1 - rows[i].p) / events), "%s: %g",
                  rows[i].what, rows[i].got / events);
    hl_plan_free(&p);
    hl_events_free(&e);
}

Test(events, hit_of_0_and_1) {
    static struct engine f;
    static struct hl_events e;
    for (int hit = 0; hit <= 1; hit++) {
        struct hl_plan p;
        engine_start(&f);
        size_t keyco = engine_vendor(&f, "keyco");
        engine_asset(&f, "BTC");
        engine_asset(&f, "ETH");
        make_exchange(&f, "ape", keyco, 0, false);
        engine_breach(&f, HL_VECTOR_third_party_compromise, 0.5, keyco)->hit = hit;
        engine_plan(&p, &f);
        sample(&e, &p, 0, HL_BLOCK_TRIALS);
        cr_assert(e.count > 1500 && e.count < 2600);
        for (size_t i = 0; i < e.count; i++)
            cr_assert_eq(e.hits[i].target, hit == 1 ? 0 : HL_NO_TARGET);
        hl_plan_free(&p);
    }
    hl_events_free(&e);
}

/* A vendor without clients has events, and they hit nobody. */
Test(events, a_vendor_without_clients) {
    static struct engine f;
    static struct hl_events e;
    struct hl_plan p;
    engine_start(&f);
    engine_exchange(&f, "ape");
    engine_asset(&f, "BTC");
    engine_holding(&f, 0, 0, HL_HOT, 5);
    engine_breach(&f, HL_VECTOR_third_party_compromise, 0.5, engine_vendor(&f, "keyco"));
    engine_plan(&p, &f);
    sample(&e, &p, 0, HL_BLOCK_TRIALS);
    cr_assert(e.count > 1500);
    for (size_t i = 0; i < e.count; i++)
        cr_assert_eq(e.hits[i].target, HL_NO_TARGET);
    hl_plan_free(&p);
    hl_events_free(&e);
}

/* Told apart, an event's hits at one exchange keep their distances in trials and everything else; those at two
 * exchanges fall together no more often than by chance. */
Test(events, vendors_apart) {
    static struct engine f;
    static struct hl_events together, apart;
    struct hl_plan p;
    struct hl_error err = {0};
    make(&f, &p, (struct variant){.graph = true});
    size_t sampling = hl_plan_sampling(&p, HL_VENDORS_APART);
    cr_assert_neq(sampling, HL_NONE);
    size_t pairs[2] = {0};
    for (uint32_t block = 0; block < 4; block++) {
        sample(&together, &p, block, HL_BLOCK_TRIALS);
        cr_assert(hl_events_sample(&apart, &p, sampling, block, HL_BLOCK_TRIALS, &err) == HL_OK);
        cr_assert_eq(together.count, apart.count);
        for (size_t x = 0; x < 2; x++) {
            int offset = -1;
            for (size_t i = 0; i < together.count; i++) {
                const struct hl_hit *a = &together.hits[i], *b = NULL;
                if (a->target == HL_NO_TARGET || strcmp(exchange_of(&p, a), exchanges[x]) != 0)
                    continue;
                for (size_t k = 0; k < apart.count && b == NULL; k++)
                    if (apart.hits[k].stream == a->stream && apart.hits[k].index == a->index &&
                        apart.hits[k].target == a->target)
                        b = &apart.hits[k];
                cr_assert(b != NULL && b->size == a->size && b->pick == a->pick && b->day == a->day);
                int moved = (b->trial - a->trial + HL_BLOCK_TRIALS) % HL_BLOCK_TRIALS;
                if (p.sources[a->source].vendor == HL_NONE) {
                    cr_assert_eq(moved, 0, "an own source stays");
                    continue;
                }
                offset = offset < 0 ? moved : offset;
                cr_assert_eq(moved, offset, "one offset for the exchange and the block");
            }
        }
        const struct hl_events *const ways[] = {&together, &apart};
        for (size_t w = 0; w < 2; w++)
            for (size_t i = 0; i < ways[w]->count; i++)
                for (size_t k = i + 1; k < ways[w]->count && ways[w]->hits[k].trial == ways[w]->hits[i].trial; k++) {
                    const struct hl_hit *a = &ways[w]->hits[i], *b = &ways[w]->hits[k];
                    bool one_event = a->stream == b->stream && a->index == b->index;
                    pairs[w] += one_event && exchange_of(&p, a) != exchange_of(&p, b);
                }
    }
    cr_expect(pairs[0] > 400, "%zu events at two exchanges", pairs[0]);
    cr_expect(pairs[1] < 5, "%zu still at two exchanges", pairs[1]);
    hl_plan_free(&p);
    hl_events_free(&together);
    hl_events_free(&apart);
}

/* --- the days of a breach, drains, shares by asset -----------------------------------------------------------------
 */

/* ape with hot BTC and ETH, an own breach 0 of uniform shares that comes four times a year, and an insider beside it.
 */
static struct hl_breach *make_days(struct engine *f) {
    engine_start(f);
    size_t ape = engine_exchange(f, "ape"), btc = engine_asset(f, "BTC"), eth = engine_asset(f, "ETH");
    engine_holding(f, ape, btc, HL_HOT, 1e6);
    engine_holding(f, ape, eth, HL_HOT, 1e6);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 4, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 1}};
    engine_breach(f, HL_VECTOR_insider, 1, HL_NONE)->size = b->size;
    return b;
}

static const struct hl_time lognormal_days = {.law = {.family = &hl_severity_lognormal, .p = {20, 1}}};

/* Dwell, a chance to be found and a time to discovery, on one breach: its events keep their addresses, entries and
 * sizes, the insider's stay what they were. */
Test(events, days_of_a_breach) {
    static struct engine f, g;
    static struct hl_events a, b;
    struct hl_plan p, q;
    make_days(&f);
    engine_plan(&p, &f);
    struct hl_breach *breach = make_days(&g);
    breach->dwell.days = 73;
    breach->found_per_year = 2;
    breach->noticed_after = lognormal_days;
    engine_plan(&q, &g);
    sample(&a, &p, 0, HL_BLOCK_TRIALS);
    sample(&b, &q, 0, HL_BLOCK_TRIALS);
    cr_assert_eq(a.count, b.count);
    double hits = 0, found = 0, late = 0;
    for (size_t i = 0; i < b.count; i++) {
        struct hl_hit h = b.hits[i];
        if (h.found) {
            cr_assert(h.target == HL_NO_TARGET && h.source == 0);
            h.target = 0;
        }
        const struct hl_hit *same = twin_of(&a, &h);
        cr_assert(same != NULL && same->day == h.entry_day && same->notice_days == 0 && !same->found);
        cr_assert(h.found || h.size == same->size);
        cr_assert(h.day == h.entry_day + (h.source == 0 ? 73 : 0) && (h.source == 0 || h.notice_days == 0));
        hits += h.source == 0;
        found += h.found;
        late += h.notice_days > 20;
    }
    double p_found = 1 - exp(-2 * 73.0 / 365);
    cr_expect(fabs(found / hits - p_found) < 4 * sqrt(p_found * (1 - p_found) / hits), "%g of %g", found, hits);
    cr_expect(fabs(late / hits - 0.5) < 4 * sqrt(0.25 / hits), "%g of %g above the median", late, hits);
    hl_events_free(&a);
    hl_events_free(&b);
    hl_plan_free(&p);
    hl_plan_free(&q);
}

/* A drain's size is its speed, its time the time to detection; controls multiply both, and shares and amounts. */
Test(events, drains_and_controls) {
    static struct engine f;
    static struct hl_events e;
    struct hl_plan p;
    struct hl_breach *b = make_days(&f);
    b->size.family = NULL;
    b->drain = (struct hl_drain){.amount_per_day = 40, .detected_after = lognormal_days};
    engine_plan(&p, &f);
    sample(&e, &p, 0, HL_BLOCK_TRIALS);
    double logs = 0, squares = 0, hits = 0;
    for (size_t i = 0; i < e.count; i++) {
        if (e.hits[i].source != 0)
            continue;
        cr_assert_eq(e.hits[i].size, 40);
        double x = log(e.hits[i].notice_days / 20);
        logs += x;
        squares += x * x;
        hits++;
    }
    cr_expect(fabs(logs / hits) < 4 / sqrt(hits) && fabs(squares / hits - 1) < 4 * sqrt(2 / hits));
    double days = e.hits[0].notice_days, size = 0;
    size_t insider = 0;
    while (e.hits[insider].source == 0)
        insider++;
    size = e.hits[insider].size;
    p.sources[0].targets[0].taken_factor = p.sources[1].targets[0].taken_factor = 0.5;
    p.sources[0].targets[0].detection_factor = 0.25;
    sample(&e, &p, 0, HL_BLOCK_TRIALS);
    cr_expect(e.hits[insider].size == size / 2, "a share");
    for (size_t i = 0; i < e.count; i++)
        cr_assert(e.hits[i].source != 0 || (e.hits[i].size == 20 && e.hits[i].notice_days <= HL_TIME_DAYS_MOST));
    cr_expect(e.hits[0].source != 0 || e.hits[0].notice_days == days / 4);
    hl_events_free(&e);
    hl_plan_free(&p);
}

/* The cap comes after what the controls make of an amount; who draws more than the cap takes the cap. */
Test(events, amounts_with_a_cap) {
    static struct engine f;
    static struct hl_events e, capped;
    struct hl_plan p;
    struct hl_breach *b = make_days(&f);
    b->size = (struct hl_distribution){.family = &hl_severity_lognormal, .p = {300, 1.5}};
    engine_plan(&p, &f);
    p.sources[0].targets[0].taken_factor = 0.5;
    sample(&e, &p, 0, HL_BLOCK_TRIALS);
    hl_plan_free(&p);
    b->amount_most = 150;
    engine_plan(&p, &f);
    p.sources[0].targets[0].taken_factor = 0.5;
    sample(&capped, &p, 0, HL_BLOCK_TRIALS);
    size_t at_cap = 0, below = 0;
    for (size_t i = 0; i < e.count; i++) {
        double want = e.hits[i].source == 0 ? fmin(e.hits[i].size, 150) : e.hits[i].size;
        cr_assert_eq(capped.hits[i].size, want);
        at_cap += e.hits[i].source == 0 && want == 150;
        below += e.hits[i].source == 0 && want < 150;
    }
    cr_expect(at_cap > 10 && below > 10, "%zu at the median times the control, %zu below", at_cap, below);
    hl_events_free(&e);
    hl_events_free(&capped);
    hl_plan_free(&p);
}

/* Shares by asset are uniform; tied by rho, two of them have Spearman's correlation 6 / pi asin(rho / 2). */
Test(events, shares_by_asset) {
    static const double rhos[] = {0, 0.5, 1};
    for (size_t r = 0; r < COUNT_OF(rhos); r++) {
        static struct engine f;
        static struct hl_events e;
        struct hl_plan p;
        make_days(&f)->by_asset = (struct hl_copula){.family = &hl_copula_gaussian, .p = {rhos[r]}};
        engine_plan(&p, &f);
        sample(&e, &p, 0, HL_BLOCK_TRIALS);
        double n = 0, sum = 0, product = 0;
        for (size_t i = 0; i < e.count; i++) {
            const struct hl_hit *h = &e.hits[i];
            cr_assert((h->sizes != NULL) == (h->source == 0));
            if (h->source != 0)
                continue;
            cr_assert(rhos[r] < 1 || (h->sizes[0] == h->size && h->sizes[1] == h->size), "one share for all");
            n++;
            sum += h->sizes[1];
            product += (h->sizes[0] - 0.5) * (h->sizes[1] - 0.5) * 12;
        }
        double want = 6 / acos(-1) * asin(rhos[r] / 2);
        cr_expect(fabs(sum / n - 0.5) < 4 / sqrt(12 * n), "mean %g", sum / n);
        cr_expect(fabs(product / n - want) < 4 * 1.2 / sqrt(n), "rho %g: %g, not %g", rhos[r], product / n, want);
        hl_events_free(&e);
        hl_plan_free(&p);
    }
}

/* The share that customers withdraw is drawn apart: with a run in the scenario all else stays. */
Test(events, a_run_moves_no_event) {
    static struct engine f, g;
    static struct hl_events a, b;
    struct hl_plan p, q;
    make_days(&f);
    engine_plan(&p, &f);
    make_days(&g);
    g.s.run = (struct hl_run_terms){.any = true, .size = {.family = &hl_severity_uniform, .p = {0, 1}}};
    engine_plan(&q, &g);
    sample(&a, &p, 0, HL_BLOCK_TRIALS);
    sample(&b, &q, 0, HL_BLOCK_TRIALS);
    cr_assert_eq(a.count, b.count);
    double mean = 0;
    for (size_t i = 0; i < a.count; i++) {
        cr_assert(same_event(&a.hits[i], &b.hits[i]) && a.hits[i].withdrawn == 0);
        mean += b.hits[i].withdrawn / (double)b.count;
    }
    cr_expect(fabs(mean - 0.5) < 4 / sqrt(12 * (double)b.count), "%g", mean);
    hl_events_free(&a);
    hl_events_free(&b);
    hl_plan_free(&p);
    hl_plan_free(&q);
}
