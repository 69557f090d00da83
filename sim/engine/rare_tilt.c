#include "engine/rare_tilt.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum hl_status hl_tilt_make(struct hl_tilt *t, const struct hl_plan *p, size_t parts, struct hl_error *err) {
    assert(parts >= 1 && parts <= HL_TILT_PARTS_MOST);
    *t = (struct hl_tilt){.part_count = parts};
    size_t climates = p->scenario->climate_count;
    for (size_t k = 0; k < parts; k++) {
        struct hl_tilt_part *part = &t->parts[k];
        part->share = 1 / (double)parts;
        part->rate = hl_arena_array(&t->arena, p->source_count, sizeof *part->rate);
        part->size = hl_arena_array(&t->arena, p->source_count, sizeof *part->size);
        part->shift = hl_arena_array(&t->arena, climates, sizeof *part->shift);
        if (part->rate == NULL || part->size == NULL || part->shift == NULL) {
            hl_tilt_free(t);
            return hl_fail_memory(err);
        }
        for (size_t s = 0; s < p->source_count; s++)
            part->rate[s] = part->size[s] = 1;
    }
    return HL_OK;
}

void hl_tilt_free(struct hl_tilt *t) {
    hl_arena_free(&t->arena);
    *t = (struct hl_tilt){0};
}

/* Words are drawn so many at once. */
enum { CHUNK = 256 };

void hl_tilted_begin(struct hl_tilted *t, const struct hl_plan *p, uint32_t block) {
    t->plan = p;
    t->note_count = 0;
    memset(t->log_ratio, 0, sizeof t->log_ratio);
    struct hl_words words[CHUNK];
    for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
        if (trial % CHUNK == 0)
            hl_draw_many(p->seed, (struct hl_address){0, block, HL_DRAW_TILT, trial}, CHUNK, words);
        double left = hl_unit(words[trial % CHUNK].word[0]);
        size_t part = 0;
        while (part + 1 < t->tilt->part_count && (left -= t->tilt->parts[part].share) >= 0)
            part++;
        t->part[trial] = (uint8_t)part;
    }
}

static void note(struct hl_tilted *t, enum hl_tilt_kind kind, uint32_t of, uint32_t trial, double value) {
    if (t->note_count == t->note_capacity) {
        size_t capacity = 2 * t->note_capacity + 1024;
        struct hl_tilt_note *notes = realloc(t->notes, capacity * sizeof *notes);
        if (notes == NULL) {
            t->failed = true;
            return;
        }
        t->notes = notes;
        t->note_capacity = capacity;
    }
    t->notes[t->note_count++] = (struct hl_tilt_note){value, of, (uint16_t)trial, (uint16_t)kind};
}

double hl_tilted_shock(struct hl_tilted *t, size_t climate, uint32_t trial, double shock) {
    double z = shock + t->tilt->parts[t->part[trial]].shift[climate];
    for (size_t k = 1; k < t->tilt->part_count; k++) {
        double shift = t->tilt->parts[k].shift[climate];
        t->log_ratio[k][trial] += shift * z - shift * shift / 2;
    }
    if (t->notes_wanted)
        note(t, HL_TILT_SHOCK, (uint32_t)climate, trial, z);
    return z;
}

/* Does any part draw the source's clusters at another rate? */
static bool tilts_rate(const struct hl_tilt *t, uint32_t source) {
    for (size_t k = 1; k < t->part_count; k++)
        if (t->parts[k].rate[source] != 1)
            return true;
    return false;
}

void hl_tilted_expose(struct hl_tilted *t, uint32_t source, const struct hl_count *count, struct hl_exposure *e) {
    if (!tilts_rate(t->tilt, source))
        return;
    assert(count->family->clusters != NULL);
    for (size_t k = 1; k < t->tilt->part_count; k++)
        t->log_rate[k] = log(t->tilt->parts[k].rate[source]);
    double expected = count->family->clusters(count, e); /* of a trial as stated, where its climate is 1 */
    double before = 0, sum = 0;
    for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
        double factor = e->upto == NULL ? 1 : e->upto[trial] - before; /* its climate */
        before = e->upto == NULL ? 0 : e->upto[trial];
        sum += factor * t->tilt->parts[t->part[trial]].rate[source];
        t->upto[trial] = sum;
        for (size_t k = 1; k < t->tilt->part_count; k++)
            t->log_ratio[k][trial] -= (t->tilt->parts[k].rate[source] - 1) * expected * factor;
    }
    e->upto = t->upto;
}

void hl_tilted_came(struct hl_tilted *t, uint32_t source, uint32_t trial) {
    for (size_t k = 1; k < t->tilt->part_count; k++)
        if (t->tilt->parts[k].rate[source] != 1)
            t->log_ratio[k][trial] += t->log_rate[k];
    if (t->notes_wanted)
        note(t, HL_TILT_CAME, source, trial, 1);
}

/* Below this cell of the grid a cell's ratio is the difference of two powers, from it on the density in its middle:
 * both are right to about 2^-36 where they meet. */
static const uint64_t fine_cells = 1 << 16;

/* ln of how much likelier v = u^power makes a cell of the grid; log_v is ln v. */
static double log_size_ratio(uint64_t cell, double log_v, double power) {
    if (power == 1)
        return 0;
    if (cell >= fine_cells)
        return (1 / power - 1) * log_v - log(power);
    double from = (double)cell * 0x1p-52, to = ((double)cell + 1) * 0x1p-52;
    return log(0x1p52 * (pow(to, 1 / power) - pow(from, 1 / power)));
}

/* Does any part draw the source's sizes otherwise? */
static bool tilts_size(const struct hl_tilt *t, uint32_t source) {
    for (size_t k = 1; k < t->part_count; k++)
        if (t->parts[k].size[source] != 1)
            return true;
    return false;
}

uint64_t hl_tilted_size(struct hl_tilted *t, uint32_t source, uint32_t trial, uint64_t word) {
    double power = t->tilt->parts[t->part[trial]].size[source];
    if (power != 1)
        word = (uint64_t)(pow(hl_unit(word), power) * 0x1p52) << 12;
    if (!t->notes_wanted && !tilts_size(t->tilt, source))
        return word;
    double log_v = log(hl_unit(word));
    for (size_t k = 1; k < t->tilt->part_count; k++)
        t->log_ratio[k][trial] += log_size_ratio(word >> 12, log_v, t->tilt->parts[k].size[source]);
    if (t->notes_wanted)
        note(t, HL_TILT_SIZE, source, trial, -log_v);
    return word;
}

/* Drawn over stated density. */
static double ratio_of(const struct hl_tilted *t, uint32_t trial) {
    double sum = t->tilt->parts[0].share;
    for (size_t k = 1; k < t->tilt->part_count; k++)
        sum += t->tilt->parts[k].share * exp(t->log_ratio[k][trial]);
    return sum;
}

double hl_tilted_weight(const struct hl_tilted *t, uint32_t trial) { return 1 / ratio_of(t, trial); }

double hl_tilted_membership(const struct hl_tilted *t, uint32_t trial, size_t part) {
    double ratio = part == 0 ? 1 : exp(t->log_ratio[part][trial]);
    return t->tilt->parts[part].share * ratio / ratio_of(t, trial);
}

void hl_tilted_free(struct hl_tilted *t) {
    free(t->notes);
    *t = (struct hl_tilted){.tilt = t->tilt};
}
