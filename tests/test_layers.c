/* What is told of insurance layers. */
#include "results/layers.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* Crime: 120 m a year of 1 bn, 80 % of it; a premium of 40 m at each of the exchanges that have it, 10 m for
 * reinstatements. */
static struct fixture *make(enum fixture_kind kind) {
    static size_t both[] = {0, 1};
    static const double price[] = {1};
    struct fixture *f = fixture_make(kind);
    struct hl_fund *crime = &f->funds[FIXTURE_CRIME];
    crime->at = both;
    crime->at_count = kind == FIXTURE_TWO ? 2 : 1;
    crime->layer = (struct hl_layer_terms){
        .limit = 1e9, .share = 0.8, .reinstatement_prices = price, .reinstatement_price_count = 1};
    for (uint32_t e = 0; e <= crime->at_count; e++) {
        double count = e == 0 ? (double)crime->at_count : 1;
        fixture_add(f, FIXTURE_KEY(.item = FIXTURE_CRIME, .perspective = HL_PREMIUM, .metric = HL_MEAN), 40e6 * count,
                    0);
        fixture_add(f, FIXTURE_KEY(.item = FIXTURE_CRIME, .perspective = HL_REINSTATEMENT_PREMIUM, .metric = HL_MEAN),
                    10e6 * count, 0.5e6);
    }
    qsort(f->rows, f->result.row_count, sizeof *f->rows, hl_row_compare);
    return f;
}

Test(layers, figures_of_an_exchange_and_of_the_system) {
    struct fixture *f = make(FIXTURE_TWO);
    struct hl_layer_figures of = hl_layer_figures_of(&f->result, 1, FIXTURE_CRIME);
    cr_expect(of.ceded->value == 120e6 && of.sd->value == 1e9 && of.attach->value == 0.01);
    cr_expect_float_eq(of.attach_years, 100, 1e-9);
    cr_expect_float_eq(of.exhaust_years, 500, 1e-9);
    cr_expect_float_eq(of.rate_on_line, 0.05, 1e-12, "40 m of 0.8 bn");
    cr_expect_float_eq(of.loss_ratio, 2.4, 1e-12, "120 m of 50 m");
    of = hl_layer_figures_of(&f->result, 0, FIXTURE_CRIME);
    cr_expect_float_eq(of.rate_on_line, 0.05, 1e-12, "80 m of 1.6 bn");
    cr_expect_float_eq(of.loss_ratio, 1.8, 1e-12, "180 m of 100 m");
    of = hl_layer_figures_of(&f->result, 1, FIXTURE_RESERVE);
    cr_expect(of.attach == NULL && of.premium == NULL && isnan(of.rate_on_line) && isnan(of.attach_years));
    f->funds[FIXTURE_CRIME].layer.limit = INFINITY;
    of = hl_layer_figures_of(&f->result, 1, FIXTURE_CRIME);
    cr_expect(isnan(of.rate_on_line) && of.loss_ratio > 0);
    fixture_free(f);
}

/* 1 % in two years is once in 1/(1 - sqrt(0.99)) years; 120 m in two years are 60 m a year. */
Test(layers, figures_of_several_years) {
    struct fixture *f = make(FIXTURE_ONE);
    f->result.year_count = 2;
    struct hl_layer_figures of = hl_layer_figures_of(&f->result, 1, FIXTURE_CRIME);
    cr_expect_float_eq(of.attach_years, 1 / (1 - sqrt(0.99)), 1e-6);
    cr_expect_float_eq(of.loss_ratio, 1.2, 1e-12);
    fixture_free(f);
}

static char *printed(const struct hl_result *r) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_print_layers(out, r, 1);
    fclose(out);
    return text;
}

Test(layers, in_eighty_columns) {
    struct fixture *f = make(FIXTURE_ONE);
    char *text = printed(&f->result);
    cr_expect_str_eq(text,
                     "  crime\n"
                     "    ceded a year     120 m (118 to 122)            sd 1.00 bn\n"
                     "    P(attach)        1.00 % (0.980 to 1.02)        once in 100 years\n"
                     "    P(exhaust)       0.200 % (0.190 to 0.210)      once in 500 years\n"
                     "    premium a year   40.0 m                        rate on line 5.00 %\n"
                     "    reinstatements   10.0 m (9.00 to 11.0)         loss ratio 240 %\n",
                     "%s", text);
    free(text);
    fixture_free(f);
    f = fixture_make(FIXTURE_ONE);
    text = printed(&f->result);
    cr_expect(strstr(text, "premium") == NULL, "none is told");
    free(text);
    fixture_free(f);
}
