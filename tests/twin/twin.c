#include "tests/twin/twin.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- who can be breached ----------------------------------------------------------------------------------------- */

static bool keeps_coins_with(const struct hl_scenario *s, size_t exchange, size_t vendor) {
    bool found = false;
    for (size_t i = 0; i < s->holding_count; i++)
        found |= s->holdings[i].exchange == exchange && s->holdings[i].custodian == vendor;
    return found;
}

static void make_source(struct twin *t, struct twin_source *src, const struct hl_breach *b, size_t where) {
    const struct hl_scenario *s = t->scenario;
    struct hl_error err = {0};
    src->breach = b;
    src->vendor = b->at_vendors ? where : HL_NONE;
    if (b->at_vendors)
        snprintf(src->name, sizeof src->name, "vendor:%s/%s", s->vendors[where].id, b->name);
    else
        snprintf(src->name, sizeof src->name, "%s/%s", s->exchanges[where].id, b->name);
    src->stream = hl_stream(src->name);
    src->clients = hl_arena_array(&t->arena, s->exchange_count, sizeof *src->clients);
    assert(src->clients != NULL);
    for (size_t e = 0; e < s->exchange_count; e++)
        if (b->at_vendors ? keeps_coins_with(s, e, where) : e == where)
            src->clients[src->client_count++] = e;
    src->size = b->size;
    enum hl_status status = hl_distribution_prepare(&src->size, &t->arena, &err);
    assert(status == HL_OK);
    (void)status;
}

void twin_make(struct twin *t, const struct hl_scenario *s) {
    *t = (struct twin){.scenario = s};
    assert(s->asset_count <= TWIN_ASSETS && s->fund_count <= TWIN_FUNDS && s->report.unpaid_after_count <= TWIN_CHECKS);
    size_t count = 0;
    for (size_t i = 0; i < s->breach_count; i++)
        count += s->breaches[i].at_count;
    t->sources = hl_arena_array(&t->arena, count, sizeof *t->sources);
    t->left = hl_arena_array(&t->arena, 2 * s->holding_count, sizeof *t->left);
    assert(t->sources != NULL && t->left != NULL);
    for (size_t i = 0; i < s->breach_count; i++)
        for (size_t k = 0; k < s->breaches[i].at_count; k++)
            make_source(t, &t->sources[t->source_count++], &s->breaches[i], s->breaches[i].at[k]);
}

void twin_free(struct twin *t) {
    free(t->hits);
    hl_arena_free(&t->arena);
    memset(t, 0, sizeof *t);
}

/* ---- how often --------------------------------------------------------------------------------------------------- */

/* inf{k : P(N <= k) >= u}, by adding up probabilities from 0. */
static uint32_t poisson_count(double mean, double u) {
    if (mean <= 0)
        return 0;
    uint32_t k = 0;
    long double p = expl(-(long double)mean), sum = p;
    for (; sum < (long double)u; sum += p)
        p *= (long double)mean / ++k;
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

/* ---- who is hit, when, how badly --------------------------------------------------------------------------------- */

static struct hl_words words_at(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index) {
    struct hl_address at = {.stream = stream, .block = t->block, .purpose = (uint8_t)purpose, .index = index};
    return hl_draw(t->scenario->seed, at);
}

double twin_uniform(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index) {
    return hl_unit(words_at(t, stream, purpose, index).word[0]);
}

static void add_hit(struct twin *t, struct twin_hit hit) {
    if (t->hit_count == t->hit_capacity) {
        t->hit_capacity = 2 * t->hit_capacity + 64;
        t->hits = realloc(t->hits, t->hit_capacity * sizeof *t->hits);
        assert(t->hits != NULL);
    }
    t->hits[t->hit_count++] = hit;
}

/* A draw that belongs to one member of a cluster; the first uses the stream itself. */
static uint64_t of_member(uint64_t stream, uint32_t member) {
    return member == 0 ? stream : hl_stream_with(stream, member);
}

/* One event of a source becomes its hits. */
static void add_event(struct twin *t, size_t source, uint32_t index, uint32_t member, uint32_t trial) {
    const struct twin_source *src = &t->sources[source];
    const struct hl_scenario *s = t->scenario;
    bool picks = src->breach->reach == HL_REACH_ONE_ASSET || src->breach->reach == HL_REACH_ONE_WALLET;
    uint64_t of_event = of_member(hl_stream_with(src->stream, 1), member);
    struct hl_words event = words_at(t, of_event, HL_DRAW_EVENT, index);
    struct twin_hit hit = {.trial = trial, .source = source, .exchange = HL_NONE, .stream = of_event, .index = index};
    hit.day = hl_unit(event.word[0]) * s->horizon_days;
    bool nobody = true;
    for (size_t k = 0; k < src->client_count; k++) {
        const char *client = s->exchanges[src->clients[k]].id;
        uint64_t stream = of_event;
        uint64_t size = event.word[1];
        if (src->vendor != HL_NONE) {
            stream = hl_stream_with(of_event, hl_stream_with_name(hl_stream(s->vendors[src->vendor].id), client));
            struct hl_words struck = words_at(t, stream, HL_DRAW_HIT, index);
            if (hl_unit(struck.word[0]) >= src->breach->hit)
                continue;
            size = struck.word[1];
        }
        hit.exchange = src->clients[k];
        hit.size = hl_distribution_quantile(&src->size, hl_unit(size));
        hit.pick = picks ? twin_uniform(t, stream, HL_DRAW_PICK, index) : 0;
        add_hit(t, hit);
        nobody = false;
    }
    if (nobody)
        add_hit(t, hit);
}

static double rate_of(const struct hl_count *c, enum twin_rates rates) {
    return rates == TWIN_LOW ? c->low : rates == TWIN_HIGH ? c->high : c->p[0];
}

static void draw_poisson(struct twin *t, size_t source, double rate, double years) {
    uint64_t stream = hl_stream_with(t->sources[source].stream, 1);
    double u = twin_uniform(t, stream, HL_DRAW_COUNT, 0);
    uint32_t count = poisson_count(rate * years * HL_BLOCK_TRIALS, u);
    for (uint32_t i = 0; i < count; i++) {
        uint64_t word = words_at(t, stream, HL_DRAW_EVENT, i).word[0];
        add_event(t, source, i, 0, hl_place(word));
    }
}

static void draw_clusters(struct twin *t, size_t source, double mean, double shape, double years) {
    uint64_t stream = hl_stream_with(t->sources[source].stream, 1);
    if (mean <= 0)
        return;
    double clusters_per_year = shape * log1p(mean / shape);
    uint32_t count =
        poisson_count(clusters_per_year * years * HL_BLOCK_TRIALS, twin_uniform(t, stream, HL_DRAW_COUNT, 0));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t members = logarithmic_count(mean, shape, twin_uniform(t, stream, HL_DRAW_CLUSTER, i));
        uint32_t trial = hl_place(words_at(t, stream, HL_DRAW_EVENT, i).word[0]);
        for (uint32_t j = 0; j < members; j++)
            add_event(t, source, i, j, trial);
    }
}

/* Trials are dealt like cards: event i gets one of those that are left, and card i takes its place. */
static void draw_at_most_once(struct twin *t, size_t source, double probability, double years) {
    uint64_t stream = hl_stream_with(t->sources[source].stream, 1);
    double p = -expm1(years * log1p(-probability));
    uint32_t count = binomial_count(HL_BLOCK_TRIALS, p, twin_uniform(t, stream, HL_DRAW_COUNT, 0));
    uint32_t deck[HL_BLOCK_TRIALS];
    for (uint32_t i = 0; i < HL_BLOCK_TRIALS; i++)
        deck[i] = i;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t card = i + (uint32_t)floor(twin_uniform(t, stream, HL_DRAW_CLUSTER, i) * (HL_BLOCK_TRIALS - i));
        uint32_t trial = deck[card];
        deck[card] = deck[i];
        add_event(t, source, i, 0, trial);
    }
}

void twin_draw(struct twin *t, enum twin_rates rates, uint32_t block) {
    double years = t->scenario->horizon_days / 365;
    t->block = block;
    t->hit_count = 0;
    for (size_t i = 0; i < t->source_count; i++) {
        const struct hl_count *c = &t->sources[i].breach->count;
        double rate = rate_of(c, rates);
        if (strcmp(c->family->name, "poisson") == 0)
            draw_poisson(t, i, rate, years);
        else if (strcmp(c->family->name, "negative_binomial") == 0)
            draw_clusters(t, i, rate, c->p[1], years);
        else if (strcmp(c->family->name, "at_most_once") == 0)
            draw_at_most_once(t, i, rate, years);
        else
            assert(!"a family of counts that the twin does not know");
    }
}

/* ---- what is taken ----------------------------------------------------------------------------------------------- */

/* Pile 0 of a holding is its largest wallet, pile 1 its other wallets, all alike. */
static double pile_value(const struct hl_holding *h, size_t pile) {
    double largest = h->wallets > 1 ? nearbyint(h->largest_share * h->value) : h->value;
    return pile == 0 ? largest : h->value - largest;
}

static double pile_wallets(const struct hl_holding *h, size_t pile) {
    return pile == 0 || h->wallets < 2 ? 1 : h->wallets - 1;
}

static bool reaches(const struct twin_source *src, const struct hl_holding *h, size_t exchange) {
    const struct hl_breach *b = src->breach;
    return h->exchange == exchange && (src->vendor == HL_NONE || h->custodian == src->vendor) &&
           (b->tiers & 1u << h->tier) != 0 && (b->assets == NULL || b->assets[h->asset]);
}

/* The pile (2 × holding + 0 or 1) that holds the place `pick` of all that was in reach at the start. */
static size_t pick_pile(const struct twin *t, const struct twin_hit *hit) {
    const struct hl_scenario *s = t->scenario;
    double total = 0, upto = 0;
    size_t last = HL_NONE;
    for (size_t p = 0; p < 2 * s->holding_count; p++)
        if (reaches(&t->sources[hit->source], &s->holdings[p / 2], hit->exchange))
            total += pile_value(&s->holdings[p / 2], p % 2);
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        double value = pile_value(&s->holdings[p / 2], p % 2);
        if (value <= 0 || !reaches(&t->sources[hit->source], &s->holdings[p / 2], hit->exchange))
            continue;
        last = p;
        upto += value;
        if (upto > hit->pick * total)
            break;
    }
    return last;
}

static size_t largest_pile(const struct twin *t, const struct twin_hit *hit) {
    const struct hl_scenario *s = t->scenario;
    size_t largest = HL_NONE;
    double most = 0;
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        double wallet = pile_value(&s->holdings[p / 2], p % 2) / pile_wallets(&s->holdings[p / 2], p % 2);
        if (wallet > most && reaches(&t->sources[hit->source], &s->holdings[p / 2], hit->exchange)) {
            most = wallet;
            largest = p;
        }
    }
    return largest;
}

/* What of a pile lies open to this hit. */
static double open_of(const struct twin *t, const struct twin_hit *hit, size_t pile, size_t picked) {
    const struct hl_scenario *s = t->scenario;
    const struct hl_holding *h = &s->holdings[pile / 2];
    if (!reaches(&t->sources[hit->source], h, hit->exchange))
        return 0;
    switch (t->sources[hit->source].breach->reach) {
    case HL_REACH_ALL:
        return t->left[pile];
    case HL_REACH_ONE_ASSET:
        return picked != HL_NONE && s->holdings[picked / 2].asset == h->asset ? t->left[pile] : 0;
    case HL_REACH_ONE_WALLET:
    case HL_REACH_LARGEST_WALLET:
        return pile == picked ? floor(t->left[pile] / pile_wallets(h, pile % 2)) : 0;
    case HL_REACH_COUNT:
        break;
    }
    assert(!"a reach");
    return 0;
}

static void give_to(struct twin_claim *c, const struct hl_holding *h, double x) {
    c->gross += x;
    if (h->owner == HL_OWNER_CUSTOMERS) {
        c->claim += x;
        c->customers[h->asset] += x;
    } else if (h->owner == HL_OWNER_GUARANTEE) {
        c->guarantee[h->asset] += x;
    } else {
        c->house += x;
    }
}

static void steal(struct twin *t, const struct twin_hit *hit, struct twin_claim *c) {
    const struct hl_scenario *s = t->scenario;
    const struct twin_source *src = &t->sources[hit->source];
    *c = (struct twin_claim){.hit = *hit, .day = (int)floor(hit->day)};
    size_t picked = src->breach->reach == HL_REACH_LARGEST_WALLET ? largest_pile(t, hit) : pick_pile(t, hit);
    double open = 0;
    for (size_t p = 0; p < 2 * s->holding_count; p++)
        open += open_of(t, hit, p, picked);
    if (open <= 0)
        return;
    double share = src->size.family->share ? hit->size : hit->size > open ? 1 : hit->size / open;
    double upto = 0;
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        upto += open_of(t, hit, p, picked);
        double x = nearbyint(share * upto) - c->gross;
        t->left[p] -= x;
        assert(t->left[p] >= 0);
        give_to(c, &s->holdings[p / 2], x);
    }
}

static bool is_earlier(const struct twin_hit *a, const struct twin_hit *b) {
    if (a->day != b->day)
        return a->day < b->day;
    if (a->source != b->source)
        return a->source < b->source;
    if (a->stream != b->stream)
        return a->stream < b->stream;
    return a->index != b->index ? a->index < b->index : a->exchange < b->exchange;
}

void twin_play(struct twin *t, uint32_t trial, struct twin_history *out) {
    const struct hl_scenario *s = t->scenario;
    out->hit_count = 0;
    out->claim_count = 0;
    for (size_t i = 0; i < t->hit_count; i++) {
        if (t->hits[i].trial != trial)
            continue;
        assert(out->hit_count < TWIN_CLAIMS);
        size_t at = out->hit_count++;
        for (; at > 0 && is_earlier(&t->hits[i], &out->hits[at - 1]); at--)
            out->hits[at] = out->hits[at - 1];
        out->hits[at] = t->hits[i];
    }
    for (size_t p = 0; p < 2 * s->holding_count; p++)
        t->left[p] = pile_value(&s->holdings[p / 2], p % 2);
    for (size_t i = 0; i < out->hit_count; i++)
        if (out->hits[i].exchange != HL_NONE)
            steal(t, &out->hits[i], &out->claims[out->claim_count++]);
}
