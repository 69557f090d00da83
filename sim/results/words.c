#include "results/words.h"

#include "base/date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *const hl_basis_words[HL_BASIS_COUNT] = {
    [HL_BASIS_ALL] = "all sources of funds",
    [HL_BASIS_EARMARKED] = "earmarked funds only",
};

/* Units of money, smallest first. */
static const struct {
    double size;
    const char *word;
} money_units[] = {{1, ""}, {1e6, " m"}, {1e9, " bn"}, {1e12, " tn"}};
enum { MONEY_UNITS = sizeof money_units / sizeof *money_units };

void hl_words_number(char *out, size_t size, double value, int decimals) {
    unsigned long long scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    unsigned long long scaled = (unsigned long long)llround(fabs(value) * (double)scale);
    unsigned long long whole = scaled / scale;
    char digits[32];
    int count = snprintf(digits, sizeof digits, "%llu", whole);
    char text[64];
    size_t length = 0;
    if (value < 0 && scaled > 0)
        text[length++] = '-';
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            text[length++] = ',';
        text[length++] = digits[i];
    }
    text[length] = '\0';
    if (decimals > 0) {
        snprintf(out, size, "%s.%0*llu", text, decimals, scaled % scale);
    } else {
        snprintf(out, size, "%s", text);
    }
}

/* How many decimals show three significant digits of x > 0, at most 12. */
static int decimals_of(double x) {
    int decimals = 0;
    for (double limit = 99.95; x < limit && decimals < 12; limit /= 10)
        decimals++;
    return decimals;
}

/* The unit that shows `amount` with at most three digits before the point. */
static size_t money_unit(double amount) {
    size_t unit = 0;
    while (unit + 1 < MONEY_UNITS && fabs(amount) >= (unit == 0 ? 999500 : 999.5 * money_units[unit].size))
        unit++;
    return unit;
}

static void money_text(char *out, size_t size, double amount, bool with_unit) {
    size_t unit = money_unit(amount);
    double shown = amount / money_units[unit].size;
    double rounding = fabs(shown) < 1000 ? 1 : fabs(shown) < 9995 ? 10 : fabs(shown) < 99950 ? 100 : 1000;
    bool whole = rounding > 1 || (unit == 0 && shown == rint(shown));
    char number[HL_WORDS_SIZE];
    hl_words_number(number, sizeof number, rint(shown / rounding) * rounding, 0);
    if (!whole)
        hl_words_number(number, sizeof number, shown, unit == 0 ? 2 : decimals_of(fabs(shown)));
    snprintf(out, size, "%s%s", number, with_unit ? money_units[unit].word : "");
}

void hl_words_money(char *out, size_t size, double amount) { money_text(out, size, amount, true); }

/* A percentage of less than 0.001 (and more than 0): "1.0e-4". */
static void tiny_text(char *out, size_t size, double percent) {
    int exponent = (int)floor(log10(fabs(percent)));
    double mantissa = percent / pow(10, exponent);
    if (fabs(mantissa) >= 9.95) {
        mantissa /= 10;
        exponent++;
    }
    char number[HL_WORDS_SIZE];
    hl_words_number(number, sizeof number, mantissa, 1);
    snprintf(out, size, "%se%d", number, exponent);
}

static void percent_text(char *out, size_t size, double fraction, bool with_unit) {
    double percent = 100 * fraction;
    char number[HL_WORDS_SIZE];
    if (percent == 0 || percent == 100) {
        hl_words_number(number, sizeof number, percent, 0);
    } else if (fabs(percent) < 0.001) {
        tiny_text(number, sizeof number, percent);
    } else if (percent > 99 && percent < 100) {
        double shown = fmin(percent, 99.999);
        int decimals = decimals_of(100 - shown);
        hl_words_number(number, sizeof number, shown, decimals < 3 ? decimals : 3);
    } else {
        hl_words_number(number, sizeof number, percent, decimals_of(fabs(percent)) - (fabs(percent) < 0.01 ? 1 : 0));
    }
    snprintf(out, size, "%s%s", number, with_unit ? " %" : "");
}

void hl_words_percent(char *out, size_t size, double fraction) { percent_text(out, size, fraction, true); }

void hl_words_level(char *out, size_t size, double fraction) {
    char number[HL_WORDS_SIZE];
    hl_words_number(number, sizeof number, 100 * fraction, 9);
    size_t length = strlen(number);
    while (number[length - 1] == '0')
        length--;
    if (number[length - 1] == '.')
        length--;
    number[length] = '\0';
    snprintf(out, size, "%s %%", number);
}

static void days_text(char *out, size_t size, double days, bool with_unit) {
    char number[HL_WORDS_SIZE];
    hl_words_number(number, sizeof number, days, days == rint(days) ? 0 : 1);
    snprintf(out, size, "%s%s", number, with_unit ? " d" : "");
}

static void measure_text(char *out, size_t size, double value, enum hl_measure measure, bool with_unit) {
    switch (measure) {
    case HL_MEASURE_MONEY:
        money_text(out, size, value, with_unit);
        break;
    case HL_MEASURE_FRACTION:
        percent_text(out, size, value, with_unit);
        break;
    case HL_MEASURE_DAYS:
        days_text(out, size, value, with_unit);
        break;
    }
}

/* Whether the bounds can be read without a unit of their own. */
static bool same_unit(const struct hl_row *row, enum hl_measure measure) {
    if (measure != HL_MEASURE_MONEY)
        return true;
    if (row->value == 0)
        return money_unit(row->high) == 0;
    size_t unit = money_unit(row->value);
    return (row->low == 0 || money_unit(row->low) == unit) && money_unit(row->high) == unit;
}

/* " (low to high)", or "" where there is no interval or it is a point. */
static void interval_text(char *out, size_t size, const struct hl_row *row, enum hl_measure measure) {
    char low[HL_WORDS_SIZE];
    char high[HL_WORDS_SIZE];
    out[0] = '\0';
    if (!isfinite(row->low) || (row->low == row->value && row->high == row->value))
        return;
    if (!isfinite(row->high)) {
        measure_text(low, sizeof low, row->low, measure, true);
        snprintf(out, size, " (%s or more)", low);
        return;
    }
    bool plain = same_unit(row, measure);
    measure_text(low, sizeof low, row->low, measure, !plain);
    measure_text(high, sizeof high, row->high, measure, !plain);
    snprintf(out, size, " (%s to %s)", low, high);
}

/* What stands in place of a value, by status; NULL where the value itself is shown. */
static const char *words_instead(const struct hl_row *row) {
    switch (row->status) {
    case HL_ROW_NO_EVENTS:
        return "no such event in the run";
    case HL_ROW_NOT_ATTAINABLE:
        return "not attainable";
    case HL_ROW_NOTHING_TO_SIZE:
        return "no layer to size";
    case HL_ROW_NEVER:
        return "not within all lags";
    default:
        return isfinite(row->value) ? NULL : "no value";
    }
}

void hl_words_day(char *out, size_t size, const struct hl_scenario *s, int day) {
    char date[HL_DATE_SIZE];
    long start = 0;
    if (s->starts_on == NULL || !hl_date_parse(s->starts_on, &start)) {
        snprintf(out, size, "day %d", day);
        return;
    }
    hl_date_text(date, start + day);
    snprintf(out, size, "%s", date);
}

void hl_words_row(char *out, size_t size, const struct hl_row *row, enum hl_measure measure) {
    const char *instead = row ? words_instead(row) : "-";
    if (instead) {
        snprintf(out, size, "%s", instead);
        return;
    }
    char value[HL_WORDS_SIZE];
    char interval[2 * HL_WORDS_SIZE] = "";
    measure_text(value, sizeof value, row->value, measure, true);
    if (row->status == HL_ROW_BEYOND_SAMPLE) {
        snprintf(out, size, "%s+ (beyond sample)", value);
        return;
    }
    if (row->status == HL_ROW_FEW_HITS && isfinite(row->low) && isfinite(row->high)) {
        measure_text(interval, sizeof interval, row->low, measure, measure == HL_MEASURE_MONEY);
        measure_text(value, sizeof value, row->high, measure, true);
        snprintf(out, size, "%s to %s *", interval, value);
        return;
    }
    if (row->status == HL_ROW_NO_INTERVAL) {
        snprintf(out, size, "%s (no valid interval)", value);
        return;
    }
    interval_text(interval, sizeof interval, row, measure);
    snprintf(out, size, "%s%s%s", value, interval, row->status == HL_ROW_FEW_HITS ? " *" : "");
}

void hl_words_trials(char *out, size_t size, const struct hl_result *r, const struct hl_verdict *verdict) {
    char target[HL_WORDS_SIZE];
    char reached[HL_WORDS_SIZE];
    char trials[HL_WORDS_SIZE];
    hl_words_level(target, sizeof target, r->scenario->target_relative_error);
    hl_words_number(trials, sizeof trials, (double)r->trials, 0);
    if (!isfinite(verdict->relative_error) || !isfinite(verdict->trials_needed)) {
        snprintf(out, size, "%s: %s trials had no shortfall, so only an upper bound of P(shortfall) is known.",
                 verdict->enough_trials ? "Enough trials" : "Not enough trials", trials);
        return;
    }
    hl_words_percent(reached, sizeof reached, verdict->relative_error);
    if (verdict->enough_trials) {
        snprintf(out, size, "Enough trials: the relative error of P(shortfall) is %s, at most %s was asked for.",
                 reached, target);
        return;
    }
    hl_words_number(trials, sizeof trials, ceil(verdict->trials_needed), 0);
    snprintf(out, size,
             "Not enough trials: the relative error of P(shortfall) is %s, at most %s was asked for; about %s trials "
             "are needed.",
             reached, target, trials);
}

void hl_words_rate(char *out, size_t size, const struct hl_result *r, const struct hl_verdict *verdict) {
    char low[HL_WORDS_SIZE];
    char high[HL_WORDS_SIZE];
    char allowed[HL_WORDS_SIZE];
    char level[HL_WORDS_SIZE];
    if (!isfinite(verdict->p_low) || !isfinite(verdict->p_high) || hl_sampling_named(r, "rates_low") == HL_NONE) {
        snprintf(out, size,
                 "No breach rate is given with an interval, so what its uncertainty does to the answer is not known.");
        return;
    }
    hl_words_percent(low, sizeof low, verdict->p_low);
    hl_words_percent(high, sizeof high, verdict->p_high);
    hl_words_level(allowed, sizeof allowed, 1 - r->scenario->report.sized_at);
    hl_words_level(level, sizeof level, r->scenario->report.sized_at);
    snprintf(out, size,
             verdict->decided_by_rate
                 ? "Decided by the assumed rate: P(shortfall) is %s with every breach rate at the low end of its "
                   "interval and %s at the high end; the %s that %s confidence allows lies between."
                 : "Not decided by the assumed rate: P(shortfall) is %s with every breach rate at the low end of its "
                   "interval and %s at the high end; the %s that %s confidence allows does not lie between.",
             low, high, allowed, level);
}

void hl_words_insurance(char *out, size_t size, const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    double sized_at = r->scenario->report.sized_at;
    const struct hl_row *row = hl_row_of(r, 0, 0, entity, basis, HL_INSURANCE_NEEDED, HL_VAR, sized_at);
    char level[HL_WORDS_SIZE];
    hl_words_level(level, sizeof level, sized_at);
    out[0] = '\0';
    if (!row)
        return;
    if (row->status == HL_ROW_NOTHING_TO_SIZE) {
        snprintf(out, size, "Insurance needed: the funds have no insurance layer to size.");
        return;
    }
    const struct hl_fund *fund = hl_sized_fund_of(r, entity);
    const char *name = fund ? fund->name : "the layer";
    if (row->status == HL_ROW_NOT_ATTAINABLE) {
        const struct hl_row *rest =
            hl_row_of(r, 0, 0, entity, basis, HL_INSURANCE_NEEDED, HL_P_ABOVE, (double)INFINITY);
        char stays[HL_WORDS_SIZE];
        hl_words_row(stays, sizeof stays, rest, HL_MEASURE_FRACTION);
        snprintf(out, size,
                 rest ? "Insurance needed at %s: not attainable; at any limit of %s P(shortfall) stays at %s."
                      : "Insurance needed at %s: not attainable by any limit of %s%s.",
                 level, name, rest ? stays : "");
        return;
    }
    if (row->value == 0) {
        snprintf(out, size,
                 "Insurance needed at %s: no more than stated; P(shortfall) is within what that level allows with the "
                 "limit that %s has.",
                 level, name);
        return;
    }
    char cell[HL_WORDS_SIZE];
    hl_words_row(cell, sizeof cell, row, HL_MEASURE_MONEY);
    snprintf(out, size, "Insurance needed at %s: a limit per event of %s in %s, in %s.", level, cell, name,
             r->scenario->currency);
}

static const struct hl_row *find(const struct hl_result *r, uint16_t policy, uint16_t outer, size_t item,
                                 uint32_t entity, enum hl_basis basis, enum hl_perspective perspective,
                                 enum hl_metric metric, double level) {
    return hl_result_find(r, (struct hl_row_key){.policy = policy,
                                                 .outer = outer,
                                                 .year = r->whole,
                                                 .item = (uint16_t)item,
                                                 .entity = entity,
                                                 .basis = basis,
                                                 .perspective = perspective,
                                                 .metric = metric,
                                                 .level = level});
}

const struct hl_row *hl_row_of(const struct hl_result *r, uint16_t policy, uint16_t outer, uint32_t entity,
                               enum hl_basis basis, enum hl_perspective perspective, enum hl_metric metric,
                               double level) {
    return find(r, policy, outer, 0, entity, basis, perspective, metric, level);
}

const struct hl_row *hl_row_of_year(const struct hl_result *r, uint16_t year, uint32_t entity, enum hl_basis basis,
                                    enum hl_perspective perspective, enum hl_metric metric) {
    return hl_result_find(
        r, (struct hl_row_key){
               .year = year, .entity = entity, .basis = basis, .perspective = perspective, .metric = metric});
}

void hl_words_span(char *out, size_t size, const struct hl_result *r) {
    if (r->year_count == 1)
        snprintf(out, size, "a year");
    else
        snprintf(out, size, "in %d years", (int)r->year_count);
}

const struct hl_row *hl_row_of_fund(const struct hl_result *r, uint32_t entity, size_t item,
                                    enum hl_perspective perspective, enum hl_metric metric, double level) {
    return find(r, 0, 0, item, entity, HL_BASIS_ALL, perspective, metric, level);
}

static size_t index_named(const char *const *names, size_t count, const char *name) {
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return i;
    }
    return HL_NONE;
}

size_t hl_policy_named(const struct hl_result *r, const char *name) {
    return index_named(r->policies, r->policy_count, name);
}

size_t hl_sampling_named(const struct hl_result *r, const char *name) {
    return index_named(r->samplings, r->sampling_count, name);
}

const struct hl_fund *hl_sized_fund_of(const struct hl_result *r, uint32_t entity) {
    const struct hl_entity *e = &r->entities[entity];
    if (e->kind != HL_ENTITY_EXCHANGE || r->sized_fund[e->index] == HL_NONE)
        return NULL;
    return &r->scenario->funds[r->sized_fund[e->index]];
}

const struct hl_verdict *hl_verdict_of(const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    for (size_t i = 0; i < r->verdict_count; i++) {
        if (r->verdicts[i].entity == entity && r->verdicts[i].basis == basis)
            return &r->verdicts[i];
    }
    return NULL;
}

uint32_t hl_entity_shown(const struct hl_result *r) {
    uint32_t system = 0;
    uint32_t exchange = 0;
    size_t exchanges = 0;
    for (uint32_t e = 0; e < r->entity_count; e++) {
        if (r->entities[e].kind == HL_ENTITY_SYSTEM)
            system = e;
        if (r->entities[e].kind == HL_ENTITY_EXCHANGE) {
            exchange = e;
            exchanges++;
        }
    }
    return exchanges == 1 ? exchange : system;
}
