#include "base/money.h"

#include <string.h>

double hl_money_quantum(const char *currency) {
    /* Currencies that are paid in whole units need no finer one. */
    if (strcmp(currency, "JPY") == 0 || strcmp(currency, "KRW") == 0)
        return 1;
    return 0x1p-7;
}
