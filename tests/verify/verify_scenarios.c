/* The headline of each bundled what-if scenario against a calculation of its own, from the numbers that its file
 * states: sums, one-dimensional integrals and generating functions, none of the engine's code. Run from the project's
 * top. Within 4 standard errors (verify/oracle.h), and each beside what a plausible mistake would give. */
#include "verify/oracle.h"

#include <complex.h>
#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* Midpoints of an even grid: integrates a function of a standard normal z to better than 1e-6 where it is bounded by
 * one, also with a kink. */
enum { NORMAL_STEPS = 20000 };
static double normal_point(int i) { return -9 + 18 * (i + 0.5) / NORMAL_STEPS; }
static double normal_weight(double z) { return gsl_ran_ugaussian_pdf(z) * 18 / NORMAL_STEPS; }

/* ---- vendor-cascade ------------------------------------------------------------------------------------------------
 */

enum { CLIENTS = 8 };
#define CASCADE_EVENT 0.0082
#define CASCADE_HIT 0.5
#define CASCADE_RHO 0.5

/* P(at least k of the clients are short in the year). A client that is hit loses more than its reserve of 20 % when its
 * normal score sqrt(rho) z + sqrt(1 - rho) e is over that of 20 %; given the event's z the clients are independent. */
static double at_least_short(unsigned k, double event, double hit, double rho) {
    double threshold = gsl_cdf_ugaussian_Qinv(gsl_cdf_beta_Q(0.2, 0.8, 1.2)), sum = 0;
    for (int i = 0; i < NORMAL_STEPS; i++) {
        double z = normal_point(i);
        double one = hit * gsl_cdf_ugaussian_P((sqrt(rho) * z - threshold) / sqrt(1 - rho));
        sum += normal_weight(z) * gsl_cdf_binomial_Q(k - 1, one, CLIENTS);
    }
    return event * sum;
}

static const struct hl_row *at_least_row(const struct oracle_run *run, enum hl_sampling_kind sampling, unsigned k) {
    struct hl_row_key key = {.outer = (uint16_t)sampling,
                             .year = 1,
                             .basis = HL_BASIS_ALL,
                             .perspective = HL_SHORTFALL,
                             .metric = HL_P_AT_LEAST,
                             .level = k};
    return oracle_find(run, key);
}

Test(verify_scenarios, vendor_cascade_by_integration) {
    static const struct hl_setting settings[] = {{"trials", "8_000_000"}};
    static const unsigned levels[] = {1, 2, 4};
    struct oracle_run run = {0};
    oracle_run_file(&run, "scenarios/vendor-cascade.yaml", settings, 1);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const struct hl_row *row = at_least_row(&run, HL_STATED, levels[i]);
        oracle_near("at least so many short", row, at_least_short(levels[i], CASCADE_EVENT, CASCADE_HIT, CASCADE_RHO),
                    0);
        oracle_far("damages independent", row, at_least_short(levels[i], CASCADE_EVENT, CASCADE_HIT, 0));
        oracle_far("every client hit", row, at_least_short(levels[i], CASCADE_EVENT, 1, CASCADE_RHO));
    }
    double own = CASCADE_EVENT * CASCADE_HIT * gsl_cdf_beta_Q(0.2, 0.8, 1.2);
    oracle_near("one client", oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0), own, 0);
    /* hit at its ends 12.5 and 100 %, four times as often and half as often; and clients with vendors of their own. */
    double often = 1 - pow(1 - CASCADE_EVENT, 4), seldom = 1 - sqrt(1 - CASCADE_EVENT);
    oracle_near("hit low", at_least_row(&run, HL_HIT_LOW, 1), at_least_short(1, often, 0.125, CASCADE_RHO), 0);
    oracle_near("hit high", at_least_row(&run, HL_HIT_HIGH, 4), at_least_short(4, seldom, 1, CASCADE_RHO), 0);
    oracle_near("apart", at_least_row(&run, HL_VENDORS_APART, 1), 1 - pow(1 - own, CLIENTS), 0);
    oracle_far("together", at_least_row(&run, HL_VENDORS_APART, 1),
               at_least_short(1, CASCADE_EVENT, CASCADE_HIT, CASCADE_RHO));
    oracle_free(&run);
}

/* ---- bad-years -----------------------------------------------------------------------------------------------------
 */

enum { EXCHANGES = 10, STEPS = 400, PROBABILITIES = 64 };
#define THEFT_RATE 0.0472
#define SAME 0.1
#define OTHER 0.01
#define DECAY (365.0 / 30)
#define CLIMATE_SD 0.5

/* A theft and all that it sets off: generating functions of the thefts that are counted, when a theft strikes the
 * exchange that is looked at (`here`) or another. */
struct cluster {
    double complex here;
    double complex there;
};

/* With i the mean over the delay of F - 1, F the generating function of a cluster that begins in what is left of the
 * year: F(here) = s exp(same i(here) + 9 other i(there)), F(there) = r exp(other i(here) + (same + 8 other) i(there)).
 * `s` counts thefts here, `r` those elsewhere. */
static struct cluster set_off(struct cluster i, double complex s, double complex r, double same, double other) {
    return (struct cluster){s * cexp(same * i.here + (EXCHANGES - 1) * other * i.there),
                            r * cexp(other * i.here + (same + (EXCHANGES - 2) * other) * i.there)};
}

static struct cluster slope(struct cluster i, double complex s, double complex r, double same, double other) {
    struct cluster f = set_off(i, s, r, same, other);
    return (struct cluster){DECAY * (f.here - 1 - i.here), DECAY * (f.there - 1 - i.there)};
}

static struct cluster ahead(struct cluster i, struct cluster by, double step) {
    return (struct cluster){i.here + step * by.here, i.there + step * by.there};
}

/* The integral over the year of 1 - F, in years: of clusters that begin here and of those that begin elsewhere. The
 * exponential delay makes i the solution of i' = decay (F - 1 - i), by Runge and Kutta's rule of fourth order. */
static struct cluster missing(double complex s, double complex r, double same, double other) {
    struct cluster i = {0, 0}, sum = {0, 0};
    double h = 1.0 / STEPS;
    for (int k = 0; k < STEPS; k++) {
        struct cluster a = slope(i, s, r, same, other), b = slope(ahead(i, a, h / 2), s, r, same, other),
                       c = slope(ahead(i, b, h / 2), s, r, same, other), d = slope(ahead(i, c, h), s, r, same, other);
        struct cluster middle = set_off(ahead(i, b, h / 2), s, r, same, other), left = set_off(i, s, r, same, other);
        i.here += h / 6 * (a.here + 2 * b.here + 2 * c.here + d.here);
        i.there += h / 6 * (a.there + 2 * b.there + 2 * c.there + d.there);
        struct cluster right = set_off(i, s, r, same, other);
        sum.here += h * (1 - (left.here + 4 * middle.here + right.here) / 6);
        sum.there += h * (1 - (left.there + 4 * middle.there + right.there) / 6);
    }
    return sum;
}

/* E[exp(-G x)] of the climate: gamma of mean 1. */
static double complex climate(double complex x, double sd) { return cpow(1 + sd * sd * x, -1 / (sd * sd)); }

/* P(n thefts in the year), n < PROBABILITIES: the coefficients of the generating function from its values on the unit
 * circle. All exchanges together, or the first one alone. */
static void thefts(double p[PROBABILITIES], bool all, double same, double other, double sd) {
    double complex values[PROBABILITIES];
    for (int k = 0; k < PROBABILITIES; k++) {
        double complex s = cexp(2 * M_PI * I * k / PROBABILITIES);
        struct cluster m = missing(s, all ? s : 1, same, other);
        values[k] = climate(THEFT_RATE * (m.here + (EXCHANGES - 1) * m.there), sd);
    }
    for (int n = 0; n < PROBABILITIES; n++) {
        double complex sum = 0;
        for (int k = 0; k < PROBABILITIES; k++)
            sum += values[k] * cexp(-2 * M_PI * I * k * n / PROBABILITIES);
        p[n] = creal(sum) / PROBABILITIES;
    }
}

static double moment(const double p[PROBABILITIES], int order) {
    double sum = 0;
    for (int n = 0; n < PROBABILITIES; n++)
        sum += pow(n, order) * p[n];
    return sum;
}

/* Every theft takes 1 bn yen: the gross loss counts thefts, and a shortfall is a second one at the same exchange. */
Test(verify_scenarios, bad_years_by_generating_functions) {
    static const struct hl_setting settings[] = {{"trials", "2_000_000"}};
    struct oracle_run run = {0};
    double all[PROBABILITIES], one[PROBABILITIES], calm[PROBABILITIES];
    thefts(all, true, SAME, OTHER, CLIMATE_SD);
    thefts(one, false, SAME, OTHER, CLIMATE_SD);
    thefts(calm, true, SAME, OTHER, 0.001);
    oracle_run_file(&run, "scenarios/bad-years.yaml", settings, 1);
    struct hl_row_key system = {.year = 1, .basis = HL_BASIS_ALL, .perspective = HL_GROSS, .metric = HL_P_BREACH};
    const struct hl_row *breach = oracle_find(&run, system);
    oracle_near("P(any theft)", breach, 1 - all[0], 0);
    /* No theft is no immigrant: the closed form of the negative binomial, whatever thefts set off. */
    cr_expect_float_eq(all[0],
                       pow(1 + CLIMATE_SD * CLIMATE_SD * EXCHANGES * THEFT_RATE, -1 / (CLIMATE_SD * CLIMATE_SD)), 1e-9);
    oracle_far("no climate", breach, 1 - exp(-EXCHANGES * THEFT_RATE));
    system.metric = HL_MEAN;
    const struct hl_row *mean = oracle_find(&run, system);
    /* The mean by the closed form of models/README.md, started empty, on the mean climate. */
    double n = SAME + (EXCHANGES - 1) * OTHER, immigrants = EXCHANGES * THEFT_RATE;
    double count = immigrants / (1 - n) - immigrants * n * (1 - exp(-(1 - n) * DECAY)) / ((1 - n) * (1 - n) * DECAY);
    cr_expect_float_eq(moment(all, 1), count, 1e-6);
    oracle_near("mean", mean, 1e9 * count, 0);
    oracle_far("all years of the same length", mean, 1e9 * immigrants / (1 - n));
    oracle_far("nothing set off", mean, 1e9 * immigrants);
    /* The standard error of a variance is not told: 1 % is some five of them. */
    system.metric = HL_SD;
    double variance = pow(oracle_find(&run, system)->value / 1e9, 2), exact = moment(all, 2) - count * count;
    cr_expect(fabs(variance / exact - 1) < 0.01, "variance %.5f, exact %.5f", variance, exact);
    double wrong = moment(calm, 2) - pow(moment(calm, 1), 2);
    cr_expect(fabs(variance / wrong - 1) > 0.02, "variance %.5f cannot be told from %.5f", variance, wrong);
    /* One exchange. */
    const struct hl_row *twice = oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0);
    oracle_near("P(theft at one)", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0), 1 - one[0], 0);
    oracle_near("P(second theft)", twice, 1 - one[0] - one[1], 0);
    thefts(calm, false, 0, 0, CLIMATE_SD);
    oracle_far("nothing set off", twice, 1 - calm[0] - calm[1]);
    thefts(calm, false, OTHER, OTHER, CLIMATE_SD);
    oracle_far("same and others alike", twice, 1 - calm[0] - calm[1]);
    oracle_free(&run);
}

/* ---- wrong-way -----------------------------------------------------------------------------------------------------
 */

#define DRAIN_RATE 0.04
#define BITCOIN_SD 0.6
#define TOKEN_SD 1.0
#define TOGETHER 0.7

/* P(the fund is worth less than the claim). The first theft takes all, on day d of 365; ten days later the fund is
 * sold. The logarithm of fund / claim is normal: ln(250 x left / 100) - (token^2 (d + 10) - bitcoin^2 d)/2 is its mean.
 */
static double fund_too_small(double left, double together) {
    double sum = 0;
    for (int day = 0; day < 365; day++) {
        double sold = (day + 10) / 365.0, theft = day / 365.0;
        double mean = log(2.5 * left) - (TOKEN_SD * TOKEN_SD * sold - BITCOIN_SD * BITCOIN_SD * theft) / 2;
        double variance =
            TOKEN_SD * TOKEN_SD * sold + BITCOIN_SD * BITCOIN_SD * theft - 2 * together * TOKEN_SD * BITCOIN_SD * theft;
        double weight = exp(-DRAIN_RATE * theft) - exp(-DRAIN_RATE * (day + 1) / 365);
        sum += weight * gsl_cdf_ugaussian_P(-mean / sqrt(variance));
    }
    return sum;
}

Test(verify_scenarios, wrong_way_by_lognormal_ratio) {
    static const struct hl_setting bundled[] = {{"trials", "2_000_000"}};
    struct oracle_run run = {0};
    oracle_run_file(&run, "scenarios/wrong-way.yaml", bundled, 1);
    const struct hl_row *row = oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0);
    oracle_near("P(shortfall)", row, fund_too_small(0.5, TOGETHER), 0);
    oracle_far("the token does not fall", row, fund_too_small(1, TOGETHER));
    oracle_far("prices independent", row, fund_too_small(0.5, 0));
    oracle_free(&run);
}

/* Held in the coin that is owed, the fund has 2.5 coins for each: never short, whatever the price. */
Test(verify_scenarios, wrong_way_turned_around) {
    static const struct hl_setting hedged[] = {
        {"claims.basis", "in_kind"}, {"funds[0].reserve.held_in", "BTC"}, {"funds[0].reserve.amount", "110 m"}};
    struct oracle_run run = {0};
    oracle_run_file(&run, "scenarios/wrong-way.yaml", hedged, 3);
    cr_expect(oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0)->value == 0);
    cr_expect(oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0)->value > 0);
    oracle_free(&run);
}

/* ---- slow-leak -----------------------------------------------------------------------------------------------------
 */

#define LEAK 0.00092
#define SPEED 0.6e6
#define WALLET (850000 * 556.47)

/* Customers are short when recovery and reserve are less than their share of the leak: from some time T of detection
 * on. T is lognormal with median 365 and sigma 1; the loss is the smaller of speed x T and the wallet. */
Test(verify_scenarios, slow_leak_by_time_of_detection) {
    static const struct hl_setting settings[] = {{"trials", "40_000_000"}};
    struct oracle_run run = {0};
    oracle_run_file(&run, "scenarios/slow-leak.yaml", settings, 1);
    double customers = 750.0 / 850, share = 0.235;
    double days = 50e6 / (SPEED * customers * (1 - share));
    const struct hl_row *shortfall = oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0);
    oracle_near("P(shortfall)", shortfall, LEAK * gsl_cdf_ugaussian_Q(log(days / 365)), 0);
    oracle_far("nothing recovered", shortfall, LEAK * gsl_cdf_ugaussian_Q(log(days * (1 - share) / 365)));
    oracle_far("the firm's coins owed too", shortfall, LEAK * gsl_cdf_ugaussian_Q(log(days * customers / 365)));
    double loss = 0, within_year = 0, unlimited = 0;
    for (int i = 0; i < NORMAL_STEPS; i++) {
        double z = normal_point(i), lost = SPEED * 365 * exp(z);
        loss += normal_weight(z) * fmin(lost, WALLET);
        within_year += normal_weight(z) * fmin(fmin(lost, SPEED * 365), WALLET);
        unlimited += normal_weight(z) * lost;
    }
    const struct hl_row *mean = oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0);
    oracle_near("mean", mean, LEAK * loss, 0);
    oracle_far("stops with the year", mean, LEAK * within_year);
    oracle_far("no end of the wallet", mean, LEAK * unlimited);
    oracle_free(&run);
}

/* ---- five-years ----------------------------------------------------------------------------------------------------
 */

enum { YEARS = 5, NO_THEFT = 0, EARLY, LATE, WAYS };
#define THEFT 0.047
#define STEP 8e9
#define FULL 40e9
#define GROWTH 0.05

/* What one history comes to. */
struct history {
    double probability;
    bool breached[YEARS + 1]; /* [year] */
    bool is_short[YEARS + 1];
};

static double pay(double *level, double owed) {
    double paid = fmin(*level, owed);
    *level -= paid;
    return owed - paid;
}

/* The history in which year y has no theft, one that is due before the year ends, or one in its last 30 days, whose
 * customers the next year's refill still reaches in time. An exchange that begins a year with customers unpaid after
 * their 30 days is closed. */
static struct history live(const int way[YEARS + 1], double growth) {
    static const double likely[WAYS] = {[NO_THEFT] = 1 - THEFT, [EARLY] = THEFT * 335 / 365, [LATE] = THEFT * 30 / 365};
    struct history h = {.probability = 1};
    double level = 0, owed[YEARS + 1] = {0};
    bool closed = false;
    for (int year = 1; year <= YEARS; year++) {
        h.probability *= likely[way[year]];
        for (int past = 1; past < year; past++)
            closed = closed || (owed[past] > 0 && (past < year - 1 || way[past] == EARLY));
        if (!closed)
            level = fmin(level + STEP, FULL);
        for (int past = 1; past < year; past++)
            owed[past] = pay(&level, owed[past]);
        h.is_short[year - 1] = h.is_short[year - 1] || owed[year - 1] > 0;
        if (closed || way[year] == NO_THEFT)
            continue;
        h.breached[year] = true;
        owed[year] = pay(&level, 20e9 * pow(1 + growth, year - 1));
        h.is_short[year] = owed[year] > 0 && (way[year] == EARLY || year == YEARS);
    }
    return h;
}

enum { HISTORIES = 243 }; /* WAYS to the power of YEARS */

static struct history history_of(int number, double growth) {
    int way[YEARS + 1] = {0};
    for (int year = 1; year <= YEARS; year++, number /= WAYS)
        way[year] = number % WAYS;
    return live(way, growth);
}

/* P(X in that year) over all histories; year 0: in any. `first`: and in no year before. */
static double over_histories(int year, bool breach, bool first, double growth) {
    double sum = 0;
    for (int number = 0; number < HISTORIES; number++) {
        struct history h = history_of(number, growth);
        const bool *what = breach ? h.breached : h.is_short;
        bool before = false, at = year > 0 && what[year];
        for (int y = 1; y <= YEARS; y++) {
            before = before || (y < year && what[y]);
            at = at || (year == 0 && what[y]);
        }
        sum += at && !(first && before) ? h.probability : 0;
    }
    return sum;
}

/* P(some run stops withdrawals), when each does with probability `stops`. */
static double any_suspended(double stops) {
    double sum = 0;
    for (int number = 0; number < HISTORIES; number++) {
        struct history h = history_of(number, GROWTH);
        double none = 1;
        for (int year = 1; year <= YEARS; year++)
            none *= h.breached[year] ? 1 - stops : 1;
        sum += h.probability * (1 - none);
    }
    return sum;
}

Test(verify_scenarios, five_years_by_all_histories) {
    static const struct hl_setting settings[] = {{"trials", "6_000_000"}};
    struct oracle_run run = {0};
    oracle_run_file(&run, "scenarios/five-years.yaml", settings, 1);
    struct hl_row_key key = {.entity = 1, .basis = HL_BASIS_ALL};
    for (uint16_t year = 0; year <= YEARS; year++) {
        key.year = year;
        key.perspective = HL_GROSS;
        key.metric = HL_P_BREACH;
        oracle_near("P(theft)", oracle_find(&run, key), over_histories(year, true, false, GROWTH), 0);
        key.perspective = HL_SHORTFALL;
        key.metric = HL_P_POSITIVE;
        const struct hl_row *row = oracle_find(&run, key);
        double exact = over_histories(year, false, false, GROWTH);
        /* Year 3 has only what the last month of year 2 left, too rare for a relative error of 1 %. */
        if (year != 3)
            oracle_near("P(shortfall)", row, exact, 0);
        else
            cr_expect(fabs(row->value - exact) < 4 * row->error, "year 3: %.6g, exact %.6g", row->value, exact);
        if (year == 1)
            continue;
        oracle_far("each year as the first", row, year == 0 ? 1 - pow(1 - THEFT, YEARS) : THEFT);
        if (year == 0 || year >= 4)
            oracle_far("no growth", row, over_histories(year, false, false, 0));
    }
    double by = 0;
    for (uint16_t year = 1; year <= YEARS; year++) {
        struct hl_row_key so_far = {
            .entity = 1, .basis = HL_BASIS_ALL, .perspective = HL_SHORTFALL, .metric = HL_P_SHORT_BY, .level = year};
        by += over_histories(year, false, true, GROWTH);
        oracle_near("P(short by then)", oracle_find(&run, so_far), by, 0);
    }
    /* After a theft 20 of the 400 bn that are left are hot, and a quarter of what customers ask for in all comes on the
     * first day: over 20 % in all stops withdrawals. They ask for a beta share of mean 2/7. */
    struct hl_row_key runs = {.entity = 1, .basis = HL_BASIS_ALL, .perspective = HL_SUSPENDED, .metric = HL_P_POSITIVE};
    const struct hl_row *suspended = oracle_find(&run, runs);
    oracle_near("P(suspended)", suspended, any_suspended(gsl_cdf_beta_Q(0.2, 2, 5)), 0);
    oracle_far("only at 30 % of all", suspended, any_suspended(gsl_cdf_beta_Q(0.3, 2, 5)));
    runs.perspective = HL_WITHDRAWN;
    runs.metric = HL_MEAN;
    double asked = 0, level = 0;
    for (int year = 1; year <= YEARS; year++) {
        asked += over_histories(year, true, false, GROWTH) * 400e9 * pow(1 + GROWTH, year - 1) * 2 / 7;
        level += over_histories(year, true, false, GROWTH) * 400e9 * 2 / 7;
    }
    oracle_near("asked for", oracle_find(&run, runs), asked, 0);
    oracle_far("balances do not grow", oracle_find(&run, runs), level);
    oracle_free(&run);
}
