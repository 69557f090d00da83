#include "models/control.h"

#include <criterion/criterion.h>
#include <string.h>

Test(control, names) {
    static const char *const names[] = {"multisig", "withdrawal_throttle", "address_allow_listing", "detection",
                                        "vendor_due_diligence"};
    cr_assert(HL_CONTROL_COUNT == sizeof names / sizeof *names);
    for (size_t i = 0; i < HL_CONTROL_COUNT; i++) {
        cr_expect_str_eq(hl_control_kinds[i].name, names[i]);
        cr_expect(strlen(hl_control_kinds[i].doc) > 10, "%s", names[i]);
    }
}
