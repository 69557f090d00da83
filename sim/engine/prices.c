#include "engine/prices.h"

#include "base/draw.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define SEGMENT_YEARS (HL_PRICE_SEGMENT_DAYS / 365.0)

/* Those of a path's day: the segment's end, and the nodes of the bridge. */
enum { NORMALS = HL_PRICE_LEVELS + 1 };
static_assert((int)NORMALS == (int)HL_EIGHT, "as many as are drawn at once");

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

/* Years of the clock at a day; without mixing, of the calendar. */
static double clock_at(struct hl_prices *prices, int day) {
    size_t segment = (size_t)day / HL_PRICE_SEGMENT_DAYS, node = (size_t)day % HL_PRICE_SEGMENT_DAYS;
    wind_clock(prices, segment);
    double before = segment > 0 ? prices->clock[segment - 1] : 0;
    return before + prices->spread[segment] * prices->spread[segment] * ((double)node / 365);
}

/* Standard normal numbers at addresses of this trial's paths: (streams[i], trial and nodes[i]). */
static void draw_normals(const struct hl_prices *p, size_t count, const uint64_t *streams, const uint32_t *nodes,
                         double *out) {
    uint32_t indexes[NORMALS];
    for (size_t i = 0; i < count; i++)
        indexes[i] = p->trial << 8 | nodes[i];
    hl_u01_many(p->plan->seed, p->block, HL_DRAW_PRICE, count, streams, indexes, out);
    hl_normal_quantiles(&p->plan->normal, count, out, out);
}

/* Knows where a path stands at the end of each segment before `segment`. */
static void walk(struct hl_prices *prices, size_t path, uint64_t stream, size_t segment) {
    double *ends = prices->ends + path * HL_PRICE_SEGMENTS, normals[NORMALS];
    while (prices->known[path] < segment) {
        size_t first = prices->known[path], count = segment - first < NORMALS ? segment - first : NORMALS;
        uint64_t streams[NORMALS];
        uint32_t nodes[NORMALS];
        for (size_t i = 0; i < NORMALS; i++) { /* as many as are drawn at once: what is too much is not looked at */
            streams[i] = hl_stream_with(stream, first + (i < count ? i : 0));
            nodes[i] = HL_PRICE_SEGMENT_DAYS;
        }
        draw_normals(prices, NORMALS, streams, nodes, normals);
        for (size_t i = 0; i < count; i++) {
            double step = prices->plan->prices->segment_root * normals[i];
            ends[first + i] = (first + i > 0 ? ends[first + i - 1] : 0) + prices->spread[first + i] * step;
        }
        prices->known[path] = first + count;
    }
}

/* Brownian motion, in square roots of years of the clock, along path `path` whose stream is `stream`. */
static double path_at(struct hl_prices *prices, size_t path, uint64_t stream, int day) {
    const struct hl_price_law *law = prices->plan->prices;
    size_t segment = (size_t)day / HL_PRICE_SEGMENT_DAYS;
    unsigned node = (unsigned)day % HL_PRICE_SEGMENT_DAYS;
    walk(prices, path, stream, segment);
    double before = segment > 0 ? prices->ends[path * HL_PRICE_SEGMENTS + segment - 1] : 0, normals[NORMALS];
    if (node == 0)
        return before;
    struct hl_address at = {hl_stream_with(stream, segment), prices->block, HL_DRAW_PRICE, prices->trial << 8};
    hl_normal_eight(&prices->plan->normal, prices->plan->seed, at, law->nodes[node], normals);
    double steps = hl_bridge(node, HL_PRICE_LEVELS, law->step_root * normals[0], normals + 1);
    return before + prices->spread[segment] * (steps / law->year_root);
}

/* The same of a factor: assets share it. */
static double factor_at(struct hl_prices *prices, size_t factor, int day) {
    size_t place = (factor * 37 + (size_t)day) % HL_FACTOR_MEMO;
    if (prices->factors[place].trial != prices->begun || prices->factors[place].factor != factor ||
        prices->factors[place].day != day) {
        prices->factors[place].trial = prices->begun;
        prices->factors[place].factor = (uint32_t)factor;
        prices->factors[place].day = day;
        prices->factors[place].at = path_at(prices, factor, prices->plan->prices->factors[factor].path, day);
    }
    return prices->factors[place].at;
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

static double log_price(struct hl_prices *prices, size_t asset, int day) {
    const struct hl_price_law *law = prices->plan->prices;
    const struct hl_price_asset *a = &law->assets[asset];
    double noise = 0, jumps = 0;
    wind_clock(prices, (size_t)day / HL_PRICE_SEGMENT_DAYS);
    for (size_t f = 0; f < law->factor_count && a->loadings != NULL; f++) {
        if (a->loadings[f] == 0)
            continue;
        if (a->volatility > 0)
            noise += a->loadings[f] * factor_at(prices, f, day);
        if (law->factors[f].jump_rate > 0)
            jumps += a->loadings[f] * jumps_at(prices, &law->factors[f], day);
    }
    if (a->volatility > 0 && a->own > 0)
        noise += a->own * path_at(prices, law->factor_count + asset, a->path, day);
    double drift = 0.5 * a->volatility * a->volatility * clock_at(prices, day) + a->jump_drift * (day / 365.0);
    return a->volatility * noise + jumps - drift;
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

double hl_prices_at(struct hl_prices *prices, size_t asset, int day) {
    const struct hl_price_law *law = prices->plan->prices;
    if (law == NULL)
        return 1;
    assert(day >= 0 && asset < law->asset_count);
    day = day < HL_PRICE_LAST_DAY ? day : HL_PRICE_LAST_DAY;
    if (law->history != NULL)
        return fmin(fmax(told_price(&law->history[asset], day), HL_PRICE_LEAST), law->most);
    double price = 1;
    if (law->assets[asset].moves && day > 0) {
        size_t place = (asset * 97 + (size_t)day) % HL_PRICE_MEMO;
        bool known = prices->memo[place].trial == prices->begun && prices->memo[place].asset == asset &&
                     prices->memo[place].day == day;
        if (!known) {
            prices->memo[place].trial = prices->begun;
            prices->memo[place].asset = (uint32_t)asset;
            prices->memo[place].day = day;
            prices->memo[place].price = fmin(fmax(exp(log_price(prices, asset, day)), HL_PRICE_LEAST), law->most);
        }
        price = prices->memo[place].price;
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
