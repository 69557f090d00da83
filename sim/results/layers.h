/* Insurance layers in the terminal and in layers.csv: what is told of each, from its rows. */
#ifndef HL_RESULTS_LAYERS_H
#define HL_RESULTS_LAYERS_H

#include "engine/result.h"

#include <stdio.h>

/* Of one layer at an exchange, or of all exchanges that have it (the system). Rows are NULL where there is none,
 * numbers NAN. */
struct hl_layer_figures {
    const struct hl_row *ceded; /* of the whole horizon */
    const struct hl_row *sd;
    const struct hl_row *attach; /* in the horizon */
    const struct hl_row *exhaust;
    const struct hl_row *premium;       /* of a year */
    const struct hl_row *reinstatement; /* of a year, what it is expected to be */
    double attach_years;                /* return periods */
    double exhaust_years;
    double rate_on_line; /* the premium over the insurer's share of the limit */
    double loss_ratio;   /* what is ceded in a year over the premiums of a year */
};

struct hl_layer_figures hl_layer_figures_of(const struct hl_result *r, uint32_t entity, size_t item);

/* A few lines for each layer of an entity. */
void hl_print_layers(FILE *out, const struct hl_result *r, uint32_t entity);

#endif
