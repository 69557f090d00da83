/* The report of adequacy as text and as a table. */
#include "base/file.h"
#include "results/adequacy_out.h"
#include "tests/engine_fixture.h"

#include <stdlib.h>
#include <unistd.h>

static struct hl_adequacy_month months[] = {{30, 1000000000, 200000000, 800000000, 0, -5000000, 0.25},
                                            {60, 1000000000, 0, 400000000, -600000000, -600000000, 1}};

static struct hl_adequacy one(void) {
    return (struct hl_adequacy){.months = months,
                                .month_count = 2,
                                .trials = 100,
                                .fallen = 8,
                                .restored = 2,
                                .restored_days = 50,
                                .longest_days = 60};
}

static char *printed(const struct hl_plan *p, const struct hl_adequacy *a) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_adequacy_print(p, 0, a, out);
    fclose(out);
    return text;
}

static void start(struct engine *f, struct hl_plan *p) {
    engine_start(f);
    engine_exchange(f, "ape");
    engine_asset(f, "BTC");
    engine_holding(f, 0, 0, HL_HOT, 100);
    engine_breach(f, HL_VECTOR_insider, 0, HL_NONE);
    engine_plan(p, f);
}

Test(adequacy_out, as_text) {
    static struct engine f;
    struct hl_plan p;
    start(&f, &p);
    struct hl_adequacy a = one();
    char *text = printed(&p, &a);
    cr_expect_str_eq(text, "ape: what is asked and what is held, in JPY\n"
                           "  day        required  credited      held  headroom  5 % worst  P(below)\n"
                           "  day 30      1.00 bn     200 m     800 m         0    -5.00 m    25.0 %\n"
                           "  day 60      1.00 bn         0     400 m    -600 m     -600 m     100 %\n"
                           "  Events that bring it below: 8 in 100 trials.\n"
                           "  Restored within the horizon: 25.0 %, after 50 days on average, 60 at most.\n");
    free(text);
    a.fallen = 0;
    text = printed(&p, &a);
    cr_expect(strstr(text, "\n  No event of these trials brings it below.\n") != NULL, "%s", text);
    free(text);
    a.missing = "Vmax";
    text = printed(&p, &a);
    cr_expect_str_eq(text,
                     "ape: what is asked and what is held, in JPY\n  The rule asks for Vmax, which is not known.\n");
    free(text);
    hl_plan_free(&p);
}

Test(adequacy_out, as_a_table) {
    static struct engine f;
    struct hl_plan p;
    struct hl_error err = {0};
    struct hl_arena arena = {0};
    char folder[] = "/tmp/hackloss-adequacy-XXXXXX", path[64], *bytes = NULL;
    size_t size = 0;
    start(&f, &p);
    struct hl_adequacy a = one();
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(hl_adequacy_write(&p, &a, folder, &err) == HL_OK);
    snprintf(path, sizeof path, "%s/adequacy.csv", folder);
    cr_assert(hl_file_read(&bytes, &size, &arena, path, 4096, &err) == HL_OK);
    cr_expect_str_eq(bytes,
                     "exchange,day,required,credited,held,headroom,headroom_low,p_below,p_below_error,trials,fallen,"
                     "restored,restored_days,longest_days\n"
                     "ape,30,1000000000,200000000,800000000,0,-5000000,0.25,0.04330127018922193,100,8,2,50,60\n"
                     "ape,60,1000000000,0,400000000,-600000000,-600000000,1,0,100,8,2,50,60\n");
    hl_arena_free(&arena);
    remove(path);
    cr_expect(rmdir(folder) == 0);
    hl_plan_free(&p);
}
