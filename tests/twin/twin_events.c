/* How often: every event of a block, with those that others set off. */
#include "tests/twin/twin.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- counts ------------------------------------------------------------------------------------------------------ */

uint32_t twin_poisson_count(double mean, double u) {
    long double sum = 0, m = (long double)mean;
    uint32_t k = 0;
    for (; mean > 0; k++) {
        sum += expl(k * logl(m) - m - lgammal(k + 1.0L));
        if (sum >= (long double)u)
            break;
    }
    return k;
}

static uint32_t binomial_count(uint32_t n, double p, double u) {
    long double sum = 0;
    for (uint32_t k = 0; k < n && p > 0; k++) {
        if (p < 1)
            sum += expl(lgammal(n + 1.0L) - lgammal(k + 1.0L) - lgammal(n - k + 1.0L) + k * logl((long double)p) +
                        (n - k) * log1pl(-(long double)p));
        if (sum >= (long double)u)
            return k;
    }
    return p > 0 ? n : 0;
}

/* inf{k >= 1 : P(size <= k) >= u} of the logarithmic law q^k / (k ln(1 + m / r)). */
static uint32_t logarithmic_count(double m, double r, double u) {
    long double q = (long double)m / (r + m), power = q, sum = q / log1pl((long double)m / r);
    uint32_t k = 1;
    while (sum < (long double)u) {
        power *= q;
        k++;
        sum += power / (k * log1pl((long double)m / r));
    }
    return k;
}

/* ---- rates ------------------------------------------------------------------------------------------------------- */

static double coins_of(const struct hl_scenario *s, size_t exchange, bool hot_only) {
    double value = 0;
    for (size_t i = 0; i < s->holding_count; i++)
        if (s->holdings[i].exchange == exchange && s->holdings[i].owner == HL_OWNER_CUSTOMERS &&
            (!hot_only || s->holdings[i].tier == HL_HOT))
            value += s->holdings[i].value;
    return value;
}

/* The logarithm of what the profile does to a rate. */
static double covariates_of(const struct hl_scenario *s, const struct hl_breach *b, size_t exchange) {
    const struct hl_exchange *e = &s->exchanges[exchange];
    double log_factor = 0;
    for (int i = 0; i < HL_COVARIATE_COUNT; i++) {
        const struct hl_covariate_term *c = &b->covariates[i];
        if (c->beta == 0)
            continue;
        switch ((enum hl_covariate)i) {
        case HL_BY_CUSTOMER_ASSETS:
            log_factor += c->beta * (log(coins_of(s, exchange, false)) - log(c->at));
            break;
        case HL_BY_ANNUAL_VOLUME:
            log_factor += c->beta * (log(e->annual_volume) - log(c->at));
            break;
        case HL_BY_HOT_SHARE:
            log_factor += c->beta * (coins_of(s, exchange, true) / coins_of(s, exchange, false) - c->at);
            break;
        case HL_BY_AGE:
            log_factor += c->beta * (e->age_years - c->at);
            break;
        case HL_COVARIATE_COUNT:
            break;
        }
    }
    return log_factor;
}

static double at_end(double stated, double low, double high, enum twin_way way, enum twin_way low_way) {
    return low >= high ? stated : way == low_way ? low : high;
}

double twin_hit_of(const struct twin *t, const struct hl_breach *b) {
    bool at_an_end = t->way == TWIN_HIT_LOW || t->way == TWIN_HIT_HIGH;
    return at_an_end ? at_end(b->hit, b->hit_low, b->hit_high, t->way, TWIN_HIT_LOW) : b->hit;
}

/* The first parameter of a source's counts in the block's way of drawing. Controls and the profile multiply the hazard
 * of a breach that comes at most once; with another `hit` each client's own probability stays. */
static double rate_of(const struct twin *t, const struct twin_source *src) {
    const struct hl_breach *b = src->breach;
    bool at_most_once = strcmp(b->count.family->name, "at_most_once") == 0;
    double p = b->count.p[0], factor = 1;
    if (t->way == TWIN_LOW || t->way == TWIN_HIGH)
        p = at_end(p, b->count.low, b->count.high, t->way, TWIN_LOW);
    if (src->vendor == HL_NONE)
        factor = exp(covariates_of(t->scenario, b, src->place)) *
                 twin_control(t->scenario, src->place, src->entry, TWIN_RATE);
    if (factor != 1)
        p = at_most_once ? 1 - pow(1 - p, factor) : p * factor;
    if (twin_hit_of(t, b) != b->hit)
        p *= b->hit / twin_hit_of(t, b);
    double most = at_most_once ? 1 : strcmp(b->count.family->name, "poisson") == 0 ? 1000 : 10;
    return twin_hit_of(t, b) != b->hit && p > most ? most : p;
}

/* ---- bad years --------------------------------------------------------------------------------------------------- */

static double climate_factor(const struct twin *t, size_t climate, double z) {
    const struct hl_climate *c = &t->scenario->climates[climate];
    if (strcmp(c->family->name, "gamma") == 0)
        return hl_distribution_quantile(&t->climates[climate], gsl_cdf_ugaussian_Q(z));
    double s = sqrt(log(1 + c->sd * c->sd));
    return exp(s * z - s * s / 2);
}

static void draw_climates(struct twin *t) {
    const struct hl_scenario *s = t->scenario;
    for (size_t i = 0; i < s->climate_count; i++) {
        char name[TWIN_NAME] = "climate:";
        strncat(name, s->climates[i].name, TWIN_NAME - 10);
        double phi = s->climates[i].persistence;
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
            double z = 0;
            for (int y = 1; y <= t->years; y++) {
                uint64_t stream = hl_stream_with(hl_stream(name), (uint64_t)y);
                double e = hl_normal_quantile(&t->normal, twin_uniform(t, stream, HL_DRAW_CLIMATE, trial));
                z = y == 1 ? e : phi * z + sqrt(1 - phi * phi) * e;
                t->climate[i][y - 1][trial] = climate_factor(t, i, z);
            }
        }
    }
}

static double weight_of(const struct twin *t, const struct hl_breach *b, int year) {
    double sum = 0;
    if (b->climate == HL_NONE)
        return HL_BLOCK_TRIALS;
    for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++)
        sum += t->climate[b->climate][year - 1][trial];
    return sum;
}

uint32_t twin_trial_of(const struct twin *t, const struct hl_breach *b, int year, double place) {
    double mark = place * weight_of(t, b, year), sum = 0;
    uint32_t trial = 0;
    if (b->climate == HL_NONE)
        return (uint32_t)fmin(mark, HL_BLOCK_TRIALS - 1);
    for (; trial + 1 < HL_BLOCK_TRIALS; trial++) {
        sum += t->climate[b->climate][year - 1][trial];
        if (sum > mark)
            break;
    }
    return trial;
}

/* ---- the events that come by themselves -------------------------------------------------------------------------- */

static struct twin_event *add_event(struct twin *t) {
    if (t->event_count == t->event_capacity) {
        t->event_capacity = 2 * t->event_capacity + 64;
        t->events = realloc(t->events, t->event_capacity * sizeof *t->events);
        assert(t->events != NULL);
    }
    return &t->events[t->event_count++];
}

/* What all kinds of counts have in common; its trial is the one of its low bits. */
static struct twin_event *place_event(struct twin *t, size_t source, int year, uint64_t stream, uint32_t index) {
    struct hl_words words = twin_words(t, stream, HL_DRAW_EVENT, index);
    struct twin_event *e = add_event(t);
    *e = (struct twin_event){.source = source, .stream = stream, .index = index, .year = year, .root_year = year};
    e->trial = hl_place(words.word[0]);
    e->place = (e->trial + 0.5) / HL_BLOCK_TRIALS;
    e->day = (year - 1) * t->year_days + hl_unit(words.word[0]) * t->year_days;
    e->size = words.word[1];
    e->root = source;
    e->cause = HL_NONE;
    return e;
}

static uint64_t year_stream(const struct twin *t, size_t source, int year) {
    return hl_stream_with(t->sources[source].stream, (uint64_t)year);
}

static void draw_poisson(struct twin *t, size_t source, double rate, int year) {
    const struct hl_breach *b = t->sources[source].breach;
    uint64_t stream = year_stream(t, source, year);
    double years = t->year_days / 365, start = (year - 1) * years, g = b->trend_per_year;
    double length = g == 0 ? years : (exp(g * (start + years)) - exp(g * start)) / g;
    double u = twin_uniform(t, stream, HL_DRAW_COUNT, 0);
    uint32_t count = twin_poisson_count(rate * length * weight_of(t, b, year), u);
    for (uint32_t i = 0; i < count; i++) {
        struct twin_event *e = place_event(t, source, year, stream, i);
        if (g != 0) {
            double time = hl_unit(twin_words(t, stream, HL_DRAW_EVENT, i).word[0]);
            time = log(1 + time * (exp(g * years) - 1)) / (g * years);
            e->day = (year - 1) * t->year_days + time * t->year_days;
        }
        if (b->climate != HL_NONE) {
            e->place = twin_uniform(t, stream, HL_DRAW_PLACE, i);
            e->trial = twin_trial_of(t, b, year, e->place);
        }
    }
}

static void draw_clusters(struct twin *t, size_t source, double mean, double shape, int year) {
    uint64_t stream = year_stream(t, source, year);
    double years = t->year_days / 365;
    if (mean <= 0)
        return;
    double clusters_per_year = shape * log1p(mean / shape);
    uint32_t count =
        twin_poisson_count(clusters_per_year * years * HL_BLOCK_TRIALS, twin_uniform(t, stream, HL_DRAW_COUNT, 0));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t members = logarithmic_count(mean, shape, twin_uniform(t, stream, HL_DRAW_CLUSTER, i));
        uint32_t trial = hl_place(twin_words(t, stream, HL_DRAW_EVENT, i).word[0]);
        for (uint32_t j = 0; j < members; j++) {
            struct twin_event *e = place_event(t, source, year, j == 0 ? stream : hl_stream_with(stream, j), i);
            e->trial = trial;
            e->place = (trial + 0.5) / HL_BLOCK_TRIALS;
        }
    }
}

/* Trials are dealt like cards: event i gets one of those that are left, and card i takes its place. */
static void draw_at_most_once(struct twin *t, size_t source, double probability, int year) {
    uint64_t stream = year_stream(t, source, year);
    double p = -expm1(t->year_days / 365 * log1p(-probability));
    uint32_t count = binomial_count(HL_BLOCK_TRIALS, p, twin_uniform(t, stream, HL_DRAW_COUNT, 0));
    uint32_t deck[HL_BLOCK_TRIALS];
    for (uint32_t i = 0; i < HL_BLOCK_TRIALS; i++)
        deck[i] = i;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t card = i + (uint32_t)floor(twin_uniform(t, stream, HL_DRAW_CLUSTER, i) * (HL_BLOCK_TRIALS - i));
        struct twin_event *e = place_event(t, source, year, stream, i);
        e->trial = deck[card];
        e->place = (e->trial + 0.5) / HL_BLOCK_TRIALS;
        deck[card] = deck[i];
    }
}

/* ---- the events that others set off ------------------------------------------------------------------------------ */

static bool reaches(const struct hl_excitation *link, const struct twin_source *from, const struct twin_source *to) {
    bool same = from->place == to->place && from->breach->at_vendors == to->breach->at_vendors;
    return link->where == HL_WHERE_ALL || (link->where == HL_WHERE_SAME) == same;
}

/* The children of event `parent` at one source. */
static void set_off(struct twin *t, size_t parent, size_t source, const struct hl_excitation *link) {
    struct twin_event p = t->events[parent];
    uint64_t stream = hl_stream_with(hl_stream_with(p.stream, p.index), hl_stream(t->sources[source].name));
    uint32_t count = twin_poisson_count(link->ratio, twin_uniform(t, stream, HL_DRAW_CHILDREN, 0));
    for (uint32_t k = 0; k < count; k++) {
        struct hl_words words = twin_words(t, stream, HL_DRAW_EVENT, k);
        struct twin_event child = p;
        child.day = p.day - link->delay_days * log(hl_unit(words.word[0]));
        if (child.day >= t->scenario->horizon_days)
            continue;
        child.source = source;
        child.stream = stream;
        child.index = k;
        child.year = 1 + (int)(child.day / t->year_days);
        child.size = words.word[1];
        child.cause = p.source;
        *add_event(t) = child;
    }
}

void twin_draw_events(struct twin *t) {
    const struct hl_scenario *s = t->scenario;
    t->event_count = 0;
    draw_climates(t);
    for (size_t i = 0; i < t->source_count; i++) {
        const struct hl_count *c = &t->sources[i].breach->count;
        double rate = rate_of(t, &t->sources[i]);
        for (int y = 1; y <= t->years; y++) {
            if (strcmp(c->family->name, "poisson") == 0)
                draw_poisson(t, i, rate, y);
            else if (strcmp(c->family->name, "negative_binomial") == 0)
                draw_clusters(t, i, rate, c->p[1], y);
            else if (strcmp(c->family->name, "at_most_once") == 0)
                draw_at_most_once(t, i, rate, y);
            else
                assert(!"a family of counts that the twin does not know");
        }
    }
    for (size_t parent = 0; parent < t->event_count; parent++) /* the list grows: children have children */
        for (size_t l = 0; l < s->excitation_count; l++)
            for (size_t to = 0; to < t->source_count; to++) {
                const struct hl_excitation *link = &s->excitations[l];
                const struct twin_source *from = &t->sources[t->events[parent].source];
                if (from->entry == link->from && t->sources[to].entry == link->to &&
                    reaches(link, from, &t->sources[to]))
                    set_off(t, parent, to, link);
            }
}
