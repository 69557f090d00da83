/* One trial as a story: what it must name, and that its figures are the waterfall's. */
#include "results/trace.h"
#include "results/words.h"
#include "tests/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* A breach of each exchange a year for sure, that takes all of its hot coins. ape: 2 bn of customers, 0.3 bn guarantee,
 * 0.4 bn of its own. */
static void make(struct engine *f) {
    engine_start(f);
    f->s.title = "Two exchanges";
    size_t ape = engine_exchange(f, "ape");
    size_t btc = engine_asset(f, "BTC"), eth = engine_asset(f, "ETH");
    engine_holding(f, ape, btc, HL_HOT, 1500000000);
    engine_holding(f, ape, eth, HL_HOT, 500000000);
    engine_holding(f, ape, btc, HL_HOT, 300000000)->owner = HL_OWNER_GUARANTEE;
    engine_holding(f, ape, btc, HL_COLD, 250000000)->owner = HL_OWNER_GUARANTEE;
    engine_holding(f, ape, eth, HL_HOT, 400000000)->owner = HL_OWNER_HOUSE;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0, HL_NONE);
    b->tiers = 1u << HL_HOT;
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {1}, .low = 1, .high = 1};
}

/* The story; the caller frees. */
static char *story(const struct hl_plan *p, uint64_t trial) {
    char *text = NULL;
    size_t size = 0;
    struct hl_error err = {0};
    FILE *out = open_memstream(&text, &size);
    cr_assert(hl_trace_print(p, trial, out, &err) == HL_OK);
    fclose(out);
    return text;
}

static void expect_text(const char *text, const char *part) {
    cr_expect(strstr(text, part) != NULL, "no \"%s\" in:\n%s", part, text);
}

static void expect_narrow(const char *text) {
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        cr_expect(length <= 80, "%zu columns: %.*s", length, (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* The day of the theft in a trial of the first block. */
static int theft_day(const struct hl_plan *p, uint32_t trial) {
    static struct hl_events e;
    struct hl_error err = {0};
    cr_assert(hl_events_sample(&e, p, 0, 0, HL_BLOCK_TRIALS, &err) == HL_OK);
    cr_assert(e.first[trial + 1] - e.first[trial] == 1);
    int day = (int)e.hits[e.first[trial]].day;
    hl_events_free(&e);
    return day;
}

Test(trace, names_vector_amounts_days_and_payers) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    struct hl_fund *recovery = engine_fund(&f, HL_FUND_recovery, 0.1);
    recovery->after_days = 180;
    engine_fund(&f, HL_FUND_guarantee_crypto, 0);
    engine_fund(&f, HL_FUND_insurance, 600000000)->name = "crime";
    f.funds[2].after_days = 20;
    engine_fund(&f, HL_FUND_own_capital, 900000000);
    engine_fund(&f, HL_FUND_parent, 700000000)->after_days = 40;
    engine_plan(&p, &f);
    const uint32_t trials[] = {0, 17, 4095};
    for (size_t i = 0; i < COUNT_OF(trials); i++) {
        char *text = story(&p, trials[i]), line[128];
        int day = theft_day(&p, trials[i]);
        snprintf(line, sizeof line, "Trial %u of Two exchanges (seed 7)", trials[i]);
        expect_text(text, line);
        snprintf(line, sizeof line, "day %3d  theft 1: hot_wallet_drain", day);
        expect_text(text, line);
        expect_text(text, "taken 2.70 bn JPY");
        expect_text(text, "1.50 bn of customers, 300 m of the guarantee crypto");
        expect_text(text, "500 m of customers");
        expect_text(text, "own coins: 400 m");
        /* 2000 of customers: 250 guarantee, 500 capital (900 less 400) at once; 600 crime; 650 parent; then 200
         * recovered, all of it for the parent */
        const struct {
            int after;
            const char *payment;
        } rows[] = {
            {0, "guarantee_crypto pays 250 m (theft 1); unpaid 1.75 bn"},
            {0, "own_capital pays 500 m (theft 1); unpaid 1.25 bn"},
            {20, "crime pays 600 m (theft 1); unpaid 650 m"},
            {40, "parent pays 650 m (theft 1): whole after 40 days"},
            {180, "recovery pays back 200 m to parent (theft 1)"},
        };
        const char *before = text;
        for (size_t k = 0; k < COUNT_OF(rows); k++) {
            snprintf(line, sizeof line, "day %3d  %s\n", day + rows[k].after, rows[k].payment);
            expect_text(text, line);
            const char *at = strstr(text, line);
            cr_assert(at != NULL && at > before, "in the order of the days");
            before = at;
        }
        expect_text(text, "owed 2.00 bn JPY; unpaid at the deadline of 30 days");
        expect_text(text, "650 m from all sources, 1.15 bn from earmarked money alone");
        expect_text(text, "parent                   bore 450 m");
        expect_text(text, "recovery                 bore 200 m");
        cr_expect(strstr(text, "never paid") == NULL && strstr(text, "nan") == NULL);
        expect_narrow(text);
        free(text);
    }
    hl_plan_free(&p);
}

Test(trace, what_customers_lose) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    engine_fund(&f, HL_FUND_reserve, 1200000000);
    engine_plan(&p, &f);
    char *text = story(&p, 3);
    expect_text(text, "reserve pays 1.20 bn (theft 1); unpaid 800 m");
    expect_text(text, "never paid: 800 m, which customers lose");
    free(text);
    hl_plan_free(&p);
}

/* Two instalments of one fund, a parent that fails at once, an estate; and income by month until the last lag is over.
 */
Test(trace, who_failed_and_what_comes_in) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    struct hl_fund *fund = engine_fund(&f, HL_FUND_protection_fund, 1200000000);
    fund->instalments = 2;
    fund->every_days = 1;
    struct hl_fund *parent = engine_fund(&f, HL_FUND_parent, 500000000);
    parent->after_days = 40;
    parent->fails = (struct hl_failure){1000000, HL_NONE};
    engine_fund(&f, HL_FUND_administrator, 300000000)->after_days = 5;
    engine_plan(&p, &f);
    char *text = story(&p, 3);
    expect_text(text, "never paid: 500 m, which customers lose\n           the exchange is insolvent\n");
    expect_text(text, "           parent had failed, on day 0\n");
    expect_text(text, "protection_fund          bore 1.20 bn\n");
    expect_text(text, "administrator            bore 300 m\n");
    expect_narrow(text);
    free(text);
    hl_plan_free(&p);
    f.s.fund_count = 0;
    engine_fund(&f, HL_FUND_reserve, 100000000)->income = (struct hl_amount){.value = 365000000, .cap = INFINITY};
    engine_fund(&f, HL_FUND_parent, 1)->after_days = 40;
    engine_plan(&p, &f);
    text = story(&p, 3);
    expect_text(text, "  30.0 m comes in to reserve\n");
    cr_expect_null(strstr(text, "insolvent"), "nobody asked");
    free(text);
    hl_plan_free(&p);
}

/* A vendor's breach at two clients: each exchange's story under its name, the vendor named; a trial without one. */
Test(trace, a_vendor_and_a_quiet_trial) {
    static struct engine f;
    struct hl_plan p;
    engine_start(&f);
    size_t keyco = engine_vendor(&f, "keyco");
    engine_asset(&f, "BTC");
    engine_holding(&f, engine_exchange(&f, "ape"), 0, HL_COLD, 7000000)->custodian = keyco;
    engine_holding(&f, engine_exchange(&f, "bee"), 0, HL_COLD, 9000000)->custodian = keyco;
    engine_breach(&f, HL_VECTOR_third_party_compromise, 0.2, keyco);
    engine_plan(&p, &f);
    uint64_t trial = 0;
    struct hl_error err = {0};
    cr_assert(hl_trace_find(&p, 4096, &trial, &err) == HL_OK);
    cr_assert(trial > 0 && trial < 100, "the first of one in five is the first trial only by chance");
    char *text = story(&p, trial), *quiet = story(&p, 0);
    expect_text(text, "vendor keyco\n");
    expect_text(text, "  third_party_compromise\n           hits 2 of 2 clients: ape (7.00 m), bee (9.00 m)\n");
    expect_text(text, "third_party_compromise, through the vendor keyco");
    expect_text(text, "\nape\n");
    expect_text(text, "\nbee\n");
    expect_text(text, "7.00 m of customers");
    expect_text(text, "9.00 m of customers");
    expect_text(quiet, "no breach");
    expect_narrow(text);
    free(text);
    free(quiet);
    hl_plan_free(&p);
}

Test(trace, a_wallet_that_was_empty) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    f.breaches[0].tiers = 1u << HL_WARM;
    engine_plan(&p, &f);
    char *text = story(&p, 0);
    expect_text(text, "nothing was there to take");
    free(text);
    hl_plan_free(&p);
}

/* Finds the first short trial, or the first breached one, or none. Shares are uniform: customers lose up to 2 bn. */
Test(trace, finds_one_worth_telling) {
    const struct {
        const char *what;
        double probability, reserve;
        bool is_short, is_breached;
    } rows[] = {{"the first breach is not short, a later one is", 0.002, 1.9e9, true, true},
                {"breached, never short", 0.001, 2e9, false, true},
                {"quiet", 0, 0, false, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct engine f;
        static struct hl_events e;
        struct hl_plan p;
        struct hl_error err = {0};
        make(&f);
        f.breaches[0].count.p[0] = rows[i].probability;
        f.s.seed = 8; /* its first breach takes little */
        f.breaches[0].size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 1}};
        engine_fund(&f, HL_FUND_reserve, rows[i].reserve);
        engine_plan(&p, &f);
        uint64_t first = 20000, first_short = 20000, got = 0;
        for (uint32_t block = 0; block < 4; block++) {
            cr_assert(hl_events_sample(&e, &p, 0, block, HL_BLOCK_TRIALS, &err) == HL_OK);
            for (size_t k = e.count; k-- > 0;) {
                uint64_t trial = (uint64_t)block * HL_BLOCK_TRIALS + e.hits[k].trial;
                first = trial < first || first / HL_BLOCK_TRIALS == block ? trial : first;
                if (e.hits[k].size * 2e9 > rows[i].reserve &&
                    (trial < first_short || first_short / HL_BLOCK_TRIALS == block))
                    first_short = trial;
            }
        }
        cr_assert(!rows[i].is_short || first < first_short, "%zu %zu", (size_t)first, (size_t)first_short);
        cr_assert(rows[i].is_short == (first_short < 20000) && rows[i].is_breached == (first < 20000));
        cr_assert(hl_trace_find(&p, 20000, &got, &err) == HL_OK);
        cr_expect_eq(got, rows[i].is_short ? first_short : first, "%s: trial %zu", rows[i].what, (size_t)got);
        hl_plan_free(&p);
        hl_events_free(&e);
    }
}

/* Two key leaks a year, each of which sets off nine drains of the same exchange. */
Test(trace, tells_what_set_a_breach_off) {
    static struct engine f;
    static struct hl_events e;
    struct hl_plan p;
    struct hl_error err = {0};
    make(&f);
    struct hl_breach *leak = engine_breach(&f, HL_VECTOR_key_leak, 2, HL_NONE);
    leak->tiers = 1u << HL_WARM;
    f.breaches[0].count = engine_poisson(0);
    struct hl_excitation link = {.from = 1, .to = 0, .where = HL_WHERE_SAME, .ratio = 9, .delay_days = 3};
    f.s.excitations = &link;
    f.s.excitation_count = 1;
    engine_plan(&p, &f);
    cr_assert(hl_events_sample(&e, &p, 0, 0, HL_BLOCK_TRIALS, &err) == HL_OK);
    uint32_t i = 0;
    while (e.hits[i].cause == HL_NO_CAUSE)
        i++;
    char line[80];
    snprintf(line, sizeof line, "hot_wallet_drain\n           set off by key_leak at ape, day %d\n",
             (int)e.hits[i].cause_day);
    char *text = story(&p, e.hits[i].trial);
    expect_text(text, line);
    expect_narrow(text);
    free(text);
    hl_events_free(&e);
    hl_plan_free(&p);
}

/* Clusters of ten: a breach says how many came with it. */
Test(trace, tells_a_cluster) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    f.breaches[0].count =
        (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {0.1, 0.01}, .low = 0.1, .high = 0.1};
    engine_plan(&p, &f);
    uint64_t trial;
    struct hl_error err = {0};
    cr_assert(hl_trace_find(&p, 4096, &trial, &err) == HL_OK);
    size_t members = 0;
    for (; trial < 4096 && members < 2; trial++) {
        char *text = story(&p, trial), line[64];
        members = 0;
        for (const char *at = text; (at = strstr(at, "theft")) != NULL && strstr(at, ": hot") != NULL; at++)
            members += strncmp(at + 7, ": hot_wallet_drain", 18) == 0;
        snprintf(line, sizeof line, "one of a cluster of %zu\n", members);
        if (members > 1 && members < 10)
            expect_text(text, line);
        else
            members = 0;
        free(text);
    }
    cr_expect(members > 1);
    hl_plan_free(&p);
}

Test(trace, tells_when_it_was_found_out_and_that_customers_ran) {
    static struct engine f;
    struct hl_plan p;
    make(&f);
    engine_holding(&f, 0, 0, HL_COLD, 1000000000);
    f.breaches[0].noticed_after.days = 40;
    f.s.run = (struct hl_run_terms){.any = true,
                                    .size = {.family = &hl_severity_fixed, .p = {0.3}},
                                    .liquid = 1 << HL_HOT,
                                    .from_cold_per_day = 0.1,
                                    .suspends_at = INFINITY,
                                    .suspension_days = 1};
    engine_plan(&p, &f);
    char *text = story(&p, 0), line[128];
    snprintf(line, sizeof line, "from day %d on, found out on day %d\n", theft_day(&p, 0), theft_day(&p, 0) + 40);
    expect_text(text, line);
    expect_text(text, "customers ask for 300 m of what is left; withdrawals are suspended\n");
    expect_text(text, "up to 300 m of it waits, for 3 days in all\n");
    expect_narrow(text);
    free(text);
    hl_plan_free(&p);
}

/* A breach each year takes everything; without funds the exchange fails, with a parent it lives on. */
Test(trace, tells_the_years) {
    for (int rescued = 0; rescued < 2; rescued++) {
        struct engine f;
        struct hl_plan p;
        make(&f);
        f.s.horizon_days = 3 * 365;
        if (rescued)
            engine_fund(&f, HL_FUND_parent, 50e9);
        engine_plan(&p, &f);
        char *text = story(&p, 0);
        expect_text(text, "  day 365  year 2 begins: ");
        expect_text(text,
                    rescued ? "year 3 begins: funds are refilled as stated" : "the exchange has failed and is closed");
        cr_expect((strstr(text, "theft 3") != NULL) == (rescued != 0), "%s", text);
        expect_narrow(text);
        free(text);
        hl_plan_free(&p);
    }
}

Test(trace, tells_years_that_begin_afresh_one_by_one) {
    struct engine f;
    struct hl_plan p;
    make(&f);
    f.s.horizon_days = 2 * 365;
    f.s.fresh = true;
    engine_plan(&p, &f);
    char *text = story(&p, 0);
    expect_text(text, "ape, year 1: afresh\n");
    expect_text(text, "ape, year 2: afresh\n");
    cr_expect_null(strstr(text, "closed"));
    free(text);
    hl_plan_free(&p);
}

/* ape and bee lose 2 bn each in every year; the fund has 0.5 bn, and each can be called for 1 bn. */
Test(trace, tells_what_a_pool_pays_and_whom_it_calls) {
    struct engine f;
    struct hl_plan p;
    engine_start(&f);
    f.s.title = "A pool";
    for (size_t e = 0; e < 2; e++) {
        engine_exchange(&f, e == 0 ? "ape" : "bee");
        engine_holding(&f, e, 0, HL_HOT, 2000000000);
    }
    engine_asset(&f, "BTC");
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {1}, .low = 1, .high = 1};
    engine_fund(&f, HL_FUND_pool, 500000000)->calls =
        (struct hl_amount){.base = HL_BASE_FIXED, .value = 1000000000, .cap = INFINITY};
    engine_plan(&p, &f);
    char *text = story(&p, 3);
    expect_text(text, "pool pays 500 m (theft 1); unpaid 1.50 bn\n");
    expect_text(text, "bee is called for 1.00 bn\n");
    expect_text(text, "is called for 1.00 bn, for bee\n");
    expect_text(text, "pool pays 1.00 bn (theft 1); unpaid 500 m\n");
    expect_text(text, "bore 1.00 bn of calls\n");
    expect_narrow(text);
    free(text);
    hl_plan_free(&p);
}
