#include "results/trace.h"

#include "engine/insolvency.h"
#include "engine/years.h"
#include "results/trace_vendors.h"
#include "results/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A payment as the waterfall books it; what comes in to a row by month; whom a pool calls; or, without a row, that a
 * policy year begins. */
struct entry {
    int day;
    bool comes_in;
    bool called;
    size_t payer; /* of a call, and the exchange that it pays to */
    size_t paid;
    bool closed; /* the year finds the exchange failed */
    uint16_t year;
    size_t row;
    size_t claim;
    double amount;
    double unpaid; /* of the claim after it */
    size_t repaid;
};

struct story {
    const struct hl_plan *plan;
    FILE *out;
    struct hl_events events;
    struct hl_claims claims;
    struct hl_waterfall waterfall;
    int indent;
    uint32_t trial; /* within the block: the one that is played */
    struct entry *entries;
    size_t count;
    size_t capacity;
    bool failed;
};

static void story_free(struct story *s) {
    hl_events_free(&s->events);
    hl_claims_free(&s->claims);
    hl_waterfall_free(&s->waterfall);
    free(s->entries);
}

/* Samples the trial's block and plays the trial. */
static enum hl_status story_play(struct story *s, uint32_t block, uint32_t trial, struct hl_error *err) {
    enum hl_status status = hl_events_sample(&s->events, s->plan, 0, block, HL_BLOCK_TRIALS, err);
    if (status != HL_OK)
        return status;
    size_t hits = s->events.first[trial + 1] - s->events.first[trial];
    status = hl_claims_reserve(&s->claims, s->plan, hits + 1, err);
    if (status == HL_OK)
        status = hl_waterfall_reserve(&s->waterfall, s->plan, hits + 1, err);
    s->trial = trial;
    if (status == HL_OK)
        hl_claims_play(&s->claims, s->plan, block, s->events.hits + s->events.first[trial], hits);
    return status;
}

static void note(struct story *s, struct entry entry) {
    if (s->count == s->capacity) {
        size_t capacity = s->capacity == 0 ? 64 : 2 * s->capacity;
        struct entry *entries = realloc(s->entries, capacity * sizeof *entries);
        if (entries == NULL) {
            s->failed = true;
            return;
        }
        s->entries = entries;
        s->capacity = capacity;
    }
    s->entries[s->count++] = entry;
}

static void note_payment(void *context, int day, size_t row, size_t claim, double amount, double unpaid,
                         size_t repaid) {
    note(context,
         (struct entry){.day = day, .row = row, .claim = claim, .amount = amount, .unpaid = unpaid, .repaid = repaid});
}

static void note_year(void *context, uint16_t year, bool closed) {
    struct story *s = context;
    note(s, (struct entry){.day = hl_year_day(s->plan, year), .row = HL_NONE, .year = year, .closed = closed});
}

static void note_month(void *context, int day, size_t row, double amount) {
    note(context, (struct entry){.day = day, .comes_in = true, .row = row, .amount = amount});
}

static void note_call(void *context, int day, size_t payer, size_t paid, double amount) {
    note(context, (struct entry){.day = day, .called = true, .payer = payer, .paid = paid, .amount = amount});
}

static const char *money(const struct story *s, double quanta, char text[HL_WORDS_SIZE]) {
    hl_words_money(text, HL_WORDS_SIZE, quanta * s->plan->scenario->quantum);
    return text;
}

static const char *day_words(const struct story *s, int day, char text[HL_WORDS_SIZE]) {
    hl_words_day(text, HL_WORDS_SIZE, s->plan->scenario, day);
    return text;
}

static void tell_day(const struct story *s, int day) {
    char text[HL_WORDS_SIZE];
    if (s->plan->scenario->starts_on == NULL)
        fprintf(s->out, "  day %3d  ", day);
    else
        fprintf(s->out, "  %s  ", day_words(s, day, text));
}

static const char *row_name(const struct story *s, const struct hl_waterfall_case *c, size_t row) {
    size_t item = c->funds[row].item;
    return item == HL_NONE ? "additional reserve" : s->plan->scenario->funds[item].name;
}

/* How many breaches of the trial belong to the cluster of this one: of a negative binomial source the members of a
 * cluster differ in nothing but their stream. */
static size_t cluster_of(const struct story *s, const struct hl_hit *hit) {
    size_t count = 0;
    if (s->plan->samplings[0].counts[hit->source].family != &hl_frequency_negative_binomial)
        return 1;
    for (uint32_t i = s->events.first[s->trial]; i < s->events.first[s->trial + 1]; i++) {
        const struct hl_hit *other = &s->events.hits[i];
        bool again = i > s->events.first[s->trial] && other[-1].source == other->source &&
                     other[-1].stream == other->stream && other[-1].index == other->index; /* another client of it */
        count += other->source == hit->source && other->index == hit->index && other->year == hit->year && !again;
    }
    return count;
}

/* Which breach set this one off, where one did; how many came in one cluster. */
static void tell_cause(const struct story *s, const struct hl_claim *claim) {
    char day[HL_WORDS_SIZE];
    const struct hl_scenario *scenario = s->plan->scenario;
    uint32_t i = s->events.first[s->trial];
    while (s->events.hits[i].stream != claim->stream || s->events.hits[i].index != claim->index)
        i++;
    const struct hl_hit *hit = &s->events.hits[i];
    size_t cluster = cluster_of(s, hit);
    if (cluster > 1)
        fprintf(s->out, "%*sone of a cluster of %zu\n", s->indent, "", cluster);
    if (hit->cause == HL_NO_CAUSE)
        return;
    const struct hl_source *cause = &s->plan->sources[hit->cause];
    const char *at = cause->vendor == HL_NONE ? scenario->exchanges[cause->targets[0].exchange].id
                                              : scenario->vendors[cause->vendor].id;
    fprintf(s->out, "%*sset off by %s at %s, %s\n", s->indent, "", cause->breach->name, at,
            day_words(s, (int)hit->cause_day, day));
}

/* Customers who withdraw when the theft is known. */
static void tell_run(const struct story *s, const struct hl_withdrawals *run) {
    char a[HL_WORDS_SIZE], b[HL_WORDS_SIZE];
    if (run->asked <= 0)
        return;
    fprintf(s->out, "%*scustomers ask for %s of what is left%s\n", s->indent, "", money(s, run->asked, a),
            run->suspended ? "; withdrawals are suspended" : "");
    if (run->days_unpaid >= HL_NEVER)
        fprintf(s->out, "%*sup to %s of it waits, part of it for good\n", s->indent, "",
                money(s, run->backlog_most, b));
    else if (run->days_unpaid > 0)
        fprintf(s->out, "%*sup to %s of it waits, for %g days in all\n", s->indent, "", money(s, run->backlog_most, b),
                run->days_unpaid);
}

static void tell_theft(const struct story *s, size_t number, const struct hl_claim *claim) {
    const struct hl_scenario *scenario = s->plan->scenario;
    const struct hl_source *src = &s->plan->sources[claim->source];
    char a[HL_WORDS_SIZE], b[HL_WORDS_SIZE];
    tell_day(s, claim->day);
    fprintf(s->out, "theft %zu: %s", number, hl_vectors[src->vector].name);
    if (src->vendor != HL_NONE)
        fprintf(s->out, ", through the vendor %s", scenario->vendors[src->vendor].id);
    fputc('\n', s->out);
    tell_cause(s, claim);
    if (claim->theft_day < claim->day)
        fprintf(s->out, "%*sfrom %s on, found out on %s\n", s->indent, "", day_words(s, claim->theft_day, a),
                day_words(s, claim->day, b));
    fprintf(s->out, "%*staken %s %s", s->indent, "", money(s, claim->gross, a), scenario->currency);
    if (claim->gross == 0)
        fprintf(s->out, ": nothing was there to take");
    fputc('\n', s->out);
    for (uint32_t i = 0; i < claim->taken_count; i++) {
        const struct hl_taken *t = &claim->taken[i];
        fprintf(s->out, "%*s%-12s %s of customers", s->indent, "", scenario->assets[t->asset].id,
                money(s, t->worth, a));
        if (t->in_kind > 0)
            fprintf(s->out, t->money > 0 ? ", owed in coins and %s in money" : ", owed in coins",
                    money(s, t->money, a));
        else if (t->money != t->worth)
            fprintf(s->out, ", owed as %s", money(s, t->money, a));
        if (t->guarantee > 0)
            fprintf(s->out, ", %s of the guarantee crypto", money(s, t->guarantee, a));
        if (t->reserve > 0)
            fprintf(s->out, ", %s of the reserve", money(s, t->reserve, a));
        if (t->protection > 0)
            fprintf(s->out, ", %s of the protection fund", money(s, t->protection, a));
        fputc('\n', s->out);
    }
    if (claim->house > 0)
        fprintf(s->out, "%*sthe firm's own coins: %s, off its capital\n", s->indent, "", money(s, claim->house, a));
    tell_run(s, &claim->run);
}

static void tell_payment(const struct story *s, const struct hl_waterfall_case *c, const struct entry *e) {
    char a[HL_WORDS_SIZE], b[HL_WORDS_SIZE];
    tell_day(s, e->day);
    fprintf(s->out, "%s ", row_name(s, c, e->row));
    if (e->repaid != HL_NONE)
        fprintf(s->out, "pays back %s to %s (theft %zu)\n", money(s, e->amount, a), row_name(s, c, e->repaid),
                e->claim + 1);
    else if (e->unpaid > 0)
        fprintf(s->out, "pays %s (theft %zu); unpaid %s\n", money(s, e->amount, a), e->claim + 1,
                money(s, e->unpaid, b));
    else
        fprintf(s->out, "pays %s (theft %zu): whole after %d days\n", money(s, e->amount, a), e->claim + 1,
                e->day - c->claims[e->claim].day);
}

static void tell_month(const struct story *s, const struct hl_waterfall_case *c, const struct entry *e) {
    char a[HL_WORDS_SIZE];
    tell_day(s, e->day);
    fprintf(s->out, "%s comes in to %s\n", money(s, e->amount, a), row_name(s, c, e->row));
}

static void tell_call(const struct story *s, const struct hl_waterfall_case *c, const struct entry *e) {
    char a[HL_WORDS_SIZE];
    const struct hl_exchange *exchanges = s->plan->scenario->exchanges;
    tell_day(s, e->day);
    if (e->paid == c->claims[0].exchange)
        fprintf(s->out, "%s is called for %s\n", exchanges[e->payer].id, money(s, e->amount, a));
    else
        fprintf(s->out, "is called for %s, for %s\n", money(s, e->amount, a), exchanges[e->paid].id);
}

static void tell_year(const struct story *s, const struct entry *e) {
    tell_day(s, e->day);
    fprintf(s->out, "year %d begins: ", e->year);
    if (e->closed)
        fprintf(s->out, "the exchange has failed and is closed;\n%*swhat comes later does not count\n", s->indent, "");
    else
        fputs("funds are refilled as stated, layers are as new\n", s->out);
}

/* Who had failed when it was due for a claim: once for all rows of a fund. */
static void tell_failures(const struct story *s, const struct hl_waterfall_case *c, size_t open_count) {
    for (size_t i = 0; i < c->fund_count; i++) {
        int day = hl_fail_day(c, i);
        bool missed = false;
        for (size_t k = 0; k < open_count && day < HL_NO_DAY; k++)
            missed = missed || day <= hl_due_day(&s->waterfall, c, i, k);
        if (missed && (i == 0 || c->funds[i - 1].item != c->funds[i].item))
            fprintf(s->out, "           %s had failed, on day %d\n", row_name(s, c, i), day);
    }
}

static void tell_end(const struct story *s, const struct hl_waterfall_case *c, const struct hl_outcome *all,
                     double earmarked) {
    char a[HL_WORDS_SIZE], b[HL_WORDS_SIZE];
    const char *currency = s->plan->scenario->currency;
    fprintf(s->out, "  end      customers were owed %s %s; unpaid at the deadline of %g days:\n",
            money(s, all->claim, a), currency, s->plan->scenario->report.deadline_days);
    fprintf(s->out, "           %s from all sources, %s from earmarked money alone\n", money(s, all->shortfall, a),
            money(s, earmarked, b));
    if (all->haircut > 0)
        fprintf(s->out, "           never paid: %s, which customers lose\n", money(s, all->haircut, a));
    if (all->insolvent && s->plan->tells_end)
        fputs("           the exchange is insolvent\n", s->out);
    tell_failures(s, c, all->open_count);
    double paid = 0;
    for (size_t i = 0; i < c->fund_count; i++) {
        paid += all->paid[i];
        bool last = i + 1 == c->fund_count || c->funds[i + 1].item != c->funds[i].item ||
                    c->funds[i + 1].calls != c->funds[i].calls;
        if (paid > 0 && last)
            fprintf(s->out, "           %-24s bore %s%s\n", row_name(s, c, i), money(s, paid, a),
                    c->funds[i].calls ? " of calls" : "");
        paid = last ? 0 : paid;
    }
}

/* Thefts and payments of one exchange in order of the day. */
static enum hl_status tell_exchange(struct story *s, struct hl_waterfall_case c, struct hl_error *err) {
    const struct hl_journal journal = {s, note_payment, note_year, note_month, note_call};
    c.basis = HL_BASIS_EARMARKED;
    double earmarked = hl_waterfall_solve(&s->waterfall, &c).shortfall;
    s->count = 0;
    c.basis = HL_BASIS_ALL;
    c.journal = &journal;
    struct hl_outcome all = hl_waterfall_solve(&s->waterfall, &c);
    if (s->failed)
        return hl_fail_memory(err);
    fputs(s->plan->scenario->exchanges[c.claims[0].exchange].id, s->out);
    if (s->plan->scenario->fresh)
        fprintf(s->out, ", year %d: afresh", hl_claim_year(s->plan, &c.claims[0]));
    fputc('\n', s->out);
    size_t told = 0;
    for (size_t i = 0; i <= s->count; i++) {
        /* Years begin, and months come in, before the day's thefts. */
        bool year = i < s->count && s->entries[i].row == HL_NONE;
        bool before = year || (i < s->count && s->entries[i].comes_in);
        for (; told < all.open_count && (i == s->count || c.claims[told].day + before <= s->entries[i].day); told++)
            tell_theft(s, told + 1, &c.claims[told]);
        if (i == s->count)
            break;
        const struct entry *e = &s->entries[i];
        if (year)
            tell_year(s, e);
        else if (e->comes_in)
            tell_month(s, &c, e);
        else if (e->called)
            tell_call(s, &c, e);
        else
            tell_payment(s, &c, e);
    }
    tell_end(s, &c, &all, earmarked);
    return HL_OK;
}

/* What came of one exchange's claims. */
static void add_exchange(struct story *s, const struct hl_waterfall_case *c, struct hl_trace_sums *sums) {
    struct hl_outcome all = hl_waterfall_solve(&s->waterfall, c);
    for (size_t k = 0; k < all.open_count; k++) {
        const struct hl_claim *claim = &c->claims[k];
        sums->day = sums->claims == 0 || claim->day < sums->day ? claim->day : sums->day;
        sums->claims++;
        sums->gross += claim->gross;
        sums->owed += claim->claim;
    }
    sums->claim += all.claim;
    sums->shortfall += all.shortfall;
    sums->haircut += all.haircut;
    sums->days_until_whole = fmax(sums->days_until_whole, all.days_until_whole);
    for (size_t i = 0; i < c->fund_count; i++)
        if (c->funds[i].item != HL_NONE)
            sums->paid[c->funds[i].item] += all.paid[i];
}

/* Tells a trial, or only adds up what came of it where `sums` is given. */
static enum hl_status each_exchange(struct story *s, uint32_t block, struct hl_trace_sums *sums, struct hl_error *err) {
    enum hl_status status = HL_OK;
    for (size_t first = 0; status == HL_OK && first < s->claims.count;) {
        struct hl_waterfall_case c = hl_years_case(s->plan, &s->plan->policies[0], &s->claims, first, block, s->trial);
        if (sums == NULL)
            status = tell_exchange(s, c, err);
        else
            add_exchange(s, &c, sums);
        first += c.claim_count;
    }
    return status;
}

static enum hl_status play_and_tell(const struct hl_plan *p, uint64_t trial, bool headline, FILE *out,
                                    struct hl_trace_sums *sums, struct hl_error *err) {
    struct story s = {.plan = p, .out = out, .indent = p->scenario->starts_on == NULL ? 11 : 14};
    uint32_t block = (uint32_t)(trial / HL_BLOCK_TRIALS), within = (uint32_t)(trial % HL_BLOCK_TRIALS);
    enum hl_status status = story_play(&s, block, within, err);
    if (status == HL_OK && headline) {
        fprintf(out, "Trial %llu of %s (seed %llu): ", (unsigned long long)trial, p->scenario->title,
                (unsigned long long)p->seed);
        if (s.claims.count == 0)
            fprintf(out, "no breach.\n");
        else
            fprintf(out, "%zu breach%s.\n", s.claims.count, s.claims.count == 1 ? "" : "es");
    }
    if (status == HL_OK && sums == NULL)
        hl_trace_vendors(p, &s.events, &s.claims, block, within, out);
    if (status == HL_OK)
        status = each_exchange(&s, block, sums, err);
    story_free(&s);
    return status;
}

enum hl_status hl_trace_print(const struct hl_plan *p, uint64_t trial, FILE *out, struct hl_error *err) {
    return play_and_tell(p, trial, true, out, NULL, err);
}

enum hl_status hl_trace_story(const struct hl_plan *p, uint64_t trial, FILE *out, struct hl_error *err) {
    return play_and_tell(p, trial, false, out, NULL, err);
}

enum hl_status hl_trace_sum(const struct hl_plan *p, uint64_t trial, struct hl_trace_sums *out, struct hl_error *err) {
    double *paid = out->paid;
    *out = (struct hl_trace_sums){.paid = paid};
    for (size_t i = 0; i < p->scenario->fund_count; i++)
        paid[i] = 0;
    return play_and_tell(p, trial, false, NULL, out, err);
}

/* Does any exchange fall short in the trial that was played? */
static bool is_short(struct story *s, uint32_t block, uint32_t trial) {
    for (size_t first = 0; first < s->claims.count;) {
        struct hl_waterfall_case c = hl_years_case(s->plan, &s->plan->policies[0], &s->claims, first, block, trial);
        if (hl_waterfall_solve(&s->waterfall, &c).shortfall > 0)
            return true;
        first += c.claim_count;
    }
    return false;
}

enum hl_status hl_trace_find(const struct hl_plan *p, uint64_t trials, uint64_t *trial, struct hl_error *err) {
    struct story s = {.plan = p};
    enum hl_status status = HL_OK;
    uint64_t breached = trials;
    *trial = trials;
    for (uint64_t first = 0; first < trials && *trial == trials && status == HL_OK; first += HL_BLOCK_TRIALS) {
        uint32_t block = (uint32_t)(first / HL_BLOCK_TRIALS);
        status = story_play(&s, block, 0, err);
        size_t most = s.events.count;
        if (status == HL_OK)
            status = hl_claims_reserve(&s.claims, p, most + 1, err);
        if (status == HL_OK)
            status = hl_waterfall_reserve(&s.waterfall, p, most + 1, err);
        for (uint32_t t = 0; status == HL_OK && t < HL_BLOCK_TRIALS && first + t < trials && *trial == trials; t++) {
            hl_claims_play(&s.claims, p, block, s.events.hits + s.events.first[t],
                           s.events.first[t + 1] - s.events.first[t]);
            if (s.claims.count > 0 && breached == trials)
                breached = first + t;
            if (is_short(&s, block, t))
                *trial = first + t;
        }
    }
    if (*trial == trials)
        *trial = breached;
    story_free(&s);
    return status;
}
