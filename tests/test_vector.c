#include "models/vector.h"

#include <criterion/criterion.h>
#include <string.h>

Test(vector, every_vector_is_described_and_reaches_something) {
    for (size_t i = 0; i < HL_VECTOR_COUNT; i++) {
        cr_expect(strlen(hl_vectors[i].name) > 0 && strlen(hl_vectors[i].doc) > 10, "%zu", i);
        cr_expect(hl_vectors[i].tiers != 0 && hl_vectors[i].tiers < 1u << HL_TIER_COUNT, "%s", hl_vectors[i].name);
        for (size_t j = 0; j < i; j++)
            cr_expect(strcmp(hl_vectors[i].name, hl_vectors[j].name) != 0, "%s twice", hl_vectors[i].name);
    }
    cr_expect(HL_VECTOR_COUNT == 7);
}

Test(vector, names_and_default_tiers) {
    const uint32_t hot = 1, warm = 2, cold = 4;
    const struct {
        enum hl_vector_id id;
        const char *name;
        uint32_t tiers;
    } rows[] = {
        {HL_VECTOR_hot_wallet_drain, "hot_wallet_drain", hot},
        {HL_VECTOR_third_party_compromise, "third_party_compromise", hot | warm | cold},
        {HL_VECTOR_cold_wallet_compromise, "cold_wallet_compromise", cold},
        {HL_VECTOR_key_leak, "key_leak", hot | warm},
        {HL_VECTOR_account_takeover, "account_takeover", hot},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_str_eq(hl_vectors[rows[i].id].name, rows[i].name);
        cr_expect(hl_vectors[rows[i].id].tiers == rows[i].tiers, "%s", rows[i].name);
    }
    cr_expect_str_eq(hl_tier_names[HL_HOT], "hot");
    cr_expect_str_eq(hl_tier_names[HL_WARM], "warm");
    cr_expect_str_eq(hl_tier_names[HL_COLD], "cold");
}
