/* A run beside exact distributions: it agrees as it is, and no longer when its rows are bent. */
#include "engine/run.h"
#include "engine_fixture.h"
#include "results/verify.h"

#include <stdlib.h>

/* A vendor's breach at two clients, at most once. */
static void play(struct hl_plan *p, struct hl_result *r, struct engine *f) {
    struct hl_error err = {0};
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco"), gold = engine_asset(f, "gold");
    engine_holding(f, engine_exchange(f, "ape"), gold, HL_COLD, 1e6)->custodian = keyco;
    engine_holding(f, engine_exchange(f, "bee"), gold, HL_COLD, 1e5)->custodian = keyco;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.1, keyco);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.1}, .low = 0.1, .high = 0.1};
    b->hit = b->hit_low = b->hit_high = 0.5;
    b->size = (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 1.2}};
    engine_breach(f, HL_VECTOR_insider, 0.5, HL_NONE)->tiers = 1;
    engine_plan(p, f);
    cr_assert(hl_run(r, p, NULL, &err) == HL_OK);
}

static char *printed(const struct hl_comparison *c, const struct hl_result *r, size_t most) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_comparison_print(c, r, most, out);
    fclose(out);
    return text;
}

Test(verify, agrees_and_does_not) {
    struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    struct hl_comparison c;
    play(&p, &r, &f);
    cr_assert(hl_comparison_make(&c, &r, &p, &err) == HL_OK);
    cr_expect(c.count > 50 && hl_comparison_agrees(&c), "%zu rows, the worst %g", c.count, c.rows[0].distance);
    for (size_t i = 1; i < c.count; i++)
        cr_expect(c.rows[i].distance <= c.rows[i - 1].distance);
    char *text = printed(&c, &r, 3);
    cr_expect(strstr(text, "calculation agree.") != NULL && strstr(text, "rows that are closer (--all)") != NULL);
    free(text);
    hl_comparison_free(&c);
    for (size_t i = 0; i < r.row_count; i++)
        if (r.rows[i].key.entity == 0 && r.rows[i].key.perspective == HL_GROSS && r.rows[i].key.metric == HL_MEAN)
            r.rows[i].value *= 1.3;
    cr_assert(hl_comparison_make(&c, &r, &p, &err) == HL_OK);
    cr_expect(!hl_comparison_agrees(&c), "%g", c.rows[0].distance);
    text = printed(&c, &r, SIZE_MAX);
    cr_expect(strstr(text, "do NOT agree") != NULL && strstr(text, "--all") == NULL, "%s", text);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        cr_expect(strlen(line) <= 80, "%s", line);
    free(text);
    hl_comparison_free(&c);
    hl_result_free(&r);
    hl_plan_free(&p);
}

Test(verify, says_why_not) {
    struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    struct hl_comparison c;
    engine_start(&f);
    engine_holding(&f, engine_exchange(&f, "ape"), engine_asset(&f, "gold"), HL_HOT, 1e6);
    engine_breach(&f, HL_VECTOR_insider, 0.5, HL_NONE);
    engine_plan(&p, &f);
    cr_assert(hl_run(&r, &p, NULL, &err) == HL_OK);
    cr_assert(hl_comparison_make(&c, &r, &p, &err) == HL_OK);
    cr_expect(c.count == 0 && c.none_count == 1 && c.none[0].count == 4 && hl_comparison_agrees(&c));
    char *text = printed(&c, &r, 3);
    cr_expect(strstr(text, "and 3 more: a second breach finds less than the first.") != NULL, "%s", text);
    free(text);
    hl_comparison_free(&c);
    hl_result_free(&r);
    hl_plan_free(&p);
}
