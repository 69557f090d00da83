/* What a day brings to wallets: refills, new years, customers who leave. */
#include "engine/wallets.h"
#include "tests/engine_fixture.h"

/* ape holds customers' BTC: hot 100 (cell 0), warm 50 (2), cold 70 in two wallets (4, 5), and ETH hot 40 (6); of its
 * own BTC hot 30 (8) and cold 10 (10). */
struct world {
    struct engine f;
    struct hl_plan p;
    struct hl_wallets w;
};

static void start(struct world *w) {
    memset(w, 0, sizeof *w);
    engine_start(&w->f);
    size_t ape = engine_exchange(&w->f, "ape"), btc = engine_asset(&w->f, "BTC"), eth = engine_asset(&w->f, "ETH");
    engine_holding(&w->f, ape, btc, HL_HOT, 100);
    engine_holding(&w->f, ape, btc, HL_WARM, 50);
    struct hl_holding *cold = engine_holding(&w->f, ape, btc, HL_COLD, 70);
    cold->wallets = 2;
    cold->largest_share = 60.0 / 70;
    engine_holding(&w->f, ape, eth, HL_HOT, 40);
    engine_holding(&w->f, ape, btc, HL_HOT, 30)->owner = HL_OWNER_HOUSE;
    engine_holding(&w->f, ape, btc, HL_COLD, 10)->owner = HL_OWNER_HOUSE;
    engine_breach(&w->f, HL_VECTOR_insider, 1, HL_NONE);
}

static void make(struct world *w) {
    struct hl_error err = {0};
    engine_plan(&w->p, &w->f);
    cr_assert(hl_wallets_make(&w->w, &w->p, &err) == HL_OK);
}

static void stop(struct world *w) {
    hl_wallets_free(&w->w);
    hl_plan_free(&w->p);
}

/* Empties the cells [count] on the day. */
static void take(struct world *w, double day, const uint32_t *cells, size_t count) {
    hl_wallets_open_day(&w->w, 0, day);
    for (size_t i = 0; i < count; i++)
        hl_wallets_take(&w->w, cells[i], day, w->w.left[cells[i]]);
}

Test(wallets, refilled_from_cold) {
    static const struct {
        const char *what;
        double after, looked_at;
        size_t count;
        uint32_t emptied[3]; /* on day 10 */
        double hot, warm, largest, other, eth, own, own_cold;
    } rows[] = {
        {"never", INFINITY, 300, 1, {0}, 0, 50, 60, 10, 40, 30, 10},
        {"not yet", 7, 16.9, 1, {0}, 0, 50, 60, 10, 40, 30, 10},
        {"all that is cold", 7, 17, 1, {0}, 70, 50, 0, 0, 40, 30, 10},
        {"warm is filled after hot, from the largest wallet first", 7, 17, 1, {2}, 100, 50, 10, 10, 40, 30, 10},
        {"the one in front first", 7, 17, 2, {0, 2}, 70, 0, 0, 0, 40, 30, 10},
        {"no coins of another kind", 7, 17, 1, {6}, 100, 50, 60, 10, 0, 30, 10},
        {"no coins of another's", 7, 17, 1, {8}, 100, 50, 60, 10, 40, 10, 0},
        {"what is cold is not refilled", 7, 17, 1, {4}, 100, 50, 0, 10, 40, 30, 10},
        {"at once", 0, 10, 1, {2}, 100, 50, 10, 10, 40, 30, 10},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct world w;
        start(&w);
        w.f.s.refill_after_days = rows[i].after;
        make(&w);
        for (int round = 0; round < 2; round++) { /* the next trial starts with everything in its place */
            hl_wallets_begin(&w.w);
            take(&w, 10, rows[i].emptied, rows[i].count);
            hl_wallets_open_day(&w.w, 0, rows[i].looked_at);
            const double *left = w.w.left;
            cr_expect(left[0] == rows[i].hot && left[2] == rows[i].warm && left[4] == rows[i].largest &&
                          left[5] == rows[i].other && left[6] == rows[i].eth && left[8] == rows[i].own &&
                          left[10] == rows[i].own_cold,
                      "%s: %g %g %g %g %g %g %g", rows[i].what, left[0], left[2], left[4], left[5], left[6], left[8],
                      left[10]);
        }
        stop(&w);
    }
}

/* What is taken is there again, also for the next take of the same day; who leaves takes coins along. */
Test(wallets, restored) {
    static struct world w;
    start(&w);
    w.f.s.wallets_restored = true;
    make(&w);
    for (int round = 0; round < 2; round++) {
        hl_wallets_begin(&w.w);
        take(&w, 10, (const uint32_t[]){0, 4, 0}, 3);
        cr_expect(w.w.left[0] == 100 && w.w.left[4] == 60);
        hl_wallets_withdraw(&w.w, 0, 0.5);
        take(&w, 11, (const uint32_t[]){0}, 1);
        cr_expect(w.w.left[0] == 50 && w.w.left[8] == 30);
    }
    stop(&w);
}

/* The clock runs from the first theft since the wallet was full. */
Test(wallets, refilled_again) {
    static struct world w;
    start(&w);
    w.f.s.refill_after_days = 7;
    make(&w);
    const uint32_t warm[] = {2};
    take(&w, 0, warm, 1);
    hl_wallets_open_day(&w.w, 0, 5);
    hl_wallets_take(&w.w, 0, 5, 15);
    hl_wallets_open_day(&w.w, 0, 8);
    cr_expect(w.w.left[2] == 50 && w.w.left[0] == 85 && w.w.left[4] == 10, "only the first is due");
    hl_wallets_take(&w.w, 2, 8, 5);
    hl_wallets_open_day(&w.w, 0, 12);
    cr_expect(w.w.left[0] == 100 && w.w.left[2] == 45 && w.w.left[4] == 0 && w.w.left[5] == 5, "the second is due");
    hl_wallets_open_day(&w.w, 0, 15);
    cr_expect(w.w.left[2] == 50 && w.w.left[5] == 0, "the third is due");
    stop(&w);
}

/* Two thefts from one wallet that was full before the first: a second one does not put the refill off. */
Test(wallets, a_later_theft_puts_no_refill_off) {
    static struct world w;
    start(&w);
    w.f.s.refill_after_days = 7;
    make(&w);
    hl_wallets_open_day(&w.w, 0, 0);
    hl_wallets_take(&w.w, 2, 0, 30);
    hl_wallets_open_day(&w.w, 0, 5);
    hl_wallets_take(&w.w, 2, 5, 10);
    hl_wallets_open_day(&w.w, 0, 6.9);
    cr_expect_eq(w.w.left[2], 10, "not yet");
    hl_wallets_open_day(&w.w, 0, 8);
    cr_expect(w.w.left[2] == 50 && w.w.left[4] == 20, "seven days after the first");
    stop(&w);
}

/* Growth 10 % a year; half the customers leave in year 2, and of them 40 % are back in year 3. */
Test(wallets, over_the_years) {
    static const struct {
        const char *what;
        bool fresh;
        double second, left, third, fourth; /* the hot wallet at the start of year 2, after the run, and later */
        double own_fourth;
    } rows[] = {{"carried", false, 110, 55, 85, 93, 40}, {"fresh", true, 100, 50, 100, 100, 30}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct world w;
        start(&w);
        w.f.s.horizon_days = 4 * 365;
        w.f.s.fresh = rows[i].fresh;
        w.f.s.run.comes_back = 0.4;
        w.f.exchanges[0].growth_per_year = 0.1;
        make(&w);
        const double *left = w.w.left;
        take(&w, 364.5, (const uint32_t[]){0, 4}, 2);
        hl_wallets_open_day(&w.w, 0, 364.9);
        cr_expect(left[0] == 0 && left[4] == 0, "gone for the year");
        hl_wallets_open_day(&w.w, 0, 365);
        cr_expect(left[0] == rows[i].second && left[8] == (rows[i].fresh ? 30 : 33), "%s: %g", rows[i].what, left[0]);
        hl_wallets_withdraw(&w.w, 0, 0.5);
        cr_expect(left[0] == rows[i].left && left[8] == (rows[i].fresh ? 30 : 33), "%s: %g", rows[i].what, left[0]);
        hl_wallets_open_day(&w.w, 0, 800);
        cr_expect(left[0] == rows[i].third, "%s: 100 · 1.21 · (0.5 + 0.5 · 0.4): %g", rows[i].what, left[0]);
        hl_wallets_open_day(&w.w, 0, 2000);
        cr_expect(left[0] == rows[i].fourth && left[8] == rows[i].own_fourth, "%s: %g", rows[i].what, left[0]);
        hl_wallets_begin(&w.w);
        cr_expect(left[0] == 100 && left[4] == 60 && left[8] == 30, "the next trial");
        stop(&w);
    }
}

Test(wallets, customers_by_tier) {
    static struct world w;
    start(&w);
    make(&w);
    hl_wallets_open_day(&w.w, 0, 1);
    cr_expect_eq(hl_wallets_customers(&w.w, 0, 1 << HL_HOT), 140);
    cr_expect_eq(hl_wallets_customers(&w.w, 0, 1 << HL_WARM | 1 << HL_COLD), 120);
    hl_wallets_withdraw(&w.w, 0, 0.3);
    cr_expect_eq(hl_wallets_customers(&w.w, 0, 7), 182);
    cr_expect(w.w.left[8] == 30 && w.w.left[10] == 10, "the firm's own stay");
    stop(&w);
}
