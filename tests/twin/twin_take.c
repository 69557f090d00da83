/* What is taken, and what customers are owed for it. */
#include "tests/twin/twin.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PILES = 2 * TWIN_HOLDINGS, PARCEL_DAYS = 30, THEFTS = 4 * TWIN_HITS };

/* What there is in one trial. Pile 0 of a holding is its largest wallet, pile 1 its other wallets, all alike. */
struct place {
    const struct twin *t;
    struct twin_history *h;
    double left[PILES];
    double drained[PILES];          /* the day of the last theft; negative = not in this year */
    int year[TWIN_EXCHANGES];       /* the policy year that the exchange's wallets stand in */
    double at_home[TWIN_EXCHANGES]; /* customers there at the start of the year, as a share of the first year's */
    double still[TWIN_EXCHANGES];   /* of them, those who are there now */
    double first[TWIN_HITS];        /* of a drain: what lay open at its first parcel */
};

static double pile_value(const struct hl_holding *h, size_t pile) {
    double largest = h->wallets > 1 ? nearbyint(h->largest_share * h->value) : h->value;
    return pile == 0 ? largest : h->value - largest;
}

static double pile_wallets(const struct hl_holding *h, size_t pile) {
    return pile == 0 || h->wallets < 2 ? 1 : h->wallets - 1;
}

/* What a pile holds when nothing is taken: grown, and only of the customers who are there. */
static double level_of(const struct place *x, size_t pile) {
    const struct hl_scenario *s = x->t->scenario;
    const struct hl_holding *h = &s->holdings[pile / 2];
    double level = pile_value(h, pile % 2);
    if (!s->fresh)
        level *= pow(1 + s->exchanges[h->exchange].growth_per_year, x->year[h->exchange] - 1);
    return nearbyint(h->owner == HL_OWNER_CUSTOMERS ? level * (x->at_home[h->exchange] * x->still[h->exchange])
                                                    : level);
}

/* ---- what lies open ---------------------------------------------------------------------------------------------- */

static bool reaches(const struct twin_source *src, const struct hl_holding *h, const struct twin_hit *hit) {
    const struct hl_breach *b = src->breach;
    return h->exchange == hit->exchange && (hit->vendor == HL_NONE || h->custodian == hit->vendor) &&
           (b->tiers & 1u << h->tier) != 0 && (b->assets == NULL || b->assets[h->asset]);
}

/* The pile (2 × holding + 0 or 1) that holds the place `pick` of all that was in reach at the start. */
static size_t pick_pile(const struct twin *t, const struct twin_hit *hit) {
    const struct hl_scenario *s = t->scenario;
    const struct twin_source *src = &t->sources[hit->event.source];
    double total = 0, upto = 0;
    size_t last = HL_NONE;
    for (size_t p = 0; p < 2 * s->holding_count; p++)
        if (reaches(src, &s->holdings[p / 2], hit))
            total += pile_value(&s->holdings[p / 2], p % 2);
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        double value = pile_value(&s->holdings[p / 2], p % 2);
        if (value <= 0 || !reaches(src, &s->holdings[p / 2], hit))
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
        if (wallet > most && reaches(&t->sources[hit->event.source], &s->holdings[p / 2], hit)) {
            most = wallet;
            largest = p;
        }
    }
    return largest;
}

/* What of each pile lies open to this hit. */
static void look_for(const struct place *x, const struct twin_hit *hit, double *open) {
    const struct hl_scenario *s = x->t->scenario;
    const struct twin_source *src = &x->t->sources[hit->event.source];
    enum hl_reach reach = src->breach->reach;
    size_t picked = reach == HL_REACH_LARGEST_WALLET ? largest_pile(x->t, hit) : pick_pile(x->t, hit);
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        const struct hl_holding *h = &s->holdings[p / 2];
        open[p] = 0;
        if (!reaches(src, h, hit))
            continue;
        if (reach == HL_REACH_ALL)
            open[p] = x->left[p];
        else if (reach == HL_REACH_ONE_ASSET)
            open[p] = picked != HL_NONE && s->holdings[picked / 2].asset == h->asset ? x->left[p] : 0;
        else
            open[p] = p == picked ? floor(x->left[p] / pile_wallets(h, p % 2)) : 0;
    }
}

/* ---- what stands there ------------------------------------------------------------------------------------------- */

/* The first theft of a policy year finds full wallets, and of the customers who left some are back. */
static void begin_year(struct place *x, size_t exchange, int year) {
    const struct hl_scenario *s = x->t->scenario;
    if (x->year[exchange] == year)
        return;
    if (x->year[exchange] == 0 || s->fresh)
        x->at_home[exchange] = x->still[exchange] = 1;
    x->at_home[exchange] *= x->still[exchange] + (1 - x->still[exchange]) * s->run.comes_back;
    x->still[exchange] = 1;
    x->year[exchange] = year;
    for (size_t p = 0; p < 2 * s->holding_count; p++)
        if (s->holdings[p / 2].exchange == exchange) {
            x->left[p] = level_of(x, p);
            x->drained[p] = -1;
        }
}

/* Hot and warm wallets that were drained long enough ago are filled up from the cold ones of the same coins. */
static void refill(struct place *x, size_t exchange, double day) {
    const struct hl_scenario *s = x->t->scenario;
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        const struct hl_holding *to = &s->holdings[p / 2];
        if (to->exchange != exchange || to->tier == HL_COLD || x->drained[p] < 0 ||
            x->drained[p] > day - s->refill_after_days)
            continue;
        for (size_t q = 0; q < 2 * s->holding_count; q++) {
            const struct hl_holding *from = &s->holdings[q / 2];
            double missing = level_of(x, p) - x->left[p];
            double moved = missing < x->left[q] ? missing : x->left[q];
            if (from->exchange != exchange || from->tier != HL_COLD || from->asset != to->asset ||
                from->owner != to->owner || moved <= 0)
                continue;
            x->left[q] -= moved;
            x->left[p] += moved;
        }
        x->drained[p] = -1;
    }
}

/* ---- the thefts -------------------------------------------------------------------------------------------------- */

/* The claim of the hit's event at its exchange, discovered when the last of its hits there is. */
static struct twin_claim *claim_of(struct place *x, const struct twin_hit *hit) {
    struct twin_history *h = x->h;
    size_t k = 0;
    while (k < h->claim_count &&
           !(h->claims[k].hit.exchange == hit->exchange && h->claims[k].hit.event.source == hit->event.source &&
             h->claims[k].hit.event.stream == hit->event.stream && h->claims[k].hit.event.index == hit->event.index))
        k++;
    struct twin_claim *c = &h->claims[k];
    assert(k < TWIN_CLAIMS);
    if (k == h->claim_count) {
        *c = (struct twin_claim){.hit = *hit, .theft_day = (int)hit->day, .held = -1, .leaving = hit->withdrawn};
        h->claim_count++;
    }
    if (hit->day + hit->notice_days > c->discovered)
        c->discovered = hit->day + hit->notice_days;
    c->day = (int)c->discovered;
    c->year = twin_year_of(x->t, c->day);
    return c;
}

static void give_to(struct place *x, struct twin_claim *c, const struct hl_holding *h, double coins, int day) {
    double worth = nearbyint(coins * twin_price(x->t, x->h, h->asset, day));
    c->gross += worth;
    c->owned[h->owner][h->asset] += coins;
    if (h->owner == HL_OWNER_CUSTOMERS) {
        c->customers[h->asset] += coins;
        c->by_tier[h->asset][h->tier] += coins;
        c->worth[h->asset] += worth;
    }
    c->house += h->owner == HL_OWNER_HOUSE ? worth : 0;
}

/* A breach is known: prices fall. */
static void make_public(struct twin_history *h, const struct hl_scenario *s, const struct twin_claim *c) {
    const struct hl_market *m = &s->market;
    for (size_t a = 0; a < s->asset_count; a++) {
        double house = c->owned[HL_OWNER_HOUSE][a], all = 0;
        for (int owner = 0; owner < HL_OWNER_COUNT; owner++)
            all += c->owned[owner][a];
        bool stolen = all > house;
        assert(h->fall_count + 2 < TWIN_FALLS);
        if (c->gross > m->impact_above && (m->impact_of_all || stolen))
            h->falls[h->fall_count++] = (struct twin_fall){a, c->day, m->impact_fall};
        if (c->gross > 0 && s->assets[a].token_of == c->hit.exchange)
            h->falls[h->fall_count++] = (struct twin_fall){a, c->day, m->token_fall};
    }
}

/* A share of what lies open of one asset (HL_NONE: of all), pile by pile by rounded running totals. */
static void steal(struct place *x, const struct twin_theft *theft, const double *open, double share, size_t asset,
                  struct twin_claim *c) {
    const struct hl_scenario *s = x->t->scenario;
    double upto = 0, gone = 0;
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        if (asset != HL_NONE && s->holdings[p / 2].asset != asset)
            continue;
        upto += open[p];
        double taken = nearbyint(share * upto) - gone;
        if (taken <= 0)
            continue;
        gone += taken;
        assert(taken <= x->left[p]);
        if (!s->wallets_restored) {
            x->left[p] -= taken;
            if (x->drained[p] < 0)
                x->drained[p] = theft->day;
        }
        give_to(x, c, &s->holdings[p / 2], taken, (int)theft->day);
    }
}

/* Customers' coins that are left at an exchange in some tiers. */
static double customers_coins(const struct place *x, size_t exchange, uint32_t tiers) {
    const struct hl_scenario *s = x->t->scenario;
    double coins = 0;
    for (size_t p = 0; p < 2 * s->holding_count; p++) {
        const struct hl_holding *h = &s->holdings[p / 2];
        if (h->exchange == exchange && h->owner == HL_OWNER_CUSTOMERS && (tiers & 1u << h->tier) != 0)
            coins += x->left[p];
    }
    return coins;
}

/* A breach is known: customers run when it took enough of their coins. What they ask for is gone at once. */
static void discover(struct place *x, const struct twin_theft *news) {
    const struct hl_scenario *s = x->t->scenario;
    const struct twin_hit *hit = &x->h->hits[news->hit];
    struct twin_claim *c = claim_of(x, hit);
    double taken = 0;
    for (size_t a = 0; a < s->asset_count; a++)
        taken += c->customers[a];
    if (taken <= 0 || taken < s->run.above * c->held)
        return;
    begin_year(x, hit->exchange, twin_year_of(x->t, news->day));
    refill(x, hit->exchange, news->day);
    c->run = twin_withdraw(&s->run, customers_coins(x, hit->exchange, s->run.liquid),
                           customers_coins(x, hit->exchange, ~s->run.liquid), c->leaving);
    x->still[hit->exchange] *= 1 - c->leaving;
    for (size_t p = 0; p < 2 * s->holding_count; p++)
        if (s->holdings[p / 2].exchange == hit->exchange && s->holdings[p / 2].owner == HL_OWNER_CUSTOMERS)
            x->left[p] = nearbyint(x->left[p] * (1 - c->leaving));
}

static double least(double a, double b) { return a < b ? a : b; }

/* The share of what is there, coins and their worth, that a parcel of a drain takes. */
static double parcel_share(struct place *x, const struct twin_theft *theft, double there, double worth) {
    const struct twin_hit *hit = &x->h->hits[theft->hit];
    const struct twin_source *src = &x->t->sources[hit->event.source];
    double days = least(PARCEL_DAYS, hit->notice_days - PARCEL_DAYS * theft->parcel), amount = hit->size * days;
    double most = twin_throttle(x->t->scenario, hit->exchange, src->entry) * days;
    if (theft->parcel == 0)
        x->first[theft->hit] = there;
    if (there <= 0)
        return 0;
    if (src->breach->drain.share_per_day > 0)
        return least(least(amount * x->first[theft->hit] / there, most / worth), 1);
    return least(least(amount, most) / worth, 1);
}

/* True when it was the last of its claim. */
static bool play_theft(struct place *x, const struct twin_theft *theft) {
    const struct twin *t = x->t;
    const struct twin_hit *hit = &x->h->hits[theft->hit];
    const struct hl_breach *b = t->sources[hit->event.source].breach;
    double open[PILES], there = 0, worth = 0;
    begin_year(x, hit->exchange, twin_year_of(t, theft->day));
    refill(x, hit->exchange, theft->day);
    look_for(x, hit, open);
    for (size_t p = 0; p < 2 * t->scenario->holding_count; p++)
        there += open[p];
    for (size_t p = 0; p < 2 * t->scenario->holding_count; p++)
        if (open[p] > 0)
            worth += open[p] * twin_price(t, x->h, t->scenario->holdings[p / 2].asset, (int)theft->day);
    struct twin_claim *c = claim_of(x, hit);
    if (c->held < 0)
        c->held = customers_coins(x, hit->exchange, ~0u);
    if (b->size.family == NULL) {
        steal(x, theft, open, parcel_share(x, theft, there, worth), HL_NONE, c);
    } else if (b->by_asset.family != NULL) {
        for (size_t a = 0; a < t->scenario->asset_count; a++)
            steal(x, theft, open, hit->size_of[a], a, c);
    } else {
        double share = there > 0 ? least(hit->size / worth, 1) : 0;
        steal(x, theft, open, b->size.family->share ? hit->size : share, HL_NONE, c);
    }
    if (--c->thefts_left > 0)
        return false;
    make_public(x->h, t->scenario, c);
    return true;
}

/* ---- one trial --------------------------------------------------------------------------------------------------- */

static bool is_earlier(const struct twin_hit *a, const struct twin_hit *b) {
    if (a->day != b->day)
        return a->day < b->day;
    if (a->event.source != b->event.source)
        return a->event.source < b->event.source;
    if (a->event.stream != b->event.stream)
        return a->event.stream < b->event.stream;
    if (a->event.index != b->event.index)
        return a->event.index < b->event.index;
    return a->exchange != b->exchange ? a->exchange < b->exchange : a->vendor < b->vendor;
}

static void list_hits(const struct twin *t, uint32_t trial, struct twin_history *out) {
    out->hit_count = 0;
    for (size_t i = 0; i < t->hit_count; i++) {
        if (t->hits[i].trial != trial)
            continue;
        assert(out->hit_count < TWIN_HITS);
        size_t at = out->hit_count++;
        for (; at > 0 && is_earlier(&t->hits[i], &out->hits[at - 1]); at--)
            out->hits[at] = out->hits[at - 1];
        out->hits[at] = t->hits[i];
    }
}

static bool is_before(const struct twin_theft *a, const struct twin_theft *b) {
    if (a->day != b->day || a->discovery != b->discovery)
        return a->day != b->day ? a->day < b->day : b->discovery;
    return a->hit < b->hit;
}

/* Adds to the list: by time, news after thefts, then by hit. */
static void list_theft(struct twin_theft *thefts, size_t *count, struct twin_theft theft) {
    assert(*count < THEFTS);
    size_t at = (*count)++;
    for (; at > 0 && is_before(&theft, &thefts[at - 1]); at--)
        thefts[at] = thefts[at - 1];
    thefts[at] = theft;
}

/* All thefts of the trial's hits: one, or the parcels of a drain. */
static size_t list_thefts(const struct twin *t, const struct twin_history *h, struct twin_theft *thefts) {
    size_t count = 0;
    for (size_t i = 0; i < h->hit_count; i++) {
        const struct twin_hit *hit = &h->hits[i];
        bool drain = t->sources[hit->event.source].breach->size.family == NULL;
        for (int k = 0; hit->exchange != HL_NONE && (k == 0 || (drain && PARCEL_DAYS * k < hit->notice_days)); k++)
            list_theft(thefts, &count, (struct twin_theft){.hit = i, .day = hit->day + PARCEL_DAYS * k, .parcel = k});
    }
    return count;
}

/* Claims by discovery; of the same moment as their thefts began. */
static void sort_claims(struct twin_history *h) {
    for (size_t i = 1; i < h->claim_count; i++)
        for (size_t at = i; at > 0 && h->claims[at - 1].discovered > h->claims[at].discovered; at--) {
            struct twin_claim c = h->claims[at];
            h->claims[at] = h->claims[at - 1];
            h->claims[at - 1] = c;
        }
}

void twin_play(const struct twin *t, uint32_t trial, struct twin_history *out) {
    const struct hl_scenario *s = t->scenario;
    struct twin_theft thefts[THEFTS];
    struct place x = {.t = t, .h = out};
    assert(s->holding_count <= TWIN_HOLDINGS && s->exchange_count <= TWIN_EXCHANGES);
    memset(out->price, 0, sizeof out->price);
    out->trial = trial;
    out->fall_count = 0;
    out->claim_count = 0;
    list_hits(t, trial, out);
    size_t count = list_thefts(t, out, thefts);
    for (size_t i = 0; i < out->hit_count; i++)
        if (out->hits[i].exchange != HL_NONE)
            claim_of(&x, &out->hits[i]);
    for (size_t i = 0; i < count; i++)
        claim_of(&x, &out->hits[thefts[i].hit])->thefts_left++;
    for (size_t i = 0; i < count; i++) {
        struct twin_theft now = thefts[i];
        if (now.discovery) {
            discover(&x, &now);
        } else if (play_theft(&x, &now) && s->run.any) {
            double day = claim_of(&x, &out->hits[now.hit])->discovered;
            list_theft(thefts, &count, (struct twin_theft){.hit = now.hit, .day = day, .discovery = true});
        }
    }
    sort_claims(out);
    for (size_t k = 0; k < out->claim_count; k++)
        twin_tell(t, out, &out->claims[k]);
}
