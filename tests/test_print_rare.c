/* What the terminal says of importance sampling. */
#include "results/print_rare.h"

#include "results/write.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>

static char *printed(const struct hl_result *r) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert_not_null(out);
    hl_results_print(r, out);
    cr_assert_eq(fclose(out), 0);
    for (const char *line = text; line != NULL && *line != '\0';) {
        const char *next = strchr(line, '\n');
        cr_expect(next != NULL && next - line <= 80, "%s", line);
        line = next == NULL ? NULL : next + 1;
    }
    return text;
}

static void expect(const char *text, const char *words) {
    cr_expect(strstr(text, words) != NULL, "no '%s' in\n%s", words, text);
}

Test(print_rare, figures_tilts_and_what_they_were_worth) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    struct hl_rare_tilt tilts[] = {{"alpha/hot_wallet_drain", 26.4, 1.77, 0}, {"threat", 1, 1, 0.82}};
    f->result.rare = (struct hl_rare){.asked = true,
                                      .entity = 1,
                                      .plain_share = 0.1,
                                      .mean_weight = 0.9987,
                                      .mean_weight_error = 0.0026,
                                      .hits = 38255,
                                      .effective_hits = 9187,
                                      .largest_share = 0.000311,
                                      .variance_reduction = 457,
                                      .pilot_trials = 163840,
                                      .tilts = tilts,
                                      .tilt_count = 2};
    char *text = printed(&f->result);
    expect(text, "Will customers be whole?");
    expect(text, "P(shortfall)");
    expect(text, "alpha/hot_wallet_drain");
    expect(text, "26 times as often, sizes from u^1.77");
    expect(text, "shocks up by 0.82 sd");
    expect(text, "Importance sampling: 10 % of the trials as stated");
    expect(text, "163,840");
    expect(text, "38,255 trials fell short");
    expect(text, "457 plain ones");
    free(text);
    fixture_free(f);
}

Test(print_rare, says_why_trials_are_plain) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    char *plain = printed(&f->result);
    cr_expect(strstr(plain, "mportance") == NULL);
    f->result.rare = (struct hl_rare){.asked = true, .fallback = "none of the pilot's trials fell short"};
    char *text = printed(&f->result);
    expect(text, "Importance sampling was asked for, but none of the pilot's trials fell short");
    cr_expect(strlen(text) > strlen(plain), "all that a plain run says is there too");
    free(plain);
    free(text);
    fixture_free(f);
}
