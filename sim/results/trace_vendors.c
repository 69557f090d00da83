#include "results/trace_vendors.h"

#include "engine/clients.h"
#include "results/words.h"

#include <string.h>

enum { COLUMNS = 80 };

struct teller {
    const struct hl_plan *plan;
    const struct hl_scenario *scenario;
    const struct hl_hit *hit; /* the first of the event's */
    size_t count;             /* of its hits */
    const struct hl_source *source;
    const struct hl_claims *claims;
    FILE *out;
    int column;
    int indent;
};

/* Goes on in the line, or in the next when the words do not fit. */
static void say(struct teller *t, const char *words) {
    int width = (int)strlen(words);
    if (t->column > t->indent && t->column + 1 + width > COLUMNS) {
        fprintf(t->out, "\n%*s", t->indent, "");
        t->column = t->indent;
    }
    fprintf(t->out, "%s%s", t->column > t->indent ? " " : "", words);
    t->column += width + (t->column > t->indent);
}

static void begin(struct teller *t, const char *words) {
    fprintf(t->out, "%*s", t->indent, "");
    t->column = t->indent;
    say(t, words);
}

/* The words with what ends them: a comma, or nothing after the last. */
static void say_item(struct teller *t, const char *words, bool last) {
    char item[3 * HL_WORDS_SIZE];
    snprintf(item, sizeof item, "%s%s", words, last ? "" : ",");
    say(t, item);
}

/* The vendors that the breach went on to, or did not. */
static void tell_links(struct teller *t, const bool *reached, bool wanted) {
    size_t left = 0;
    for (size_t i = 1; i < t->source->reached_count; i++)
        left += reached[i] == wanted;
    if (left == 0)
        return;
    begin(t, wanted ? "goes on to what is built on it:" : "does not get to");
    for (size_t i = 1; i < t->source->reached_count; i++)
        if (reached[i] == wanted)
            say_item(t, t->scenario->vendors[t->source->reached[i]].id, --left == 0);
    fputc('\n', t->out);
}

static bool is_hit(const struct teller *t, uint32_t exchange) {
    for (size_t i = 0; i < t->count; i++)
        if (t->hit[i].target != HL_NO_TARGET && t->source->targets[t->hit[i].target].exchange == exchange)
            return true;
    return false;
}

/* What the event took from an exchange, in quanta. */
static double taken_from(const struct teller *t, uint32_t exchange) {
    for (size_t i = 0; i < t->claims->count; i++) {
        const struct hl_claim *c = &t->claims->claims[i];
        if (c->exchange == exchange && c->stream == t->hit->stream && c->index == t->hit->index)
            return c->gross;
    }
    return 0;
}

/* "ape through keyco (12.3 bn)". */
static void client_words(const struct teller *t, uint32_t exchange, char *out, size_t size) {
    char amount[HL_WORDS_SIZE];
    int length = snprintf(out, size, "%s", t->scenario->exchanges[exchange].id);
    const char *separator = " through ";
    for (size_t i = 0; i < t->count; i++) {
        const struct hl_target *target = &t->source->targets[t->hit[i].target];
        if (target->exchange != exchange || t->source->reached_count == 1)
            continue;
        length +=
            snprintf(out + length, size - (size_t)length, "%s%s", separator, t->scenario->vendors[target->vendor].id);
        separator = " and ";
    }
    hl_words_money(amount, sizeof amount, taken_from(t, exchange) * t->scenario->quantum);
    snprintf(out + length, size - (size_t)length, " (%s)", amount);
}

/* The source's exchanges that were hit, or spared. */
static void tell_clients(struct teller *t, bool wanted) {
    const struct hl_source *src = t->source;
    size_t all = 0, left = 0;
    char words[3 * HL_WORDS_SIZE];
    for (size_t k = 0; k < src->target_count; k++) {
        if (k > 0 && src->targets[k - 1].exchange == src->targets[k].exchange)
            continue;
        all++;
        left += is_hit(t, src->targets[k].exchange) == wanted;
    }
    if (left == 0)
        return;
    if (wanted)
        snprintf(words, sizeof words, "hits %zu of %zu clients:", left, all);
    begin(t, wanted ? words : "spares");
    for (size_t k = 0; k < src->target_count; k++) {
        uint32_t exchange = src->targets[k].exchange;
        if ((k > 0 && src->targets[k - 1].exchange == exchange) || is_hit(t, exchange) != wanted)
            continue;
        snprintf(words, sizeof words, "%s", t->scenario->exchanges[exchange].id);
        if (wanted)
            client_words(t, exchange, words, sizeof words);
        say_item(t, words, --left == 0);
    }
    fputc('\n', t->out);
}

static void tell_event(struct teller *t, uint32_t block) {
    bool reached[t->source->reached_count];
    char day[HL_WORDS_SIZE];
    hl_words_day(day, sizeof day, t->scenario, (int)t->hit->day);
    fprintf(t->out, "vendor %s\n", t->scenario->vendors[t->source->vendor].id);
    if (t->scenario->starts_on != NULL)
        fprintf(t->out, "  %s  %s", day, t->source->breach->name);
    else
        fprintf(t->out, "  day %3d  %s", (int)t->hit->day, t->source->breach->name);
    if (t->hit->found) {
        fputs(": found before anything was taken\n", t->out);
        return;
    }
    fputc('\n', t->out);
    hl_clients_reach(t->plan, t->hit->source, t->hit->stream, block, t->hit->index, reached);
    tell_links(t, reached, true);
    tell_links(t, reached, false);
    tell_clients(t, true);
    tell_clients(t, false);
}

void hl_trace_vendors(const struct hl_plan *p, const struct hl_events *e, const struct hl_claims *c, uint32_t block,
                      uint32_t trial, FILE *out) {
    for (uint32_t i = e->first[trial], end; i < e->first[trial + 1]; i = end) {
        const struct hl_hit *hit = &e->hits[i];
        for (end = i + 1; end < e->first[trial + 1] && e->hits[end].stream == hit->stream &&
                          e->hits[end].index == hit->index && e->hits[end].source == hit->source;)
            end++;
        struct teller t = {p,
                           p->scenario,
                           hit,
                           end - i,
                           &p->sources[hit->source],
                           c,
                           out,
                           0,
                           p->scenario->starts_on == NULL ? 11 : 14};
        if (t.source->vendor != HL_NONE)
            tell_event(&t, block);
    }
}
