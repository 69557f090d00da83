#include "engine/prices.h"

#include "base/draw.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define SEGMENT_YEARS (HL_PRICE_SEGMENT_DAYS / 365.0)

static_assert(HL_PRICE_LEVELS + 1 == (int)HL_EIGHT, "a segment's end and the nodes of the bridge are drawn at once");

/* --- laws --------------------------------------------------------------------------------------------------------- */

static struct hl_price_asset asset_law(const struct hl_scenario *s, const struct hl_price_law *law, size_t asset) {
    const struct hl_asset *a = &s->assets[asset];
    struct hl_price_asset out = {.volatility = isnan(a->volatility_per_year) ? 0 : a->volatility_per_year,
                                 .loadings = a->loadings,
                                 .path = hl_stream_with_name(hl_stream("price:own"), a->id)};
    double common = 0;
    for (size_t f = 0; f < law->factor_count && a->loadings != NULL; f++) {
        const struct hl_price_factor *factor = &law->factors[f];
        common += a->loadings[f] * a->loadings[f];
        out.jump_drift += hl_jump_drift(factor->jump_rate, a->loadings[f], factor->jump_mean, factor->jump_sd);
        out.moves = out.moves || (factor->jump_rate > 0 && a->loadings[f] != 0);
    }
    out.own = sqrt(fmax(1 - common, 0));
    out.moves = out.moves || out.volatility > 0;
    return out;
}

/* A power of two that all the money of the plan can be multiplied by and stays below 2^50 quanta, so that sums of it
 * are exact. */
static double most_price(const struct hl_plan *p) {
    double sum = 1;
    for (size_t i = 0; i < p->cell_count; i++)
        sum += p->cells[i].value;
    for (size_t i = 0; i < p->policies[0].first[p->scenario->exchange_count]; i++)
        for (uint16_t y = 0; y < p->year_count && p->policies[0].funds[i].levels != NULL; y++)
            sum += p->policies[0].funds[i].levels[y];
    return fmax(exp2(floor(log2(0x1p50 / sum))), 1);
}

enum hl_status hl_plan_make_prices(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    const struct hl_market *m = &s->market;
    if (!m->moves)
        return HL_OK;
    struct hl_price_law *law = hl_arena_array(&p->arena, 1, sizeof *law);
    if (law == NULL)
        return hl_fail_memory(err);
    law->factors = hl_arena_array(&p->arena, m->factor_count, sizeof *law->factors);
    law->assets = hl_arena_array(&p->arena, s->asset_count, sizeof *law->assets);
    law->nodes = hl_arena_array(&p->arena, HL_PRICE_SEGMENT_DAYS, sizeof *law->nodes);
    if (law->factors == NULL || law->assets == NULL || law->nodes == NULL)
        return hl_fail_memory(err);
    law->factor_count = m->factor_count;
    law->asset_count = s->asset_count;
    law->history = m->history;
    law->clock = hl_stream("price:clock");
    law->segment_root = sqrt(SEGMENT_YEARS);
    law->step_root = sqrt(HL_PRICE_SEGMENT_DAYS);
    law->year_root = sqrt(365);
    law->most = most_price(p);
    for (size_t f = 0; f < m->factor_count; f++)
        law->factors[f] = (struct hl_price_factor){
            .path = hl_stream_with_name(hl_stream("price"), m->factors[f].name),
            .jump = hl_stream_with_name(hl_stream("jump"), m->factors[f].name),
            .jump_rate = m->factors[f].jump_rate,
            .jump_mean = m->factors[f].jump_mean,
            .jump_sd = m->factors[f].jump_sd,
        };
    for (size_t a = 0; a < s->asset_count; a++)
        law->assets[a] = asset_law(s, law, a);
    for (unsigned day = 0; day < HL_PRICE_SEGMENT_DAYS; day++) {
        for (size_t i = 0; i < HL_EIGHT; i++)
            law->nodes[day][i] = HL_PRICE_SEGMENT_DAYS;
        if (day > 0)
            hl_bridge_nodes(day, HL_PRICE_LEVELS, law->nodes[day] + 1);
    }
    law->mixed = m->tail_nu > 0;
    p->prices = law;
    return law->mixed ? hl_mixing_make(&law->mixing, m->tail_nu, m->tail_most, &p->arena, err) : HL_OK;
}

/* --- memory ------------------------------------------------------------------------------------------------------- */

static enum hl_status reserve_falls(struct hl_prices *prices, size_t most, struct hl_error *err) {
    if (most <= prices->falls_most)
        return HL_OK;
    prices->falls_most = most + most / 2; /* what was there before stays in the arena: less than this in all */
    prices->falls = hl_arena_array(&prices->arena, prices->falls_most, sizeof *prices->falls);
    return prices->falls != NULL ? HL_OK : hl_fail_memory(err);
}

enum hl_status hl_prices_reserve(struct hl_prices *prices, const struct hl_plan *plan, size_t falls_most,
                                 struct hl_error *err) {
    const struct hl_price_law *law = plan->prices;
    if (prices->plan != plan) {
        hl_prices_free(prices);
        prices->plan = plan;
        size_t paths = law == NULL ? 0 : law->factor_count + law->asset_count;
        size_t segments = law == NULL ? 0 : HL_PRICE_SEGMENTS;
        prices->known = hl_arena_array(&prices->arena, paths, sizeof *prices->known);
        prices->ends = hl_arena_array(&prices->arena, paths * segments, sizeof *prices->ends);
        prices->spread = hl_arena_array(&prices->arena, segments, sizeof *prices->spread);
        prices->clock = hl_arena_array(&prices->arena, segments, sizeof *prices->clock);
        if (prices->known == NULL || prices->ends == NULL || prices->spread == NULL || prices->clock == NULL) {
            hl_prices_free(prices);
            return hl_fail_memory(err);
        }
    }
    return law == NULL ? HL_OK : reserve_falls(prices, falls_most, err);
}

void hl_prices_free(struct hl_prices *prices) {
    hl_arena_free(&prices->arena);
    memset(prices, 0, sizeof *prices);
}

void hl_prices_begin(struct hl_prices *prices, uint32_t block, uint32_t trial) {
    const struct hl_price_law *law = prices->plan->prices;
    if (law == NULL)
        return;
    prices->block = block;
    prices->trial = trial;
    prices->begun++;
    prices->clock_known = 0;
    prices->fall_count = 0;
    memset(prices->known, 0, (law->factor_count + law->asset_count) * sizeof *prices->known);
}

/* --- paths -------------------------------------------------------------------------------------------------------- */

/* Knows the clock up to the end of `segment`: how much variance each segment has, relative to the usual one. */
static void wind_clock(struct hl_prices *prices, size_t segment) {
    const struct hl_price_law *law = prices->plan->prices;
    for (size_t i = prices->clock_known; i <= segment; i++) {
        struct hl_address at = {hl_stream_with(law->clock, i), prices->block, HL_DRAW_PRICE, prices->trial};
        double variance = law->mixed ? hl_mixing_quantile(&law->mixing, hl_u01(prices->plan->seed, at)) : 1;
        prices->spread[i] = sqrt(variance);
        prices->clock[i] = (i > 0 ? prices->clock[i - 1] : 0) + variance * SEGMENT_YEARS;
    }
    if (segment + 1 > prices->clock_known)
        prices->clock_known = segment + 1;
}

/* Years of the clock at a day up to which it is wound; without mixing, of the calendar. */
static double clock_at(const struct hl_prices *prices, int day) {
    size_t segment = (size_t)day / HL_PRICE_SEGMENT_DAYS, node = (size_t)day % HL_PRICE_SEGMENT_DAYS;
    double before = segment > 0 ? prices->clock[segment - 1] : 0;
    return before + prices->spread[segment] * prices->spread[segment] * ((double)node / 365);
}

/* Paths that are followed together: the kernel draws for several at once. */
enum { PATHS_MOST = 16 };
struct paths {
    size_t count;
    size_t path[PATHS_MOST];     /* each once */
    uint64_t stream[PATHS_MOST]; /* its own */
    double at[PATHS_MOST];       /* where it stands on the day that is asked for */
};

/* Adds a path; returns its place. */
static size_t add_path(struct paths *p, size_t path, uint64_t stream) {
    for (size_t i = 0; i < p->count; i++)
        if (p->path[i] == path)
            return i;
    assert(p->count < PATHS_MOST);
    p->path[p->count] = path;
    p->stream[p->count] = stream;
    return p->count++;
}

/* Ends of segments that wait for their normal numbers. */
struct draws {
    size_t count;
    uint64_t streams[HL_EIGHT];
    double *to[HL_EIGHT];
};

static void draw_ends(struct hl_prices *prices, struct draws *d) {
    static const uint32_t nodes[HL_EIGHT] = {HL_PRICE_SEGMENT_DAYS, HL_PRICE_SEGMENT_DAYS, HL_PRICE_SEGMENT_DAYS,
                                             HL_PRICE_SEGMENT_DAYS, HL_PRICE_SEGMENT_DAYS, HL_PRICE_SEGMENT_DAYS,
                                             HL_PRICE_SEGMENT_DAYS, HL_PRICE_SEGMENT_DAYS};
    struct hl_address at = {.block = prices->block, .purpose = HL_DRAW_PRICE, .index = prices->trial << 8};
    double normals[HL_EIGHT];
    for (size_t i = d->count; i < HL_EIGHT && d->count > 0; i++) /* what is too much is not looked at */
        d->streams[i] = d->streams[0];
    if (d->count > 0)
        hl_normal_eight(&prices->plan->normal, prices->plan->seed, at, d->streams, nodes, normals);
    for (size_t i = 0; i < d->count; i++)
        *d->to[i] = normals[i];
    d->count = 0;
}

/* Knows where paths stand at the end of each segment before `segment`. */
static void walk(struct hl_prices *prices, const struct paths *paths, size_t segment) {
    struct draws d = {0};
    for (size_t i = 0; i < paths->count; i++) {
        for (size_t s = prices->known[paths->path[i]]; s < segment; s++) {
            d.streams[d.count] = hl_stream_with(paths->stream[i], s);
            d.to[d.count++] = &prices->ends[paths->path[i] * HL_PRICE_SEGMENTS + s];
            if (d.count == HL_EIGHT)
                draw_ends(prices, &d);
        }
    }
    draw_ends(prices, &d);
    for (size_t i = 0; i < paths->count; i++) {
        double *ends = prices->ends + paths->path[i] * HL_PRICE_SEGMENTS;
        for (size_t *s = &prices->known[paths->path[i]]; *s < segment; ++*s) {
            double step = prices->plan->prices->segment_root * ends[*s];
            ends[*s] = (*s > 0 ? ends[*s - 1] : 0) + prices->spread[*s] * step;
        }
    }
}

/* Brownian motion, in square roots of years of the clock, along paths. */
static void follow(struct hl_prices *prices, struct paths *paths, int day) {
    const struct hl_price_law *law = prices->plan->prices;
    size_t segment = (size_t)day / HL_PRICE_SEGMENT_DAYS;
    unsigned node = (unsigned)day % HL_PRICE_SEGMENT_DAYS;
    struct hl_address at = {.block = prices->block, .purpose = HL_DRAW_PRICE, .index = prices->trial << 8};
    walk(prices, paths, segment);
    for (size_t i = 0; i < paths->count; i++) {
        paths->at[i] = segment > 0 ? prices->ends[paths->path[i] * HL_PRICE_SEGMENTS + segment - 1] : 0;
        if (node == 0)
            continue;
        uint64_t streams[HL_EIGHT];
        double normals[HL_EIGHT];
        streams[0] = hl_stream_with(paths->stream[i], segment);
        for (size_t k = 1; k < HL_EIGHT; k++)
            streams[k] = streams[0];
        hl_normal_eight(&prices->plan->normal, prices->plan->seed, at, streams, law->nodes[node], normals);
        double steps = hl_bridge(node, HL_PRICE_LEVELS, law->step_root * normals[0], normals + 1);
        paths->at[i] += prices->spread[segment] * (steps / law->year_root);
    }
}

/* The place of a factor's day among those that are known. */
static size_t factor_place(size_t factor, int day) { return (factor * 37 + (size_t)day) % HL_FACTOR_MEMO; }

static bool is_factor_known(const struct hl_prices *prices, size_t factor, int day) {
    size_t place = factor_place(factor, day);
    return prices->factors[place].trial == prices->begun && prices->factors[place].factor == factor &&
           prices->factors[place].day == day;
}

static void know_factor(struct hl_prices *prices, size_t factor, int day, double at) {
    size_t place = factor_place(factor, day);
    prices->factors[place].trial = prices->begun;
    prices->factors[place].factor = (uint32_t)factor;
    prices->factors[place].day = day;
    prices->factors[place].at = at;
}

/* Where a factor stands: assets share it. */
static double factor_at(struct hl_prices *prices, size_t factor, int day) {
    if (!is_factor_known(prices, factor, day)) {
        struct paths one = {0};
        add_path(&one, factor, prices->plan->prices->factors[factor].path);
        follow(prices, &one, day);
        know_factor(prices, factor, day, one.at[0]);
    }
    return prices->factors[factor_place(factor, day)].at;
}

/* The sum of a factor's log jumps up to a day. */
static double jumps_at(const struct hl_prices *prices, const struct hl_price_factor *f, int day) {
    double sum = 0;
    for (int year = 0; year <= day / 365; year++) {
        struct hl_address at = {hl_stream_with(f->jump, (uint64_t)year), prices->block, HL_DRAW_JUMP,
                                prices->trial << 8};
        uint64_t count = hl_poisson_quantile(f->jump_rate, hl_u01(prices->plan->seed, at));
        assert(count <= HL_JUMPS_MOST);
        for (uint64_t k = 1; k <= count; k++) {
            at.index = prices->trial << 8 | (uint32_t)k;
            struct hl_words words = hl_draw(prices->plan->seed, at);
            if ((year + hl_unit(words.word[0])) * 365 <= day)
                sum += f->jump_mean + f->jump_sd * hl_normal_quantile(&prices->plan->normal, hl_unit(words.word[1]));
        }
    }
    return sum;
}

/* The log of an asset's price, of which `own` is where its own path stands. */
static double log_price(struct hl_prices *prices, size_t asset, int day, double own) {
    const struct hl_price_law *law = prices->plan->prices;
    const struct hl_price_asset *a = &law->assets[asset];
    double noise = 0, jumps = 0;
    for (size_t f = 0; f < law->factor_count && a->loadings != NULL; f++) {
        if (a->loadings[f] == 0)
            continue;
        if (a->volatility > 0)
            noise += a->loadings[f] * factor_at(prices, f, day);
        if (law->factors[f].jump_rate > 0)
            jumps += a->loadings[f] * jumps_at(prices, &law->factors[f], day);
    }
    if (a->volatility > 0 && a->own > 0)
        noise += a->own * own;
    double drift = 0.5 * a->volatility * a->volatility * clock_at(prices, day) + a->jump_drift * (day / 365.0);
    return a->volatility * noise + jumps - drift;
}

/* Adds the paths that the price of an asset goes by and that are not known: as many factors as there is room for. */
static size_t add_paths(struct paths *paths, const struct hl_prices *prices, size_t asset, int day, size_t room) {
    const struct hl_price_law *law = prices->plan->prices;
    const struct hl_price_asset *a = &law->assets[asset];
    for (size_t f = 0; f < law->factor_count && a->loadings != NULL && a->volatility > 0; f++)
        if (a->loadings[f] != 0 && paths->count < room && !is_factor_known(prices, f, day))
            add_path(paths, f, law->factors[f].path);
    return a->volatility > 0 && a->own > 0 ? add_path(paths, law->factor_count + asset, a->path) : 0;
}

/* A price that is told: linear between two days, flat before the first and after the last. */
static double told_price(const struct hl_told_prices *t, int day) {
    size_t next = 0;
    while (next < t->count && t->points[next].day <= day)
        next++;
    if (next == 0)
        return 1;
    const struct hl_told_price *from = &t->points[next - 1];
    if (next == t->count)
        return from->price;
    const struct hl_told_price *to = &t->points[next];
    return from->price + (to->price - from->price) * (day - from->day) / (to->day - from->day);
}

/* --- prices ------------------------------------------------------------------------------------------------------- */

/* Knows the prices of at most TOGETHER assets that move at a day > 0, which their history does not tell. */
enum { TOGETHER = PATHS_MOST / 2 };
static void know(struct hl_prices *prices, int day, size_t count, const uint32_t *assets) {
    const struct hl_price_law *law = prices->plan->prices;
    struct paths paths;
    size_t own[TOGETHER];
    paths.count = 0;
    for (size_t i = 0; i < count; i++) /* each asset that is still to come has room for its own path */
        own[i] = add_paths(&paths, prices, assets[i], day, PATHS_MOST - count);
    wind_clock(prices, (size_t)day / HL_PRICE_SEGMENT_DAYS);
    follow(prices, &paths, day);
    for (size_t i = 0; i < paths.count; i++)
        if (paths.path[i] < law->factor_count)
            know_factor(prices, paths.path[i], day, paths.at[i]);
    for (size_t i = 0; i < count; i++) {
        double price = exp(log_price(prices, assets[i], day, paths.count > 0 ? paths.at[own[i]] : 0));
        struct hl_known_price *known = &prices->memo[hl_price_place(assets[i], day)];
        *known = (struct hl_known_price){prices->begun, assets[i], day, fmin(fmax(price, HL_PRICE_LEAST), law->most)};
    }
}

void hl_prices_know(struct hl_prices *prices, int day, size_t count, const uint32_t *assets) {
    const struct hl_price_law *law = prices->plan->prices;
    uint32_t asked[TOGETHER];
    size_t asked_count = 0;
    if (law == NULL || law->history != NULL || day <= 0)
        return;
    day = day < HL_PRICE_LAST_DAY ? day : HL_PRICE_LAST_DAY;
    for (size_t i = 0; i < count; i++) {
        if (law->assets[assets[i]].moves && !hl_price_is_known(prices, assets[i], day))
            asked[asked_count++] = assets[i];
        if (asked_count == TOGETHER || (i + 1 == count && asked_count > 0)) {
            know(prices, day, asked_count, asked);
            asked_count = 0;
        }
    }
}

double hl_prices_find(struct hl_prices *prices, size_t asset, int day) {
    const struct hl_price_law *law = prices->plan->prices;
    assert(day >= 0 && asset < law->asset_count);
    day = day < HL_PRICE_LAST_DAY ? day : HL_PRICE_LAST_DAY;
    if (law->history != NULL)
        return fmin(fmax(told_price(&law->history[asset], day), HL_PRICE_LEAST), law->most);
    double price = 1;
    if (law->assets[asset].moves && day > 0) {
        uint32_t one = (uint32_t)asset;
        if (!hl_price_is_known(prices, asset, day))
            know(prices, day, 1, &one);
        price = prices->memo[hl_price_place(asset, day)].price;
    }
    for (size_t i = 0; i < prices->fall_count; i++) {
        const struct hl_price_fall *fall = &prices->falls[i];
        if (day >= fall->day && (fall->asset == HL_NONE || fall->asset == asset))
            price *= 1 - fall->fraction;
    }
    return price;
}

void hl_prices_fall(struct hl_prices *prices, size_t asset, int day, double fraction) {
    if (prices->plan->prices == NULL || fraction <= 0)
        return;
    assert(prices->fall_count < prices->falls_most && fraction < 1);
    prices->falls[prices->fall_count++] = (struct hl_price_fall){asset, day, fraction};
}
