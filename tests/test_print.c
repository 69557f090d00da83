#include "engine/run.h"
#include "results/write.h"
#include "tests/engine_fixture.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>

/* What hl_results_print writes; the caller frees. */
static char *printed(const struct hl_result *r) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert_not_null(out);
    hl_results_print(r, out);
    cr_assert_eq(fclose(out), 0);
    return text;
}

static void expect_narrow(const char *text) {
    size_t line = 1;
    while (*text) {
        size_t columns = 0;
        const char *start = text;
        for (; *text && *text != '\n'; text++)
            columns += ((unsigned char)*text & 0xC0) != 0x80;
        cr_expect(columns <= 80, "line %zu has %zu columns: %.*s", line, columns, (int)(text - start), start);
        cr_expect(text == start || text[-1] != ' ', "line %zu ends with a blank", line);
        if (*text)
            text++;
        line++;
    }
}

Test(print, no_line_is_wider_than_the_terminal) {
    for (int kind = FIXTURE_TWO; kind <= FIXTURE_QUIET; kind++) {
        struct fixture *f = fixture_make(kind);
        char *text = printed(&f->result);
        expect_narrow(text);
        free(text);
        fixture_free(f);
    }
}

Test(print, long_names_are_cut_and_long_titles_wrapped) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    f->entities[2].name = "an-exchange-with-a-name-as-long-as-the-tables-of-a-scenario-allow";
    f->funds[FIXTURE_PARENT].name = "a-parent-with-a-name-as-long-as-the-tables-of-a-scenario-allow-it";
    f->scenario.title = "A title of more than eighty columns, which nobody should write but somebody will, so that it "
                        "is broken between two words";
    char *text = printed(&f->result);
    expect_narrow(text);
    cr_expect_not_null(strstr(text, "an-exchange-w~"));
    cr_expect_not_null(strstr(text, "broken between two words\n"));
    free(text);
    fixture_free(f);
}

Test(print, one_exchange_in_full) {
    static const char *const lines[] = {
        "1,000,000 trials of one year, seed 7. Money in JPY.",
        "\nalpha\n",
        "  P(breach)                     2.00 % (1.98 to 2.02)\n",
        "                     earmarked funds only          all sources of funds\n",
        "  P(shortfall)       1.60 % (1.58 to 1.62)         0.800 % (0.784 to 0.816)\n",
        "  loss, mean                    30.0 bn (29.8 to 30.2)\n",
        "  days until whole, 99 %        not within all lags\n",
        "     99 %  sized     15.0 bn (14.8 to 15.2)        0 (-200 m to 200 m)\n",
        "  high end           27.5 bn (27.3 to 27.7)        15.0 bn (14.8 to 15.2)\n",
        "  all sources of funds: Decided by the assumed rate: P(shortfall) is 0.200 %\n",
        "    P(attach)        1.00 % (0.980 to 1.02)        once in 100 years\n",
        "  P(short) without   2.00 % (1.98 to 2.02)         1.00 % (0.980 to 1.02)\n",
        "    less by (paired) 0.400 % (0.396 to 0.404)      0.200 % (0.196 to 0.204)\n",
        "not attainable; at any limit\n  of crime P(shortfall) stays at 0.800 % (0.780 to 0.820).\n",
        "  all sources of funds: Insurance needed at 99 %: a limit per event of 12.0 bn\n",
        "  parent             240 m (238 to 242)            40.0 %\n",
        "  all sources of funds: Enough trials:",
        "Limits: losses from theft only",
        "\nPrices stay constant from theft to payment. Customers are owed: the price at the\ntheft.\n",
    };
    struct fixture *f = fixture_make(FIXTURE_ONE);
    char *text = printed(&f->result);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        cr_expect_not_null(strstr(text, lines[i]), "%s", lines[i]);
    cr_expect_null(strstr(text, "Exchanges one by one"));
    free(text);
    fixture_free(f);
}

Test(print, several_at_once_and_who_stands_behind_a_vendor) {
    static const char *const lines[] = {
        "\nSeveral at once, all sources of funds\n",
        "                                 as stated      apart\n",
        "  P(1 or more short)                1.20 %     2.00 %\n",
        "  P(2 or more short)              3.0e-4 %   0.0200 %\n",
        "  if 2 or more are short           36.0 bn    36.0 bn\n",
        "  vendor                    exchanges    of coins    exchanges    of coins\n",
        "  keyhouse                          2      66.7 %            2      66.7 %\n",
        "  cloud                             0         0 %            2      66.7 %\n",
    };
    struct fixture *f = fixture_make(FIXTURE_TWO);
    char *text = printed(&f->result);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        cr_expect_not_null(strstr(text, lines[i]), "%s\n%s", lines[i], strstr(text, "\nSeveral"));
    free(text);
    fixture_free(f);
}

Test(print, whether_prices_move_and_what_is_owed) {
    struct hl_factor jumping = {.jump_rate = 1};
    const struct {
        struct hl_market market;
        double shares[2][HL_CLAIM_BASIS_COUNT]; /* of two assets */
        const char *want;
    } rows[] = {
        {{.moves = true}, {{1}, {1}}, "Prices move, of mean 1. Customers are owed: the coins themselves.\n"},
        {{.moves = true, .tail_nu = 4, .token_fall = 0.3},
         {{0, 1}, {0, 1}},
         "Prices move, of mean 1, with fat tails; breaches make them fall. Customers are\nowed: the price at the "
         "theft.\n"},
        {{.moves = true, .factors = &jumping, .factor_count = 1},
         {{0.6, 0.4}, {1}},
         "Prices move, of mean 1, with jumps. Customers are owed: told by asset, in coins\nand in money.\n"},
        {{0}, {{0, 0, 0, 1}, {0, 0, 0, 1}}, "from theft to payment. Customers are owed: a fixed price.\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture *f = fixture_make(FIXTURE_ONE);
        struct hl_claim_terms terms[2];
        for (size_t a = 0; a < 2; a++)
            memcpy(terms[a].share, rows[i].shares[a], sizeof terms[a].share);
        f->scenario.market = rows[i].market;
        f->scenario.claim_terms = terms;
        f->scenario.asset_count = 2;
        char *text = printed(&f->result);
        cr_expect_not_null(strstr(text, rows[i].want), "row %zu: %s", i, strstr(text, "Limits:"));
        expect_narrow(text);
        free(text);
        fixture_free(f);
    }
}

Test(print, several_exchanges_in_a_table_and_the_system_in_full) {
    static const char *const lines[] = {
        "  alpha             2.00 %    1.60 %   0.800 % 15.0 bn; 39.6 bn       0; 39.6 bn\n",
        "  beta              1.00 %   0.800 %   0.400 %       0; 39.6 bn       0; 39.6 bn\n",
        "        2            6.0e-5 to 8.8e-4 % *          6.0e-5 to 8.8e-4 % *\n",
        "\nAll exchanges together\n",
    };
    struct fixture *f = fixture_make(FIXTURE_TWO);
    char *text = printed(&f->result);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        cr_expect_not_null(strstr(text, lines[i]), "%s", lines[i]);
    cr_expect_null(strstr(text, "Insurance needed"), "the system has no layer of its own");
    free(text);
    fixture_free(f);
}

Test(print, a_run_without_a_breach) {
    static const char *const lines[] = {
        "  P(breach)                     0 to 3.7e-4 % *\n",
        "  loss, mean                    no such event in the run\n",
        "  No breach rate is given with an interval",
        "  The funds have no insurance layer.\n",
        "1,000,000 trials had no shortfall",
        "* fewer than 10 hits or misses",
    };
    struct fixture *f = fixture_make(FIXTURE_QUIET);
    char *text = printed(&f->result);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        cr_expect_not_null(strstr(text, lines[i]), "%s", lines[i]);
    free(text);
    fixture_free(f);
}

Test(print, controls_and_whose_numbers_are_assumed) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    struct hl_control controls[] = {{.kind = HL_CONTROL_multisig},
                                    {.kind = HL_CONTROL_detection, .source = "a study"},
                                    {.kind = HL_CONTROL_multisig}};
    f->scenario.controls = controls;
    f->scenario.control_count = COUNT_OF(controls);
    struct hl_row_key key = {.year = 1, .perspective = HL_CONTROL_COST, .metric = HL_MEAN};
    fixture_add(f, key, 65e6, 0);
    qsort(f->result.rows, f->result.row_count, sizeof *f->result.rows, hl_row_compare);
    char *text = printed(&f->result);
    expect_narrow(text);
    cr_expect_not_null(strstr(text, "Controls cost 65.0 m JPY a year. What they do is an assumption, without a\n"
                                    "source: multisig.\n"),
                       "%s", text);
    free(text);
    controls[0].source = controls[2].source = "another";
    text = printed(&f->result);
    cr_expect_not_null(strstr(text, "Controls cost 65.0 m JPY a year. What they do has a source.\n"), "%s", text);
    free(text);
    fixture_free(f);
}

Test(print, a_run_where_customers_may_run) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    char *text = printed(&f->result);
    cr_expect_null(strstr(text, "If customers run"));
    free(text);
    const uint32_t e = 0;
    f->scenario.run.any = true;
    fixture_add(f, FIXTURE_KEY(.perspective = HL_WITHDRAWN, .metric = HL_P_POSITIVE), 0.011, 0.0001);
    fixture_add(f, FIXTURE_KEY(.perspective = HL_SUSPENDED, .metric = HL_P_POSITIVE), 0.005, 0.0001);
    for (size_t i = 0; i < 3; i++)
        for (enum hl_perspective what = HL_WITHDRAWN; what <= HL_DAYS_UNPAID; what++)
            fixture_add(f, FIXTURE_KEY(.perspective = what, .metric = HL_VAR_GIVEN_BREACH, .level = fixture_given[i]),
                        what == HL_DAYS_UNPAID ? 9 : 3e9, 1);
    qsort(f->rows, f->result.row_count, sizeof *f->rows, hl_row_compare);
    text = printed(&f->result);
    expect_narrow(text);
    static const char *const parts[] = {"If customers run, once a breach is known",
                                        "P(run)",
                                        "P(suspended)",
                                        "asked for, 50 %",
                                        "waiting at most, 90 %",
                                        "days waiting, 99 %"};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        cr_expect_not_null(strstr(text, parts[i]), "%s", parts[i]);
    free(text);
    fixture_free(f);
}

/* Rows that --method auto made better, and what a trial is worth in them; nothing in a plain run. */
Test(print, what_is_known_without_trials) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    char *text = printed(&f->result);
    cr_expect_null(strstr(text, "known without trials"));
    free(text);
    static double reductions[sizeof f->rows / sizeof *f->rows];
    f->result.reductions = reductions;
    for (size_t i = 0; i < f->result.row_count; i++) {
        struct hl_row *row = &f->rows[i];
        bool stated = row->key.policy == 0 && row->key.outer == 0 && row->key.entity == 1;
        if (row->key.metric == HL_P_BREACH)
            row->status = HL_ROW_EXACT;
        bool short_of = row->key.perspective == HL_SHORTFALL && row->key.metric == HL_P_POSITIVE;
        bool paid = row->key.perspective == HL_PAID && row->key.metric == HL_MEAN;
        if (!short_of && !paid)
            continue;
        row->status = HL_ROW_CONTROLLED; /* other rates and other policies: not those above */
        reductions[i] = !stated ? 999 : paid ? INFINITY : row->key.basis == HL_BASIS_ALL ? 1.3 : 48.1;
    }
    text = printed(&f->result);
    expect_narrow(text);
    cr_expect_not_null(strstr(text, "\nWhat is known without trials\n"
                                    "  calculated: P(breach)\n"
                                    "  corrected by what is exact, so that a trial is worth several plain ones\n"
                                    "  P(shortfall)                  1.3 to 48\n"
                                    "  who pays                      over a million\n\n"),
                       "%s", text);
    free(text);
    for (size_t i = 0; i < f->result.row_count; i++)
        f->rows[i].status = HL_ROW_OK;
    text = printed(&f->result);
    cr_expect_not_null(strstr(text, "\n  nothing of the figures above\n"), "%s", text);
    free(text);
    f->result.reductions = NULL;
    fixture_free(f);
}

/* A run of several years: a line for each, in words of its own for sums over all. */
Test(print, year_by_year) {
    static struct engine e;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    engine_make(&e, 1 << 20, false);
    e.s.horizon_days = 3 * 365;
    e.s.trials = 500;
    engine_plan(&p, &e);
    cr_assert(hl_run(&r, &p, NULL, &err) == HL_OK);
    char *text = printed(&r);
    expect_narrow(text);
    static const char *const parts[] = {"500 trials of 3 years (the state carried over)", "in 3 years, mean",
                                        "Year by year", "\n     3 ", "on average in 3 years, after all lags"};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        cr_expect(strstr(text, parts[i]) != NULL, "no \"%s\" in:\n%s", parts[i], text);
    cr_expect_null(strstr(text, "\n     4 "));
    free(text);
    hl_result_free(&r);
    hl_plan_free(&p);
}
