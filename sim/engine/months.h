/* What comes in by month: income, and what fills a source of funds up again.
 *
 * Months are 30 days: day 30, 60, 90, … of the history, or of the policy year where each begins as the first did. On
 * such a day, after a year has turned and before the day's thefts, each stock gets a month of its income, up to its
 * level, and is then filled up where it is worth less than the stated share of the level. Money buys coins at the price
 * of the day. Months before the first claim are played too; those after the last day on which anything falls due are
 * not. Source: models/README.md, "What comes in by month".
 */
#ifndef HL_ENGINE_MONTHS_H
#define HL_ENGINE_MONTHS_H

#include "engine/waterfall.h"

enum { HL_MONTH_DAYS = 30 };

/* The first month of a case's history, or HL_NO_DAY where nothing comes in by month. */
int hl_months_first(const struct hl_waterfall_case *c);

/* A month comes in on its day. */
void hl_months_play(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day);

#endif
