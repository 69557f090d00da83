/* Days of the Gregorian calendar, written YYYY-MM-DD. */
#ifndef HL_BASE_DATE_H
#define HL_BASE_DATE_H

#include <stdbool.h>

enum { HL_DATE_SIZE = 16 };

/* Reads a day that exists, of the years 0001 to 9999, as days since 1970-01-01. False when there is no such day or the
 * text is written otherwise; `out` is then untouched. */
bool hl_date_parse(const char *text, long *out);

/* Writes the day that many days since 1970-01-01, in the years 0001 to 99999. */
void hl_date_text(char out[HL_DATE_SIZE], long days);

#endif
