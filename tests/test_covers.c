/* What the money of a rule would have covered, in figures that can be checked in the head. */
#include "base/file.h"
#include "results/covers.h"
#include "results/words.h"
#include "tests/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ape: 400 m of hot BTC and 600 m of cold ETH, and guarantee coins that no rule's money counts. A theft on day 3 takes
 * what is in the tiers. */
struct covered {
    struct engine f;
    struct hl_plan plan;
};

static void make(struct covered *c, uint32_t tiers) {
    struct engine *f = &c->f;
    engine_start(f);
    f->s.title = "Ape";
    f->s.starts_on = "2024-02-27";
    strcpy(f->s.currencies.own, "JPY");
    size_t ape = engine_exchange(f, "ape"), btc = engine_asset(f, "BTC"), eth = engine_asset(f, "ETH");
    f->exchanges[ape].highest_volume = NAN;
    f->exchanges[ape].confidence = "low";
    engine_holding(f, ape, btc, HL_HOT, 400000000);
    engine_holding(f, ape, eth, HL_COLD, 600000000);
    engine_holding(f, ape, eth, HL_COLD, 50000000)->owner = HL_OWNER_GUARANTEE;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_insider, 0, HL_NONE);
    b->tiers = tiers;
    b->count = (struct hl_count){.family = &hl_frequency_on, .p = {3}, .low = 3, .high = 3};
    engine_fund(f, HL_FUND_guarantee_crypto, 0);
    engine_fund(f, HL_FUND_own_capital, 1000000000);
    engine_plan(&c->plan, f);
}

static struct hl_cover play(const struct covered *c, const char *rule) {
    struct hl_cover out;
    struct hl_error err = {0};
    cr_assert(hl_cover_play(&out, &c->plan, hl_rule_find(rule), &err) == HL_OK);
    return out;
}

Test(covers, of_rules) {
    static const struct {
        const char *rule;
        uint32_t tiers;
        double required, covered, share;
    } rows[] = {
        {"jp_psa", 7, 4e8, 4e8, 0.4},                   /* BTC alone, all of it */
        {"jp_psa", 1u << HL_HOT, 4e8, 4e8, 1},          /* and coin by coin that is enough */
        {"jp_psa", 1u << HL_COLD, 4e8, 0, 0},           /* ETH was stolen */
        {"jp_jvcea", 1u << HL_COLD, 4e8, 4e8, 2 / 3.0}, /* money is money */
        {"jp_a4", 7, 3e7, 3e7, 0.03},                   /* a twentieth of the cold coins */
        {"hk_vatp", 7, 7e8, 7e8, 0.7},                  /* all hot and half of the cold ones */
        {"hk_vatp", 1u << HL_HOT, 7e8, 4e8, 1},
        {"sg_psr", 7, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct covered c;
        make(&c, rows[i].tiers);
        struct hl_cover got = play(&c, rows[i].rule);
        cr_expect(got.required == rows[i].required && got.covered == rows[i].covered, "row %zu: %g %g", i, got.required,
                  got.covered);
        cr_expect(fabs(got.share - rows[i].share) < 1e-12, "row %zu: %g", i, got.share);
        cr_expect(got.days_until_whole == (rows[i].share < 1 ? HL_NEVER : 0), "row %zu", i);
        cr_expect(got.missing == NULL, "row %zu", i);
        hl_plan_free(&c.plan);
    }
}

/* Money for hot coins pays for what was hot, up to its amount. Its least amount is in won. */
Test(covers, of_a_rule_for_hot_coins) {
    static struct covered c;
    make(&c, 7);
    struct hl_cover all = play(&c, "kr_vaupa");
    cr_expect(all.illustrative && all.required > 2e7 && all.required < 4e8 && all.covered == all.required, "%g %g",
              all.required, all.covered);
    hl_plan_free(&c.plan);
    make(&c, 1u << HL_COLD);
    struct hl_cover cold = play(&c, "kr_vaupa");
    cr_expect(cold.required == all.required && cold.covered == 0 && cold.share == 0);
    hl_plan_free(&c.plan);
}

Test(covers, of_what_is_not_known) {
    static struct covered c;
    make(&c, 7);
    static const struct {
        const char *rule, *missing;
    } rows[] = {{"jp_a1", "Vmax"},
                {"share_of_assets", "share"},
                {"solvency_ii", "VaR"},
                {"jp_sec_175", "most_equity_turnover"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_cover got = play(&c, rows[i].rule);
        cr_expect(isnan(got.required) && isnan(got.covered) && isnan(got.share), "row %zu", i);
        cr_expect_str_eq(got.missing, rows[i].missing);
    }
    hl_plan_free(&c.plan);
}

/* Two cases, the later one first; the caller frees. */
static struct hl_covers two(struct covered *c) {
    struct hl_covers all = {0};
    struct hl_error err = {0};
    make(c, 1u << HL_COLD);
    for (int i = 0; i < 2; i++) {
        struct hl_replay replay;
        c->f.s.starts_on = i == 0 ? "2025-01-01" : "2024-02-27";
        cr_assert(hl_replay_play(&replay, &c->plan, &err) == HL_OK);
        cr_assert(hl_covers_add(&all, i == 0 ? "late" : "early", &replay, &err) == HL_OK);
        hl_replay_free(&replay);
    }
    hl_covers_sort(&all);
    return all;
}

Test(covers, as_a_table) {
    static struct covered c;
    struct hl_covers all = two(&c);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_covers_print(&all, out);
    hl_covers_print_case(&all.items[0], out);
    fclose(out);
    static const char *const parts[] = {
        " 1  2024-03-01  Ape                             600 m JPY  0 days     no record\n",
        " 2  2025-01-04  Ape                             600 m JPY  0 days     no record\n",
        "\n                    1   2\njp_psa h            0   0\njp_jvcea c         67  67\n",
        "\njp_a4               5   5\n",
        "\nhk_vatp           100 100\nsg_psr              -   -\n",
        "\nAsking for figures that no case has: jp_sec_175, jp_a1, jp_a2,",
        "\njp_a4                   30.0 m         30.0 m      5 %  never\n",
        "\nhk_vatp                  700 m          600 m    100 %  0 days\n",
        "\nsg_psr                 no money                      -\n",
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        cr_expect(strstr(text, parts[i]) != NULL, "no \"%s\" in\n%s", parts[i], text);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
        cr_expect(strcspn(line, "\n") <= 80, "%.100s", line);
    free(text);
    hl_covers_free(&all);
    hl_plan_free(&c.plan);
}

Test(covers, as_a_file) {
    static struct covered c;
    struct hl_covers all = two(&c);
    struct hl_error err = {0};
    struct hl_arena arena = {0};
    char folder[] = "/tmp/hackloss-covers-XXXXXX", path[64], *bytes = NULL;
    size_t size = 0;
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(hl_covers_write(&all, folder, &err) == HL_OK);
    snprintf(path, sizeof path, "%s/incidents-by-rule.csv", folder);
    cr_assert(hl_file_read(&bytes, &size, &arena, path, 1 << 20, &err) == HL_OK);
    static const char *const lines[] = {
        ("incident,date,currency,loss,rule,kind,required,covered,covered_share,days_until_whole,missing,rates,"
         "confidence\n"),
        "\nearly,2024-03-01,JPY,600000000,jp_a4,reserve,30000000,30000000,0.05,never,,,low\n",
        "\nlate,2025-01-04,JPY,600000000,hk_vatp,reserve,700000000,600000000,1,0,,,low\n",
        "\nlate,2025-01-04,JPY,600000000,jp_a1,reserve,,,,,Vmax,,low\n",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        cr_expect(strstr(bytes, lines[i]) != NULL, "no \"%s\" in\n%s", lines[i], bytes);
    hl_arena_free(&arena);
    remove(path);
    cr_expect(rmdir(folder) == 0, "nothing else was left");
    hl_covers_free(&all);
    hl_plan_free(&c.plan);
}
