#include "tests/twin/dice.h"

#include <criterion/criterion.h>
#include <math.h>

double dice_throw(struct dice *d) {
    struct hl_address at = {hl_stream("random scenarios of the twin"), d->scenario, 255, d->throws++};
    return hl_u01(20240530, at);
}

double dice_between(struct dice *d, double low, double high) { return low + (high - low) * dice_throw(d); }
double dice_whole(struct dice *d, double low, double high) { return floor(dice_between(d, low, high + 1)); }
size_t dice_below(struct dice *d, size_t count) { return (size_t)(dice_throw(d) * (double)count); }
bool dice_often(struct dice *d, double probability) { return dice_throw(d) < probability; }

void *dice_array(struct hl_scenario *s, size_t count, size_t size) {
    void *array = hl_arena_array(&s->arena, count, size);
    cr_assert_not_null(array);
    return array;
}
