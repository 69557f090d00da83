#include "results/plt.h"

#include "base/file.h"
#include "base/quantity.h"
#include "engine/claims.h"
#include "results/files.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

struct plt {
    const struct hl_result *result;
    const struct hl_plan *plan;
    FILE *out;
    uint64_t *summaries; /* [1 + exchanges] SummaryId of the system and of each exchange */
    uint64_t event;      /* the last EventId */
};

/* Month and day of a day (from 0) of a year without a leap day. */
static void date_of(int day, int *month, int *day_of_month) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    *month = 0;
    while (day >= lengths[*month])
        day -= lengths[(*month)++];
    ++*month;
    *day_of_month = day + 1;
}

static void write_row(const struct plt *t, uint64_t trial, const struct hl_hit *hit, size_t entity, double loss) {
    int month, day;
    char amount[64];
    date_of((int)hit->day, &month, &day);
    hl_number_text(amount, sizeof amount, loss * t->plan->scenario->quantum);
    fprintf(t->out, "%" PRIu64 ",%" PRIu64 ",1,%d,%d,%" PRIu64 ",%s,%s\n", trial + 1, t->event, month, day,
            t->summaries[entity], amount, t->plan->sources[hit->source].name);
}

static bool is_of(const struct hl_claim *claim, const struct hl_hit *hit) {
    return claim->source == hit->source && claim->stream == hit->stream && claim->index == hit->index;
}

/* One trial: events in order of time, each with its total and its exchanges. */
static void write_trial(struct plt *t, uint64_t trial, const struct hl_claims *c, const struct hl_hit *hits,
                        size_t hit_count) {
    for (size_t i = 0, event = 0; i < hit_count; event++) {
        assert(event < c->event_count);
        const struct hl_hit *hit = &hits[i];
        t->event++;
        if (c->events[event].exchanges > 0)
            write_row(t, trial, hit, 0, c->events[event].gross);
        for (; i < hit_count && hits[i].source == hit->source && hits[i].stream == hit->stream &&
               hits[i].index == hit->index;
             i++) {
            for (size_t k = 0; k < c->count; k++)
                if (is_of(&c->claims[k], &hits[i]) && hits[i].target != HL_NO_TARGET &&
                    c->claims[k].exchange == t->plan->sources[hit->source].targets[hits[i].target].exchange)
                    write_row(t, trial, &hits[i], 1 + (size_t)c->claims[k].exchange, c->claims[k].gross);
        }
    }
}

static enum hl_status write_blocks(struct plt *t, struct hl_error *err) {
    struct hl_events events = {0};
    struct hl_claims claims = {0};
    enum hl_status status = HL_OK;
    fputs("Period,EventId,Year,Month,Day,SummaryId,Loss,Source\n", t->out);
    for (uint64_t first = 0; first < t->result->trials && status == HL_OK; first += HL_BLOCK_TRIALS) {
        uint64_t left = t->result->trials - first;
        uint32_t trials = left < HL_BLOCK_TRIALS ? (uint32_t)left : HL_BLOCK_TRIALS;
        status = hl_events_sample(&events, t->plan, 0, (uint32_t)(first / HL_BLOCK_TRIALS), trials, err);
        if (status == HL_OK)
            status = hl_claims_reserve(&claims, t->plan, events.count + 1, err);
        for (uint32_t k = 0; k < trials && status == HL_OK; k++) {
            const struct hl_hit *hits = events.hits + events.first[k];
            size_t count = events.first[k + 1] - events.first[k];
            hl_claims_play(&claims, t->plan, (uint32_t)(first / HL_BLOCK_TRIALS), hits, count);
            write_trial(t, first + k, &claims, hits, count);
        }
    }
    hl_events_free(&events);
    hl_claims_free(&claims);
    return status;
}

enum hl_status hl_plt_write(const struct hl_result *r, const struct hl_plan *p, const char *folder,
                            struct hl_error *err) {
    struct plt t = {.result = r, .plan = p};
    struct hl_output output = {0};
    size_t full = 1 + p->scenario->exchange_count;
    t.summaries = calloc(full, sizeof *t.summaries);
    if (t.summaries == NULL)
        return hl_fail_memory(err);
    enum hl_status status = hl_folder_make(folder, err);
    for (size_t e = 0; e < full && status == HL_OK; e++)
        t.summaries[e] = hl_summary_of_gross(r, (uint32_t)e);
    if (status == HL_OK)
        status = hl_output_open(&output, folder, "plt.csv", err);
    if (status == HL_OK) {
        t.out = output.stream;
        status = write_blocks(&t, err);
        if (status == HL_OK)
            status = hl_output_close(&output, err);
        else
            hl_output_discard(&output);
    }
    free(t.summaries);
    return status;
}
