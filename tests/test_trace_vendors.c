/* Breaches at vendors as a reader is told them. */
#include "results/trace_vendors.h"
#include "tests/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* cloud <- keyco, cloud <- shop. ape: 7 m with keyco; bee: 9 m with keyco and 1 m with shop; cat: 5 m with cloud. */
static void make(struct engine *f) {
    engine_start(f);
    size_t cloud = engine_vendor(f, "cloud"), keyco = engine_vendor(f, "keyco"), shop = engine_vendor(f, "shop");
    f->vendors[keyco].uses = f->vendors[shop].uses = &f->every[cloud];
    f->vendors[keyco].use_count = f->vendors[shop].use_count = 1;
    size_t btc = engine_asset(f, "BTC"), ape = engine_exchange(f, "ape"), bee = engine_exchange(f, "bee");
    engine_holding(f, ape, btc, HL_COLD, 7000000)->custodian = keyco;
    engine_holding(f, bee, btc, HL_COLD, 9000000)->custodian = keyco;
    engine_holding(f, bee, btc, HL_HOT, 1000000)->custodian = shop;
    engine_holding(f, engine_exchange(f, "cat"), btc, HL_COLD, 5000000)->custodian = cloud;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.01, cloud);
    b->passes = 0.5;
    b->hit = 0.6;
}

/* The story of the first trial with one breach at the vendor that has all of these words; NULL when none has. */
static char *story_with(const struct hl_plan *p, const char *const words[3]) {
    static struct hl_events e;
    static struct hl_claims c;
    struct hl_error err = {0};
    char *text = NULL;
    cr_assert(hl_events_sample(&e, p, 0, 0, HL_BLOCK_TRIALS, &err) == HL_OK);
    for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
        size_t count = e.first[trial + 1] - e.first[trial], size = 0;
        if (count == 0)
            continue;
        cr_assert(hl_claims_reserve(&c, p, count + 1, &err) == HL_OK);
        hl_claims_play(&c, p, 0, e.hits + e.first[trial], count);
        FILE *out = open_memstream(&text, &size);
        hl_trace_vendors(p, &e, &c, 0, trial, out);
        fclose(out);
        bool all = size > 0 && strstr(text + 1, "vendor cloud") == NULL; /* one breach, so that the words are of one */
        for (size_t i = 0; i < 3; i++)
            all = all && (words[i] == NULL || strstr(text, words[i]) != NULL);
        if (all)
            break;
        free(text);
        text = NULL;
    }
    hl_events_free(&e);
    hl_claims_free(&c);
    return text;
}

Test(trace_vendors, on_to_whom_hit_for_how_much_and_spared) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    f.breaches[0].count = engine_poisson(0.2);
    engine_plan(&p, &f);
    static const char *const rows[][3] = {
        {"goes on to what is built on it: keyco\n", "does not get to shop\n", "(7.00 m)"},
        {"goes on to what is built on it: shop\n", "does not get to keyco\n", "bee through shop (1.00 m)"},
        {"hits 1 of 3 clients: cat through cloud (5.00 m)\n", "spares ape, bee\n", NULL},
        {"bee through keyco and shop (10.0 m)", NULL, NULL},
        {"hits 3 of 3 clients: ape through keyco (7.00 m),", "cat through cloud (5.00 m)\n", NULL},
        {"spares ape, bee, cat\n", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = story_with(&p, rows[i]);
        cr_expect(text != NULL, "row %zu: nobody tells it", i);
        cr_expect(text == NULL || strncmp(text, "vendor cloud\n  day ", 19) == 0, "row %zu: %s", i, text);
        free(text);
    }
    hl_plan_free(&p);
}

Test(trace_vendors, found_in_time_and_an_exchange_of_its_own) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    engine_breach(&f, HL_VECTOR_insider, 0.5, HL_NONE);
    f.breaches[0].count = engine_poisson(0.2);
    f.breaches[0].dwell.days = 365;
    f.breaches[0].found_per_year = 1000;
    engine_plan(&p, &f);
    char *text = story_with(&p, (const char *const[3]){": found before anything was taken\n"});
    cr_expect(text != NULL && strstr(text, "hits") == NULL && strstr(text, "spares") == NULL, "%s", text);
    free(text);
    cr_expect(story_with(&p, (const char *const[3]){"insider"}) == NULL, "told with its exchange");
    hl_plan_free(&p);
}
