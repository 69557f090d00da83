/* Trials drawn from other laws than the stated ones, and the weight that makes up for it.
 *
 * A tilt is a mixture of parts. Each trial belongs to one part, drawn at
 *   part of a trial   stream 0, HL_DRAW_TILT, index = trial within the block, word 0
 * Part 0 is the stated law: the trials that belong to it bound every weight by 1 / its share. In any other part
 *   - clusters of a source (single breaches where it is Poisson) come `rate` times as often, in each trial apart:
 *     a trial's expected number m becomes rate x m, and k of them have the ratio rate^k e^(-(rate - 1) m);
 *   - sizes come from v = u^size instead of u, so that small v (large losses) are likelier whatever the family; v is
 *     put on the 52-bit grid of the plain draws, and cell i of it has the ratio
 *     2^52 (((i + 1) 2^-52)^(1/size) - (i 2^-52)^(1/size)), about v^(1/size - 1) / size;
 *   - the shock z of a climate is moved up by `shift`: e^(shift z - shift^2 / 2).
 * What else is drawn (times, offspring, hits, answers, prices) stays as stated. The addresses are those of a plain run.
 * The weight of a trial is 1 / sum over the parts of share x ratio. Source: Owen and Zhou, "Safe and effective
 * importance sampling" (2000); models/README.md, "Rare events".
 */
#ifndef HL_ENGINE_RARE_TILT_H
#define HL_ENGINE_RARE_TILT_H

#include "engine/plan.h"

enum { HL_TILT_PARTS_MOST = 4 };

struct hl_tilt_part {
    double share;  /* of the trials */
    double *rate;  /* [source_count] > 0; 1 where the family has no clusters */
    double *size;  /* [source_count] >= 1 */
    double *shift; /* [climate_count] in standard deviations */
};

/* A zeroed struct is no tilt. */
struct hl_tilt {
    struct hl_tilt_part parts[HL_TILT_PARTS_MOST]; /* [0] as stated */
    size_t part_count;
    struct hl_arena arena;
};

/* Makes a tilt of `parts` parts that all draw as stated, in equal shares. */
HL_MUST_CHECK enum hl_status hl_tilt_make(struct hl_tilt *t, const struct hl_plan *p, size_t parts,
                                          struct hl_error *err);
void hl_tilt_free(struct hl_tilt *t);

/* Something that was drawn of one trial, for who fits a tilt. */
enum hl_tilt_kind { HL_TILT_CAME, HL_TILT_SIZE, HL_TILT_SHOCK };
struct hl_tilt_note {
    double value; /* a cluster came: 1; a size: -ln v; a shock: z */
    uint32_t of;  /* the source; of a shock the climate */
    uint16_t trial;
    uint16_t kind; /* enum hl_tilt_kind */
};

/* A block that is being drawn: one thread's. A zeroed struct with `tilt` set is ready. */
struct hl_tilted {
    const struct hl_tilt *tilt;
    const struct hl_plan *plan;
    uint8_t part[HL_BLOCK_TRIALS];                         /* which part a trial belongs to */
    double log_ratio[HL_TILT_PARTS_MOST][HL_BLOCK_TRIALS]; /* of the parts from 1 on: ln of tilted over stated */
    double upto[HL_BLOCK_TRIALS];                          /* exposure of one source in one year */
    double log_rate[HL_TILT_PARTS_MOST];                   /* ln of the parts' rates of that source */
    bool notes_wanted;
    bool failed;                /* memory ran out: notes are missing */
    struct hl_tilt_note *notes; /* [note_count] */
    size_t note_count;
    size_t note_capacity;
};

void hl_tilted_begin(struct hl_tilted *t, const struct hl_plan *p, uint32_t block);

/* The shock of a climate in one year of a trial, out of a plain one. */
double hl_tilted_shock(struct hl_tilted *t, size_t climate, uint32_t trial, double shock);

/* Makes the exposure of a source in one policy year that of the tilted trials; it holds until the next call. */
void hl_tilted_expose(struct hl_tilted *t, uint32_t source, const struct hl_count *count, struct hl_exposure *e);

/* A cluster of the source that was exposed last, which came into a trial. */
void hl_tilted_came(struct hl_tilted *t, uint32_t source, uint32_t trial);

/* The word that a size is drawn from, out of a plain one. */
uint64_t hl_tilted_size(struct hl_tilted *t, uint32_t source, uint32_t trial, uint64_t word);

/* Stated over drawn density of a trial, once all of it is drawn. */
double hl_tilted_weight(const struct hl_tilted *t, uint32_t trial);

/* The share of the trials of its kind that part k has, given all that was drawn of the trial: how likely it is that the
 * trial belongs to it. */
double hl_tilted_membership(const struct hl_tilted *t, uint32_t trial, size_t part);

void hl_tilted_free(struct hl_tilted *t);

#endif
