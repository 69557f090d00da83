/* Lone claims that cash leaves short: the same rows, bit for bit, as from the full ledger. */
#include "engine/run.h"
#include "engine/scarce.h"
#include "stats/ladder.h"
#include "tests/engine_fixture.h"

/* One exchange and its vendor, two sources and a few hundred breaches. */
static void make(struct engine *f, bool restored) {
    engine_start(f);
    f->s.trials = 9000;
    f->s.wallets_restored = restored;
    size_t keyco = engine_vendor(f, "keyco"), btc = engine_asset(f, "BTC");
    engine_exchange(f, "ape");
    engine_holding(f, 0, btc, HL_HOT, 40000);
    engine_holding(f, 0, btc, HL_COLD, 900000)->custodian = keyco;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.4, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.9}};
    b->count.low = 0.2;
    b->count.high = 0.6;
    engine_breach(f, HL_VECTOR_third_party_compromise, 0.2, keyco)->size =
        (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 0.3}};
}

/* Does it apply to a plan's runs, as the swift way asks? */
static bool applies(const struct hl_plan *p) {
    struct hl_arena arena = {0};
    struct hl_scarce s;
    struct hl_error err = {0};
    struct hl_quiet quiet = hl_quiet_of(p, 0, 0);
    cr_assert(hl_scarce_make(&s, p, 0, &quiet, &arena, &err) == HL_OK);
    hl_arena_free(&arena);
    return s.applies && quiet.most > 0;
}

/* Runs both ways. Returns how many quantiles of the shortfall are positive. */
static size_t compare(const struct engine *f, bool scarce, int number) {
    struct hl_plan p;
    struct hl_result r[2];
    struct hl_error err = {0};
    size_t short_of = 0;
    engine_plan(&p, f);
    cr_expect(applies(&p) == scarce, "case %d", number);
    for (int full = 0; full < 2; full++) {
        struct hl_run_options options = hl_run_options_default();
        options.threads = 2;
        options.full_ledger = full != 0;
        cr_assert(hl_run(&r[full], &p, &options, &err) == HL_OK);
    }
    cr_assert_eq(r[0].row_count, r[1].row_count);
    for (size_t i = 0; i < r[0].row_count; i++) {
        const struct hl_row *x = &r[0].rows[i], *y = &r[1].rows[i];
        cr_assert(hl_row_compare(x, y) == 0 && hl_bits(x->value) == hl_bits(y->value) &&
                      hl_bits(x->low) == hl_bits(y->low) && hl_bits(x->high) == hl_bits(y->high),
                  "case %d: %s of %s, %s, %s: %g, not %g", number, hl_metric_names[x->key.metric],
                  hl_perspective_names[x->key.perspective], r[0].entities[x->key.entity].name,
                  hl_basis_names[x->key.basis], x->value, y->value);
        short_of += x->key.perspective == HL_SHORTFALL && x->key.metric == HL_VAR && x->value > 0;
    }
    hl_result_free(&r[0]);
    hl_result_free(&r[1]);
    hl_plan_free(&p);
    return short_of;
}

Test(scarce, gives_the_full_ledgers_rows) {
    static const struct {
        double reserve, capital, second; /* quanta; own capital is not earmarked */
        int days;                        /* until coins are bought back */
        bool restored;
    } rows[] = {
        {20000, 0, 0, 0, true},        {20000, 0, 0, 0, false},        {20000, 30000, 0, 9, true},
        {20000, 30000, 5000, 9, true}, {10000, 200000, 5000, 0, true}, {90000000, 0, 0, 0, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct engine f;
        make(&f, rows[i].restored);
        f.s.buy_back_after_days = rows[i].days;
        f.claim_terms[0] = (struct hl_claim_terms){.share = {[HL_IN_KIND] = 1}, .fixed_price = 1};
        engine_fund(&f, HL_FUND_reserve, rows[i].reserve);
        if (rows[i].capital > 0)
            engine_fund(&f, HL_FUND_own_capital, rows[i].capital);
        if (rows[i].second > 0)
            engine_fund(&f, HL_FUND_reserve, rows[i].second);
        size_t short_of = compare(&f, true, (int)i);
        cr_expect(rows[i].reserve > 1e7 ? short_of == 0 : short_of > 0, "row %zu: %zu", i, short_of);
    }
}

Test(scarce, what_is_not_told_by_the_amount) {
    static const char *const what[] = {"two exchanges", "insurance", "money on two days", "house coins"};
    for (int i = 0; i < 4; i++) {
        static struct engine f;
        make(&f, true);
        if (i == 0) {
            engine_exchange(&f, "bee");
            engine_holding(&f, 1, 0, HL_HOT, 40000);
        }
        engine_fund(&f, HL_FUND_reserve, 20000);
        if (i == 1)
            engine_fund(&f, HL_FUND_insurance, 30000)->layer.attachment = 10000;
        if (i == 2)
            engine_fund(&f, HL_FUND_own_capital, 30000)->after_days = 9;
        if (i == 3)
            engine_holding(&f, 0, 0, HL_HOT, 50)->owner = HL_OWNER_HOUSE;
        cr_expect(compare(&f, false, i) > 0, "%s", what[i]);
    }
}
