/* A vendor's breach: which clients it hits, and how badly. */
#include "engine/clients.h"
#include "tests/engine_fixture.h"

#include <gsl/gsl_cdf.h>

enum { CLIENTS = 6, EVENTS = 40000 };

/* A component, a vendor built on it, and CLIENTS clients of the vendor; one client of the component. */
static struct hl_breach *make(struct engine *f) {
    static const char *const ids[] = {"ape", "bee", "cat", "dog", "elk", "fox"};
    engine_start(f);
    size_t cloud = engine_vendor(f, "cloud"), keyco = engine_vendor(f, "keyco"), btc = engine_asset(f, "BTC");
    f->vendors[keyco].uses = &f->every[cloud];
    f->vendors[keyco].use_count = 1;
    for (size_t i = 0; i < CLIENTS; i++)
        engine_holding(f, engine_exchange(f, ids[i]), btc, HL_COLD, 100)->custodian = keyco;
    engine_holding(f, engine_exchange(f, "gnu"), btc, HL_COLD, 100)->custodian = cloud;
    engine_breach(f, HL_VECTOR_third_party_compromise, 0.1, cloud)->name = "below";
    return engine_breach(f, HL_VECTOR_third_party_compromise, 0.1, keyco);
}

static size_t hit(const struct hl_plan *p, uint32_t source, uint32_t event, struct hl_client *out) {
    return hl_clients_hit(p, 0, source, p->sources[source].stream, 0, event, NULL, 0, out);
}

/* P(exactly k of 6 are hit) = C(6, k) h^k (1 - h)^(6 - k). */
Test(clients, as_many_as_by_a_binomial) {
    const double h = 0.3, choose[] = {1, 6, 15, 20, 15, 6, 1};
    struct engine f;
    struct hl_plan p;
    struct hl_client out[CLIENTS];
    make(&f)->hit = h;
    engine_plan(&p, &f);
    double counts[CLIENTS + 1] = {0}, distance = 0;
    for (uint32_t i = 0; i < EVENTS; i++)
        counts[hit(&p, 1, i, out)]++;
    for (size_t k = 0; k <= CLIENTS; k++) {
        double want = EVENTS * choose[k] * pow(h, (double)k) * pow(1 - h, (double)(CLIENTS - k));
        distance += (counts[k] - want) * (counts[k] - want) / want;
    }
    cr_expect(distance < gsl_cdf_chisq_Qinv(1e-4, CLIENTS), "chi-square %g", distance);
    hl_plan_free(&p);
}

static void expect_share(size_t hits, double want, const char *what) {
    double p = (double)hits / EVENTS;
    cr_expect(fabs(p - want) < 4 * sqrt(want * (1 - want) / EVENTS), "%s: %g, not %g", what, p, want);
}

/* Through the component a client of the vendor is hit with probability passes x hit, two at once with passes x hit^2;
 * the component's own client with hit. */
Test(clients, through_a_component) {
    const double h = 0.5, pass = 0.4;
    struct engine f;
    struct hl_plan p;
    struct hl_client out[CLIENTS + 1];
    make(&f);
    f.breaches[0].hit = h;
    f.breaches[0].passes = pass;
    engine_plan(&p, &f);
    cr_assert_eq(p.sources[0].target_count, CLIENTS + 1);
    size_t first = 0, both = 0, own = 0;
    for (uint32_t i = 0; i < EVENTS; i++) {
        bool is_hit[CLIENTS + 1] = {false};
        for (size_t k = hit(&p, 0, i, out); k-- > 0;)
            is_hit[out[k].target] = true;
        first += is_hit[0];
        both += is_hit[0] && is_hit[1];
        own += is_hit[CLIENTS];
    }
    expect_share(first, pass * h, "a client of the vendor");
    expect_share(both, pass * h * h, "two of them");
    expect_share(own, h, "the component's own client");
    hl_plan_free(&p);
}

/* Two ways up, each of two links that are open or closed by themselves: 1 - (1 - p^2)^2. */
Test(clients, through_either_of_two_vendors) {
    const double pass = 0.6;
    struct engine f;
    struct hl_plan p;
    struct hl_client out[1];
    engine_start(&f);
    size_t cloud = engine_vendor(&f, "cloud"), left = engine_vendor(&f, "left");
    engine_vendor(&f, "right");
    size_t shop = engine_vendor(&f, "shop");
    f.vendors[left].uses = f.vendors[left + 1].uses = &f.every[cloud];
    f.vendors[shop].uses = &f.every[left]; /* and the next */
    f.vendors[left].use_count = f.vendors[left + 1].use_count = 1;
    f.vendors[shop].use_count = 2;
    engine_holding(&f, engine_exchange(&f, "ape"), engine_asset(&f, "BTC"), HL_COLD, 100)->custodian = shop;
    engine_breach(&f, HL_VECTOR_third_party_compromise, 0.1, cloud)->passes = pass;
    engine_plan(&p, &f);
    size_t hits = 0;
    for (uint32_t i = 0; i < EVENTS; i++)
        hits += hit(&p, 0, i, out);
    expect_share(hits, 1 - (1 - pass * pass) * (1 - pass * pass), "the shop's client");
    hl_plan_free(&p);
}

/* A control at one client halves its probability and nobody else's; no factor makes it more than certain. */
Test(clients, what_a_control_makes_of_it) {
    struct engine f;
    struct hl_plan p;
    struct hl_client out[CLIENTS];
    make(&f)->hit = 0.6;
    engine_plan(&p, &f);
    p.sources[1].targets[0].hit_factor = 0.5;
    p.sources[1].targets[2].hit_factor = 3;
    size_t hits[CLIENTS] = {0};
    for (uint32_t i = 0; i < EVENTS; i++)
        for (size_t k = hit(&p, 1, i, out); k-- > 0;)
            hits[out[k].target]++;
    expect_share(hits[0], 0.3, "with the control");
    expect_share(hits[1], 0.6, "without");
    cr_expect_eq(hits[2], EVENTS);
    hl_plan_free(&p);
}

/* The copula leaves who is hit alone. Without correlation damage is as without copula, to the last bit; with full
 * correlation all clients of one event are hurt alike, and by another event otherwise. */
Test(clients, damage_tied_by_a_copula) {
    struct engine f;
    struct hl_plan none, loose, tight;
    struct hl_client a[CLIENTS], b[CLIENTS], c[CLIENTS];
    struct hl_breach *breach = make(&f);
    breach->hit = 0.5;
    engine_plan(&none, &f);
    breach->copula = (struct hl_copula){.family = &hl_copula_gaussian, .p = {0}};
    engine_plan(&loose, &f);
    breach->copula.p[0] = 1;
    engine_plan(&tight, &f);
    double last = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        size_t count = hit(&none, 1, i, a);
        cr_assert(hit(&loose, 1, i, b) == count && hit(&tight, 1, i, c) == count);
        for (size_t k = 0; k < count; k++) {
            cr_assert(a[k].target == b[k].target && a[k].v == b[k].v && a[k].target == c[k].target);
            cr_assert(c[k].v == c[0].v && (k == 0 || a[k].v != a[0].v));
        }
        if (count > 0) {
            cr_assert_neq(c[0].v, last);
            last = c[0].v;
        }
    }
    hl_plan_free(&none);
    hl_plan_free(&loose);
    hl_plan_free(&tight);
}

/* Turned around the block by a whole number of trials, one for each exchange and block. */
Test(clients, told_apart) {
    struct engine f;
    struct hl_plan p;
    make(&f);
    engine_holding(&f, 0, 0, HL_HOT, 100)->custodian = 0; /* ape is a client of the component too */
    engine_plan(&p, &f);
    const struct hl_target *ape = &p.sources[1].targets[0], *bee = &p.sources[1].targets[1];
    int offset = -1;
    for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
        double place = hl_place_apart(hl_place_of(trial), hl_apart_offset(&p, ape, 3));
        int moved = ((int)(place * HL_BLOCK_TRIALS) - (int)trial + HL_BLOCK_TRIALS) % HL_BLOCK_TRIALS;
        cr_assert(place >= 0 && place < 1);
        cr_assert(offset < 0 || offset == moved);
        offset = moved;
    }
    for (size_t k = 0; k < 2; k++)
        cr_expect(p.sources[0].targets[k].exchange == 0 &&
                      hl_place_apart(0.5, hl_apart_offset(&p, ape, 3)) ==
                          hl_place_apart(0.5, hl_apart_offset(&p, &p.sources[0].targets[k], 3)),
                  "one for the exchange, whatever the source and the vendor");
    cr_expect(hl_place_apart(0.5, hl_apart_offset(&p, ape, 3)) != hl_place_apart(0.5, hl_apart_offset(&p, bee, 3)));
    cr_expect(hl_place_apart(0.5, hl_apart_offset(&p, ape, 3)) != hl_place_apart(0.5, hl_apart_offset(&p, ape, 4)));
    hl_plan_free(&p);
}
