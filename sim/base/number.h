/* Doubles as decimal text, whatever the locale. */
#ifndef HL_BASE_NUMBER_H
#define HL_BASE_NUMBER_H

#include <stddef.h>

/* The longest text is -1.7976931348623157e+308. */
enum { HL_NUMBER_SIZE = 32 };

/* The fewest digits, from 15 on, that read back to the same bits: what "%.15g", "%.16g" or "%.17g" prints; of
 * subnormal numbers from one digit on. NaN is "nan". A text that does not fit is cut. */
void hl_number_text(char *out, size_t size, double value);

/* The same with 17 digits always: "%.17g". */
void hl_number_text_full(char *out, size_t size, double value);

#endif
