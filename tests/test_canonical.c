#include "base/file.h"
#include "scenario_fixture.h"

/* The fingerprint of the sample with one edit. */
static void fingerprint(const struct fixture_edit *edit, char out[65]) {
    struct fixture_edit edits[FIXTURE_EDITS] = {*edit};
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "", "%s", edit->to);
    free(printed);
    memcpy(out, s.fingerprint, 65);
    hl_scenario_free(&s);
}

Test(canonical, is_what_the_fingerprint_is_made_of) {
    struct hl_scenario s;
    free(fixture_run(&s, NULL, NULL, 0));
    char *text = NULL, digest[65];
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_scenario_print(&s, out);
    fclose(out);
    hl_sha256(digest, text, size);
    cr_expect_str_eq(digest, s.fingerprint);
    static const char *const lines[] = {
        "draw_layout = ",
        "\ncurrency = JPY\nquantum = 1\nhorizon_days = 365\n",
        "\nexchanges[1].as_of = 2024-02-29\n",
        "\nexchanges[1].revenue = nan\n",
        "\nassets[1].price = 500000\n",
        "\nholdings[1].custodian = keyco\n",
        "\nholdings[1].largest_share = 0.4\n",
        "\nbreaches[0].at = ape, bee\nbreaches[0].count = poisson\nbreaches[0].rate = 0.012\n",
        "\nbreaches[0].share = beta\nbreaches[0].a = 0.8\nbreaches[0].b = 0.6\nbreaches[0].everything = 0.3\n",
        "\nbreaches[1].vendor = keyco\n",
        "\nbreaches[1].tiers = hot, warm, cold\n",
        "\nbreaches[2].assets = BTC\n",
        "\nfunds[2].covers = insider, key_leak\nfunds[2].attachment = 500000000\n",
        "\nfunds[3].amount_of = highest_volume\nfunds[3].amount = 0.002\n",
        "\nreport.confidence = 0.95, 0.99\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(strstr(text, lines[i]) != NULL, "%s", lines[i]);
    cr_expect_null(strstr(text, "filing"), "sources are no part of it");
    free(text);
    hl_scenario_free(&s);
}

Test(canonical, every_change_of_the_model_changes_the_fingerprint) {
    static const struct fixture_edit edits[] = {
        {"s.yaml", "currencies: {USD: 150}", "currencies: {USD: 151}"},
        {"s.yaml", "horizon: 1 y", "horizon: 364 d"},
        {"s.yaml", "horizon: 1 y", "horizon: 2 y"},
        {"s.yaml", "cap: 40 bn}", "cap: 40 bn}, start: 50 %"},
        {"s.yaml", "rate: 1.2 % / y", "rate: 1.3 % / y"},
        {"s.yaml", "low: 0.5 % / y", "low: 0.6 % / y"},
        {"s.yaml", "everything: 30 %", "everything: 31 %"},
        {"s.yaml", "hit: 50 %", "hit: 51 %"},
        {"s.yaml", "at_most_once: {probability: 0.4 %}", "on: {day: 3 d}"},
        {"s.yaml", "seed: 7", "starts_on: 2024-05-31"},
        {"s.yaml", "funds:\n", "expected: {whole_after: never}\nfunds:\n"},
        {"s.yaml", "funds:\n", "expected: {customers_lose: 1}\nfunds:\n"},
        {"s.yaml", "funds:\n", "expected: {paid: {parent: 0}}\nfunds:\n"},
        {"s.yaml", "funds:\n", "expected: {tolerance: 3 %}\nfunds:\n"},
        {"s.yaml", "reach: largest_wallet", "reach: one_wallet"},
        {"s.yaml", "at: ape", "at: bee"},
        {"s.yaml", "at: ape", "at: ape\n    name: staff"},
        {"s.yaml", "sigma: 1.5", "sigma: 1.6"},
        {"s.yaml", "assets: [BTC]", "assets: [ETH]"},
        {"s.yaml", "tiers: [hot]", "tiers: [warm]"},
        {"s.yaml", "after: 180 d", "after: 181 d"},
        {"s.yaml", "covers: [insider, key_leak]", "covers: [insider]"},
        {"s.yaml", "cap: 40 bn", "cap: 41 bn"},
        {"s.yaml", "recovery: {share: 3 %", "recovery: {share: 4 %"},
        {"s.yaml", "deadline: 30 d", "deadline: 31 d"},
        {"s.yaml", "amount: 12 m USD", "amount: 12 m USD, held_in: BTC"},
        {"s.yaml", "funds:", "claims: {basis: in_kind}\nfunds:"},
        {"s.yaml", "funds:", "claims: {basis: in_kind, buy_back_after: 1 d}\nfunds:"},
        {"s.yaml", "funds:", "claims: {assets: {BTC: {fixed: 100 %, price: 11 m}}}\nfunds:"},
        {"s.yaml", "at: ape", "dwell: 3 d"},
        {"s.yaml", "at: ape", "dwell: {lognormal: {median: 3 d, sigma: 1}}"},
        {"s.yaml", "at: ape", "dwell: {lognormal: {median: 3 d, sigma: 2}}"},
        {"s.yaml", "at: ape", "dwell: 3 d\n    found: 2 / y"},
        {"s.yaml", "at: ape", "noticed_after: 3 d"},
        {"s.yaml", "share: 100 %}", "drain: {share_per_day: 1, detected_after: 1 d}}"},
        {"s.yaml", "share: 100 %}", "drain: {amount_per_day: 1, detected_after: 1 d}}"},
        {"s.yaml", "share: 100 %}", "drain: {amount_per_day: 1, detected_after: 2 d}}"},
        {"s.yaml", "share: 100 %}", "share: 100 %, by_asset: {gaussian: {rho: 0.5}}}"},
        {"s.yaml", "funds:", "wallets: {refill_after: 7 d}\nfunds:"},
        {"s.yaml", "funds:", "wallets: {restored: true}\nfunds:"},
        {"s.yaml", "sigma: 1.5}}", "sigma: 1.5}}, at_most: 3 bn"},
        {"s.yaml", "sigma: 1.5}}", "sigma: 1.5}}, at_most: 4 bn"},
        {"s.yaml", "funds:", "run: {share: 30 %, over: 3 d}\nfunds:"},
        {"s.yaml", "funds:", "run: {share: 30 %, over: 4 d}\nfunds:"},
        {"s.yaml", "funds:", "run: {share: 30 %, over: 3 d, suspends_at: 50 %}\nfunds:"},
        {"exchanges.csv", "ape,JP", "ape,KR"},
        {"holdings.csv", "4,40 %", "4,41 %"},
        {"holdings.csv", "ape,XRP,cold,,", "ape,XRP,cold,vault,"},
        {"assets.csv", "60 %", "61 %"},
        {"vendors.csv", "custody", "custodian"},
        {"s.yaml", "breaches:\n", "climates: [{name: a, gamma: {sd: 1}}]\nbreaches:\n"},
        {"s.yaml", "    count: {poisson", "    trend: 1 % / y\n    count: {poisson"},
        {"s.yaml", "    count: {poisson", "    covariates: {hot_share: {beta: 1, at: 1}}\n    count: {poisson"},
        {"s.yaml", "funds:\n",
         "excitation: [{from: hot_wallet_drain, to: hot_wallet_drain, ratio: 0.1, delay: 1 d}]\nfunds:\n"},
        {"s.yaml", "funds:\n", "controls: [{control: multisig, taken: 50 %}]\nfunds:\n"},
        {"s.yaml", "deadline: 30 d", "deadline: 30 d, without: vendors"},
    };
    char base[65], changed[65];
    fingerprint(&(struct fixture_edit){0}, base);
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        fingerprint(&edits[i], changed);
        cr_expect_str_neq(changed, base, "%s", edits[i].to);
    }
}

/* Each with every volatility in place; no two alike. */
Test(canonical, every_part_of_the_market_counts) {
    static const char *const markets[] = {"",
                                          "factors: [{name: usd}]",
                                          "factors: [{name: eur}]",
                                          "factors: [{name: usd, jumps: {rate: 1 / y, mean: 0 %, sd: 10 %}}]",
                                          "tails: {nu: 4}",
                                          "tails: {nu: 4, most: 11}",
                                          "impact: {above: 1 bn, fall: 10 %}",
                                          "impact: {above: 1 bn, fall: 10 %, of: stolen}",
                                          "token_fall: 10 %"};
    enum { COUNT = sizeof markets / sizeof *markets };
    char prints[COUNT][65];
    for (size_t i = 0; i < COUNT; i++) {
        char text[128];
        snprintf(text, sizeof text, "market: {%s}\nfunds:", markets[i]);
        struct fixture_edit edits[FIXTURE_EDITS] = {{"s.yaml", "funds:", text}, {"assets.csv", "XRP,,,", "XRP,,90 %,"}};
        struct hl_scenario s;
        char *printed = fixture_run(&s, edits, NULL, 0);
        cr_assert_str_eq(printed, "", "%s", markets[i]);
        free(printed);
        memcpy(prints[i], s.fingerprint, 65);
        hl_scenario_free(&s);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(prints[i], prints[k], "%s and %s", markets[i], markets[k]);
    }
}

Test(canonical, the_state_counts_over_several_years) {
    char carried[65], said[65], fresh[65];
    fingerprint(&(struct fixture_edit){"s.yaml", "horizon: 1 y", "horizon: 5 y"}, carried);
    fingerprint(&(struct fixture_edit){"s.yaml", "horizon: 1 y", "horizon: 5 y\nstate: carried"}, said);
    fingerprint(&(struct fixture_edit){"s.yaml", "horizon: 1 y", "horizon: 5 y\nstate: fresh"}, fresh);
    cr_expect_str_eq(said, carried);
    cr_expect_str_neq(fresh, carried);
}

Test(canonical, what_is_no_part_of_the_model_leaves_it) {
    static const struct fixture_edit edits[] = {
        {"s.yaml", "title: Two exchanges", "title: Another"},
        {"s.yaml", "seed: 7", "seed: 8\ndescription: long"},
        {"s.yaml", "trials: 100_000", "trials: auto"},
        {"s.yaml", "horizon: 1 y", "horizon: 365 d # a year"},
        {"s.yaml", "rate: 1.2 % / y", "rate: 0.012 per year"},
        {"s.yaml", "12 m USD", "1_800 m"},
        {"s.yaml", "tiers: [hot]", "tiers: hot"},
        {"s.yaml", "[99 %, 95 %]", "[0.95, 9900 bp]"},
        {"s.yaml", "funds:", "claims: {basis: at_theft, window: {to: 3 d}}\nfunds:"},
        {"s.yaml", "funds:", "wallets: {restored: false}\nfunds:"},
        {"s.yaml", "amount: 12 m USD", "amount: 12 m USD, held_in: cash"},
        {"exchanges.csv", "filing,high", "another filing,assumption"},
        {"holdings.csv", "4,40 %", "4,0.4"},
        {"holdings.csv", "hot,,,100", "hot,self,customers,1_00"},
    };
    char base[65], same[65];
    fingerprint(&(struct fixture_edit){0}, base);
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        fingerprint(&edits[i], same);
        cr_expect_str_eq(same, base, "%s", edits[i].to);
    }
}

/* A service of three words, and one that looks like lines and escapes: no more lines, and no two texts alike. */
Test(canonical, a_text_never_breaks_its_line) {
    static const char *const services[] = {"custody of coins", "\"custody\nof\tcoins\"", "custody\\x0aof\\x09coins"};
    char *texts[3];
    size_t lines[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        struct fixture_edit edits[FIXTURE_EDITS] = {{"vendors.csv", "custody", services[i]}};
        struct hl_scenario s;
        free(fixture_run(&s, edits, NULL, 0));
        size_t size = 0;
        FILE *out = open_memstream(&texts[i], &size);
        hl_scenario_print(&s, out);
        fclose(out);
        for (const char *c = texts[i]; *c != '\0'; c++)
            lines[i] += *c == '\n';
        hl_scenario_free(&s);
    }
    cr_expect(lines[1] == lines[0] && lines[2] == lines[0]);
    cr_expect_str_neq(texts[1], texts[2]);
    for (size_t i = 0; i < 3; i++)
        free(texts[i]);
}
