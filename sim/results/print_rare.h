/* What the terminal says of a run by importance sampling. */
#ifndef HL_RESULTS_PRINT_RARE_H
#define HL_RESULTS_PRINT_RARE_H

#include "engine/result.h"

#include <stdio.h>

/* The figures of the entity whose shortfall was looked for, how trials were drawn, and what they were worth. */
void hl_rare_print(FILE *out, const struct hl_result *r);

/* A sentence where importance sampling was asked for and trials were drawn as stated; else nothing. */
void hl_rare_print_fallback(FILE *out, const struct hl_result *r);

#endif
