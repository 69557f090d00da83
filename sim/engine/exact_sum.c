#include "engine/exact_sum.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- distributions on lattices ----------------------------------------------------------------------------------- */

double hl_exact_end(const struct hl_exact_lattices *l) { return (double)(l->count - 1) * l->step; }

static size_t point_below(const struct hl_exact_lattices *l, double x) {
    assert(x >= 0);
    double k = floor(x / l->step);
    return k < (double)(l->count - 1) ? (size_t)k : l->count - 1;
}

double hl_exact_above(const struct hl_exact_lattices *l, enum hl_lattice which, double x) {
    return 1 - l->upto[which][point_below(l, x)];
}

double hl_exact_limited(const struct hl_exact_lattices *l, enum hl_lattice which, double x) {
    size_t k = point_below(l, x);
    double rest = fmin(x, hl_exact_end(l)) - (double)k * l->step;
    return l->limited[which][k] + rest * (1 - l->upto[which][k]);
}

/* What rounding leaves of a probability that is a decimal. */
static const double slack = 1e-13;

double hl_exact_quantile(const struct hl_exact_lattices *l, enum hl_lattice which, double p) {
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->upto[which][middle] >= p - slack)
            high = middle;
        else
            low = middle + 1;
    }
    return low < l->count ? (double)low * l->step : INFINITY;
}

/* What was made is freed by the caller, also when it fails. */
static enum hl_status lattices_start(struct hl_exact_lattices *l, double step, size_t count, struct hl_error *err) {
    *l = (struct hl_exact_lattices){.step = step, .count = count};
    for (int i = 0; i < HL_LATTICE_COUNT; i++) {
        l->upto[i] = malloc(count * sizeof *l->upto[i]);
        l->limited[i] = malloc(count * sizeof *l->limited[i]);
        if (l->upto[i] == NULL || l->limited[i] == NULL)
            return hl_fail_memory(err);
    }
    return HL_OK;
}

void hl_exact_lattices_free(struct hl_exact_lattices *l) {
    for (int i = 0; i < HL_LATTICE_COUNT; i++) {
        free(l->upto[i]);
        free(l->limited[i]);
    }
    *l = (struct hl_exact_lattices){0};
}

/* Running sums of a distribution function that is there, kept from falling and from 1 on by rounding. */
static void complete(double *upto, double *limited, size_t count, double step) {
    double sum = 0, most = 0;
    for (size_t k = 0; k < count; k++) {
        most = fmin(fmax(upto[k], most), 1);
        upto[k] = most;
        limited[k] = sum;
        sum += step * (1 - most);
    }
}

/* ---- moments of the parts ---------------------------------------------------------------------------------------- */

static const struct hl_source *source_of(const struct hl_exact_compound *c, const struct hl_exact_part *part) {
    return &c->plan->sources[part->source];
}

static const struct hl_count *count_of(const struct hl_exact_compound *c, const struct hl_exact_part *part) {
    return &c->plan->samplings[c->sampling].counts[part->source];
}

/* The length that a source's count is asked for. */
static double years_of(const struct hl_exact_compound *c, const struct hl_exact_part *part) {
    struct hl_exposure exposure = hl_plan_exposure(c->plan, part->source, 1);
    return count_of(c, part)->family->dated ? exposure.years : hl_exposure_length(&exposure);
}

static double hit_of(const struct hl_exact_compound *c, const struct hl_exact_part *part, size_t k) {
    const struct hl_source *src = source_of(c, part);
    return src->vendor == HL_NONE ? 1 : hl_hit_of(c->plan, c->sampling, part->source, &src->targets[part->targets[k]]);
}

/* The links whose state is open to chance. */
static size_t free_links(const struct hl_source *src) {
    double passes = src->breach->passes;
    return passes == 0 || passes == 1 ? 0 : src->link_count;
}

/* One way that the links can be open: fills `reached`, returns its probability. */
static double way_of(const struct hl_source *src, uint32_t way, bool *reached) {
    double passes = src->breach->passes, weight = 1;
    size_t links = free_links(src);
    bool open[src->link_count + 1];
    for (size_t k = 0; k < src->link_count; k++) {
        open[k] = links == 0 ? passes == 1 : (way >> k & 1) != 0;
        if (links > 0)
            weight *= open[k] ? passes : 1 - passes;
    }
    hl_source_reach(src, open, reached);
    return weight;
}

/* Adds to a part's moments what one way contributes, of which `means` and `squares` are by target. */
static void add_way(const struct hl_exact_compound *c, struct hl_exact_part *part, uint32_t way, const double *means,
                    const struct hl_exact_square *squares) {
    const struct hl_source *src = source_of(c, part);
    bool reached[src->reached_count + 1];
    double weight = way_of(src, way, reached), mean = 0, own = 0, low = 0, high = 0;
    for (size_t k = 0; k < part->target_count; k++) {
        if (src->vendor != HL_NONE && !reached[src->targets[part->targets[k]].reached])
            continue;
        double hit = hit_of(c, part, k);
        part->hit[k] += weight * hit;
        mean += hit * means[k];
        own += hit * hit * means[k] * means[k];
        low += hit * squares[k].low;
        high += hit * squares[k].high;
    }
    part->event += weight * mean;
    part->square.low += weight * (low + mean * mean - own);
    part->square.high += weight * (high + mean * mean - own);
}

enum hl_status hl_exact_prepare(struct hl_exact_compound *c, struct hl_arena *arena, struct hl_error *err) {
    for (size_t i = 0; i < c->part_count; i++) {
        struct hl_exact_part *part = &c->parts[i];
        const struct hl_count *count = count_of(c, part);
        double *means = hl_arena_array(arena, part->target_count, sizeof *means);
        struct hl_exact_square *squares = hl_arena_array(arena, part->target_count, sizeof *squares);
        part->hit = hl_arena_array(arena, part->target_count, sizeof *part->hit);
        if (means == NULL || squares == NULL || part->hit == NULL)
            return hl_fail_memory(err);
        for (size_t k = 0; k < part->target_count; k++) {
            means[k] = hl_exact_law_limited_mean(&part->laws[k], INFINITY);
            squares[k] = hl_exact_law_square(&part->laws[k]);
        }
        part->years = years_of(c, part);
        part->count = count->family->mean(count, part->years);
        part->event = 0;
        part->square = (struct hl_exact_square){0, 0};
        for (uint32_t way = 0; way < UINT32_C(1) << free_links(source_of(c, part)); way++)
            add_way(c, part, way, means, squares);
    }
    return HL_OK;
}

double hl_exact_mean(const struct hl_exact_compound *c) {
    double sum = 0;
    for (size_t i = 0; i < c->part_count; i++)
        sum += c->parts[i].count * c->parts[i].event;
    return sum;
}

struct hl_exact_square hl_exact_sd(const struct hl_exact_compound *c) {
    struct hl_exact_square variance = {0, 0};
    double tied = 0; /* what climates add */
    for (size_t i = 0; i < c->part_count; i++) {
        const struct hl_exact_part *part = &c->parts[i];
        const struct hl_count *count = count_of(c, part);
        double spread = count->family->pairs(count, part->years) - part->count * part->count;
        variance.low += part->count * part->square.low + spread * part->event * part->event;
        variance.high += part->count * part->square.high + spread * part->event * part->event;
    }
    for (size_t g = 0; g < c->plan->scenario->climate_count; g++) {
        double mean = 0;
        for (size_t i = 0; i < c->part_count; i++)
            if (source_of(c, &c->parts[i])->breach->climate == g)
                mean += c->parts[i].count * c->parts[i].event;
        tied += c->plan->climates[g].law.sd * c->plan->climates[g].law.sd * mean * mean;
    }
    return (struct hl_exact_square){sqrt(fmax(variance.low + tied, 0)), sqrt(fmax(variance.high + tied, 0))};
}

/* ---- counts applied ---------------------------------------------------------------------------------------------- */

/* Generating functions of the counts at many places z: those of sources under one climate are mixed over it. Poisson
 * counts without a climate are one Poisson count: their exponents are added up. */
struct mix {
    size_t count;
    size_t climates;
    double complex *plain;    /* [count] the product over other sources without a climate */
    double complex *exponent; /* [climates + 1][count] sums of count x (z - 1); last those of no climate */
};

static void mix_free(struct mix *m) {
    free(m->plain);
    free(m->exponent);
    *m = (struct mix){0};
}

static enum hl_status mix_make(struct mix *m, size_t count, size_t climates, struct hl_error *err) {
    *m = (struct mix){.count = count,
                      .climates = climates,
                      .plain = malloc(count * sizeof *m->plain),
                      .exponent = malloc((climates + 1) * count * sizeof *m->exponent)};
    if (m->plain != NULL && m->exponent != NULL)
        return HL_OK;
    mix_free(m);
    return hl_fail_memory(err);
}

static void mix_begin(struct mix *m) {
    for (size_t k = 0; k < m->count; k++)
        m->plain[k] = 1;
    for (size_t k = 0; k < (m->climates + 1) * m->count; k++)
        m->exponent[k] = 0;
}

static void mix_add(struct mix *m, const struct hl_exact_compound *c, const struct hl_exact_part *part, size_t at,
                    double complex z) {
    const struct hl_count *count = count_of(c, part);
    size_t climate = source_of(c, part)->breach->climate;
    if (climate == HL_NONE && count->family == &hl_frequency_poisson)
        climate = m->climates;
    if (climate == HL_NONE)
        m->plain[at] *= count->family->generating(count, part->years, z);
    else
        m->exponent[climate * m->count + at] += part->count * (z - 1);
}

static double complex mix_at(const struct mix *m, const struct hl_exact_compound *c, size_t at) {
    double complex product = m->plain[at], alone = m->exponent[m->climates * m->count + at];
    if (alone != 0)
        product *= cexp(alone);
    for (size_t g = 0; g < m->climates; g++) {
        const struct hl_climate_law *law = &c->plan->climates[g].law;
        if (m->exponent[g * m->count + at] != 0)
            product *= law->family->laplace(law, m->exponent[g * m->count + at]);
    }
    return product;
}

double hl_exact_p_breach(const struct hl_exact_compound *c, bool count_misses) {
    size_t climates = c->plan->scenario->climate_count;
    double complex plain, exponent[climates + 1];
    struct mix m = {1, climates, &plain, exponent};
    mix_begin(&m);
    for (size_t i = 0; i < c->part_count; i++) {
        const struct hl_exact_part *part = &c->parts[i];
        const struct hl_source *src = source_of(c, part);
        double missed = 0;
        for (uint32_t way = 0; way < UINT32_C(1) << free_links(src) && !count_misses; way++) {
            bool reached[src->reached_count + 1];
            double none = way_of(src, way, reached);
            for (size_t k = 0; k < part->target_count; k++)
                if (src->vendor == HL_NONE || reached[src->targets[part->targets[k]].reached])
                    none *= 1 - hit_of(c, part, k);
            missed += none;
        }
        mix_add(&m, c, part, 0, missed);
    }
    return 1 - creal(mix_at(&m, c, 0));
}

/* ---- one lattice ------------------------------------------------------------------------------------------------- */

/* Working memory for all lattices of one compound. */
struct work {
    const struct hl_exact_compound *c;
    double step;
    size_t count;
    struct hl_transform t;
    size_t size;            /* of a spectrum */
    double complex *event;  /* [size] of one breach of a source */
    double complex *stored; /* [targets][size] where ways differ; else one */
    double *upto;           /* [count] P(loss of one breach <= point) */
    struct mix sums;        /* by frequency */
    struct mix most;        /* by point */
};

static void work_free(struct work *w) {
    hl_transform_free(&w->t);
    free(w->event);
    free(w->stored);
    free(w->upto);
    mix_free(&w->sums);
    mix_free(&w->most);
}

static enum hl_status work_make(struct work *w, const struct hl_exact_compound *c, double step, size_t count,
                                struct hl_error *err) {
    size_t climates = c->plan->scenario->climate_count, stored = 1;
    *w = (struct work){.c = c, .step = step, .count = count};
    for (size_t i = 0; i < c->part_count; i++)
        if (free_links(source_of(c, &c->parts[i])) > 0 && c->parts[i].target_count > stored)
            stored = c->parts[i].target_count;
    enum hl_status status = hl_transform_make(&w->t, 2 * (count + 1), HL_TILT, err);
    w->size = w->t.length / 2 + 1;
    if (status == HL_OK) {
        w->event = malloc(w->size * sizeof *w->event);
        w->stored = malloc(stored * w->size * sizeof *w->stored);
        w->upto = malloc(count * sizeof *w->upto);
        if (w->event == NULL || w->stored == NULL || w->upto == NULL)
            status = hl_fail_memory(err);
    }
    if (status == HL_OK)
        status = mix_make(&w->sums, w->size, climates, err);
    if (status == HL_OK)
        status = mix_make(&w->most, count, climates, err);
    if (status != HL_OK)
        work_free(w);
    return status;
}

/* The transform of what a hit of one target takes, into w->t; *mean gets the mean of the lattice. One point more than
 * is told takes in all that lies beyond. */
static enum hl_status transform_target(struct work *w, const struct hl_exact_law *law, enum hl_lattice which,
                                       double *mean, struct hl_error *err) {
    struct hl_grid g;
    enum hl_status status = hl_grid_make(&g, hl_exact_law_cdf, law, w->step, w->count + 1, which, err);
    if (status != HL_OK)
        return status;
    double all = hl_exact_law_limited_mean(law, INFINITY), end = (double)w->count * w->step;
    double moved = which == HL_LATTICE_LOWER ? -w->step : which == HL_LATTICE_UPPER ? w->step : 0;
    *mean = all;
    if (which != HL_LATTICE_NEAREST)
        *mean = hl_grid_mean(&g) + all - hl_exact_law_limited_mean(law, end) + moved * (1 - hl_exact_law_cdf(law, end));
    hl_transform_grid(&w->t, g.mass, g.count);
    hl_grid_free(&g);
    return HL_OK;
}

/* Multiplies a spectrum by that of a target which is hit with some probability. */
static void take_in(double complex *product, const double complex *target, double hit, size_t size) {
    for (size_t k = 0; k < size; k++)
        product[k] *= 1 + hit * (target[k] - 1);
}

/* The spectrum of one breach of a source, into w->event; *mean gets its mean on the lattice. */
static enum hl_status transform_event(struct work *w, const struct hl_exact_part *part, enum hl_lattice which,
                                      double *mean, struct hl_error *err) {
    const struct hl_source *src = source_of(w->c, part);
    bool reached[src->reached_count + 1];
    bool ways = free_links(src) > 0;
    way_of(src, 0, reached);
    *mean = 0;
    for (size_t k = 0; k < w->size; k++)
        w->event[k] = ways ? 0 : 1;
    for (size_t k = 0; k < part->target_count; k++) {
        double one = 0;
        enum hl_status status = transform_target(w, &part->laws[k], which, &one, err);
        if (status != HL_OK)
            return status;
        *mean += part->hit[k] * one;
        if (ways)
            memcpy(w->stored + k * w->size, w->t.frequency, w->size * sizeof *w->stored);
        else if (src->vendor == HL_NONE || reached[src->targets[part->targets[k]].reached])
            take_in(w->event, w->t.frequency, hit_of(w->c, part, k), w->size);
    }
    for (uint32_t way = 0; ways && way < UINT32_C(1) << free_links(src); way++) {
        double weight = way_of(src, way, reached);
        for (size_t k = 0; k < w->size; k++)
            w->t.frequency[k] = weight;
        for (size_t k = 0; k < part->target_count; k++)
            if (reached[src->targets[part->targets[k]].reached])
                take_in(w->t.frequency, w->stored + k * w->size, hit_of(w->c, part, k), w->size);
        for (size_t k = 0; k < w->size; k++)
            w->event[k] += w->t.frequency[k];
    }
    return HL_OK;
}

/* The distribution function of what w->t's spectrum stands for. */
static void transform_upto(struct work *w, double *upto) {
    hl_transform_back(&w->t, upto, w->count);
    double sum = 0;
    for (size_t k = 0; k < w->count; k++) {
        sum += upto[k];
        upto[k] = sum;
    }
}

/* One lattice of the sum and, where it is asked, of the largest loss. */
static enum hl_status make_lattice(struct work *w, struct hl_exact_lattices *sum, struct hl_exact_lattices *largest,
                                   enum hl_lattice which, struct hl_error *err) {
    const struct hl_exact_compound *c = w->c;
    double end = (double)(w->count - 1) * w->step, mean = 0, beyond = 0, above = 0;
    mix_begin(&w->sums);
    mix_begin(&w->most);
    for (size_t i = 0; i < c->part_count; i++) {
        const struct hl_exact_part *part = &c->parts[i];
        double event = 0, limited = 0;
        enum hl_status status = transform_event(w, part, which, &event, err);
        if (status != HL_OK)
            return status;
        for (size_t k = 0; k < w->size; k++)
            mix_add(&w->sums, c, part, k, w->event[k]);
        mean += part->count * event;
        if (largest == NULL)
            continue;
        memcpy(w->t.frequency, w->event, w->size * sizeof *w->event);
        transform_upto(w, w->upto);
        for (size_t k = 0; k < w->count; k++) {
            mix_add(&w->most, c, part, k, fmin(w->upto[k], 1));
            limited += k + 1 < w->count ? w->step * (1 - w->upto[k]) : 0;
        }
        beyond += part->count * fmax(event - limited, 0);
        above += part->count * fmax(1 - w->upto[w->count - 1], 0);
    }
    for (size_t k = 0; k < w->size; k++)
        w->t.frequency[k] = mix_at(&w->sums, c, k);
    transform_upto(w, sum->upto[which]);
    complete(sum->upto[which], sum->limited[which], w->count, w->step);
    sum->mean[which] = mean;
    if (largest == NULL)
        return HL_OK;
    for (size_t k = 0; k < w->count; k++)
        largest->upto[which][k] = creal(mix_at(&w->most, c, k));
    complete(largest->upto[which], largest->limited[which], w->count, w->step);
    /* Beyond the points P(largest > x) is between this share of, and all of, the expected number of losses above x: as
     * a generating function is convex, the share only rises with x. */
    double share = above > 0 ? fmin(hl_exact_above(largest, which, end) / above, 1) : 1;
    double kept = which == HL_LATTICE_LOWER ? share : which == HL_LATTICE_UPPER ? 1 : (1 + share) / 2;
    largest->mean[which] = largest->limited[which][w->count - 1] + kept * beyond;
    return HL_OK;
}

/* ---- how far, how fine ------------------------------------------------------------------------------------------- */

enum { COARSE_POINTS = 2048 };

/* Expected number of hits of the year that take more than x. */
static double hits_above(const struct hl_exact_compound *c, double x) {
    double sum = 0;
    for (size_t i = 0; i < c->part_count; i++)
        for (size_t k = 0; k < c->parts[i].target_count; k++)
            sum += c->parts[i].count * c->parts[i].hit[k] * (1 - hl_exact_law_cdf(&c->parts[i].laws[k], x));
    return sum;
}

/* The upper lattice of the sum alone, coarse: its quantile, or INFINITY where the points do not reach it. */
static enum hl_status coarse_quantile(double *out, const struct hl_exact_compound *c, double end, double level,
                                      struct hl_error *err) {
    struct hl_exact_lattices sum = {0};
    struct work w;
    double step = end / (COARSE_POINTS - 1);
    enum hl_status status = work_make(&w, c, step, COARSE_POINTS, err);
    if (status != HL_OK)
        return status;
    status = lattices_start(&sum, step, COARSE_POINTS, err);
    if (status == HL_OK)
        status = make_lattice(&w, &sum, NULL, HL_LATTICE_UPPER, err);
    if (status == HL_OK)
        *out = hl_exact_quantile(&sum, HL_LATTICE_UPPER, level);
    hl_exact_lattices_free(&sum);
    work_free(&w);
    return status;
}

/* A round number of currency units of at least x quanta, in quanta: 1, 2 or 5 times a power of ten; at least one
 * quantum. Caps and reserves that people state fall on such points. */
static double round_step(double x, double quantum) {
    double power = pow(10, floor(log10(fmax(x, 1) * quantum)));
    static const double steps[] = {1, 2, 5, 10};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (nearbyint(steps[i] * power / quantum) >= x)
            return fmax(nearbyint(steps[i] * power / quantum), 1);
    return nearbyint(20 * power / quantum);
}

enum hl_status hl_exact_compound_make(struct hl_exact_lattices *sum, struct hl_exact_lattices *largest,
                                      const struct hl_exact_compound *c, double level, double least, size_t points,
                                      struct hl_error *err) {
    double end = 1024, reached = INFINITY, enough = 1 - (1 - level) / 4;
    enum hl_status status = HL_OK;
    while (hits_above(c, end) > 1 - level)
        end *= 2;
    for (; status == HL_OK && isinf(reached); end *= 2)
        status = coarse_quantile(&reached, c, end, enough, err);
    double step = status == HL_OK ? round_step(fmax(reached, least) / (double)points, c->plan->scenario->quantum) : 1;
    size_t count = status == HL_OK ? (size_t)ceil(fmax(reached, least) / step) + 3 : 0;
    struct work w = {0};
    *sum = (struct hl_exact_lattices){0};
    if (largest != NULL)
        *largest = (struct hl_exact_lattices){0};
    if (status == HL_OK)
        status = work_make(&w, c, step, count, err);
    if (status != HL_OK)
        return status;
    status = lattices_start(sum, step, count, err);
    if (status == HL_OK && largest != NULL)
        status = lattices_start(largest, step, count, err);
    for (int which = 0; which < HL_LATTICE_COUNT && status == HL_OK; which++)
        status = make_lattice(&w, sum, largest, (enum hl_lattice)which, err);
    work_free(&w);
    if (status != HL_OK) {
        hl_exact_lattices_free(sum);
        if (largest != NULL)
            hl_exact_lattices_free(largest);
    }
    return status;
}
