/* Rows by their meaning, figures as people read them, and the sentences that are the same in every kind of output.
 *
 * Nothing here depends on the locale. Texts are cut to the size of the buffer; HL_WORDS_SIZE is enough for one figure,
 * HL_SENTENCE_SIZE for one sentence.
 */
#ifndef HL_RESULTS_WORDS_H
#define HL_RESULTS_WORDS_H

#include "engine/result.h"

#include <stddef.h>

enum { HL_WORDS_SIZE = 128, HL_SENTENCE_SIZE = 512 };

/* What a row's value is measured in. */
enum hl_measure { HL_MEASURE_MONEY, HL_MEASURE_FRACTION, HL_MEASURE_DAYS };

/* `value` with a fixed number of decimals (0 to 12) and commas between thousands: "1,234.50". |value| below 9e18 after
 * the decimals. */
void hl_words_number(char *out, size_t size, double value, int decimals);

/* Three significant digits and a unit: "48.2 bn", "482 m", "12,300", "0.50"; "0" for nothing. No currency. */
void hl_words_money(char *out, size_t size, double amount);

/* Three significant digits, two below 0.01 %, and enough near 100 % to tell it from certainty: "0.412 %", "0.0041 %",
 * "4.1e-4 %", "99.95 %". */
void hl_words_percent(char *out, size_t size, double fraction);

/* A level that somebody chose, as short as it was written: "99.5 %". */
void hl_words_level(char *out, size_t size, double fraction);

/* A day of a trial: its date where the scenario has one for day 0, else "day 3". */
void hl_words_day(char *out, size_t size, const struct hl_scenario *s, int day);

/* A row in one cell: the value with its interval, or what the status says instead: "0.412 % (0.391 to 0.433)",
 * "44.1 bn (43.8 to 44.5)", "not attainable". With few hits only the interval: "0.0012 to 0.012 % *". "-" when there is
 * no such row. */
void hl_words_row(char *out, size_t size, const struct hl_row *row, enum hl_measure measure);

/* The sentence that says whether the trials suffice for P(shortfall) of this verdict's entity and basis. */
void hl_words_trials(char *out, size_t size, const struct hl_result *r, const struct hl_verdict *verdict);

/* The sentence that says whether the reserve needed is decided by the assumed rate. */
void hl_words_rate(char *out, size_t size, const struct hl_result *r, const struct hl_verdict *verdict);

/* The sentence on the insurance needed at the sizing level, by its status; "" where it is not asked (the system). */
void hl_words_insurance(char *out, size_t size, const struct hl_result *r, uint32_t entity, enum hl_basis basis);

/* "earmarked funds only" and "all sources of funds". */
extern const char *const hl_basis_words[HL_BASIS_COUNT];

/* What a sum is of: "a year", or "in 5 years" where the horizon is several. */
void hl_words_span(char *out, size_t size, const struct hl_result *r);

/* A row of the whole horizon that belongs to no source of funds, or NULL. */
const struct hl_row *hl_row_of(const struct hl_result *r, uint16_t policy, uint16_t outer, uint32_t entity,
                               enum hl_basis basis, enum hl_perspective perspective, enum hl_metric metric,
                               double level);

/* As stated, of one policy year. */
const struct hl_row *hl_row_of_year(const struct hl_result *r, uint16_t year, uint32_t entity, enum hl_basis basis,
                                    enum hl_perspective perspective, enum hl_metric metric);

/* As stated, all sources of funds, of the source of funds `item`. */
const struct hl_row *hl_row_of_fund(const struct hl_result *r, uint32_t entity, size_t item,
                                    enum hl_perspective perspective, enum hl_metric metric, double level);

/* Whom the terminal and the pictures show: the exchange when there is one, else the system. */
uint32_t hl_entity_shown(const struct hl_result *r);

/* The index of a policy or sampling by name; HL_NONE when the result has none of that name. */
size_t hl_policy_named(const struct hl_result *r, const char *name);
size_t hl_sampling_named(const struct hl_result *r, const char *name);

/* The insurance entry that HL_INSURANCE_NEEDED of an entity scales, or NULL. */
const struct hl_fund *hl_sized_fund_of(const struct hl_result *r, uint32_t entity);

/* The verdict on an entity and basis, or NULL. */
const struct hl_verdict *hl_verdict_of(const struct hl_result *r, uint32_t entity, enum hl_basis basis);

#endif
