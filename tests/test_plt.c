/* The period loss table: what happened when, and nothing that happened after an exchange had failed. */
#include "results/plt.h"

#include "base/file.h"
#include "engine/run.h"
#include "tests/engine_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* A breach each year takes everything and nobody pays: of the second year only what follows a breach of the last 30
 * days of the first counts. The losses of the table are those of the run. */
Test(plt, years_dates_and_closed_exchanges) {
    struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    char folder[] = "/tmp/hackloss-plt-XXXXXX", path[64], line[256];
    engine_start(&f);
    engine_exchange(&f, "ape");
    engine_asset(&f, "BTC");
    engine_holding(&f, 0, 0, HL_COLD, 100);
    engine_breach(&f, HL_VECTOR_insider, 0, HL_NONE)->count =
        (struct hl_count){.family = &hl_frequency_at_most_once, .p = {1}, .low = 1, .high = 1};
    f.s.horizon_days = 2 * 365;
    f.s.trials = 3000;
    engine_plan(&p, &f);
    cr_assert(hl_run(&r, &p, NULL, &err) == HL_OK);
    cr_assert_not_null(mkdtemp(folder));
    cr_assert(hl_plt_write(&r, &p, folder, &err) == HL_OK);
    snprintf(path, sizeof path, "%s/plt.csv", folder);
    FILE *in = fopen(path, "r");
    cr_assert_not_null(in);
    cr_assert_not_null(fgets(line, sizeof line, in));
    size_t rows[3] = {0};
    double loss[3] = {0}, taken;
    int year, month, day, before = 0;
    while (fscanf(in, "%*u,%*u,%d,%d,%d,%*u,%lf,%*s", &year, &month, &day, &taken) == 4) {
        cr_assert(year >= 1 && year <= 2 && month >= 1 && month <= 12 && day >= 1 && day <= 31);
        if (year == 2)
            cr_assert(before >= 1202, "the first year's breach was on %d", before);
        before = year == 1 ? 100 * month + day : before;
        loss[year] += taken / 2; /* each event has a row of the system and one of the exchange */
        rows[year]++;
    }
    fclose(in);
    cr_expect_eq(rows[1], 2 * 3000);
    for (uint16_t y = 1; y <= 2; y++) {
        const struct hl_row *mean =
            hl_result_find(&r, (struct hl_row_key){.year = y, .entity = 1, .perspective = HL_GROSS, .metric = HL_MEAN});
        cr_expect(fabs(loss[y] / 3000 - mean->value) < 1e-9, "%g, %g", loss[y] / 3000, mean->value);
    }
    remove(path);
    remove(folder);
    hl_result_free(&r);
    hl_plan_free(&p);
}
