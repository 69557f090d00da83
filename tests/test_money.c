#include "base/money.h"

#include <criterion/criterion.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

Test(money, quantum_of_currencies) {
    cr_expect(hl_money_quantum("JPY") == 1);
    cr_expect(hl_money_quantum("KRW") == 1);
    cr_expect(hl_money_quantum("USD") == 1.0 / 128);
    cr_expect(hl_money_quantum("EUR") == 1.0 / 128);
}

Test(money, quanta) {
    const struct {
        double amount, quantum, want;
    } rows[] = {
        {0, 1, 0},
        {1.4, 1, 1},
        {1.6, 1, 2},
        {0.5, 1, 0},
        {1.5, 1, 2},
        {2.5, 1, 2},
        {-1.6, 1, -2},
        {48.2e9, 1, 48.2e9},
        {1, 1.0 / 128, 128},
        {0.01, 1.0 / 128, 1},
        {0.003, 1.0 / 128, 0},
        {2.5 / 128, 1.0 / 128, 2},
        {3.5 / 128, 1.0 / 128, 4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(hl_money_quanta(rows[i].amount, rows[i].quantum) == rows[i].want, "row %zu", i);
}

Test(money, sums_are_exact_in_any_order) {
    double up = 0, down = 0;
    for (int i = 1; i <= 1000; i++)
        up += hl_money_quanta(1e6 / i, hl_money_quantum("USD"));
    for (int i = 1000; i >= 1; i--)
        down += hl_money_quanta(1e6 / i, hl_money_quantum("USD"));
    cr_expect(up == down && up < HL_MONEY_MOST);
    double plain_up = 0, plain_down = 0; /* the same sums unrounded differ: that is what the quantum is for */
    for (int i = 1; i <= 1000; i++)
        plain_up += 1e6 / i;
    for (int i = 1000; i >= 1; i--)
        plain_down += 1e6 / i;
    cr_expect(plain_up != plain_down);
}
