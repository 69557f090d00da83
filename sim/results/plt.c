#include "results/plt.h"

#include "base/file.h"
#include "base/number.h"
#include "engine/years.h"
#include "results/files.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

struct plt {
    const struct hl_result *result;
    const struct hl_plan *plan;
    FILE *out;
    uint64_t *summaries; /* [1 + exchanges] SummaryId of the system and of each exchange */
    uint64_t event;      /* the last EventId */
    struct hl_events events;
    struct hl_claims claims;
    struct hl_waterfall waterfall;
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

/* A line of the event that was read last; `day` is that of the discovery. */
static void write_row(const struct plt *t, uint64_t trial, int day, uint32_t source, size_t entity, double loss) {
    int month, day_of_month;
    char amount[64];
    date_of(day % 365, &month, &day_of_month);
    hl_number_text(amount, sizeof amount, loss * t->plan->scenario->quantum);
    fprintf(t->out, "%" PRIu64 ",%" PRIu64 ",%d,%d,%d,%" PRIu64 ",%s,%s\n", trial + 1, t->event, 1 + day / 365, month,
            day_of_month, t->summaries[entity], amount, t->plan->sources[source].name);
}

/* The day on which an event was first discovered. */
static int day_of(const struct hl_claims *c, uint32_t event) {
    int day = INT_MAX;
    for (size_t k = 0; k < c->count; k++)
        if (c->claims[k].event == event && !c->claims[k].closed && c->claims[k].day < day)
            day = c->claims[k].day;
    return day;
}

/* One trial: events in order of time, each with its total and its exchanges. */
static void write_trial(struct plt *t, uint64_t trial) {
    const struct hl_claims *c = &t->claims;
    for (uint32_t i = 0; i < c->event_count; i++) {
        t->event++;
        if (c->events[i].exchanges > 0)
            write_row(t, trial, day_of(c, i), c->events[i].source, 0, c->events[i].gross);
        for (size_t k = 0; k < c->count; k++)
            if (c->claims[k].event == i && !c->claims[k].closed)
                write_row(t, trial, c->claims[k].day, c->claims[k].source, 1 + (size_t)c->claims[k].exchange,
                          c->claims[k].gross);
    }
}

/* Takes out what came after an exchange had failed, as the run does. */
static void close_failed(struct plt *t, uint32_t block, uint32_t trial) {
    struct hl_claims *claims = &t->claims;
    for (size_t first = 0; first < claims->count && hl_years_carried(t->plan);) {
        struct hl_waterfall_case c = hl_years_case(t->plan, &t->plan->policies[0], claims, first, block, trial);
        size_t open = hl_waterfall_solve(&t->waterfall, &c).open_count;
        hl_years_close(claims, t->plan, first + open, first + c.claim_count);
        first += c.claim_count;
    }
}

static enum hl_status write_blocks(struct plt *t, struct hl_error *err) {
    enum hl_status status = HL_OK;
    fputs("Period,EventId,Year,Month,Day,SummaryId,Loss,Source\n", t->out);
    for (uint64_t first = 0; first < t->result->trials && status == HL_OK; first += HL_BLOCK_TRIALS) {
        uint64_t left = t->result->trials - first;
        uint32_t trials = left < HL_BLOCK_TRIALS ? (uint32_t)left : HL_BLOCK_TRIALS;
        uint32_t block = (uint32_t)(first / HL_BLOCK_TRIALS);
        status = hl_events_sample(&t->events, t->plan, 0, block, trials, err);
        if (status == HL_OK)
            status = hl_claims_reserve(&t->claims, t->plan, t->events.count + 1, err);
        if (status == HL_OK)
            status = hl_waterfall_reserve(&t->waterfall, t->plan, t->events.count + 1, err);
        for (uint32_t k = 0; k < trials && status == HL_OK; k++) {
            uint32_t from = t->events.first[k];
            hl_claims_play(&t->claims, t->plan, block, t->events.hits + from, t->events.first[k + 1] - from);
            close_failed(t, block, k);
            write_trial(t, first + k);
        }
    }
    hl_events_free(&t->events);
    hl_claims_free(&t->claims);
    hl_waterfall_free(&t->waterfall);
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
