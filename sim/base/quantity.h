/* Numbers as people write them: "48.2 bn", "5 %", "20 bp", "0.41 % / y", "30 d", "1_000_000", "12.5 m USD". */
#ifndef HL_BASE_QUANTITY_H
#define HL_BASE_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

/* What a value means; decides which spellings are allowed and what the number is stored as. */
enum hl_unit {
    HL_UNIT_NUMBER,   /* plain number, no unit */
    HL_UNIT_FRACTION, /* 0.05, "5 %", "500 bp" → 0.05 */
    HL_UNIT_RATE,     /* "1.2 % / y", "0.012 / y", "1 in 244 y" → events per year */
    HL_UNIT_MONEY,    /* "48.2 bn", "12.5 m USD" → currency units (not quanta) of the scenario's currency */
    HL_UNIT_DAYS,     /* "54 min", "6 h", "30 d", "2 w", "6 mo" (30.4375 d each), "1 y" (365 d) → days */
    HL_UNIT_COUNT,    /* whole number: "1_000_000", "1 m" */
};

/* The exchange rates a scenario states: units of its own currency per unit of another. */
struct hl_currency_rate {
    char code[4];
    double rate;
};
struct hl_currencies {
    char own[4];
    const struct hl_currency_rate *rates;
    size_t count;
};

/* Reads `text` as `unit`. Returns NULL and sets *value, or returns what is wrong and allowed (a static or thread-local
 * sentence). Never locale-dependent. Refuses NaN, infinities, overflow, thousands commas, trailing garbage and a unit
 * of another kind. `currencies` is needed for HL_UNIT_MONEY only (NULL: own currency only, no code allowed). */
const char *hl_quantity_parse(const char *text, enum hl_unit unit, const struct hl_currencies *currencies,
                              double *value);

/* The unit in words for references and messages: "a fraction such as 0.05 or 5 %". */
const char *hl_unit_words(enum hl_unit unit);

#endif
