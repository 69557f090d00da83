/* A case played again: what is found beside the record, and what is told of it. */
#include "results/replay.h"
#include "results/words.h"
#include "tests/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* ape loses 1,000 m of hot coins on day 3 and is paid 400 m at once and 500 m after ten days; 100 m are never paid. */
struct replayed {
    struct engine f;
    struct hl_plan plan;
    double paid[ENGINE_MOST];
    struct hl_fact facts[2];
};

static void make(struct replayed *r) {
    struct engine *f = &r->f;
    engine_start(f);
    f->s.title = "Ape, 1 March 2024";
    f->s.description = "A wallet was emptied.";
    f->s.starts_on = "2024-02-27";
    size_t ape = engine_exchange(f, "ape"), btc = engine_asset(f, "BTC");
    engine_holding(f, ape, btc, HL_HOT, 1000000000);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_on, .p = {3}, .low = 3, .high = 3};
    engine_fund(f, HL_FUND_reserve, 400000000);
    engine_fund(f, HL_FUND_parent, 500000000)->after_days = 10;
    r->facts[0] = (struct hl_fact){"1,000 m left", "the press", "high"};
    r->facts[1] = (struct hl_fact){"nobody knows how", "us", "assumption"};
    f->s.facts = r->facts;
    f->s.fact_count = 2;
    r->paid[0] = 400000000;
    r->paid[1] = 490000000;
    f->s.expected = (struct hl_expected){true, INFINITY, 100000000, r->paid, 0.01};
}

static struct hl_replay play(struct replayed *r) {
    struct hl_replay out;
    struct hl_error err = {0};
    engine_plan(&r->plan, &r->f);
    cr_assert(hl_replay_play(&out, &r->plan, &err) == HL_OK);
    return out;
}

Test(replay, what_is_found) {
    static struct replayed r;
    make(&r);
    struct hl_replay p = play(&r);
    cr_expect(p.sums.claims == 1 && p.sums.day == 3 && p.sums.gross == 1e9 && p.sums.owed == 1e9);
    cr_expect(p.sums.claim == 1e9 && p.sums.shortfall == 1e8 && p.sums.haircut == 1e8);
    cr_expect(p.sums.days_until_whole == HL_NEVER && p.sums.paid[0] == 4e8 && p.sums.paid[1] == 5e8);
    cr_expect(p.check_count == 4 && p.differing == 0, "1 %% of 1,000 m is 10 m, and 490 m are that far off");
    hl_replay_free(&p);
    hl_plan_free(&r.plan);
}

Test(replay, what_differs) {
    static const struct {
        double whole, lose, paid, tolerance;
        size_t checks, differing;
    } rows[] = {
        {INFINITY, 100000000, 490000000, 0.01, 4, 0},
        {INFINITY, 100000000, 489999999, 0.01, 4, 1},
        {INFINITY, 100000000, 510000001, 0.01, 4, 1},
        {10, 0, 500000000, 0, 4, 2},
        {NAN, NAN, NAN, 0, 1, 0},
        {INFINITY, 99999999, 500000000, 0, 4, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct replayed r;
        make(&r);
        r.paid[1] = rows[i].paid;
        r.f.s.expected = (struct hl_expected){true, rows[i].whole, rows[i].lose, r.paid, rows[i].tolerance};
        struct hl_replay p = play(&r);
        cr_expect(p.check_count == rows[i].checks && p.differing == rows[i].differing, "row %zu: %zu", i, p.differing);
        hl_replay_free(&p);
        hl_plan_free(&r.plan);
    }
}

static char *told(const struct hl_replay *p) {
    char *text = NULL;
    size_t size = 0;
    struct hl_error err = {0};
    FILE *out = open_memstream(&text, &size);
    cr_expect(hl_replay_print(p, out, &err) == HL_OK);
    fclose(out);
    return text;
}

Test(replay, what_is_told) {
    static struct replayed r;
    make(&r);
    struct hl_replay p = play(&r);
    char *text = told(&p);
    static const char *const lines[] = {
        "Ape, 1 March 2024\n=================\nA wallet was emptied.\n",
        "\n* 1,000 m left\n    high confidence: the press\n* nobody knows how\n    assumption: us\n",
        "\nape\n  2024-03-01  theft 1: hot_wallet_drain\n              taken 1.00 bn JPY\n",
        "\n  2024-03-01  reserve pays 400 m (theft 1); unpaid 600 m\n",
        "\n  2024-03-11  parent pays 500 m (theft 1); unpaid 100 m\n",
        "\n                                      found      on record\n"
        "customers whole after                 never          never\n"
        "customers lose                        100 m          100 m\n"
        "reserve                 bore          400 m          400 m\n"
        "parent                  bore          500 m          490 m\n"
        "It came out as it did, within 1 % of what customers were owed.\n",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        cr_expect(strstr(text, lines[i]) != NULL, "no \"%s\" in\n%s", lines[i], text);
    free(text);
    p.differing = 2;
    text = told(&p);
    cr_expect(strstr(text, "\n2 of 4 differ (money by more than 1 % of what customers were owed).\n") != NULL, "%s",
              text);
    free(text);
    hl_replay_free(&p);
    hl_plan_free(&r.plan);
}

/* Two exchanges that are robbed on different days: sums of both, the first day, the longer wait. */
Test(replay, sums_of_several_exchanges) {
    static struct replayed r;
    make(&r);
    struct engine *f = &r.f;
    size_t bee = engine_exchange(f, "bee");
    engine_holding(f, bee, 0, HL_HOT, 300000000);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0, HL_NONE);
    b->name = "second";
    b->count = (struct hl_count){.family = &hl_frequency_on, .p = {2}, .low = 2, .high = 2};
    b->at = &f->every[bee];
    b->at_count = 1;
    f->funds[0].at_count = f->funds[1].at_count = 2;
    f->funds[1].amount.value = 600000000;
    f->s.expected.any = false;
    struct hl_replay p = play(&r);
    cr_expect(p.sums.claims == 2 && p.sums.day == 2 && p.sums.owed == 1.3e9, "%zu %d %g", p.sums.claims, p.sums.day,
              p.sums.owed);
    cr_expect(p.sums.paid[0] == 7e8 && p.sums.paid[1] == 6e8, "%g %g", p.sums.paid[0], p.sums.paid[1]);
    cr_expect(p.sums.days_until_whole == 10 && p.sums.haircut == 0 && p.check_count == 0);
    hl_replay_free(&p);
    hl_plan_free(&r.plan);
}
