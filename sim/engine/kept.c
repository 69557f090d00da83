#include "engine/kept.h"

#include <stdlib.h>
#include <string.h>

/* Policies leave out whole funds: rows of the same funds are the same rows. */
static bool has_same_rows(const struct hl_plan *p, size_t policy, size_t exchange) {
    const struct hl_policy *one = &p->policies[0], *other = &p->policies[policy];
    size_t count = one->first[exchange + 1] - one->first[exchange];
    if (other->first[exchange + 1] - other->first[exchange] != count || p->pool_count > 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (one->funds[one->first[exchange] + i].item != other->funds[other->first[exchange] + i].item)
            return false;
    return true;
}

static enum hl_status make(struct hl_kept *k, const struct hl_plan *p, struct hl_error *err) {
    size_t exchanges = p->scenario->exchange_count;
    k->same_rows = calloc(p->policy_count * exchanges, sizeof *k->same_rows);
    if (k->same_rows == NULL)
        return hl_fail_memory(err);
    for (size_t policy = 0; policy < p->policy_count; policy++)
        for (size_t e = 0; e < exchanges; e++)
            k->same_rows[policy * exchanges + e] = has_same_rows(p, policy, e);
    k->plan = p;
    return HL_OK;
}

static enum hl_status reserve(struct hl_kept *k, size_t count, struct hl_error *err) {
    if (count <= k->capacity)
        return HL_OK;
    free(k->hits);
    free(k->sums);
    free(k->breached);
    k->capacity = count + count / 2 + 64;
    k->hits = malloc(k->capacity * sizeof *k->hits);
    k->sums = malloc(k->capacity * sizeof *k->sums);
    k->breached = malloc(HL_BREACHED_MOST * k->capacity * sizeof *k->breached);
    if (k->hits != NULL && k->sums != NULL && k->breached != NULL)
        return HL_OK;
    k->capacity = 0;
    return hl_fail_memory(err);
}

enum hl_status hl_kept_begin(struct hl_kept *k, const struct hl_plan *p, const struct hl_events *e,
                             struct hl_error *err) {
    if (p->run_count == 1 || p->year_count > 1)
        return HL_OK;
    if (k->plan == NULL && make(k, p, err) != HL_OK)
        return HL_FAILED;
    if (reserve(k, e->count, err) != HL_OK)
        return HL_FAILED;
    if (e->count > 0)
        memcpy(k->hits, e->hits, e->count * sizeof *k->hits);
    memcpy(k->first, e->first, sizeof k->first);
    k->breached_count = 0;
    memset(k->trials, 0, sizeof k->trials);
    return HL_OK;
}

/* Two hits of one trial: what else they have is drawn at the addresses that these tell, or counts for nothing. */
static bool is_same_hit(const struct hl_hit *a, const struct hl_hit *b) {
    return a->stream == b->stream && a->index == b->index && a->source == b->source && a->target == b->target &&
           a->day == b->day && a->found == b->found && a->v == b->v;
}

bool hl_kept_is_same(const struct hl_kept *k, const struct hl_events *e, uint32_t trial) {
    if (k->plan == NULL)
        return false;
    const struct hl_hit *kept = k->hits + k->first[trial], *hits = e->hits + e->first[trial];
    size_t count = e->first[trial + 1] - e->first[trial];
    if (k->first[trial + 1] - k->first[trial] != count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!is_same_hit(&kept[i], &hits[i]))
            return false;
    return true;
}

void hl_kept_free(struct hl_kept *k) {
    free(k->hits);
    free(k->sums);
    free(k->breached);
    free(k->same_rows);
    memset(k, 0, sizeof *k);
}
