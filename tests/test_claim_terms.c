/* How the claims of each asset are told. */
#include "scenario_fixture.h"

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

static bool all_on(const struct hl_claim_terms *t, enum hl_claim_basis basis) {
    for (size_t i = 0; i < HL_CLAIM_BASIS_COUNT; i++)
        if (t->share[i] != (i == basis))
            return false;
    return t->fixed_price == 1;
}

Test(claim_terms, one_basis_for_all) {
    for (size_t basis = 0; basis < HL_CLAIM_BASIS_COUNT; basis++) {
        char text[64];
        snprintf(text, sizeof text, "claims: {basis: %s}\nfunds:", hl_claim_basis_names[basis]);
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "funds:", text}});
        for (size_t a = 0; a < s.asset_count; a++)
            cr_expect(all_on(&s.claim_terms[a], basis), "%s", hl_claim_basis_names[basis]);
        hl_scenario_free(&s);
    }
    struct hl_scenario s = load(NULL);
    cr_expect(all_on(&s.claim_terms[0], HL_AT_THEFT) && s.buy_back_after_days == 0 && s.window_to_days == 0);
    hl_scenario_free(&s);
}

Test(claim_terms, mixed_by_asset) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "funds:",
         "claims:\n"
         "  basis: in_kind\n"
         "  buy_back_after: 5 d\n"
         "  window: {from: 2 d, to: 1 w}\n"
         "  assets: {BTC: {in_kind: 60 %, at_theft: 40 %}, ETH: {fixed: 100 %, price: 600 k}}\n"
         "funds:"}});
    const struct hl_claim_terms *t = s.claim_terms;
    cr_expect(t[0].share[HL_IN_KIND] == 0.6 && t[0].share[HL_AT_THEFT] == 0.4 && t[0].share[HL_FIXED_PRICE] == 0);
    cr_expect(t[1].share[HL_FIXED_PRICE] == 1 && t[1].fixed_price == 1.2, "600 k for 500 k of today");
    cr_expect(all_on(&t[2], HL_IN_KIND));
    cr_expect(s.buy_back_after_days == 5 && s.window_from_days == 2 && s.window_to_days == 7);
    hl_scenario_free(&s);
}
