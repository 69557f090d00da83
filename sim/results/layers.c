#include "results/layers.h"

#include "results/terminal.h"

#include <math.h>

/* Of what happens with this probability in the horizon, every year alike. */
static double return_period(const struct hl_result *r, const struct hl_row *row) {
    if (row == NULL || !(row->value > 0))
        return NAN;
    return r->year_count == 1 ? 1 / row->value : -1 / expm1(log1p(-row->value) / r->year_count);
}

struct hl_layer_figures hl_layer_figures_of(const struct hl_result *r, uint32_t entity, size_t item) {
    const struct hl_fund *fund = &r->scenario->funds[item];
    struct hl_layer_figures f = {
        .ceded = hl_row_of_fund(r, entity, item, HL_PAID, HL_MEAN, 0),
        .sd = hl_row_of_fund(r, entity, item, HL_PAID, HL_SD, 0),
        .attach = hl_row_of_fund(r, entity, item, HL_PAID, HL_P_ATTACH, 0),
        .exhaust = hl_row_of_fund(r, entity, item, HL_PAID, HL_P_EXHAUST, 0),
        .premium = hl_row_of_fund(r, entity, item, HL_PREMIUM, HL_MEAN, 0),
        .reinstatement = hl_row_of_fund(r, entity, item, HL_REINSTATEMENT_PREMIUM, HL_MEAN, 0),
        .rate_on_line = NAN,
        .loss_ratio = NAN,
    };
    f.attach_years = return_period(r, f.attach);
    f.exhaust_years = return_period(r, f.exhaust);
    if (f.premium == NULL || !(f.premium->value > 0))
        return f;
    double layers = r->entities[entity].kind == HL_ENTITY_SYSTEM ? (double)fund->at_count : 1;
    if (isfinite(fund->layer.limit) && fund->layer.limit > 0)
        f.rate_on_line = f.premium->value / (fund->layer.share * fund->layer.limit * r->scenario->quantum * layers);
    if (f.ceded != NULL && f.reinstatement != NULL)
        f.loss_ratio = f.ceded->value / r->year_count / (f.premium->value + f.reinstatement->value);
    return f;
}

static void print_period(FILE *out, const char *label, const struct hl_row *row, double years) {
    char cell[HL_WORDS_SIZE], number[HL_WORDS_SIZE], period[2 * HL_WORDS_SIZE] = "";
    hl_words_row(cell, sizeof cell, row, HL_MEASURE_FRACTION);
    if (isfinite(years) && row->status == HL_ROW_OK) {
        hl_words_number(number, sizeof number, years, years < 10 ? 1 : 0);
        snprintf(period, sizeof period, "once in %s years", number);
    }
    hl_print_line(out, label, cell, period);
}

/* A figure in the second cell; nothing where there is none. */
static void percent_words(char *out, size_t size, const char *what, double fraction) {
    char percent[HL_WORDS_SIZE];
    out[0] = '\0';
    if (!isfinite(fraction))
        return;
    hl_words_percent(percent, sizeof percent, fraction);
    snprintf(out, size, "%s %s", what, percent);
}

static void print_premiums(FILE *out, const struct hl_layer_figures *f, bool reinstated) {
    char cell[HL_WORDS_SIZE], rate[2 * HL_WORDS_SIZE], loss[2 * HL_WORDS_SIZE];
    percent_words(rate, sizeof rate, "rate on line", f->rate_on_line);
    percent_words(loss, sizeof loss, "loss ratio", f->loss_ratio);
    if (f->premium->error > 0)
        hl_words_row(cell, sizeof cell, f->premium, HL_MEASURE_MONEY);
    else
        hl_words_money(cell, sizeof cell, f->premium->value);
    hl_print_line(out, "  premium a year", cell, rate);
    hl_words_row(cell, sizeof cell, f->reinstatement, HL_MEASURE_MONEY);
    hl_print_line(out, "  reinstatements", reinstated ? cell : "free of charge", loss);
}

void hl_print_layers(FILE *out, const struct hl_result *r, uint32_t entity) {
    for (size_t i = 0; i < r->scenario->fund_count; i++) {
        struct hl_layer_figures f = hl_layer_figures_of(r, entity, i);
        char cell[HL_WORDS_SIZE], sd[HL_WORDS_SIZE], spread[2 * HL_WORDS_SIZE] = "", label[2 * HL_WORDS_SIZE];
        if (f.attach == NULL)
            continue;
        hl_print_sentence(out, 2, "%s", r->scenario->funds[i].name);
        hl_words_span(sd, sizeof sd, r);
        snprintf(label, sizeof label, "  ceded %s", sd);
        hl_words_row(cell, sizeof cell, f.ceded, HL_MEASURE_MONEY);
        if (f.sd != NULL) {
            hl_words_money(sd, sizeof sd, f.sd->value);
            snprintf(spread, sizeof spread, "sd %s", sd);
        }
        hl_print_line(out, label, cell, spread);
        print_period(out, "  P(attach)", f.attach, f.attach_years);
        print_period(out, "  P(exhaust)", f.exhaust, f.exhaust_years);
        if (f.premium != NULL)
            print_premiums(out, &f, r->scenario->funds[i].layer.reinstatement_price_count > 0);
    }
}
