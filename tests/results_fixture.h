/* A hand-made result for the tests of everything that reads results: round numbers, all statuses, no run. */
#ifndef HL_TESTS_RESULTS_FIXTURE_H
#define HL_TESTS_RESULTS_FIXTURE_H

#include "engine/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum fixture_kind {
    FIXTURE_TWO,   /* two exchanges with a vendor; alpha's need of insurance is not attainable from earmarked funds */
    FIXTURE_ONE,   /* one exchange alone, as most users have it */
    FIXTURE_QUIET, /* one exchange, and no breach in the whole run; no rate has an interval, no insurance */
};

enum { FIXTURE_ROWS_MOST = 4000, FIXTURE_GUARANTEE = 0, FIXTURE_CRIME, FIXTURE_RESERVE, FIXTURE_PARENT };

struct fixture {
    struct hl_result result;
    struct hl_scenario scenario;
    struct hl_exchange exchanges[2];
    struct hl_vendor vendors[2];
    struct hl_holding holdings[3];
    struct hl_fund funds[4];
    struct hl_input inputs[2];
    struct hl_entity entities[6];
    struct hl_row rows[FIXTURE_ROWS_MOST];
    struct hl_verdict verdicts[6];
    size_t sized[2];
};

static const double fixture_confidence[] = {0.9, 0.95, 0.99, 0.995, 0.999};
static const double fixture_periods[] = {2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000};
static const double fixture_unpaid[] = {1, 7, 30};
static const double fixture_given[] = {0.5, 0.9, 0.99};

static struct hl_row *fixture_add(struct fixture *f, struct hl_row_key key, double value, double error) {
    struct hl_row *row = &f->rows[f->result.row_count++];
    key.year = 1;
    *row = (struct hl_row){key, value, error, value - 2 * error, value + 2 * error, HL_ROW_OK};
    return row;
}

/* The yearly loss at a return period: nothing up to 50 years, then towards 48 bn. */
static double fixture_loss(double years, double size) { return years <= 50 ? 0 : size * 48e9 * (1 - 50 / years); }

#define FIXTURE_KEY(...) ((struct hl_row_key){.entity = e, __VA_ARGS__})

/* Losses and waits: 2 % a year are breached. The largest theft is nine tenths of the year's sum. */
static void fixture_losses(struct fixture *f, uint32_t e, double size) {
    static const double factors[] = {1, 1.25, 0.9, 1.125}; /* AEP, its TVaR, OEP, its TVaR */
    fixture_add(f, FIXTURE_KEY(.perspective = HL_GROSS, .metric = HL_P_BREACH), 0.02 * size, 0.0001);
    for (int p = HL_GROSS; p <= HL_CLAIM; p++) {
        fixture_add(f, FIXTURE_KEY(.perspective = p, .metric = HL_MEAN), 600e6 * size, 5e6);
        fixture_add(f, FIXTURE_KEY(.perspective = p, .metric = HL_SD), 5e9 * size, NAN);
        fixture_add(f, FIXTURE_KEY(.perspective = p, .metric = HL_MEAN_GIVEN_BREACH), 30e9, 0.1e9);
    }
    for (size_t i = 0; i < 3; i++) {
        fixture_add(f, FIXTURE_KEY(.perspective = HL_GROSS, .metric = HL_VAR_GIVEN_BREACH, .level = fixture_given[i]),
                    48.2e9 * fixture_given[i], 0.2e9);
        struct hl_row *days = fixture_add(
            f,
            FIXTURE_KEY(.perspective = HL_DAYS_UNTIL_WHOLE, .metric = HL_VAR_GIVEN_BREACH, .level = fixture_given[i]),
            10, 0.5);
        if (i == 2) {
            days->value = INFINITY;
            days->status = HL_ROW_NEVER;
        }
    }
    for (size_t i = 0; i < sizeof fixture_periods / sizeof *fixture_periods; i++) {
        double years = fixture_periods[i];
        for (int metric = HL_AEP; metric <= HL_OEP_TVAR; metric++) {
            struct hl_row *row = fixture_add(f, FIXTURE_KEY(.perspective = HL_GROSS, .metric = metric, .level = years),
                                             fixture_loss(years, size) * factors[metric - HL_AEP],
                                             years <= 50 ? 0 : 0.2e9 * sqrt(years / 100));
            if (years == 5000) {
                row->high = NAN;
                row->status = HL_ROW_OPEN_ABOVE;
            }
            if (years == 10000) {
                row->error = row->low = row->high = NAN;
                row->status = HL_ROW_BEYOND_SAMPLE;
            }
        }
    }
}

/* What is left to customers on one basis, and what would close the gap. `share` of the breaches are not covered. */
static void fixture_gap(struct fixture *f, uint32_t e, double size, enum hl_basis basis, uint16_t outer, double share) {
    double rate = outer == 0 ? 1 : outer == 1 ? 0.2 : 2;
    double p = 0.02 * size * share * rate;
#define GAP(...) FIXTURE_KEY(.outer = outer, .basis = basis, __VA_ARGS__)
    fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_P_POSITIVE), p, 0.00008);
    fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_MEAN), p * 20e9, 2e6);
    fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_SD), 3e9, NAN);
    fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_MEAN_IF_POSITIVE), 20e9, 0.1e9);
    for (size_t i = 0; i < 5; i++) {
        double years = 1 / (1 - fixture_confidence[i]);
        fixture_add(f, GAP(.perspective = HL_RESERVE_NEEDED, .metric = HL_VAR, .level = fixture_confidence[i]),
                    years * p <= 1.000001 ? 0 : 40e9 * (1 - 1 / (years * p)), 0.1e9);
        if (e == 0)
            continue; /* the system has no layer of its own */
        struct hl_row *cover = fixture_add(
            f, GAP(.perspective = HL_INSURANCE_NEEDED, .metric = HL_VAR, .level = fixture_confidence[i]), 12e9, 0.1e9);
        if (e == 2 && fixture_confidence[i] < 0.99)
            cover->value = cover->low = cover->high = 0;
        if (e == 1 && basis == HL_BASIS_EARMARKED) {
            cover->value = cover->error = cover->low = cover->high = NAN;
            cover->status = HL_ROW_NOT_ATTAINABLE;
        }
    }
    if (e > 0)
        fixture_add(f, GAP(.perspective = HL_INSURANCE_NEEDED, .metric = HL_P_ABOVE, .level = INFINITY), p / 2, 0.0001);
    for (int i = 0; i <= 20; i++) {
        double level = i * 2e9;
        double left = p * (1 - i / 20.0);
        struct hl_row *row = fixture_add(f, GAP(.perspective = HL_RESERVE_NEEDED, .metric = HL_P_ABOVE, .level = level),
                                         left, left / 25);
        if (i == 20) {
            *row = (struct hl_row){row->key, 0, 0, 0, 3.7e-6, HL_ROW_FEW_HITS};
        }
        fixture_add(f, GAP(.perspective = HL_RESERVE_NEEDED, .metric = HL_MEAN_ABOVE, .level = level), left * 10e9,
                    1e6);
    }
    if (outer > 0)
        return;
    for (size_t i = 0; i < 3; i++) {
        fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_P_UNPAID_AFTER, .level = fixture_unpaid[i]),
                    p * (4 - (double)i) / 2, 0.0001);
        fixture_add(f, GAP(.perspective = HL_RESERVE_NEEDED, .metric = HL_VAR_GIVEN_BREACH, .level = fixture_given[i]),
                    40e9 * fixture_given[i], 0.3e9);
    }
    for (size_t i = 0; i < sizeof fixture_periods / sizeof *fixture_periods; i++) {
        fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_AEP, .level = fixture_periods[i]),
                    fixture_loss(fixture_periods[i], size) * share, 0.1e9 * (fixture_periods[i] > 50));
    }
    fixture_add(f, GAP(.policy = 1, .perspective = HL_SHORTFALL, .metric = HL_P_POSITIVE), p * 1.25, 0.0001);
    fixture_add(f, GAP(.policy = 1, .perspective = HL_INSURANCE_GAIN, .metric = HL_P_POSITIVE), p * 0.25, 0.00002);
    fixture_add(f, GAP(.policy = 1, .perspective = HL_INSURANCE_GAIN, .metric = HL_MEAN), 12.3e6, 0.2e6);
    if (e == 0)
        fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_P_AT_LEAST, .level = 1), p, 0.0001);
    if (e == 0) {
        struct hl_row *two =
            fixture_add(f, GAP(.perspective = HL_SHORTFALL, .metric = HL_P_AT_LEAST, .level = 2), 3e-6, 1e-6);
        two->low = 0.6e-6;
        two->high = 8.8e-6;
        two->status = HL_ROW_FEW_HITS;
    }
#undef GAP
}

/* What comes together at the two exchanges: stated, or a tenth of it with vendors apart. */
static void fixture_joint(struct fixture *f, enum hl_basis basis, uint16_t outer) {
    const uint32_t e = 0;
    double p = outer == 0 ? 0.002 : 0.0002;
#define JOINT(...) FIXTURE_KEY(.outer = outer, .basis = basis, .perspective = HL_JOINT_SHORTFALL, __VA_ARGS__)
    fixture_add(f, JOINT(.metric = HL_P_POSITIVE), p, p / 50);
    fixture_add(f, JOINT(.metric = HL_MEAN_IF_POSITIVE), 36e9, 0.2e9);
    if (outer == 0)
        return;
    for (double k = 1; k <= 2; k++)
        fixture_add(f,
                    FIXTURE_KEY(.outer = outer, .basis = basis, .perspective = HL_SHORTFALL, .metric = HL_P_AT_LEAST,
                                .level = k),
                    k > 1 ? p : 0.02, p / 50);
    fixture_add(f, FIXTURE_KEY(.outer = outer, .basis = basis, .perspective = HL_SHORTFALL, .metric = HL_MEAN), 500e6,
                1e6);
#undef JOINT
}

/* Two fifths of the expected shortfall of 240 m go back to alpha, a fifth to the vendor. */
static void fixture_contributions(struct fixture *f, enum fixture_kind kind) {
    for (uint32_t e = 1; e <= 3; e++)
        if (e == 1 || kind == FIXTURE_TWO)
            fixture_add(f, FIXTURE_KEY(.perspective = HL_SHORTFALL, .metric = HL_CONTRIBUTION), e == 3 ? 48e6 : 96e6,
                        1e6);
}

/* Who pays: 10 % guarantee, 20 % insurance, 15 % reserve, 40 % parent, 15 % the customers. */
static void fixture_payers(struct fixture *f, uint32_t e, double size) {
    static const double shares[] = {0.1, 0.2, 0.15, 0.4, 0.15};
    for (size_t item = 0; item < 5; item++) {
        bool own = item == 4;
        struct hl_row_key key =
            FIXTURE_KEY(.item = own ? 0 : (uint16_t)item, .perspective = own ? HL_HAIRCUT : HL_PAID, .metric = HL_MEAN);
        fixture_add(f, key, shares[item] * 600e6 * size, 1e6);
        key.metric = HL_SD;
        fixture_add(f, key, 1e9, NAN);
        key.metric = HL_SHARE_AT;
        for (size_t i = 0; i < sizeof fixture_periods / sizeof *fixture_periods; i++) {
            key.level = fixture_periods[i];
            struct hl_row *row = fixture_add(f, key, shares[item], 0.01);
            if (key.level <= 50) {
                row->value = row->error = row->low = row->high = NAN;
                row->status = HL_ROW_NO_EVENTS;
            }
        }
    }
    fixture_add(f, FIXTURE_KEY(.item = FIXTURE_CRIME, .perspective = HL_PAID, .metric = HL_P_ATTACH), 0.01, 0.0001);
    fixture_add(f, FIXTURE_KEY(.item = FIXTURE_CRIME, .perspective = HL_PAID, .metric = HL_P_EXHAUST), 0.002, 0.00005);
}

/* Everything is nothing: probabilities 0 with their upper bound, conditionals without events. */
static void fixture_silence(struct fixture *f) {
    for (size_t i = 0; i < f->result.row_count; i++) {
        struct hl_row *row = &f->rows[i];
        enum hl_metric m = row->key.metric;
        *row = (struct hl_row){row->key, 0, 0, 0, 0, HL_ROW_OK};
        if (m == HL_P_BREACH || m == HL_P_POSITIVE || m == HL_P_ABOVE || m == HL_P_UNPAID_AFTER) {
            row->high = 3.7e-6;
            row->status = HL_ROW_FEW_HITS;
        }
        if (m == HL_MEAN_GIVEN_BREACH || m == HL_VAR_GIVEN_BREACH || m == HL_MEAN_IF_POSITIVE || m == HL_SHARE_AT) {
            row->value = row->error = row->low = row->high = NAN;
            row->status = HL_ROW_NO_EVENTS;
        }
        if (row->key.perspective == HL_INSURANCE_NEEDED) {
            row->value = row->error = row->low = row->high = NAN;
            row->status = HL_ROW_NOTHING_TO_SIZE;
        }
    }
}

static void fixture_scenario(struct fixture *f, enum fixture_kind kind) {
    struct hl_scenario *s = &f->scenario;
    *s = (struct hl_scenario){.path = "scenarios/fixture.yaml",
                              .title = "A fixture, with \"quotes\" & <brackets>",
                              .description = "",
                              .currency = "JPY",
                              .quantum = 1,
                              .horizon_days = 365,
                              .refill_after_days = INFINITY,
                              .trials = 1000000,
                              .target_relative_error = 0.05,
                              .seed = 7};
    static size_t below = 1; /* keyhouse is built on cloud */
    f->exchanges[0] = (struct hl_exchange){.id = "alpha", .name = "Alpha"};
    f->exchanges[1] = (struct hl_exchange){.id = "beta", .name = "Beta"};
    f->vendors[0] = (struct hl_vendor){.id = "keyhouse", .uses = &below, .use_count = 1};
    f->vendors[1] = (struct hl_vendor){.id = "cloud"};
    for (size_t i = 0; i < 3; i++)
        f->holdings[i] = (struct hl_holding){.exchange = i / 2, .custodian = i == 1 ? HL_NONE : 0, .value = 40e9};
    s->vendors = f->vendors;
    s->vendor_count = kind == FIXTURE_TWO ? 2 : 0;
    s->holdings = f->holdings;
    s->holding_count = 3;
    f->funds[FIXTURE_GUARANTEE] = (struct hl_fund){.kind = HL_FUND_guarantee_crypto, .name = "guarantee_crypto"};
    f->funds[FIXTURE_CRIME] = (struct hl_fund){.kind = HL_FUND_insurance, .name = "crime"};
    f->funds[FIXTURE_RESERVE] = (struct hl_fund){.kind = HL_FUND_reserve, .name = "reserve"};
    f->funds[FIXTURE_PARENT] = (struct hl_fund){.kind = HL_FUND_parent, .name = "parent"};
    f->inputs[0] = (struct hl_input){.name = "fixture.yaml", .path = "scenarios/fixture.yaml"};
    f->inputs[1] = (struct hl_input){.name = "data/exchanges.csv", .path = "scenarios/data/exchanges.csv"};
    for (size_t i = 0; i < 2; i++)
        memset(f->inputs[i].sha256, 'a' + (int)i, 64);
    memset(s->fingerprint, 'f', 64);
    s->exchanges = f->exchanges;
    s->exchange_count = kind == FIXTURE_TWO ? 2 : 1;
    s->funds = f->funds;
    s->fund_count = 4;
    s->inputs = f->inputs;
    s->input_count = 2;
    s->report = (struct hl_report){
        fixture_confidence, 5, fixture_periods, 12, fixture_unpaid, 3, 30, fixture_given, 3, 0.99, 0};
}

/* Makes the fixture; free with fixture_free. Never NULL: aborts when memory runs out. */
__attribute__((unused)) static struct fixture *fixture_make(enum fixture_kind kind) {
    static const char *policies[] = {"as_stated", "no_insurance"};
    static const char *samplings[] = {"stated", "rates_low", "rates_high", "vendors_apart"};
    struct fixture *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    fixture_scenario(f, kind);
    f->entities[0] = (struct hl_entity){HL_ENTITY_SYSTEM, 0, "all exchanges"};
    f->entities[1] = (struct hl_entity){HL_ENTITY_EXCHANGE, 0, "alpha"};
    f->entities[2] = (struct hl_entity){HL_ENTITY_EXCHANGE, 1, "beta"};
    f->entities[3] = (struct hl_entity){HL_ENTITY_VENDOR, 0, "keyhouse"};
    f->sized[0] = f->sized[1] = kind == FIXTURE_QUIET ? HL_NONE : FIXTURE_CRIME;
    struct hl_result *r = &f->result;
    *r = (struct hl_result){.scenario = &f->scenario,
                            .trials = 1000000,
                            .seed = 7,
                            .entities = f->entities,
                            .entity_count = kind == FIXTURE_TWO ? 4 : 2,
                            .policies = policies,
                            .policy_count = kind == FIXTURE_QUIET ? 1 : 2,
                            .samplings = samplings,
                            .sampling_count = kind == FIXTURE_QUIET ? 1
                                              : kind == FIXTURE_TWO ? 4
                                                                    : 3,
                            .year_count = 1,
                            .whole = 1,
                            .rows = f->rows,
                            .verdicts = f->verdicts,
                            .sized_fund = f->sized};
    r->provenance = (struct hl_provenance){.version = "0.1.0",
                                           .commit = "0123abc",
                                           .compiler = "gcc",
                                           .threads = 2,
                                           .seconds_plan = 0.01,
                                           .seconds_run = 0.5,
                                           .events = 20123,
                                           .host = "here",
                                           .started = "2026-01-02T03:04:05Z"};
    for (uint32_t e = 0; e < (kind == FIXTURE_TWO ? 3U : 2U); e++) {
        double size = e == 0 ? 1.5 : e == 1 ? 1 : 0.5;
        fixture_losses(f, e, size);
        fixture_payers(f, e, size);
        for (int basis = 0; basis < HL_BASIS_COUNT; basis++) {
            for (size_t outer = 0; outer < r->sampling_count && outer < 3; outer++) {
                fixture_gap(f, e, size, (enum hl_basis)basis, (uint16_t)outer, basis == HL_BASIS_ALL ? 0.4 : 0.8);
            }
            f->verdicts[r->verdict_count++] = (struct hl_verdict){e,
                                                                  (enum hl_basis)basis,
                                                                  basis == HL_BASIS_ALL,
                                                                  4.2e6,
                                                                  basis ? 0.083 : 0.012,
                                                                  basis == HL_BASIS_ALL,
                                                                  basis ? 0.011 : 0.002,
                                                                  0.03};
        }
    }
    for (int basis = 0; basis < HL_BASIS_COUNT && kind == FIXTURE_TWO; basis++)
        for (uint16_t outer = 0; outer <= 3; outer += 3)
            fixture_joint(f, (enum hl_basis)basis, outer);
    fixture_contributions(f, kind);
    if (kind == FIXTURE_QUIET) {
        fixture_silence(f);
        for (size_t i = 0; i < r->verdict_count; i++) {
            f->verdicts[i].enough_trials = f->verdicts[i].decided_by_rate = false;
            f->verdicts[i].trials_needed = f->verdicts[i].relative_error = INFINITY;
            f->verdicts[i].p_low = f->verdicts[i].p_high = NAN;
        }
    }
    if (kind == FIXTURE_QUIET) { /* rows of a policy that the quiet result has not */
        size_t kept = 0;
        for (size_t i = 0; i < r->row_count; i++) {
            if (f->rows[i].key.policy == 0)
                f->rows[kept++] = f->rows[i];
        }
        r->row_count = kept;
    }
    qsort(f->rows, r->row_count, sizeof *f->rows, hl_row_compare);
    return f;
}

__attribute__((unused)) static void fixture_free(struct fixture *f) { free(f); }

#endif
