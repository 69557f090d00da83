/* Runs: worked days, closed forms, and that nothing is made or lost. */
#include "engine/withdrawals.h"
#include "tests/engine_fixture.h"

Test(withdrawals, worked_examples) {
    static const struct {
        const char *what;
        struct hl_run_terms terms;
        double liquid, other, share;
        double asked, backlog, days;
        bool suspended;
    } rows[] = {
        {"all is liquid", {.mean_days = 3, .from_cold_per_day = 0.1}, 64, 0, 1, 64, 0, 0, false},
        {"enough is liquid", {.mean_days = 0}, 40, 60, 0.4, 40, 0, 0, false},
        {"nobody leaves", {.mean_days = 3}, 0, 60, 0, 0, 0, 0, false},
        /* unpaid 100, 90, … 10, 0 */
        {"nothing is liquid", {.mean_days = 0, .from_cold_per_day = 0.1}, 0, 100, 1, 100, 100, 10, false},
        /* asked 32, 16, 8, 4, 2, 1, 0, 1 (0.5 to even); 8 come up a day from the second: unpaid 0, 8, 8, 4, 0 */
        {"half of the rest a day", {.mean_days = 1, .from_cold_per_day = 0.25}, 32, 32, 1, 64, 8, 3, false},
        {"nothing comes up", {.mean_days = 0}, 10, 90, 0.5, 50, 40, HL_NEVER, false},
        {"a quantum a day at least", {.mean_days = 0, .from_cold_per_day = 1e-9}, 0, 3, 1, 3, 3, 3, false},
        /* asked 50 on day 0, paid; 25 on day 1 wait with 12 of day 2, 7 of day 3 (6.5 to 93.5 to even), …: open on 4 */
        {"stopped at half",
         {.mean_days = 1, .suspends_at = 0.5, .suspension_days = 3, .from_cold_per_day = 1},
         100,
         0,
         1,
         100,
         44,
         3,
         true},
        {"stopped when it cannot be met: 30 on day 0, nothing for two days, then 60 have come up",
         {.mean_days = 0, .suspends_at = INFINITY, .suspension_days = 2, .from_cold_per_day = 0.2},
         0,
         100,
         0.3,
         30,
         30,
         3,
         true},
        {"stopped once",
         {.mean_days = 0, .suspends_at = 0.1, .suspension_days = 1, .from_cold_per_day = 0.1},
         0,
         100,
         0.5,
         50,
         50,
         5,
         true},
        {"no suspension, whatever is asked",
         {.mean_days = 0, .suspends_at = 0.1, .from_cold_per_day = 1},
         50,
         50,
         0.5,
         50,
         0,
         0,
         false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_withdrawals w = hl_withdrawals_play(&rows[i].terms, rows[i].liquid, rows[i].other, rows[i].share);
        cr_expect(w.asked == rows[i].asked && w.backlog_most == rows[i].backlog && w.days_unpaid == rows[i].days &&
                      w.suspended == rows[i].suspended,
                  "%s: asked %g, unpaid up to %g, %g days, %d", rows[i].what, w.asked, w.backlog_most, w.days_unpaid,
                  w.suspended);
    }
}

/* Nothing liquid, u comes up a day: what waits at the end of day j is W (1 - q^(j + 1)) - j u, at most where q^(j + 1)
 * is below u / (W (1 - q)) for the first time. */
Test(withdrawals, a_geometric_queue) {
    const double asked = 1e9, up = 1e6;
    struct hl_run_terms terms = {.mean_days = 30, .from_cold_per_day = up / asked, .suspends_at = INFINITY};
    struct hl_withdrawals w = hl_withdrawals_play(&terms, 0, asked, 1);
    double q = 30.0 / 31, most = 0;
    for (int j = 0; j < 1000; j++)
        most = fmax(most, asked * (1 - pow(q, j + 1)) - j * up);
    cr_expect(fabs(w.backlog_most - most) <= 1, "%g and %g", w.backlog_most, most);
    cr_expect_eq(w.days_unpaid, 1000);
}

/* More that is liquid, or that comes up, never makes anybody wait longer. */
Test(withdrawals, more_coins_never_hurt) {
    for (uint32_t i = 0; i < 2000; i++) {
        struct hl_words x = hl_draw(5, (struct hl_address){.purpose = 1, .index = i});
        struct hl_words y = hl_draw(5, (struct hl_address){.purpose = 2, .index = i});
        struct hl_run_terms terms = {.mean_days = floor(9 * hl_unit(x.word[0])),
                                     .from_cold_per_day = hl_unit(x.word[1]),
                                     .suspends_at = INFINITY};
        double liquid = floor(1e6 * hl_unit(y.word[0])), share = hl_unit(y.word[1]);
        struct hl_withdrawals less = hl_withdrawals_play(&terms, liquid, 2e6 - liquid, share);
        struct hl_withdrawals more = hl_withdrawals_play(&terms, liquid + 1e5, 1.9e6 - liquid, share);
        cr_assert(more.asked == less.asked && more.backlog_most <= less.backlog_most);
        cr_assert(less.backlog_most <= less.asked && less.asked <= 2e6);
        terms.from_cold_per_day = fmin(1, terms.from_cold_per_day + 0.1);
        more = hl_withdrawals_play(&terms, liquid, 2e6 - liquid, share);
        cr_assert(more.backlog_most <= less.backlog_most && more.days_unpaid <= less.days_unpaid);
    }
}
