/* Weighted estimates: by hand, against plain formulas where all weights are 1, and by coverage where the law is known.
 */
#include "stats/weighted.h"

#include "base/draw.h"
#include "stats/interval.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool close_to(double got, double want, double relative) { return fabs(got - want) <= relative * fabs(want); }

static void add(struct hl_weighted_sums *s, struct hl_weighted_list *l, double value, double weight) {
    hl_weighted_add(s, value, weight);
    cr_assert(hl_weighted_keep(l, value, weight) == HL_OK);
}

/* Eight trials: nothing, nothing, nothing, nothing, and these. */
static const struct hl_weighted_value four[] = {{20, 1}, {30, 0.5}, {10, 2}, {20, 0.5}};
enum { TRIALS = 8 };

static void fill(struct hl_weighted_sums *s, struct hl_weighted_list *l) {
    *s = (struct hl_weighted_sums){0};
    *l = (struct hl_weighted_list){0};
    add(s, l, 0, 3); /* what is 0 is in no sum */
    for (size_t i = 0; i < COUNT_OF(four); i++)
        add(s, l, four[i].value, four[i].weight);
    hl_weighted_sort(l);
}

Test(weighted, sums_by_hand) {
    struct hl_weighted_sums s;
    struct hl_weighted_list l;
    fill(&s, &l);
    struct hl_weighted_estimate p = hl_weighted_probability(&s, TRIALS, 1);
    cr_expect(p.hits == 4 && close_to(p.value, 4.0 / 8, 1e-15));
    /* Terms 0, 0, 0, 0, 1, 0.5, 2, 0.5: their squares add up to 5.5, so (5.5 - 8 / 4) / 7 / 8. */
    cr_expect(close_to(p.error, sqrt(3.5 / 56), 1e-14));
    cr_expect(close_to(p.low, 0.5 - HL_Z * 0.25, 1e-14) && close_to(p.high, 0.5 + HL_Z * 0.25, 1e-14));
    struct hl_weighted_estimate m = hl_weighted_mean(&s, TRIALS);
    cr_expect(close_to(m.value, 65.0 / 8, 1e-15)); /* terms 20, 15, 20, 10: squares 1125 */
    cr_expect(close_to(m.error, sqrt((1125 - 65.0 * 65 / 8) / 56), 1e-14));
    struct hl_weighted_estimate r = hl_weighted_ratio(&s);
    cr_expect(close_to(r.value, 16.25, 1e-15)); /* w (x - r): 3.75, 6.875, -12.5, 1.875 */
    cr_expect(close_to(r.error, sqrt(3.75 * 3.75 + 6.875 * 6.875 + 12.5 * 12.5 + 1.875 * 1.875) / 4, 1e-14));
    cr_expect(close_to(hl_weighted_effective(&s), 16 / 5.5, 1e-15));
    cr_expect(close_to(hl_weighted_reduction(&s, TRIALS), 0.25 / (5.5 / 8 - 0.25), 1e-15));
    cr_expect(s.largest_weight == 2);
    hl_weighted_list_free(&l);
}

Test(weighted, order_statistics_by_hand) {
    struct hl_weighted_sums s;
    struct hl_weighted_list l;
    fill(&s, &l);
    /* P(X > x): 4 / 8 below 10, 2 / 8 from 10, 0.5 / 8 from 20, 0 from 30. */
    const struct {
        double p, quantile;
        uint64_t above;
    } rows[] = {{0.4, 0, 4}, {0.5, 0, 4}, {0.55, 10, 3}, {0.75, 10, 3}, {0.76, 20, 1}, {0.93, 20, 1}, {0.95, 30, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_weighted_estimate q = hl_weighted_quantile(&l, TRIALS, rows[i].p);
        cr_expect(q.value == rows[i].quantile && q.hits == rows[i].above && isnan(q.error), "p %g: %g", rows[i].p,
                  q.value);
        cr_expect(q.low <= q.value && q.value <= q.high);
    }
    cr_expect(close_to(hl_weighted_above(&l, TRIALS, 1, 10).value, 2.0 / 8, 1e-15));
    cr_expect(close_to(hl_weighted_above(&l, TRIALS, 1, 20).value, 0.5 / 8, 1e-15));
    cr_expect(close_to(hl_weighted_excess(&l, TRIALS, 10).value, 25.0 / 8, 1e-15));
    cr_expect(close_to(hl_weighted_tail_mean(&l, TRIALS, 0.75, 10).value, 10 + 25.0 / 8 / 0.25, 1e-15));
    cr_expect(close_to(hl_weighted_tail_mean(&l, TRIALS, 0.74, 20).value, 20 + 5.0 / 8 / 0.26, 1e-15));
    hl_weighted_list_free(&l);
}

Test(weighted, order_of_adding_leaves_no_trace) {
    struct hl_weighted_list forth = {0}, back = {0}, halves[2] = {{0}, {0}};
    for (size_t i = 0; i < 1000; i++) {
        cr_assert(hl_weighted_keep(&forth, (double)(1 + i % 7), 1.0 / (double)(1 + i % 13)) == HL_OK);
        size_t k = 999 - i;
        cr_assert(hl_weighted_keep(&halves[k % 2], (double)(1 + k % 7), 1.0 / (double)(1 + k % 13)) == HL_OK);
    }
    for (size_t i = 0; i < 2; i++)
        cr_assert(hl_weighted_append(&back, &halves[i]) == HL_OK);
    hl_weighted_sort(&forth);
    hl_weighted_sort(&back);
    cr_assert(forth.count == 1000 && back.count == 1000);
    for (size_t i = 0; i < 1000; i++)
        cr_expect(forth.items[i].value == back.items[i].value && forth.items[i].weight == back.items[i].weight);
    hl_weighted_list_free(&forth);
    hl_weighted_list_free(&back);
    for (size_t i = 0; i < 2; i++)
        hl_weighted_list_free(&halves[i]);
}

Test(weighted, without_hits) {
    struct hl_weighted_sums none = {0};
    struct hl_weighted_list empty = {0};
    struct hl_weighted_estimate p = hl_weighted_probability(&none, 1000, 100);
    cr_expect(p.value == 0 && p.low == 0 && close_to(p.high, 1 - pow(0.025, 0.01), 1e-9));
    cr_expect(hl_weighted_mean(&none, 1000).value == 0 && isnan(hl_weighted_ratio(&none).value));
    cr_expect(hl_weighted_effective(&none) == 0 && hl_weighted_reduction(&none, 1000) == 0);
    cr_expect(hl_weighted_quantile(&empty, 1000, 0.99).value == 0);
    cr_expect(hl_weighted_tail_mean(&empty, 1000, 0.99, 0).value == 0);
}

/* X is exponential of mean 1 and drawn with mean `stretch`, but for one trial in ten: how often each interval holds. */
enum { SEEDS = 1000, DRAWS = 2000 };
static const double stretch = 6, share = 0.1;

static void sample(uint32_t seed, struct hl_weighted_sums *s, struct hl_weighted_list *l, double x0) {
    *s = (struct hl_weighted_sums){0};
    *l = (struct hl_weighted_list){0};
    for (uint32_t i = 0; i < DRAWS; i++) {
        struct hl_words w = hl_draw(11, (struct hl_address){seed, 0, HL_DRAW_EVENT, i});
        double x = -log(hl_unit(w.word[0])) * (hl_unit(w.word[1]) < share ? 1 : stretch);
        double weight = 1 / (share + (1 - share) * exp(x - x / stretch) / stretch);
        hl_weighted_add(s, x > x0 ? x - x0 : 0, weight);
        cr_assert(hl_weighted_keep(l, x, weight) == HL_OK);
    }
    hl_weighted_sort(l);
}

static bool holds(struct hl_weighted_estimate e, double truth) { return e.low <= truth && truth <= e.high; }

Test(weighted, intervals_cover_what_is_known) {
    const double x0 = 9, rare = 1e-4; /* P(X > 9) = 1.2e-4; the 0.9999-quantile is 9.21, the mean above it one more */
    int covered[6] = {0};
    double sum = 0;
    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        struct hl_weighted_sums s;
        struct hl_weighted_list l;
        sample(seed, &s, &l, x0);
        double q = -log(rare);
        sum += hl_weighted_probability(&s, DRAWS, 1).value;
        covered[0] += holds(hl_weighted_probability(&s, DRAWS, 1), exp(-x0));
        covered[1] += holds(hl_weighted_mean(&s, DRAWS), exp(-x0));
        covered[2] += holds(hl_weighted_ratio(&s), 1);
        covered[3] += holds(hl_weighted_quantile(&l, DRAWS, 1 - rare), q);
        covered[4] +=
            holds(hl_weighted_tail_mean(&l, DRAWS, 1 - rare, hl_weighted_quantile(&l, DRAWS, 1 - rare).value), q + 1);
        covered[5] += holds(hl_weighted_above(&l, DRAWS, 1, x0), exp(-x0));
        hl_weighted_list_free(&l);
    }
    /* One estimate's relative error is 3.6 %, so that of the mean of all 0.11 %. */
    cr_expect(close_to(sum / SEEDS, exp(-x0), 0.005), "%g", sum / SEEDS / exp(-x0));
    /* 95 % with four binomial errors of 0.7 %; two parts in a hundred for what 2000 trials leave askew. */
    for (size_t i = 0; i < COUNT_OF(covered); i++)
        cr_expect(covered[i] >= 0.93 * SEEDS && covered[i] <= 0.98 * SEEDS, "%zu: %d", i, covered[i]);
}
