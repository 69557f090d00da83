#include "scenario_fixture.h"

#include <math.h>

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(breaches, at_all_exchanges) {
    struct hl_scenario s = load(NULL);
    cr_assert_eq(s.breach_count, 3);
    const struct hl_breach *b = &s.breaches[0];
    cr_expect_eq(b->vector, HL_VECTOR_hot_wallet_drain);
    cr_expect_str_eq(b->name, "hot_wallet_drain");
    cr_expect(!b->at_vendors && b->at_count == 2 && b->at[0] == 0 && b->at[1] == 1);
    cr_expect_str_eq(b->count.family->name, "poisson");
    cr_expect(b->count.p[0] == 0.012 && b->count.low == 0.005 && b->count.high == 0.02);
    cr_expect_eq(b->tiers, 1u << HL_HOT);
    cr_expect(b->assets == NULL && b->reach == HL_REACH_ALL && b->hit == 1);
    cr_expect_str_eq(b->size.family->name, "beta");
    cr_expect(b->size.p[0] == 0.8 && b->size.p[1] == 0.6 && b->size.everything == 0.3 && b->size.table == NULL);
    hl_scenario_free(&s);
}

Test(breaches, at_a_vendor) {
    struct hl_scenario s = load(NULL);
    const struct hl_breach *b = &s.breaches[1];
    cr_expect(b->at_vendors && b->at_count == 1 && b->at[0] == 0 && b->hit == 0.5);
    cr_expect_str_eq(b->count.family->name, "at_most_once");
    cr_expect(b->count.p[0] == 0.004 && b->count.low == 0.004 && b->count.high == 0.004, "no interval stated");
    cr_expect_eq(b->tiers, hl_vectors[HL_VECTOR_third_party_compromise].tiers);
    cr_expect_eq(b->reach, HL_REACH_LARGEST_WALLET);
    cr_expect_str_eq(b->size.family->name, "fixed");
    cr_expect(b->size.p[0] == 1 && b->size.everything == 0);
    hl_scenario_free(&s);
}

/* Entries of one name; `want` lists breach by breach where it stands. */
Test(breaches, an_entry_that_names_exchanges_takes_the_place_of_the_one_for_all) {
    static const char insider_for_all[] = "  - vector: insider\n    count: {poisson: {rate: 1 / y}}\n"
                                          "    takes: {share: 1}\n";
    static const struct {
        const char *what, *from, *to;
        size_t count;
        struct {
            size_t at_count, first;
        } want[4];
    } rows[] = {
        {"the entry for all comes later", "funds:\n", insider_for_all, 4, {{2, 0}, {1, 0}, {1, 0}, {1, 1}}},
        {"the entry for all comes first",
         "  - vector: insider\n",
         insider_for_all,
         4,
         {{2, 0}, {1, 0}, {1, 1}, {1, 0}}},
        {"nothing is left for all", "    at: ape\n", "    at: [bee, ape]\n", 3, {{2, 0}, {1, 0}, {2, 1}}},
        {"another name stands beside", "    at: ape\n", "    at: ape\n    name: staff\n", 3, {{2, 0}, {1, 0}, {1, 0}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture_edit edits[FIXTURE_EDITS] = {{"s.yaml", rows[i].from, rows[i].to}};
        char both[512];
        if (i < 2) {
            snprintf(both, sizeof both, "%s%s", rows[i].to, rows[i].from);
            edits[0].to = both;
        } else {
            snprintf(both, sizeof both, "%sfunds:\n", i == 2 ? insider_for_all : "");
            edits[1] = (struct fixture_edit){"s.yaml", "funds:\n", both};
        }
        struct hl_scenario s = load(edits);
        cr_assert_eq(s.breach_count, rows[i].count, "%s", rows[i].what);
        for (size_t k = 0; k < s.breach_count; k++)
            cr_expect(s.breaches[k].at_count == rows[i].want[k].at_count &&
                          s.breaches[k].at[0] == rows[i].want[k].first,
                      "%s: breach %zu", rows[i].what, k);
        hl_scenario_free(&s);
    }
}

Test(breaches, all_vendors_are_those_with_clients) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "vendor: keyco", "vendor: all"}});
    cr_expect(s.breaches[1].at_vendors && s.breaches[1].at_count == 1 && s.breaches[1].at[0] == 0);
    hl_scenario_free(&s);
}
